"""Tables made for the tests."""

import os
from collections.abc import Iterable
from pathlib import Path

from anysound.batch import Row
from anysound.batch.tables import table_format
from anysound.language import Text

FULL = Row(
    *("b/狗.wav", "狗叫", 0.9234567891, "match", "rain", 1.23456789e-7, 0.5, 12.3456),
    heard_as=("dog barking", "a bark"),
    telling=(1 / 3, 10.3333),
)
FAILED = Row("bad.wav", error=Text("bad.wav: empty", "bad.wav：空"))

# What looks like something else to a spreadsheet.
DECEPTIVE = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "'quoted", "\t=1", "＝1"),
    *("12", "1e5", "007", "TRUE", "2024-01-02", "#N/A", "", " "),
    *("http://a.b/c", "mailto:a@b.c", "internal:Sheet1!A1", "external:a.xlsx", "file:///etc"),
    *("<r>", "<r><t>a</t></r>", "<r></r", "&amp;", "]]>", '"', "_x0041_"),
    *(" blank before", "behind ", "two\nlines", "tab\there", "🐕" * 3, "a | b"),
]

NO_UNICODE = os.fsdecode(b"caf\xe9.wav")


def write_table(output: Path, rows: Iterable[Row]) -> Path:
    """Write a whole table."""
    with table_format(output)(output) as table:
        for row in rows:
            table.add(row)
    return output
