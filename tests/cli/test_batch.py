import csv
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import Result

from tests.batch.making import LABELS, names_in, write_folder, write_tone
from tests.cli.running import start
from tests.patience import PATIENCE

Run = Callable[..., Result]

KEPT = b"What is finished is kept: the same command goes on from there.\n"

# A model that says when it listens, and then takes longer than any test waits.
STUCK = """
import time
from pathlib import Path
def embed_audio(self, waveforms):
    Path({sign!r}).touch()
    time.sleep(60)
HintingModel.embed_audio = embed_audio
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "recordings")


def test_a_table_and_a_summary(run: Run, folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    result = run("batch", folder, "-l", LABELS, "-o", output, "--workers", "2")
    assert result.exit_code == 1
    with output.open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.DictReader(file))) == 6
    counts = [line.rsplit(maxsplit=1) for line in result.stdout.splitlines()]
    assert counts == [
        ["label", "recordings"],
        ["low", "1"],
        ["middle", "1"],
        ["高音", "1"],
        ["(none fits)", "1"],
        ["(too close to call)", "0"],
        ["(failed)", "2"],
    ]
    notes = result.stderr.splitlines()
    assert notes[0].startswith("Failed: empty.flac: ")
    assert notes[1].startswith("Failed: text.wav: ")
    assert notes[2:] == [
        "Files passed over, since they are no recordings: 1",
        f"Written: {output}",
        "Answered by a fake.",
    ]


def test_all_well_is_0(run: Run, tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 250)
    result = run("batch", tmp_path, "-l", LABELS, "-o", tmp_path / "out.csv")
    assert result.exit_code == 0
    assert run("batch", tmp_path, "-l", LABELS, "-o", tmp_path / "out.csv").exit_code == 0


def test_many_failures_are_counted_not_listed(run: Run, tmp_path: Path) -> None:
    for number in range(13):
        (tmp_path / f"{number}.wav").touch()
    (tmp_path / "sub").symlink_to(tmp_path)
    result = run("batch", tmp_path, "-l", LABELS, "-o", tmp_path / "out.csv")
    assert result.stderr.count("Failed: ") == 10
    assert "3 more failed" in result.stderr
    assert "Linked folders that were not entered: 1" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere", "-l", "rain", "-o", "out.csv"], 2),
        (["recordings", "-l", "(", "-o", "out.csv"], 2),
        (["recordings", "-l", "rain", "-o", "out.doc"], 2),
        (["recordings", "-l", "rain", "-o", "out.csv", "--workers", "0"], 2),
        (["recordings", "-l", "rain"], 2),
        (["recordings", "-l", "rain", "-o", "nowhere/out.csv"], 1),
        (["recordings/sub", "-l", "rain", "-o", "out.csv"], 1),
    ],
)
def test_what_cannot_be_done_is_refused(
    run: Run,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    code: int,
) -> None:
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder.parent)
    result = run("batch", *arguments)
    assert result.exit_code == code
    assert result.stderr.strip()
    assert "Traceback" not in result.output
    assert names_in(folder.parent) == ["recordings"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_at_once_and_without_a_trace(
    folder: Path, tmp_path: Path, number: signal.Signals
) -> None:
    sign = tmp_path / "listening"
    output = tmp_path / "out.csv"
    output.write_text("old")
    process = start(["batch", folder, "-l", LABELS, "-o", output], STUCK.format(sign=str(sign)))
    wait_for(sign)
    process.send_signal(number)
    out, error = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out, error) == (130, b"", KEPT + b"Interrupted.\n")
    assert output.read_text() == "old"
    assert names_in(tmp_path) == ["listening", "out.csv", "recordings"]


def test_a_second_batch_onto_the_same_output_is_refused(
    run: Run, folder: Path, tmp_path: Path
) -> None:
    sign = tmp_path / "listening"
    arguments = ["batch", folder, "-l", LABELS, "-o", tmp_path / "out.csv"]
    process = start(arguments, STUCK.format(sign=str(sign)))
    try:
        wait_for(sign)
        result = run(*arguments)
        assert result.exit_code == 2
        assert "another batch is writing this output" in result.stderr
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE)
    assert run(*arguments).exit_code == 1  # two of the files can't be read


def test_interrupted_without_resuming_it_says_how_to_go_on(folder: Path, tmp_path: Path) -> None:
    sign = tmp_path / "listening"
    arguments = ["batch", folder, "-l", LABELS, "-o", tmp_path / "out.csv", "--no-resume"]
    process = start(arguments, STUCK.format(sign=str(sign)))
    wait_for(sign)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=PATIENCE)
    assert b"the same command without --no-resume goes on" in error


def test_a_list_on_standard_input_and_what_is_left_out(
    run: Run, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    listed = b"recordings/a.wav\0recordings/b\0recordings/gone.wav\0"
    arguments = ["batch", "-", "recordings/*.ogg", "--exclude", "*dB*", "-l", LABELS]
    result = run(*arguments, "-o", "out.csv", stdin=listed)
    assert result.exit_code == 1
    assert "Failed: recordings/gone.wav: there is no such file" in result.stderr
    assert "No recording in recordings/*.ogg" in result.stderr
    assert "left out by --include and --exclude: 1" in result.stderr
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [row["recording"] for row in csv.DictReader(file)]
    assert found == ["recordings/a.wav", "recordings/b/z.wav", "recordings/gone.wav"]


def test_what_an_earlier_run_finished_is_told(run: Run, folder: Path, tmp_path: Path) -> None:
    arguments = ["batch", folder, "-l", LABELS, "-o", tmp_path / "out.csv"]
    assert "earlier run" not in run(*arguments).stderr
    assert "6 had been finished by an earlier run" in run(*arguments).stderr
    assert "earlier run" not in run(*arguments, "--no-resume").stderr
    other = run("batch", folder, "-l", "x=250 Hz", "-o", tmp_path / "out.csv")
    assert other.stderr.startswith("An earlier run wrote this output with other labels")


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_it_leaves_the_older_table(folder: Path, tmp_path: Path) -> None:
    sign = tmp_path / "listening"
    output = tmp_path / "out.csv"
    output.write_text("old")
    process = start(["batch", folder, "-l", LABELS, "-o", output], STUCK.format(sign=str(sign)))
    wait_for(sign)
    process.kill()
    process.communicate(timeout=PATIENCE)
    assert output.read_text() == "old"


def wait_for(sign: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not sign.exists():
        assert time.monotonic() < until, "the process never came to listen"
        time.sleep(0.02)
