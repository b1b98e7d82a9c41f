"""One label through time: where it begins to be active, and where it ends."""

import copy
import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Moment = tuple[float, float, float]
"""Start and end in seconds, and a score."""


@dataclass
class Span:
    """A span of time in which a label is heard.

    Attributes:
        start: In seconds.
        end: In seconds.
        score: The highest in it.
    """

    start: float
    end: float
    score: float


class Track:
    """Finds a label's spans by hysteresis.

    A span begins where the score comes up to ``hold`` and counts if it reaches ``threshold``
    before it falls under ``hold`` again; two that are no further apart than ``gap`` are one.
    """

    def __init__(self, threshold: float, hold: float, gap: float) -> None:
        """Begin; both scores are absolute, and ``gap`` is in seconds."""
        self._threshold = threshold
        self._hold = hold
        self._gap = gap
        self._run: Span | None = None  # goes on, may not have counted yet
        self._past: Span | None = None  # has counted, and may be gone on with

    def add(self, start: float, end: float, score: float) -> Iterator[Span]:
        """Take the next moment; give the spans that are over for certain."""
        if score >= self._hold:
            if self._run is None:
                self._run = Span(start, end, score)
            self._run.end, self._run.score = end, max(self._run.score, score)
        elif self._run is not None:
            yield from self._close_run()
        begun = self._run.start if self._run else end
        if self._past and begun - self._past.end > self._gap:
            yield self._past
            self._past = None

    def end(self) -> Iterator[Span]:
        """Give what is left when the recording is over."""
        yield from self._close_run()
        if self._past:
            yield self._past
            self._past = None

    @property
    def has_counted(self) -> bool:
        """Whether a span has counted that is not given yet."""
        run = self._run
        return self._past is not None or (run is not None and run.score >= self._threshold)

    def foreseen(self, coming: Iterable[Moment]) -> Span | None:
        """Return the span that comes next for certain, as far as it is known; None if none does.

        Args:
            coming: The moments that follow, with scores that theirs can't be below.
        """
        ahead = copy.deepcopy(self)
        spans = [span for moment in coming for span in ahead.add(*moment)]
        spans += ahead.end()
        return spans[0] if spans else None

    def _close_run(self) -> Iterator[Span]:
        run, self._run = self._run, None
        if run is None or run.score < self._threshold:
            return
        if self._past and run.start - self._past.end <= self._gap:
            run = Span(self._past.start, run.end, max(run.score, self._past.score))
        elif self._past:
            yield self._past
        self._past = run


class TopTrack:
    """Finds the moments at which a label is heard best, however faintly."""

    def __init__(self, count: int, length: float) -> None:
        """Begin.

        Args:
            count: How many moments to find.
            length: Of a moment in seconds; two are no nearer to each other.
        """
        self._count = count
        self._length = length
        self._seen = 0.0
        self._peak: Span | None = None
        self._best: list[tuple[float, float, Span]] = []  # a heap, the worst of them first

    def add(self, start: float, end: float, score: float) -> Iterator[Span]:
        """Take the next moment; nothing is certain before the end."""
        self._seen = end
        if self._peak and start - self._peak.start >= self._length:
            self._keep()
        if self._peak is None or score > self._peak.score:
            self._peak = Span(start, end, score)
        yield from ()

    def end(self) -> Iterator[Span]:
        """Give the moments, best first."""
        self._keep()
        for _, _, peak in sorted(self._best, reverse=True):
            middle = (peak.start + peak.end) / 2
            start, end = middle - self._length / 2, middle + self._length / 2
            yield Span(max(0.0, start), min(self._seen, end), peak.score)

    def _keep(self) -> None:
        if self._peak and self._peak.score > 0:
            # Of two alike, the earlier is the better.
            heapq.heappush(self._best, (self._peak.score, -self._peak.start, self._peak))
            if len(self._best) > self._count:
                heapq.heappop(self._best)
        self._peak = None
