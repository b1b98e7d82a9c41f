"""Batches of the bundled model, which listen in processes of their own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anysound import AnysoundError, Classifier
from anysound.batch.processes import Processes
from anysound.batch.work import Listener
from anysound.labels import read_labels
from tests.batch.making import write_tone
from tests.patience import PATIENCE

LABELS = "dog barking, beep, rain"
COUNT = 90

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks into /proc")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    for number in range(COUNT):
        write_tone(folder / f"{number:03}.wav", 200 + 40 * number, seconds=0.3)
    (folder / "empty.wav").touch()
    return folder


def start(folder: Path, output: Path, *options: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "anysound", "batch", str(folder), "-l", LABELS]
    return subprocess.Popen(
        [*command, "-o", str(output), "--model", "bundled", *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, "ANYSOUND_LANG": "en"},
    )


def children(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]


def listening(process: int) -> list[int]:
    """Wait until processes are at work, and return them."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        workers = [each for each in children(process) if b"spawn_main" in command_of(each)]
        if len(workers) >= 2:
            return workers
        time.sleep(0.01)
    raise AssertionError("no processes were started")


def command_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""


def test_the_table_is_that_of_one_thread(folder: Path, tmp_path: Path) -> None:
    several, one = tmp_path / "several.csv", tmp_path / "one.csv"
    process = start(folder, several, "--workers", "2")
    assert listening(process.pid)
    process.communicate(timeout=PATIENCE)
    start(folder, one, "--workers", "1").communicate(timeout=PATIENCE)
    assert several.read_bytes() == one.read_bytes()
    assert len(several.read_bytes().splitlines()) == 1 + COUNT + 1
    assert b"empty.wav: the file is empty" in several.read_bytes()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_processes_end_with_the_batch(folder: Path, tmp_path: Path, number: signal.Signals) -> None:
    process = start(folder, tmp_path / "out.csv", "--workers", "2")
    workers = listening(process.pid)
    process.send_signal(number)
    _, error = process.communicate(
        timeout=PATIENCE
    )  # they hold standard error as long as they live
    end = time.monotonic() + PATIENCE
    while any(b"spawn_main" in command_of(each) for each in workers) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [each for each in workers if b"spawn_main" in command_of(each)]
    if number != signal.SIGKILL:  # one that was just starting may say what it missed
        assert b"Traceback" not in error


def test_ctrl_c_as_processes_start_is_answered_once(folder: Path, tmp_path: Path) -> None:
    process = start(folder, tmp_path / "out.csv", "--workers", "2")
    listening(process.pid)  # which they don't yet: they are still importing
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=PATIENCE)
    assert b"Traceback" not in error
    assert error.splitlines()[-1:] == [b"Interrupted."]


def test_a_process_that_is_killed_is_told(folder: Path, tmp_path: Path) -> None:
    process = start(folder, tmp_path / "out.csv", "--workers", "2")
    os.kill(listening(process.pid)[0], signal.SIGKILL)
    _, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert b"a process of this batch was killed" in error
    assert b"Traceback" not in error


def test_what_ends_a_batch_comes_back_from_a_process(folder: Path) -> None:
    listener = Listener(Classifier("bundled", threads=1), read_labels(LABELS), None)
    with Processes(listener, 1) as listen:
        finished, is_lasting = listen("000.wav", folder / "000.wav")
        assert (finished.row.recording, is_lasting) == ("000.wav", True)
        failed, _ = listen("gone.wav", folder / "gone.wav")
        assert failed.row.error
        assert "no such file" in failed.row.error.en
    with pytest.raises(AnysoundError, match="was killed"):
        listen("000.wav", folder / "000.wav")
