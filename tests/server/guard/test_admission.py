"""Questions that wait, are sent away, run out of time or are no longer wanted."""

import asyncio
from collections.abc import Callable
from threading import Event

import pytest

from anysound.errors import BusyError, TookTooLongError
from anysound.language import use
from anysound.server.guard.admission import Admission
from tests.patience import PATIENCE


class Work:
    """Work that goes on until it is let go or told to stop."""

    def __init__(self) -> None:
        self.begun, self.let_go, self.stopped = Event(), Event(), Event()

    def __call__(self, stop: Event) -> str:
        self.begun.set()
        while not self.let_go.wait(0.01):
            if stop.is_set():
                self.stopped.set()
                break
        return "done"


async def until(happened: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not happened():
            await asyncio.sleep(0.005)


def test_so_many_at_a_time_in_the_order_they_came() -> None:
    order: list[int] = []

    async def main() -> None:
        admission = Admission(1, 10, 20)
        first = Work()
        running = asyncio.create_task(admission.run(first))
        await until(first.begun.is_set)
        others = []
        for number in range(3):
            others.append(asyncio.create_task(admission.run(lambda _, n=number: order.append(n))))
            await until(lambda count=number: admission.waiting == count + 1)
        assert (admission.running, admission.waiting, order) == (1, 3, [])
        first.let_go.set()
        assert await running == "done"
        await asyncio.gather(*others)
        await until(lambda: admission.running == 0)
        assert admission.waiting == 0

    asyncio.run(main())
    assert order == [0, 1, 2]


def test_a_full_queue_sends_away_at_once() -> None:
    async def main() -> None:
        admission = Admission(2, 1, 20)
        works = [Work() for _ in range(3)]
        tasks = [asyncio.create_task(admission.run(work)) for work in works]
        await until(lambda: admission.waiting == 1)
        with pytest.raises(BusyError) as caught:
            await admission.run(Work())
        assert caught.value.retry_after >= 1
        for language, word in (("en", "busy"), ("zh", "繁忙")):
            with use(language):
                assert word in str(caught.value)
        for work in works:
            work.let_go.set()
        assert await asyncio.gather(*tasks) == ["done"] * 3
        assert await admission.run(lambda _: "done") == "done"

    asyncio.run(main())


def test_what_takes_too_long_is_given_up() -> None:
    async def main() -> None:
        admission = Admission(1, 1, 0.2)
        work = Work()
        with pytest.raises(TookTooLongError):
            await admission.run(work)
        await until(work.stopped.is_set)
        await until(lambda: admission.running == 0)
        assert await admission.run(lambda _: "next") == "next"

    asyncio.run(main())


def test_what_waits_too_long_is_not_begun() -> None:
    async def main() -> None:
        admission = Admission(1, 1, 0.2)
        release, begun, other = Event(), Event(), Work()

        def stubborn(_: Event) -> None:
            begun.set()
            release.wait(PATIENCE)

        task = asyncio.create_task(admission.run(stubborn))
        await until(begun.is_set)
        with pytest.raises(TookTooLongError):
            await admission.run(other)
        with pytest.raises(TookTooLongError):
            await task
        release.set()
        await until(lambda: admission.running == 0)
        assert not other.begun.is_set()

    asyncio.run(main())


def test_what_nobody_wants_is_stopped_or_not_begun() -> None:
    async def main() -> None:
        admission = Admission(1, 5, 20)
        work, other = Work(), Work()
        task = asyncio.create_task(admission.run(work))
        await until(work.begun.is_set)
        queued = asyncio.create_task(admission.run(other))
        await until(lambda: admission.waiting == 1)
        queued.cancel()
        await until(lambda: admission.waiting == 0)
        task.cancel()
        await until(work.stopped.is_set)
        await until(lambda: admission.running == 0)
        assert not other.begun.is_set()
        assert await admission.run(lambda _: "next") == "next"

    asyncio.run(main())


def test_a_turn_is_over_only_when_its_work_is() -> None:
    """Work that was given up and doesn't stop must not have others put on top of it."""

    async def main() -> None:
        admission = Admission(1, 5, 20)
        release, begun = Event(), Event()

        def stubborn(_: Event) -> None:
            begun.set()
            release.wait(PATIENCE)

        task = asyncio.create_task(admission.run(stubborn))
        await until(begun.is_set)
        task.cancel()
        nxt = asyncio.create_task(admission.run(lambda _: "next"))
        await until(lambda: admission.waiting == 1)
        assert admission.running == 1
        release.set()
        assert await nxt == "next"

    asyncio.run(main())


def test_errors_come_through() -> None:
    def broken(_: Event) -> None:
        raise TimeoutError("the work's own")

    with pytest.raises(TimeoutError, match="the work's own"):
        asyncio.run(Admission(1, 1, 20).run(broken))
