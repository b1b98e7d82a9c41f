import json
import sys
from pathlib import Path

import pytest

from anysound import MissingExtraError, UsageError
from anysound.batch.tables import FORMATS, table_format
from tests.batch.making import names_in
from tests.batch.tables.making import FULL, write_table


@pytest.mark.parametrize(
    ("ending", "package"), [("parquet", "pyarrow.parquet"), ("xlsx", "xlsxwriter")]
)
def test_a_missing_package_is_told_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str, package: str
) -> None:
    output = tmp_path / f"out.{ending}"
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError) as caught:
        table_format(output)(output)
    assert 'pip install "anysound[tables]"' in caught.value.text.zh
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("name", ["out", "out.xls", "recording.wav", "csv", "out.csv.gz", ".csv"])
def test_an_unknown_format_is_refused_with_those_that_are_known(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError) as caught:
        table_format(tmp_path / name)
    for text in (caught.value.text.en, caught.value.text.zh):
        assert name in text
        assert all(ending in text for ending in FORMATS)
    assert names_in(tmp_path) == []


def test_the_extension_may_be_in_capitals(tmp_path: Path) -> None:
    output = write_table(tmp_path / "OUT.JSONL", [FULL])
    assert json.loads(output.read_bytes())["label"] == "狗叫"
