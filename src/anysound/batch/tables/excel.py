"""A table as an Excel workbook.

XlsxWriter keeps one row in memory. Until the table is whole, the rows wait in a hidden folder
beside it: the system's own place for temporary files may be small, or in memory itself.
"""

import re
from contextlib import suppress
from datetime import datetime
from tempfile import TemporaryDirectory
from typing import Any

from anysound.batch.tables.columns import COLUMNS, Cells
from anysound.batch.tables.outlet import Outlet
from anysound.batch.tables.writer import Table
from anysound.errors import MissingExtraError
from anysound.language import Text

# Excel's own limits.
_MOST_ROWS = 1_048_575  # of a sheet, under the headings
_LONGEST_TEXT = 32_767  # of a cell, in units of UTF-16

_WIDTHS = {"recording": 40, "label": 24, "runner_up": 24, "error": 40, "heard_as": 40}
_LONG_AGO = datetime(1980, 1, 1)  # the same rows give the same bytes at any time
_NO_XML = re.compile("[\ufffe\uffff]")  # XlsxWriter escapes all others that XML can't hold


class ExcelTable(Table):
    """Headings that stay in sight, and no text that is a formula, a number or a link.

    Rows that a sheet has no room for go on in the next. A text that a cell has no room for ends
    with a note of how long it was.
    """

    def _begin(self) -> None:
        try:
            import xlsxwriter
        except ImportError as error:
            raise MissingExtraError(
                Text(en="Writing Excel workbooks", zh="写入 Excel 文件"), "tables"
            ) from error
        waiting = TemporaryDirectory(
            prefix=".anysound-",
            suffix=".part",
            dir=self._whole.part.parent,
            ignore_cleanup_errors=True,
        )
        options = {
            "constant_memory": True,
            "tmpdir": self._held.enter_context(waiting),
            "use_zip64": True,
        }
        outlet = Outlet(self._whole.file)
        self._held.callback(outlet.cut_off)
        self._book: Any = xlsxwriter.Workbook(outlet, options)
        self._held.callback(self._close_sheets)
        self._book.set_properties({"created": _LONG_AGO})
        self._bold = self._book.add_format({"bold": True})
        self._begin_sheet()

    def _write(self, cells: Cells) -> None:
        if self._rows == _MOST_ROWS:
            self._begin_sheet()
        self._rows += 1
        for column, value in enumerate(cells.values()):
            # Not `write`, which makes numbers, links and formulas of texts that look like one.
            if isinstance(value, str):
                self._sheet.write_string(self._rows, column, _fitting(_plain(value)))
            elif value is not None:
                self._sheet.write_number(self._rows, column, value)

    def _end(self) -> None:
        from xlsxwriter.exceptions import FileCreateError

        try:
            self._book.close()
        except FileCreateError as error:  # is none of Python's, but holds one
            raise OSError(*error.args[0].args) from error

    def _begin_sheet(self) -> None:
        number = len(self._book.worksheets()) + 1
        title = "anysound" if number == 1 else f"anysound {number}"
        self._sheet: Any = self._book.add_worksheet(title)
        self._sheet.freeze_panes(1, 1)
        for column, name in enumerate(COLUMNS):
            self._sheet.set_column(column, column, _WIDTHS.get(name, 14))
            self._sheet.write_string(0, column, name, self._bold)
        self._rows = 0

    def _close_sheets(self) -> None:
        # A workbook that could not be closed leaves these open.
        for sheet in self._book.worksheets():
            for file in (sheet.fh, sheet.row_data_fh):
                with suppress(OSError):
                    file.close()


def _plain(text: str) -> str:
    plain = _NO_XML.sub(lambda found: f"\\u{ord(found[0]):x}", text)
    # XlsxWriter takes this for its own markup and writes it as it is: a blank keeps it a text.
    return f"{plain} " if plain.startswith("<r>") and plain.endswith("</r>") else plain


def _fitting(text: str) -> str:
    units = text.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST_TEXT:
        return text
    note = Text(
        en=f"… (cut for Excel; {len(text)} characters in all)",
        zh=f"……（超出 Excel 单元格上限，已截断；原文共 {len(text)} 字）",
    )
    kept = units[: 2 * (_LONGEST_TEXT - len(str(note)))].decode("utf-16-le", errors="ignore")
    return f"{kept}{note}"
