"""What all formats of a table have in common."""

from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import Self

from anysound.batch.row import Row
from anysound.batch.tables.columns import Cells, cells_of
from anysound.writing import WholeFile


class Table(ABC):
    """A table in the making: it appears when its block ends well, and not at all otherwise.

    A context manager.
    """

    def __init__(self, output: Path) -> None:
        """Make sure that the output can be written, and begin.

        Args:
            output: Where the table is to be; a file that is there is replaced in the end.

        Raises:
            OutputError: It can't be written there.
            MissingExtraError: What writes the format is not installed.
        """
        self._whole = WholeFile(output)
        try:
            with self._whole.reporting():
                self._begin()
        except BaseException:
            self._whole.discard()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._abandon()
            self._whole.discard()
            return
        try:
            with self._whole.reporting():
                self._end()
        except BaseException:
            self._whole.discard()
            raise
        self._whole.finish()

    def add(self, row: Row) -> None:
        """Write the next row.

        Raises:
            OutputError: It can't be written, for want of space perhaps.
        """
        with self._whole.reporting():
            self._write(cells_of(row))

    @abstractmethod
    def _begin(self) -> None:
        """Write what comes before the rows."""

    @abstractmethod
    def _write(self, cells: Cells) -> None:
        """Write a row."""

    @abstractmethod
    def _end(self) -> None:
        """Write what comes behind the rows, and all that is still held."""

    def _abandon(self) -> None:  # noqa: B027 - most formats hold nothing
        """Let go of what is held; the table will not be."""
