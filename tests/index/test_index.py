"""An index from end to end, with the fake model."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anysound.classifier import Classifier
from anysound.errors import ArchiveError, LabelError, OutputError, RecordingError, UsageError
from anysound.index import AddOptions, Index, search
from anysound.index.store import Store, StoredRecording, StoredWindows
from tests.batch.making import LABELS, write_folder, write_tone
from tests.fakes import RATE, FakeModel, tone, wav_file
from tests.index.making import add


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = write_folder(tmp_path / "recordings")
    write_tone(folder / "long.wav", 250, 4000, seconds=7)
    shutil.copy(folder / "a.wav", folder / "b" / "same.wav")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> Index:
    return Index(tmp_path / "index")


def test_a_sound_under_two_names_is_stored_once(folder: Path, index: Index) -> None:
    summary = add(index, folder)
    progress = summary.progress
    assert (summary.added, progress.same, progress.failed, progress.kept) == (6, 1, 2, 0)
    assert {failure.en.partition(":")[0] for failure in summary.failures.values()} == {
        "empty.flac",
        "text.wav",
    }
    info = index.info()
    assert (info.recordings, info.sounds, info.windows) == (6, 5, 4 + 6)
    assert info.duration == pytest.approx(5 * 0.5 + 7)
    assert progress.seconds == pytest.approx(4 * 0.5 + 7)


def test_what_is_there_is_not_embedded_again(folder: Path, index: Index, tmp_path: Path) -> None:
    add(index, folder)
    heard = []

    class Counting(FakeModel):
        def embed_audio(self, waveforms):
            heard.extend(waveforms)
            return super().embed_audio(waveforms)

    counting = Classifier(Counting())
    assert index.add(counting, AddOptions((str(folder),))).progress.kept == 6
    moved = folder.rename(tmp_path / "moved")
    summary = index.add(counting, AddOptions((str(moved),)))
    assert (summary.added, summary.progress.same, heard) == (6, 6, [])
    assert index.info().windows == 10


def test_a_changed_recording_takes_the_place_of_what_it_was(folder: Path, index: Index) -> None:
    add(index, folder)
    write_tone(folder / "long.wav", 1000, seconds=3)
    assert add(index, folder).added == 1
    assert index.info().windows == 4 + 2
    write_tone(folder / "a.wav", 2000, seconds=0.7)  # its sound is still there as b/same.wav
    assert add(index, folder).added == 1
    assert index.info().windows == 5 + 2
    (folder / "b" / "z.wav").touch()
    progress = add(index, folder).progress
    assert (progress.same, progress.seconds) == (0, 0)  # it is what it was
    assert index.verify().faults == ()


def test_what_goes_on_is_one_moment(index: Index, tmp_path: Path) -> None:
    sound = np.concatenate([tone(500, 6), tone(125, 8), tone(500, 6), tone(125, 2)])
    (tmp_path / "a.wav").write_bytes(wav_file(sound))
    add(index, tmp_path / "a.wav")
    for top in (2, 3, 20):
        moments = index.search(Classifier(FakeModel()), "125 Hz", top)
        # The fake hears but a window's first second.
        assert [(each.start, each.end) for each in moments[:2]] == [(6, 15), (20, 22)]


@pytest.mark.parametrize(
    "labels",
    [
        LABELS,
        "low=250 Hz|!4000 Hz, high=4000 Hz*3, other=1000 Hz|2000 Hz",
        "low=250 Hz",
        "sound (250 Hz), sound (4000 Hz), 1000 Hz",
    ],
)
@pytest.mark.parametrize("none_rank", [0.0, 0.5])
def test_labels_are_answered_as_classify_does(
    folder: Path, index: Index, labels: str, none_rank: float
) -> None:
    random = np.random.default_rng(0)
    for number in range(8):  # windows that differ, each a mixture
        loud = random.random((7, 3))
        parts = [
            sum(
                level * tone(band, 1) for level, band in zip(levels, (250, 1000, 4000), strict=True)
            )
            for levels in loud
        ]
        (folder / f"mixed{number}.wav").write_bytes(wav_file(np.concatenate(parts) / 3))
    (folder / "silent.wav").write_bytes(wav_file(np.zeros(RATE, np.float32)))
    classifier = Classifier(FakeModel())
    classifier.calibration = replace(classifier.calibration, none_rank=none_rank)
    add(index, folder)
    rows = list(index.label(classifier, labels))
    assert len(rows) == 15
    for row in rows:
        answer = classifier.classify(row.recording, labels)
        assert (row.verdict, row.duration) == (answer.verdict, answer.duration)
        assert row.probability == pytest.approx(answer.probability, abs=1e-3)
        assert row.margin == pytest.approx(answer.margin, abs=2e-3)
        if answer.margin > 1e-3:
            assert (row.label, row.telling) == (answer.label, answer.telling)
        if len(answer.scores) > 2 and answer.scores[1].probability > 1e-3:
            assert row.runner_up_probability == pytest.approx(
                answer.scores[1].probability, abs=1e-3
            )


def test_places_in_time_are_answered_from_the_windows_there(tmp_path: Path, index: Index) -> None:
    sound = np.concatenate([tone(250, 4), tone(4000, 4)])
    (tmp_path / "a.wav").write_bytes(wav_file(sound))
    add(index, tmp_path / "a.wav")
    classifier = Classifier(FakeModel())
    (row,) = index.label(classifier, "low [last 2 s]=250 Hz, high [last 2 s]=4000 Hz")
    assert (row.label, row.verdict) == ("high [last 2 s]", "match")
    (row,) = index.label(classifier, "low [first 2 s]=250 Hz, high [first 2 s]=4000 Hz")
    assert (row.label, row.verdict) == ("low [first 2 s]", "match")
    (row,) = index.label(classifier, "low=250 Hz, high [0:20-0:30]=4000 Hz")
    assert (row.label, row.warned) == ("low", True)


def test_a_search_finds_where_it_is(folder: Path, index: Index, tmp_path: Path) -> None:
    sound = np.concatenate([tone(500, 6), tone(125, 2), tone(500, 6)])
    (folder / "planted.wav").write_bytes(wav_file(sound))
    add(index, folder)
    classifier = Classifier(FakeModel())
    best, second, *_ = index.search(classifier, "125 Hz", 3)
    assert best.recordings == (str(folder / "planted.wav"),)
    assert (best.start, best.end) == (6, 9)  # the fake hears but a window's first second
    assert best.similarity > 0.99 > second.similarity
    (tmp_path / "like.wav").write_bytes(wav_file(tone(250, 1)))
    (best,) = index.search_like(classifier, tmp_path / "like.wav", 1)
    assert best.recordings == (str(folder / "a.wav"), str(folder / "b" / "same.wav"))
    assert len(index.search(classifier, "125 Hz", 100)) < 100


@pytest.mark.parametrize("query", ["a, b", "250 Hz|!4000 Hz", "250 Hz [last 1 s]", "("])
def test_a_search_is_for_one_sound(folder: Path, index: Index, query: str) -> None:
    add(index, folder / "a.wav")
    with pytest.raises(LabelError):
        index.search(Classifier(FakeModel()), query)
    with pytest.raises(UsageError):
        index.search(Classifier(FakeModel()), "250 Hz", 0)


def test_removed_windows_go_with_their_last_path(folder: Path, index: Index) -> None:
    add(index, folder)
    assert index.remove([str(folder / "a.wav")]) == 1
    assert index.info().windows == 10
    assert index.remove([str(folder / "b" / "same.wav")]) == 1
    assert index.info().windows == 9
    with pytest.raises(UsageError, match="nowhere"):
        index.remove([str(folder / "long.wav"), "nowhere"])
    assert index.remove([str(folder / "b"), str(folder / "*ong*")]) == 3
    assert index.info().recordings == 1
    assert index.remove([str(folder)]) == 1
    assert (index.info().windows, index.verify().faults) == (0, ())
    assert index.search(Classifier(FakeModel()), "250 Hz") == []
    assert list(index.label(Classifier(FakeModel()), LABELS)) == []
    assert add(index, folder).added == 6


def test_another_model_is_refused(folder: Path, index: Index) -> None:
    class Other(FakeModel):
        info = replace(FakeModel.info, revision="1")

    add(index, folder)
    other = Classifier(Other())
    for attempt in (
        lambda: index.add(other, AddOptions((str(folder),))),
        lambda: index.label(other, LABELS),
        lambda: index.search(other, "250 Hz"),
    ):
        with pytest.raises(ArchiveError, match=r"fake 0 .* fake 1"):
            attempt()


def test_a_later_version_is_refused(folder: Path, index: Index, tmp_path: Path) -> None:
    add(index, folder)
    path = tmp_path / "index" / "index.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "anysound index": 2}))
    with pytest.raises(ArchiveError, match="version 2"):
        index.info()
    with pytest.raises(ArchiveError, match="version 2"):
        add(index, folder)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"anysound index": 1}', '{"anysound index": {}}'])
def test_a_broken_description_is_told(
    folder: Path, index: Index, tmp_path: Path, text: str
) -> None:
    add(index, folder)
    (tmp_path / "index" / "index.json").write_text(text)
    with pytest.raises(ArchiveError):
        index.info()


def test_no_index_is_told_and_none_is_made(index: Index, tmp_path: Path) -> None:
    classifier = Classifier(FakeModel())
    for attempt in (
        index.info,
        index.verify,
        index.optimize,
        lambda: index.remove(["a"]),
        lambda: index.label(classifier, LABELS),
        lambda: index.export(tmp_path / "a.npz"),
    ):
        with pytest.raises(ArchiveError, match="no index"):
            attempt()
    with pytest.raises(UsageError):
        add(index, tmp_path / "nowhere")
    (tmp_path / "recordings").mkdir()
    with pytest.raises(RecordingError):
        add(index, tmp_path / "recordings")
    assert [path.name for path in tmp_path.iterdir()] == ["recordings"]


def test_a_folder_of_other_things_is_left_alone(folder: Path) -> None:
    with pytest.raises(UsageError, match="other things"):
        add(Index(folder), folder)
    with pytest.raises(OutputError):
        add(Index(folder / "nowhere" / "index"), folder)
    assert not (folder / "nowhere").exists()


def test_names_that_are_no_text(index: Index, tmp_path: Path) -> None:
    name = b"\xff'x.wav".decode(errors="surrogateescape")
    write_tone(tmp_path / name, 250)
    add(index, tmp_path)
    (row,) = index.label(Classifier(FakeModel()), LABELS)
    assert row.recording == str(tmp_path / name)
    assert index.remove([row.recording]) == 1


def test_export(folder: Path, index: Index, tmp_path: Path) -> None:
    import pyarrow.parquet

    add(index, folder)
    index.export(tmp_path / "out.npz")
    with np.load(tmp_path / "out.npz") as arrays:
        assert arrays["embeddings"].shape == (10, 6)
        assert np.linalg.norm(arrays["embeddings"].astype(float), axis=1) == pytest.approx(
            1, abs=1e-3
        )
        assert arrays["spans"].shape == (10, 2)
        path = str(folder / "long.wav")
        (sound,) = arrays["recording_sound"][arrays["recordings"] == path]
        ends = arrays["spans"][arrays["sound"] == sound][:, 1]
    assert ends.tolist() == [2, 3, 4, 5, 6, 7]
    index.export(tmp_path / "out.parquet")
    rows = pyarrow.parquet.read_table(tmp_path / "out.parquet").to_pylist()
    both = [str(folder / "a.wav"), str(folder / "b" / "same.wav")]
    assert [row["start"] for row in rows if row["recordings"] == both] == [0.0]
    with pytest.raises(UsageError, match="exported to"):
        index.export(tmp_path / "out.csv")


def test_optimized_it_holds_the_same(folder: Path, index: Index) -> None:
    for name in ("a.wav", "long.wav", "b", "中文"):
        add(index, folder / name)
    before = list(index.label(Classifier(FakeModel()), LABELS))
    index.optimize()
    assert list(index.label(Classifier(FakeModel()), LABELS)) == before
    assert index.verify().faults == ()


def test_a_large_index_is_searched_by_what_optimize_makes(
    folder: Path, index: Index, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "EXACT_UP_TO", 1000)
    add(index, folder)
    rows = np.random.default_rng(0).standard_normal((3000, 6))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    windows = StoredWindows("made", np.stack([np.arange(3000)] * 2, axis=1) * 9.0, rows)
    made = StoredRecording("/made.wav", "", "made", 9.0 * 3000, False, 3000, 0, ())
    with Store(tmp_path / "index").change() as tables:
        tables.add([made], [replace(windows, embeddings=rows.astype(np.float16))])
    classifier = Classifier(FakeModel())
    exact = index.search(classifier, "250 Hz", 20)
    index.optimize()
    assert not index.info().is_search_exact
    found = index.search(classifier, "250 Hz", 20)
    assert len(set(found) & set(exact)) >= 18
    assert index.search(classifier, "250 Hz", 20, exact=True) == exact
    write_tone(folder / "new.wav", 125)
    add(index, folder)
    (best,) = index.search(classifier, "125 Hz", 1)
    assert best.recordings == (str(folder / "new.wav"),)
