"""The folder of a report: whole or not at all."""

import csv
import json
import sys
from pathlib import Path

import pytest

from anysound.classifier import Classifier
from anysound.errors import OutputError, UsageError
from anysound.evaluation import Evaluation, EvaluationOptions, evaluate, plan, write_report
from anysound.evaluation.output import check_folder
from tests.batch.making import names_in
from tests.evaluation.making import LABELS, write_table
from tests.fakes import FakeModel

NAMES = ("low", "middle", "high", "")


@pytest.fixture
def evaluation(tmp_path: Path) -> Evaluation:
    (tmp_path / "in").mkdir()
    table = write_table(tmp_path / "in", NAMES)
    with table.open("a", encoding="utf-8") as file:
        file.write("\n=gone.wav,low")
    chosen = EvaluationOptions(table, (LABELS, "low=250 Hz, middle=125 Hz, high=4000 Hz"))
    return evaluate(Classifier(FakeModel()), plan(chosen))


def predictions(folder: Path) -> list[dict[str, str]]:
    content = (folder / "predictions.csv").read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(content.splitlines()))


def test_the_files(evaluation: Evaluation, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    assert write_report(tmp_path / "报告", evaluation) is None
    pictures = [f"{name}-{n}.svg" for name in ("calibration", "confusion") for n in (1, 2)]
    assert names_in(tmp_path / "报告") == [*pictures, "predictions.csv", "report.json"]
    assert names_in(tmp_path) == ["in", "报告"]
    report = json.loads((tmp_path / "报告" / "report.json").read_text(encoding="utf-8"))
    assert report == evaluation.to_dict()
    assert report["wordings"][0]["accuracy"]["count"] == 3


def test_a_row_for_each_answer_and_each_failure(evaluation: Evaluation, tmp_path: Path) -> None:
    write_report(tmp_path / "out", evaluation)
    rows = predictions(tmp_path / "out")
    assert len(rows) == 4 * 2 + 1
    assert [row["right"] for row in rows] == ["1", "1", "1", "0", "1", "1", "1", "1", ""]
    assert rows[0]["true_label"] == rows[0]["label"] == "low"
    assert rows[6]["verdict"] == "none"
    assert rows[-1]["recording"] == "./=gone.wav"  # no formula for a spreadsheet
    assert rows[-1]["error"].startswith("'=gone.wav: ")


def test_an_older_report_makes_room(evaluation: Evaluation, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "report.json").write_text("old")
    (folder / "confusion-7.svg").write_text("old")
    (folder / ".DS_Store").touch()
    write_report(folder, evaluation)
    assert not (folder / "confusion-7.svg").exists()
    assert (folder / "report.json").read_text() != "old"
    assert names_in(tmp_path) == ["in", "out"]


def test_anything_else_is_left_alone(evaluation: Evaluation, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    for place in (folder, folder / "thesis.txt"):
        with pytest.raises(UsageError):
            write_report(place, evaluation)
    assert names_in(folder) == ["thesis.txt"]
    with pytest.raises(OutputError):
        check_folder(tmp_path / "nowhere" / "out")


def test_a_failure_midway_leaves_the_older_report(
    evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "report.json").write_text("old")

    def refuse(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match="No space left"):
        write_report(folder, evaluation)
    assert (folder / "report.json").read_text() == "old"
    assert names_in(tmp_path) == ["in", "out"]


def test_without_the_extra_there_is_all_but_pictures(
    evaluation: Evaluation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    missing = write_report(tmp_path / "out", evaluation)
    assert 'pip install "anysound[plot]"' in str(missing)
    assert names_in(tmp_path / "out") == ["predictions.csv", "report.json"]
