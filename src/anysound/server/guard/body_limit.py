"""No request body grows beyond bounds, takes for ever, or comes with a thousand others."""

import asyncio

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from anysound.language import Text
from anysound.server.guard.refusal import Refusal

_SMALL = 64 * 1024  # bytes; never written to disk
_RETRY = 5  # seconds

_BUSY = Refusal(
    "busy",
    503,
    Text(en="The server is busy", zh="服务器繁忙"),
    Text(
        en=f"Too many recordings are being sent at the moment. Try again in {_RETRY} s.",
        zh=f"正在上传的录音过多，请在 {_RETRY} 秒后重试。",
    ),
    {"retry-after": str(_RETRY)},
)


class BodyLimit:
    """ASGI middleware that answers 413 as soon as a body is larger than allowed.

    The bytes are counted while they are read, since a chunked body announces no length and an
    announced one may be a lie. A body that stops coming is answered 408; and only so many are
    taken at a time, as each may fill a piece of the disk, the others being answered 503.
    """

    def __init__(self, app: ASGIApp, limit: int, at_once: int = 64, patience: float = 30.0) -> None:
        """Begin.

        Args:
            app: What is asked.
            limit: Bytes of the largest body.
            at_once: Larger bodies that are taken side by side.
            patience: Seconds that the next piece of a body may take to come.
        """
        self._app = app
        self._limit = limit
        self._at_once = at_once
        self._patience = patience
        self._taken = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request, or hand on what is none."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif not _may_be_large(Headers(scope=scope)):
            await self._app(scope, self._counted(scope, receive), send)
        elif self._taken >= self._at_once:
            await _BUSY(scope, receive, send)
        else:
            self._taken += 1
            try:
                await self._app(scope, self._counted(scope, receive), send)
            finally:
                self._taken -= 1

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        announced = Headers(scope=scope).get("content-length", "")
        is_too_long = announced.isdecimal() and int(announced) > self._limit
        received = 0
        is_read = False

        async def counted() -> Message:
            nonlocal received, is_read
            if is_too_long:
                raise HTTPException(413)
            try:
                async with asyncio.timeout(None if is_read else self._patience):
                    message = await receive()
            except TimeoutError as error:
                raise HTTPException(408) from error
            is_read = not message.get("more_body", False)
            received += len(message.get("body", b""))
            if received > self._limit:
                raise HTTPException(413)
            return message

        return counted


def _may_be_large(headers: Headers) -> bool:
    announced = headers.get("content-length", "")
    if announced.isdecimal():
        return int(announced) > _SMALL
    return "transfer-encoding" in headers
