"""Headers for browsers, and requests that pages of other sites make them send."""

from collections.abc import Iterator

import httpx
import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from anysound.server.guard.headers import SameOrigin
from tests.fakes import FakeModel
from tests.server.guard.asking import assert_problem, guarded
from tests.server.making import LOCAL

EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(Classifier(FakeModel()), ServerOptions())
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


@pytest.mark.parametrize(
    "path",
    ["/", "/docs", "/config", "/theme.css", "/v1/nothing", "/gradio_api/nothing", "/healthz"],
)
def test_every_answer_has_the_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    policy = headers["content-security-policy"]
    assert "frame-ancestors 'none'" in policy
    assert "://" not in policy
    is_page = headers["content-type"].startswith("text/html")
    assert ("default-src 'self'" if is_page else "default-src 'none'") in policy


@pytest.mark.parametrize("path", ["/", "/config", "/v1/labels/check", "/gradio_api/upload"])
@pytest.mark.parametrize("origin", [EVIL, "null", "http://localhost.evil.example"])
def test_other_sites_are_turned_away(client: TestClient, path: str, origin: str) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        response = client.request(
            method,
            path,
            headers={"origin": origin, "access-control-request-method": "POST"},
        )
        assert_problem(response, 403, "foreign-origin")
        assert not [name for name in response.headers if name.startswith("access-control")]


def test_its_own_page_is_not_and_there_is_no_cors(client: TestClient) -> None:
    response = client.get("/config", headers={"origin": "http://localhost"})
    assert response.status_code == 200
    assert not [name for name in response.headers if name.startswith("access-control")]
    forwarded = {"origin": "https://sounds.example:8443", "x-forwarded-host": "sounds.example:8443"}
    assert client.get("/config", headers=forwarded).status_code == 200


def test_a_websocket_of_another_site_is_turned_away() -> None:
    client = guarded(SameOrigin)
    with (
        pytest.raises(WebSocketDenialResponse) as caught,
        client.websocket_connect("/v1/listen", headers={"origin": EVIL}),
    ):
        pass
    assert_problem(caught.value, 403, "foreign-origin")
    own = {"origin": "http://testserver"}
    with client.websocket_connect("/v1/listen", headers=own) as socket:
        assert socket.receive_text() == "let in"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_refusal_speaks_the_language_asked_for(language: str) -> None:
    headers = {"origin": EVIL, "accept-language": language}
    response: httpx.Response = guarded(SameOrigin).get("/", headers=headers)
    assert response.headers["content-language"] == language
    assert ("网站" in response.json()["detail"]) == (language == "zh")
