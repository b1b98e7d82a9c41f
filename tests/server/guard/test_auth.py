"""Only who knows a secret is let in: the API, the page with all of Gradio's routes, WebSockets."""

import asyncio
import base64
import hmac
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.testclient import WebSocketDenialResponse

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from anysound.server.guard import auth
from anysound.server.guard.auth import OPEN_TO_ALL, Auth, Secrets
from anysound.server.late import Late
from tests.fakes import FakeModel
from tests.server.guard.asking import assert_problem, guarded
from tests.server.making import LOCAL

TOKEN = "tökén-1234"
BOTH = Secrets(token=TOKEN, user="王芳", password="p:w")


def bearer(token: str) -> dict[str, bytes]:
    return {"authorization": b"Bearer " + token.encode()}


def basic(user: str, password: str) -> dict[str, str]:
    pair = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


@pytest.mark.parametrize(
    "given",
    [
        {"headers": bearer(TOKEN)},
        {"headers": {"authorization": b"bearer  " + TOKEN.encode()}},
        {"headers": basic("王芳", "p:w")},
        {"headers": basic("anybody", TOKEN)},
    ],
)
def test_who_knows_a_secret_is_let_in(given: dict[str, Any]) -> None:
    assert guarded(Auth, secrets=BOTH).get("/v1/models", **given).text == "let in"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"headers": bearer("")},
        {"headers": bearer(TOKEN + "x")},
        {"headers": bearer("p:w")},
        {"headers": bearer("王芳:p:w")},
        {"headers": {"authorization": "Basic ***"}},
        {"headers": {"authorization": "Basic"}},
        {"headers": {"authorization": b"Basic \xff\xfe"}},
        {"headers": basic("王芳", "")},
        {"headers": basic("other", "p:w")},
        {"headers": basic(TOKEN, "")},
    ],
)
@pytest.mark.parametrize("path", ["/", "/v1/classify", "/gradio_api/upload", "/metrics", "/docs"])
def test_who_does_not_is_kept_out(given: dict[str, Any], path: str) -> None:
    response = guarded(Auth, secrets=BOTH).post(path, **given)
    assert_problem(response, 401, "not-let-in")
    assert response.headers["www-authenticate"].startswith("Basic realm=")


@pytest.mark.parametrize("secrets", [Secrets(token="t"), Secrets(user="", password="p")])
def test_one_secret_is_enough_and_an_empty_one_is_none(secrets: Secrets) -> None:
    client = guarded(Auth, secrets=secrets)
    assert client.get("/").status_code == 401
    assert client.get("/", headers=basic("", "")).status_code == 401
    assert client.get("/", headers=basic("", secrets.token or "p")).text == "let in"


def test_whether_it_lives_may_be_asked_by_anybody() -> None:
    client = guarded(Auth, secrets=BOTH)
    for path in OPEN_TO_ALL:
        assert client.get(path).text == "let in"
        assert client.get(path + "/x").status_code == 401


def test_a_websocket_is_kept_out_too() -> None:
    client = guarded(Auth, secrets=BOTH)
    with pytest.raises(WebSocketDenialResponse) as caught, client.websocket_connect("/v1/listen"):
        pass
    assert_problem(caught.value, 401, "not-let-in")
    with client.websocket_connect("/v1/listen", headers=bearer(TOKEN)) as socket:  # type: ignore[arg-type]
        assert socket.receive_text() == "let in"


def test_secrets_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[int, int]] = []
    in_constant_time = hmac.compare_digest

    def compare(one: bytes, other: bytes) -> bool:
        compared.append((len(one), len(other)))
        return in_constant_time(one, other)

    monkeypatch.setattr(auth.hmac, "compare_digest", compare)
    client = guarded(Auth, secrets=BOTH)
    for token in ("", "x" * 500, TOKEN):
        compared.clear()
        client.get("/", headers=bearer(token))
        assert compared == [(32, 32)] * 2


def test_secrets_are_not_shown() -> None:
    assert TOKEN not in repr(ServerOptions(secrets=BOTH))


def _paths(routes: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every route of an application and of what is mounted in it, with a method."""
    for route in routes:
        if isinstance(route, Mount):
            app = route.app
            inside = asyncio.run(app._there()).routes if isinstance(app, Late) else route.routes
            yield from _paths(inside, prefix + route.path)
        elif hasattr(route, "original_router"):
            yield from _paths(route.original_router.routes, prefix)
        elif isinstance(route, WebSocketRoute):
            yield "WEBSOCKET", prefix + route.path
        elif isinstance(route, Route) or hasattr(route, "methods"):
            for method in route.methods or ():
                yield method, prefix + route.path


def test_every_route_there_is_asks_who_you_are() -> None:
    app = create_app(Classifier(FakeModel()), ServerOptions(secrets=BOTH))
    client = TestClient(app, base_url=LOCAL, raise_server_exceptions=False)
    routes = [each for each in _paths(app.routes) if each[1] not in OPEN_TO_ALL]
    assert ("POST", "/gradio_api/queue/join") in routes
    assert ("GET", "/gradio_api/file={path_or_url:path}") in routes
    assert ("GET", "/openapi.json") in routes
    assert ("POST", "/v1/classify") in routes
    assert len(routes) > 60
    for method, path in routes:
        if method == "WEBSOCKET":
            with (
                pytest.raises(WebSocketDenialResponse) as caught,
                client.websocket_connect(path, headers={"host": "localhost"}),
            ):
                pass
            assert caught.value.status_code == 401
        else:
            assert client.request(method, path).status_code == 401, (method, path)
