"""Recordings at URLs: on an S3 server, on a web server, and in fsspec's memory."""

import importlib
import socket
import sys
import time
from collections.abc import Iterable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import fsspec
import numpy as np
import pytest

from anysound.audio import load, remote
from anysound.audio.remote import is_url, kind_of, list_folder, open_url, place, within
from anysound.errors import MissingExtraError, RecordingError
from tests.audio.making import wav
from tests.fakes import RATE, tone, wav_file
from tests.storage import Application, Bucket, breaking_off, refusing

BLOCK = 2 << 20
REGISTRY = importlib.import_module("fsspec.registry")


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    files = fsspec.filesystem("memory")
    yield files
    files.store.clear()
    files.pseudo_dirs[:] = [""]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[str]:
    """A web server of the folder, which sends files only from their start."""

    class Silent(SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Silent, directory=tmp_path))
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def long_wav(blocks: float) -> bytes:
    """Noise that takes so many of the blocks that are fetched at once."""
    noise = np.random.default_rng(0).integers(-9000, 9000, round(blocks * BLOCK / 2))
    return wav(noise.astype("<i2").tobytes(), 1, 16, RATE)


def failure(url: str) -> RecordingError:
    with pytest.raises(RecordingError) as caught:
        load(url, RATE)
    assert caught.value.text.en.startswith(f"{url}: ")
    assert caught.value.text.zh.startswith(f"{url}：")
    return caught.value


@pytest.mark.parametrize("given", ["s3://b/a.wav", "memory://a", "HTTPS://h/a", "git+ssh://h/a"])
def test_a_url(given: str) -> None:
    assert is_url(given)
    assert place(given) == given
    assert within(given, "b/c.wav") == f"{given}/b/c.wav"
    assert within(f"{given}/", "c.wav") == f"{given}/c.wav"


@pytest.mark.parametrize(
    "given", [r"C:\rec\a.wav", "C:/rec/a.wav", "C://rec", "a/b.wav", "s3:/b", "", "a: //b"]
)
def test_a_path(given: str) -> None:
    assert not is_url(given)
    assert place(given) == Path(given)
    assert within(Path("rec"), "b/c.wav") == Path("rec/b/c.wav")


@pytest.mark.parametrize(
    "name", ["a.wav", "深/狗 叫.wav", "50% #1+2&3=é.wav", "star*[x]?.wav", "no extension"]
)
def test_an_object_is_what_a_file_is(bucket: Bucket, tmp_path: Path, name: str) -> None:
    content = wav_file(tone(440, 2.5))
    (tmp_path / "a.wav").write_bytes(content)
    local = load(tmp_path / "a.wav", 48_000)
    there = load(bucket.put(name, content), 48_000)
    assert (there.waveform == local.waveform).all()
    assert there.duration == local.duration


def test_a_short_object_is_read_by_one_request(bucket: Bucket) -> None:
    url = bucket.put("a.wav", wav_file(tone(440)))
    bucket.gets()
    load(url, RATE)
    assert bucket.gets() == 1


def test_a_long_one_comes_block_by_block(bucket: Bucket) -> None:
    content = long_wav(3.5)
    url = bucket.put("long.wav", content)
    bucket.gets()
    assert (load(url, RATE).waveform == load(content, RATE).waveform).all()
    assert bucket.gets() == 4


def test_any_place_can_be_read(bucket: Bucket) -> None:
    content = long_wav(2.5)
    with open_url(bucket.put("long.wav", content)) as file:
        for start in (0, len(content) - 10, BLOCK - 5, 3, len(content), len(content) + 5):
            assert file.seek(start) == start
            assert file.read(10) == content[start : start + 10]
        file.seek(BLOCK)
        assert file.read() == content[BLOCK:]
        assert file.tell() == len(content)


def test_what_is_not_there(bucket: Bucket) -> None:
    bucket.put("folder/a.wav", b"sound")
    assert "nothing at this address" in failure(f"{bucket.url}/gone.wav").text.en
    missing = failure("s3://no-such-bucket-anywhere/a.wav")
    assert "no such bucket" in missing.text.en
    assert "没有这个存储桶" in missing.text.zh
    assert "this is a folder" in failure(f"{bucket.url}/folder").text.en
    assert "the file is empty" in failure(bucket.put("empty.wav", b"")).text.en
    assert "not a sound or video file" in failure(bucket.put("text.wav", b"no sound")).text.en


def test_what_is_refused(bucket: Bucket) -> None:
    url = bucket.put("a.wav", wav_file(tone(440)))
    bucket.storage.meddle = refusing
    error = failure(url)
    assert "the storage refuses it" in error.text.en
    assert "AWS_ACCESS_KEY_ID" in error.text.zh
    with pytest.raises(OSError, match="refuses it"):
        list_folder(bucket.url)


