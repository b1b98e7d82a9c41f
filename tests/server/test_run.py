"""Starting and stopping the server."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from anysound.errors import UsageError
from anysound.language import use
from anysound.server import ServerOptions
from anysound.server.run import listen, sweep
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]

SERVE = """
import sys

def watch(event, arguments):
    asked = {"socket.connect": 1, "socket.getaddrinfo": 0}.get(event)
    if asked is not None and "127.0.0.1" not in str(arguments[asked]):
        print("foreign:", event, arguments, file=sys.stderr)

sys.addaudithook(watch)
from anysound.server import ServerOptions, run
from tests.fakes import FakeModel
run.load_model = lambda *_: FakeModel()
run.serve(ServerOptions(port=0))
"""

WITHOUT = """
import importlib.machinery, sys

class Unfound(importlib.machinery.PathFinder):
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        return None if name == {module!r} else super().find_spec(name, path, target)

sys.meta_path[:] = [Unfound if f is importlib.machinery.PathFinder else f for f in sys.meta_path]
from anysound.errors import MissingExtraError
try:
    import anysound.server
except MissingExtraError as error:
    print(error)
"""


@contextmanager
def run_python(code: str, **environment: str) -> "Iterator[subprocess.Popen[str]]":
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_port_in_use_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as caught:
            listen(ServerOptions(port=port))
    for language, words in (("en", "--port"), ("zh", "占用")):
        with use(language):
            assert f"127.0.0.1:{port}" in str(caught.value)
            assert words in str(caught.value)


@pytest.mark.parametrize(("host", "port"), [("192.0.2.1", 0), ("127.0.0.1", 70000), ("", -1)])
def test_an_address_that_cannot_be_listened_on(host: str, port: int) -> None:
    with pytest.raises(UsageError):
        listen(ServerOptions(host=host, port=port))


def test_broken_off_uploads_are_swept_away(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    old, new = tmp_path / "folder" / "old", tmp_path / "new"
    for path in (old, new):
        path.write_bytes(b"x")
    os.utime(old, (0, 0))
    sweep(tmp_path, 600)
    assert not old.exists()
    assert new.exists()


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_serves_until_it_is_stopped_and_leaves_nothing(tmp_path: Path, how: int) -> None:
    with run_python(SERVE, ANYSOUND_LANG="en", TMPDIR=str(tmp_path)) as process:
        assert process.stdout is not None
        said = process.stdout.readline()
        address = said.split()[3]
        assert httpx.get(f"{address}/healthz", timeout=PATIENCE).json()["model"]["id"] == "fake"
        assert len([*tmp_path.iterdir()]) == 1
        process.send_signal(how)
        _, errors = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0
    assert "Traceback" not in errors
    assert "foreign:" not in errors
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("module", ["gradio", "fastapi", "uvicorn"])
def test_a_missing_extra_names_the_remedy(module: str) -> None:
    with run_python(WITHOUT.format(module=module), ANYSOUND_LANG="zh") as process:
        output, _ = process.communicate(timeout=PATIENCE)
    assert output.startswith("网页")
    assert 'pip install "anysound[web]"' in output


def test_nothing_waits_for_gradio() -> None:
    """Its import takes longer than all else; the page is made while others are answered."""
    code = "import sys, anysound.server.app; print('gradio' in sys.modules)"
    with run_python(code) as process:
        output, _ = process.communicate(timeout=PATIENCE)
    assert output.strip() == "False"
