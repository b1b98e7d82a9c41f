"""A table as JSON Lines."""

import json

from anysound.batch.tables.columns import Cells, printable_bytes
from anysound.batch.tables.writer import Table


class JsonLinesTable(Table):
    """One object a row; null where there is nothing to say."""

    def _begin(self) -> None:
        pass

    def _write(self, cells: Cells) -> None:
        line = json.dumps(cells, ensure_ascii=False)
        self._whole.file.write(printable_bytes(line).encode() + b"\n")

    def _end(self) -> None:
        pass
