"""Bodies that stop coming, or come with too many others; size is tested through the API."""

import asyncio
from typing import Any

import httpx
import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from anysound.server.guard.body_limit import BodyLimit

LARGE = [(b"transfer-encoding", b"chunked")]


class Reader:
    """Reads a body and tells what came of it."""

    def __init__(self) -> None:
        self.status = 200

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            while (await receive()).get("more_body"):
                pass
        except HTTPException as error:
            self.status = error.status_code
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body"})


async def post(app: Any, body: Receive, headers: list[tuple[bytes, bytes]] = LARGE) -> int:
    statuses: list[int] = []

    async def send(message: Message) -> None:
        statuses.append(message.get("status", 0))

    scope = {"type": "http", "method": "POST", "path": "/v1/classify", "headers": headers}
    await app(scope, body, send)
    return statuses[0]


async def never() -> Message:
    await asyncio.Event().wait()
    raise AssertionError


@pytest.mark.parametrize("headers", [LARGE, [(b"content-length", b"10")]])
def test_a_body_that_stops_coming_is_not_waited_for(headers: list[tuple[bytes, bytes]]) -> None:
    app = BodyLimit(Reader(), 1000, patience=0.05)
    assert asyncio.run(post(app, never, headers)) == 408


def test_large_bodies_are_taken_a_few_at_a_time() -> None:
    async def main() -> None:
        app = BodyLimit(Reader(), 1000, at_once=2)
        may_end = asyncio.Event()

        async def slow() -> Message:
            await may_end.wait()
            return {"type": "http.request", "body": b"x"}

        async def quick() -> Message:
            return {"type": "http.request", "body": b"x"}

        first = [asyncio.create_task(post(app, slow)) for _ in range(2)]
        await asyncio.sleep(0)
        assert await post(app, quick) == 503
        assert await post(app, quick, [(b"content-length", b"10")]) == 200
        may_end.set()
        assert await asyncio.gather(*first) == [200, 200]
        assert await post(app, quick) == 200

    asyncio.run(main())


def test_the_way_to_the_answer_is_not_hurried() -> None:
    """Patience is for the body alone: an answer may take longer."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        await asyncio.wait_for(receive(), 5)
        await send({"type": "http.response.start", "status": 200})

    async def main() -> int:
        messages: list[Message] = [{"type": "http.request", "body": b"x"}]

        async def receive() -> Message:
            if messages:
                return messages.pop()
            await asyncio.sleep(0.2)
            return {"type": "http.disconnect"}

        return await post(BodyLimit(app, 1000, patience=0.05), receive)

    assert asyncio.run(main()) == httpx.codes.OK
