"""Batches on a Ray cluster of two nodes on this machine, of which one may die."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anysound import Classifier, MissingExtraError, UsageError
from anysound.batch import BatchOptions, ClusterOptions, Progress, run_batch
from tests.batch.making import LABELS, write_folder, write_tone
from tests.fakes import FakeModel, SlowModel
from tests.storage import Bucket

ray = pytest.importorskip("ray")

COUNT = 160

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("ray")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    for number in range(COUNT):
        write_tone(folder / f"{number:03}.wav", 200 + 20 * number)
    (folder / "empty.wav").touch()
    return folder


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier("bundled", threads=1)


def options(folder: Path, output: Path, **more: Any) -> BatchOptions:
    return replace(BatchOptions((str(folder),), LABELS, output), **more)


def test_a_node_that_dies_costs_no_row_and_doubles_none(
    folder: Path, tmp_path: Path, nodes: list[Any]
) -> None:
    cluster, other = nodes
    here, there = tmp_path / "here.csv", tmp_path / "there.csv"
    run_batch(Classifier(FakeModel()), options(folder, here, workers=1))
    killed_at = []

    def kill_half_way(progress: Progress) -> None:
        if progress.done >= COUNT // 4 and not killed_at:
            killed_at.append(progress.done)
            assert not ray.available_resources().get("CPU")  # both nodes are at work
            cluster.remove_node(other, allow_graceful=False)

    slow = Classifier(SlowModel())
    on_cluster = options(folder, there, cluster=ClusterOptions(cluster.address))
    summary = run_batch(slow, on_cluster, kill_half_way)
    assert killed_at
    assert there.read_bytes() == here.read_bytes()
    assert (summary.recordings, summary.failed, summary.kept) == (COUNT + 1, 1, 0)

    again = run_batch(slow, on_cluster)
    assert again.kept == COUNT + 1
    assert there.read_bytes() == here.read_bytes()


def test_a_bucket_on_a_cluster_that_is_started_for_it(
    bucket: Bucket, classifier: Classifier, tmp_path: Path
) -> None:
    here = write_folder(tmp_path / "recordings")
    there = bucket.put_folder(here, "recordings")
    local, remote = tmp_path / "local.csv", tmp_path / "remote.csv"
    run_batch(classifier, options(here, local))
    on_cluster = options(here, remote, sources=(there,), cluster=ClusterOptions(), workers=2)
    assert run_batch(classifier, on_cluster).failed == 2
    assert remote.read_bytes() == local.read_bytes()
    assert not ray.is_initialized()


@pytest.mark.parametrize("address", ["auto", "127.0.0.1:1", "nowhere"])
def test_no_cluster_is_told(
    folder: Path,
    classifier: Classifier,
    tmp_path: Path,
    address: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Whatever else runs on this machine is none: Ray looks through its processes, and for a file.
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr("ray._private.services._find_address_from_flag", lambda flag: set[str]())
    monkeypatch.setattr("ray._private.services.find_bootstrap_address", lambda temp_dir: None)
    asked = options(folder, tmp_path / "out.csv", cluster=ClusterOptions(address))
    with pytest.raises(UsageError, match=f"{address}: no Ray cluster could be joined"):
        run_batch(classifier, asked)
    assert not list(tmp_path.iterdir())


def test_what_is_missing_is_told(
    folder: Path, classifier: Classifier, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"anysound\[ray\]"):
        run_batch(classifier, options(folder, tmp_path / "out.csv", cluster=ClusterOptions()))
