"""Each request is counted, timed and logged: by its route, never by what was in it."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anysound.server.observed.metrics import Metrics

_log = logging.getLogger(__name__)

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
_NO_ANSWER = 499  # the client left before there was one, as nginx has it
_BUG = 500
_SWITCHED = 101


class Observe:
    """ASGI middleware that tells of every request and every WebSocket."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a WebSocket."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status, received, sent = _NO_ANSWER, 0, 0

        async def receiving() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body") or message.get("bytes") or b"")
            return message

        async def sending(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "websocket.accept":
                status = _SWITCHED
            status = message.get("status", status)
            sent += len(message.get("body") or message.get("bytes") or b"")
            await send(message)

        try:
            await self._app(scope, receiving, sending)
        except Exception:
            status = _BUG
            raise
        finally:
            seconds = time.perf_counter() - started
            method, route = _method(scope), _route(scope)
            self._metrics.count_request(method, route, status, seconds)
            facts = {
                "method": method,
                "route": route,
                "status": status,
                "seconds": round(seconds, 4),
                "received": received,
                "sent": sent,
            }
            _log.info("request", extra={"facts": facts})


def _method(scope: Scope) -> str:
    if scope["type"] == "websocket":
        return "WEBSOCKET"
    return scope["method"] if scope["method"] in _METHODS else "OTHER"


def _route(scope: Scope) -> str:
    """Return the template that a path was found by, or a dash for what nobody knows."""
    return str(getattr(scope.get("route"), "path", "-"))
