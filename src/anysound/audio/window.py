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


def windows(blocks: Iterable[Waveform], rate: int, spec: WindowSpec) -> Iterator[Window]:
    """Cut a stream of blocks into windows, holding little more than one window at a time.

    A recording no longer than ``spec.length`` is one window of its own length. A longer one
    gives full windows at 0, hop, 2 hops and so on; the last one is moved back to end with the
    recording, so every sample is in a window and every window is full. Where the blocks are cut
    makes no difference. No samples give no window.

    Args:
        blocks: The recording in order, each of shape ``(n,)``.
        rate: Of the blocks, in Hz.
        spec: Length and hop.
    """
    length = max(1, round(spec.length * rate))
    hop = max(1, round(spec.hop * rate))
    held = np.empty(0, np.float32)
    offset = 0  # of the first held sample in the recording
    start = 0  # of the next window
    covered = 0  # end of the latest window

    def window(first: int) -> Window:
        waveform = held[first - offset :][:length].copy()
        return Window(first / rate, (first + waveform.size) / rate, waveform)

    for block in blocks:
        held = np.concatenate([held, block])
        seen = offset + held.size
        while start + length <= seen:
            yield window(start)
            start, covered = start + hop, start + length
        # The last window may start anywhere from one length before the end.
        kept_from = max(offset, min(start, seen - length))
        held, offset = held[kept_from - offset :], kept_from

    seen = offset + held.size
    if covered < seen:
        yield window(max(0, seen - length))
