"""How long tests wait for what must happen."""

import time
from collections.abc import Callable
from typing import TypeVar

Found = TypeVar("Found")

PATIENCE = 240.0
"""Seconds. A machine that is busy with other tests may take a minute for what takes a second, and
a download yields to all else; what is broken may take as long as this to be found."""


def until(holds: Callable[[], Found], seconds: float = PATIENCE) -> Found:
    """Wait for something to become so, and return it."""
    deadline = time.monotonic() + seconds
    while not (found := holds()):
        assert time.monotonic() < deadline, "it did not come to be so"
        time.sleep(0.02)
    return found
