import csv
import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from anysound import (
    Classifier,
    LabelError,
    MissingExtraError,
    OutputError,
    RecordingError,
    UsageError,
)
from anysound.batch import BatchOptions, BatchSummary, Progress, run_batch
from anysound.language import use
from anysound.models import Embeddings, Waveform
from tests.batch.making import LABELS, TONES, names_in, write_folder, write_tone
from tests.fakes import FakeModel
from tests.patience import PATIENCE


def rows(output: Path) -> dict[str, dict[str, str]]:
    with output.open(encoding="utf-8-sig", newline="") as file:
        return {row["recording"]: row for row in csv.DictReader(file)}


def run(folder: Path, output: Path, workers: int = 2) -> BatchSummary:
    options = BatchOptions((str(folder),), LABELS, output, workers)
    return run_batch(Classifier(FakeModel()), options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "recordings")


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "results.csv"


def test_one_row_a_recording_in_order(folder: Path, output: Path) -> None:
    write_tone(folder / "both.wav", 250, 1000)
    with use("en"):
        summary = run(folder, output)
    table = rows(output)
    assert list(table) == [
        "a.wav",
        "b/-10 dB.wav",
        "b/z.wav",
        "both.wav",
        "empty.flac",
        "text.wav",
        "中文/狗 叫.WAV",
    ]
    assert table["中文/狗 叫.WAV"]["label"] == "高音"
    assert table["b/z.wav"]["verdict"] == "none"
    assert table["both.wav"]["verdict"] == "ambiguous"
    assert table["a.wav"]["verdict"] == "match"
    assert table["a.wav"]["runner_up"] in ("middle", "高音")
    assert float(table["a.wav"]["duration"]) == 0.5
    assert table["empty.flac"]["error"].startswith("empty.flac: the file is empty")
    assert not table["empty.flac"]["label"]
    assert summary.labels == {"low": 1, "middle": 1, "高音": 1}
    assert list(summary.labels) == ["low", "middle", "高音"]
    assert (summary.none, summary.ambiguous, summary.failed) == (1, 1, 2)
    assert [text.en.partition(":")[0] for text in summary.failures] == ["empty.flac", "text.wav"]
    assert (summary.recordings, summary.other_files) == (7, 1)


def test_the_table_does_not_depend_on_the_workers(folder: Path, tmp_path: Path) -> None:
    for number in range(150):  # more than may be waiting at once
        write_tone(
            folder / f"many/{number}.wav", 250 + 20 * number, seconds=0.02 * (number % 7 + 1)
        )
    tables = []
    for workers in (1, 2, 4):
        run(folder, tmp_path / f"{workers}.csv", workers)
        tables.append((tmp_path / f"{workers}.csv").read_bytes())
    assert tables[0] == tables[1] == tables[2]
    assert len(tables[0].splitlines()) == 1 + 150 + len(TONES) + 2


def test_a_row_is_the_same_alone_or_among_others(folder: Path, tmp_path: Path) -> None:
    run(folder, tmp_path / "all.csv")
    among = rows(tmp_path / "all.csv")
    for name in ("a.wav", "text.wav"):
        alone = tmp_path / "alone" / name
        alone.parent.mkdir(exist_ok=True)
        alone.write_bytes((folder / name).read_bytes())
        run(alone.parent, tmp_path / "one.csv")
        assert rows(tmp_path / "one.csv") == {name: among[name]}
        alone.unlink()


def test_links_and_devices_become_rows(tmp_path: Path, output: Path) -> None:
    folder = tmp_path / "links"
    write_tone(folder / "a.wav", 250)
    write_tone(folder / "x.wav/inside.wav", 250)
    (folder / "dangling.wav").symlink_to(folder / "gone.wav")
    (folder / "loop.wav").symlink_to(folder / "loop.wav")
    (folder / "x.wav/up").symlink_to(folder)
    os.mkfifo(folder / "pipe.wav")
    with use("en"):
        summary = run(folder, output)
    table = rows(output)
    assert list(table) == ["a.wav", "dangling.wav", "loop.wav", "pipe.wav", "x.wav/inside.wav"]
    assert "no such file" in table["dangling.wav"]["error"]
    assert table["loop.wav"]["error"]
    assert "pipe" in table["pipe.wav"]["error"]
    assert (summary.failed, summary.linked_folders) == (3, 1)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_what_may_not_be_read_becomes_a_row(folder: Path, output: Path) -> None:
    (folder / "a.wav").chmod(0)
    (folder / "b").chmod(0)
    assert run(folder, output).failed == 4
    assert list(rows(output)) == ["a.wav", "b/", "empty.flac", "text.wav", "中文/狗 叫.WAV"]


