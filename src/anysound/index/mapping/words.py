"""The words on a map's page, in both languages; the page itself changes between them."""

from anysound.language import Text

WORDS: dict[str, Text] = {
    "title": Text(en="Map of {name}", zh="{name} 的声音地图"),
    "other_language": Text(en="中文", zh="English"),
    "about_recordings": Text(
        en="{count} sounds, each a point: near points sound alike to the model. How far groups lie "
        "from each other says little.",
        zh="共 {count} 段声音，每段一个点：模型听来越相似，点就越近。"
        "各群之间相距多远，并没有多少意义。",
    ),
    "about_windows": Text(
        en="{count} windows of recordings, each a point: near points sound alike to the model. How "
        "far groups lie from each other says little.",
        zh="共 {count} 个录音窗口，每个窗口一个点：模型听来越相似，点就越近。"
        "各群之间相距多远，并没有多少意义。",
    ),
    "sample": Text(
        en="Only a random sample of {shown} is shown, always the same.",
        zh="这里只显示随机抽取的 {shown} 个（每次抽取结果相同）。",
    ),
    "map": Text(
        en="Map. Arrow keys go from point to point, Enter plays, plus and minus zoom, 0 shows all.",
        zh="地图。方向键在点之间移动，回车播放，加减号缩放，0 显示全部。",
    ),
    "hint": Text(
        en="Point at a dot or tap it; drag to move, scroll or pinch to zoom. By keyboard: arrow "
        "keys, Enter to play, + and - to zoom, 0 to show all.",
        zh="把鼠标移到点上，或点按它；拖动可移动，滚轮或双指可缩放。"
        "键盘：方向键选择，回车播放，+ 和 - 缩放，0 显示全部。",
    ),
    "zoom_in": Text(en="Zoom in", zh="放大"),
    "zoom_out": Text(en="Zoom out", zh="缩小"),
    "fit": Text(en="Show all", zh="显示全部"),
    "labels": Text(en="Labels", zh="标签"),
    "folders": Text(en="Folders", zh="文件夹"),
    "all": Text(en="All", zh="全选"),
    "nothing": Text(en="None", zh="全不选"),
    "ambiguous": Text(en="too close to call", zh="难以区分"),
    "none": Text(en="none fits", zh="均不吻合"),
    "other": Text(en="all others", zh="其他"),
    "label": Text(en="Label", zh="标签"),
    "match_value": Text(en="{label}, {percent} %", zh="{label}，{percent}%"),
    "ambiguous_value": Text(
        en="too close to call; first {label}, {percent} %",
        zh="难以区分；最接近 {label}，{percent}%",
    ),
    "none_value": Text(
        en="none fits; nearest {label}, {percent} %", zh="均不吻合；最接近 {label}，{percent}%"
    ),
    "window": Text(en="Window", zh="窗口"),
    "window_value": Text(en="{start}-{end} s", zh="{start}-{end} 秒"),
    "duration": Text(en="Duration", zh="时长"),
    "duration_value": Text(en="{seconds} s", zh="{seconds} 秒"),
    "silent": Text(en="{seconds} s, silent", zh="{seconds} 秒，静音"),
    "folder": Text(en="Folder", zh="文件夹"),
    "same": Text(en="Same bytes", zh="内容相同"),
    "more": Text(en="and {count} more", zh="另有 {count} 个"),
    "unplayable": Text(
        en="This can't be played here: the recording isn't on this machine or isn't where it was, "
        "or the browser doesn't know its format.",
        zh="无法在此播放：录音不在本机或已不在原处，或浏览器不支持该格式。",
    ),
}
