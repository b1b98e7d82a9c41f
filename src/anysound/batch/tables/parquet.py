"""A table as Parquet."""

from anysound.batch.tables.columns import COLUMNS, Cells
from anysound.batch.tables.writer import Table
from anysound.errors import MissingExtraError
from anysound.language import Text

_GROUP = 10_000  # rows that are held, and written at once


class ParquetTable(Table):
    """Typed columns, in groups of rows."""

    def _begin(self) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise MissingExtraError(
                Text(en="Writing Parquet", zh="写入 Parquet 文件"), "tables"
            ) from error
        types = {str: pyarrow.string(), float: pyarrow.float64()}
        self._make = pyarrow.Table.from_pylist
        self._schema = pyarrow.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
        self._rows: list[Cells] = []
        self._parquet = pyarrow.parquet.ParquetWriter(self._whole.file, self._schema)
        self._held.callback(self._let_go)

    def _write(self, cells: Cells) -> None:
        self._rows.append(cells)
        if len(self._rows) == _GROUP:
            self._flush()

    def _end(self) -> None:
        self._flush()
        self._parquet.close()

    def _flush(self) -> None:
        if self._rows:
            self._parquet.write_table(self._make(self._rows, schema=self._schema))
            self._rows = []

    def _let_go(self) -> None:
        self._parquet.is_open = False  # or it would write its end when it is collected
