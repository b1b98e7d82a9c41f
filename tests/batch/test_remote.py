"""Batches over object storage do what they do over the same folder on disk."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from anysound import Classifier
from anysound.batch import (
    BatchOptions,
    BatchSummary,
    EventOptions,
    SourceOptions,
    find_sources,
    run_batch,
)
from anysound.batch.processes import Processes
from anysound.batch.work import Listener
from anysound.errors import RecordingError, UsageError
from anysound.labels import read_labels
from tests.batch.making import LABELS, write_folder, write_tone
from tests.fakes import FakeModel
from tests.storage import Application, Bucket, breaking_off, lists, refusing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "recordings")


@pytest.fixture
def url(bucket: Bucket, folder: Path) -> str:
    return bucket.put_folder(folder, "recordings")


@pytest.fixture
def options(url: str, tmp_path: Path) -> BatchOptions:
    return BatchOptions((url,), LABELS, tmp_path / "remote.csv", workers=2)


def run(options: BatchOptions) -> BatchSummary:
    return run_batch(Classifier(FakeModel()), options)


def errors_of(summary: BatchSummary) -> dict[str, str]:
    return dict(text.en.split(": ", 1) for text in summary.failures)  # type: ignore[misc]


@pytest.mark.parametrize("end", ["", "/"])
def test_the_table_is_that_of_the_folder(
    options: BatchOptions, folder: Path, tmp_path: Path, end: str
) -> None:
    here = replace(options, sources=(str(folder),), output=tmp_path / "local.csv")
    there = replace(options, sources=(options.sources[0] + end,))
    assert run(there) == run(here)
    assert there.output.read_bytes() == here.output.read_bytes()


@pytest.mark.parametrize(
    "take",
    [
        SourceOptions(),
        SourceOptions(recursive=False),
        SourceOptions(include=("*.wav",)),
        SourceOptions(include=("*a*", "b/*"), exclude=("z*",)),
    ],
)
@pytest.mark.parametrize("pattern", ["", "/*.wav", "/**/*.wav", "/b", "/[ab]*"])
def test_the_same_is_found(
    bucket: Bucket, folder: Path, url: str, take: SourceOptions, pattern: str
) -> None:
    for name in (".hidden.wav", "b/.hidden/a.wav", "b/deep/er/x.mp3"):
        write_tone(folder / name, 250)
        bucket.put(f"recordings/{name}", b"sound")
    here = find_sources([f"{folder}{pattern}"], take)
    there = find_sources([f"{url}{pattern}"], take)
    names = [name.replace(str(folder), url) for name in here.names]
    assert (list(there.names), there.other_files) == (names, here.other_files)
    assert there.left_out == here.left_out
    for name in there.names:
        place = str(there.place(name))
        assert place.startswith(f"{url}/")
        assert Path(place.replace(url, str(folder))).is_file()


def test_several_sources_and_lists(bucket: Bucket, folder: Path, url: str) -> None:
    listed = folder / "list.txt"
    listed.write_text(f"# mixed\n{url}/a.wav\na.wav\n{url}/b\n{url}/gone.wav\n", "utf-8")
    found = find_sources([f"@{listed}", f"{url}/a.wav", str(folder / "b")], SourceOptions())
    assert list(found.names) == [
        f"{url}/a.wav",
        f"{folder}/a.wav",
        f"{url}/b/-10 dB.wav",
        f"{url}/b/z.wav",
        f"{url}/gone.wav",
        f"{folder}/b/-10 dB.wav",
        f"{folder}/b/z.wav",
    ]


def test_a_long_list_is_not_asked_after(bucket: Bucket, tmp_path: Path) -> None:
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(f"{bucket.url}/{number}.wav" for number in range(500)))
    bucket.storage.asked = []
    assert len(find_sources([f"@{listed}"], SourceOptions()).names) == 500
    assert bucket.storage.asked == []


def test_what_is_finished_is_not_read_again(
    bucket: Bucket, options: BatchOptions, folder: Path
) -> None:
    run(options)
    first = options.output.read_bytes()
    assert bucket.gets() == 5  # the empty one has nothing to be read
    assert run(options).kept == 6
    assert bucket.gets() == 0
    assert options.output.read_bytes() == first


def test_an_object_that_was_replaced_is_heard_again(bucket: Bucket, options: BatchOptions) -> None:
    before = run(options)
    write_tone(options.output.parent / "other.wav", 1000)
    bucket.put("recordings/a.wav", (options.output.parent / "other.wav").read_bytes())
    after = run(options)
    assert (after.kept, after.labels["middle"]) == (5, before.labels["middle"] + 1)


def test_trouble_on_the_way_is_tried_again(bucket: Bucket, options: BatchOptions) -> None:
    def fail(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        if request["PATH_INFO"].endswith("/a.wav"):
            return refusing(app, request, start)
        if request["PATH_INFO"].endswith("/z.wav"):
            return breaking_off(app, request, start)
        return app(request, start)

    bucket.storage.meddle = fail
    summary = run(options)
    assert summary.failed == 4
    errors = errors_of(summary)
    assert errors["a.wav"].startswith("the storage refuses it")
    assert errors["b/z.wav"].startswith("it can't be transferred")
    bucket.storage.meddle = None
    again = run(options)
    assert (again.kept, again.failed) == (4, 2)


def test_an_object_that_vanishes_or_changes_while_it_is_read(
    bucket: Bucket, options: BatchOptions
) -> None:
    def meddle(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        answer = list(app(request, start))
        if request["REQUEST_METHOD"] == "GET" and request["PATH_INFO"].endswith("/a.wav"):
            bucket.delete("recordings/a.wav")
        if request["REQUEST_METHOD"] == "GET" and request["PATH_INFO"].endswith("/z.wav"):
            bucket.put("recordings/b/z.wav", b"something else")
        return answer

    bucket.storage.meddle = meddle
    errors = errors_of(run(options))
    assert errors["a.wav"].startswith("it vanished while it was read")
    assert errors["b/z.wav"].startswith("it changed while it was read")


def test_a_storage_that_is_lost_after_the_reading(bucket: Bucket, options: BatchOptions) -> None:
    read = False

    def lose(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        nonlocal read
        if request["PATH_INFO"].endswith("/a.wav"):
            if read:
                return refusing(app, request, start)
            read = request["REQUEST_METHOD"] == "GET"
        return app(request, start)

    bucket.storage.meddle = lose
    assert errors_of(run(options))["a.wav"].startswith("the storage refuses it")
    bucket.storage.meddle = None
    again = run(options)
    assert (again.kept, again.failed) == (5, 2)


def test_what_can_not_be_listed(bucket: Bucket, options: BatchOptions) -> None:
    with pytest.raises(UsageError, match="nothing at this address"):
        run(replace(options, sources=(f"{bucket.url}/nothing",)))
    for missing in ("s3://no-such-bucket-anywhere", "s3://no-such-bucket-anywhere/b"):
        with pytest.raises(UsageError, match=r"no such bucket|nothing at this address"):
            run(replace(options, sources=(missing,)))
    with pytest.raises(RecordingError, match="no such bucket"):
        run(replace(options, sources=("s3://no-such-bucket-anywhere/*.wav",)))
    with pytest.raises(RecordingError, match="no such protocol"):
        run(replace(options, sources=("nosuch://a/b",)))
    bucket.put("texts/notes.txt", b"no sound")
    with pytest.raises(RecordingError, match=r"no recording in it or below .1 other files"):
        run(replace(options, sources=(f"{bucket.url}/texts",)))
    bucket.storage.meddle = refusing
    with pytest.raises(RecordingError, match="the storage refuses it"):
        run(options)


def test_folders_that_are_objects_too(bucket: Bucket, url: str) -> None:
    for marker in ("recordings/", "recordings/b/", "recordings/none/", "recordings//odd.wav"):
        bucket.put(marker, b"")
    found = find_sources([f"{url}/b", f"{url}/none"], SourceOptions())
    assert list(found.names) == [f"{url}/b/-10 dB.wav", f"{url}/b/z.wav"]
    assert found.empty == [f"{url}/none"]
    assert len(find_sources([url], SourceOptions()).names) == 6


def test_a_folder_inside_that_is_refused(bucket: Bucket, options: BatchOptions) -> None:
    def refuse(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        refused = lists(request) and "recordings%2Fb%2F" in request["QUERY_STRING"]
        return refusing(app, request, start) if refused else app(request, start)

    bucket.storage.meddle = refuse
    summary = run(options)
    assert (summary.recordings, summary.failed) == (5, 3)
    assert errors_of(summary)["b/"].startswith("the storage refuses it (Access Denied")


def test_an_empty_bucket(bucket: Bucket, options: BatchOptions) -> None:
    for each in ("a.wav", "empty.flac", "text.wav", "notes.txt", "b/z.wav", "b/-10 dB.wav"):
        bucket.delete(f"recordings/{each}")
    bucket.delete("recordings/中文/狗 叫.WAV")
    with pytest.raises(RecordingError, match="no recording in it or below"):
        run(replace(options, sources=(bucket.url,)))


def test_clips_of_objects(options: BatchOptions, folder: Path, tmp_path: Path) -> None:
    clips = []
    for name, source in (("here", str(folder / "a.wav")), ("there", f"{options.sources[0]}/a.wav")):
        events = EventOptions(clips=tmp_path / name)
        run(replace(options, sources=(source,), output=tmp_path / f"{name}.csv", events=events))
        found = (path for path in (tmp_path / name).rglob("*.wav") if path.is_file())
        clips += [path.read_bytes() for path in found]
    assert len(clips) == 2
    assert clips[0] == clips[1]
    assert list((tmp_path / "there" / "s3").rglob("*.wav"))


def test_processes_are_sent_urls(url: str) -> None:
    listener = Listener(Classifier(FakeModel()), read_labels(LABELS), None)
    with Processes(listener, 1) as processes:
        there, is_lasting = processes("a.wav", f"{url}/a.wav")
        gone, is_gone_lasting = processes("gone.wav", f"{url}/gone.wav")
    assert (there, is_lasting) == listener("a.wav", f"{url}/a.wav")
    assert there.row.label == "low"
    assert gone.row.error is not None
    assert gone.row.error.en.startswith("gone.wav: there is nothing at this address")
    assert not is_gone_lasting


@pytest.mark.parametrize("which", ["output", "events", "clips"])
def test_an_output_at_a_url(options: BatchOptions, which: str) -> None:
    there = Path("s3://bucket/out.csv")  # as the command line makes it
    changes: dict[str, Any] = {"output": there}
    if which != "output":
        wanted = EventOptions(**{"output" if which == "events" else which: there})
        changes = {"events": wanted}
    with pytest.raises(UsageError, match="not to a URL"):
        run_batch(Classifier(FakeModel()), replace(options, **changes))
