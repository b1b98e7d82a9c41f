import threading
import time
from datetime import UTC, datetime
from itertools import islice

import numpy as np

from anysound.audio import Window
from anysound.language import Text
from anysound.live import Backoff
from anysound.live.buffer import Arrived, Buffer
from tests.patience import PATIENCE


def window(start: float) -> Arrived:
    sound = np.zeros(16, np.float32)
    return Arrived(Window(start, start + 1, sound), 0.0, datetime.now(UTC), time.monotonic())


def starts(buffer: Buffer) -> list[float]:
    return [each.window.start for each in buffer.get(0).windows]


def test_the_oldest_give_way_and_are_counted() -> None:
    buffer = Buffer(2)
    for start in range(5):
        buffer.put(window(start), wait=False)
    assert starts(buffer) == [3, 4]
    assert (buffer.left_out, buffer.windows) == (3, 5)


def test_whoever_can_wait_waits_for_room_and_is_let_go_at_the_end() -> None:
    buffer = Buffer(2)
    thread = threading.Thread(
        target=lambda: [buffer.put(window(start), wait=True) for start in range(5)], daemon=True
    )
    thread.start()
    taken: list[float] = []
    while len(taken) < 3:
        taken += starts(buffer)
    assert taken == list(range(len(taken)))
    buffer.close()
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_what_comes_after_a_break_is_taken_by_itself() -> None:
    buffer = Buffer(8)
    buffer.put(window(0), wait=False)
    buffer.put_break()
    buffer.put_break()
    buffer.put(window(5), wait=False)
    buffer.end(ValueError("gone"))
    first, second = buffer.get(0), buffer.get(0)
    assert (len(first.windows), first.is_broken, first.is_over, first.error) == (
        1,
        True,
        False,
        None,
    )
    assert (len(second.windows), second.is_broken, second.is_over) == (1, False, True)
    assert isinstance(second.error, ValueError)


def test_notices_come_at_once_and_never_too_many() -> None:
    buffer = Buffer(2)
    for number in range(1000):
        buffer.put_notice(Text(en=str(number), zh=str(number)))
    assert [notice.en for notice in buffer.get(5).notices] == [
        str(each) for each in range(900, 1000)
    ]
    began = time.monotonic()
    assert buffer.get(0.05).windows == []
    assert time.monotonic() - began >= 0.04


def test_waiting_times_double_up_to_the_longest_and_no_two_are_alike() -> None:
    waits = list(islice(Backoff(first=1, most=60).waits(), 10))
    for at, wait in enumerate(waits):
        whole = min(60, 2**at)
        assert whole / 2 <= wait <= whole
    assert list(islice(Backoff().waits(), 10)) != waits
