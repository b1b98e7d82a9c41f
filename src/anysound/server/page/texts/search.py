"""The words of the tab that searches an index."""

from anysound.language import Text

QUERY = Text(en="What to look for", zh="要找的声音")
QUERY_HINT = Text(
    en="One sound, in your own words. Or choose a recording, and look for what sounds like it.",
    zh="用自己的话描述一种声音；也可以选择一段录音，查找与它相似的声音。",
)
PLACEHOLDER = Text(en="such as: glass breaking", zh="例如：玻璃破碎")
TITLE = Text(en="Found", zh="搜索结果")
BY_WORDS = Text(en="Search by words", zh="按文字搜索")
BY_SOUND = Text(en="Search by the recording", zh="按录音搜索")
EMPTY_TITLE = Text(en="Search hours of sound", zh="在大量录音中查找")
EMPTY = Text(
    en="This server has an index of {} recordings, {} in all. Say what to look for, and you get "
    "the moments that are most like it.",
    zh="本服务的索引中有 {} 段录音，共 {}。说出要找的声音，就能得到最相似的时刻。",
)
NOTHING = Text(en="The index is empty.", zh="索引是空的。")
NO_QUERY = Text(en="Write what to look for first.", zh="请先写下要找的声音。")
BUSY = Text(en="Searching…", zh="正在搜索…")
SOUGHT = Text(en="Most like “{}”", zh="与“{}”最相似")
RECORDING = Text(en="Recording", zh="录音")
TIME = Text(en="Time", zh="时间")
SIMILARITY = Text(en="Similarity", zh="相似度")
PLAY = Text(en="Play", zh="播放")
NOT_THERE = Text(en="file not there", zh="文件不在")
EXPLAINED = Text(
    en="The nearest are listed, however far they are: similarity says how like they are, from −1 "
    "to 1.",
    zh="列出的是最接近的结果，不代表一定符合；相似度介于 −1 和 1 之间。",
)
CSV = Text(en="Download CSV", zh="下载 CSV")
PLAYER = Text(en="Play what was found", zh="播放搜索结果")
