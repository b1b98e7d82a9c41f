"""A recording as the user gave it, and the mono sound in it."""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from types import TracebackType
from typing import Any, BinaryIO, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anysound.audio.decode import AudioFile, Coding
from anysound.audio.problem import problem
from anysound.audio.resample import resample
from anysound.audio.source import open_source
from anysound.audio.waveform import (
    Mixdown,
    Piece,
    Waveform,
    array_pieces,
    check_array,
    check_rate,
    no_sound,
)
from anysound.language import Text


@dataclass(frozen=True)
class Sound:
    """The samples of a recording as they are: all channels, at their own rate.

    Attributes:
        pieces: From start to end, once.
        coding: How the recording holds them.
        warnings: What is wrong with the recording; complete once ``pieces`` is exhausted.
    """

    pieces: Iterator[Piece]
    coding: Coding
    warnings: list[Text]


class RecordingStream(ABC):
    """The sound of a recording as a stream of blocks; made by ``open_recording``.

    A context manager; leaving it closes what it opened. Nothing is decoded before ``blocks`` is
    iterated, and never more than about a second is held.

    Attributes:
        name: As shown in results.
        warnings: What is wrong with the recording; complete once ``blocks`` is exhausted.
    """

    def __init__(self, name: str, warnings: list[Text]) -> None:
        self.name = name
        self.warnings = warnings

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @abstractmethod
    def close(self) -> None:
        """Close what was opened; it may have been read to its end or not."""

    @property
    @abstractmethod
    def duration(self) -> float:
        """Seconds decoded so far; the whole recording once ``blocks`` is exhausted."""

    @property
    @abstractmethod
    def is_silent(self) -> bool:
        """Whether nothing that has been decoded so far could be heard."""

    @abstractmethod
    def blocks(self) -> Iterator[Waveform]:
        """Decode, mix down and resample the recording, block by block; only once.

        Yields:
            Mono waveforms of about a second each, cut by the sound alone: the same recording
            gives the same blocks, as a path, as bytes or as a file object.

        Raises:
            RecordingError: The recording can't be read or holds no usable sound.
        """


class DecodedElsewhere(ABC):
    """A recording that another process decodes, say, since it comes from a stranger.

    Attributes:
        name: As shown in results.
    """

    name: str

    @abstractmethod
    def open(self, rate: int) -> RecordingStream:
        """Open it to stream its sound, mono, at ``rate`` Hz.

        Raises:
            RecordingError: It can't be read, or is not sound.
        """


Recording: TypeAlias = (
    str | os.PathLike[str] | bytes | BinaryIO | tuple[NDArray[Any], int] | DecodedElsewhere
)
"""A path; a URL; the bytes of a file; a binary file object; or ``(waveform, rate)``.

A waveform is float32 or float64 in [-1, 1], or int16, int32 or uint8 (centred on 128) at full
scale, of shape ``(n,)``, ``(channels, n)`` or ``(n, channels)`` with at most 8 channels.
"""


class _DecodedHere(RecordingStream):
    """What ``open_recording`` opens itself."""

    def __init__(
        self, name: str, pieces: Iterator[Piece], rate: int, warnings: list[Text], stack: ExitStack
    ) -> None:
        super().__init__(name, warnings)
        self._pieces = pieces
        self._rate = rate
        self._stack = stack
        self._mixdown = Mixdown()
        self._started = False

    def close(self) -> None:
        self._stack.close()

    @property
    def duration(self) -> float:
        return self._mixdown.seconds

    @property
    def is_silent(self) -> bool:
        return self._mixdown.is_silent

    def blocks(self) -> Iterator[Waveform]:
        if self._started:
            raise RuntimeError("a RecordingStream gives its blocks only once; open another")
        self._started = True
        is_empty = True
        for source_rate, pieces in groupby(self._pieces, key=lambda piece: piece.rate):
            check_rate(self.name, source_rate)
            for block in resample(map(self._mixdown, pieces), source_rate, self._rate):
                is_empty = False
                yield block
        if is_empty:
            raise no_sound(self.name)
        if self._mixdown.all_unusable:
            raise problem(
                self.name,
                "none of its samples is a finite number. Check how the file was made.",
                "其中没有一个有效的采样值（全部为 NaN 或无穷大）。请检查该文件的生成方式。",
            )
        self.warnings += self._mixdown.warnings()


