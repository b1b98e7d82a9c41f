"""What Gradio comes with and the page doesn't use is not there; no URL of a request is opened."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from tests.fakes import FakeModel
from tests.server.making import LOCAL


@pytest.fixture
def client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "uploads"))
    app = create_app(Classifier(FakeModel()), ServerOptions())
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/proxy=https://huggingface.co/x",
        "/gradio_api/component_server",
        "/gradio_api/runs",
        "/gradio_api/stream/x/0/1/playlist.m3u8",
        "/gradio_api/custom_component/x/client/component/x.js",
        "/gradio_api/process_recording",
        "/gradio_api/openapi.json",
        "/gradio_api/deep_link",
        "/gradio_api/vibe-edit",
        "/gradio_api/dev/reload",
        "/gradio_api/call/listen",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=pyproject.toml",
        "/gradio_api/file=http://127.0.0.1/",
        "/gradio_api/file=https://example.com/x.wav",
        "/gradio_api/file=%2e%2e/x",
        "/gradio_api/file/etc/passwd",
        "/monitoring",
        "/svelte/x",
        "/login",
    ],
)
def test_what_the_page_does_not_use_is_not_there(client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        assert client.request(method, path).status_code == 404


@pytest.mark.parametrize("folder", ["/assets", "/assets/", "/static", "/static/", "/static/img"])
def test_no_folder_is_listed(client: TestClient, folder: str) -> None:
    assert client.get(folder).status_code in (400, 403, 404)


@pytest.mark.parametrize("path", ["../../gradio/routes.py", "..%2f..%2froutes.py", "/etc/passwd"])
def test_no_file_beside_the_pages_own_is_shown(client: TestClient, path: str) -> None:
    for folder in ("assets", "static"):
        response = client.get(f"/{folder}/{path}")
        assert response.status_code in (400, 403, 404)
        assert "root:" not in response.text
        assert "fastapi" not in response.text


def test_what_was_uploaded_is_served_as_nothing_to_run(client: TestClient) -> None:
    page = b"<script>alert(1)</script>"
    (path,) = client.post("/gradio_api/upload", files={"files": ("x.html", page)}).json()
    response = client.get(f"/gradio_api/file={path}")
    assert response.status_code == 200
    assert response.headers["content-disposition"].startswith("attachment")
    assert response.headers["x-content-type-options"] == "nosniff"


def test_no_url_of_a_request_is_opened(
    client: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event in ("socket.getaddrinfo", "socket.connect"):
            opened.append(f"{event} {arguments}")

    watching = True
    sys.addaudithook(watch)
    named = {"path": "http://sounds.example/x.wav", "meta": {"_type": "gradio.FileData"}}
    events = client.get("/config").json()["dependencies"]
    switch = next(event for event in events if event["targets"][0][1] == "input")
    for url in (named, {**named, "path": "x", "url": "http://sounds.example/x.wav"}):
        answer = client.post(
            "/gradio_api/run/predict",
            json={"data": ["en", url, None], "fn_index": switch["id"], "session_hash": "s"},
        )
        assert not answer.is_success
    watching = False
    assert [each for each in opened if "sounds.example" in each] == []
    assert not [path for path in (tmp_path / "uploads").rglob("*") if path.is_file()]
