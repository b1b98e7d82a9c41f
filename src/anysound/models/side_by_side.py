"""Work on clips side by side, whoever asks for it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class SideBySide:
    """Works on several items at a time, never on more than so many, in the order given.

    All callers share the threads: a folder's last recording gets all of them, and several long
    recordings at once don't get more.
    """

    def __init__(self, threads: int) -> None:
        """Begin; threads start when they are needed."""
        self._pool = ThreadPoolExecutor(threads) if threads > 1 else None

    def __call__(self, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
        """Return the result for each item."""
        if self._pool is None or len(items) < 2:
            return [work(item) for item in items]
        return list(self._pool.map(work, items))
