"""A port that is free, taken by a stranger, or by anysound itself; hubs that answer, or don't."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import httpx
import pytest

from anysound import Classifier, __version__
from anysound.doctor import DoctorOptions, network
from anysound.doctor.network import hub, port
from anysound.models.clap.family import DEFAULT
from anysound.server import ServerOptions
from tests.fakes import FakeModel
from tests.models.hub import Fault, LocalHub
from tests.models.store.making import write_checkpoint
from tests.patience import PATIENCE, until
from tests.server.running import free_port, running


def test_afree_port() -> None:
    number = free_port()
    found = port(DoctorOptions(port=number))
    assert (found.verdict, found.facts) == ("ok", {"port": number})


def test_a_port_that_a_stranger_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "_WAIT", 0.5)  # it never answers
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        found = port(DoctorOptions(port=number))
        assert found.verdict == "warn"
        assert f"PID {os.getpid()}" in found.found.en  # this very process
        assert f"PID {os.getpid()}" in found.found.zh
        assert found.advice
        other = found.facts["free_port"]
        assert other != number
        assert f"--port {other}" in found.advice.en
        with socket.create_server(("127.0.0.1", other)):
            pass


@contextmanager
def answering(body: bytes) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_port_that_another_anysound_has() -> None:
    with running(Classifier(FakeModel()), ServerOptions(port=0)) as address:
        until(lambda: httpx.get(f"{address}/healthz", timeout=PATIENCE).is_success)
        found = port(DoctorOptions(port=httpx.URL(address).port or 0))
    assert found.verdict == "ok"
    assert FakeModel.info.id in found.found.zh
    assert found.facts["anysound"] == {"version": __version__, "model": FakeModel.info.id}


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"status": "ok"}', b'{"model": "x"}'])
def test_a_port_that_another_web_server_has(body: bytes) -> None:
    with answering(body) as number:
        assert port(DoctorOptions(port=number)).verdict == "warn"


def test_a_port_that_may_not_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = PermissionError(13, "Permission denied")
    monkeypatch.setattr(network, "_refusal", lambda _: refusal)
    found = port(DoctorOptions(port=80))
    assert found.verdict == "warn"
    assert "Permission denied" in found.found.en
    assert found.advice
    assert "1024" in found.advice.zh


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[LocalHub]:
    write_checkpoint(tmp_path / DEFAULT)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    with LocalHub(tmp_path) as mirror:
        monkeypatch.setenv("HF_ENDPOINT", mirror.url)
        yield mirror


def test_a_mirror_that_answers(mirror: LocalHub) -> None:
    found = hub(DoctorOptions())
    assert found.verdict == "ok"
    assert mirror.url in found.found.en
    assert found.facts["is_mirror"]
    assert [request.status for request in mirror.requests] == [200]


def test_the_password_of_a_mirror_is_not_told(
    mirror: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", mirror.url.replace("://", "://me:secret@"))
    found = hub(DoctorOptions())
    assert "secret" not in repr(found)
    mirror.misbehave("api", Fault(status=500))
    assert "secret" not in repr(hub(DoctorOptions()))


@pytest.mark.parametrize(("online", "verdict"), [(None, "warn"), (True, "fail")])
def test_a_dead_hub(monkeypatch: pytest.MonkeyPatch, online: bool | None, verdict: str) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    found = hub(DoctorOptions(online=online))
    assert found.verdict == verdict
    assert "can't be reached" in found.found.en
    assert found.advice
    assert "HF_ENDPOINT" in found.advice.zh


def test_a_hub_that_is_silent(mirror: LocalHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network, "_WAIT", 0.5)
    mirror.misbehave("api", Fault(hang=True))
    found = hub(DoctorOptions())
    assert found.verdict == "warn"
    assert "0.5 s" in found.found.en


def test_a_login_page_in_place_of_a_hub(mirror: LocalHub) -> None:
    mirror.misbehave("api", Fault(body=b"<html>Please log in</html>"))
    assert hub(DoctorOptions()).verdict == "warn"


def test_an_address_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_ENDPOINT", "mirror.example")
    found = hub(DoctorOptions())
    assert found.verdict == "warn"
    assert "https://" in found.found.zh


def test_nobody_is_asked_where_that_is_not_wanted(
    mirror: LocalHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert hub(DoctorOptions(online=False)).verdict == "skipped"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    found = hub(DoctorOptions(online=True))
    assert found.verdict == "skipped"
    assert "HF_HUB_OFFLINE" in found.found.zh
    assert mirror.requests == []
