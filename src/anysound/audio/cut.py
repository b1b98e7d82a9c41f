"""Cut spans out of a recording into files of their own, without loss.

The recording is decoded once from its start, as it is for its events: a place is where as many
samples have passed, so clips and events agree even where timestamps don't.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import TypeAlias, cast

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream

from anysound.audio.decode import Coding
from anysound.audio.recording import Recording, Sound, open_sound, recording_name
from anysound.audio.waveform import Piece, check_rate, no_sound
from anysound.writing import WholeFile

_WAV_CODECS = {
    "u8": "pcm_u8",
    "s16": "pcm_s16le",
    "s32": "pcm_s32le",
    "flt": "pcm_f32le",
    "dbl": "pcm_f64le",
}
_FORMATS = {"u1": "u8", "i2": "s16", "i4": "s32", "f4": "flt", "f8": "dbl"}
_FLAC_CHANNELS = 8  # at most
_FLAC_BITS = 24  # up to which every player plays it

_Kind: TypeAlias = tuple[str, int, int]
"""A sample format, a rate and a number of channels."""


@dataclass(frozen=True)
class Clip:
    """A span of a recording that is to be a file.

    Attributes:
        start: In seconds; what lies before the recording's start is left out.
        end: In seconds; what lies beyond the recording's end is left out.
        path: The file, named with the recording's ``clip_extension``.
    """

    start: float
    end: float
    path: Path


def clip_extension(recording: Recording) -> str:
    """Return the extension of a recording's clips: ``.wav`` or ``.flac``.

    PCM gives wav files with the same samples, FLAC gives FLAC of the same depth. What else can
    be decoded gives FLAC of 16 bits, or a wav file where that would lose something.

    Raises:
        RecordingError: The recording isn't there, can't be read, or holds no sound.
    """
    name = recording_name(recording)
    with ExitStack() as stack:
        sound = open_sound(name, recording, stack)
        for piece in sound.pieces:
            return f".{form_of(sound.coding, piece).container}"
    raise no_sound(name)


def cut_clips(recording: Recording, clips: Iterable[Clip]) -> list[Path]:
    """Write spans of a recording to files; they may overlap.

    A file appears whole or not at all. Where the recording changes its rate or its channels
    inside a clip, the clip goes on in those that it began with.

    Args:
        recording: What the user gave.
        clips: The spans; one that holds no sample gives no file.

    Returns:
        The files that were written, in the order of the clips.

    Raises:
        RecordingError: The recording isn't there, can't be read, or holds no sound.
        OutputError: A clip can't be written.
    """
    cuts = [_Cut(clip) for clip in clips]
    name = recording_name(recording)
    with ExitStack() as stack:
        sound = open_sound(name, recording, stack)
        try:
            _cut_all(name, sound, cuts)
        except BaseException:
            for cut in cuts:
                cut.discard()
            raise
    return [cut.clip.path for cut in cuts if cut.file]


def _cut_all(name: str, sound: Sound, cuts: Iterable["_Cut"]) -> None:
    waiting = deque(sorted(cuts, key=lambda cut: cut.clip.start))
    active: list[_Cut] = []
    place = None
    for place in _placed(sound.pieces):
        check_rate(name, place.piece.rate)
        while waiting and place.index(waiting[0].clip.start) < place.length:
            active.append(waiting.popleft())
        for cut in active:
            cut.write(place, sound.coding)
        active = [cut for cut in active if not cut.is_done]
        if not waiting and not active:
            break
    if place is None:
        raise no_sound(name)
    for cut in active:
        cut.finish()


@dataclass(frozen=True)
class _Place:
    """A piece and where it lies in its recording.

    Attributes:
        piece: The samples.
        base: Seconds before the run of pieces of one rate that it is in.
        before: Samples of that run before it.
    """

    piece: Piece
    base: float
    before: int

    @property
    def length(self) -> int:
        """Samples in the piece."""
        return int(self.piece.samples.shape[1])

    def index(self, seconds: float) -> int:
        """Return which of the piece's samples is nearest to a time, from 0 to ``length``."""
        samples = (seconds - self.base) * self.piece.rate - self.before
        return math.floor(min(max(samples, 0), self.length) + 0.5)


def _placed(pieces: Iterable[Piece]) -> Iterator[_Place]:
    base = 0.0
    for rate, run in groupby(pieces, key=lambda piece: piece.rate):
        before = 0
        for piece in run:
            yield _Place(piece, base, before)
            before += piece.samples.shape[1]
        base += before / rate


@dataclass
class _Cut:
    """A clip in the making."""

    clip: Clip
    file: "ClipFile | None" = None  # from its first sample on
    is_done: bool = False

    def write(self, place: _Place, coding: Coding) -> None:
        """Write the clip's share of the next piece."""
        start, end = place.index(self.clip.start), place.index(self.clip.end)
        if start < end:
            piece = Piece(place.piece.samples[:, start:end], place.piece.rate)
            self.file = self.file or ClipFile(self.clip.path, form_of(coding, piece), piece)
            self.file.write(piece)
        if end < place.length:
            self.finish()

    def finish(self) -> None:
        self.is_done = True
        if self.file:
            self.file.finish()

    def discard(self) -> None:
        if self.file and not self.is_done:
            self.file.discard()


