"""An index of recordings in object storage."""

from pathlib import Path

import pytest

from anysound import Classifier
from anysound.index import AddOptions, AddSummary, Index, cut_moments
from tests.batch.making import LABELS, write_folder, write_tone
from tests.fakes import FakeModel
from tests.index.making import content
from tests.storage import Bucket

CLASSIFIER = Classifier(FakeModel())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_folder(tmp_path / "recordings")
    write_tone(folder / "long.wav", 250, 4000, seconds=7)
    return folder


@pytest.fixture
def url(bucket: Bucket, folder: Path) -> str:
    return bucket.put_folder(folder, "recordings")


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index")


def add(index: Index, *sources: str) -> AddSummary:
    return index.add(CLASSIFIER, AddOptions(sources, workers=2))


def test_the_same_is_stored(index: Index, folder: Path, url: str, tmp_path: Path) -> None:
    here = Index(tmp_path / "local")
    assert add(index, url).progress == add(here, str(folder)).progress
    rows = [
        (path.replace(url, str(folder)), *rest)
        for path, *rest in stored(tmp_path / "index", tmp_path)
    ]
    assert rows == stored(tmp_path / "local", tmp_path)
    assert {row.recording for row in index.label(CLASSIFIER, LABELS)} == {
        f"{url}/{name}"
        for name in ("a.wav", "b/-10 dB.wav", "b/z.wav", "long.wav", "中文/狗 叫.WAV")
    }
    assert add(index, str(folder)).progress.same == 5  # the same sounds, at other places


def stored(index: Path, tmp_path: Path) -> list[tuple[str, ...]]:
    return content(index, tmp_path / "all.parquet")


def test_what_is_there_is_not_read_again(
    index: Index, bucket: Bucket, url: str, tmp_path: Path
) -> None:
    add(index, url)
    bucket.gets()
    again = add(index, url, f"{url}/a.wav")
    assert (again.added, again.progress.kept) == (0, 5)
    assert bucket.gets() == 2  # of a text, which was no recording before: its hash, its sound
    bucket.put("recordings/a.wav", b"no sound any more")
    assert add(index, f"{url}/a.wav").progress.failed == 1
    write_tone(tmp_path / "new.wav", 2000)
    bucket.put("recordings/a.wav", (tmp_path / "new.wav").read_bytes())
    assert add(index, f"{url}/a.wav").added == 1


def test_moments_are_cut_out_of_objects(index: Index, url: str, tmp_path: Path) -> None:
    add(index, url)
    moments = index.search(CLASSIFIER, "4000 Hz", top=1)
    assert moments[0].recordings == (f"{url}/中文/狗 叫.WAV",)
    assert cut_moments(moments, "4000 Hz", tmp_path / "clips") == []
    (clip,) = (tmp_path / "clips").iterdir()
    assert clip.name.startswith("001 狗 叫_0.00-0.50")
    assert index.search_like(CLASSIFIER, f"{url}/a.wav", top=1)[0].recordings == (f"{url}/a.wav",)


def test_removing_by_url(index: Index, url: str, folder: Path) -> None:
    add(index, url, str(folder))
    assert index.remove([f"{url}/b"]) == 2
    assert index.remove([f"{url}/long.wav", f"{url}/a*"]) == 2
    assert index.info().recordings == 5 + 1
    assert index.remove([f"{url}/"]) == 1
