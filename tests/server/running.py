"""A server that runs, on a free port of this machine."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from anysound.server.run import listen
from anysound.server.upgrade import Upgrade


@contextmanager
def running(
    classifier: Classifier,
    options: ServerOptions,
    upgrade: Upgrade | None = None,
    change: Callable[[FastAPI], None] = lambda app: None,
) -> Iterator[str]:
    """Serve; yields the address, without a slash at its end."""
    with listen(options) as listening:
        app = create_app(classifier, options, upgrade)
        change(app)
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = server.force_exit = True
            thread.join(20)


def free_port() -> int:
    """Return a port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def files_in(folder: Path) -> list[Path]:
    """Return the files in a folder and below, while others may be deleting them."""
    while True:
        try:
            return [path for path in folder.rglob("*") if path.is_file()]
        except FileNotFoundError:  # a folder that was deleted just now
            continue
