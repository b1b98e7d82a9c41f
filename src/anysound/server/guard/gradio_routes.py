"""Of Gradio's routes, only those that the page needs; and of files, only what was uploaded.

Gradio comes with routes that fetch other servers' files, show files of this machine, and run
functions of components. Each is guarded by Gradio itself; what isn't there needs no guard.
"""

from pathlib import Path
from typing import Any, NoReturn

from gradio import processing_utils
from gradio.utils import get_upload_folder
from starlette._utils import get_route_path
from starlette.types import ASGIApp, Receive, Scope, Send

from anysound.language import Text
from anysound.server.guard.refusal import Refusal

_API = "/gradio_api/"
_NEEDED = (
    *("app_id", "info", "theme.css", "startup-events", "heartbeat", "cancel", "reset"),
    *("upload", "upload_progress", "queue/join", "queue/data", "run"),
)
_NOT_NEEDED = ("/monitoring", "/svelte", "/login", "/logout")
_FILE = "file="

_ABSENT = Refusal(
    "not-found",
    404,
    Text(en="There is nothing here", zh="地址不存在"),
    Text(en="The page has no such part.", zh="页面没有这个部分。"),
)


class GradioRoutes:
    """ASGI middleware that answers 404 to those of Gradio's routes that the page doesn't use."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a WebSocket."""
        is_there = scope["type"] == "lifespan" or _is_there(get_route_path(scope))
        await (self._app if is_there else _ABSENT)(scope, receive, send)


def _is_there(path: str) -> bool:
    if not path.startswith(_API):
        return not path.startswith(_NOT_NEEDED)
    name = path.removeprefix(_API)
    if name.startswith(_FILE):
        folder = Path(get_upload_folder()).resolve()
        return Path(name.removeprefix(_FILE)).resolve().is_relative_to(folder)
    return any(name == needed or name.startswith(f"{needed}/") for needed in _NEEDED)


def forbid_downloads() -> None:
    """Keep Gradio from fetching what a request names: a file's "path" may be a URL to it."""
    processing_utils.async_ssrf_protected_download = _refuse


async def _refuse(url: str, cache_dir: str) -> NoReturn:
    raise ValueError("no URL of a request is opened")


def keep_files_in(blocks: Any) -> None:
    """Let a page that is mounted check that the files an event names were uploaded.

    Gradio does so only once a page was "launched", which a mounted one never is.
    """
    blocks.has_launched = True
