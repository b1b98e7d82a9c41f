"""Each request has an id, by which its lines are found in the logs of all who saw it."""

import re
from contextvars import ContextVar
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-request-id"
_FIT = re.compile(r"[A-Za-z0-9._-]{1,64}")  # what may stand in a log as it is

_current: ContextVar[str | None] = ContextVar("anysound_request_id", default=None)


def current_request() -> str | None:
    """Return the id of the request that is answered here and now."""
    return _current.get()


class RequestId:
    """ASGI middleware that takes the id from ``X-Request-ID``, or makes one, and sends it back."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a WebSocket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(HEADER, "")
        name = given if _FIT.fullmatch(given) else uuid4().hex

        async def with_id(message: Message) -> None:
            if message["type"].endswith((".start", "websocket.accept")):
                MutableHeaders(scope=message)[HEADER] = name
            await send(message)

        token = _current.set(name)
        try:
            await self._app(scope, receive, with_id)
        finally:
            _current.reset(token)
