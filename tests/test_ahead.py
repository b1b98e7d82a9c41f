import threading
from collections.abc import Iterator

import pytest

from anysound.ahead import chunks_ahead
from tests.patience import PATIENCE


def test_all_comes_in_order() -> None:
    assert list(chunks_ahead(range(7), 3)) == [[0, 1, 2], [3, 4, 5], [6]]
    assert list(chunks_ahead([], 3)) == []


def test_the_next_is_fetched_while_the_last_is_worked_on() -> None:
    fetched = threading.Event()

    def items() -> Iterator[int]:
        yield 0
        fetched.set()
        yield 1

    chunks = chunks_ahead(items(), 1)
    assert next(chunks) == [0]
    assert fetched.wait(PATIENCE)
    assert list(chunks) == [[1]]


def test_an_error_comes_where_the_item_would_have() -> None:
    def items() -> Iterator[int]:
        yield 0
        raise OSError("gone")

    chunks = chunks_ahead(items(), 1)
    assert next(chunks) == [0]
    with pytest.raises(OSError, match="gone"):
        next(chunks)


def test_closed_it_leaves_the_items_alone() -> None:
    taken: list[int] = []

    def items() -> Iterator[int]:
        for number in range(100):
            taken.append(number)
            yield number

    chunks = chunks_ahead(items(), 1)
    next(chunks)
    chunks.close()
    known = len(taken)
    assert known <= 3
    assert threading.active_count() == 1 or len(taken) == known
