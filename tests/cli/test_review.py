import csv
import os
import pty
import select
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from anysound.evaluation.table import read_table
from tests.batch.making import write_tone
from tests.cli.running import ROOT

Run = Callable[..., Result]

ROWS = (
    ("sure.wav", "low", "high", "match", 0.9),
    ("unfit.wav", "high", "low", "none", 0.5),
    ("near.wav", "low", "high", "ambiguous", 0.02),
    ("=far.wav", "low", "high", "ambiguous", 0.05),
)


@pytest.fixture
def results(tmp_path: Path) -> Path:
    path = tmp_path / "results.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("recording", "label", "runner_up", "verdict", "margin", "telling_start"))
        writer.writerows((*row, "") for row in ROWS)
    for name, *_ in ROWS:
        write_tone(tmp_path / name, 250)
    return path


def labels_in(path: Path) -> dict[str, str]:
    return {row.recording: row.label for row in read_table(path).rows}


def test_answers_over_a_pipe(run: Run, results: Path) -> None:
    result = run("review", results, "--no-play", stdin=b"1\n0\n=wind\n")
    assert result.exit_code == 0
    table = results.with_name("results.reviewed.csv")
    assert labels_in(table) == {"near.wav": "low", "./=far.wav": "none", "unfit.wav": "wind"}
    assert "3 recordings have their label" in result.stderr


def test_it_resumes_and_undoes(run: Run, results: Path) -> None:
    table = results.with_name("results.reviewed.csv")
    run("review", results, "--no-play", stdin=b"1\n")
    assert labels_in(table) == {"near.wav": "low"}
    shown = run("review", results, "--no-play", stdin=b"2\nu\ns\n0\nq\n").stdout
    assert "near.wav" not in shown
    assert labels_in(table) == {"near.wav": "low", "unfit.wav": "none"}


def test_keys_that_mean_nothing_change_nothing(run: Run, results: Path) -> None:
    result = run("review", results, "--no-play", stdin=b"9\nx\n=\n\nu\nq\n")
    assert result.exit_code == 0
    assert not results.with_name("results.reviewed.csv").exists()


def test_what_is_no_result(run: Run, tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    result = run("review", tmp_path / "other.csv")
    assert result.exit_code == 2
    assert "no table of `anysound batch`" in result.stderr


def test_single_keys_on_a_terminal(results: Path) -> None:
    code = "from anysound.cli import main; main()"
    process, terminal = pty.fork()
    if process == 0:
        environment = {**os.environ, "ANYSOUND_LANG": "en", "PYTHONPATH": str(ROOT / "src")}
        arguments = [sys.executable, "-c", code, "review", str(results), "--no-play"]
        os.execve(sys.executable, arguments, environment)
    key, shown = b"", b""
    for awaited, following in (
        (b"[1/3]", b"1"),
        (b"[2/3]", b"2"),
        (b"[3/3]", b"q"),
        (b"left", b""),
    ):
        while awaited not in shown:
            if select.select([terminal], [], [], 5.0)[0]:
                shown += os.read(terminal, 4096)
            else:  # what is typed just before it waits for a key is lost
                os.write(terminal, key)
        key = following
        os.write(terminal, key)
    _, status = os.waitpid(process, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 0
    assert labels_in(results.with_name("results.reviewed.csv")) == {
        "near.wav": "low",
        "./=far.wav": "high",
    }
