"""What is made of a recording, and whether the next batch believes it."""

import csv
import os
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anysound import Classification, Classifier, UsageError
from anysound.audio import Recording, source
from anysound.batch import BatchOptions, BatchSummary, EventOptions, Progress, run_batch
from anysound.classifier import Labels
from anysound.errors import OutputError
from anysound.language import use
from anysound.scoring import Thresholds
from tests.batch.making import LABELS, names_in, write_folder, write_tone
from tests.fakes import FakeModel
from tests.patience import PATIENCE


class Asked(Classifier):
    """Knows what it was asked, and lets a test act as soon as it has heard."""

    def __init__(self, act: Callable[[Path], object] = lambda path: None, **changed: Any) -> None:
        model = FakeModel()
        thresholds = changed.pop("thresholds", None)
        model.info = replace(FakeModel.info, **changed)  # type: ignore[misc]
        super().__init__(model, thresholds=thresholds)
        self.asked: list[str] = []
        self._act = act

    def classify(self, recording: Recording, labels: Labels) -> Classification:
        path = Path(str(recording))
        self.asked.append(path.name)
        answer = super().classify(recording, labels)
        self._act(path)
        return answer


@pytest.fixture
def options(tmp_path: Path) -> BatchOptions:
    folder = write_folder(tmp_path / "recordings")
    return BatchOptions((str(folder),), LABELS, tmp_path / "results.csv", workers=2)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "recordings"


def errors_of(summary: BatchSummary) -> dict[str, str]:
    return dict(text.en.split(": ", 1) for text in summary.failures)  # type: ignore[misc]


def kept(output: Path) -> str:
    journal = output.with_name(f".{output.name}.journal")
    return journal.read_text() if journal.exists() else ""


def test_a_folder_that_grew_costs_what_is_new(options: BatchOptions, folder: Path) -> None:
    run_batch(Asked(), options)
    first = options.output.read_bytes()
    write_tone(folder / "b/new.wav", 250)
    again = Asked()
    summary = run_batch(again, options)
    assert (again.asked, summary.kept, summary.recordings) == (["new.wav"], 6, 7)
    (folder / "b/new.wav").unlink()
    assert run_batch(again, options).kept == 6
    assert options.output.read_bytes() == first


def test_a_recording_that_was_replaced_is_heard_again(options: BatchOptions, folder: Path) -> None:
    run_batch(Asked(), options)
    write_tone(folder / "a.wav", 1000)
    again = Asked()
    assert run_batch(again, options).labels["middle"] == 2
    assert again.asked == ["a.wav"]


@pytest.mark.parametrize(
    "changed",
    [
        {"revision": "1"},
        {"precision": "int8"},
        {"id": "another"},
        {"device": "cuda:0"},
        {"unit": 1.0},
        {"thresholds": Thresholds(0.99, 0.1, "", "")},
    ],
)
def test_another_model_or_threshold_believes_nothing(
    options: BatchOptions, changed: dict[str, Any]
) -> None:
    run_batch(Asked(), options)
    again = Asked(**changed)
    assert run_batch(again, options).kept == 0
    assert len(again.asked) == 6


@pytest.mark.parametrize(
    "labels",
    [
        "low=250 Hz, middle=1000 Hz",
        "middle=1000 Hz, low=250 Hz, 高音=4000 Hz",
        "low=250 Hz, middle=1000 Hz, 高音=4000 Hz *2",
        "low=250 Hz, middle=1000 Hz, 高音=4000 Hz|!500 Hz",
        "low=250 Hz, middle=1000 Hz, 高音(last 0.1 s)=4000 Hz",
    ],
)
def test_other_labels_believe_nothing(options: BatchOptions, labels: str) -> None:
    run_batch(Asked(), options)
    assert run_batch(Asked(), replace(options, labels=labels)).kept == 0


def test_that_nothing_is_taken_over_is_told_before_the_work(options: BatchOptions) -> None:
    told: list[Progress] = []
    run_batch(Asked(), options, told.append)
    assert not told[0].restarted
    run_batch(Asked(), replace(options, labels="low=250 Hz"), told.append)
    assert [each.done for each in told if each.restarted] == list(range(7))