@dataclass(frozen=True)
class Loaded:
    """A whole recording in memory.

    Attributes:
        waveform: All of its sound.
        rate: Of the waveform, in Hz.
        duration: In seconds.
        warnings: What is wrong with the recording.
    """

    waveform: Waveform
    rate: int
    duration: float
    warnings: tuple[Text, ...]


def recording_name(recording: Recording) -> str:
    """Return what results call a recording: its path as given, or what it is."""
    if isinstance(recording, tuple):
        return "<waveform>"
    if isinstance(recording, bytes):
        return "<bytes>"
    if isinstance(recording, DecodedElsewhere):
        return recording.name
    given = recording if isinstance(recording, str | os.PathLike) else _file_name(recording)
    # A name that is no valid text on this system must still be fit to print.
    return os.fsdecode(given).encode(errors="replace").decode()


def open_recording(recording: Recording, rate: int) -> RecordingStream:
    """Open a recording to stream its sound, mono, at ``rate`` Hz.

    All channels are mixed down to their mean. A file object is read from its start and stays
    open; one that can't seek is read to its end first, into a temporary file if it is long.

    Args:
        recording: What the user gave.
        rate: Of the blocks, in Hz.

    Raises:
        RecordingError: The recording isn't there, can't be read, or is not sound.
    """
    if isinstance(recording, DecodedElsewhere):
        return recording.open(rate)
    name = recording_name(recording)
    with ExitStack() as stack:
        sound = open_sound(name, recording, stack)
        return _DecodedHere(name, sound.pieces, rate, sound.warnings, stack.pop_all())


def open_sound(name: str, recording: Recording, stack: ExitStack) -> Sound:
    """Open a recording for its samples as they are.

    Args:
        name: What errors call the recording.
        recording: What the user gave.
        stack: Closes whatever is opened here.

    Raises:
        RecordingError: The recording isn't there, can't be read, or is not sound.
    """
    if isinstance(recording, tuple):
        array = _pieces_of_array(name, recording)
        return Sound(array, Coding("pcm"), [])
    file = AudioFile(name, open_source(name, recording, stack))
    stack.callback(file.close)
    pieces = file.pieces()
    stack.callback(pieces.close)  # before the file: a decoder must not run on a closed one
    return Sound(pieces, file.coding, file.warnings)


def load(recording: Recording, rate: int) -> Loaded:
    """Read a whole recording at once; for short ones, since all of it is held in memory.

    Args:
        recording: What the user gave.
        rate: Of the waveform, in Hz.

    Raises:
        RecordingError: The recording isn't there, can't be read, or holds no usable sound.
    """
    with open_recording(recording, rate) as stream:
        waveform = np.concatenate(list(stream.blocks()))
        return Loaded(waveform, rate, stream.duration, tuple(stream.warnings))


def _file_name(file: object) -> str:
    name = getattr(file, "name", None)  # a number, if it was opened by descriptor
    return name if isinstance(name, str) and name else "<stream>"


def _pieces_of_array(name: str, recording: tuple[Any, ...]) -> Iterator[Piece]:
    if len(recording) != 2:
        raise problem(
            name,
            f"a tuple of {len(recording)} is no recording. Give (waveform, rate).",
            f"长度为 {len(recording)} 的元组不是录音。请提供 (waveform, rate)。",
        )
    samples, rate = recording
    return array_pieces(check_array(name, samples), check_rate(name, rate))
