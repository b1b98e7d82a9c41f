"""What interrupts, damages and crowds an index."""

import os
import signal
import time
from pathlib import Path

import pytest

from anysound.classifier import Classifier
from anysound.errors import ArchiveError, ModelError, OutputError
from anysound.index import AddOptions, Index
from tests.batch.making import LABELS
from tests.fakes import FakeModel
from tests.index.making import add, content, start_adding, write_many
from tests.patience import PATIENCE, until

# Each recording is written by itself, with a moment between one table and the other.
SLOWLY = """
import time
from anysound.index.table import LanceTable
adding._COMMIT_RECORDINGS = 1
append = LanceTable.append
def slowly(self, rows):
    append(self, rows)
    time.sleep(0.05)
LanceTable.append = slowly
"""

# Dies when the windows are written and the recordings are not.
KILLED_BETWEEN = """
import os, signal
from anysound.index.table import LanceTable
append = LanceTable.append
def dying(self, rows):
    append(self, rows)
    os.kill(os.getpid(), signal.SIGKILL)
LanceTable.append = dying
"""


@pytest.mark.parametrize("after", [1, 2, 4, 7])
def test_killed_it_goes_on_and_holds_what_it_would_hold(tmp_path: Path, after: int) -> None:
    folder, place = write_many(tmp_path / "recordings", 8), tmp_path / "index"
    process = start_adding(place, folder, SLOWLY)
    until(lambda: _recordings(place) >= after)
    time.sleep(0.03 * after)  # somewhere between two writes
    process.send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    index = Index(place)
    found = index.verify()
    assert (found.faults, found.damaged) == ((), ())
    assert after <= found.recordings <= 8
    assert add(index, folder).progress.kept == found.recordings
    assert index.verify().faults == ()
    add(Index(tmp_path / "undisturbed"), folder)
    assert content(place, tmp_path / "a.parquet") == content(
        tmp_path / "undisturbed", tmp_path / "b.parquet"
    )


def test_killed_before_the_first_recording_counts(tmp_path: Path) -> None:
    folder, place = write_many(tmp_path / "recordings", 3), tmp_path / "index"
    process = start_adding(place, folder, KILLED_BETWEEN)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert Index(place).info().windows == 0
    assert add(Index(place), folder).added == 3
    assert Index(place).verify().faults == ()


def test_two_may_add_at_once(tmp_path: Path) -> None:
    folder, place = write_many(tmp_path / "recordings", 8), tmp_path / "index"
    both = [start_adding(place, folder, SLOWLY) for _ in range(2)]
    for process in both:
        _, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, error.decode()
    add(Index(tmp_path / "alone"), folder)
    assert Index(place).verify().faults == ()
    assert content(place, tmp_path / "a.parquet") == content(
        tmp_path / "alone", tmp_path / "b.parquet"
    )


def test_whoever_reads_sees_it_as_it_was(tmp_path: Path) -> None:
    folder, index = write_many(tmp_path / "recordings", 4), Index(tmp_path / "index")
    add(index, folder)
    rows = index.label(Classifier(FakeModel()), LABELS)
    index.remove([str(folder)])
    assert len(list(rows)) == 4
    assert index.info().recordings == 0


def test_a_truncated_piece_is_found_and_the_rest_is_intact(tmp_path: Path) -> None:
    first, second = write_many(tmp_path / "one", 3), tmp_path / "two"
    write_many(second, 5)
    for number in range(3):
        (second / f"{number:03d}.wav").unlink()
    index = Index(tmp_path / "index")
    add(index, first)
    before = set((tmp_path / "index" / "windows.lance" / "data").iterdir())
    add(index, second)
    (piece,) = set((tmp_path / "index" / "windows.lance" / "data").iterdir()) - before
    os.truncate(piece, piece.stat().st_size // 2)
    found = index.verify()
    assert set(found.damaged) == {str(path) for path in second.iterdir()}
    assert found.windows == 1 + 1 + 2
    assert any("can't be read" in fault.en for fault in found.faults)
    with pytest.raises(ArchiveError, match="index verify"):
        list(index.label(Classifier(FakeModel()), LABELS))
    assert index.repair() == found
    assert index.verify().faults == ()
    assert len(list(index.label(Classifier(FakeModel()), LABELS))) == 3
    assert add(index, first, second).added == 2
    add(Index(tmp_path / "undisturbed"), first, second)
    assert content(tmp_path / "index", tmp_path / "a.parquet") == content(
        tmp_path / "undisturbed", tmp_path / "b.parquet"
    )


def test_altered_values_are_found(tmp_path: Path) -> None:
    folder, index = write_many(tmp_path / "recordings", 3), Index(tmp_path / "index")
    add(index, folder)
    (piece,) = (tmp_path / "index" / "windows.lance" / "data").iterdir()
    stored = bytearray(piece.read_bytes())
    values = bytes(_embeddings(index, tmp_path / "a.npz"))
    place = stored.find(values[:12])
    assert place >= 0
    stored[place] ^= 1  # the last bit of a value: no length tells it
    piece.write_bytes(stored)
    assert len(index.verify().damaged) == 1


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    index = Index(tmp_path / "index")
    add(index, write_many(tmp_path / "one", 3))
    folder = write_many(tmp_path / "two", 40)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500, limits[1]))
    try:
        with pytest.raises(OutputError, match="What it held before is safe"):
            add(index, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert index.info().recordings == 3
    assert index.verify().faults == ()
    assert add(index, folder).added == 40
    assert index.verify().faults == ()


def test_what_was_heard_before_all_fails_is_stored(tmp_path: Path) -> None:
    class Failing(FakeModel):
        heard = 0

        def embed_audio(self, waveforms):  # type: ignore[no-untyped-def]
            self.heard += 1
            if self.heard > 2:
                raise ModelError("no memory is left")  # type: ignore[arg-type]
            return super().embed_audio(waveforms)

    folder, index = write_many(tmp_path / "recordings", 8), Index(tmp_path / "index")
    with pytest.raises(ModelError):
        index.add(Classifier(Failing()), AddOptions((str(folder),), workers=1))
    assert index.info().recordings >= 1
    assert index.verify().faults == ()


def _embeddings(index: Index, output: Path) -> bytes:
    import numpy as np

    index.export(output)
    with np.load(output) as arrays:
        return arrays["embeddings"].tobytes()


def _recordings(place: Path) -> int:
    try:
        return Index(place).info().recordings
    except ArchiveError:
        return 0
