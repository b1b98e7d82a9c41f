"""Batches that end early, by doing it, and those that go on from there."""

import json
import random
import signal
import sys
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.batch.making import LABELS, write_tone
from tests.cli.running import start
from tests.patience import PATIENCE

WORKERS = 2
COUNT = 60

# A classifier that writes down what it begins with, and takes its time; files of limited size.
_WATCHED = """
import os, time
from pathlib import Path
from anysound.classifier import Classifier
log = os.open({log!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
quick = Classifier.classify
def classify(self, recording, labels):
    os.write(log, Path(recording).name.encode() + b"\\n")
    time.sleep({pause})
    return quick(self, recording, labels)
Classifier.classify = classify
if {limit}:
    import resource
    resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
"""

needs_limits = pytest.mark.skipif(sys.platform == "win32", reason="needs RLIMIT_FSIZE")


@dataclass(frozen=True)
class Batch:
    """A batch of the same recordings again and again, each time in a process of its own.

    Attributes:
        recordings: Where they are.
        place: Where everything is written.
        extension: Of the table.
    """

    recordings: Path
    place: Path
    extension: str = ".csv"

    @property
    def table(self) -> Path:
        return self.place / f"results{self.extension}"

    @property
    def journal(self) -> Path:
        return self.place / f".results{self.extension}.journal"

    def start(self, pause: float = 0.0, limit: int = 0) -> Any:
        self.place.mkdir(exist_ok=True)
        arguments: list[str | Path] = ["batch", self.recordings, "-l", LABELS, "-o", self.table]
        arguments += ["--events", self.place / "events.csv", "--clips", self.place / "clips"]
        arguments += ["--workers", str(WORKERS)]
        log = str(self.place / "log")
        return start(arguments, _WATCHED.format(log=log, pause=pause, limit=limit))

    def finish(self, limit: int = 0) -> str:
        process = self.start(limit=limit)
        _, error = process.communicate(timeout=PATIENCE)
        assert b"Traceback" not in error
        return str(error.decode())

    def begun(self) -> list[str]:
        log = self.place / "log"
        return log.read_text().split() if log.exists() else []

    def kept(self) -> set[str]:
        """What is in the journal, but for what is torn."""
        lines = self.journal.read_bytes().split(b"\n")[1:-1] if self.journal.exists() else ()
        return {json.loads(line[9:])["kept"]["row"]["recording"] for line in lines}

    def results(self) -> dict[str, bytes]:
        """All that was written but the parameters, in which the folders' names stand."""
        files = [path for path in self.place.rglob("*.*") if path.is_file()]
        return {
            str(path.relative_to(self.place)): path.read_bytes()
            for path in files
            if not path.name.startswith(".") and not path.name.endswith(".params.json")
        }


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recordings")
    for number in range(COUNT):
        frequencies = (250, 1000, 4000, 2000)[number % 4 :]
        write_tone(folder / f"{number:02}.wav", *frequencies, seconds=0.3 + 0.05 * (number % 9))
    (folder / "30.wav").write_text("no sound at all")
    return folder


@pytest.fixture(scope="module")
def undisturbed(recordings: Path, tmp_path_factory: pytest.TempPathFactory) -> Batch:
    batch = Batch(recordings, tmp_path_factory.mktemp("undisturbed"))
    assert f"Written: {batch.table}" in batch.finish()
    assert {"results.csv", "events.csv"} < set(batch.results())
    assert any(name.startswith("clips") for name in batch.results())
    return batch


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_killed_again_and_again_it_loses_nothing(undisturbed: Batch, tmp_path: Path) -> None:
    batch = Batch(undisturbed.recordings, tmp_path / "killed")
    chance = random.Random(7)
    kills = 4
    for _ in range(kills):
        before, kept = len(batch.begun()), batch.kept()
        process = batch.start(pause=0.02)
        until = time.monotonic() + PATIENCE
        more = chance.randint(3, 11)
        while len(batch.begun()) < before + more:
            assert time.monotonic() < until
            time.sleep(chance.random() * 0.01)
        process.kill()
        process.communicate(timeout=PATIENCE)
        assert set(batch.begun()[before:]).isdisjoint(kept)
        assert {"results.csv", "events.csv"}.isdisjoint(batch.results())
    before, kept = len(batch.begun()), batch.kept()
    assert len(kept) >= kills
    batch.finish()
    assert set(batch.begun()[before:]) == {f"{number:02}.wav" for number in range(COUNT)} - kept
    assert sum(Counter(batch.begun()).values()) <= COUNT + kills * WORKERS
    assert batch.results() == undisturbed.results()


@needs_limits
def test_a_disk_that_is_full_at_the_last_recording(undisturbed: Batch, tmp_path: Path) -> None:
    batch = Batch(undisturbed.recordings, tmp_path / "full")
    said = batch.finish(limit=undisturbed.journal.stat().st_size - 10)
    assert str(batch.journal) in said
    assert "the same command goes on from there" in said
    assert "results.csv" not in batch.results()
    before = len(batch.begun())
    assert f"Written: {batch.table}" in batch.finish()
    assert len(batch.begun()) - before <= WORKERS
    assert batch.results() == undisturbed.results()


@needs_limits
@pytest.mark.parametrize("extension", [".csv", ".jsonl", ".parquet", ".xlsx"])
def test_a_disk_that_is_full_when_the_table_is_written(
    recordings: Path, tmp_path: Path, extension: str
) -> None:
    batch = Batch(recordings, tmp_path / "full", extension)
    batch.finish()
    whole = batch.results()
    batch.table.unlink()
    (batch.place / "events.csv").unlink()
    said = batch.finish(limit=len(whole[batch.table.name]) - 10)
    assert "can't be written" in said
    assert "the same command goes on from there" in said
    assert not batch.table.exists()
    before = len(batch.begun())
    assert f"{COUNT} had been finished by an earlier run" in batch.finish()
    assert (len(batch.begun()), batch.results()) == (before, whole)
