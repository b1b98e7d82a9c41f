"""What a batch has finished, kept on disk so that it can be killed at any moment.

One line a recording, appended when it is finished, in whatever order that is: the checksum of the
rest, and a JSON object. A line that was torn or damaged is not believed, and those around it are.
"""

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self
from zlib import crc32

from filelock import FileLock, Timeout

from anysound.errors import OutputError, UsageError, reason_of
from anysound.language import Text

_VERSION = 1
_SYNC_EVERY = 1.0  # seconds; what is killed loses nothing, what loses its power this much


class Journal:
    """The finished recordings of a batch. A context manager; may be used from several threads.

    Attributes:
        restarted: Whether there is a journal that was made with other settings, or is none; the
            first recording that is finished takes its place.
    """

    def __init__(self, output: Path, settings: str, *, resume: bool = True) -> None:
        """Open the journal beside an output, or begin one.

        Args:
            output: What the batch is to write.
            settings: Stands for all that a result depends on but the recording.
            resume: Whether to believe what is there.

        Raises:
            UsageError: Another batch is writing the same output.
            OutputError: It can't be read or written there.
        """
        target = output.resolve()
        self.path = target.with_name(f".{target.name}.journal")
        self.restarted = False
        self._places: dict[str, tuple[int, int]] = {}
        self._head = b""  # to be written with the first entry, in place of all that is there
        self._failure: OutputError | None = None
        self._using = Lock()
        self._synced = 0.0
        self._lock = FileLock(f"{self.path}.lock", blocking=False)
        self._acquire(output, target.parent)
        try:
            # Windows needs to be told that these are bytes.
            flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
            self._file = os.open(self.path, flags, 0o666)
            self._begin(settings, resume)
        except OSError as error:
            self._release()
            raise _unwritable(self.path, error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._using:
            with suppress(OSError):  # the operating system has it all the same
                os.fsync(self._file)
            is_empty = os.fstat(self._file).st_size == 0
            os.close(self._file)
            self._file = -1
        if is_empty:  # nothing is finished
            with suppress(OSError):
                self.path.unlink()
        self._release()

    def __len__(self) -> int:
        return len(self._places)

    def get(self, key: str) -> dict[str, Any] | None:
        """Return what was kept of a recording; None if it is not finished.

        Raises:
            OutputError: Something could not be kept: no more should be worked on.
        """
        if self._failure:
            raise self._failure
        place = self._places.get(key)
        if place is None:
            return None
        try:
            with self._using:
                os.lseek(self._file, place[0], os.SEEK_SET)
                line = os.read(self._file, place[1])
        except OSError:  # what can't be read is made again
            return None
        entry = _believed(line)
        return entry["kept"] if entry and entry.get("key") == key else None

    def add(self, key: str, kept: Mapping[str, Any]) -> None:
        """Keep what was made of a recording.

        Raises:
            OutputError: It can't be written; what was kept before is safe.
        """
        line = _line({"key": key, "kept": kept})
        with self._using:
            if self._file < 0:  # the batch is over; a worker that nobody waits for is late
                return
            try:
                if self._head:
                    os.ftruncate(self._file, 0)
                    self._append(self._head)
                    self._head = b""
                self._places[key] = self._append(line), len(line)
                if time.monotonic() - self._synced >= _SYNC_EVERY:
                    os.fsync(self._file)
                    self._synced = time.monotonic()
            except OSError as error:
                self._failure = _unwritable(self.path, error)
                raise self._failure from error

    def _begin(self, settings: str, resume: bool) -> None:
        """Read what is there if it was made with the same settings, or get ready to begin anew."""
        head = {"anysound journal": _VERSION, "settings": settings}
        size = os.fstat(self._file).st_size
        if size and resume and self._read(head):
            if not self._ends_well(size):
                self._append(b"\n")
            return
        self.restarted = bool(size and resume)
        self._head = _line(head)

    def _read(self, head: Mapping[str, Any]) -> bool:
        """Find the entries; False if the journal's head is another."""
        place = 0
        with os.fdopen(os.dup(self._file), "rb") as file:
            file.seek(0)
            for line in file:
                entry = _believed(line)
                if place == 0 and entry != head:
                    return False
                if entry and "key" in entry:
                    self._places[entry["key"]] = place, len(line)
                place += len(line)
        return True

    def _ends_well(self, size: int) -> bool:
        os.lseek(self._file, size - 1, os.SEEK_SET)
        return os.read(self._file, 1) == b"\n"

    def _append(self, line: bytes) -> int:
        """Write at the end, all or nothing; return where that is."""
        place = os.lseek(self._file, 0, os.SEEK_END)
        try:
            while line:  # a disk that is nearly full takes a part, and refuses the rest
                line = line[os.write(self._file, line) :]
        except OSError:
            with suppress(OSError):
                os.ftruncate(self._file, place)
            raise
        return place

    def _acquire(self, output: Path, folder: Path) -> None:
        try:
            folder.stat()  # or the lock would make it
            self._lock.acquire()
        except Timeout as error:
            raise UsageError(
                Text(
                    en=f"{output}: another batch is writing this output. Wait for it, or name "
                    "another.",
                    zh=f"{output}：另一个批处理正在写入这个文件。请等它结束，或换一个文件名。",
                )
            ) from error
        except (OSError, NotImplementedError) as error:  # some shares have no locks
            raise _unwritable(self.path, error) from error

    def _release(self) -> None:
        with suppress(OSError):  # Windows doesn't remove what is open
            Path(self._lock.lock_file).unlink()
        self._lock.release()


def _line(entry: Mapping[str, Any]) -> bytes:
    content = json.dumps(entry).encode()
    return b"%08x %s\n" % (crc32(content), content)


def _believed(line: bytes) -> dict[str, Any] | None:
    """Return a line's object if its checksum is right."""
    checksum, _, content = line.rstrip(b"\n").partition(b" ")
    if not content or checksum != b"%08x" % crc32(content):
        return None
    entry: dict[str, Any] = json.loads(content)
    return entry


def _unwritable(path: Path, error: Exception) -> OutputError:
    reason = reason_of(error)
    return OutputError(
        Text(
            en=f"{path}: what is finished can't be noted there ({reason}). Check that the folder "
            "is there, that it may be written to and has space.",
            zh=f"{path}：无法记录已完成的结果（{reason}）。请确认文件夹存在、可写且空间足够。",
        )
    )
