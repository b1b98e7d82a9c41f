from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from anysound.batch import Row
from anysound.language import use
from tests.batch.tables.making import DECEPTIVE, FAILED, FULL, NO_UNICODE, write_table


def test_typed_columns_and_nulls(tmp_path: Path) -> None:
    with use("en"):
        output = write_table(tmp_path / "out.parquet", [FULL, FAILED])
    table = pq.read_table(output)
    assert {field.name: str(field.type) for field in table.schema} == {
        "recording": "string",
        "label": "string",
        "probability": "double",
        "verdict": "string",
        "runner_up": "string",
        "runner_up_probability": "double",
        "margin": "double",
        "duration": "double",
        "error": "string",
        "heard_as": "string",
        "telling_start": "double",
        "telling_end": "double",
    }
    full, failed = table.to_pylist()
    assert full == {
        "recording": "b/狗.wav",
        "label": "狗叫",
        "probability": 0.923457,
        "verdict": "match",
        "runner_up": "rain",
        "runner_up_probability": 1.23457e-07,
        "margin": 0.5,
        "duration": 12.346,
        "error": None,
        "heard_as": "dog barking | a bark",
        "telling_start": 0.333,
        "telling_end": 10.333,
    }
    assert {name: value for name, value in failed.items() if value is not None} == {
        "recording": "bad.wav",
        "error": "bad.wav: empty",
    }


def test_texts_are_as_they_are(tmp_path: Path) -> None:
    texts = [*DECEPTIVE, "\0\x07\r\n\x85\u2028"]
    output = write_table(tmp_path / "out.parquet", [Row(f"{text}.wav", text) for text in texts])
    rows = pq.read_table(output).to_pylist()
    assert [row["recording"] for row in rows] == [f"{text}.wav" for text in texts]
    assert [row["label"] or "" for row in rows] == texts


def test_a_name_that_is_no_unicode_can_be_read(tmp_path: Path) -> None:
    output = write_table(tmp_path / "out.parquet", [Row(NO_UNICODE)])
    assert pq.read_table(output)["recording"].to_pylist() == ["caf\\udce9.wav"]


@pytest.mark.parametrize(("rows", "groups"), [(0, []), (5, [5]), (6, [6]), (13, [6, 6, 1])])
def test_rows_come_in_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, groups: list[int]
) -> None:
    monkeypatch.setattr("anysound.batch.tables.parquet._GROUP", 6)
    names = [f"{number}.wav" for number in range(rows)]
    output = write_table(tmp_path / "out.parquet", map(Row, names))
    file = pq.ParquetFile(output)
    found = [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)]
    assert found == groups
    assert file.read()["recording"].to_pylist() == names


def test_rows_without_any_answer_have_the_same_columns(tmp_path: Path) -> None:
    failed = write_table(tmp_path / "failed.parquet", [FAILED])
    full = write_table(tmp_path / "full.parquet", [FULL])
    assert pa.concat_tables([pq.read_table(failed), pq.read_table(full)]).num_rows == 2
