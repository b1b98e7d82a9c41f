"""The words of the tab that teaches labels by examples."""

from anysound.language import Text

EXAMPLES = Text(en="Examples", zh="示例")
TITLE = Text(en="What they teach", zh="学习结果")
BUTTON = Text(en="Teach", zh="开始学习")
EMPTY_TITLE = Text(en="Show what you mean", zh="用录音说明你的意思")
EMPTY = Text(
    en="Give two or more recordings of each label, better five. You learn whether they help: each "
    "is left out once, and what was taught by the others is tried on it.",
    zh="每个标签给出至少两段录音，最好五段。系统会轮流留出一部分录音做检验，"
    "告诉你这些示例有没有帮助。",
)
HEARING = Text(en="Listening to the examples: {} of {}", zh="正在听示例：{} / {}")
NO_EXAMPLES = Text(
    en="Name each label, and give it recordings: at least two labels, or one and other sounds.",
    zh="请写下每个标签的名称并添加录音：至少两个标签，或一个标签加上“其他声音”。",
)
ONE_LABEL_EACH = Text(
    en="“{}” is no single label: write one in each field, without commas.",
    zh="“{}”不是单个标签：每个框只写一个，不要用逗号。",
)
TOO_MANY = Text(
    en="At most {} labels, and {} recordings of each, can be taught here; `anysound teach` takes "
    "more.",
    zh="这里最多学习 {} 个标签，每个 {} 段录音；更多请用 `anysound teach`。",
)
COUNTS = Text(
    en="{} recordings of {} labels, {} of other sounds", zh="录音 {} 段，标签 {} 个，其他声音 {} 段"
)
HELPED = Text(en="The examples help", zh="示例有帮助")
SURER = Text(en="The examples make the answers surer", zh="示例让结果更明确")
SURER_EXPLAINED = Text(
    en="Recordings that were left out are answered more clearly with the examples, though no more "
    "of them are right (only with examples: {}; only with the words alone: {}).",
    zh="加上示例后，留出录音的结果更明确，但答对的数量没有增加"
    "（只有加上示例才答对：{} 段；只用文字才答对：{} 段）。",
)
NOT_HELPED = Text(en="The examples don't help", zh="示例没有帮助")
UNCHECKED = Text(en="Learnt, but not checked", zh="已学习，但无法检验")
HELPED_EXPLAINED = Text(
    en="Recordings that are right only with examples: {}; only with the words alone: {} "
    "(McNemar's exact p = {}).",
    zh="只有加上示例才答对的录音：{} 段；只用文字才答对的：{} 段（McNemar 精确检验 p = {}）。",
)
NOT_HELPED_EXPLAINED = Text(
    en="On recordings that were left out, the words alone do as well or better. The labels are "
    "therefore left to their words.",
    zh="在留出的录音上，只用文字的结果同样好或更好，因此标签仍只用文字。",
)
UNCHECKED_EXPLAINED = Text(
    en="No label has two recordings, so none could be left out to check; the examples change "
    "little therefore.",
    zh="没有标签有两段以上录音，无法留出检验，因此示例只起很小的作用。",
)
LABEL = Text(en="Label", zh="标签")
RECORDINGS = Text(en="Recordings", zh="录音")
ALONE = Text(en="Words alone", zh="只用文字")
TAUGHT = Text(en="With examples", zh="加上示例")
RIGHT = Text(en="All labels", zh="全部标签")
BACKGROUND = Text(en="Other sounds called “none”", zh="其他声音判为“没有匹配”")
HELD_OUT = Text(
    en="On recordings that were left out of the teaching ({} rounds)",
    zh="用没有参与学习的录音检验（轮流 {} 次）",
)
INTERVAL = Text(en="95 % interval", zh="95% 区间")
USE = Text(en="Use these labels", zh="使用这些标签")
YAML = Text(en="Download label file", zh="下载标签文件")
LEFT_OUT = Text(en="Left out", zh="未使用")
NOTES = Text(en="Please note", zh="请注意")

WORDS = {
    "label": Text(en="Label {}", zh="标签 {}"),
    "placeholder": Text(en="such as: dry bearing squeal", zh="例如：轴承干摩擦声"),
    "background": Text(en="Other sounds (optional)", zh="其他声音（可选）"),
    "background_hint": Text(
        en="Recordings that hold none of the labels", zh="不属于任何标签的录音"
    ),
    "choose": Text(en="Add recordings", zh="添加录音"),
    "drop": Text(en="or drop them here", zh="或拖到这里"),
    "count": Text(en="{} recordings", zh="{} 段录音"),
    "one": Text(en="1 recording", zh="1 段录音"),
    "remove_files": Text(en="Remove its recordings", zh="移除录音"),
    "add": Text(en="Another label", zh="再加一个标签"),
    "remove": Text(en="Remove this label", zh="删除此标签"),
    "sending": Text(en="Sending {} of {}…", zh="正在上传 {} / {}…"),
    "too_large": Text(en="{} is too large and was left out.", zh="{} 过大，未添加。"),
    "failed": Text(
        en="The recordings couldn't be sent. See whether anysound is still running, then try "
        "again.",
        zh="录音上传失败。请确认 anysound 仍在运行，然后重试。",
    ),
}
