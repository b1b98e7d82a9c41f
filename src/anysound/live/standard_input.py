"""Sound that another program pipes in."""

import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

from anysound.audio.incoming import Opening, Reads, decoding
from anysound.audio.raw import RawFormat
from anysound.errors import UsageError
from anysound.language import Text
from anysound.live.source import LiveSound
from anysound.live.stopping import Stopping

_LOOK = 0.2  # seconds

# Whatever can be read from start to end, in a pipe that can't seek. Of wav, FFmpeg looks at some
# 100 kB before it gives any, in search of DTS; then it keeps up.
_CONTAINER = Opening({"protocol_whitelist": "none"})


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
        with decoding(self.name, pipe, self._opening()) as found:
            yield LiveSound(found.pieces, found.coding, is_finite=True)

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
