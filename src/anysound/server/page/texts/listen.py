"""The words of the tab that listens live."""

from anysound.language import Text

MICROPHONE = Text(en="Microphone", zh="麦克风")
TITLE = Text(en="Live", zh="实时结果")

WORDS = {
    "start": Text(en="Start listening", zh="开始监听"),
    "stop": Text(en="Stop", zh="停止"),
    "level": Text(en="Level", zh="音量"),
    "hint": Text(
        en="The microphone's sound goes to the computer that runs anysound and is kept nowhere.",
        zh="麦克风的声音只发送到运行 anysound 的电脑，不会保存。",
    ),
    "connecting": Text(en="Connecting…", zh="正在连接…"),
    "listening": Text(en="Listening · {}", zh="正在监听 · {}"),
    "stopped": Text(en="Stopped after {}", zh="已停止，共监听 {}"),
    "empty_title": Text(en="What is heard right now?", zh="现在听到了什么？"),
    "empty": Text(
        en="Write down what to listen for and start: you see how well each sound fits at this "
        "moment, and each event when it begins and ends.",
        zh="写下要找的声音，然后开始监听：会显示此刻每种声音的符合程度，以及每个事件的开始和结束。",
    ),
    "now": Text(en="Now", zh="此刻"),
    "events": Text(en="Events", zh="事件"),
    "no_events": Text(en="None yet", zh="暂无"),
    "time": Text(en="Time", zh="时间"),
    "label": Text(en="Sound", zh="声音"),
    "length": Text(en="Length", zh="时长"),
    "score": Text(en="Score", zh="得分"),
    "goes_on": Text(en="still heard", zh="仍在持续"),
    "seconds": Text(en="{} s", zh="{} 秒"),
    "slow": Text(
        en="The connection is too slow: some sound was left out.", zh="连接太慢，部分声音未能发送。"
    ),
    "behind": Text(
        en="The computer can't keep up: some moments were left out.",
        zh="电脑处理不过来，跳过了部分时段。",
    ),
    "no_microphone": Text(
        en="The microphone can't be used. Allow it for this page in the browser.",
        zh="无法使用麦克风。请在浏览器中允许本页使用麦克风。",
    ),
    "insecure": Text(
        en="Browsers lend the microphone only to pages on this computer or with https.",
        zh="浏览器只允许本机或 https 页面使用麦克风。",
    ),
    "lost": Text(
        en="The connection ended. See whether anysound is still running, then start again.",
        zh="连接已断开。请确认 anysound 仍在运行，然后重新开始。",
    ),
}
