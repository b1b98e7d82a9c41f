"""One table of an index: a Lance dataset, read and written at a version that is known."""

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from types import ModuleType
from typing import Any

from anysound.audio.remote import is_url
from anysound.errors import ArchiveError, MissingExtraError, OutputError, reason_of
from anysound.language import Text

ROWS_AT_ONCE = 8192
"""Rows that are read at once: what bounds memory, whatever the index holds."""

_OLD_AFTER = timedelta(hours=1)  # until then a reader may still be at work on an older version

# What Lance says of the way to an object, rather than of what is in it.
_OUT_OF_REACH = re.compile(
    r"Generic (S3|GCS|MicrosoftAzure) error(?!.*416 Range Not Satisfiable)"
    r"|lacked the necessary privileges|did not provide a valid authentication",
    re.DOTALL,
)
# What it says when a change can't be put on top of another's.
_OVERTAKEN = re.compile(r"concurrent transaction|commit conflict", re.IGNORECASE)
_REASON_SHOWN = 300  # characters


class OutOfReachError(ArchiveError):
    """The way to an index is at fault, and nothing is known of what is in it."""


def import_lance() -> ModuleType:
    """Import Lance.

    Raises:
        MissingExtraError: It is not installed.
    """
    os.environ.setdefault("LANCE_LOG", "error")  # it warns of what is meant
    try:
        import lance
    except ImportError as error:
        raise MissingExtraError(Text(en="A stored index", zh="索引功能"), "index") from error
    return lance


class LanceTable:
    """A table at one version.

    It may be read while others write it: what they add is in later versions. Only whoever holds
    the index's lock may write. In object storage a lock may have been taken over; Lance then puts
    one's rows on top of the other's, which is noticed and refused.

    Attributes:
        path: Its folder, or the URL of that.
    """

    def __init__(
        self, path: str, version: int, connection: Mapping[str, str] | None = None
    ) -> None:
        """Open a table.

        Args:
            path: Its folder, or the URL of that.
            version: What counts; 0 is a table that isn't there yet, whatever is in the folder.
            connection: How the storage is reached, as ``connection_to`` says it.

        Raises:
            ArchiveError: There is no such version.
            MissingExtraError: Lance is not installed.
        """
        self.path = path
        self._lance = import_lance()
        self._connection = dict(connection) if connection else None
        self._opened = version
        self._data: Any = None
        if version:
            with reading(path):
                self._data = self._lance.dataset(
                    path, version=version, storage_options=self._connection
                )

    @property
    def version(self) -> int:
        """Of what is read and was written; 0 is a table that isn't there yet."""
        return int(self._data.version) if self._data is not None else 0

    def __len__(self) -> int:
        with reading(self.path):
            return int(self._data.count_rows()) if self._data is not None else 0

    def batches(self, columns: Sequence[str], where: str | None = None) -> Iterator[Any]:
        """Give the rows in their order, as Arrow's record batches.

        Args:
            columns: Which.
            where: A condition in SQL, or None for all rows.

        Raises:
            ArchiveError: A part of the table can't be read.
        """
        if self._data is None:
            return
        with reading(self.path):
            yield from self._data.to_batches(
                columns=list(columns), filter=where, batch_size=ROWS_AT_ONCE
            )

    def fragments(self) -> list[Any]:
        """Return the table's pieces, each of its own file."""
        if self._data is None:
            return []
        with reading(self.path):
            return list(self._data.get_fragments())

    def nearest(self, query: Any, count: int, columns: Sequence[str], **how: Any) -> Any:
        """Return the rows whose embeddings are nearest to a direction, as an Arrow table."""
        with reading(self.path):
            return self._data.to_table(
                columns=[*columns, "_distance"],
                nearest={"column": "embedding", "q": query, "k": count, "metric": "cosine", **how},
            )

    @property
    def has_search_index(self) -> bool:
        """Whether there is what finds near embeddings without looking at all."""
        return self._data is not None and bool(self._data.describe_indices())

    def append(self, rows: Any) -> None:
        """Add rows, an Arrow table.

        Raises:
            OutputError: They can't be written, for want of space perhaps.
        """
        if not len(rows):
            return
        with _writing(self.path):
            if self._data is None:  # what a process left that was killed at its first rows goes
                self._data = self._lance.write_dataset(
                    rows, self.path, mode="overwrite", storage_options=self._connection
                )
                return
            before = self.version
            self._data = self._lance.write_dataset(rows, self._data, mode="append")
        check_expected(self.path, self.version == before + 1)

    def delete(self, column: str, values: Iterable[str | bytes]) -> None:
        """Delete the rows that have one of the values in a column.

        Raises:
            OutputError: That can't be written.
        """
        condition = is_one_of(column, values)
        if self._data is not None and condition:
            before = self.version
            with _writing(self.path):
                self._data.delete(condition)
            check_expected(self.path, self.version <= before + 1)

    def drop_fragments(self, numbers: Sequence[int]) -> None:
        """Do without pieces that can't be read.

        Raises:
            OutputError: That can't be written.
        """
        if numbers:
            lance, before = self._lance, self.version
            with _writing(self.path):
                drop = lance.LanceOperation.Delete([], list(numbers), "true")
                self._data = lance.LanceDataset.commit(
                    self.path,
                    drop,
                    read_version=before,
                    storage_options=self._connection,
                )
            check_expected(self.path, self.version == before + 1)

    def forget_later_versions(self) -> None:
        """Make this version the latest again, after a process was killed in its midst."""
        if self._data is None:
            return
        with _writing(self.path):
            if self._data.latest_version != self._data.version:
                self._data.restore()

    def compact(self) -> None:
        """Make few large files of many small ones."""
        if self._data is not None:
            before = len(self)
            with _writing(self.path):
                self._data.optimize.compact_files()
                self._data.optimize.optimize_indices()
            check_expected(self.path, len(self) == before)

    def drop_old_versions(self) -> None:
        """Free the space of what no longer counts, if the version that counts is the latest."""
        if self._data is not None and self.version == self._opened:
            with _writing(self.path):
                self._data.cleanup_old_versions(older_than=_OLD_AFTER)

    def make_search_index(self, partitions: int, sub_vectors: int) -> None:
        """Make what finds near embeddings without looking at all, in place of an earlier one."""
        before = len(self)
        with _writing(self.path):
            self._data = self._data.create_index(
                "embedding",
                "IVF_PQ",
                metric="cosine",
                num_partitions=partitions,
                num_sub_vectors=sub_vectors,
                replace=True,
            )
        check_expected(self.path, len(self) == before)


