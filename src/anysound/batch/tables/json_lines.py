"""A table as JSON Lines."""

import json

from anysound.batch.tables.columns import Cells
from anysound.batch.tables.writer import Table


class JsonLinesTable(Table):
    """One object a row; null where there is nothing to say."""

    def _begin(self) -> None:
        pass

    def _write(self, cells: Cells) -> None:
        self._whole.file.write(json.dumps(cells, ensure_ascii=False).encode() + b"\n")

    def _end(self) -> None:
        pass
