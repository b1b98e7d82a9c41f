"""Only who asks for this server by its own name or address is answered."""

import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketDenialResponse

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from anysound.server.guard.hosts import Hosts
from tests.fakes import FakeModel
from tests.server.guard.asking import assert_problem, guarded

NAME = "sounds.example.org"


def ask(client: TestClient, host: str, language: str = "en") -> int:
    response = client.get("/", headers={"host": host, "accept-language": language})
    if response.status_code != 200:
        assert_problem(response, 421, "unknown-host")
    return response.status_code


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:7860", "LOCALHOST", "127.0.0.1", "127.0.0.1:7860", "127.1.2.3"),
        *("[::1]", "[::1]:7860", "192.168.1.5:80", NAME, f"{NAME.upper()}:8443", f"{NAME}."),
    ],
)
def test_its_own_names_and_addresses(host: str) -> None:
    assert ask(guarded(Hosts, names=(NAME,)), host) == 200


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "localhost.evil.example", "127.0.0.1.evil.example", f"x{NAME}", ""),
        *("evil.example:7860", "[evil.example]", "localhost@evil.example", "127.0.0.1:80:x"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_others_are_turned_away(host: str, language: str) -> None:
    client = guarded(Hosts, names=(NAME,))
    assert ask(client, host, language) == 421
    said = client.get("/", headers={"host": host, "accept-language": language}).json()["detail"]
    assert any("\u4e00" <= char < "\u9fff" for char in said) == (language == "zh")
    assert "--host-name" in said


def test_websockets_too() -> None:
    client = guarded(Hosts, names=())
    with (
        pytest.raises(WebSocketDenialResponse) as caught,
        client.websocket_connect("/v1/listen", headers={"host": "evil.example"}),
    ):
        pass
    assert_problem(caught.value, 421, "unknown-host")
    with client.websocket_connect("/v1/listen", headers={"host": "localhost:1"}) as socket:
        assert socket.receive_text() == "let in"


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (ServerOptions(), 421),
        (ServerOptions(host="::1"), 421),
        (ServerOptions(host="localhost"), 421),
        (ServerOptions(host="0.0.0.0"), 200),
        (ServerOptions(host="0.0.0.0", host_names=("other.example",)), 421),
        (ServerOptions(host_names=(NAME,)), 200),
    ],
)
def test_a_server_of_its_own_machine_knows_its_name(options: ServerOptions, status: int) -> None:
    client = TestClient(create_app(Classifier(FakeModel()), options), base_url=f"http://{NAME}")
    assert client.get("/healthz").status_code == status