def is_one_of(column: str, values: Iterable[str | bytes]) -> str:
    """Return the condition that a column has one of the values; empty if there are none."""
    literals = [
        f"X'{value.hex()}'" if isinstance(value, bytes) else f"'{value}'" for value in values
    ]
    return f"{column} IN ({', '.join(literals)})" if literals else ""


@contextmanager
def reading(path: str) -> Iterator[None]:
    """Say of what fails inside that the table can't be read.

    Raises:
        ArchiveError: Something failed; an ``OutOfReachError`` if it was on the way there.
    """
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        reason = _reason(error)
        if _OUT_OF_REACH.search(str(error)):
            raise OutOfReachError(
                Text(
                    en=f"{path}: the index can't be read ({reason}). Check the connection, the "
                    "permissions and the credentials, and try again.",
                    zh=f"{path}：无法读取索引（{reason}）。请检查网络连接、权限和访问密钥，"
                    "然后重试。",
                )
            ) from error
        raise ArchiveError(
            Text(
                en=f"{path}: a part of the index can't be read ({reason}). `anysound index verify` "
                "says which recordings that costs, and with --repair takes them out, to be added "
                "again.",
                zh=f"{path}：索引的一部分无法读取（{reason}）。可用 `anysound index verify` "
                "查看哪些录音受影响；加上 --repair 可将其移除，以便重新加入。",
            )
        ) from error


def check_expected(path: str, is_expected: bool) -> None:
    """Make sure that nobody else has changed what a change builds upon.

    Raises:
        OutputError: Somebody has.
    """
    if not is_expected:
        raise OutputError(
            Text(
                en=f"{path}: another program changed the index while this change was written, "
                "which took so long that its turn was over. Nothing of it counts, and all else is "
                "safe. Run the same command again.",
                zh=f"{path}：写入耗时过长，期间另一个程序修改了索引，因此本次修改未生效；"
                "索引的其他内容不受影响。请重新运行同一命令。",
            )
        )


@contextmanager
def _writing(path: str) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:
        check_expected(path, not _OVERTAKEN.search(str(error)))
        reason = _reason(error)
        remedy = _REMEDY_REMOTE if is_url(path) else _REMEDY
        raise OutputError(
            Text(
                en=f"{path}: the index can't be written ({reason}). What it held before is safe. "
                f"{remedy.en}",
                zh=f"{path}：无法写入索引（{reason}），原有内容不受影响。{remedy.zh}",
            )
        ) from error


_REMEDY = Text(
    en="Check that its folder may be written to and has space.",
    zh="请确认文件夹可写且空间足够。",
)
_REMEDY_REMOTE = Text(
    en="Check the connection, the permissions and the credentials, and run the same command again.",
    zh="请检查网络连接、权限和访问密钥，然后重新运行同一命令。",
)


def _reason(error: Exception) -> str:
    """Return what Lance says, without where in its own code it was."""
    said = re.split(r", /|<\?xml|<Error>", reason_of(error))[0]
    said = said.replace("External error: ", "").replace("LanceError(IO): ", "")
    return " ".join(said.split()).rstrip(": ")[:_REASON_SHOWN]
