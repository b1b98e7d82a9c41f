"""Follow labels through a recording of any length."""

from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from anysound.ahead import chunks_ahead
from anysound.audio import Part, Recording, Waveform, Window, WindowSpec, open_recording, windows
from anysound.audio.waveform import SILENT_BELOW
from anysound.errors import UsageError
from anysound.judging import lowered_similarities, part_of
from anysound.language import Text
from anysound.models import AudioTextModel, Calibration, Embeddings, ModelInfo
from anysound.reading import ReadLabels
from anysound.scoring import Similarities, presence
from anysound.timeline.event import Event
from anysound.timeline.frames import Frame, Framer, Scores
from anysound.timeline.options import TimelineOptions
from anysound.timeline.placed import Follows, Placed
from anysound.timeline.track import Span, TopTrack, Track

_WINDOWS_AT_ONCE = 16  # bounds memory, and how long the first event waits


@dataclass(frozen=True)
class Listener:
    """What listens for labels.

    Attributes:
        model: Hears the recording.
        labels: As the model reads them.
        others: Labels of all kinds of sounds, shape ``(n, dim)``.
        calibration: When a label fits.
    """

    model: AudioTextModel
    labels: ReadLabels
    others: Embeddings
    calibration: Calibration

    def scores(self, some: Sequence[Window]) -> Iterator[Scores]:
        """Score the labels in each window; in a silent one, there is none of them."""
        sounding = [np.abs(window.waveform).max() >= SILENT_BELOW for window in some]
        waveforms = [each.waveform for each, sounds in zip(some, sounding, strict=True) if sounds]
        embedded = iter(self.model.embed_audio(waveforms) if waveforms else ())
        weights = np.array([label.weight for label in self.labels.labels])
        for sounds in sounding:
            yield self._score(next(embedded), weights) if sounds else np.zeros(len(weights))

    def _score(self, embedding: Embeddings, weights: Scores) -> Scores:
        own = lowered_similarities(self.labels, embedding, self.calibration.scale)
        others: Similarities = self.others.astype(np.float64) @ embedding.astype(np.float64)
        return presence(own, others, weights, self.calibration)


class Timeline:
    """The events of a recording, found while it is read.

    Iterate it, once; each event comes as soon as it is over, so those of different labels may
    overlap and come in the order of their ends.

    Attributes:
        name: The recording's name.
        duration: Seconds read so far; the whole recording when the iteration has ended.
        warnings: What the user should know; complete when the iteration has ended.
        windows: How the windows lie.
    """

    def __init__(
        self,
        listener: Listener,
        recording: Recording,
        options: TimelineOptions,
        on_frame: Callable[[Frame], None] = lambda frame: None,
        on_block: Callable[[Waveform], None] = lambda block: None,
    ) -> None:
        """Begin; nothing is read yet.

        Args:
            listener: Listens for the labels.
            recording: What to listen to.
            options: How events are found.
            on_frame: Is given the labels' scores at every moment, in order of time.
            on_block: Is given the sound, block by block, in order of time, in another thread.

        Raises:
            UsageError: The windows don't suit the model.
            RecordingError: The recording isn't there or can't be read.
        """
        self.windows = choose_windows(listener.model.info, options)
        self.duration = 0.0
        self._listener = listener
        self._on_frame = on_frame
        self._on_block = on_block
        self._labels = listener.labels.labels
        self._tracks = [
            _track(options, self.windows, part_of(label) if label.when else None)
            for label in self._labels
        ]
        self._stream = open_recording(recording, listener.model.info.rate)
        self.name = self._stream.name
        self.warnings: tuple[Text, ...] = listener.labels.warnings

    def __iter__(self) -> Iterator[Event]:
        """Read the recording and give its events.

        Raises:
            RecordingError: The recording can't be read to its end.
        """
        with closing(self.steps()) as steps:
            for step in steps:
                if isinstance(step, Event):
                    yield step

    def steps(self) -> Generator[Frame | Event, None, None]:
        """Read the recording and give every moment of it, each before the events that it ends.

        In place of the iteration, for whoever has other things to do between two events.

        Raises:
            RecordingError: The recording can't be read to its end.
        """
        with self._stream as stream, closing(self._frames()) as frames:
            for frame in frames:
                self._on_frame(frame)
                yield frame
                for index, track in enumerate(self._tracks):
                    spans = track.add(frame.start, frame.end, float(frame.scores[index]))
                    yield from self._events(index, spans)
            for index, track in enumerate(self._tracks):
                yield from self._events(index, track.end())
            self.warnings = (*stream.warnings, *self._listener.labels.warnings)

    def _frames(self) -> Generator[Frame, None, None]:
        framer = Framer(self.windows.hop)
        cut = windows(self._blocks(), self._listener.model.info.rate, self.windows)
        with closing(chunks_ahead(cut, _WINDOWS_AT_ONCE)) as chunks:
            for some in chunks:
                for window, scores in zip(some, self._listener.scores(some), strict=True):
                    yield from framer.add(window.start, window.end, scores)
                    self.duration = window.end
        yield from framer.end()

    def _blocks(self) -> Iterator[Waveform]:
        for block in self._stream.blocks():
            self._on_block(block)
            yield block

    def _events(self, index: int, spans: Iterator[Span]) -> Iterator[Event]:
        name = self._labels[index].name
        for span in spans:
            yield Event(self.name, name, span.start, span.end, span.score)


def choose_windows(info: ModelInfo, options: TimelineOptions) -> WindowSpec:
    """Settle on windows: what was asked for, or what suits the model.

    Raises:
        UsageError: They don't cover a recording, or are longer than the model can hear.
    """
    length = info.moments.length if options.window is None else options.window
    hop = options.hop
    if hop is None:
        hop = length * info.moments.hop / info.moments.length
    # In whole samples, or moments and windows drift apart in the course of hours.
    spec = WindowSpec(round(length * info.rate) / info.rate, round(hop * info.rate) / info.rate)
    if spec.length > info.window:
        raise UsageError(
            Text(
                en=f"{info.id} hears at most {info.window:g} s at once: windows of "
                f"{length:g} s are too long.",
                zh=f"{info.id} 一次最多听 {info.window:g} 秒：窗长 {length:g} 秒太长。",
            )
        )
    return spec


def hysteresis(options: TimelineOptions) -> Track:
    """Return what finds a label's spans."""
    return Track(options.threshold, options.threshold * options.hold, options.gap)


def _track(options: TimelineOptions, spec: WindowSpec, part: Part | None) -> Follows:
    track: Follows = TopTrack(options.top, spec.length) if options.top else hysteresis(options)
    return Placed(track, part) if part else track
