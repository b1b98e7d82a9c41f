"""The words that say which model answers while a full one is fetched."""

from anysound.language import Text

FETCHING = Text(
    en="The small bundled model answers for now. {} takes over once it is here.",
    zh="当前由自带的小模型识别。{} 准备好后会自动接替。",
)
WAITING = Text(
    en="The small bundled model answers, since {} could not be fetched.",
    zh="未能获取 {}，仍由自带的小模型识别。",
)
AGAIN = Text(en="The next try comes within {}.", zh="将在{}内自动重试。")
SECONDS = Text(en="{} s", zh=" {} 秒")
MINUTES = Text(en="{} min", zh=" {} 分钟")
DONE = Text(
    en="{} answers from now on. Answers given before came from the small bundled model.",
    zh="现已改用 {} 识别。之前的结果来自自带的小模型。",
)
PROGRESS = Text(en="Progress of the download", zh="下载进度")
