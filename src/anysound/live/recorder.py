"""Keep the sound around each event, in the form that it came in."""

import math
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from anysound.audio.cut import ClipFile, form_of
from anysound.audio.waveform import Piece
from anysound.errors import AnysoundError, OutputError, UsageError
from anysound.language import Text
from anysound.live.actions.worker import Worker
from anysound.live.event import LiveEvent
from anysound.live.reader import HeardPiece
from anysound.timeline.clips import make_folder, safe_name
from anysound.writing import check_local

_KEPT = 20.0  # seconds; more than from an event's first sound to the telling of it
_MOST_WAITING = 2000  # things to write, of a fraction of a second each
_LAST_WORDS = 10.0  # seconds
_LABEL_BYTES = 120


@dataclass
class _Clip:
    """A clip in the making.

    Attributes:
        event: What it is of.
        start: Its first sound, in seconds since listening began.
        end: Where it ends; infinite while the event goes on.
    """

    event: LiveEvent
    start: float
    end: float = math.inf


@dataclass(frozen=True)
class _Write:
    """Something to write: what comes next in a clip, and whether that is its end."""

    event: LiveEvent
    pieces: tuple[HeardPiece, ...]
    is_end: bool


class Recorder:
    """Writes a file for each event, with what was heard around it, without loss.

    The last seconds are kept in memory; what leaves them while an event goes on is written at
    once, so an event of any length takes no more. A file appears whole, when its event has ended,
    or not at all.

    Attributes:
        folder: Where they are.
        count: Files that were written so far.
    """

    def __init__(
        self, folder: Path, on_notice: Callable[[Text], None], margin: float = 0.5
    ) -> None:
        """Make the folder, if its parent is there.

        Args:
            folder: Where the files are to be.
            on_notice: Is told what can't be written.
            margin: Seconds before and after each event that are kept with it.

        Raises:
            UsageError: The margin is no length of time, or the folder is a URL.
            OutputError: The folder can't be made.
        """
        if not 0 <= margin <= 600:
            raise UsageError(
                Text(
                    en=f"A margin of {margin:g} s can't be kept: give 0 to 600 seconds.",
                    zh=f"余量 {margin:g} 秒无效：应为 0 到 600 秒。",
                )
            )
        check_local(folder)
        make_folder(folder)
        self.count = 0
        self.folder = folder
        self._say = on_notice
        self._margin = margin
        self._kept: deque[HeardPiece] = deque()
        self._clips: list[_Clip] = []
        self._files: dict[int, ClipFile | None] = {}  # None: it failed
        self._lock = threading.Lock()
        self._worker = Worker("anysound-record", self._write, _MOST_WAITING, self._dropped)

    def add(self, heard: HeardPiece) -> None:
        """Take the sound as it comes, in order."""
        # A decoder may use its memory again for the next piece.
        own = replace(heard, piece=Piece(heard.piece.samples.copy(), heard.piece.rate))
        with self._lock:
            self._kept.append(own)
            while self._kept[-1].end - self._kept[0].end > _KEPT + self._margin:
                old = self._kept.popleft()
                for clip in self._clips:
                    share = _share(clip, old)
                    if share:
                        self._worker.put(_Write(clip.event, (share,), is_end=False))
            for clip in [clip for clip in self._clips if clip.end <= own.end]:
                self._finish(clip)

    def tell(self, event: LiveEvent) -> None:
        """Take note of an event's start or end; returns at once."""
        with self._lock:
            if event.phase == "start":
                self._clips.append(_Clip(event, event.start - self._margin))
                return
            for clip in self._clips:
                if clip.event.number != event.number or event.end is None:
                    continue
                clip.end = event.end + self._margin
                if not self._kept or event.start - self._margin >= self._kept[0].start:
                    clip.start = event.start - self._margin  # it is known better now
            reached = self._kept[-1].end if self._kept else 0.0
            for clip in [clip for clip in self._clips if clip.end <= reached]:
                self._finish(clip)

    def close(self) -> None:
        """Finish the clips of events that go on, with what has come."""
        with self._lock:
            for clip in list(self._clips):
                self._finish(clip)
        if self._worker.close(_LAST_WORDS):
            self._say(_too_slow(self.folder))
        for file in self._files.values():
            if file:
                file.discard()

    def _finish(self, clip: _Clip) -> None:
        self._clips.remove(clip)
        shares = filter(None, (_share(clip, heard) for heard in self._kept))
        self._worker.put(_Write(clip.event, tuple(shares), is_end=True))

    def _write(self, item: _Write) -> None:
        """Write to a clip's file; in the worker's thread."""
        number = item.event.number
        try:
            for heard in item.pieces:
                if number not in self._files:
                    self._files[number] = self._open(item.event, heard)
                file = self._files[number]
                if file:
                    file.write(heard.piece)
            file = self._files.pop(number, None) if item.is_end else None
            if file:
                file.finish()
                self.count += 1
        except AnysoundError as error:
            self._say(error.text)
            failed = self._files.pop(number, None)
            if failed:
                failed.discard()
            if not item.is_end:
                self._files[number] = None

    def _open(self, event: LiveEvent, heard: HeardPiece) -> ClipFile | None:
        form = form_of(heard.coding, heard.piece)
        stem = f"{event.time:%Y-%m-%d_%H-%M-%S}_{safe_name(event.label, _LABEL_BYTES)}"
        number, path = 1, self.folder / f"{stem}.{form.container}"
        while path.exists():
            number += 1
            path = self.folder / f"{stem}_{number}.{form.container}"
        try:
            return ClipFile(path, form, heard.piece)
        except OutputError as error:
            self._say(error.text)
            return None

    def _dropped(self, item: _Write) -> None:
        if self._files.get(item.event.number):
            self._say(_too_slow(self.folder))


def _share(clip: _Clip, heard: HeardPiece) -> HeardPiece | None:
    """Return what of a piece is in a clip, or None if nothing is."""
    rate, length = heard.piece.rate, heard.piece.samples.shape[1]
    first = _nearest((clip.start - heard.start) * rate, length)
    last = _nearest((clip.end - heard.start) * rate, length)
    if first >= last:
        return None
    return replace(heard, piece=Piece(heard.piece.samples[:, first:last], rate))


def _nearest(samples: float, length: int) -> int:
    return math.floor(min(max(samples, 0), length) + 0.5)


def _too_slow(folder: Path) -> Text:
    return Text(
        en=f"{folder}: the disk is too slow for what is to be recorded; a clip lacks some of its "
        "sound.",
        zh=f"{folder}：磁盘速度跟不上录音，有片段缺失部分声音。",
    )
