"""An error that nobody expected is answered in words, and told to the log alone."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anysound.language import Text
from anysound.server.api.problems import UNEXPECTED
from anysound.server.guard.refusal import Refusal

_log = logging.getLogger(__name__)

_REFUSAL = Refusal("internal", 500, Text(en="An error inside anysound", zh="内部错误"), UNEXPECTED)


class Bugs:
    """ASGI middleware that answers 500, with the headers that all other answers have."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request or a WebSocket."""
        has_begun = False

        async def sending(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception:
            if scope["type"] == "lifespan" or has_begun:
                raise
            _log.exception("unexpected error")
            await _REFUSAL(scope, receive, send)
