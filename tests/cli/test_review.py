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
from anysound.reviewing import cut
from tests.batch.making import write_tone
from tests.cli.running import ROOT
from tests.reviewing.making import write_broken_player, write_player

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
    assert "has the labels of 3 recordings; 0 left" in result.stderr


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


def test_what_a_batch_wrote_is_reviewed_where_it_found_it(run: Run, tmp_path: Path) -> None:
    write_tone(tmp_path / "rec" / "a.wav", 250, 4000)
    output = tmp_path / "out" / "results.xlsx"
    output.parent.mkdir()
    run("batch", tmp_path / "rec", "-l", "low=250 Hz, high=4000 Hz, other=1000 Hz", "-o", output)
    result = run("review", output, "-l", "more", "--no-play", stdin=b"a\nu\nd\n")
    assert "  d  other\n" in result.stdout
    assert "  → more\n" in result.stdout
    assert "█" in result.stdout
    assert "the labels of 1 recording; 0 left" in result.stderr
    table = output.with_name("results.reviewed.csv")
    assert list(labels_in(table).values()) == ["other"]
    assert read_table(table).rows[0].path == tmp_path / "rec" / "a.wav"


def test_a_missing_recording_is_said_and_can_be_passed(run: Run, results: Path) -> None:
    (results.parent / "near.wav").unlink()
    shown = run("review", results, "--no-play", stdin=b"s\n1\nq\n").stdout
    assert "near.wav: there is no such file" in shown
    assert labels_in(results.with_name("results.reviewed.csv")) == {"./=far.wav": "low"}


def test_a_recording_of_silence_and_a_folder_that_was_named(run: Run, results: Path) -> None:
    folder = results.parent / "elsewhere"
    write_tone(folder / "near.wav", 0)
    shown = run("review", results, "--no-play", "--folder", folder, stdin=b"0\n").stdout
    assert "Nothing but silence." in shown
    assert labels_in(results.with_name("results.reviewed.csv")) == {"elsewhere/near.wav": "none"}


def test_matches_are_gone_through_if_asked_for(run: Run, results: Path) -> None:
    shown = run("review", results, "--all", "--no-play", stdin=b"s\n" * 4).stdout
    assert "[4/4] sure.wav  (match)" in shown


def test_in_chinese(run: Run, results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYSOUND_LANG", "zh")
    result = run("review", results, "--no-play", stdin="=风声\nu\nu\n".encode())
    assert "没有可撤销的操作" in result.stdout
    assert "已有 0 段录音的标签，还剩 3 段" in result.stderr


class Terminal:
    """``anysound review`` as a person has it before them."""

    def __init__(self, *arguments: str | Path, typed: bytes = b"", **variables: str) -> None:
        code = "from anysound.cli import main; main()"
        environment = {**os.environ, "ANYSOUND_LANG": "en", "PYTHONPATH": str(ROOT / "src")}
        self._process, self._terminal = pty.fork()
        if self._process == 0:
            command = [sys.executable, "-c", code, "review", *map(str, arguments)]
            os.execve(sys.executable, command, environment | variables)
        self.shown = ""
        self.type(typed)

    def type(self, keys: bytes) -> None:
        os.write(self._terminal, keys)

    def wait_for(self, text: str) -> None:
        while text not in self.shown:
            self.wait_more()

    def wait_more(self) -> None:
        assert select.select([self._terminal], [], [], 60.0)[0], self.shown
        self.shown += os.read(self._terminal, 4096).decode(errors="replace")

    def end(self) -> int:
        _, status = os.waitpid(self._process, 0)
        os.close(self._terminal)
        return os.waitstatus_to_exitcode(status)


def test_single_keys_on_a_terminal(results: Path) -> None:
    terminal = Terminal(results, "--no-play")
    for awaited, key in (("[1/3]", b"1"), ("[2/3]", b"\x1b[A2"), ("[3/3]", b"\r"), ("left", b"")):
        terminal.wait_for(awaited)
        terminal.type(key)
        if key == b"\r":
            terminal.shown = ""
            terminal.wait_for("[3/3]")
            terminal.type(b"q")
    assert terminal.end() == 0
    assert labels_in(results.with_name("results.reviewed.csv")) == {
        "near.wav": "low",
        "./=far.wav": "high",
    }


def test_keys_that_are_typed_early_are_not_lost(results: Path) -> None:
    terminal = Terminal(results, "--no-play", typed="1=风声x\x7f\r=\x1bb ".encode())
    terminal.wait_for("left")
    assert terminal.end() == 0
    assert labels_in(results.with_name("results.reviewed.csv")) == {
        "near.wav": "low",
        "./=far.wav": "风声",
        "unfit.wav": "high",
    }


def test_ctrl_c_keeps_what_was_said(results: Path) -> None:
    terminal = Terminal(results, "--no-play", typed=b"1")
    terminal.wait_for("[2/3]")
    terminal.wait_for("q quit")
    terminal.type(b"\x03")
    terminal.wait_for("Interrupted.")
    assert terminal.end() == 130
    assert labels_in(results.with_name("results.reviewed.csv")) == {"near.wav": "low"}


def test_a_sound_is_played_until_the_answer(results: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    played = write_player(folder)
    terminal = Terminal(results, PATH=str(folder))
    assert played.read_bytes() == cut(tmp_path / "near.wav", None).as_wav()
    terminal.type(b"1")
    assert played.read_bytes() == cut(tmp_path / "=far.wav", None).as_wav()
    terminal.type(b"q")
    terminal.wait_for("left")
    assert terminal.end() == 0
    assert "█" not in terminal.shown


def test_what_is_played_can_be_drawn_too(results: Path, tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    write_player(folder)
    terminal = Terminal(results, "--show", typed=b"q", PATH=str(folder))
    terminal.wait_for("left")
    assert terminal.end() == 0
    assert "█" in terminal.shown


@pytest.mark.parametrize("status", [1, 0])  # ffplay has 0 for a machine without loudspeakers
def test_a_player_that_fails_gives_way_to_drawing(
    results: Path, tmp_path: Path, status: int
) -> None:
    write_tone(tmp_path / "near.wav", 250, seconds=100.0)
    folder = tmp_path / "bin"
    folder.mkdir()
    write_broken_player(folder, status)
    terminal = Terminal(results, PATH=str(folder))
    terminal.wait_for("[1/3]")
    while "█" not in terminal.shown:  # the player may not be gone yet when Enter is pressed
        already = len(terminal.shown)
        terminal.type(b"\r")
        while "q quit" not in terminal.shown[already:]:
            terminal.wait_more()
    terminal.type(b"q")
    terminal.wait_for("left")
    assert terminal.end() == 0
    assert "aplay can't play here" in terminal.shown