@dataclass(frozen=True)
class Form:
    """How a clip's file holds its samples.

    Attributes:
        container: FFmpeg's name of it, which is the extension too.
        codec: FFmpeg's name of the encoder.
        format: The samples' format that the encoder is given.
        options: What the encoder is told.
    """

    container: str
    codec: str
    format: str
    options: tuple[tuple[str, str], ...] = ()


def form_of(coding: Coding, piece: Piece) -> Form:
    """Return the form that adds no loss to the recording's own."""
    format_, _, channels = _kind_of(piece)
    if coding.codec == "flac":
        return _flac(format_, coding.bits or _FLAC_BITS)
    if coding.codec.startswith("pcm"):
        is_24 = format_ == "s32" and "24" in coding.codec
        return Form("wav", "pcm_s24le" if is_24 else _WAV_CODECS[format_], format_)
    is_lossless = format_ == "s32" or coding.codec == "wavpack"
    if is_lossless or channels > _FLAC_CHANNELS:
        return Form("wav", _WAV_CODECS[format_], format_)
    return _flac("s16", 16)


def _flac(format_: str, bits: int) -> Form:
    if bits <= _FLAC_BITS:
        return Form("flac", "flac", format_)
    # FFmpeg writes 24 bits unless it is told so.
    options = (("bits_per_raw_sample", str(bits)), ("strict", "experimental"))
    return Form("flac", "flac", format_, options)


class ClipFile:
    """The file of a clip; whole or absent."""

    def __init__(self, path: Path, form: Form, first: Piece) -> None:
        _, rate, channels = _kind_of(first)
        self._target: _Kind = (form.format, rate, channels)
        self._kind: _Kind = self._target
        self._converter: AudioResampler | None = None
        self._written = 0  # samples
        self._whole = WholeFile(path)
        try:
            with self._whole.reporting():
                self._open(form, rate, channels)
        except BaseException:
            self._whole.discard()
            raise

    def _open(self, form: Form, rate: int, channels: int) -> None:
        # No version of FFmpeg in the file; and the form of wav for more than 4 GB if need be.
        options = {"fflags": "+bitexact"}
        if form.container == "wav":
            options["rf64"] = "auto"
        self._container = av.open(
            self._whole.file, "w", format=form.container, container_options=options
        )
        stream = self._container.add_stream(
            form.codec, rate=rate, layout=_layout(channels), options=dict(form.options)
        )
        self._stream = cast(AudioStream, stream)
        self._stream.codec_context.format = form.format

    def write(self, piece: Piece) -> None:
        """Write samples, converted if they are not of the kind that the file began with."""
        with self._whole.reporting():
            for frame in self._converted(piece):
                self._encode(frame)

    def finish(self) -> None:
        """Put the file in its place."""
        try:
            with self._whole.reporting():
                for frame in self._rest():
                    self._encode(frame)
                self._container.mux(self._stream.encode(None))
                self._container.close()
        except BaseException:
            self._whole.discard()
            raise
        self._whole.finish()

    def discard(self) -> None:
        """Remove what was written."""
        with suppress(OSError, ValueError):
            self._container.close()
        self._whole.discard()

    def _converted(self, piece: Piece) -> Iterator[AudioFrame]:
        kind = _kind_of(piece)
        if kind != self._kind:
            yield from self._rest()
            self._kind = kind
            format_, rate, channels = self._target
            if kind != self._target:
                self._converter = AudioResampler(format_, _layout(channels), rate)
        frame = _frame(piece)
        yield from self._converter.resample(frame) if self._converter else [frame]

    def _rest(self) -> Iterator[AudioFrame]:
        """Return what the converter still holds, and let go of it."""
        converter, self._converter = self._converter, None
        if converter:
            yield from converter.resample(None)

    def _encode(self, frame: AudioFrame) -> None:
        frame.pts = self._written
        frame.time_base = Fraction(1, frame.sample_rate)
        self._written += frame.samples
        self._container.mux(self._stream.encode(frame))


def _kind_of(piece: Piece) -> _Kind:
    dtype = piece.samples.dtype
    return _FORMATS[f"{dtype.kind}{dtype.itemsize}"], piece.rate, piece.samples.shape[0]


def _layout(channels: int) -> str:
    """Return FFmpeg's name of the usual layout of so many channels."""
    return f"{channels}c"


def _frame(piece: Piece) -> AudioFrame:
    format_, rate, channels = _kind_of(piece)
    native = piece.samples.dtype.newbyteorder("=")
    packed = np.ascontiguousarray(piece.samples.T, native).reshape(1, -1)
    frame = AudioFrame.from_ndarray(packed, format=format_, layout=_layout(channels))
    frame.sample_rate = rate
    return frame
