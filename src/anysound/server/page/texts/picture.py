"""The words around a picture of a recording."""

from anysound.language import Text

PLAY = Text(en="Play", zh="播放")
SCORE = Text(en="score", zh="得分")
SCORES_DRAWN = Text(
    en="Scores of the labels over time; the dashed line is one half, from which on a label fits",
    zh="各标签的得分随时间的变化；虚线为 0.5，达到即为符合",
)
EVENTS_DRAWN = Text(en="Events; each plays from its start", zh="事件；点击可从该处播放")
SPECTROGRAM_DRAWN = Text(
    en="Spectrogram of the recording: time from left to right, high tones on top",
    zh="录音的频谱图：从左到右为时间，上方为高音",
)
PLAY_TELLING = Text(en="Play where it is heard best", zh="播放最明显处")
EXPLAINED = Text(
    en="Click into the picture to play from there.", zh="点击图中任意位置即可从那里播放。"
)
MARKED = Text(en="It is framed in the picture.", zh="图中以方框标出。")
