"""What goes wrong with a recording that a decoder was given."""

from typing import Literal, TypeAlias

from anysound.audio.problem import problem
from anysound.errors import RecordingError
from anysound.language import Text

Reason: TypeAlias = Literal["unreadable", "too-long", "stalled", "crashed", "stopped"]


class DecodingError(RecordingError):
    """A decoder could make nothing of a recording, or did not survive it.

    Attributes:
        reason: ``unreadable``, ``too-long``, ``stalled`` (it took too much time), ``crashed``
            (it took too much memory, or was struck by a fault in the decoder), or ``stopped``
            (nobody wanted it any more).
    """

    def __init__(self, text: Text, reason: Reason) -> None:
        super().__init__(text)
        self.reason = reason


def too_long(name: str, seconds: float) -> DecodingError:
    """Make the error for a recording that is longer than what is let in."""
    minutes = f"{seconds / 60:g}"
    text = problem(
        name,
        f"it is longer than the {minutes} minutes that are accepted here. Send it in parts.",
        f"时长超过上限 {minutes} 分钟。请分段发送。",
    ).text
    return DecodingError(text, "too-long")


def killed(name: str, reason: Reason) -> DecodingError:
    """Make the error for a recording whose decoder had to be given up."""
    text = problem(
        name,
        "it could not be decoded within the time and memory that are allowed for it; it is damaged "
        "or made to do harm. Convert it to wav or mp3.",
        "在允许的时间和内存内无法解码：文件可能已损坏，或被恶意构造。请转换为 wav 或 mp3 后再试。",
    ).text
    return DecodingError(text, reason)
