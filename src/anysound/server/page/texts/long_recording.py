"""The words of the tab for long recordings."""

from anysound.language import Text

BUTTON = Text(en="Follow the sounds", zh="识别全程")
TITLE = Text(en="Over time", zh="随时间变化")
EMPTY_TITLE = Text(en="When does it happen?", zh="声音在什么时候出现？")
EMPTY = Text(
    en="Choose a recording of any length and write down what to listen for. You get a picture of "
    "it, with every stretch in which one of the sounds is heard, to play and to download.",
    zh="选择一段任意长度的录音，写下要找的声音。结果会以图表显示全程，标出每种声音出现的时段，"
    "可以点击播放，也可以下载。",
)
HEARD = Text(en="Heard so far", zh="已识别")
EVENTS = Text(en="Events", zh="事件")
NO_EVENTS = Text(en="None of these sounds was heard", zh="没有听到这些声音")
NO_EVENTS_EXPLAINED = Text(
    en="No label's score reached one half. The curves show where each comes nearest.",
    zh="没有标签的得分达到 0.5。曲线显示了各标签最接近的时刻。",
)
COUNTED = Text(en="{} events", zh="共 {} 个事件")
ONE = Text(en="1 event", zh="共 1 个事件")
START = Text(en="Time", zh="时间")
LENGTH = Text(en="Length", zh="时长")
LABEL = Text(en="Sound", zh="声音")
SCORE = Text(en="Score", zh="得分")
CSV = Text(en="Download CSV", zh="下载 CSV")
AUDACITY = Text(en="Audacity labels", zh="Audacity 标签")
SECONDS = Text(en="{} s", zh="{} 秒")
