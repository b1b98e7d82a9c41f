"""A client that hangs up has its question cancelled; one that stays has not."""

import asyncio
from typing import Any

import pytest
from starlette.types import Message, Receive, Scope, Send

from anysound.server.guard.leaving import Leaving

BODY: list[Message] = [
    {"type": "http.request", "body": b"a", "more_body": True},
    {"type": "http.request", "body": b"b", "more_body": False},
]


async def ask(app: Any, path: str, stays: bool) -> list[Message]:
    """Send a body, then hang up, or wait for the answer."""
    sent: list[Message] = []
    to_come = list(BODY)

    async def receive() -> Message:
        if to_come:
            return to_come.pop(0)
        if stays:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app({"type": "http", "path": path}, receive, send)
    return sent


class Asked:
    """An application that reads its body and takes its time."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.body = b""
        self.cancelled = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message: Message = {"more_body": True}
        while message.get("more_body"):
            message = await receive()
            self.body += message["body"]
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        await send({"type": "http.response.start", "status": 200})


def test_hanging_up_cancels() -> None:
    app = Asked(60)
    assert asyncio.run(ask(Leaving(app), "/v1/classify", stays=False)) == []
    assert app.cancelled
    assert app.body == b"ab"


def test_who_stays_is_answered() -> None:
    app = Asked(0)
    assert len(asyncio.run(ask(Leaving(app), "/v1/classify", stays=True))) == 1
    assert not app.cancelled


def test_gradio_looks_for_itself() -> None:
    app = Asked(0.05)
    assert len(asyncio.run(ask(Leaving(app), "/gradio_api/queue/join", stays=False))) == 1


def test_a_handler_that_waits_for_the_end_learns_of_it() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        types = [(await receive())["type"] for _ in range(3)]
        await send({"type": str(types)})

    sent = asyncio.run(ask(Leaving(app), "/v1/timeline", stays=False))
    assert sent in ([], [{"type": str(["http.request", "http.request", "http.disconnect"])}])


def test_errors_come_through() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        asyncio.run(ask(Leaving(app), "/v1/classify", stays=True))
