"""What a middleware says to a request that it turns away."""

from collections.abc import Mapping

from starlette.types import Receive, Scope, Send

from anysound.language import Text
from anysound.server.problem_details import problem_details

_POLICY_VIOLATION = 1008  # RFC 6455, 7.4.1


class Refusal:
    """An ASGI application that turns a request or a WebSocket away."""

    def __init__(
        self,
        kind: str,
        status: int,
        title: Text,
        detail: Text,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Say what it answers, as for ``problem_details``."""
        self._kind = kind
        self._status = status
        self._title = title
        self._detail = detail
        self._headers = headers or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        if scope["type"] == "websocket":
            if "websocket.http.response" not in scope.get("extensions", {}):
                await send({"type": "websocket.close", "code": _POLICY_VIOLATION})
                return
            send = _as_handshake(send)
        response = problem_details(
            scope, self._kind, self._status, self._title, self._detail, None, self._headers
        )
        # The rest of the body is not read: it may be what the request is turned away for.
        await response({**scope, "type": "http"}, receive, send)


def _as_handshake(send: Send) -> Send:
    """Let an HTTP answer be the answer to a WebSocket's handshake."""

    async def sent(message: dict[str, object]) -> None:
        await send({**message, "type": f"websocket.{message['type']}"})

    return sent  # type: ignore[return-value]
