"""How samples lie that say nothing of themselves."""

from dataclasses import dataclass

from anysound.audio.waveform import MAX_CHANNELS, check_rate
from anysound.errors import UsageError
from anysound.language import Text

FORMATS = ("s16le", "s16be", "s24le", "s32le", "u8", "f32le", "f64le", "mulaw", "alaw")
"""FFmpeg's names of raw samples."""


@dataclass(frozen=True)
class RawFormat:
    """How raw samples lie.

    Attributes:
        rate: In Hz.
        channels: How many, one after another.
        format: FFmpeg's name for the samples: ``s16le``, ``f32le``.

    Raises:
        RecordingError: The rate can't be right.
        UsageError: There can't be so many channels, or there is no such format.
    """

    rate: int
    channels: int = 1
    format: str = "s16le"

    def __post_init__(self) -> None:
        check_rate("--rate", self.rate)
        if not 1 <= self.channels <= MAX_CHANNELS:
            raise UsageError(
                Text(
                    en=f"{self.channels} channels can't be read: give 1 to {MAX_CHANNELS}.",
                    zh=f"声道数 {self.channels} 无效：应为 1 到 {MAX_CHANNELS}。",
                )
            )
        if self.format not in FORMATS:
            raise UsageError(
                Text(
                    en=f"There is no format {self.format!r} of raw samples: it is one of "
                    f"{', '.join(FORMATS)}.",
                    zh=f"没有名为 {self.format!r} 的裸采样格式：可选 {'、'.join(FORMATS)}。",
                )
            )