def test_the_same_name_size_and_time_in_another_folder_is_another_recording(
    options: BatchOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, frequency in (("one", 250), ("two", 4000)):
        write_tone(tmp_path / folder / "1.wav", frequency)
        os.utime(tmp_path / folder / "1.wav", (0, 0))
        assert run_batch(Asked(), replace(options, sources=(str(tmp_path / folder),))).kept == 0
        assert ("low" if folder == "one" else "高音") in options.output.read_text("utf-8-sig")
    monkeypatch.chdir(tmp_path)
    assert run_batch(Asked(), replace(options, sources=("one",))).kept == 1
    both = replace(options, sources=(f"{tmp_path}/one/1.wav", f"{tmp_path}/two"))
    assert run_batch(Asked(), both).kept == 0
    monkeypatch.chdir("one")
    assert run_batch(Asked(), both).kept == 2


def test_a_link_that_leads_elsewhere_now_is_another_folder(
    options: BatchOptions, tmp_path: Path
) -> None:
    for folder, frequency in (("monday", 250), ("tuesday", 4000)):
        write_tone(tmp_path / folder / "1.wav", frequency)
        os.utime(tmp_path / folder / "1.wav", (0, 0))
        (tmp_path / "today").unlink(missing_ok=True)
        (tmp_path / "today").symlink_to(folder)
        assert run_batch(Asked(), replace(options, sources=(str(tmp_path / "today"),))).kept == 0


def test_the_number_of_workers_is_no_setting(options: BatchOptions) -> None:
    run_batch(Asked(), options)
    assert run_batch(Asked(), replace(options, workers=1)).kept == 6
    assert run_batch(Asked(), replace(options, resume=False)).kept == 0


def test_messages_are_in_the_language_of_the_batch_that_writes_them(
    options: BatchOptions,
) -> None:
    with use("en"):
        run_batch(Asked(), options)
    english = options.output.read_bytes()
    with use("zh"):
        run_batch(Asked(), options)
    assert "文件是空的" in options.output.read_text(encoding="utf-8-sig")
    with use("en"):
        assert run_batch(Asked(), options).kept == 6
    assert options.output.read_bytes() == english


def test_names_that_are_no_unicode(options: BatchOptions, tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    write_tone(odd / os.fsdecode(b"caf\xe9.wav"), 250)
    (odd / os.fsdecode(b"\xff.wav")).touch()
    options = replace(options, sources=(str(odd),))
    run_batch(Asked(), options)
    first = options.output.read_bytes()
    again = Asked()
    assert run_batch(again, options).kept == 2
    assert (again.asked, options.output.read_bytes()) == ([], first)


def test_what_is_done_behind_a_slow_recording_is_kept_at_once(options: BatchOptions) -> None:
    def wait(path: Path) -> None:
        if path.name == "a.wav":
            until = time.monotonic() + PATIENCE
            while kept(options.output).count('"row"') < 5:
                assert time.monotonic() < until, "the others were not kept"
                time.sleep(0.01)

    assert run_batch(Asked(wait), options).failed == 2


def test_what_is_finished_before_an_interruption_is_kept(options: BatchOptions) -> None:
    def interrupt(progress: Progress) -> None:
        if progress.done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(Asked(), options, interrupt)
    assert not options.output.exists()
    again = Asked()
    summary = run_batch(again, options)
    assert summary.kept >= 3
    assert len(again.asked) == 6 - summary.kept


def test_a_recording_that_grows_while_it_is_read(options: BatchOptions, folder: Path) -> None:
    stop = threading.Event()

    def record() -> None:
        while not stop.wait(0.002):
            with (folder / "a.wav").open("ab") as file:
                file.write(b"\0" * 64)

    recorder = threading.Thread(target=record)
    recorder.start()
    try:
        summary = run_batch(Asked(lambda path: time.sleep(0.1)), options)
    finally:
        stop.set()
        recorder.join()
    assert errors_of(summary)["a.wav"].startswith("it changed while it was read")
    again = Asked()
    assert run_batch(again, options).failed == 2
    assert again.asked == ["a.wav"]


def test_a_recording_that_is_written_over_while_it_is_read(
    options: BatchOptions, folder: Path
) -> None:
    def write_over(path: Path) -> None:
        if path.name == "a.wav":
            status = path.stat()
            path.write_bytes(bytes(status.st_size))
            os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))

    summary = run_batch(Asked(write_over), options)
    assert "it changed" in errors_of(summary)["a.wav"]
    assert "a.wav" not in kept(options.output)


def test_recordings_that_vanish(options: BatchOptions, folder: Path) -> None:
    write_tone(folder / "b/z2.wav", 250)

    def remove(path: Path) -> None:
        if path.name == "a.wav":
            path.unlink()
            (folder / "b/z2.wav").unlink()

    summary = run_batch(Asked(remove), replace(options, workers=1))
    assert "it vanished" in errors_of(summary)["a.wav"]
    assert "no such file" in errors_of(summary)["b/z2.wav"]
    assert "z2" not in kept(options.output)
    write_tone(folder / "a.wav", 250)
    assert run_batch(Asked(), options).failed == 2


@pytest.mark.parametrize("error", [PermissionError(13, "denied"), OSError(5, "Input/output error")])
def test_a_failure_of_the_system_is_tried_again(
    options: BatchOptions, monkeypatch: pytest.MonkeyPatch, error: OSError
) -> None:
    open_path = source._open_path

    def broken(name: str, given: str) -> Any:
        if given.endswith("a.wav"):
            raise error
        return open_path(name, given)

    with monkeypatch.context() as patch:
        patch.setattr(source, "_open_path", broken)
        assert run_batch(Asked(), options).failed == 3
    again = Asked()
    summary = run_batch(again, options)
    assert (again.asked, summary.failed, summary.kept) == (["a.wav"], 2, 5)


def test_a_fault_of_ours_is_tried_again(options: BatchOptions) -> None:
    def fail(path: Path) -> None:
        if path.name == "a.wav":
            raise MemoryError

    assert run_batch(Asked(fail), options).failed == 3
    again = Asked()
    assert run_batch(again, options).failed == 2
    assert again.asked == ["a.wav"]


