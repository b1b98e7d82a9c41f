"""Run the server until it is told to stop."""

import os
import signal
import socket
import sys
import tempfile
import time
from contextlib import closing, suppress
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from anysound.classifier import Classifier
from anysound.errors import UsageError, reason_of
from anysound.language import Text
from anysound.models import AudioTextModel, load_model
from anysound.server.observed.logs import configure
from anysound.server.options import ServerOptions
from anysound.server.upgrade import Upgrade, first_model

if TYPE_CHECKING:
    from fastapi import FastAPI

_SWEEP_EVERY = 60  # seconds
_LEFT_BEHIND = 600  # seconds; longer than an upload lies about before it is used
_CONNECTIONS = 1000
_MESSAGE = 1 << 20  # bytes of the largest message on a WebSocket

_OPEN = Text(
    en="Whoever reaches this address may use it. To let in only those who know a secret, set "
    "ANYSOUND_TOKEN, or --user and ANYSOUND_PASSWORD.",
    zh="任何能访问此地址的人都可以使用本服务。如需限制，请设置 ANYSOUND_TOKEN，"
    "或 --user 和 ANYSOUND_PASSWORD。",
)


def serve(options: ServerOptions) -> None:
    """Serve the page and the API, until interrupted; for a program's main thread.

    Raises:
        UsageError: The address can't be listened on.
        ModelError: The model can't be had.
    """
    signal.signal(signal.SIGTERM, _stop)
    configure(options.log_json, options.log_content)
    with (
        suppress(KeyboardInterrupt),
        closing(listen(options)) as listening,
        tempfile.TemporaryDirectory(prefix="anysound-") as uploads,
    ):
        # Nothing that was uploaded outlives the server; gradio looks when it is imported.
        os.environ["GRADIO_TEMP_DIR"] = uploads
        from anysound.server.app import create_app

        model, full = _load(options)
        app = create_app(Classifier(model), options, Upgrade(full, options) if full else None)
        Thread(target=_sweep_on, args=(Path(uploads),), daemon=True).start()
        print(_address(options.host, listening.getsockname()[1]), flush=True)
        if not options.secrets.are_asked_for and not _is_local(listening):
            print(_OPEN, file=sys.stderr, flush=True)
        uvicorn.Server(_config(app, options)).run([listening])


def _config(app: "FastAPI", options: ServerOptions) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,  # it is set up already
        limit_concurrency=_CONNECTIONS,
        ws_max_size=_MESSAGE,
        server_header=False,
        root_path=options.root_path,
        timeout_graceful_shutdown=5,
    )


def _load(options: ServerOptions) -> tuple[AudioTextModel, str | None]:
    """Load the model and tell what there is to know about it; say which one is to take over."""
    if options.upgrade_to:
        model, full = first_model(options)
    else:
        model, full = load_model(options.model, options.run), None
    for notice in model.info.notices:
        print(notice, file=sys.stderr, flush=True)
    return model, full


def sweep(uploads: Path, age: float) -> None:
    """Delete files that were last written ``age`` seconds ago or more.

    A used upload is deleted at once; this is for those that broke off, or that nobody asked about.
    """
    for path in uploads.rglob("*"):
        with suppress(FileNotFoundError):  # its own user deleted it meanwhile
            if path.is_file() and time.time() - path.stat().st_mtime >= age:
                path.unlink()


def _sweep_on(uploads: Path) -> None:
    while True:
        time.sleep(_SWEEP_EVERY)
        sweep(uploads, _LEFT_BEHIND)


def listen(options: ServerOptions) -> socket.socket:
    """Open the socket that the server listens on.

    Raises:
        UsageError: The port is in use, or the address is not this machine's.
    """
    try:
        if not 0 <= options.port <= 65535:  # getaddrinfo would take it modulo 65536
            raise OverflowError("port must be 0-65535")
        family, kind, protocol, _, address = socket.getaddrinfo(
            options.host, options.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except (OSError, OverflowError) as error:
        raise _cannot_listen(options, error) from error
    try:
        if os.name == "posix":  # elsewhere it would let two servers share the port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        raise _cannot_listen(options, error) from error
    return listening


def _is_local(listening: socket.socket) -> bool:
    return ip_address(listening.getsockname()[0]).is_loopback


def _stop(number: int, frame: FrameType | None) -> None:
    """Leave by way of the ``with`` blocks, which tidy up; a plain SIGTERM would not."""
    raise KeyboardInterrupt


def _address(host: str, port: int) -> Text:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    url = f"http://{shown}:{port}"
    return Text(
        en=f"anysound is at {url} (Ctrl+C stops it)", zh=f"anysound 已启动：{url}（按 Ctrl+C 停止）"
    )


def _cannot_listen(options: ServerOptions, error: Exception) -> UsageError:
    where = f"{options.host}:{options.port}"
    reason = reason_of(error)
    return UsageError(
        Text(
            en=f"The server can't listen on {where} ({reason}). If another program uses the port, "
            "choose a free one with --port; or check --host.",
            zh=f"无法在 {where} 启动服务（{reason}）。如果端口已被占用，请用 --port 换一个；"
            "或检查 --host。",
        )
    )
