"""A table as CSV."""

import csv
import io

from anysound.batch.tables.columns import COLUMNS, Cells
from anysound.batch.tables.writer import Table
from anysound.writing import disarmed, disarmed_path

_SECONDS = ("duration", "telling_start", "telling_end")


class CsvTable(Table):
    """UTF-8 with a mark, so that Excel shows Chinese; no text is a formula."""

    def _begin(self) -> None:
        self._text = io.TextIOWrapper(self._whole.file, encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._text)
        self._csv.writerow(COLUMNS)

    def _write(self, cells: Cells) -> None:
        self._csv.writerow(_written(name, value) for name, value in cells.items())

    def _end(self) -> None:
        self._text.flush()


def _written(name: str, value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.3f}" if name in _SECONDS else f"{value:.6g}"
    return disarmed_path(value) if name == "recording" else disarmed(value)
