"""Parts of a recording, such as its first or its last seconds, cut out while it streams by."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile

import numpy as np

from anysound.audio.waveform import SILENT_BELOW, Waveform
from anysound.audio.window import Cutter, Window, WindowSpec

_SMEARED = 0.01  # seconds into silence that decoding and resampling may smear a sound


@dataclass(frozen=True)
class Part:
    """A part of a recording, which may be shorter than that.

    Attributes:
        start: Seconds from the recording's start, or from its end if ``from_end``.
        end: Seconds in the same sense; None is as far as the recording goes.
        from_end: Which edge of the recording both are counted from. ``Part(0.0, 0.5, True)``
            is the last half second; ``Part(2.0, None, True)`` is all but the last two seconds.
    """

    start: float
    end: float | None
    from_end: bool = False

    def within(self, duration: float) -> tuple[float, float]:
        """Return where it lies in a recording of some length, in seconds; empty if outside."""
        end = float("inf") if self.end is None else self.end
        if self.from_end:
            return max(0.0, duration - end), max(0.0, duration - self.start)
        return min(self.start, duration), min(end, duration)


WHOLE = Part(0.0, None)
"""The whole recording."""


@dataclass(frozen=True)
class UnitSpec:
    """What is embedded as one unit.

    Attributes:
        longest: Seconds of the longest part that is one unit.
        window: Seconds of the windows that a longer part is cut into; each overlaps the next by
            half, so that a short sound lies whole in one of them.
    """

    longest: float
    window: float


class PartReader:
    """Cuts a recording's parts into units in one pass.

    It holds what the longest ``longest`` or window needs, and as much of the recording's latest
    sound as parts that are counted from its end reach back; parts share what they hold. Where
    the blocks are cut makes no difference.
    """

    def __init__(self, parts: Iterable[Part], rate: int, spec: UnitSpec) -> None:
        """Begin.

        Args:
            parts: The parts; the same one twice is read once.
            rate: Of the blocks, in Hz.
            spec: What is one unit.
        """
        self._rate = rate
        self._takers = {part: _Taker(part, rate, spec) for part in dict.fromkeys(parts)}
        self._latest = _Latest(max((t.reach for t in self._takers.values()), default=0))

    def units(self, blocks: Iterable[Waveform]) -> Iterator[tuple[Part, Window]]:
        """Give each part's units, in order of time within a part; only once.

        Args:
            blocks: The recording in order, each of shape ``(n,)``.
        """
        latest = self._latest
        for block in blocks:
            latest.add(block)
            for part, taker in self._takers.items():
                yield from ((part, unit) for unit in taker.take(latest))
            latest.forget()
        for part, taker in self._takers.items():
            yield from ((part, unit) for unit in taker.end(latest))

    def span(self, part: Part) -> tuple[float, float]:
        """Return what a part came to, in seconds from the recording's start, after ``units``.

        It is empty, the end no later than the start, if the part lies outside the recording.
        """
        first, stop = self._takers[part].span(self._latest.seen)
        return first / self._rate, stop / self._rate

    def is_silent(self, part: Part) -> bool:
        """Whether nothing in a part could be heard, after ``units``."""
        return self._takers[part].is_silent(self._latest.seen)


class _Latest:
    """The latest samples of a stream.

    Attributes:
        seen: How many samples have passed.
    """

    def __init__(self, size: int) -> None:
        """Begin; ``size`` is how many samples are kept."""
        self.seen = 0
        self._size = size
        self._blocks: deque[tuple[int, Waveform]] = deque()

    def add(self, block: Waveform) -> None:
        self._blocks.append((self.seen, block))
        self.seen += block.size

    def between(self, first: int, stop: int) -> Iterator[tuple[int, Waveform]]:
        """Give the samples from ``first`` to before ``stop``, with where they lie."""
        wanted = takewhile(lambda each: each[0] + each[1].size > first, reversed(self._blocks))
        for at, block in reversed(list(wanted)):
            start, end = max(first, at), min(stop, at + block.size)
            if start < end:
                yield start, block[start - at : end - at]

    def forget(self) -> None:
        """Drop the blocks of which nothing is to be kept."""
        while self._blocks:
            at, block = self._blocks[0]
            if at + block.size > self.seen - self._size:
                break
            self._blocks.popleft()


class _Taker:
    """Takes one part's samples as they become certain to be in it.

    Attributes:
        reach: How many of the latest samples it needs.
    """

    def __init__(self, part: Part, rate: int, spec: UnitSpec) -> None:
        self._start = round(part.start * rate)
        self._end = None if part.end is None else max(self._start + 1, round(part.end * rate))
        self._from_end = part.from_end
        self._spec = spec
        self._rate = rate
        self._taken = 0  # end of what was taken
        self._units: _Units | None = None
        self._sound: _Sound | None = None
        self.reach = 0
        if part.from_end:
            self.reach = self._start if self._end is None else self._end

    def take(self, latest: _Latest) -> Iterator[Window]:
        """Take what has come; give the units that are complete."""
        if not self._from_end or self._end is None:
            yield from self._take(latest)

    def end(self, latest: _Latest) -> Iterator[Window]:
        """Take what is certain only at the recording's end; give the last units."""
        yield from self._take(latest)
        if self._units:
            yield from self._units.end()

    def span(self, seen: int) -> tuple[int, int]:
        """Return the first sample and the one behind the last, of ``seen`` in the recording."""
        if not self._from_end:
            return min(self._start, seen), min(seen if self._end is None else self._end, seen)
        first = 0 if self._end is None else seen - self._end
        return max(0, first), max(0, seen - self._start)

    def is_silent(self, seen: int) -> bool:
        _, stop = self.span(seen)
        return self._sound is None or self._sound.is_silent(stop, stop < seen)

    def _take(self, latest: _Latest) -> Iterator[Window]:
        first, stop = self.span(latest.seen)
        first = max(first, self._taken)
        for at, block in latest.between(first, stop):
            if self._units is None or self._sound is None:
                self._units = _Units(at, self._rate, self._spec)
                self._sound = _Sound(at, round(_SMEARED * self._rate))
            self._sound.add(at, block)
            yield from self._units.add(block)
        self._taken = max(self._taken, stop)