def test_messages_are_in_the_callers_language(folder: Path, output: Path) -> None:
    with use("zh"):
        run(folder, output)
    assert "空" in rows(output)["empty.flac"]["error"]


def test_progress_counts_to_the_end(folder: Path, output: Path) -> None:
    told: list[tuple[int, int]] = []
    options = BatchOptions((str(folder),), LABELS, output)
    run_batch(Classifier(FakeModel()), options, lambda now: told.append((now.done, now.total)))
    assert told == [(done, 6) for done in range(7)]


class Broken(FakeModel):
    """Fails at its third clip, as a bug of ours might."""

    def __init__(self) -> None:
        self._clips = 0

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        self._clips += 1
        if self._clips == 3:
            raise ZeroDivisionError("of our own making")
        return super().embed_audio(waveforms)


def test_a_fault_of_ours_costs_one_row(folder: Path, output: Path) -> None:
    with use("en"):
        summary = run_batch(Classifier(Broken()), BatchOptions((str(folder),), LABELS, output, 1))
    assert "ZeroDivisionError" in rows(output)["b/z.wav"]["error"]
    assert summary.failed == 3


class Unreadable(FakeModel):
    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        raise LabelError(RecordingError("x").text)


def test_labels_the_model_refuses_end_the_run(folder: Path, output: Path) -> None:
    with pytest.raises(LabelError):
        run_batch(Classifier(Unreadable()), BatchOptions((str(folder),), LABELS, output, 2))
    assert not output.exists()
    assert names_in(output.parent) == ["recordings"]


def test_interrupted_it_leaves_nothing_and_does_not_wait(folder: Path, output: Path) -> None:
    released = threading.Event()

    class Slow(FakeModel):
        def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
            released.wait(PATIENCE)
            return super().embed_audio(waveforms)

    def interrupt(progress: Progress) -> None:
        raise KeyboardInterrupt

    options = BatchOptions((str(folder),), LABELS, output, 2)
    with pytest.raises(KeyboardInterrupt):
        run_batch(Classifier(Slow()), options, interrupt)
    assert names_in(output.parent) == ["recordings"]
    released.set()


class Deaf(FakeModel):
    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        raise AssertionError("nothing should be heard yet")


def test_the_output_is_checked_before_anything_is_read(folder: Path, tmp_path: Path) -> None:
    for bad in ("nowhere/out.csv", "recordings"):
        with pytest.raises((OutputError, UsageError)):
            run_batch(Classifier(Deaf()), BatchOptions((str(folder),), LABELS, tmp_path / bad))


@pytest.mark.parametrize(("name", "package"), [("t.parquet", "pyarrow"), ("t.xlsx", "xlsxwriter")])
def test_a_missing_package_is_told_before_anything_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, package: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingExtraError, match=r"anysound\[tables\]"):
        run_batch(Classifier(Deaf()), BatchOptions((str(folder),), LABELS, tmp_path / name))
    assert names_in(tmp_path) == ["recordings"]


def test_an_empty_folder_is_an_error_in_words(tmp_path: Path, output: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty/notes.txt").touch()
    with pytest.raises(RecordingError, match="1 other files"), use("en"):
        run(tmp_path / "empty", output)
    assert not output.exists()


def test_a_batch_needs_workers_and_labels(folder: Path, output: Path) -> None:
    with pytest.raises(UsageError):
        BatchOptions((str(folder),), LABELS, output, 0)
    with pytest.raises(LabelError):
        run_batch(Classifier(FakeModel()), BatchOptions((str(folder),), "", output))
