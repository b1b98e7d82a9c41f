"""A few questions are answered at a time, some wait, and the rest are sent away at once."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from math import ceil
from threading import Event
from typing import TypeVar

from anysound.errors import BusyError, TookTooLongError
from anysound.language import Text

T = TypeVar("T")

_WEIGHT = 0.1  # of the latest question in how long one takes


class Admission:
    """Answers questions in threads, so many at a time.

    Attributes:
        running: How many are being answered.
        waiting: How many wait for their turn, which comes in the order that they came in.
    """

    def __init__(self, at_once: int, queue: int, seconds: float) -> None:
        """Begin.

        Args:
            at_once: Questions answered side by side.
            queue: Questions that may wait.
            seconds: What an answer may take, waiting included.
        """
        self.running = self.waiting = 0
        self._at_once = at_once
        self._queue = queue
        self._seconds = seconds
        self._turns = asyncio.Semaphore(at_once)
        self._threads = ThreadPoolExecutor(at_once, "anysound-answer")
        self._usual = 1.0  # seconds that an answer takes

    async def run(self, work: Callable[[Event], T]) -> T:
        """Do work in a thread when its turn comes.

        If whoever awaits this is cancelled, or time runs out, the work is not begun, or is told
        to stop; its turn is over once it has.

        Args:
            work: Is given what is set when nobody wants its result any more.

        Raises:
            BusyError: Too many wait already.
            TookTooLongError: It took too long.
        """
        if self._turns.locked() and self.waiting >= self._queue:
            raise _busy(self._expected())
        try:
            async with asyncio.timeout(self._seconds) as limit:
                await self._turn()
                return await self._do(work)
        except TimeoutError as error:
            if limit.expired():
                raise _took_too_long(self._seconds) from error
            raise

    async def _turn(self) -> None:
        self.waiting += 1
        try:
            await self._turns.acquire()
        finally:
            self.waiting -= 1

    async def _do(self, work: Callable[[Event], T]) -> T:
        stop, started = Event(), time.monotonic()
        loop = asyncio.get_running_loop()

        def over(_: "Future[T]") -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._over, started)

        self.running += 1
        future = self._threads.submit(copy_context().run, work, stop)
        future.add_done_callback(over)
        try:
            return await asyncio.wrap_future(future)
        except asyncio.CancelledError:
            stop.set()
            raise

    def _over(self, started: float) -> None:
        self.running -= 1
        self._usual += _WEIGHT * (time.monotonic() - started - self._usual)
        self._turns.release()

    def _expected(self) -> int:
        """Return in how many seconds the queue may be shorter by a half, and no less than 1."""
        return max(1, ceil(self._usual * (self.waiting + self._at_once) / self._at_once / 2))


def _busy(retry_after: int) -> BusyError:
    text = Text(
        en=f"The server is busy. Try again in {retry_after} s.",
        zh=f"服务器繁忙，请在 {retry_after} 秒后重试。",
    )
    return BusyError(text, retry_after)


def _took_too_long(seconds: float) -> TookTooLongError:
    return TookTooLongError(
        Text(
            en=f"There was no answer within {seconds:g} s, so it was given up. Send a shorter "
            "recording, or try again when the server has less to do.",
            zh=f"{seconds:g} 秒内未能完成，已放弃。请发送较短的录音，或稍后再试。",
        )
    )
