"""What is generated says what the code says."""

from pathlib import Path
from types import ModuleType

import pytest

from tools import command_reference, http_reference

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("made_by", [command_reference, http_reference])
def test_references_are_of_today(made_by: ModuleType, tmp_path: Path) -> None:
    made_by.write(tmp_path)
    for name in made_by.FILES.values():
        now = (tmp_path / name).read_text(encoding="utf-8")
        committed = (DOCS / name).read_text(encoding="utf-8")
        assert committed == now, f"python -m {made_by.__name__}"


def test_every_field_is_told_of_in_chinese() -> None:
    rows = [
        line for line in (DOCS / "http.zh-CN.md").read_text("utf-8").splitlines() if "| `" in line
    ]
    told = [row.rstrip(" |").rpartition("| ")[2] for row in rows]
    assert told
    assert [text for text in told if text and text.isascii() and "`" not in text] == []
