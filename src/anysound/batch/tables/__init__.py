"""The table of a batch, in the formats that people open."""

from anysound.batch.tables.choose import FORMATS, table_format
from anysound.batch.tables.columns import COLUMNS, Cells, cells_of
from anysound.batch.tables.writer import Table

__all__ = ["COLUMNS", "FORMATS", "Cells", "Table", "cells_of", "table_format"]
