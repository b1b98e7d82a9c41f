"""What a batch wrote, as it is reviewed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from anysound.errors import UsageError
from anysound.language import use
from anysound.reviewing import read_results
from tests.batch.making import write_tone

FORMATS = (".csv", ".jsonl", ".parquet", ".xlsx")
LABELS = "low=250 Hz, '=high'=4000 Hz, never=1000 Hz"


@pytest.mark.parametrize("suffix", FORMATS)
def test_each_format_that_a_batch_writes(
    run: Callable[..., Result], tmp_path: Path, suffix: str
) -> None:
    for name, frequencies in {"a.wav": (250, 4000), "-b.wav": (2000,), "c.wav": (250,)}.items():
        write_tone(tmp_path / "rec" / name, *frequencies)
    (tmp_path / "rec" / "text.wav").write_text("no sound at all")
    output = tmp_path / f"results{suffix}"
    run("batch", tmp_path / "rec", "-l", LABELS, "-o", output)
    results = read_results(output)
    found = [(Path(each.recording).name, each.verdict) for each in results.answers]
    assert found == [("a.wav", "ambiguous"), ("-b.wav", "none"), ("c.wav", "match")]
    assert set(results.answers[0].labels) == {"low", "=high"}
    assert results.labels == ("low", "=high", "never")
    assert results.sources == (str(tmp_path / "rec"),)


def test_without_parameters_the_labels_are_those_of_the_answers(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    rows = (("a", "x", "y", "none"), ("b", "y", "z", "match"), ("c", "z", None, "ambiguous"))
    names = ("recording", "label", "runner_up", "verdict")
    lines = [json.dumps(dict(zip(names, row, strict=True))) for row in rows]
    path.write_text("\n\n".join(lines), encoding="utf-8")
    for parameters in (
        "",
        "{",
        "[1]",
        '{"labels": 1, "sources": "x"}',
        '{"labels": [{"name": 3}]}',
    ):
        (tmp_path / "r.jsonl.params.json").write_text(parameters, encoding="utf-8")
        results = read_results(path)
        assert [each.recording for each in results.answers] == ["c", "a", "b"]
        assert results.labels == ("z", "x", "y")
        assert results.sources == ()


@pytest.mark.parametrize(
    ("start", "end", "span"),
    [(1.0, 2.0, (1.0, 2.0)), (None, 2.0, None), ("x", 1, None), (-1, 1, None), ("inf", 1, None)],
)
def test_a_span_that_makes_sense(
    tmp_path: Path, start: object, end: object, span: tuple[float, float] | None
) -> None:
    row = {"recording": "a", "label": "x", "verdict": "none"}
    row_with = {**row, "telling_start": start, "telling_end": end}
    (tmp_path / "r.jsonl").write_text(json.dumps(row_with), encoding="utf-8")
    assert read_results(tmp_path / "r.jsonl").answers[0].telling == span


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("r.csv", b"", "no table of `anysound batch`"),
        ("r.csv", b"recording,label\na,b\n", "no table of `anysound batch`"),
        ("r.csv", b'recording,label,verdict\n"a', "damaged"),
        ("r.csv", b"\x00\x01", "this is no text"),
        ("r.jsonl", b"{", "damaged"),
        ("r.jsonl", b"[1]\n2\n", "no table of `anysound batch`"),
        ("r.parquet", b"PAR1 or not", "damaged"),
        ("r.xlsx", b"PK or not", "damaged"),
        ("r.xlsx", b"", "damaged"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with use("en"), pytest.raises(UsageError, match=message) as caught:
        read_results(tmp_path / name)
    assert caught.value.text.zh != caught.value.text.en


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_table_that_is_not_there(tmp_path: Path, suffix: str) -> None:
    with use("en"), pytest.raises(UsageError, match="can't be read"):
        read_results(tmp_path / f"none{suffix}")
