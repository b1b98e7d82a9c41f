"""Cut a recording into windows that are embedded as one unit each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from anysound.audio.waveform import Waveform
from anysound.errors import UsageError
from anysound.language import Text


@dataclass(frozen=True)
class WindowSpec:
    """How windows lie.

    Attributes:
        length: Of a window, in seconds.
        hop: From the start of one window to the start of the next, in seconds; at most
            ``length``, so that nothing is left out.

    Raises:
        UsageError: The two do not cover a recording.
    """

    length: float
    hop: float

    def __post_init__(self) -> None:
        if not 0 < self.hop <= self.length < float("inf"):
            raise UsageError(
                Text(
                    en=f"Windows of {self.length} s every {self.hop} s don't cover a recording. "
                    "Choose a hop above zero and no longer than the window.",
                    zh=f"窗长 {self.length} 秒、步长 {self.hop} 秒无法覆盖整段录音。"
                    "步长应大于零且不超过窗长。",
                )
            )


@dataclass(frozen=True)
class Window:
    """A span of a recording.

    Attributes:
        start: In seconds from the recording's start.
        end: In seconds from the recording's start.
        waveform: The samples between the two.
    """

    start: float
    end: float
    waveform: Waveform


class Cutter:
    """Cuts a stream of blocks into windows as they come, holding little more than one window.

    A recording no longer than ``spec.length`` is one window of its own length. A longer one
    gives full windows at 0, hop, 2 hops and so on; the last one is moved back to end with the
    recording, so every sample is in a window and every window is full. Where the blocks are cut
    makes no difference. No samples give no window.
    """

    def __init__(self, rate: int, spec: WindowSpec, first: int = 0) -> None:
        """Begin.

        Args:
            rate: Of the blocks, in Hz.
            spec: Length and hop.
            first: Where the first sample lies in the recording, in samples.
        """
        self._rate = rate
        self._first = first
        self._length = max(1, round(spec.length * rate))
        self._hop = max(1, round(spec.hop * rate))
        self._held = np.empty(0, np.float32)
        self._offset = 0  # of the first held sample
        self._start = 0  # of the next window
        self._covered = 0  # end of the latest window

    def add(self, block: Waveform) -> Iterator[Window]:
        """Take the next block; give the windows that are full now."""
        self._held = np.concatenate([self._held, block])
        seen = self._offset + self._held.size
        while self._start + self._length <= seen:
            yield self._window(self._start)
            self._start, self._covered = self._start + self._hop, self._start + self._length
        # The last window may start anywhere from one length before the end.
        kept_from = max(self._offset, min(self._start, seen - self._length))
        self._held, self._offset = self._held[kept_from - self._offset :], kept_from

    def end(self) -> Iterator[Window]:
        """Give the last window, if any samples are in none yet."""
        seen = self._offset + self._held.size
        if self._covered < seen:
            yield self._window(max(0, seen - self._length))

    def _window(self, start: int) -> Window:
        waveform = self._held[start - self._offset :][: self._length].copy()
        first = self._first + start
        return Window(first / self._rate, (first + waveform.size) / self._rate, waveform)


def windows(blocks: Iterable[Waveform], rate: int, spec: WindowSpec) -> Iterator[Window]:
    """Cut a stream of blocks into windows, as ``Cutter`` does.

    Args:
        blocks: The recording in order, each of shape ``(n,)``.
        rate: Of the blocks, in Hz.
        spec: Length and hop.
    """
    cutter = Cutter(rate, spec)
    for block in blocks:
        yield from cutter.add(block)
    yield from cutter.end()