def test_no_credentials(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    assert "the storage refuses it (Unable to locate" in failure(f"{bucket.url}/a.wav").text.en


def test_fsspecs_own_configuration_counts(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    url = bucket.put("a.wav", wav_file(tone(440)))
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": bucket.storage.url})
    assert load(url, RATE).duration == 1
    monkeypatch.setitem(fsspec.config.conf["s3"], "anon", True)
    assert "the storage refuses it" in failure(url).text.en


def test_nobody_answers(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    began = time.monotonic()
    assert "it can't be transferred (Could not connect" in failure(f"{bucket.url}/a.wav").text.en
    assert "it can't be transferred (" in failure("http://127.0.0.1:9/a.wav").text.en
    assert time.monotonic() - began < 20


def test_somebody_who_never_answers(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"http://127.0.0.1:{mute.getsockname()[1]}"
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        monkeypatch.setattr(remote, "_READ", 0.2)
        began = time.monotonic()
        assert "it can't be transferred (Read timeout" in failure(f"{bucket.url}/a.wav").text.en
        assert "it can't be transferred (Timeout" in failure(f"{address}/a.wav").text.en
    assert time.monotonic() - began < 20


def test_an_object_that_breaks_off(bucket: Bucket) -> None:
    url = bucket.put("a.wav", wav_file(tone(440)))
    bucket.storage.meddle = breaking_off
    assert "it can't be transferred (" in failure(url).text.en


def test_an_object_that_changes_while_it_is_read(bucket: Bucket) -> None:
    url = bucket.put("a.wav", long_wav(4))
    pieces = 0

    def change(app: Application, request: dict[str, Any], start: Any) -> Iterable[bytes]:
        nonlocal pieces
        pieces += request["REQUEST_METHOD"] == "GET"
        if pieces == 2:
            bucket.storage.meddle = None
            bucket.put("a.wav", long_wav(4.5))
        return app(request, start)

    bucket.storage.meddle = change
    error = failure(url)
    assert "it changed while it was read" in error.text.en
    assert pieces == 2


def test_protocols_that_nobody_knows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "knows no such protocol" in failure("nosuch://a/b.wav").text.en
    lacking = {"class": "no_such_package.Files", "err": "Install no_such_package to see them"}
    monkeypatch.setitem(REGISTRY.known_implementations, "lacking", lacking)
    error = failure("lacking://a/b.wav")
    assert "lacking:// needs another package (Install no_such_package" in error.text.en


@pytest.mark.parametrize("package", ["fsspec", "s3fs"])
def test_without_the_extra(monkeypatch: pytest.MonkeyPatch, package: str) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.delitem(REGISTRY._registry, "s3", raising=False)
    with pytest.raises(MissingExtraError, match=r"anysound\[remote\]"):
        load("s3://bucket/a.wav", RATE)


def test_a_password_in_a_url_goes_nowhere() -> None:
    assert "there is a password in this address" in failure("ftp://me:secret@host/a.wav").text.en


def test_memory(memory: fsspec.AbstractFileSystem) -> None:
    content = wav_file(tone(440))
    memory.pipe("/rec/a.wav", content)
    assert (load("memory://rec/a.wav", RATE).waveform == load(content, RATE).waveform).all()
    assert (kind_of("memory://rec"), kind_of("memory://rec/a.wav")) == ("folder", "file")
    with pytest.raises(FileNotFoundError):
        kind_of("memory://rec/b.wav")
    assert [(each.name, each.is_folder) for each in list_folder("memory://")] == [("rec", True)]


@pytest.mark.parametrize("blocks", [0.1, 2.5])
def test_a_web_server_that_sends_files_from_their_start_only(
    web: str, tmp_path: Path, blocks: float
) -> None:
    content = long_wav(blocks)
    (tmp_path / "狗 叫.wav").write_bytes(content)
    assert (load(f"{web}/狗 叫.wav", RATE).waveform == load(content, RATE).waveform).all()
    assert "nothing at this address" in failure(f"{web}/gone.wav").text.en


def test_a_web_servers_folder(web: str, tmp_path: Path) -> None:
    (tmp_path / "rec" / "b").mkdir(parents=True)
    (tmp_path / "rec" / "a.wav").write_bytes(wav_file(tone(440)))
    (tmp_path / "rec" / "b" / "c.wav").write_bytes(wav_file(tone(440)))
    found = {(each.name, each.is_folder) for each in list_folder(f"{web}/rec/")}
    assert found == {("a.wav", False), ("b", True)}
    assert kind_of(f"{web}/rec/") == "folder"
