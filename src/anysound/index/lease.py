"""A lock in object storage, which knows none: an object that its holder keeps on renewing.

It keeps those who change an index from treading on each other, no more. A holder that is silent for
long, since it was killed or cut off, loses its lock to whoever waits; should it wake up later, it
is the description of the index that refuses its change.
"""

import json
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from threading import Event, Thread

from anysound.audio.objects import create_object, read_object, remove_object, replace_object
from anysound.audio.remote import AbsentError


@dataclass(frozen=True)
class LeaseTimes:
    """How long is waited, in seconds by one's own clock; no two machines' clocks are compared.

    Attributes:
        renewed: From one sign of life to the next.
        stale: Without a sign of life, until a lock is taken over.
        asked: From one look at another's lock to the next.
        wait: For a lock whose holder lives.
    """

    renewed: float = 10.0
    stale: float = 60.0
    asked: float = 1.0
    wait: float = 600.0


class Lease:
    """A lock that is held from :meth:`acquire` to :meth:`release`."""

    def __init__(self, url: str, times: LeaseTimes) -> None:
        """Begin; nothing is asked yet.

        Args:
            url: Of the object.
            times: How long is waited.
        """
        self._url = url
        self._times = times
        self._token = secrets.token_hex(16)
        self._beat = 0
        self._is_lost = False
        self._over = Event()
        self._renewing = Thread(target=self._renew, daemon=True)

    @property
    def is_lost(self) -> bool:
        """Whether somebody else may have taken it over."""
        return self._is_lost

    def acquire(self) -> None:
        """Wait for the lock and take it.

        Raises:
            TimeoutError: Its holder lives, and goes on holding it.
            OSError: The storage can't be reached, or refuses it.
        """
        began = seen_at = time.monotonic()
        seen = b""
        while not create_object(self._url, self._content()):
            held = self._held_by_others()
            now = time.monotonic()
            if held != seen:
                seen, seen_at = held, now
            elif now - seen_at >= self._times.stale:
                remove_object(self._url)
                continue
            if now - began >= self._times.wait:
                raise TimeoutError
            time.sleep(self._times.asked)
        self._renewing.start()

    def excludes_others(self) -> bool:
        """Whether the storage refuses to create what is there; some do it all the same.

        Raises:
            OSError: The storage can't be reached, or refuses it.
        """
        if not create_object(self._url, b"nobody may write this"):
            return True
        replace_object(self._url, self._content())  # so that it can be given back
        return False

    def release(self) -> None:
        """Give the lock back, unless it is another's by now; what fails leaves it to grow stale."""
        self._over.set()
        if self._renewing.ident is not None:
            self._renewing.join()
        with suppress(OSError):
            if self._is_ours(read_object(self._url)):
                remove_object(self._url)

    def _content(self) -> bytes:
        return json.dumps({"holder": self._token, "renewed": self._beat}).encode()

    def _is_ours(self, content: bytes) -> bool:
        return self._token.encode() in content

    def _held_by_others(self) -> bytes:
        try:
            return read_object(self._url)
        except AbsentError:
            return b""

    def _renew(self) -> None:
        renewed_at = time.monotonic()
        while not self._over.wait(self._times.renewed):
            try:
                if not self._is_ours(read_object(self._url)):
                    self._is_lost = True
                    return
                self._beat += 1
                replace_object(self._url, self._content())
                renewed_at = time.monotonic()
            except AbsentError:
                self._is_lost = True
                return
            except OSError:  # the way to the storage may be free again before it is stale
                if time.monotonic() - renewed_at >= self._times.stale:
                    self._is_lost = True
                    return