class _Units:
    """Cuts one part into units: it is one itself, or else is cut into windows."""

    def __init__(self, first: int, rate: int, spec: UnitSpec) -> None:
        self._first = first
        self._rate = rate
        self._spec = spec
        self._held: list[Waveform] = []
        self._size = 0
        self._cutter: Cutter | None = None

    def add(self, block: Waveform) -> Iterator[Window]:
        if self._cutter:
            yield from self._cutter.add(block)
            return
        self._held.append(block)
        self._size += block.size
        if self._size > self._spec.longest * self._rate:
            windows = WindowSpec(length=self._spec.window, hop=self._spec.window / 2)
            self._cutter = Cutter(self._rate, windows, self._first)
            for each in self._held:
                yield from self._cutter.add(each)
            self._held = []

    def end(self) -> Iterator[Window]:
        if self._cutter:
            yield from self._cutter.end()
        elif self._held:
            end = self._first + self._size
            whole = np.concatenate(self._held)
            yield Window(self._first / self._rate, end / self._rate, whole)


class _Sound:
    """Where a part can be heard; what is smeared over its edges from beside it is not its own."""

    def __init__(self, first: int, smeared: int) -> None:
        self._own = first + smeared if first > 0 else 0
        self._smeared = smeared
        self._is_heard = False
        self._heard_at: int | None = None  # the first of its own samples that is heard

    def add(self, at: int, block: Waveform) -> None:
        if self._heard_at is not None:
            return
        heard = at + np.flatnonzero(np.abs(block) >= SILENT_BELOW)
        self._is_heard = self._is_heard or heard.size > 0
        own = heard[heard >= self._own]
        if own.size:
            self._heard_at = int(own[0])

    def is_silent(self, stop: int, is_sound_behind: bool) -> bool:
        last = stop - self._smeared if is_sound_behind else stop
        if self._own >= last:  # too short to tell what is its own
            return not self._is_heard
        return self._heard_at is None or self._heard_at >= last
