"""Sound that another program pipes in."""

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

from anysound.audio.decode import coding_of, sound_of
from anysound.audio.waveform import MAX_CHANNELS, check_rate
from anysound.errors import UsageError
from anysound.language import Text
from anysound.live.decoding import Opening, Reads, close, open_container, pieces_of
from anysound.live.source import LiveSound
from anysound.live.stopping import Stopping

FORMATS = ("s16le", "s16be", "s24le", "s32le", "u8", "f32le", "f64le", "mulaw", "alaw")
"""FFmpeg's names of raw samples."""

_LOOK = 0.2  # seconds

# Whatever can be read from start to end, in a pipe that can't seek. Of wav, FFmpeg looks at some
# 100 kB before it gives any, in search of DTS; then it keeps up.
_CONTAINER = Opening({"protocol_whitelist": "none"})


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


class StandardInput:
    """Sound on standard input, or in another file that gives it as it comes.

    Attributes:
        name: ``-``, or the file's name.
    """

    def __init__(self, raw: RawFormat | None = None, file: IO[bytes] | None = None) -> None:
        """Take note of it.

        Args:
            raw: How its samples lie; None if it says so itself, as wav, FLAC or Ogg does.
            file: What to read in place of standard input.
        """
        name = getattr(file, "name", None)
        self.name = name if isinstance(name, str) else "<stream>" if file else "-"
        self._raw = raw
        self._file = file

    @contextmanager
    def open(self, stopping: Stopping) -> Iterator[LiveSound]:
        """Begin to read.

        Raises:
            RecordingError: What comes is no sound.
            UsageError: Standard input is the keyboard.
        """
        pipe: Reads = _Given(self._file) if self._file else _standard_input(stopping)
        container = open_container(self.name, pipe, self._opening())
        try:
            coding = coding_of(sound_of(self.name, container))
            yield LiveSound(pieces_of(self.name, container), coding, is_finite=True)
        finally:
            close(container)

    def _opening(self) -> Opening:
        if self._raw is None:
            return _CONTAINER
        options = {"sample_rate": str(self._raw.rate), "ch_layout": f"{self._raw.channels}c"}
        return Opening(options, self._raw.format)


class _Given:
    """A file, of which is read what is there; one that waits can't be stopped."""

    def __init__(self, file: IO[bytes]) -> None:
        self._read: Any = getattr(file, "read1", file.read)

    def read(self, count: int) -> bytes:
        return bytes(self._read(count) or b"")


class _Descriptor:
    """A pipe of the system, which is read as it fills; the reading stops when asked to."""

    def __init__(self, descriptor: int, stopping: Stopping) -> None:
        self._descriptor = descriptor
        self._stopping = stopping

    def read(self, count: int) -> bytes:
        while not self._stopping.asked:
            if _is_ready(self._descriptor):
                return os.read(self._descriptor, count)
        return b""


def _is_ready(descriptor: int) -> bool:
    if os.name == "nt":  # where only sockets can be asked
        return True
    return bool(select.select([descriptor], [], [], _LOOK)[0])


def _standard_input(stopping: Stopping) -> Reads:
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            Text(
                en="Standard input (-) is the keyboard: pipe sound in, as in "
                "`arecord -f S16_LE -r 16000 | anysound listen - -l LABELS`.",
                zh="标准输入（-）当前是键盘：请用管道传入声音，例如 "
                "`arecord -f S16_LE -r 16000 | anysound listen - -l 标签`。",
            )
        )
    try:
        return _Descriptor(sys.stdin.fileno(), stopping)
    except (OSError, ValueError):  # it is no pipe of the system's
        return _Given(sys.stdin.buffer)
