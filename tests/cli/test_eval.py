import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from anysound.scoring.thresholds import read_thresholds
from tests.batch.making import names_in
from tests.cli.running import start
from tests.evaluation.making import LABELS, write_table
from tests.patience import PATIENCE

Run = Callable[..., Result]
NAMES = ("low", "middle", "high", "") * 5
WORSE = "low=1000 Hz, middle=250 Hz, high=4000 Hz"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return write_table(tmp_path, NAMES)


def test_a_person_gets_tables(run: Run, table: Path) -> None:
    result = run("eval", table, "-l", LABELS)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0] == (
        "20 recordings: 15 with a label, 5 with none of them, 0 failed. Model: fake (0, fp32)"
    )
    assert "first label right (95 % interval)  100.0% (80-100%)" in lines
    assert any(line.split() == ["low", "100.0%", "100.0%", "100.0%", "5"] for line in lines)
    assert result.stderr == "Answered by a fake.\n"
    assert "\x1b" not in result.output


def test_wordings_side_by_side(run: Run, table: Path) -> None:
    shown = run("eval", table, "-l", LABELS, "-l", WORSE, "--template", "a {} beep").stdout
    assert "1 against 3: 10 recordings right with 1 only, 0 with 3 only" in shown
    assert "5x low taken for middle" in shown
    assert "The best of several wordings looks a little better" in shown


def test_a_program_gets_json(run: Run, table: Path) -> None:
    result = run("eval", table, "-l", LABELS, "-l", WORSE, "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    report = json.loads(result.stdout)
    first, second = report["wordings"]
    assert first["accuracy"]["share"] == 1.0
    assert second["confusion"]["counts"] == [[0, 5, 0], [5, 0, 0], [0, 0, 5]]
    assert report["comparisons"][0]["only_first"] == 10
    assert report["failed"] == []


def test_a_recording_that_fails_is_told_and_is_1(run: Run, table: Path) -> None:
    (table.parent / "3.wav").unlink()
    result = run("eval", table, "-l", LABELS)
    assert result.exit_code == 1
    assert "first label right" in result.stdout
    assert "Failed: 3.wav: there is no such file" in result.stderr


def test_many_failures_are_counted_not_listed(run: Run, table: Path) -> None:
    for path in table.parent.glob("*.wav"):
        path.unlink()
    result = run("eval", table, "-l", LABELS, "--suggest")
    assert result.exit_code == 1
    assert result.stderr.count("Failed: ") == 10
    assert "10 more failed" in result.stderr


def test_a_suggestion_can_be_pasted(run: Run, table: Path) -> None:
    # The model can't read "250", so that low is taken for high; the template makes it readable.
    given = "low=250, middle=1000 Hz, high=250 Hz|4000 Hz"
    result = run("eval", table, "-l", given, "--suggest", "--template", "{} Hz")
    assert result.exit_code == 0
    pasted = result.stdout.splitlines()[-1]
    assert pasted.startswith("low=")
    assert "250 Hz" in pasted
    assert "5 gained, 0 lost" in result.stdout
    again = run("eval", table, "-l", pasted, "--json")
    assert json.loads(again.stdout)["wordings"][0]["accuracy"]["share"] == 1.0


def test_nothing_better_and_too_few(run: Run, table: Path, tmp_path: Path) -> None:
    assert "keep your wording" in run("eval", table, "-l", LABELS, "--suggest").stdout
    (tmp_path / "few").mkdir()
    few = write_table(tmp_path / "few", ("low", "middle"))
    result = run("eval", few, "-l", LABELS, "--suggest")
    assert result.exit_code == 0
    assert "Nothing is proposed" in result.stdout


def test_thresholds_are_fitted_and_written(run: Run, table: Path, tmp_path: Path) -> None:
    path = tmp_path / "thresholds.yaml"
    result = run("eval", table, "-l", LABELS, "--fit-thresholds", path)
    assert result.exit_code == 0
    assert "rightly called none (no true label in the set)" in result.stdout
    assert f"Written: {path}" in result.stderr
    assert read_thresholds(path).model == "fake"
    few = run(
        "eval",
        table,
        "-l",
        "low=250 Hz",
        "--map",
        "middle=none",
        "--map",
        "high=none",
        "--fit-thresholds",
        tmp_path / "no.yaml",
    )
    assert few.exit_code == 1
    assert "can't be fitted" in few.stderr
    assert not (tmp_path / "no.yaml").exists()


def test_the_folder(run: Run, table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("matplotlib")
    result = run("eval", table, "-l", LABELS, "-o", tmp_path / "out")
    assert result.exit_code == 0
    pictures = ["calibration.svg", "confusion.svg"]
    assert names_in(tmp_path / "out") == [*pictures, "predictions.csv", "report.json"]
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    without = run("eval", table, "-l", LABELS, "-o", tmp_path / "out")
    assert without.exit_code == 1
    assert 'pip install "anysound[plot]"' in without.stderr
    assert "first label right" in without.stdout
    assert names_in(tmp_path / "out") == ["predictions.csv", "report.json"]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere.csv", "-l", LABELS], 2),
        ([".", "-l", LABELS], 2),
        (["0.wav", "-l", LABELS], 2),
        (["truth.csv"], 2),
        (["truth.csv", "-l", "low=250 Hz"], 2),
        (["truth.csv", "-l", "("], 2),
        (["truth.csv", "-l", LABELS, "--map", "x"], 2),
        (["truth.csv", "-l", LABELS, "--template", "beep"], 2),
        (["truth.csv", "-l", LABELS, "-l", LABELS, "--suggest"], 2),
        (["truth.csv", "-l", LABELS, "-o", "."], 2),
        (["truth.csv", "-l", LABELS, "-o", "nowhere/out"], 1),
        (["truth.csv", "-l", LABELS, "--fit-thresholds", "nowhere/x.yaml"], 1),
        (["truth.csv", "-l", LABELS, "--workers", "0"], 2),
    ],
)
def test_what_cannot_be_done_is_refused(
    run: Run, table: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int
) -> None:
    before = names_in(table.parent)
    monkeypatch.chdir(table.parent)
    result = run("eval", *arguments)
    assert result.exit_code == code
    assert result.stderr.strip()
    assert result.stdout == ""
    assert "Traceback" not in result.output
    assert names_in(table.parent) == before


def test_nothing_in_a_name_reaches_the_terminal(run: Run, tmp_path: Path) -> None:
    (tmp_path / "truth.csv").write_text("recording,label\na\x1b[31m.wav,low\n")
    result = run("eval", tmp_path / "truth.csv", "-l", LABELS)
    assert "\x1b" not in result.output
    assert "a\ufffd[31m.wav" in result.stderr


def test_a_poor_terminal(table: Path) -> None:
    for form in ([], ["--json"]):
        process = start(
            ["eval", table, "-l", f"{LABELS}, 高=2 kHz", *form], PYTHONIOENCODING="ascii"
        )
        out, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, error
        assert out.isascii()
