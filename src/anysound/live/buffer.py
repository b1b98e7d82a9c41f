"""What passes from the thread that reads to the one that listens; never more than so much."""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import datetime

from anysound.audio import Window
from anysound.language import Text

_NOTICES = 100


@dataclass(frozen=True)
class Arrived:
    """A window of a stream.

    Attributes:
        window: Its times are counted from the start of its connection.
        base: When that was, in seconds since listening began.
        at: The date and time of its last sound.
        came: When that came, by ``time.monotonic``.
    """

    window: Window
    base: float
    at: datetime
    came: float


@dataclass
class Batch:
    """What has come since it was last asked for.

    Attributes:
        windows: Of one connection, in order; more may be waiting.
        notices: What the user should know.
        is_broken: Whether the connection ended after these windows.
        is_over: Whether nothing will come any more.
        error: Why not, or None if the stream has ended well.
    """

    windows: list[Arrived] = field(default_factory=list)
    notices: list[Text] = field(default_factory=list)
    is_broken: bool = False
    is_over: bool = False
    error: BaseException | None = None


class Buffer:
    """Windows that wait to be listened to.

    Attributes:
        left_out: Windows so far that were dropped, as there was no time for them.
        windows: Windows so far, with those.
    """

    def __init__(self, most: int) -> None:
        """Begin.

        Args:
            most: Windows that wait before the oldest is dropped.
        """
        self.left_out = 0
        self.windows = 0
        self._most = most
        self._items: deque[Arrived | None] = deque()  # None: the connection ended
        self._notices: deque[Text] = deque(maxlen=_NOTICES)
        self._is_over = False
        self._error: BaseException | None = None
        self._is_closed = False
        self._changed = threading.Condition()

    def put(self, arrived: Arrived, *, wait: bool) -> None:
        """Add a window.

        Args:
            arrived: The window.
            wait: If there is no room, wait for it, rather than drop the oldest.
        """
        with self._changed:
            self.windows += 1
            while wait and len(self._items) >= self._most and not self._is_closed:
                self._changed.wait()
            while len(self._items) >= self._most:
                self.left_out += self._items.popleft() is not None
            self._items.append(arrived)
            self._changed.notify_all()

    def put_break(self) -> None:
        """Say that the connection has ended; what comes after it does not follow on."""
        with self._changed:
            if self._items and self._items[-1] is None:
                return
            self._items.append(None)
            self._changed.notify_all()

    def put_notice(self, notice: Text) -> None:
        """Add what the user should know."""
        with self._changed:
            self._notices.append(notice)
            self._changed.notify_all()

    def end(self, error: BaseException | None = None) -> None:
        """Say that nothing comes any more, and why, if something went wrong."""
        with self._changed:
            self._is_over, self._error = True, error
            self._changed.notify_all()

    def get(self, timeout: float) -> Batch:
        """Take what has come, or nothing if nothing does for so many seconds."""
        with self._changed:
            if not (self._items or self._notices or self._is_over):
                self._changed.wait(timeout)
            batch = Batch(notices=list(self._notices))
            self._notices.clear()
            while self._items and not batch.is_broken:
                item = self._items.popleft()
                if item is None:
                    batch.is_broken = True
                else:
                    batch.windows.append(item)
            batch.is_over = self._is_over and not self._items
            batch.error = self._error if batch.is_over else None
            self._changed.notify_all()
            return batch

    def close(self) -> None:
        """Let go of whoever waits for room."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()
