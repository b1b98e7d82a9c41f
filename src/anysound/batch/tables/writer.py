"""What all formats of a table have in common."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
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
        self._held = ExitStack()  # what a format lets go of, whether it ends well or not
        with self._whole_or_absent():
            self._begin()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._give_up()
            return
        with self._whole_or_absent():
            self._end()
            self._held.close()
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

    @contextmanager
    def _whole_or_absent(self) -> Iterator[None]:
        try:
            with self._whole.reporting():
                yield
        except BaseException:
            self._give_up()
            raise

    def _give_up(self) -> None:
        try:
            self._held.close()
        finally:
            self._whole.discard()
