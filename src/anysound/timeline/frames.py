"""From windows that overlap to a score for every moment."""

import math
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float64]
"""One per label, each from 0 to 1, shape ``(n_labels,)``."""


@dataclass(frozen=True)
class Frame:
    """A moment of a recording, as long as the hop between two windows.

    Attributes:
        start: In seconds.
        end: In seconds.
        scores: Of the labels in it.
    """

    start: float
    end: float
    scores: Scores


class Framer:
    """Gives every moment the mean score of the windows that hold its middle.

    Of windows three seconds long every half second, six hold a moment; one that is mistaken
    changes little. Frames come as soon as no later window can reach them. A moment that no window
    holds, since some were left out, scores nothing.
    """

    def __init__(self, hop: float) -> None:
        """Begin; ``hop`` is the length of a frame in seconds."""
        self._hop = hop
        self._next = 0  # number of the next frame
        self._windows: deque[tuple[float, float, Scores]] = deque()

    def add(self, start: float, end: float, scores: Scores) -> Iterator[Frame]:
        """Take the next window; give the frames that are certain now."""
        while self._middle() < start and self._windows:
            yield self._frame(max(start, self._windows[-1][1]))
        self._windows.append((start, end, scores))

    def end(self) -> Iterator[Frame]:
        """Give the remaining frames, to the end of the last window."""
        while self._windows and self._next * self._hop < self._windows[-1][1]:
            yield self._frame(self._windows[-1][1])

    def least(self) -> Iterator[Frame]:
        """Give the frames to come that windows hold already, with the least that they can score.

        A window to come adds to a frame's sum, or nothing; so the sum so far, by the number of
        windows that there will be, is certain.
        """
        if not self._windows:
            return
        first, last, _ = self._windows[-1]
        for number in range(self._next, math.ceil(last / self._hop)):
            middle = (number + 0.5) * self._hop
            holding = [scores for start, end, scores in self._windows if start <= middle <= end]
            if not holding:
                continue
            to_come = max(0, math.floor((middle - first) / self._hop))
            least = np.sum(holding, axis=0) / (len(holding) + to_come)
            yield Frame(number * self._hop, (number + 1) * self._hop, least)

    def _middle(self) -> float:
        return (self._next + 0.5) * self._hop

    def _frame(self, last: float) -> Frame:
        start, stop = self._next * self._hop, min((self._next + 1) * self._hop, last)
        middle = min(self._middle(), stop)
        while len(self._windows) > 1 and self._windows[0][1] <= middle:
            self._windows.popleft()
        holding = [scores for first, end, scores in self._windows if first <= middle <= end]
        self._next += 1
        if not holding:  # windows were left out, and nothing was heard here
            return Frame(start, stop, np.zeros_like(self._windows[0][2]))
        return Frame(start, stop, np.mean(holding, axis=0))
