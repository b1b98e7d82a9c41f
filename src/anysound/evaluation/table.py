"""The table that says what each recording truly holds."""

import csv
import io
import os
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from anysound.audio.remote import Place, is_url
from anysound.encoding import decoded
from anysound.errors import UsageError, reason_of
from anysound.language import Text
from anysound.writing import armed

_MAX_BYTES = 1 << 26
_SEPARATORS = ",;\t"
_RECORDING = ("recording", "录音", "file", "filename", "文件", "文件名", "path")
_LABEL = ("label", "标签", "category", "类别")
_GROUP = ("group", "分组")
_HEADER_SHOWN = 80


@dataclass(frozen=True)
class TrueRow:
    """What one recording truly holds.

    Attributes:
        recording: The recording as the table names it.
        path: Where it is.
        label: The true label as written; empty if there is none.
        group: Recordings of one group, of one session perhaps, are no independent evidence;
            one without is a group by itself.
        line: Where the table says so.
    """

    recording: str
    path: Place
    label: str
    group: str
    line: int


@dataclass(frozen=True)
class TrueTable:
    """A table of recordings with their true labels.

    Attributes:
        path: Where it was read from.
        rows: One a recording, in the table's order.
        repeated: How many lines said again what an earlier one says.
        columns: Their names, as they compare.
    """

    path: Path
    rows: tuple[TrueRow, ...]
    repeated: int
    columns: tuple[str, ...]


@dataclass(frozen=True)
class _Columns:
    recording: int
    label: int
    group: int | None
    names: tuple[str, ...]


def read_table(path: Path) -> TrueTable:
    """Read a table: CSV with commas, semicolons or tabs, in any common encoding.

    Its first line names the columns: ``recording`` and ``label``, or their Chinese names, or
    those of well-known collections; ``group`` may be there, and others are ignored. Relative
    paths count from the table's folder.

    Raises:
        UsageError: It can't be read, is no such table, or contradicts itself.
    """
    text = text_of(path, _MAX_BYTES)
    separator, columns, header_line = _header(path, text)
    rows: dict[str, TrueRow] = {}
    repeated = 0
    for row in _rows(path, text, separator, columns, header_line):
        first = rows.setdefault(os.path.normpath(row.path), row)
        if (first.label, first.group) != (row.label, row.group):
            raise _contradiction(path, first, row)
        repeated += first is not row
    if not rows:
        raise _no_rows(path)
    return TrueTable(path, tuple(rows.values()), repeated, columns.names)


def normal(text: str) -> str:
    """Return a name as it compares: without case, width of letters, or blanks around it."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def text_of(path: Path, most: int) -> str:
    """Return what stands in a table, in whatever encoding.

    Args:
        path: Of the table.
        most: How many bytes it may have.

    Raises:
        UsageError: It can't be read, has more, or is no text.
    """
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except (OSError, ValueError) as error:
        raise wrong(
            path,
            f"the table can't be read ({reason_of(error)}). Check the path.",
            f"无法读取表格（{reason_of(error)}）。请检查路径。",
        ) from error
    if len(content) > most:
        size = most >> 20
        raise wrong(
            path,
            f"the table is larger than {size} MiB. Is it the right file?",
            f"表格超过了 {size} MiB。是不是选错了文件？",
        )
    text = decoded(content)
    if text is None or "\0" in text:
        raise wrong(
            path,
            "this is no text. Save the table as CSV (in Excel: Save As, CSV UTF-8).",
            "这不是文本文件。请把表格另存为 CSV（Excel：另存为“CSV UTF-8”）。",
        )
    return text


def _header(path: Path, text: str) -> tuple[str, _Columns, int]:
    """Find the separator that makes the first line a header; return its line as well."""
    for separator in _SEPARATORS:
        with suppress(csv.Error):  # it may be well-formed with another one
            for line, cells in _records(text, separator):
                if _is_excels_hint(cells) or not any(cell.strip() for cell in cells):
                    continue
                columns = _columns(cells)
                if columns:
                    return separator, columns, line
                break
    raise _no_header(path, text)


def _rows(
    path: Path, text: str, separator: str, columns: _Columns, header_line: int
) -> Iterator[TrueRow]:
    last = 0
    try:
        for line, cells in _records(text, separator):
            last = line
            if line > header_line and any(cell.strip() for cell in cells):
                yield _row(path, line, cells, columns)
    except csv.Error as error:
        raise wrong(
            path,
            f"it is no well-formed CSV after line {last} ({error}). Is a quote not closed?",
            f"第 {last} 行之后不是正确的 CSV（{error}）。是不是引号没有配对？",
        ) from error


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    for cells in reader:
        yield reader.line_num, cells


def _is_excels_hint(cells: Sequence[str]) -> bool:
    """Whether it is the line ``sep=;`` that tells Excel the separator."""
    return bool(cells) and cells[0].lower().startswith("sep=") and not any(cells[1:])


def _columns(header: Sequence[str]) -> _Columns | None:
    names = [normal(cell) for cell in header]

    def find(known: Sequence[str]) -> int | None:
        return next((names.index(name) for name in known if name in names), None)

    recording, label = find(_RECORDING), find(_LABEL)
    if recording is None or label is None:
        return None
    return _Columns(recording, label, find(_GROUP), tuple(names))


def _row(path: Path, line: int, cells: Sequence[str], columns: _Columns) -> TrueRow:
    def cell(column: int | None) -> str:
        return cells[column].strip() if column is not None and column < len(cells) else ""

    recording = cell(columns.recording)
    if not recording:
        raise wrong(
            path,
            f"line {line} names no recording. Write its path there, or delete the line.",
            f"第 {line} 行没有写录音文件。请填写路径，或删去这一行。",
        )
    where: Place = recording if is_url(recording) else _below(path.parent, recording)
    return TrueRow(recording, where, armed(cell(columns.label)), cell(columns.group), line)


def _below(folder: Path, recording: str) -> Path:
    where = folder / recording
    if "\\" in recording and os.sep == "/" and not where.exists():
        where = folder / recording.replace("\\", "/")  # a table from Windows
    return where


def wrong(path: Path, en: str, zh: str) -> UsageError:
    """Say what is wrong with a table."""
    return UsageError(Text(en=f"{path}: {en}", zh=f"{path}：{zh}"))


def _no_header(path: Path, text: str) -> UsageError:
    first = next((line for line in text.splitlines() if line.strip()), "")
    shown = first if len(first) <= _HEADER_SHOWN else first[:_HEADER_SHOWN] + "…"
    found_en = f"it reads: {shown}" if shown else "the file is empty."
    found_zh = f"现在是：{shown}" if shown else "现在文件是空的。"
    return wrong(
        path,
        "the table's first line must name the columns recording,label (also file or filename, "
        f"category; 录音,标签); {found_en}",
        "表格的第一行必须写列名：录音,标签（也可以是 recording,label；file 或 filename,category）；"
        f"{found_zh}",
    )


def _no_rows(path: Path) -> UsageError:
    return wrong(
        path,
        "the table has column names and no recordings below them.",
        "表格只有列名，下面没有录音。",
    )


def _contradiction(path: Path, first: TrueRow, row: TrueRow) -> UsageError:
    return wrong(
        path,
        f"lines {first.line} and {row.line} say different things of {row.recording}. "
        "A recording has one true label here: keep one of the lines.",
        f"第 {first.line} 行和第 {row.line} 行对 {row.recording} 的说法不同。"
        "一段录音只能有一个真实标签：请只保留一行。",
    )
