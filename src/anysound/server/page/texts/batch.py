"""The words of the tab for many files."""

from anysound.language import Text

FILES = Text(en="Recordings", zh="录音")
TITLE = Text(en="Table", zh="结果表格")

WORDS = {
    "drop": Text(en="Drop recordings or a folder here", zh="把多个录音或文件夹拖到这里"),
    "choose": Text(en="Choose files", zh="选择文件"),
    "folder": Text(en="Choose a folder", zh="选择文件夹"),
    "chosen": Text(en="{} files", zh="{} 个文件"),
    "clear": Text(en="Remove all", zh="全部移除"),
    "start": Text(en="Listen to all", zh="开始批量识别"),
    "go_on": Text(en="Go on", zh="继续"),
    "stop": Text(en="Stop", zh="停止"),
    "progress": Text(en="Progress", zh="进度"),
    "done": Text(en="{} of {}", zh="{} / {}"),
    "failed": Text(en="{} failed", zh="{} 个失败"),
    "empty_title": Text(en="A whole folder at once", zh="一次识别整个文件夹"),
    "empty": Text(
        en="Choose recordings, write down what to listen for, and get a table: one row a file, "
        "for Excel or as CSV. The files are sent one after the other, and kept nowhere.",
        zh="选择多段录音，写下要找的声音，就能得到一张表格：每个文件一行，"
        "可下载为 Excel 或 CSV。文件逐个上传，识别后立即删除。",
    ),
    "recording": Text(en="Recording", zh="录音"),
    "label": Text(en="Sound", zh="声音"),
    "probability": Text(en="Probability", zh="概率"),
    "verdict": Text(en="Verdict", zh="结论"),
    "runner_up": Text(en="Second", zh="第二"),
    "match": Text(en="Match", zh="匹配"),
    "ambiguous": Text(en="Too close to call", zh="难以区分"),
    "none": Text(en="No good match", zh="没有匹配"),
    "waiting": Text(en="waiting", zh="等待中"),
    "running": Text(en="listening…", zh="识别中…"),
    "csv": Text(en="Download CSV", zh="下载 CSV"),
    "xlsx": Text(en="Download Excel", zh="下载 Excel"),
    "check": Text(en="Check {} doubtful answers", zh="复核 {} 个存疑结果"),
    "review_title": Text(en="What is it really?", zh="复核"),
    "review_player": Text(en="The recording in doubt", zh="存疑的录音"),
    "review_done": Text(en="That was the last one", zh="已到最后一个"),
    "review_count": Text(
        en="You labelled {} of {}. The download is a table that `anysound eval` and "
        "`anysound teach` read.",
        zh="已标注 {} 个，共 {} 个。下载的表格可供 `anysound eval` 和 `anysound teach` 使用。",
    ),
    "none_of_these": Text(en="none of these", zh="都不是"),
    "said": Text(en="you: {}", zh="你的判断：{}"),
    "back": Text(en="Back", zh="上一个"),
    "skip": Text(en="Skip", zh="跳过"),
    "save_said": Text(en="Download what you said", zh="下载复核结果"),
    "close": Text(en="Close", zh="关闭"),
    "cant_play": Text(
        en="This browser can't play this kind of file.", zh="浏览器无法播放这种文件。"
    ),
    "no_table": Text(
        en="The table couldn't be made. See whether anysound is still running, then try again.",
        zh="表格生成失败。请确认 anysound 仍在运行，然后重试。",
    ),
    "too_large": Text(en="too large: at most {} MB", zh="文件过大：最大 {} MB"),
    "no_answer": Text(
        en="no answer: see whether anysound is still running, then press Go on",
        zh="没有响应：请确认 anysound 仍在运行，然后点击“继续”",
    ),
}
