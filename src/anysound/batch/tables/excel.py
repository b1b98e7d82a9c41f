"""A table as an Excel workbook."""

from datetime import UTC, datetime
from typing import Any

from anysound.batch.tables.columns import COLUMNS, Cells
from anysound.batch.tables.writer import Table
from anysound.errors import MissingExtraError, OutputError
from anysound.language import Text

_MOST_ROWS = 1_048_575  # under the headings
_LONGEST = 32_767  # characters of a cell
_WIDTHS = {"recording": 40, "label": 24, "runner_up": 24, "error": 40, "heard_as": 40}
_LONG_AGO = datetime(1980, 1, 1, tzinfo=UTC)  # the same rows give the same bytes at any time


class ExcelTable(Table):
    """One sheet, its headings frozen; no text is a formula, a number or a link."""

    def _begin(self) -> None:
        try:
            import xlsxwriter
        except ImportError as error:
            raise MissingExtraError(
                Text(en="Writing Excel workbooks", zh="写入 Excel 文件"), "tables"
            ) from error
        options = {"constant_memory": True}  # rows go to a temporary file as they come
        self._book: Any = xlsxwriter.Workbook(self._whole.file, options)
        self._book.set_properties({"created": _LONG_AGO.replace(tzinfo=None)})
        self._sheet: Any = self._book.add_worksheet("anysound")
        bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 1)
        for column, name in enumerate(COLUMNS):
            self._sheet.set_column(column, column, _WIDTHS.get(name, 14))
            self._sheet.write_string(0, column, name, bold)
        self._rows = 0

    def _write(self, cells: Cells) -> None:
        if self._rows == _MOST_ROWS:
            raise _too_long(self._whole.output.name)
        self._rows += 1
        for column, value in enumerate(cells.values()):
            if isinstance(value, float):
                self._sheet.write_number(self._rows, column, value)
            elif value is not None:
                self._sheet.write_string(self._rows, column, value[:_LONGEST])

    def _end(self) -> None:
        self._book.close()

    def _abandon(self) -> None:
        self._book.fileclosed = 1  # or it would complain when it is collected


def _too_long(name: str) -> OutputError:
    return OutputError(
        Text(
            en=f"{name}: an Excel sheet has no more than {_MOST_ROWS} rows below its headings. "
            "Name the output in .csv or .parquet; what is finished is kept.",
            zh=f"{name}：Excel 工作表最多容纳 {_MOST_ROWS} 行结果。"
            "请改用 .csv 或 .parquet；已完成的部分会保留。",
        )
    )
