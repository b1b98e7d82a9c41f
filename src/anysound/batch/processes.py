"""Listen in processes of their own, where threads would wait for each other's Python."""

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import Self

from anysound.batch.work import Finished, Listener
from anysound.errors import AnysoundError
from anysound.language import Text

_listener: Listener | None = None  # of this process


class Processes:
    """Listens to as many recordings at a time as there are processes; a context manager.

    A model that costs little leaves much of the time to Python, of which one thread runs at a
    time: two processes do twice the work of one, two threads of one process hardly half more.
    """

    def __init__(self, listener: Listener, count: int) -> None:
        """Begin; processes start when they are needed.

        Args:
            listener: Is sent to each of them.
            count: How many there are.
        """
        # Not forked: a copy of a process with threads may hang.
        context = get_context("spawn")
        self._pool = ProcessPoolExecutor(count, context, initializer=_begin, initargs=(listener,))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=error is None, cancel_futures=True)

    def __call__(self, name: str, path: Path) -> tuple[Finished, bool]:
        """Return what a listener makes of a recording.

        Raises:
            AnysoundError: No other recording would fare better, or a process was killed.
        """
        try:
            return self._pool.submit(_listen, name, path).result()
        except BrokenProcessPool as error:
            raise AnysoundError(
                Text(
                    en=f"{name}: a process of this batch was killed, perhaps for want of memory. "
                    "Try fewer --workers; the same command goes on from what is finished.",
                    zh=f"{name}：批处理的一个进程被终止，可能是内存不足。"
                    "请减少 --workers；重新运行同一命令会接着做。",
                )
            ) from error


def _begin(listener: Listener) -> None:
    """Make a new process ready."""
    global _listener
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to answer
    Thread(target=_die_with_parent, daemon=True).start()
    _listener = listener


def _die_with_parent() -> None:
    """End when the parent does, which may be killed before it can say so."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _listen(name: str, path: Path) -> tuple[Finished, bool]:
    assert _listener is not None  # _begin came first
    return _listener(name, path)
