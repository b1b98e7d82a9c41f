"""Streams, servers and listeners made for the tests."""

import io
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

from anysound import Classifier
from anysound.audio import Waveform
from anysound.audio.decode import Coding
from anysound.audio.waveform import Piece
from anysound.errors import RecordingError
from anysound.language import Text
from anysound.live import LiveEvent, LiveSound, RawFormat, StandardInput
from anysound.live.stopping import Stopping
from tests.fakes import RATE, FakeModel, tone
from tests.patience import PATIENCE

LABELS = "low=250 Hz, mid=1000 Hz, high=4000 Hz"
CHUNK = 800  # samples


def quiet(seconds: float) -> Waveform:
    return np.zeros(round(seconds * RATE), np.float32)


def joined(*sounds: Waveform) -> Waveform:
    return np.concatenate(sounds).astype(np.float32)


def raw_input(waveform: Waveform) -> StandardInput:
    """Sound piped in, as raw samples that are the waveform's own."""
    return StandardInput(RawFormat(RATE, 1, "f32le"), io.BytesIO(waveform.astype("<f4").tobytes()))


def classifier() -> Classifier:
    return Classifier(FakeModel())


class Connections:
    """A source that is opened several times, and gives what a script says.

    Each connection is a list of waveforms, or of errors that are raised then. After the last, the
    source ends by itself.
    """

    name = "street"

    def __init__(
        self,
        *connections: Sequence[Waveform | Exception],
        pace: float = 0.0,
        paced: bool = False,
        chunk: int = CHUNK,
    ) -> None:
        self.opened = 0
        self._connections = connections
        self._pace = pace  # seconds before each chunk
        self._is_paced = paced
        self._chunk = chunk

    @contextmanager
    def open(self, stopping: Stopping) -> Iterator[LiveSound]:
        script = self._connections[min(self.opened, len(self._connections) - 1)]
        self.opened += 1
        if script and isinstance(script[0], Exception):
            raise script[0]
        is_last = self.opened >= len(self._connections)
        yield LiveSound(self._pieces(script), Coding("pcm_f32le"), is_last, self._is_paced)

    def _pieces(self, script: Sequence[Waveform | Exception]) -> Iterator[Piece]:
        for each in script:
            if isinstance(each, Exception):
                raise each
            for start in range(0, len(each), self._chunk):
                time.sleep(self._pace)
                yield Piece(each[np.newaxis, start : start + self._chunk], RATE)


def lost(reason: str) -> RecordingError:
    return RecordingError(Text(en=f"street: {reason}", zh=f"street：{reason}"))


def an_event(label: str = "fire", number: int = 1, start: float = 1.0, **changes: Any) -> LiveEvent:
    fields = {
        "phase": "start",
        "number": number,
        "recording": "street",
        "label": label,
        "start": start,
        "end": None,
        "score": 0.75,
        "time": datetime(2026, 11, 28, 12, 0, int(start) % 60, tzinfo=UTC),
    }
    return LiveEvent(**(fields | changes))  # type: ignore[arg-type]


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Wait until something is so; busy machines take their time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not come to be so"
        time.sleep(0.01)


def threads() -> list[str]:
    """The names of anysound's threads that run."""
    return [each.name for each in threading.enumerate() if each.name.startswith("anysound-")]


@contextmanager
def serving(
    handle: Callable[[BaseHTTPRequestHandler], None], tls: ssl.SSLContext | None = None
) -> Iterator[str]:
    """Serve every request by a function, perhaps over TLS; gives the server's URL."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            handle(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


__all__ = [
    "LABELS",
    "Connections",
    "an_event",
    "classifier",
    "joined",
    "lost",
    "quiet",
    "raw_input",
    "serving",
    "threads",
    "tone",
    "wait_for",
]
