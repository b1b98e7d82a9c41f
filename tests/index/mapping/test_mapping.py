"""Maps of an index."""

import json
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anysound.classifier import Classifier
from anysound.errors import (
    AnysoundError,
    ArchiveError,
    LabelError,
    MissingExtraError,
    OutputError,
    UsageError,
)
from anysound.index import AddOptions, Index
from anysound.index.mapping.layout import laid_out, map_recordings
from anysound.index.mapping.page import page_of
from anysound.index.mapping.words import WORDS
from anysound.language import use
from tests.batch.making import LABELS, write_tone
from tests.fakes import RATE, FakeModel, wav_file
from tests.index.making import add
from tests.storage import Bucket

HOSTILE = "<img src=x onerror=document.title=1> 100% #1?.wav"
FAMILIES = {"low": 250, "middle": 1000, "高": 4000}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    """Three kinds of tones, in folders of their own, and something silent."""
    place = tmp_path_factory.mktemp("mapped")
    for name, frequency in FAMILIES.items():
        for number in range(6):
            write_tone(
                place / "rec" / name / f"{number}.wav",
                frequency,
                *([2000] * (number % 2)),
                seconds=1 + 0.5 * number,
            )
    write_tone(place / "rec" / HOSTILE, 500)
    shutil.copy(place / "rec" / "low" / "0.wav", place / "rec" / "low" / "0 again.wav")
    (place / "rec" / "silence.wav").write_bytes(wav_file(np.zeros(RATE, np.float32)))
    index = Index(place / "index")
    add(index, place / "rec")
    return index


def data_of(page: Path | bytes) -> dict[str, Any]:
    """What a page's script is told."""
    text = (page if isinstance(page, bytes) else page.read_bytes()).decode()
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', text, re.S)
    return json.loads(data)


def test_what_is_alike_is_near(index: Index, tmp_path: Path) -> None:
    mapped = index.map(tmp_path / "map.html")
    assert (len(mapped.points), mapped.total, mapped.is_sample) == (20, 20, False)
    places = np.array([(point.x, point.y) for point in mapped.points])
    assert np.abs(places).max() == pytest.approx(0.5)
    folders = [Path(point.recordings[0].path).parent.name for point in mapped.points]
    for number, folder in enumerate(folders):
        apart = np.hypot(*(places - places[number]).T)
        apart[number] = np.inf
        if folder in FAMILIES:
            assert folders[int(apart.argmin())] == folder
    twice = next(point for point in mapped.points if len(point.recordings) == 2)
    assert [Path(each.path).name for each in twice.recordings] == ["0 again.wav", "0.wav"]


def test_the_page_says_what_is_where(index: Index, tmp_path: Path) -> None:
    (tmp_path / "pages").mkdir()
    index.map(tmp_path / "pages" / "map.html")
    text = (tmp_path / "pages" / "map.html").read_text(encoding="utf-8")
    assert "<img" not in text
    assert not re.search(r"https?://", text)
    data = data_of(tmp_path / "pages" / "map.html")
    assert (data["name"], data["total"], data["windows"], data["labelled"]) == (
        *("index", 20, False, False),
    )
    assert [(each["name"], each["kind"], each["count"]) for each in data["categories"]] == [
        ("low", "folder", 6),
        ("middle", "folder", 6),
        ("rec", "folder", 2),
        ("高", "folder", 6),
    ]
    (hostile,) = (each for each in data["sounds"] if "onerror" in each["path"])
    assert hostile["path"].endswith(f"/rec/{HOSTILE}")
    assert hostile["address"].startswith("./../")
    assert hostile["address"].endswith(
        "/rec/%3Cimg%20src%3Dx%20onerror%3Ddocument.title%3D1%3E%20100%25%20%231%3F.wav"
    )
    (silent,) = (each for each in data["sounds"] if each["silent"])
    assert silent["path"].endswith("silence.wav")
    assert sum(len(each["same"]) for each in data["sounds"]) == 1
    assert all(len(point) == 6 for point in data["points"])


def test_labels_and_what_they_leave_open(index: Index, tmp_path: Path) -> None:
    classifier = Classifier(FakeModel())
    mapped = index.map(tmp_path / "map.html", classifier, LABELS)
    rows = {row.recording: row for row in index.label(classifier, LABELS)}
    for point in mapped.points:
        row = rows[point.recordings[0].path]
        assert point.answer
        assert (point.answer.label, point.answer.verdict) == (row.label, row.verdict)
        assert point.answer.probability == row.probability
    data = data_of(tmp_path / "map.html")
    kinds = [(each["name"], each["kind"]) for each in data["categories"]]
    assert kinds == [
        ("low", "label"),
        ("middle", "label"),
        ("高音", "label"),
        ("", "ambiguous"),
        ("", "none"),
    ]
    assert sum(each["count"] for each in data["categories"]) == 20
    verdicts = [row.verdict for row in rows.values()]
    assert data["categories"][4]["count"] == verdicts.count("none") > 0
    for point in data["points"]:
        if kinds[point[2]][1] == "label":
            assert point[6] == kinds[point[2]][0]


