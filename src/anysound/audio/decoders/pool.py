"""The decoders that there are, and what is asked of them."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from io import SEEK_END
from threading import Event, Lock, Thread
from types import TracebackType
from typing import BinaryIO, Self, get_args

import numpy as np

from anysound.audio.decoders import messages
from anysound.audio.decoders.confined import own_environment
from anysound.audio.decoders.limits import Limits
from anysound.audio.decoders.problems import DecodingError, Reason, killed, too_long
from anysound.audio.recording import DecodedElsewhere, RecordingStream
from anysound.audio.waveform import Waveform
from anysound.language import Text

_COMMAND = (sys.executable, "-P", "-m", "anysound.audio.decoders.worker")
_WATCHED_EVERY = 0.2  # seconds
_RECORDINGS_EACH = 200  # what a decoder leaks, it leaks so often
_AT_ONCE = 1 << 20  # bytes of a file
_BLOCK_MOST = 4  # seconds; blocks have about one


class Decoders:
    """Decodes recordings in processes, each of which does one at a time; a context manager.

    There are as many as recordings are read at once; one that is done is kept for the next, one
    that was killed is replaced when it is needed. It may be used from several threads.
    """

    def __init__(
        self, limits: Limits | None = None, on_failure: Callable[[Reason], None] = lambda _: None
    ) -> None:
        """Begin; processes start when they are needed.

        Args:
            limits: How much a recording may take.
            on_failure: Is told why a recording could not be decoded.
        """
        self.limits = limits or Limits()
        self.on_failure = on_failure
        self._idle: list[Decoder] = []
        self._busy: set[Decoder] = set()
        self._lock = Lock()
        self._closed = Event()
        self._watch: Thread | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def recording(self, name: str, file: BinaryIO, stop: Event | None = None) -> DecodedElsewhere:
        """Return a recording that is decoded by one of the processes, whenever it is opened.

        Args:
            name: As shown in results.
            file: Seekable; read when the recording is opened, and for the caller to close.
            stop: Ends the decoding when it is set, from whichever thread.
        """
        return _Apart(self, name, file, stop or Event())

    def start(self) -> None:
        """Start a process now, so that the first recording need not wait for it."""
        self.give_back(self.take(Event()))

    def close(self) -> None:
        """End all processes."""
        self._closed.set()
        with self._lock:
            there, self._idle, self._busy = [*self._idle, *self._busy], [], set()
        for decoder in there:
            decoder.kill("stopped")
            decoder.end()
        if self._watch:
            self._watch.join()

    def take(self, stop: Event) -> "Decoder":
        """Return an idle decoder, or a new one."""
        with self._lock:
            decoder = self._idle.pop() if self._idle else None
        if decoder is None or not decoder.is_fit:
            decoder = Decoder(self.limits)
        decoder.stop = stop
        with self._lock:
            self._busy.add(decoder)
            if self._watch is None:
                self._watch = Thread(target=self._keep_watch, daemon=True)
                self._watch.start()
        return decoder

    def give_back(self, decoder: "Decoder") -> None:
        """Keep a decoder for the next recording if it is fit for one, or else end it."""
        with self._lock:
            self._busy.discard(decoder)
            is_kept = decoder.is_fit and not self._closed.is_set()
            if is_kept:
                self._idle.append(decoder)
        if not is_kept:
            decoder.kill("stopped")
            decoder.end()

    def _keep_watch(self) -> None:
        """Kill decoders that take too long, or whose recording nobody wants any more."""
        while not self._closed.wait(_WATCHED_EVERY):
            with self._lock:  # one that is given back is let alone
                for decoder in self._busy:
                    decoder.check()


class Decoder:
    """A process that decodes, one recording at a time."""

    def __init__(self, limits: Limits) -> None:
        """Start it."""
        self.stop = Event()
        self._limits = limits
        self._waiting_since: float | None = None
        self._killed: Reason | None = None
        self._recordings = 0
        self._is_between = True
        self._process = subprocess.Popen(
            (*_COMMAND, str(limits.memory), str(limits.cpu)),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C is for the server, which ends its decoders itself
            env=own_environment(),
        )

    @property
    def is_fit(self) -> bool:
        """Whether it can be given another recording."""
        return (
            self._is_between
            and self._recordings < _RECORDINGS_EACH
            and self._killed is None
            and self._process.poll() is None
        )

    def ask(self, name: str, file: BinaryIO, rate: int) -> None:
        """Give it a recording, and wait until it has read its headers.

        Raises:
            DecodingError: The recording can't be read, or the decoder had to be given up.
        """
        self._is_between = False
        self._recordings += 1
        size = file.seek(0, SEEK_END)
        file.seek(0)
        job = {"name": name, "size": size, "rate": rate, "duration": self._limits.duration}
        self._waiting_since = time.monotonic()
        try:
            messages.write_json(self._stdin, messages.ASK, job)
            while chunk := file.read(min(size, _AT_ONCE)):
                self._stdin.write(chunk)
                size -= len(chunk)
            self._stdin.flush()
        except OSError as error:
            raise self._given_up(name) from error
        self.hear(name, rate)

    def hear(self, name: str, rate: int) -> messages.Message:
        """Wait for what it has to say next.

        Raises:
            DecodingError: The recording can't be read, or the decoder had to be given up.
        """
        most = max(messages.TEXT_MOST, _BLOCK_MOST * rate * 4)
        self._waiting_since = time.monotonic()
        try:
            if self.stop.is_set():
                raise EOFError
            kind, payload = messages.read(self._stdout, most)
        except (OSError, EOFError, ValueError) as error:
            raise self._given_up(name) from error
        finally:
            self._waiting_since = None
        self._is_between = kind in (messages.END, messages.REFUSED)
        if kind == messages.REFUSED:
            raise _refused(name, payload)
        return kind, payload

    def check(self) -> None:
        """Kill it if it takes too long, or if nobody waits for it any more."""
        since = self._waiting_since
        if self.stop.is_set():
            self.kill("stopped")
        elif since is not None and time.monotonic() - since > self._limits.patience:
            self.kill("stalled")

    def kill(self, reason: Reason) -> None:
        """End it at once, whatever it does; from any thread."""
        self._killed = self._killed or reason
        self._process.kill()

    def end(self) -> None:
        """Let go of a process that was killed."""
        self._process.wait()
        for pipe in (self._stdin, self._stdout):
            with suppress(OSError):  # what was not sent yet
                pipe.close()

    @property
    def _stdin(self) -> BinaryIO:
        assert self._process.stdin is not None
        return self._process.stdin  # type: ignore[return-value]

    @property
    def _stdout(self) -> BinaryIO:
        assert self._process.stdout is not None
        return self._process.stdout  # type: ignore[return-value]

    def _given_up(self, name: str) -> DecodingError:
        if self.stop.is_set():
            self.kill("stopped")
        return killed(name, self._killed or "crashed")


class _Apart(DecodedElsewhere):
    """A recording that a decoder reads."""

    def __init__(self, decoders: Decoders, name: str, file: BinaryIO, stop: Event) -> None:
        self.name = name
        self._decoders = decoders
        self._file = file
        self._stop = stop

    def open(self, rate: int) -> RecordingStream:
        decoder = self._decoders.take(self._stop)
        try:
            decoder.ask(self.name, self._file, rate)
        except BaseException as error:
            self._decoders.give_back(decoder)
            if isinstance(error, DecodingError):
                self._decoders.on_failure(error.reason)
            raise
        return _ApartStream(self.name, rate, self._decoders, decoder)


class _ApartStream(RecordingStream):
    """The sound that comes from a decoder."""

    def __init__(self, name: str, rate: int, decoders: Decoders, decoder: Decoder) -> None:
        super().__init__(name, [])
        self._rate = rate
        self._decoders = decoders
        self._decoder: Decoder | None = decoder
        self._duration = 0.0
        self._is_silent = True

    def close(self) -> None:
        decoder, self._decoder = self._decoder, None
        if decoder:
            self._decoders.give_back(decoder)

    @property
    def duration(self) -> float:
        return self._duration

    @property
    def is_silent(self) -> bool:
        return self._is_silent

    def blocks(self) -> Iterator[Waveform]:
        try:
            yield from self._blocks()
        except DecodingError as error:
            self._decoders.on_failure(error.reason)
            raise

    def _blocks(self) -> Iterator[Waveform]:
        while self._decoder:
            kind, payload = self._decoder.hear(self.name, self._rate)
            try:
                if kind == messages.END:
                    return self._end(payload)
                block = np.frombuffer(payload, np.float32)
            except (ValueError, TypeError, KeyError) as error:
                raise killed(self.name, "crashed") from error
            self._duration += block.size / self._rate
            if self._duration > self._decoders.limits.duration + _BLOCK_MOST:  # it should know
                raise too_long(self.name, self._decoders.limits.duration)
            yield block
        raise RuntimeError("a RecordingStream gives its blocks only while it is open")

    def _end(self, payload: bytes) -> None:
        summary = json.loads(payload)
        self._duration = float(summary["duration"])
        self._is_silent = bool(summary["is_silent"])
        self.warnings += [Text(str(en), str(zh)) for en, zh in summary["warnings"]]


def _refused(name: str, payload: bytes) -> DecodingError:
    try:
        said = json.loads(payload)
        en, zh = said["text"]
        reason: Reason = next(each for each in get_args(Reason) if each == said["reason"])
    except (ValueError, TypeError, KeyError, StopIteration):
        return killed(name, "crashed")
    return DecodingError(Text(str(en), str(zh)), reason)
