"""From the windows of one connection to events, each told as soon as it is certain."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from anysound.audio import WindowSpec
from anysound.live.buffer import Arrived
from anysound.live.event import LiveEvent, Phase
from anysound.live.options import ListenOptions
from anysound.timeline.frames import Frame, Framer, Scores
from anysound.timeline.timeline import hysteresis
from anysound.timeline.track import Moment, Span


class Detector:
    """Finds the events that a timeline of the same sound has.

    A moment's score is certain only when the last window that holds it was heard, which is a
    window's length later. But windows to come can only add to what those before say: a label whose
    score comes up to the threshold whatever they say is told of at once.
    """

    def __init__(
        self,
        name: str,
        labels: Sequence[str],
        spec: WindowSpec,
        options: ListenOptions,
        numbers: Iterator[int],
    ) -> None:
        """Begin.

        Args:
            name: The stream's name.
            labels: In the order of the scores.
            spec: How the windows lie.
            options: How events are found.
            numbers: Numbers the events.
        """
        self._name = name
        self._framer = Framer(spec.hop)
        self._numbers = numbers
        self._labels = [_Label(label, options) for label in labels]
        self._latest: Arrived | None = None

    def add(self, arrived: Arrived, scores: Scores) -> Iterator[LiveEvent]:
        """Take the next window and what was heard in it; give what is certain now."""
        self._latest = arrived
        window = arrived.window
        for frame in self._framer.add(window.start, window.end, scores):
            yield from self._certain(frame)
        coming = list(self._framer.least())
        for index, label in enumerate(self._labels):
            begun = label.begun([_moment(frame, index) for frame in coming])
            if begun:
                label.open = self._start(label, begun)
                yield label.open

    def end(self) -> Iterator[LiveEvent]:
        """Give what is left when the connection is over."""
        for frame in self._framer.end():
            yield from self._certain(frame)
        for label in self._labels:
            for span in label.track.end():
                yield from self._over(label, span)

    def _certain(self, frame: Frame) -> Iterator[LiveEvent]:
        for index, label in enumerate(self._labels):
            for span in label.track.add(*_moment(frame, index)):
                yield from self._over(label, span)

    def _over(self, label: "_Label", span: Span) -> Iterator[LiveEvent]:
        """Tell of a span's end, and of its start, if that was not told."""
        opened = label.open
        if opened and span.end > self._relative(opened.start):
            label.open = None
        elif not label.counts(span):
            return
        else:  # it came to count only now, maybe before another that is told of already
            opened = self._start(label, span)
            yield opened
        yield self._event("end", opened.number, label.name, span)

    def _start(self, label: "_Label", span: Span) -> LiveEvent:
        return self._event("start", next(self._numbers), label.name, span)

    def _event(self, phase: Phase, number: int, label: str, span: Span) -> LiveEvent:
        assert self._latest
        base, window = self._latest.base, self._latest.window
        told = span.end if phase == "end" else span.start
        return LiveEvent(
            phase=phase,
            number=number,
            recording=self._name,
            label=label,
            start=base + span.start,
            end=base + span.end if phase == "end" else None,
            score=span.score,
            time=self._latest.at - timedelta(seconds=window.end - told),
        )

    def _relative(self, seconds: float) -> float:
        assert self._latest
        return seconds - self._latest.base


class _Label:
    """One label through time.

    Attributes:
        name: Its name.
        track: Finds its spans.
        open: The start of the event that goes on, if it was told.
    """

    def __init__(self, name: str, options: ListenOptions) -> None:
        self.name = name
        self.track = hysteresis(options.timeline)
        self.open: LiveEvent | None = None
        self._hold = options.hold
        self._threshold = options.timeline.threshold

    def begun(self, coming: Sequence[Moment]) -> Span | None:
        """Return the span that goes on and counts, if it was not told yet."""
        if self.open or not (
            self.track.has_counted or any(score >= self._threshold for _, _, score in coming)
        ):
            return None
        span = self.track.foreseen(coming)
        return span if span and self.counts(span) else None

    def counts(self, span: Span) -> bool:
        """Whether a span is long enough."""
        return span.end - span.start >= self._hold


def _moment(frame: Frame, index: int) -> Moment:
    return frame.start, frame.end, float(frame.scores[index])