def test_windows_are_labelled_each_by_itself(tmp_path: Path) -> None:
    write_tone(tmp_path / "rec" / "a.wav", 250, seconds=6)
    write_tone(tmp_path / "rec" / "b.wav", 4000, seconds=5)
    index = Index(tmp_path / "index")
    add(index, tmp_path / "rec")
    classifier = Classifier(FakeModel())
    mapped = index.map(tmp_path / "map.html", classifier, LABELS, windows=True)
    assert (len(mapped.points), mapped.windows) == (5 + 4, True)
    assert {
        (Path(p.recordings[0].path).name, p.answer and p.answer.label) for p in mapped.points
    } == {
        ("a.wav", "low"),
        ("b.wav", "高音"),
    }
    spans = [point.span for point in mapped.points if point.recordings[0].path.endswith("a.wav")]
    assert spans == [(float(start), start + 2.0) for start in range(5)]
    assert data_of(tmp_path / "map.html")["points"][1][4:6] == [1.0, 3.0]
    with pytest.raises(LabelError, match="place in time"):
        index.map(tmp_path / "x.html", classifier, "click [last 1 s]=250 Hz", windows=True)
    assert not (tmp_path / "x.html").exists()
    index.map(tmp_path / "x.html", classifier, "click [last 1 s]=250 Hz")


def test_a_large_index_is_sampled_and_says_so(index: Index, tmp_path: Path) -> None:
    store = index._store
    for windows in (False, True):
        mapped = map_recordings(store.open(), windows=windows, most=7)
        assert len(mapped.points) == 7
        assert mapped.is_sample
        assert mapped == map_recordings(store.open(), windows=windows, most=7)
        assert data_of(page_of(mapped, "x", tmp_path))["total"] == mapped.total > 7


def test_the_same_index_gives_the_same_page(index: Index, tmp_path: Path) -> None:
    pages = []
    for name in ("a.html", "b.HTM"):
        index.map(tmp_path / name, windows=True)
        pages.append((tmp_path / name).read_bytes())
    assert pages[0] == pages[1]
    with use("zh"):
        index.map(tmp_path / "c.html", windows=True)
    assert b'<html lang="zh-CN">' in (tmp_path / "c.html").read_bytes()


@pytest.mark.parametrize("count", [1, 2, 3, 9])
def test_few_recordings(tmp_path: Path, count: int) -> None:
    for number in range(count):
        write_tone(tmp_path / "rec" / f"{number}.wav", 125 * 2 ** (number % 6), seconds=1 + number)
    index = Index(tmp_path / "index")
    add(index, tmp_path / "rec")
    mapped = index.map(tmp_path / "map.html")
    places = np.array([(point.x, point.y) for point in mapped.points])
    assert np.isfinite(places).all()
    assert np.abs(places).max() <= 0.5
    assert len(places) == count


def test_what_is_all_the_same_lies_in_one_place() -> None:
    same = np.tile(np.array([0.6, 0.8, 0.0], np.float32), (50, 1))
    assert np.abs(laid_out(same)).max() <= 0.5
    assert np.isfinite(laid_out(same)).all()


def test_many_folders_and_labels_become_some(index: Index, tmp_path: Path) -> None:
    many = ", ".join(f"label {number}" for number in range(40)) + ", low=250 Hz"
    index.map(tmp_path / "map.html", Classifier(FakeModel()), many)
    categories = data_of(tmp_path / "map.html")["categories"]
    assert len(categories) == 30 + 3
    assert [each["kind"] for each in categories[-3:]] == ["other", "ambiguous", "none"]
    assert any(each["name"] == "low" for each in categories)


def test_what_cannot_be_mapped(index: Index, tmp_path: Path, monkeypatch: Any) -> None:
    def refused(kind: type[AnysoundError], output: Path, mapped: Index = index, **more: Any) -> str:
        with pytest.raises(kind) as caught:
            mapped.map(output, **more)
        return caught.value.text.en

    assert "map.png" in refused(UsageError, tmp_path / "map.png")
    assert "nowhere" in refused(OutputError, tmp_path / "nowhere" / "map.html")
    assert "classifier" in refused(UsageError, tmp_path / "map.html", labels="a")
    assert "there is no index" in refused(ArchiveError, tmp_path / "x.html", Index(tmp_path / "no"))
    write_tone(tmp_path / "rec" / "a.wav", 250)
    emptied = Index(tmp_path / "index")
    add(emptied, tmp_path / "rec")
    emptied.remove([str(tmp_path / "rec")])
    assert "no recordings" in refused(ArchiveError, tmp_path / "map.html", emptied)
    monkeypatch.setitem(sys.modules, "sklearn.manifold", None)
    assert "anysound[map]" in refused(MissingExtraError, tmp_path / "map.html")
    assert list(tmp_path.glob("*.html")) == []


def test_every_word_of_the_page_is_used_and_known() -> None:
    script = (Path(page_of.__code__.co_filename).parent / "page.js").read_text(encoding="utf-8")
    for key in WORDS:
        stem = key.removesuffix("_value")
        assert f'"{key}"' in script or f'"{stem}"' in script, key
    for text in WORDS.values():
        assert set(re.findall(r"\{\w+\}", text.en)) == set(re.findall(r"\{\w+\}", text.zh))


def test_a_page_leads_to_nothing_that_is_not_on_this_machine(
    bucket: Bucket, tmp_path: Path
) -> None:
    write_tone(tmp_path / "rec" / "a.wav", 300)
    there = bucket.put_folder(tmp_path / "rec", "rec")
    index = Index(tmp_path / "index")
    index.add(Classifier(FakeModel()), AddOptions((there,)))
    index.map(tmp_path / "map.html")
    (sound,) = data_of(tmp_path / "map.html")["sounds"]
    assert (sound["path"], sound["address"]) == (f"{there}/a.wav", "")
