"""Which source is meant."""

from anysound.audio.raw import RawFormat
from anysound.audio.remote import is_url
from anysound.errors import UsageError
from anysound.language import Text
from anysound.live.microphone import Microphone
from anysound.live.source import LiveSource
from anysound.live.standard_input import StandardInput
from anysound.live.url import UrlSource


def open_source(
    given: str | LiveSource | None,
    device: str | None = None,
    raw: RawFormat | None = None,
    *,
    insecure: bool = False,
) -> LiveSource:
    """Return what is to be listened to; nothing is opened yet.

    Args:
        given: A stream's URL; ``-`` for standard input; a source; None for a microphone.
        device: Which microphone; None is the system's choice.
        raw: How samples on standard input lie; None if they say so themselves.
        insecure: Whether whoever answers at a URL is listened to, whatever the certificate.

    Raises:
        UsageError: It is a file, or what was given doesn't go together.
    """
    if given is not None and device is not None:
        raise _either(str(given))
    if raw is not None and given != "-":
        raise _only_input()
    if given is None:
        return Microphone(device)
    if not isinstance(given, str):
        return given
    if given == "-":
        return StandardInput(raw)
    if is_url(given):
        return UrlSource(given, insecure=insecure)
    raise UsageError(
        Text(
            en=f"{given}: this is a file, or nothing that can be listened to. Use `anysound "
            "timeline` for a recording; give a stream's URL, - for standard input, or nothing for "
            "a microphone.",
            zh=f"{given}：这是文件，或不是可以监听的对象。处理录音请用 `anysound timeline`；"
            "监听请给出网络流地址，用 - 表示标准输入，不填则使用麦克风。",
        )
    )


def _either(given: str) -> UsageError:
    return UsageError(
        Text(
            en=f"Listen to {given} or to a microphone (--device), not to both.",
            zh=f"请在 {given} 和麦克风（--device）中选择一个，不能同时监听。",
        )
    )


def _only_input() -> UsageError:
    return UsageError(
        Text(
            en="--rate, --channels and --format say how raw samples on standard input lie: give "
            "them with -.",
            zh="--rate、--channels 和 --format 用于说明标准输入中的裸采样数据：请与 - 一起使用。",
        )
    )
