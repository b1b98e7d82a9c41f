"""An index that a Ray cluster adds to holds what this machine would add."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anysound import Classifier
from anysound.batch import BatchOptions, ClusterOptions
from anysound.batch.sources import SourceOptions, find_sources
from anysound.index import AddOptions, AddProgress, AddSummary, Index
from anysound.index.elsewhere import Hearer
from anysound.index.hearing import Taker
from anysound.index.store import Store
from tests.batch.making import LABELS, write_folder, write_tone
from tests.fakes import FakeModel, SlowModel
from tests.index.making import add, content
from tests.storage import Bucket

COUNT = 120
HERE = Classifier(FakeModel())


def add_by(index: Index, cluster: ClusterOptions, *sources: object, **more: Any) -> AddSummary:
    options = AddOptions(tuple(map(str, sources)), workers=2, cluster=cluster)
    return index.add(more.pop("by", HERE), options, **more)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    for number in range(COUNT):
        write_tone(folder / f"{number:03}.wav", 200 + 20 * number, seconds=0.5 + number % 4)
    for number in range(0, COUNT, 10):
        shutil.copy(folder / f"{number:03}.wav", folder / f"{number:03} again.wav")
    (folder / "empty.wav").touch()
    return folder


@pytest.mark.slow
@pytest.mark.xdist_group("ray")
def test_a_node_that_dies_costs_nothing_and_doubles_nothing(
    folder: Path, tmp_path: Path, nodes: list[Any]
) -> None:
    import ray

    cluster, other = nodes
    here, there = tmp_path / "here", tmp_path / "there"
    killed_at = []

    def kill_half_way(progress: AddProgress) -> None:
        if progress.done >= COUNT // 3 and not killed_at:
            killed_at.append(progress.done)
            assert not ray.available_resources().get("CPU")  # both nodes are at work
            cluster.remove_node(other, allow_graceful=False)

    slow, address = Classifier(SlowModel()), ClusterOptions(cluster.address)
    # Some are stored before, and one of them under another name only.
    for path in (here, there):
        add(Index(path), folder / "001.wav", folder / "002.wav")
    (folder / "002.wav").rename(folder / "002 moved.wav")
    ours = add(Index(here), folder)
    theirs = add_by(Index(there), address, folder, by=slow, on_progress=kill_half_way)
    assert killed_at
    assert theirs == ours
    assert ours.progress.kept == 1
    assert ours.progress.same == COUNT // 10 + 1
    assert set(ours.failures) == {"empty.wav"}
    assert content(there, tmp_path / "there.parquet") == content(here, tmp_path / "here.parquet")
    assert list(Index(there).label(HERE, LABELS)) == list(Index(here).label(HERE, LABELS))
    assert Index(there).verify().faults == ()

    again = add_by(Index(there), address, folder, by=slow)
    assert (again.added, again.progress.kept) == (0, ours.progress.done - 1)


@pytest.mark.slow
@pytest.mark.xdist_group("ray")
def test_a_batch_by_an_index_in_a_bucket(bucket: Bucket, tmp_path: Path) -> None:
    folder = write_folder(tmp_path / "recordings")
    there = bucket.put_folder(folder, "recordings")
    local, remote = tmp_path / "local.csv", tmp_path / "remote.csv"
    here = BatchOptions((str(folder),), LABELS, local, workers=2)
    Index(tmp_path / "index").batch(HERE, here)
    asked = replace(here, sources=(there,), output=remote, cluster=ClusterOptions())
    assert Index(f"{bucket.url}/index").batch(HERE, asked).failed == 2
    assert remote.read_bytes() == local.read_bytes()


def test_what_is_stored_is_hashed_and_not_embedded(tmp_path: Path) -> None:
    folder, store = write_folder(tmp_path / "recordings"), Store(tmp_path / "index")
    add(Index(tmp_path / "index"), folder / "a.wav")
    tables = store.open()
    shutil.copy(folder / "a.wav", folder / "copy.wav")

    hearer = Hearer(FakeModel(), tables.by_sound)
    found = find_sources([str(folder)], SourceOptions())
    taker = Taker(FakeModel(), found, tables.by_path)
    same = hearer("copy.wav", folder / "copy.wav")
    assert (same.is_same, same.windows, same.seconds) == (True, None, 0.0)
    kept = taker.keep(same)
    assert kept.recording == replace(
        tables.by_path[str(folder / "a.wav")],
        path=str(folder / "copy.wav"),
        state=same.recording.state if same.recording else "",
    )
    new = hearer("b/z.wav", folder / "b/z.wav")
    assert new.windows is not None
    assert taker.keep(new) == new
    assert taker.keep(replace(new, is_same=False)).is_same
    failed = hearer("text.wav", folder / "text.wav")
    assert taker.keep(failed).error == failed.error
    assert failed.error is not None


def test_an_empty_index_knows_no_sound(tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 250)
    assert Hearer(FakeModel(), ())("a.wav", tmp_path / "a.wav").windows is not None
