"""Fetch what comes next while what came last is worked on."""

from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def chunks_ahead(items: Iterable[T], size: int) -> Generator[list[T], None, None]:
    """Give items in lists of ``size``; while one list is worked on, the next is fetched.

    The items are iterated in another thread, never in two at a time, and no longer when the
    generator has been closed.
    """
    iterator = iter(items)
    with ThreadPoolExecutor(1) as pool:
        fetched = pool.submit(_take, iterator, size)
        while chunk := fetched.result():
            fetched = pool.submit(_take, iterator, size)
            yield chunk


def _take(iterator: Iterator[T], size: int) -> list[T]:
    return list(islice(iterator, size))
