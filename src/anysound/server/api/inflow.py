"""Sound on its way from a connection to the thread that decodes it."""

import asyncio
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from anysound.audio.decoders import decoding_apart
from anysound.audio.incoming import Opening, decoding
from anysound.audio.raw import RawFormat
from anysound.live import LiveSound
from anysound.live.stopping import Stopping

MOST = 1 << 20
"""Bytes of a message, and bytes that wait before the connection has to."""


class Inflow:
    """Bytes that come on the event loop and are read in a thread; never more than so many."""

    def __init__(self) -> None:
        """Begin; on the event loop."""
        self._loop = asyncio.get_running_loop()
        self._has_room = asyncio.Event()
        self._changed = threading.Condition()
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._is_over = False

    async def put(self, chunk: bytes) -> None:
        """Add bytes as soon as there is room; after the end, they are dropped."""
        while chunk:
            with self._changed:
                if self._is_over:
                    return
                if self._size < MOST:
                    self._chunks.append(chunk)
                    self._size += len(chunk)
                    self._changed.notify()
                    return
                self._has_room.clear()
            await self._has_room.wait()

    def end(self) -> None:
        """Say that nothing more comes; what has come is still read."""
        with self._changed:
            self._is_over = True
            self._changed.notify()
        self._has_room.set()

    def close(self) -> None:
        """Drop what has come, and let go of whoever waits for more."""
        with self._changed:
            self._chunks.clear()
            self._size = 0
        self.end()

    def read(self, count: int) -> bytes:
        """Wait for bytes and return some, at most so many; none at the end. In a thread."""
        with self._changed:
            while not self._chunks and not self._is_over:
                self._changed.wait()
            if not self._chunks:
                return b""
            first = self._chunks.popleft()
            if len(first) > count:
                self._chunks.appendleft(first[count:])
            taken = first[:count]
            self._size -= len(taken)
        with suppress(RuntimeError):  # the loop is closed
            self._loop.call_soon_threadsafe(self._has_room.set)
        return taken


class InflowSource:
    """What comes by a connection, as a live source.

    Attributes:
        name: What events call it.
    """

    name = "live"

    def __init__(self, inflow: Inflow, raw: RawFormat | None) -> None:
        """Take note of it.

        Args:
            inflow: Brings the bytes.
            raw: How samples lie; None if they are Opus in Ogg or WebM.
        """
        self._inflow = inflow
        self._raw = raw

    @contextmanager
    def open(self, stopping: Stopping) -> Iterator[LiveSound]:
        """Begin to decode: raw samples here, Opus in a process that may be killed.

        Raises:
            RecordingError: What comes is no sound.
        """
        if self._raw is None:
            decoder = decoding_apart(self.name, self._inflow, lambda: stopping.asked)
        else:
            decoder = decoding(self.name, self._inflow, _samples(self._raw))
        with decoder as found:
            yield LiveSound(found.pieces, found.coding, is_finite=True)


def _samples(raw: RawFormat) -> Opening:
    layout = {"sample_rate": str(raw.rate), "ch_layout": f"{raw.channels}c"}
    return Opening(layout, raw.format)
