import json
from pathlib import Path

from pyarrow.json import read_json

from anysound.batch import Row
from anysound.language import use
from tests.batch.tables.making import DECEPTIVE, FAILED, FULL, NO_UNICODE, write_table


def test_the_contract(tmp_path: Path) -> None:
    with use("en"):
        output = write_table(tmp_path / "out.jsonl", [FULL, FAILED])
    assert output.read_bytes().decode() == (
        '{"recording": "b/狗.wav", "label": "狗叫", "probability": 0.923457, "verdict": "match", '
        '"runner_up": "rain", "runner_up_probability": 1.23457e-07, "margin": 0.5, '
        '"duration": 12.346, "error": null, "heard_as": "dog barking | a bark", '
        '"telling_start": 0.333, "telling_end": 10.333}\n'
        '{"recording": "bad.wav", "label": null, "probability": null, "verdict": null, '
        '"runner_up": null, "runner_up_probability": null, "margin": null, "duration": null, '
        '"error": "bad.wav: empty", "heard_as": null, "telling_start": null, '
        '"telling_end": null}\n'
    )


def test_texts_are_as_they_are_and_a_row_is_a_line(tmp_path: Path) -> None:
    texts = [*DECEPTIVE, "\0\x07\r\n\x85\u2028"]
    output = write_table(tmp_path / "out.ndjson", [Row(text) for text in texts])
    lines = output.read_bytes().split(b"\n")
    assert [json.loads(line)["recording"] for line in lines[:-1]] == texts


def test_a_name_that_is_no_unicode_is_one_that_any_reader_takes(tmp_path: Path) -> None:
    output = write_table(tmp_path / "out.jsonl", [Row(NO_UNICODE)])
    assert read_json(output)["recording"].to_pylist() == ["caf\\udce9.wav"]
