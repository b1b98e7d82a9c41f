"""Do things one after another in a thread of their own."""

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from anysound.live.stopping import Stopping

T = TypeVar("T")


class Worker(Generic[T]):
    """A bounded queue, and a thread that works it off.

    Attributes:
        stopping: Is asked when what is done now is to be given up.
    """

    def __init__(
        self, name: str, do: Callable[[T], None], most: int, on_dropped: Callable[[T], None]
    ) -> None:
        """Begin.

        Args:
            name: Of the thread.
            do: Does one thing; raises nothing.
            most: Things that wait before the oldest is dropped.
            on_dropped: Is told of it.
        """
        self.stopping = Stopping()
        self._do = do
        self._most = most
        self._on_dropped = on_dropped
        self._waiting: deque[T] = deque()
        self._is_busy = False
        self._is_closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, item: T) -> None:
        """Add a thing to do; never waits."""
        with self._changed:
            dropped = self._waiting.popleft() if len(self._waiting) >= self._most else None
            self._waiting.append(item)
            self._changed.notify_all()
        if dropped is not None:
            self._on_dropped(dropped)

    def close(self, patience: float) -> int:
        """Let what waits be done, for at most so many seconds.

        Returns:
            How many things were not done.
        """
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
            self._changed.wait_for(self._is_idle, patience)
            left = len(self._waiting) + self._is_busy
            self._waiting.clear()
        self.stopping.ask()
        self._thread.join(1.0)
        return left

    def _is_idle(self) -> bool:
        return not self._waiting and not self._is_busy

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._is_closed)
                if not self._waiting:
                    return
                item, self._is_busy = self._waiting.popleft(), True
            try:
                self._do(item)
            finally:
                with self._changed:
                    self._is_busy = False
                    self._changed.notify_all()
