"""How long to wait before something that failed is tried again."""

import random
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Waiting times that double.

    Attributes:
        first: About the first one, in seconds.
        most: About the longest, in seconds.
    """

    first: float = 1.0
    most: float = 60.0

    def waits(self) -> Iterator[float]:
        """Give waiting times without end, each drawn from the upper half of its range.

        So that many who lost the same server don't come back to it all at once.
        """
        wait = self.first
        while True:
            yield wait * random.uniform(0.5, 1.0)
            wait = min(2 * wait, self.most)
