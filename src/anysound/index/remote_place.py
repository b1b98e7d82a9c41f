"""An index in object storage, where there is neither renaming nor locking.

::

    descriptions/00000012.json  what the index says of itself; the highest number counts
    .lock                       who changes it just now

What makes a change safe is that a description is created under the next number if nobody else has:
of two that began with the same description one loses, and nothing of its change counts. The lock
only saves them the work.
"""

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from anysound.audio.objects import (
    connection_to,
    create_object,
    read_object,
    remove_object,
    size_below,
)
from anysound.audio.remote import (
    AbsentError,
    NoBucketError,
    RemoteError,
    list_folder,
    protocol_of,
    within,
)
from anysound.errors import ArchiveError, OutputError, UsageError
from anysound.index.description import Description, absent, description_of
from anysound.index.lease import Lease, LeaseTimes
from anysound.index.places import Write, changed_for_too_long, holds_other_things
from anysound.index.table import LanceTable, check_expected
from anysound.language import Text

TIMES = LeaseTimes()
"""How long those wait who change an index."""

_PROTOCOLS = ("s3", "gs", "az")  # that both Lance and fsspec know by the same name
_DESCRIPTIONS = "descriptions"
_NUMBERED = re.compile(r"(\d{8,})\.json")
_KEPT = 32  # descriptions, so that whoever slept for long finds its own gone
_TRIES = 5  # to read the last description while others go on


class RemotePlace:
    """A folder in object storage."""

    def __init__(self, url: str) -> None:
        """Begin; nothing is asked yet.

        Raises:
            UsageError: An index can't lie there.
        """
        protocol = protocol_of(url)
        if protocol not in _PROTOCOLS or not url.partition("://")[2].strip("/"):
            raise _no_place(url)
        self._url = f"{protocol}{url[len(protocol) :].rstrip('/')}"

    def __str__(self) -> str:
        return self._url

    @property
    def name(self) -> str:
        """The last part of the URL."""
        return self._url.rpartition("/")[2]

    @property
    def exists(self) -> bool:
        """Whether there is an index, of whatever version.

        Raises:
            ArchiveError: That can't be asked.
        """
        with self._reading():
            return bool(self._numbers())

    @property
    def size(self) -> int:
        """Of all objects, in bytes.

        Raises:
            ArchiveError: That can't be asked.
        """
        with self._reading():
            return size_below(self._url)

    def read(self) -> Description:
        """Return what counts now.

        Raises:
            ArchiveError: There is no index, or it can't be read.
        """
        with self._reading():
            for _ in range(_TRIES):
                numbers = self._numbers()
                if not numbers:
                    raise absent(self._url)
                path = self._path(numbers[-1])
                with suppress(AbsentError):  # there are many newer ones by now
                    return description_of(self._url, path, read_object(path), numbers[-1])
        raise absent(self._url)

    def create(self, description: Description) -> None:
        """Make an index, unless there is one.

        Raises:
            UsageError: The folder holds other things.
            ArchiveError: It can't be asked what is there.
            OutputError: It can't be made, or the storage can't keep two from writing at once.
        """
        with self._reading():
            if self._numbers():
                return
            if any(name[0] != "." and name != _DESCRIPTIONS for name in self._names(self._url)):
                raise holds_other_things(self._url)
        with self._leased() as lease:
            if self.exists:
                return
            with self._writing():
                is_safe = lease.excludes_others()
            if not is_safe:
                raise _has_no_conditions(self._url)
            self._write(lease, description)

    @contextmanager
    def changing(self) -> Iterator[Write]:
        """Hold the lock.

        Raises:
            ArchiveError: There is no index, or somebody else changes it for too long.
            OutputError: It can't be written.
        """
        if not self.exists:
            raise absent(self._url)
        with self._leased() as lease:
            yield lambda description: self._write(lease, description)

    def table(self, name: str, version: int) -> LanceTable:
        """Open one of its tables.

        Raises:
            ArchiveError: There is no such version.
            MissingExtraError: Lance is not installed.
        """
        with self._reading():
            connection = connection_to(self._url)
        return LanceTable(str(within(self._url, name)), version, connection)

    @contextmanager
    def _leased(self) -> Iterator[Lease]:
        lease = Lease(str(within(self._url, ".lock")), TIMES)
        try:
            try:
                with self._writing():
                    lease.acquire()
            except TimeoutError as error:
                raise changed_for_too_long(self._url, TIMES.wait) from error
            yield lease
        finally:
            lease.release()

    def _write(self, lease: Lease, description: Description) -> None:
        """Write the description that follows the one that was read.

        Raises:
            OutputError: Somebody else has, or it can't be written.
        """
        check_expected(self._url, not lease.is_lost)
        number = description.number + 1
        with self._writing():
            content = description.to_bytes(written=secrets.token_hex(16))
            is_ours = create_object(self._path(number), content)
            check_expected(self._url, is_ours)
            numbers = self._numbers()
            # Numbers are dropped from the lowest on: if that before ours is gone, ours had been
            # there, and was free to be taken again.
            check_expected(self._url, number == 1 or number - 1 in numbers)
            with suppress(OSError):
                for old in [each for each in numbers if each <= number - _KEPT]:
                    remove_object(self._path(old))

    def _path(self, number: int) -> str:
        return str(within(self._url, f"{_DESCRIPTIONS}/{number:08}.json"))

    def _numbers(self) -> list[int]:
        """Return the numbers of all descriptions, ascending."""
        names = self._names(str(within(self._url, _DESCRIPTIONS)))
        return sorted(int(each[1]) for each in map(_NUMBERED.fullmatch, names) if each)

    def _names(self, url: str) -> list[str]:
        try:
            return [entry.name for entry in list_folder(url)]
        except NoBucketError:
            raise
        except AbsentError:
            return []

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except RemoteError as error:
            en, zh = error.text.en, error.text.zh
            raise ArchiveError(
                Text(
                    en=f"{self}: the index can't be read: {en}",
                    zh=f"{self}：无法读取索引：{zh}",
                )
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except RemoteError as error:
            en, zh = error.text.en, error.text.zh
            raise OutputError(
                Text(
                    en=f"{self}: the index can't be written: {en} What it held before is safe.",
                    zh=f"{self}：无法写入索引：{zh}原有内容不受影响。",
                )
            ) from error


def _no_place(url: str) -> UsageError:
    return UsageError(
        Text(
            en=f"{url}: an index can't lie there. Name a folder on this machine, or one in object "
            "storage: s3://, gs:// or az://.",
            zh=f"{url}：索引不能放在这种地址。请指定本机文件夹，或对象存储中的文件夹："
            "s3://、gs:// 或 az://。",
        )
    )


def _has_no_conditions(index: str) -> OutputError:
    return OutputError(
        Text(
            en=f"{index}: no index was made there, since this storage overwrites what is only to "
            "be created (If-None-Match is ignored), and two programs could spoil an index. Update "
            "the storage, or keep the index in a local folder.",
            zh=f"{index}：未在此创建索引。该存储服务不支持条件写入（忽略 If-None-Match），"
            "多个程序同时写入可能损坏索引。请升级存储服务，或把索引放在本机文件夹。",
        )
    )
