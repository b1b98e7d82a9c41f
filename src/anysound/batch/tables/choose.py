"""From an output's name to its format."""

from pathlib import Path

from anysound.batch.tables.csv_table import CsvTable
from anysound.batch.tables.excel import ExcelTable
from anysound.batch.tables.json_lines import JsonLinesTable
from anysound.batch.tables.parquet import ParquetTable
from anysound.batch.tables.writer import Table
from anysound.errors import UsageError
from anysound.language import Text

FORMATS: dict[str, type[Table]] = {
    ".csv": CsvTable,
    ".jsonl": JsonLinesTable,
    ".ndjson": JsonLinesTable,
    ".parquet": ParquetTable,
    ".xlsx": ExcelTable,
}
"""What writes a table, by its name's extension."""


def table_format(output: Path) -> type[Table]:
    """Return what writes a table in the format that its name asks for.

    Raises:
        UsageError: The name asks for none.
    """
    wanted = FORMATS.get(output.suffix.lower())
    if wanted is None:
        names = ", ".join(FORMATS)
        raise UsageError(
            Text(
                en=f"{output}: a table's format is told by its name, which must end in one of "
                f"{names}.",
                zh=f"{output}：表格格式由文件名决定，结尾应为以下之一：{names}。",
            )
        )
    return wanted
