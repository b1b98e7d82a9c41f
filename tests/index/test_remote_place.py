"""An index that lies in object storage itself."""

import json
import signal
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from anysound import Classifier
from anysound.audio.objects import connection_to, create_object, read_object, remove_object
from anysound.errors import ArchiveError, OutputError, UsageError
from anysound.index import Index
from anysound.index.lease import Lease, LeaseTimes
from anysound.index.store import Tables
from tests.batch.making import LABELS, write_folder, write_tone
from tests.fakes import FakeModel
from tests.index.making import add, content, start_adding, write_many
from tests.index.test_safety import KILLED_BETWEEN, SLOWLY
from tests.patience import PATIENCE, until
from tests.storage import (
    Application,
    Bucket,
    breaking_off,
    creating_what_is_there,
    refusing,
    refusing_to_write,
)

CLASSIFIER = Classifier(FakeModel())
QUICK = LeaseTimes(renewed=0.2, stale=2, asked=0.05, wait=60)
SILENT = replace(QUICK, renewed=3600)  # takes the lock, and gives no sign of life

# The same for a process of its own.
QUICKLY = """
import anysound.index.remote_place as place
from anysound.index.lease import LeaseTimes
place.TIMES = LeaseTimes(renewed=0.2, stale=30, asked=0.05, wait=120)
"""


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anysound.index.remote_place.TIMES", QUICK)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path / "recordings")


@pytest.fixture
def url(bucket: Bucket) -> str:
    return f"{bucket.url}/my/index"


def stored(index: Path | str, tmp_path: Path) -> list[tuple[str, ...]]:
    return content(index, tmp_path / "all.parquet")


def test_it_holds_and_answers_what_a_folder_does(url: str, folder: Path, tmp_path: Path) -> None:
    there, here = Index(url + "/"), Index(tmp_path / "index")
    assert not there.exists
    write_tone(folder / "long.wav", 250, 4000, seconds=7)
    assert add(there, folder).progress == add(here, folder).progress
    assert there.exists
    assert stored(url, tmp_path) == stored(tmp_path / "index", tmp_path)
    assert list(there.label(CLASSIFIER, LABELS)) == list(here.label(CLASSIFIER, LABELS))
    assert there.search(CLASSIFIER, "4000 Hz") == here.search(CLASSIFIER, "4000 Hz")
    assert there.similar() == here.similar()
    assert there.verify() == here.verify()
    assert replace(there.info(), size=0) == replace(here.info(), size=0)
    assert add(there, folder).progress == add(here, folder).progress
    assert there.remove([str(folder / "b")]) == here.remove([str(folder / "b")]) == 2
    assert add(there, folder).added == add(here, folder).added == 2
    there.optimize()
    here.optimize()
    assert stored(url, tmp_path) == stored(tmp_path / "index", tmp_path)


def test_its_size_is_that_of_its_objects(url: str, bucket: Bucket, folder: Path) -> None:
    add(Index(url), folder)
    names = bucket.names("my/index/")
    assert Index(url).info().size == sum(len(bucket.get(name)) for name in names)
    assert "my/index/.lock" not in names


