"""A batch that is answered from an index, and adds to it what is new."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anysound import OutputError, UsageError
from anysound.batch import BatchOptions, BatchSummary, EventOptions, Progress, run_batch
from anysound.classifier import Classifier
from anysound.index import Index
from tests.batch.making import LABELS, write_folder, write_tone
from tests.fakes import FakeModel


class Counting(FakeModel):
    """Counts what it embeds."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = 0

    def embed_audio(self, waveforms):  # type: ignore[no-untyped-def]
        self.heard += len(waveforms)
        return super().embed_audio(waveforms)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_folder(tmp_path / "recordings")
    write_tone(folder / "long.wav", 250, seconds=7)
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index")


def options(folder: Path, output: Path) -> BatchOptions:
    return BatchOptions((str(folder),), LABELS, output, workers=2)


def batch(index: Index, folder: Path, output: Path, labels: str = LABELS) -> BatchSummary:
    return index.batch(Classifier(FakeModel()), replace(options(folder, output), labels=labels))


def rows(output: Path) -> list[dict[str, str]]:
    with output.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_table_is_a_batchs(folder: Path, index: Index, tmp_path: Path) -> None:
    ours, plain = tmp_path / "ours.csv", tmp_path / "plain.csv"
    summary = batch(index, folder, ours)
    expected = run_batch(Classifier(FakeModel()), options(folder, plain))
    assert replace(summary, failures=()) == replace(expected, failures=())
    assert {str(each) for each in summary.failures} == {str(each) for each in expected.failures}
    assert len(rows(ours)) == len(rows(plain)) > 5
    numbers = {"probability", "runner_up_probability", "margin"}
    same = rows(plain)[0].keys() - numbers - {"runner_up"}  # a tone is equally unlike all others
    for mine, other in zip(rows(ours), rows(plain), strict=True):
        assert {key: mine[key] for key in same} == {key: other[key] for key in same}
        for key in numbers:
            assert mine[key] == other[key] == "" or np.isclose(
                float(mine[key]), float(other[key]), atol=1e-3
            )


def test_what_is_stored_is_not_embedded_again(folder: Path, index: Index, tmp_path: Path) -> None:
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    batch(index, folder, first)
    write_tone(folder / "new.wav", 500, seconds=0.4)
    model = Counting()
    shown: list[Progress] = []
    summary = index.batch(Classifier(model), options(folder, second), shown.append)
    assert model.heard == 1
    assert (shown[-1].done, shown[-1].total) == (len(rows(second)),) * 2
    assert summary.kept == shown[-1].kept == len(rows(first)) - 2  # which fail again
    again = {row["recording"]: row for row in rows(second)}
    assert again.pop("new.wav")["label"]
    assert list(again.values()) == rows(first)


def test_other_labels_need_no_audio(folder: Path, index: Index, tmp_path: Path) -> None:
    batch(index, folder, tmp_path / "first.csv")
    model = Counting()
    asked = replace(options(folder, tmp_path / "out.csv"), labels="squeal, hum, click")
    assert index.batch(Classifier(model), asked).labels.keys() == {"squeal", "hum", "click"}
    assert model.heard == 0


def test_only_what_is_in_the_sources_is_answered(
    folder: Path, index: Index, tmp_path: Path
) -> None:
    batch(index, folder, tmp_path / "all.csv")
    batch(index, folder / "b", tmp_path / "some.csv")
    assert len(rows(tmp_path / "all.csv")) > 5
    some = [row["recording"] for row in rows(tmp_path / "some.csv")]
    assert some == ["./-10 dB.wav", "z.wav"]


def test_it_is_written_down_how_the_table_was_made(
    folder: Path, index: Index, tmp_path: Path
) -> None:
    batch(index, folder, tmp_path / "out.csv")
    written = json.loads((tmp_path / "out.csv.params.json").read_text(encoding="utf-8"))
    assert written["index"] == str(tmp_path / "index")
    assert [label["name"] for label in written["labels"]]


def test_what_an_index_does_not_hold_is_refused(folder: Path, index: Index, tmp_path: Path) -> None:
    asked = options(folder, tmp_path / "out.csv")
    clf = Classifier(FakeModel())
    with pytest.raises(UsageError, match="too far apart"):
        index.batch(clf, replace(asked, events=EventOptions(tmp_path / "events.csv")))
    with pytest.raises(UsageError, match="--no-resume"):
        index.batch(clf, replace(asked, resume=False))
    assert not index.exists


def test_what_is_embedded_outlives_a_table_that_cannot_be_written(
    folder: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("the disk is full")  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr("anysound.batch.tables.csv_table.CsvTable.add", full)
        with pytest.raises(OutputError):
            batch(index, folder, tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()
    assert index.info().recordings > 3
    assert batch(index, folder, tmp_path / "out.csv").kept == index.info().recordings
