"""The thread that reads a source, through all that happens to it."""

import math
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from anysound.audio import Window, WindowSpec
from anysound.audio.decode import Coding
from anysound.audio.resample import resample
from anysound.audio.waveform import Mixdown, Piece, check_rate
from anysound.audio.window import Cutter
from anysound.errors import RecordingError
from anysound.language import Text
from anysound.live.buffer import Arrived, Buffer
from anysound.live.options import ListenOptions
from anysound.live.source import LiveSound, LiveSource
from anysound.live.stopping import Stopping

_BLOCK = 0.05  # seconds of sound that are passed on at once
_OFF = timedelta(seconds=1)


@dataclass(frozen=True)
class HeardPiece:
    """A piece of a live stream, as it came.

    Attributes:
        piece: The samples.
        start: In seconds since listening began.
        coding: How the source holds its samples.
    """

    piece: Piece
    start: float
    coding: Coding

    @property
    def end(self) -> float:
        """In seconds since listening began."""
        return self.start + int(self.piece.samples.shape[1]) / self.piece.rate


OnSound = Callable[[HeardPiece], None]


class Reader:
    """Reads a source in a thread of its own and cuts it into windows.

    A source that could never be opened is an error; one that was open is tried again when it is
    lost, for as long as it takes. One that gives its sound faster than it sounded, as a file does
    in a pipe, is made to wait; one that doesn't loses windows if listening is too slow for it.
    """

    def __init__(
        self,
        source: LiveSource,
        rate: int,
        spec: WindowSpec,
        options: ListenOptions,
        on_sound: OnSound | None = None,
    ) -> None:
        """Begin; nothing is opened yet.

        Args:
            source: What to read.
            rate: Of the windows, in Hz.
            spec: How the windows lie.
            options: How to listen.
            on_sound: Is given the sound as it came, piece by piece, in the reading thread.
        """
        self.buffer = Buffer(max(2, math.ceil(options.behind / spec.hop)))
        self.stopping = Stopping()
        self._source = source
        self._rate = rate
        self._spec = spec
        self._options = options
        self._on_sound = on_sound
        self._began = time.monotonic()
        self._heard = 0.0  # seconds since listening began
        self._was_open = False
        self._thread = threading.Thread(target=self._run, name="anysound-live", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._began = time.monotonic()
        self._thread.start()

    def close(self, patience: float = 2.0) -> None:
        """Stop reading; a read that hangs is waited for only so many seconds."""
        self.stopping.ask()
        self.buffer.close()
        if self._thread.is_alive():
            self._thread.join(patience)

    def _run(self) -> None:
        try:
            self._read()
        except BaseException as error:  # it is raised where the listening is
            self.buffer.end(error)
        else:
            self.buffer.end()

    def _read(self) -> None:
        """Open the source again and again, until it ends by itself or is to stop."""
        since, waits, told = 0.0, self._options.backoff.waits(), ""
        while not self.stopping.asked:
            opened, is_finite = time.monotonic(), False
            try:
                with self._source.open(self.stopping) as sound:
                    is_finite = sound.is_finite
                    for is_first in self._take(sound):
                        if is_first and since:
                            self.buffer.put_notice(_back(self._source.name, since))
                            since, told = 0.0, ""
                if is_finite:
                    return
                lost = _ended(self._source.name)
            except RecordingError as error:
                if is_finite or not self._was_open:  # it can't come back
                    raise
                lost = error.text
            if self.stopping.asked:
                return
            self.buffer.put_break()
            now = time.monotonic()
            since = since or now
            if now - opened > self._options.backoff.most:  # it did well for a while
                waits = self._options.backoff.waits()
            if str(lost) != told:
                told = str(lost)
                self.buffer.put_notice(_lost(lost))
            self.stopping.wait(next(waits))

    def _take(self, sound: LiveSound) -> Iterator[bool]:
        """Pass on what comes, as windows; give for each piece whether it is the first of all."""
        clock = _Clock(sound)
        base = max(self._heard, clock.opened - self._began) if self._was_open else 0.0
        cutter = Cutter(self._rate, self._spec)
        mixdown = Mixdown()
        is_first, has_unusable = True, False
        for source_rate, run in groupby(self._told(sound, base), key=lambda piece: piece.rate):
            check_rate(self._source.name, source_rate)
            for block in resample(map(mixdown, run), source_rate, self._rate, _BLOCK):
                self._was_open = True
                yield is_first
                is_first = False
                self._put(cutter.add(block), base, clock)
                if mixdown.has_unusable and not has_unusable:
                    has_unusable = True
                    self.buffer.put_notice(_no_numbers(self._source.name))
        self._put(cutter.end(), base, clock)

    def _told(self, sound: LiveSound, base: float) -> Iterator[Piece]:
        """Pass on what comes, and tell whoever wants it as it is."""
        rate, samples = 0, 0  # of the run of pieces of one rate, which began at ``base``
        for piece in sound.pieces:
            if self.stopping.asked:
                return
            if piece.rate != rate:
                rate, samples, base = piece.rate, 0, base if not rate else self._heard
            heard = HeardPiece(piece, base + samples / rate, sound.coding)
            samples += piece.samples.shape[1]
            self._heard = base + samples / rate
            if self._on_sound:
                self._on_sound(heard)
            yield piece

    def _put(self, windows: Iterable[Window], base: float, clock: "_Clock") -> None:
        for window in windows:
            arrived = Arrived(window, base, clock.time_of(window.end), time.monotonic())
            self.buffer.put(arrived, wait=clock.is_ahead(window.end))


class _Clock:
    """What time it was at a place in the sound of one connection.

    Attributes:
        opened: When it was opened, by ``time.monotonic``.
    """

    def __init__(self, sound: LiveSound) -> None:
        self.opened = time.monotonic()
        self._is_paced = sound.is_paced
        self._began = _now()  # of the sound

    def is_ahead(self, seconds: float) -> bool:
        """Whether a place that was just read can't have sounded by now, and so may wait."""
        return not self._is_paced and seconds > time.monotonic() - self.opened

    def time_of(self, seconds: float) -> datetime:
        """Return the date and time of a place that was just read."""
        now, length = _now(), timedelta(seconds=seconds)
        # The sound came to a halt, or the clocks of sender and receiver drift apart.
        if self._is_paced or now - (self._began + length) > _OFF:
            self._began = now - length
        return self._began + length


def _now() -> datetime:
    return datetime.now().astimezone()


def _lost(reason: Text) -> Text:
    return Text(
        en=f"{reason.en} Listening goes on as soon as it is back; it is tried again and again.",
        zh=f"{reason.zh}正在反复重试，恢复后自动继续监听。",
    )


def _ended(name: str) -> Text:
    return Text(en=f"{name}: the stream ended.", zh=f"{name}：网络流已结束。")


def _back(name: str, since: float) -> Text:
    seconds = time.monotonic() - since
    return Text(
        en=f"{name}: back after {seconds:.0f} s; listening goes on.",
        zh=f"{name}：中断 {seconds:.0f} 秒后已恢复，继续监听。",
    )


def _no_numbers(name: str) -> Text:
    return Text(
        en=f"{name}: some samples are no usable numbers (NaN, infinite or huge) and are taken for "
        "zeros. Check the format that is sent.",
        zh=f"{name}：部分采样值无效（NaN、无穷大或过大），已按零处理。请检查发送的格式。",
    )
