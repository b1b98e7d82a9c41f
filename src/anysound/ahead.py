"""Fetch what comes next while what came last is worked on."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks_ahead(items: Iterable[T], size: int) -> Generator[list[T], None, None]:
    """Give items in lists of ``size``; while one list is worked on, the next is fetched.

    From the second list on, the items are iterated in another thread, never in two at a time, and
    no longer when the generator has been closed.
    """
    iterator = iter(items)
    first = _take(iterator, size)
    if len(first) < size:  # nothing is left to be fetched meanwhile
        if first:
            yield first
        return
    with ThreadPoolExecutor(1) as pool:
        chunk = first
        while chunk:
            fetched = pool.submit(_take, iterator, size)
            yield chunk
            chunk = fetched.result()


def _take(iterator: Iterator[T], size: int) -> list[T]:
    return list(islice(iterator, size))
