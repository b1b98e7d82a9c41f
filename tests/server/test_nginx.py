"""The server behind nginx, under a path of its own: the configuration that the docs give."""

import os
import re
import shutil
import socket
import subprocess
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from anysound.classifier import Classifier
from anysound.server import Secrets, ServerOptions
from anysound.server.app import create_app
from anysound.server.run import _config, listen
from tests.fakes import FakeModel
from tests.patience import PATIENCE
from tests.server.browsing import Page, is_local, open_browser
from tests.server.making import wav_tone
from tests.server.running import free_port

DOCS = Path(__file__).parents[2] / "docs"
NAME = "sounds.example.org"
TOKEN = "let-me-in"
BEARER = {"authorization": f"Bearer {TOKEN}"}


def configuration(page: str, port: int, behind: int) -> str:
    """The docs' configuration, with the ports of a test."""
    (block,) = re.findall(r"```nginx\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.S)
    ported = block.replace("listen 80;", f"listen 127.0.0.1:{port};")
    assert ported != block
    assert "127.0.0.1:7860" in ported
    return str(ported.replace("127.0.0.1:7860", f"127.0.0.1:{behind}"))


@contextmanager
def nginx(folder: Path, server: str, port: int) -> Iterator[None]:
    program = shutil.which("nginx")
    if not program:
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("nginx is needed and not installed")
    places = "".join(
        f"{each}_temp_path {folder}/{each};\n"
        for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Its workers are somebody else otherwise, who may not look into a test's folder.
    user = "user root;\n" if os.geteuid() == 0 else ""
    path = folder / "nginx.conf"
    path.write_text(
        f"{user}daemon off; pid {folder}/pid; error_log {folder}/error.log;\n"
        f"events {{}}\nhttp {{\naccess_log off;\n{places}{server}}}\n"
    )
    process = subprocess.Popen([program, "-e", f"{folder}/error.log", "-c", str(path)])
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert time.monotonic() < until, (folder / "error.log").read_text()
                assert process.poll() is None, (folder / "error.log").read_text()
                time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()


@contextmanager
def serving(options: ServerOptions) -> Iterator[int]:
    """The server, with a WebSocket that says who asked and returns what it is sent."""

    async def echo(socket: WebSocket) -> None:
        await socket.accept()
        await socket.send_text(socket.client.host if socket.client else "")
        await socket.send_bytes(await socket.receive_bytes())
        await socket.close()

    with listen(ServerOptions(port=0)) as listening:
        app = create_app(Classifier(FakeModel()), options)
        app.router.routes.insert(0, WebSocketRoute("/v1/echo", echo))
        server = uvicorn.Server(_config(app, options))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            server.should_exit = server.force_exit = True
            thread.join(20)


@pytest.fixture(scope="module", params=["serving.md", "serving.zh-CN.md"])
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("nginx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(folder / "uploads"))
        options = ServerOptions(
            host_names=(NAME,), root_path="/sound", secrets=Secrets(token=TOKEN), rate=1000
        )
        port = free_port()
        with (
            serving(options) as behind,
            nginx(folder, configuration(request.param, port, behind), port),
        ):
            # The page takes some seconds more than the rest, and longer on a busy machine.
            page = f"http://127.0.0.1:{port}/sound/config"
            httpx.get(page, headers=BEARER, timeout=PATIENCE).raise_for_status()
            yield f"127.0.0.1:{port}/sound"


def test_api(address: str) -> None:
    form = {"data": {"labels": "1000 Hz, 4000 Hz"}}
    content = wav_tone(1000, 300.0)  # far more than nginx takes without being told
    response = httpx.post(
        f"http://{address}/v1/classify",
        headers=BEARER,
        files={"file": ("a.wav", content)},
        timeout=60,
        **form,  # type: ignore[arg-type]
    )
    assert response.status_code == 200, response.text
    assert response.json()["label"] == "1000 Hz"
    refused = httpx.post(f"http://{address}/v1/classify", timeout=PATIENCE, **form)  # type: ignore[arg-type]
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"


def test_addresses_are_those_of_the_outside(address: str) -> None:
    docs = httpx.get(f"http://{address}/docs", headers=BEARER, timeout=PATIENCE).text
    assert f"http://{address}/v1/classify" in docs
    assert (
        httpx.get(f"http://{address}/openapi.json", headers=BEARER, timeout=PATIENCE).status_code
        == 200
    )
    assert httpx.get(f"http://{address}/healthz", timeout=PATIENCE).json()["status"] == "ok"
    config = httpx.get(f"http://{address}/config", headers=BEARER, timeout=PATIENCE).json()
    assert config["root"] == f"http://{address}"


def test_the_documented_name_is_known_and_others_are_not(address: str) -> None:
    for name, status in ((NAME, 200), ("evil.example", 421)):
        response = httpx.get(
            f"http://{address}/v1/models", headers={**BEARER, "host": name}, timeout=PATIENCE
        )
        assert response.status_code == status


def test_websocket(address: str) -> None:
    with connect(f"ws://{address}/v1/echo", additional_headers=BEARER) as talking:
        assert talking.recv() == "127.0.0.1"
        talking.send(b"sound" * 1000)
        assert talking.recv() == b"sound" * 1000
    with pytest.raises(InvalidStatus) as caught:
        connect(f"ws://{address}/v1/echo")
    assert caught.value.response.status_code == 401


def test_the_pages_own_origin_is_known_and_others_are_not(address: str) -> None:
    own = {**BEARER, "origin": f"http://{address.removesuffix('/sound')}"}
    assert httpx.get(f"http://{address}/config", headers=own, timeout=PATIENCE).status_code == 200
    with connect(f"ws://{address}/v1/echo", additional_headers=own) as talking:
        assert talking.recv() == "127.0.0.1"
    other = {**BEARER, "origin": "https://evil.example"}
    assert httpx.get(f"http://{address}/config", headers=other, timeout=PATIENCE).status_code == 403
    with pytest.raises(InvalidStatus) as caught:
        connect(f"ws://{address}/v1/echo", additional_headers=other)
    assert caught.value.response.status_code == 403


@pytest.mark.browser
def test_page(address: str, tmp_path: Path) -> None:
    recording = tmp_path / "厨房.wav"
    recording.write_bytes(wav_tone(1000, 2.0))
    page = Page(open_browser("en-US"), tmp_path)
    try:
        # A browser asks its user, which nobody can answer here, and sends this.
        secret = b64encode(f"any:{TOKEN}".encode()).decode()
        page.driver.execute_cdp_cmd("Network.enable", {})
        page.driver.execute_cdp_cmd(
            "Network.setExtraHTTPHeaders", {"headers": {"authorization": f"Basic {secret}"}}
        )
        page.open(f"http://{address}/")
        page.choose(recording)
        page.write("1000 Hz, 4000 Hz")
        page.listen()
        assert "厨房.wav" in page.wait_for_words("#result", "Match")
        assert [url for url in page.requests() if not is_local(url)] == []
        errors = [entry["message"] for entry in page.errors()]
        # Gradio links to these two at the root of the host, whatever the path.
        assert [e for e in errors if "/manifest.json" not in e and "/favicon.ico" not in e] == []
    finally:
        page.driver.quit()
