"""Where an index is: in a folder, whose description is replaced under a lock, or elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol, TypeAlias

from anysound.audio.remote import Place
from anysound.errors import ArchiveError, OutputError, UsageError, reason_of
from anysound.index.description import Description, absent, damaged, description_of
from anysound.index.table import LanceTable
from anysound.language import Text
from anysound.writing import WholeFile, check_local

Write: TypeAlias = Callable[[Description], None]
"""Puts a description in the place of the one that was read."""

_FILE = "index.json"
_LOCK = ".lock"
_WAIT = 600  # seconds for another process to finish its change, which takes a few


class IndexPlace(Protocol):
    """Where an index is, and how its description is read and replaced; a text shows where.

    Errors are ``AnysoundError``s: ``ArchiveError`` of what can't be read, ``OutputError`` of what
    can't be written.
    """

    @property
    def name(self) -> str:
        """The last part of it."""

    @property
    def exists(self) -> bool:
        """Whether there is an index, of whatever version."""

    @property
    def size(self) -> int:
        """Of all that is there, in bytes."""

    def read(self) -> Description:
        """Return what counts now.

        Raises:
            ArchiveError: There is no index, or it can't be read.
        """

    def create(self, description: Description) -> None:
        """Make an index, unless there is one.

        Raises:
            UsageError: There are other things.
            ArchiveError: It can't be read what is there.
            OutputError: It can't be made.
        """

    def changing(self) -> AbstractContextManager[Write]:
        """Keep others from changing the index while the block lasts, which may write once.

        Raises:
            ArchiveError: There is no index, or somebody else changes it for too long.
            OutputError: It can't be written.
        """

    def table(self, name: str, version: int) -> LanceTable:
        """Open one of its tables.

        Raises:
            ArchiveError: There is no such version.
            MissingExtraError: Lance is not installed.
        """


def place_of_index(place: Place) -> IndexPlace:
    """Return where an index is, given its folder or the URL of one.

    Raises:
        UsageError: It is a URL of what an index can't lie in.
    """
    if isinstance(place, Path):
        return LocalPlace(place)
    from anysound.index.remote_place import RemotePlace

    return RemotePlace(place)


class LocalPlace:
    """A folder."""

    def __init__(self, folder: Path) -> None:
        """Begin; nothing is looked at yet.

        Raises:
            UsageError: The folder is a URL.
        """
        check_local(folder)
        self._folder = folder

    def __str__(self) -> str:
        return str(self._folder)

    @property
    def name(self) -> str:
        """Of the folder."""
        return self._folder.absolute().name

    @property
    def exists(self) -> bool:
        """Whether there is an index, of whatever version."""
        return (self._folder / _FILE).exists()

    @property
    def size(self) -> int:
        """Of all files, in bytes."""
        return sum(file.stat().st_size for file in self._folder.rglob("*") if file.is_file())

    def read(self) -> Description:
        """Return what counts now.

        Raises:
            ArchiveError: There is no index, or one of a later version, or it is damaged.
        """
        path = self._folder / _FILE
        try:
            written = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise absent(str(self)) from error
        except OSError as error:
            raise damaged(str(path), error) from error
        return description_of(str(self), str(path), written)

    def create(self, description: Description) -> None:
        """Make an index, unless there is one.

        Raises:
            UsageError: The folder holds other things.
            OutputError: It can't be made.
        """
        try:
            self._folder.mkdir(exist_ok=True)
            # What is hidden may be the lock, or another process that makes the index right now.
            held = {path.name for path in self._folder.iterdir() if path.name[0] != "."}
        except OSError as error:
            raise self._unwritable(error) from error
        if _FILE in held:
            return
        if held:
            raise holds_other_things(str(self))
        with self.changing() as write:
            if not self.exists:
                write(description)

    @contextmanager
    def changing(self) -> Iterator[Write]:
        """Hold the lock.

        Raises:
            ArchiveError: There is no folder, or somebody else changes the index for too long.
            OutputError: It can't be locked.
        """
        from filelock import FileLock, Timeout

        try:
            lock = FileLock(self._folder / _LOCK, timeout=_WAIT)
            if not self._folder.is_dir():  # the lock would make it
                raise absent(str(self))
            lock.acquire()
        except Timeout as error:
            raise changed_for_too_long(str(self), _WAIT) from error
        except (OSError, NotImplementedError) as error:  # some shares have no locks
            raise self._unwritable(error) from error
        try:
            yield self._write
        finally:
            lock.release()

    def table(self, name: str, version: int) -> LanceTable:
        """Open one of its tables.

        Raises:
            ArchiveError: There is no such version.
            MissingExtraError: Lance is not installed.
        """
        return LanceTable(str(self._folder / name), version)

    def _write(self, description: Description) -> None:
        with WholeFile(self._folder / _FILE) as whole, whole.reporting():
            whole.file.write(description.to_bytes())

    def _unwritable(self, error: Exception) -> OutputError:
        reason = reason_of(error)
        return OutputError(
            Text(
                en=f"{self}: no index can be written there ({reason}). Check that the folder above "
                "it is there and may be written to.",
                zh=f"{self}：无法在这里写入索引（{reason}）。请确认上一级文件夹存在且可写。",
            )
        )


def holds_other_things(index: str) -> UsageError:
    """Say that a folder is no index and can't become one."""
    return UsageError(
        Text(
            en=f"{index}: this folder holds other things, and no index. Name one that is empty or "
            "not there yet.",
            zh=f"{index}：该文件夹已有其他内容，且不是索引。请指定空文件夹或尚不存在的文件夹。",
        )
    )


def changed_for_too_long(index: str, seconds: float) -> ArchiveError:
    """Say that one's turn to change an index didn't come."""
    return ArchiveError(
        Text(
            en=f"{index}: another program has been changing the index for "
            f"{round(seconds / 60)} minutes. Try again when it is done.",
            zh=f"{index}：另一个程序修改该索引已超过 {round(seconds / 60)} 分钟。"
            "请等它结束后重试。",
        )
    )
