"""A request to stop that a signal handler may make."""

import time

_LOOK = 0.05  # seconds


class Stopping:
    """Whether to stop.

    Threads look at it. It holds no lock, as ``threading.Event`` does: a signal handler that waits
    for a lock of the code that it interrupted waits forever.

    Attributes:
        asked: Whether to stop.
    """

    def __init__(self) -> None:
        self.asked = False

    def ask(self) -> None:
        """Ask to stop."""
        self.asked = True

    def wait(self, seconds: float) -> bool:
        """Wait, but not when asked to stop; tell whether that was asked."""
        until = time.monotonic() + seconds
        while not self.asked and (left := until - time.monotonic()) > 0:
            time.sleep(min(_LOOK, left))
        return self.asked
