"""What nobody waits for any more is not done."""

import asyncio

from starlette._utils import get_route_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Leaving:
    """ASGI middleware that cancels a question to the API once its client has hung up.

    Nobody else looks: a handler that has read its body learns of it only when it answers.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or hand on what is none."""
        if scope["type"] != "http" or not get_route_path(scope).startswith("/v1/"):
            await self._app(scope, receive, send)
            return
        is_read, has_left = asyncio.Event(), asyncio.Event()

        async def reading() -> Message:
            if is_read.is_set():
                await has_left.wait()
                return {"type": "http.disconnect"}
            message = await receive()
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                is_read.set()
            return message

        async def watch() -> None:
            await is_read.wait()
            while (await receive())["type"] != "http.disconnect":
                pass
            has_left.set()

        answering = asyncio.ensure_future(self._app(scope, reading, send))
        watching = asyncio.ensure_future(watch())
        try:
            await asyncio.wait((answering, watching), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                answering.cancel()
            await asyncio.gather(answering, return_exceptions=True)
            if not answering.cancelled():
                answering.result()
        finally:
            answering.cancel()
            watching.cancel()
