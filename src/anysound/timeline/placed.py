"""A label that is looked for in a part of the recording only."""

from collections import deque
from collections.abc import Iterator
from typing import Protocol

from anysound.audio import Part
from anysound.timeline.track import Span


class Follows(Protocol):
    """Follows one label's score through time."""

    def add(self, start: float, end: float, score: float) -> Iterator[Span]:
        """Take the next moment; give the spans that are over for certain."""

    def end(self) -> Iterator[Span]:
        """Give what is left when the recording is over."""


class Placed:
    """Follows a label, outside of whose part the score is 0.

    Where a part lies that is counted from the recording's end is known only there; until then,
    what may be in it waits.
    """

    def __init__(self, inner: Follows, part: Part) -> None:
        """Begin; ``inner`` follows the score that is left."""
        self._inner = inner
        self._part = part
        self._seen = 0.0
        self._waiting: deque[tuple[float, float, float]] = deque()
        # Nearer than this to the end of what was heard, nothing is certain.
        self._reach = 0.0
        if part.from_end:
            self._reach = part.start if part.end is None else part.end

    def add(self, start: float, end: float, score: float) -> Iterator[Span]:
        """Take the next moment; give the spans that are over for certain."""
        self._seen = end
        self._waiting.append((start, end, score))
        while self._waiting and self._waiting[0][1] <= self._seen - self._reach:
            yield from self._pass_on()

    def end(self) -> Iterator[Span]:
        """Give what is left when the recording is over."""
        while self._waiting:
            yield from self._pass_on()
        yield from self._inner.end()

    def _pass_on(self) -> Iterator[Span]:
        start, end, score = self._waiting.popleft()
        return self._inner.add(start, end, score if self._holds(start, end) else 0.0)

    def _holds(self, start: float, end: float) -> bool:
        """Whether any of a moment is in the part, the recording being as long as was seen."""
        part = self._part
        last = float("inf") if part.end is None else part.end
        if part.from_end:
            return start < self._seen - part.start and end > self._seen - last
        return start < last and end > part.start
