"""A client that asks too often waits; others don't, and memory is bounded."""

from typing import Any

import pytest
from starlette.testclient import WebSocketDenialResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from anysound.server.guard import rate
from anysound.server.guard.rate import Rate
from tests.server.guard.asking import assert_problem, guarded


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


class From:
    """Middleware that lets a request come from whom its header names."""

    def __init__(self, app: ASGIApp, **options: Any) -> None:
        self.rate = Rate(app, **options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        host = dict(scope.get("headers", [])).get(b"from", b"10.0.0.1").decode()
        await self.rate({**scope, "client": (host, 1)}, receive, send)


def test_a_minutes_worth_and_then_at_the_rate() -> None:
    clock = Clock()
    client = guarded(From, a_minute=3, now=clock)
    for _ in range(3):
        assert client.post("/v1/classify").text == "let in"
    response = client.post("/v1/classify")
    assert_problem(response, 429, "too-often")
    assert response.headers["retry-after"] == "20"
    clock.time += 20
    assert client.post("/v1/timeline").text == "let in"
    assert client.post("/v1/timeline").status_code == 429
    clock.time += 10_000
    assert [client.post("/v1/classify").status_code for _ in range(4)] == [200, 200, 200, 429]


def test_others_are_not_kept_waiting() -> None:
    client = guarded(From, a_minute=1, now=Clock())
    asked = ["10.0.0.1", "10.0.0.2", "2001:db8:0:1::1", "2001:db8:0:1::2", "2001:db8:0:2::1"]
    answers = [client.post("/v1/classify", headers={"from": host}).status_code for host in asked]
    assert answers == [200, 200, 200, 429, 200]
    again = client.post("/v1/classify", headers={"from": "::ffff:10.0.0.1"})
    assert again.status_code == 429


def test_what_costs() -> None:
    client = guarded(From, a_minute=1, now=Clock())
    for path in ("/", "/v1/models", "/assets/x.js", "/gradio_api/queue/data"):
        assert client.get(path).text == "let in"
    assert [client.post("/v1/labels/check").status_code for _ in range(11)][-2:] == [200, 429]
    other = {"from": "10.0.0.2"}
    assert client.post("/gradio_api/upload", headers=other).status_code == 200
    with (
        pytest.raises(WebSocketDenialResponse) as caught,
        client.websocket_connect("/v1/listen", headers=other),
    ):
        pass
    assert caught.value.status_code == 429


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate, "_CLIENTS", 5)
    client = guarded(From, a_minute=1, now=Clock())
    for number in range(20):
        client.post("/v1/classify", headers={"from": f"10.0.1.{number}"})
    assert isinstance(client.app, From)
    assert len(client.app.rate._buckets) == 5
    assert client.post("/v1/classify", headers={"from": "10.0.1.19"}).status_code == 429
