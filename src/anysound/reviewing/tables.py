"""The rows of a batch's table, in each format that ``anysound batch`` writes."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from anysound.errors import MissingExtraError, reason_of
from anysound.evaluation.table import text_of, wrong
from anysound.language import Text
from anysound.writing import armed

Row: TypeAlias = Mapping[str, Any]
"""Values by column."""

_MAX_BYTES = 1 << 28


def read_rows(path: Path) -> Sequence[Row]:
    """Return the rows of a table; its name says the format.

    Raises:
        UsageError: It can't be read, or is damaged.
        MissingExtraError: What reads its format is not installed.
    """
    read = _FORMATS.get(path.suffix.lower(), _csv)
    try:
        return list(read(path))
    except OSError as error:
        raise wrong(
            path,
            f"the table can't be read ({reason_of(error)}). Check the path.",
            f"无法读取表格（{reason_of(error)}）。请检查路径。",
        ) from error
    except (csv.Error, ValueError, KeyError, RecursionError) as error:
        raise wrong(path, f"it is damaged ({error}).", f"文件已损坏（{error}）。") from error


def _csv(path: Path) -> Iterator[Row]:
    text = io.StringIO(text_of(path, _MAX_BYTES), newline="")
    for row in csv.DictReader(text, strict=True):
        yield {name: armed(value or "") for name, value in row.items() if isinstance(name, str)}


def _json_lines(path: Path) -> Iterator[Row]:
    for line in text_of(path, _MAX_BYTES).splitlines():
        row = json.loads(line) if line.strip() else None
        if isinstance(row, dict):
            yield row


def _parquet(path: Path) -> Iterator[Row]:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError(
            Text(en="Reading Parquet", zh="读取 Parquet 文件"), "tables"
        ) from error
    rows: list[Row] = parquet.read_table(path).to_pylist()
    yield from rows


def _excel(path: Path) -> Iterator[Row]:
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise MissingExtraError(
            Text(en="Reading Excel workbooks", zh="读取 Excel 文件"), "tables"
        ) from error
    from zipfile import BadZipFile

    try:
        book = load_workbook(path, read_only=True)
    except (BadZipFile, InvalidFileException) as error:
        raise ValueError(error) from error
    for sheet in book.worksheets:  # a long table goes on in further sheets
        lines = sheet.iter_rows(values_only=True)
        header = next(lines, ())
        for line in lines:
            yield dict(zip(map(str, header), line, strict=False))
    book.close()


_FORMATS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".json": _json_lines,
    ".parquet": _parquet,
    ".xlsx": _excel,
}
