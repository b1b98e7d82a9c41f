"""The words around label sets that are kept."""

from anysound.language import Text

WORDS = {
    "title": Text(en="Label sets", zh="标签集"),
    "none": Text(en="Saved in this browser…", zh="保存在此浏览器中…"),
    "empty": Text(en="None saved yet", zh="还没有保存"),
    "save": Text(en="Save", zh="保存"),
    "name": Text(en="Name of the set", zh="标签集名称"),
    "keep": Text(en="Keep", zh="确定"),
    "cancel": Text(en="Cancel", zh="取消"),
    "delete": Text(en="Delete", zh="删除"),
    "share": Text(en="Copy link", zh="复制链接"),
    "download": Text(en="Download", zh="下载"),
    "open": Text(en="Open file", zh="打开文件"),
    "saved": Text(en="Saved in this browser as “{}”.", zh="已保存到此浏览器：“{}”。"),
    "deleted": Text(en="“{}” is deleted.", zh="已删除“{}”。"),
    "cannot_save": Text(
        en="This browser keeps nothing for the page; download the set instead.",
        zh="此浏览器不允许保存，请改为下载。",
    ),
    "too_long": Text(
        en="These labels are too long for a link; download them instead.",
        zh="标签过长，无法放进链接，请改为下载。",
    ),
    "too_large": Text(en="This is too large for a label file.", zh="文件过大，不是标签文件。"),
    "from_link": Text(en="The labels come from the link.", zh="标签来自链接。"),
}
