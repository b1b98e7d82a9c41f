"""The options of ``anysound listen``: what is listened to, and what is done about it."""

from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from anysound.audio.raw import FORMATS
from anysound.cli.terminal import console, help_text, printable
from anysound.language import Text


def _print_devices(wanted: bool) -> None:
    """Print the microphones, and end."""
    if not wanted:
        return
    from anysound.live.microphone import list_devices

    devices = list_devices()
    out = console()
    for device in devices:
        line = Text(
            en=f"{device.number:3}  {device.name}  ({device.channels} channels, {device.rate} Hz"
            f"{', default' if device.is_default else ''})",
            zh=f"{device.number:3}  {device.name}（{device.channels} 声道，{device.rate} Hz"
            f"{'，默认' if device.is_default else ''}）",
        )
        out.print(printable(str(line)), soft_wrap=True)
    if not devices:
        nothing = Text(
            en="No microphone was found. Connect one, or pipe sound in with `anysound listen -`.",
            zh="没有找到麦克风。请连接麦克风，或用 `anysound listen -` 从标准输入传入声音。",
        )
        out.print(str(nothing), soft_wrap=True)
    raise typer.Exit


SourceArgument: TypeAlias = Annotated[
    str | None,
    typer.Argument(
        metavar="[URL|-]",
        show_default=False,
        help=help_text(
            "A stream's URL (rtsp://, http://); - is standard input; left out, a microphone.",
            "网络流地址（rtsp://、http://）；- 表示标准输入；不填则使用麦克风。",
        ),
    ),
]
InsecureOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--insecure",
        help=help_text(
            "Of https:// and rtsps://, take any certificate, whoever answers.",
            "对 https:// 和 rtsps:// 不检查证书，无论对方是谁。",
        ),
    ),
]
MicrophoneOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--device",
        metavar="NAME|NUMBER",
        help=help_text(
            "Which microphone, by number, name or a part of it; by default the system's choice.",
            "使用哪个麦克风：编号、名称或名称的一部分；默认由系统决定。",
        ),
    ),
]
ListDevicesOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--list-devices",
        callback=_print_devices,
        is_eager=True,
        help=help_text("List the microphones and exit.", "列出可用的麦克风后退出。"),
    ),
]
RateOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="HZ",
        help=help_text(
            "Standard input is raw samples at this rate; left out, it is wav or the like.",
            "标准输入为裸采样数据时的采样率；不填则视为 wav 等格式。",
        ),
    ),
]
ChannelsOption: TypeAlias = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        help=help_text("Channels of raw samples; by default 1.", "裸采样数据的声道数，默认为 1。"),
    ),
]
FormatOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="|".join(FORMATS),
        help=help_text(
            "Format of raw samples; by default s16le.", "裸采样数据的格式，默认为 s16le。"
        ),
    ),
]
HoldOption: TypeAlias = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        help=help_text(
            "How long a label must be heard before it counts.", "标签需持续多少秒才算数。"
        ),
    ),
]
OnOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--on",
        metavar="LABEL",
        help=help_text(
            "Labels that something is done about (--run, --webhook); by default all. May be given "
            "again; if --run is given as often, each label has its own command.",
            "对哪些标签采取动作（--run、--webhook），默认为全部。可多次使用；"
            "若 --run 的次数相同，则一一对应。",
        ),
    ),
]
RunOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--run",
        metavar="COMMAND",
        help=help_text(
            "Run a command when a label begins to be heard: a program and its arguments, without "
            "a shell. The event is on its standard input as JSON, and in ANYSOUND_LABEL and the "
            "like.",
            "听到标签时执行命令：程序及其参数，不经过 shell。事件以 JSON 写入其标准输入，"
            "并放在 ANYSOUND_LABEL 等环境变量中。",
        ),
    ),
]
RunLimitOption: TypeAlias = Annotated[
    float,
    typer.Option(
        "--run-limit",
        metavar="SECONDS",
        help=help_text(
            "A command that runs for longer is killed.", "命令运行超过多少秒后将被终止。"
        ),
    ),
]
WebhookOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--webhook",
        metavar="URL",
        help=help_text(
            "Post each event to this URL as JSON, and try again until it is taken. May be given "
            "again.",
            "把每个事件以 JSON 发送（POST）到该地址，失败会反复重试。可多次使用。",
        ),
    ),
]
CooldownOption: TypeAlias = Annotated[
    float,
    typer.Option(
        metavar="SECONDS",
        help=help_text(
            "After an event, nothing more is done about that label for so long; it is still "
            "printed and recorded.",
            "一个事件之后多少秒内，不再为同一标签采取动作；事件仍会显示和录音。",
        ),
    ),
]
EndsOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--ends",
        help=help_text(
            "Run commands and tell webhooks at the end of an event too.",
            "事件结束时也执行命令、通知 webhook。",
        ),
    ),
]
RecordOption: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--record",
        metavar="FOLDER",
        help=help_text(
            "Keep the sound around each event in a file of its own, without loss.",
            "把每个事件前后的声音无损保存为单独的文件。",
        ),
    ),
]
ModelDeviceOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--model-device",
        metavar="auto|cpu|cuda|cuda:1|mps",
        help=help_text("Where to run the model.", "在哪个设备上运行模型。"),
    ),
]
