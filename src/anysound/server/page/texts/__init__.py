"""The words on the page, in both languages."""

from anysound.language import Text

TITLE = Text(en="anysound · name the sounds in a recording", zh="anysound · 用你自己的话识别声音")
TAGLINE = Text(
    en="Write down the sounds you care about, and hear which of them a recording holds.",
    zh="写下你关心的声音，看看录音里是哪一种。",
)
LANGUAGE = Text(en="Language", zh="语言")

TABS_LABEL = Text(en="What to do", zh="功能")
TABS = {
    "classify": Text(en="Classify", zh="识别"),
    "timeline": Text(en="Long recording", zh="长录音"),
    "batch": Text(en="Many files", zh="批量"),
    "listen": Text(en="Live", zh="实时"),
    "search": Text(en="Search", zh="搜索"),
    "teach": Text(en="Teach", zh="示例教学"),
    "models": Text(en="Models", zh="模型"),
}

RECORDING = Text(en="Recording", zh="录音")
LABELS = Text(en="Sounds to listen for", zh="候选声音")
LABELS_HINT = Text(
    en="One after the other, with commas between them, in English or Chinese. To say more, "
    "write phrases behind an equals sign: kettle=boiling water|steam whistle",
    zh="用逗号分隔，中文英文都可以。想说得更具体，可在等号后写短语：水壶=水烧开的声音|蒸汽哨声",
)
LABELS_PREFILLED = Text(en="dog barking, cat meowing, bird chirping", zh="狗叫声, 猫叫声, 鸟叫声")
RESULT = Text(en="Result", zh="结果")
BUTTON = Text(en="Listen", zh="开始识别")

EMPTY_TITLE = Text(en="Nothing listened to yet", zh="还没有识别结果")
EMPTY = Text(
    en="Choose or record a sound, write down what it might be, and press Listen. "
    "The recording stays on the computer that runs anysound.",
    zh="选择或录制一段声音，写下它可能是什么，然后点击“开始识别”。"
    "录音只留在运行 anysound 的电脑上。",
)
BUSY = Text(en="Listening…", zh="正在识别…")

PROBLEM_TITLE = Text(en="That didn't work", zh="没能完成识别")
NO_RECORDING = Text(
    en="There is no recording yet: choose a file or record one first.",
    zh="还没有录音：请先选择文件或录一段声音。",
)

MATCH = Text(en="Match", zh="匹配")
AMBIGUOUS = Text(en="Too close to call", zh="难以区分")
NONE = Text(en="No good match", zh="没有匹配")
AND = Text(en=" or ", zh=" 还是 ")
MATCH_EXPLAINED = Text(
    en="It fits clearly better than the other sounds on your list.",
    zh="与列出的其他声音相比，它明显更符合。",
)
AMBIGUOUS_EXPLAINED = Text(
    en="Two sounds on your list fit almost equally well.", zh="列表中有两种声音几乎同样符合。"
)
GROUP_CLEAR_EXPLAINED = Text(
    en="The group is clear: {}. Which of its sounds it is, is not.",
    zh="可以确定属于“{}”这一组，但分不清是其中哪一种。",
)
NONE_EXPLAINED = Text(
    en="None of these sounds fits well. The first is only the least unlikely; "
    "perhaps the right one isn't on the list.",
    zh="列出的声音都不太符合，排在第一的只是相对最接近。正确的声音也许不在列表里。",
)
PROBABILITY = Text(en="probability", zh="概率")
SIMILARITY = Text(en="similarity", zh="相似度")
FIGURES_EXPLAINED = Text(
    en="Probability is shared among the sounds on your list and sums to 100%. Similarity, "
    "from −1 to 1, says how well a sound fits by itself.",
    zh="概率在列出的声音之间分配，总和为 100%；相似度介于 −1 和 1 之间，表示单独来看有多符合。",
)
HEARD_AS = Text(en="heard as", zh="按此识别")
LOOKED_FOR_IN = Text(en="looked for in", zh="识别时段")
LOWERED_BY = Text(en="lowered by", zh="得分已降低，也像")
GROUPS = Text(en="Groups", zh="分组合计")
ANALYSED = Text(en="Analysed", zh="分析范围")
TELLING = Text(en="Heard best", zh="最明显处")
MODEL = Text(en="Model", zh="模型")
WARNINGS = Text(en="Please note", zh="请注意")

FORMATS = Text(
    en="wav, mp3, flac, m4a, aac, ogg, opus, amr, 3gp, webm, mp4 and more",
    zh="支持 wav、mp3、flac、m4a、aac、ogg、opus、amr、3gp、webm、mp4 等格式",
)

ACTION_WORDS = {
    "copied": Text(en="Copied", zh="已复制"),
    "not_copied": Text(
        en="The browser doesn't let this page copy; download it instead.",
        zh="浏览器不允许本页复制，请改为下载。",
    ),
    "taken": Text(en="The labels are in place on all tabs.", zh="标签已用于所有页面。"),
}
COPY_JSON = Text(en="Copy as JSON", zh="复制 JSON")
COPY_CSV = Text(en="Copy as CSV", zh="复制 CSV")

RECORDING_WORDS = {
    "examples": Text(en="Nothing at hand? Try", zh="手边没有录音？试试"),
    "drop": Text(en="Drop a recording here", zh="把录音拖到这里"),
    "choose": Text(en="Choose a file", zh="选择文件"),
    "record": Text(en="Record", zh="开始录音"),
    "stop": Text(en="Stop", zh="停止录音"),
    "remove": Text(en="Remove", zh="移除"),
    "player": Text(en="Play the recording", zh="播放录音"),
    "recorded": Text(en="recording", zh="录音"),
    "uploading": Text(en="Sending the recording…", zh="正在上传录音…"),
    "too_large": Text(
        en="This file is too large. Choose a shorter piece, or save it as mp3.",
        zh="文件过大。请截短后再试，或另存为 mp3。",
    ),
    "upload_failed": Text(
        en="The recording couldn't be sent. See whether anysound is still running, then try again.",
        zh="录音上传失败。请确认 anysound 仍在运行，然后重试。",
    ),
    "no_player": Text(
        en="This browser can't play the file; anysound can listen to it all the same.",
        zh="浏览器无法播放此文件，但不影响识别。",
    ),
    "no_microphone": Text(
        en="The microphone can't be used. Allow it for this page in the browser, or choose a file.",
        zh="无法使用麦克风。请在浏览器中允许本页使用麦克风，或改为选择文件。",
    ),
    "insecure": Text(
        en="Browsers lend the microphone only to pages on this computer or with https. "
        "Record with another app and choose the file here.",
        zh="浏览器只允许本机或 https 页面使用麦克风。请用其他应用录音后在这里选择文件。",
    ),
}

LABEL_HINT_WORDS = {
    "title": Text(en="Suggestions", zh="建议"),
    "use": Text(en="Use this", zh="采用"),
    "more": Text(en="{} more", zh="还有 {} 条"),
    "fewer": Text(en="Show fewer", zh="收起"),
    "heard": Text(
        en="The model reads English only, and is given this for your labels:",
        zh="所用模型只懂英文，标签会按以下英文识别：",
    ),
    "own": Text(
        en="To use other words, write them behind an equals sign.",
        zh="想换个说法，可在等号后写上英文。",
    ),
}


def upload_limit(max_upload: int) -> Text:
    """Say how large a recording may be."""
    size = max_upload // 1024 // 1024
    return Text(en=f"up to {size} MB", zh=f"最大 {size} MB")
