"""Listen in processes of their own, where threads would wait for each other's Python."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from anysound.audio.remote import Place
from anysound.batch.work import Finished, Listener
from anysound.errors import AnysoundError
from anysound.language import Text

# Not forked: a copy of a process with threads may hang.
_SPAWN = get_context("spawn")


class Processes:
    """Listens to as many recordings at a time as there are processes; a context manager.

    A model that costs little leaves much of the time to Python, of which one thread runs at a
    time: two processes do twice the work of one, two threads of one process hardly half more.

    It may be called from several threads. The way to a process is one pipe, with no threads or
    semaphores between as in a pool: that is quicker, and leaves nothing behind when it is cut.
    """

    def __init__(self, listener: Listener, count: int) -> None:
        """Begin; processes start when they are needed.

        Args:
            listener: Is sent to each of them.
            count: How many there are.
        """
        self._listener = listener
        self._started: list[tuple[BaseProcess, Connection]] = []
        self._is_over = False
        self._starting = Lock()
        self._free: SimpleQueue[Connection | None] = SimpleQueue()
        for _ in range(count):
            self._free.put(None)  # is yet to be started

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._starting:
            self._is_over = True
        for process, connection in self._started:
            if error is None:
                connection.close()  # which it takes for the end
            else:
                process.terminate()
        for process, _ in self._started:
            process.join()

    def __call__(self, name: str, path: Place) -> tuple[Finished, bool]:
        """Return what a listener makes of a recording.

        Raises:
            AnysoundError: No other recording would fare better, or a process was killed.
        """
        connection = self._free.get()
        try:
            connection = connection or self._start()
            connection.send((name, path))
            heard: tuple[Finished, bool] | AnysoundError = connection.recv()
        except (EOFError, OSError) as error:
            raise _killed(name) from error
        finally:
            self._free.put(connection)
        if isinstance(heard, AnysoundError):
            raise heard
        return heard

    def _start(self) -> Connection:
        """Start a process and return the way to it."""
        with self._starting, _uninterrupted():
            if self._is_over:
                raise EOFError
            ours, theirs = _SPAWN.Pipe()
            process = _SPAWN.Process(target=_serve, args=(self._listener, theirs), daemon=True)
            process.start()
            theirs.close()  # or its death would not be noticed
            self._started.append((process, ours))
            return ours


def _serve(listener: Listener, connection: Connection) -> None:
    """Listen to what is asked for, in a process of its own, until there is nothing more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    Thread(target=_die_with_parent, daemon=True).start()
    while True:
        try:
            name, path = connection.recv()
        except EOFError:
            return
        try:
            connection.send(listener(name, path))
        except AnysoundError as error:
            connection.send(error)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keep Ctrl-C from the processes that this thread starts, which can't ignore it at once.

    To this process it comes all the same, if to another thread or later.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # or it starts with the first of them, and lets Ctrl-C in
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _die_with_parent() -> None:
    """End when the parent does, which may be killed before it can say so."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _killed(name: str) -> AnysoundError:
    return AnysoundError(
        Text(
            en=f"{name}: a process of this batch was killed, perhaps for want of memory. "
            "Try fewer --workers; the same command goes on from what is finished.",
            zh=f"{name}：批处理的一个进程被终止，可能是内存不足。"
            "请减少 --workers；重新运行同一命令会接着做。",
        )
    )