def test_a_listed_recording_that_is_not_there_is_a_row(options: BatchOptions, folder: Path) -> None:
    (folder / "list.txt").write_text("a.wav\ngone.wav\nb\n")
    summary = run_batch(Asked(), replace(options, sources=(f"@{folder}/list.txt",)))
    assert (summary.recordings, summary.failed) == (4, 1)
    assert errors_of(summary)[f"{folder}/gone.wav"].startswith("there is no such file")


def test_a_refused_output_leaves_nothing(options: BatchOptions, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught:
        run_batch(Asked(), replace(options, output=tmp_path / "nowhere/results.csv"))
    assert "goes on" not in caught.value.text.en
    assert names_in(tmp_path) == ["recordings"]


@pytest.fixture
def events(options: BatchOptions, tmp_path: Path) -> BatchOptions:
    return replace(options, events=EventOptions(tmp_path / "events.csv", tmp_path / "clips", 0.0))


def clips_of(tmp_path: Path) -> list[str]:
    files = (path for path in (tmp_path / "clips").rglob("*") if path.is_file())
    return sorted(path.relative_to(tmp_path / "clips").as_posix() for path in files)


def test_events_and_clips_of_all_recordings(events: BatchOptions, tmp_path: Path) -> None:
    assert run_batch(Asked(), events).events == 3
    with (tmp_path / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        found = [(row["recording"], row["label"]) for row in csv.DictReader(file)]
    assert found == [("a.wav", "low"), ("b/-10 dB.wav", "middle"), ("中文/狗 叫.WAV", "高音")]
    folders = [name.rpartition("/")[0] for name in clips_of(tmp_path)]
    assert folders == ["a.wav", "b/-10 dB.wav", "中文/狗 叫.WAV"]


@pytest.mark.parametrize("extension", [".csv", ".jsonl", ".selections.txt", ".tsv", ".json"])
def test_events_are_taken_over_in_each_format(
    options: BatchOptions, tmp_path: Path, extension: str
) -> None:
    output = tmp_path / f"events{extension}"
    options = replace(options, events=EventOptions(output))
    run_batch(Asked(), options)
    first = output.read_bytes()
    output.unlink()
    again = Asked()
    assert run_batch(again, options).events == 3
    assert (again.asked, output.read_bytes()) == ([], first)


def test_a_format_of_one_recording_is_refused_for_several(
    options: BatchOptions, folder: Path, tmp_path: Path
) -> None:
    options = replace(options, events=EventOptions(tmp_path / "events.txt"))
    asked = Asked()
    with pytest.raises(UsageError, match="one recording"), use("en"):
        run_batch(asked, options)
    assert (asked.asked, names_in(tmp_path)) == ([], ["recordings"])
    assert run_batch(asked, replace(options, sources=(str(folder / "a.wav"),))).events == 1


def test_the_table_and_the_events_are_two_files(options: BatchOptions) -> None:
    with pytest.raises(UsageError, match="can't be one file"), use("en"):
        replace(options, events=EventOptions(options.output))


def test_clips_that_were_taken_away_are_cut_again(events: BatchOptions, tmp_path: Path) -> None:
    run_batch(Asked(), events)
    whole = clips_of(tmp_path)
    (tmp_path / "clips" / whole[0]).unlink()
    (tmp_path / "clips/a.wav").rmdir()
    again = Asked()
    run_batch(again, events)
    assert (again.asked, clips_of(tmp_path)) == (["a.wav"], whole)


def test_clips_stay_in_their_folder(
    events: BatchOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path / "recordings/b")
    before = names_in(tmp_path / "recordings")
    sources = ("../a.wav", str(tmp_path / "recordings/b/-10 dB.wav"))
    assert run_batch(Asked(), replace(events, sources=sources)).failed == 0
    below = tmp_path.relative_to(tmp_path.anchor).as_posix()
    folders = [name.rpartition("/")[0] for name in clips_of(tmp_path)]
    assert folders == ["__/a.wav", f"{below}/recordings/b/-10 dB.wav"]
    assert names_in(tmp_path / "recordings") == before


def test_clips_in_another_folder_or_with_another_margin_are_cut(
    events: BatchOptions, tmp_path: Path
) -> None:
    run_batch(Asked(), events)
    assert events.events
    for changed in ({"clips": tmp_path / "others"}, {"margin": 0.1}):
        assert (
            run_batch(Asked(), replace(events, events=replace(events.events, **changed))).kept == 0
        )
    assert (tmp_path / "others/a.wav").is_dir()


def test_clips_among_the_recordings_are_no_recordings(
    events: BatchOptions, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert events.events
    among = replace(events, events=replace(events.events, clips=folder / "b/clips"))
    run_batch(Asked(), among)
    table = events.output.read_bytes()
    monkeypatch.chdir(folder)
    for sources in ((str(folder),), (".",)):
        run_batch(Asked(), replace(among, sources=sources))
        assert events.output.read_bytes() == table
    run_batch(Asked(), replace(among, sources=("**/*.wav",)))
    assert b"clips" not in events.output.read_bytes()
