"""Ask a middleware, without a server."""

from collections.abc import Callable
from typing import Any

import httpx
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp
from starlette.websockets import WebSocket


async def _answer(request: Request) -> Response:
    await request.body()
    return PlainTextResponse("let in")


async def _talk(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text("let in")
    await socket.close()


def guarded(middleware: Callable[..., ASGIApp], **options: Any) -> TestClient:
    """A client of an application that answers anything, behind a middleware."""
    routes = [
        WebSocketRoute("/v1/listen", _talk),
        Route("/{path:path}", _answer, methods=["GET", "POST"]),
    ]
    return TestClient(middleware(Starlette(routes=routes), **options))


def assert_problem(response: httpx.Response, status: int, kind: str) -> None:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == f"urn:anysound:problem:{kind}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