def test_a_map_has_its_name(url: str, folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    add(Index(url), folder)
    Index(url).map(tmp_path / "map.html")
    page = (tmp_path / "map.html").read_text(encoding="utf-8")
    assert '"index"' in page


def test_two_may_add_at_once(url: str, tmp_path: Path) -> None:
    folder = write_many(tmp_path / "recordings", 8)
    both = [start_adding(url, folder, QUICKLY + SLOWLY) for _ in range(2)]
    for process in both:
        _, error = process.communicate(timeout=240)
        assert process.returncode == 0, error.decode()
    add(Index(tmp_path / "alone"), folder)
    assert Index(url).verify().faults == ()
    assert stored(url, tmp_path) == stored(tmp_path / "alone", tmp_path)


def test_without_any_lock_it_stays_intact(url: str, tmp_path: Path) -> None:
    """Locks are taken over at once: only the descriptions' numbers keep two apart."""
    folders = [write_many(tmp_path / "one", 6), write_tones(tmp_path / "two")]
    unlocked = QUICKLY.replace("stale=30", "stale=0")
    for process in [start_adding(url, folder, unlocked + SLOWLY) for folder in folders]:
        _, error = process.communicate(timeout=240)
        assert process.returncode == 0 or b"another program changed the index" in error
    assert Index(url).verify().faults == ()
    add(Index(url), *folders)
    assert Index(url).verify().faults == ()
    add(Index(tmp_path / "alone"), *folders)
    assert stored(url, tmp_path) == stored(tmp_path / "alone", tmp_path)


def write_tones(folder: Path) -> Path:
    for number in range(6):
        write_tone(folder / f"{number}.wav", 2000 + 100 * number, seconds=1 + number % 3)
    return folder


def test_killed_between_the_tables_the_next_goes_on(
    url: str, bucket: Bucket, tmp_path: Path
) -> None:
    folder, more = write_many(tmp_path / "one", 3), write_many(tmp_path / "two", 5)
    add(Index(url), folder)
    process = start_adding(url, more, QUICKLY + KILLED_BETWEEN)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == -signal.SIGKILL
    assert "my/index/.lock" in bucket.names("my/index/")
    assert Index(url).verify().recordings == 3
    assert Index(url).verify().faults == ()
    began = time.monotonic()
    assert add(Index(url), more).added == 5
    assert time.monotonic() - began >= QUICK.stale
    assert Index(url).verify().faults == ()
    assert Index(url).info().recordings == 8
    assert "my/index/.lock" not in bucket.names("my/index/")


def overtaken(url: str, work: Callable[[Tables], None], folder: Path | None = None) -> None:
    """Change an index, and let somebody else add a folder before, who took the lock over.

    Whoever renews the lock in the moment in which it is removed puts it back, for others to wait
    for: the one that is overtaken is silent.
    """
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("anysound.index.remote_place.TIMES", SILENT)
            tables = stack.enter_context(Index(url)._store.change())
        if folder:
            remove_object(f"{url}/.lock")  # as whoever waited for long would
            add(Index(url), folder)
        work(tables)


def test_a_lost_lock_is_told_and_changes_nothing(url: str, tmp_path: Path) -> None:
    """Whoever was silent for long finds that another has gone on, at whatever moment it wakes."""
    one, two = write_many(tmp_path / "one", 2), write_tone_in(tmp_path / "two")
    add(Index(url), one)

    def wake_late(tables: Tables) -> None:
        tables.remove(list(tables.by_path)[:1])
        remove_object(f"{url}/.lock")
        add(Index(url), two)

    def wake_early(tables: Tables) -> None:
        paths = list(tables.by_path)
        tables.remove(paths[:1])  # Lance would put this on top of what the other wrote
        tables.remove(paths[1:])

    with pytest.raises(OutputError, match="another program changed the index"):
        overtaken(url, wake_late)
    assert Index(url).info().recordings == 3
    with pytest.raises(OutputError, match="another program changed the index"):
        overtaken(url, wake_early, write_tone_in(tmp_path / "three", 3500))
    assert Index(url).info().recordings == 4
    assert Index(url).verify().faults == ()
    assert add(Index(url), one, two).added == 0


def test_rows_that_a_late_one_wrote_never_count(url: str, tmp_path: Path) -> None:
    """It wrote a table's next version while the other was at work on the same."""
    one, two = write_many(tmp_path / "one", 2), write_tone_in(tmp_path / "two")
    add(Index(url), one)
    late = Index(url)._store.open()

    def append_after_the_late(tables: Tables) -> None:
        some = next(tables.windows.batches(("sound", "start", "end", "embedding")))
        late.windows.append(pyarrow_table(some))
        tables.windows.append(pyarrow_table(some))

    with pytest.raises(OutputError, match="another program changed the index"):
        overtaken(url, append_after_the_late)
    assert Index(url).verify().faults == ()
    assert add(Index(url), two).added == 1
    assert Index(url).verify().faults == ()


def pyarrow_table(batch: Any) -> Any:
    import pyarrow as pa

    return pa.Table.from_batches([batch])


def write_tone_in(folder: Path, frequency: float = 3000) -> Path:
    write_tone(folder / "another.wav", frequency, seconds=3)
    return folder


def test_of_two_that_write_the_same_description_one_loses(url: str, tmp_path: Path) -> None:
    folder = write_many(tmp_path / "one", 2)
    add(Index(url), folder)
    store = Index(url)._store
    before = store.place.read()
    outcomes: list[str] = []
    together = Barrier(2)

    def write(windows: int) -> None:
        lease = Lease(f"{url}/.unused{windows}", QUICK)
        together.wait()
        try:
            store.place._write(lease, replace(before, windows=windows))
            outcomes.append(f"wrote {windows}")
        except OutputError:
            outcomes.append("lost")

    threads = [Thread(target=write, args=(windows,)) for windows in (1, 2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes)[0] == "lost"
    assert sorted(outcomes)[1] == f"wrote {store.place.read().windows}"


def test_who_slept_while_numbers_were_dropped_has_lost(
    url: str, bucket: Bucket, tmp_path: Path
) -> None:
    add(Index(url), write_many(tmp_path / "one", 2))
    store = Index(url)._store
    slept = store.place.read()
    for _ in range(40):
        with store.place.changing() as write:
            write(store.place.read())
    numbers = [json.loads(bucket.get(each))["windows"] for each in bucket.names("my/index/desc")]
    assert len(numbers) == 32
    with (
        pytest.raises(OutputError, match="another program changed the index"),
        store.place.changing() as write,
    ):
        write(replace(slept, windows=1))
    assert store.place.read() == slept
    assert store.place.read().number == slept.number + 40


def test_an_answer_that_was_lost_is_no_defeat(url: str, bucket: Bucket) -> None:
    lost: list[str] = []

    def losing(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        if request["REQUEST_METHOD"] == "PUT" and not lost:
            lost.append(request["PATH_INFO"])
            list(app(request, lambda *_: None))
            start("500 Internal Server Error", [])
            return [b""]
        return app(request, start)

    bucket.storage.meddle = losing
    assert create_object(f"{url}/one", b"ours")
    assert lost
    assert not create_object(f"{url}/one", b"theirs")
    assert read_object(f"{url}/one") == b"ours"


def test_a_holder_that_lives_keeps_its_lock(url: str) -> None:
    times = LeaseTimes(renewed=0.1, stale=3, asked=0.05, wait=4.5)
    held, other = Lease(f"{url}/.lock", times), Lease(f"{url}/.lock", times)
    held.acquire()
    with pytest.raises(TimeoutError):
        other.acquire()
    assert not held.is_lost
    held.release()
    other.acquire()
    other.release()


def test_a_holder_notices_that_its_lock_is_anothers(url: str) -> None:
    times = replace(QUICK, renewed=2)  # not in the moment in which it is removed
    held, other = Lease(f"{url}/.lock", times), Lease(f"{url}/.lock", QUICK)
    held.acquire()
    remove_object(f"{url}/.lock")
    other.acquire()
    until(lambda: held.is_lost)
    held.release()
    assert not other.is_lost
    assert read_object(f"{url}/.lock")
    other.release()


def test_a_lock_outlives_a_short_interruption(url: str, bucket: Bucket) -> None:
    held = Lease(f"{url}/.lock", LeaseTimes(renewed=0.05, stale=30))
    held.acquire()
    bucket.storage.asked = []
    bucket.storage.meddle = refusing_to_write
    until(lambda: bucket.storage.asked.count("PUT") >= 2)
    bucket.storage.meddle = None
    bucket.storage.asked = []
    until(lambda: bucket.storage.asked.count("PUT") >= 2)
    assert not held.is_lost
    held.release()
    assert bucket.names() == []


def test_the_lock_is_given_back_whatever_happens(url: str, bucket: Bucket, folder: Path) -> None:
    add(Index(url), folder)
    for error in (KeyboardInterrupt, OutputError("x")):  # type: ignore[arg-type]
        with pytest.raises((KeyboardInterrupt, OutputError)), Index(url)._store.change():
            raise error
        assert "my/index/.lock" not in bucket.names("my/index/")


@pytest.mark.parametrize("number", [0, 1, -1])
def test_a_truncated_object_is_found_and_the_rest_is_intact(
    url: str, bucket: Bucket, tmp_path: Path, number: int
) -> None:
    one, two = write_many(tmp_path / "one", 3), write_tone_in(tmp_path / "two")
    index = Index(url)
    add(index, one)
    before = set(bucket.names("my/index/windows.lance/data"))
    add(index, two)
    (piece,) = set(bucket.names("my/index/windows.lance/data")) - before
    whole = bucket.get(piece)
    if number < 0:
        bucket.delete(piece)
    else:
        bucket.put(piece, whole[: number * len(whole) // 2])
    found = index.verify()
    assert found.damaged == (str(two / "another.wav"),)
    with pytest.raises(ArchiveError, match="index verify"):
        list(index.label(CLASSIFIER, LABELS))
    assert index.repair() == found
    assert index.verify().faults == ()
    assert add(index, one, two).added == 1
    assert index.verify().faults == ()


def test_trouble_on_the_way_is_no_damage(url: str, bucket: Bucket, folder: Path) -> None:
    index = Index(url)
    add(index, folder)
    before = bucket.names("my/index/")

    def for_data(meddle: Any) -> Any:
        def meddling(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
            is_data = "/data/" in request["PATH_INFO"] and "windows" in request["PATH_INFO"]
            return (meddle if is_data else _as_it_is)(app, request, start)

        return meddling

    for meddle in (refusing, breaking_off):
        bucket.storage.meddle = for_data(meddle)
        for call in (index.verify, index.repair):
            with pytest.raises(ArchiveError, match="Check the connection, the permissions"):
                call()
    bucket.storage.meddle = None
    assert index.verify().faults == ()
    assert bucket.names("my/index/") == before


def _as_it_is(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
    return app(request, start)


def test_who_may_only_read(url: str, bucket: Bucket, folder: Path, tmp_path: Path) -> None:
    index = Index(url)
    add(index, folder)
    write_tone(folder / "new.wav", 500)
    bucket.storage.meddle = refusing_to_write
    with pytest.raises(
        OutputError, match=r"index can't be written: the storage refuses it"
    ) as told:
        add(index, folder)
    assert "AWS_ACCESS_KEY_ID" in told.value.text.zh
    with pytest.raises(OutputError, match="the storage refuses it"):
        index.remove([str(folder / "a.wav")])
    with pytest.raises(OutputError, match="the storage refuses it"):
        add(Index(f"{url}2"), folder)
    assert len(list(index.label(CLASSIFIER, LABELS))) == 4
    assert index.verify().faults == ()
    bucket.storage.meddle = None
    assert add(index, folder).added == 1


def test_who_may_not_even_read(url: str, bucket: Bucket, folder: Path) -> None:
    add(Index(url), folder)
    bucket.storage.meddle = refusing
    for call in (Index(url).info, lambda: Index(url).exists, lambda: add(Index(url), folder)):
        with pytest.raises(ArchiveError, match=r"my/index: the index can't be read: the storage"):
            call()


def test_no_bucket(bucket: Bucket, folder: Path) -> None:
    index = Index("s3://no-such-bucket-here/index")
    with pytest.raises(ArchiveError, match="there is no such bucket"):
        index.info()
    with pytest.raises(ArchiveError, match="there is no such bucket"):
        add(index, folder)


def test_no_index(url: str, bucket: Bucket, folder: Path) -> None:
    with pytest.raises(ArchiveError, match=r"there is no index\. Make one: anysound index add s3:"):
        Index(url).info()
    with pytest.raises(ArchiveError, match="there is no index"):
        Index(url).optimize()
    bucket.put("my/index/holiday.jpg", b"sea")
    with pytest.raises(UsageError, match="this folder holds other things"):
        add(Index(url), folder)
    assert bucket.names() == ["my/index/holiday.jpg"]


def test_nobody_answers(url: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from s3fs import S3FileSystem

    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    S3FileSystem.clear_instance_cache()
    began = time.monotonic()
    with pytest.raises(ArchiveError, match=r"the index can't be read: it can't be transferred"):
        Index(url).info()
    with pytest.raises(ArchiveError, match=r"the index can't be read: it can't be transferred"):
        add(Index(url), folder)
    assert time.monotonic() - began < 30


def test_a_connection_that_is_lost_while_adding(
    url: str, bucket: Bucket, folder: Path, tmp_path: Path
) -> None:
    index = Index(url)
    add(index, folder)

    def failing(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        if "/data/" in request["PATH_INFO"] and request["REQUEST_METHOD"] in ("PUT", "POST"):
            start("500 Internal Server Error", [])
            return [b""]
        return app(request, start)

    bucket.storage.meddle = failing
    more = write_many(tmp_path / "more", 3)
    began = time.monotonic()
    with pytest.raises(OutputError, match=r"What it held before is safe\. Check the connection"):
        add(index, more)
    assert time.monotonic() - began < 90
    bucket.storage.meddle = None
    assert index.info().recordings == 4
    assert index.verify().faults == ()
    assert add(index, more).added == 3


def test_a_later_version_is_refused(url: str, bucket: Bucket, folder: Path) -> None:
    add(Index(url), folder)
    (*_, last) = bucket.names("my/index/descriptions")
    bucket.put(last, bucket.get(last).replace(b'"anysound index": 1', b'"anysound index": 2'))
    with pytest.raises(ArchiveError, match="Update anysound"):
        Index(url).info()
    bucket.put(last, b"{")
    with pytest.raises(ArchiveError, match=r"json: this can't be read as an index's description"):
        add(Index(url), folder)


def test_a_storage_that_knows_no_conditions_is_refused(
    url: str, bucket: Bucket, folder: Path
) -> None:
    bucket.storage.meddle = creating_what_is_there
    with pytest.raises(OutputError, match="If-None-Match is ignored"):
        add(Index(url), folder)
    assert bucket.names() == []


@pytest.mark.parametrize(
    "url", ["https://host/index", "ftp://host/index", "s3a://bucket/index", "s3://"]
)
def test_where_no_index_can_be(url: str) -> None:
    with pytest.raises(UsageError, match=f"{url}: an index can't lie there"):
        Index(url)


def test_credentials_and_endpoint_of_a_profile(
    url: str, bucket: Bucket, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lance finds the storage where s3fs does, though neither is in the environment."""
    from s3fs import S3FileSystem

    config = tmp_path / "config"
    config.write_text(
        "[profile lab]\nregion = eu-north-1\naws_access_key_id = LABKEY\n"
        f"aws_secret_access_key = x\nendpoint_url = {bucket.storage.url}\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    monkeypatch.setenv("AWS_PROFILE", "lab")
    for name in ("ENDPOINT_URL", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "DEFAULT_REGION"):
        monkeypatch.delenv(f"AWS_{name}")
    S3FileSystem.clear_instance_cache()
    signed: set[str] = set()

    def noting(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        signed.add(request.get("HTTP_AUTHORIZATION", "nobody").partition("/")[0])
        return app(request, start)

    bucket.storage.meddle = noting
    add(Index(url), folder)
    assert Index(url).verify().faults == ()
    assert signed == {"AWS4-HMAC-SHA256 Credential=LABKEY"}


def test_what_fsspec_is_configured_with_counts(
    url: str, bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.config import conf

    assert connection_to(url)["aws_endpoint"] == bucket.storage.url
    assert "aws_access_key_id" not in connection_to(url)
    monkeypatch.setitem(conf, "s3", {"key": "K", "secret": "S"})
    assert connection_to(url)["aws_access_key_id"] == "K"
    monkeypatch.setitem(conf, "s3", {"anon": True})
    assert connection_to(url)["aws_skip_signature"] == "true"
