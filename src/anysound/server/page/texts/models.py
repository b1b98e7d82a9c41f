"""The words of the tab for models."""

from anysound.language import Text

TITLE = Text(en="Models on this computer", zh="本机模型")
ANSWERS = Text(en="answers here", zh="当前使用")
INSTALLED = Text(en="installed", zh="已安装")
BUNDLED_ABOUT = Text(
    en="The small model that comes with anysound. It knows common sounds in English and Chinese, "
    "and needs no network.",
    zh="anysound 自带的小模型：认识常见声音，中英文标签都能用，无需联网。",
)
TRANSLATOR_ABOUT = Text(
    en="Puts Chinese labels into English, for models that read English only.",
    zh="把中文标签译成英文，供只懂英文的模型使用。",
)
OTHER_ABOUT = Text(en="A model of sounds and text.", zh="声音与文本模型。")
REVISION = Text(en="Revision", zh="版本")
PRECISION = Text(en="Precision", zh="精度")
DEVICE = Text(en="Runs on", zh="运行设备")
LICENCE = Text(en="Licence", zh="许可证")
UNKNOWN = Text(en="not told", zh="未注明")
LANGUAGES = Text(en="Labels in", zh="标签语言")
ENGLISH = Text(en="English", zh="英文")
CHINESE = Text(en="Chinese", zh="中文")
TRANSLATED = Text(
    en="English; Chinese is translated by a lexicon of sounds", zh="英文；中文标签会先译成英文"
)
WINDOW = Text(en="Hears at once", zh="一次分析")
SECONDS = Text(en="{} s", zh="{} 秒")
SIZE = Text(en="On disk", zh="占用空间")
SOUNDS = Text(en="The {} kinds of sound it knows best", zh="它最熟悉的 {} 种声音")
OTHERS = Text(en="Can be installed", zh="可安装的模型")
PULL = Text(en="Download", zh="下载")
COPY = Text(en="Copy the command", zh="复制命令")
COMMAND = Text(
    en="On the computer that runs anysound, in a terminal:", zh="在运行 anysound 的电脑上执行："
)
PULLING = Text(en="Downloading {}", zh="正在下载 {}")
PULLED = Text(
    en="{} is installed. It answers once the server is started with it:",
    zh="{} 已安装。用下面的命令重新启动服务即可使用：",
)
FAILED = Text(en="The download failed", zh="下载失败")
