"""Live streams by WebSocket: events while it sounds, limits, and whatever clients do."""

import json
import os
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from tests.audio.making import encode
from tests.fakes import RATE, FakeModel, tone
from tests.patience import until


def decoders() -> list[int]:
    """The processes that decode live sound for this one."""
    of_this = ["pgrep", "--parent", str(os.getpid()), "--full", "apart_worker"]
    return [int(pid) for pid in subprocess.run(of_this, stdout=subprocess.PIPE).stdout.split()]


LABELS = "1000 Hz, 4000 Hz"
SOUND = np.concatenate([tone(1000, 3.0), 0 * tone(1, 2.0), tone(4000, 3.0)])


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(
        Classifier(FakeModel()), ServerOptions(host_names=("testserver",), at_once=2, streams=1)
    )
    with TestClient(app) as client:
        yield client


def hello(**changes: Any) -> str:
    return json.dumps({"labels": LABELS, "rate": RATE, "format": "pcm_s16le", **changes})


def pcm(sound: np.ndarray = SOUND) -> bytes:
    return (sound * 32767).astype("<i2").tobytes()


def send(socket: WebSocketTestSession, content: bytes) -> None:
    for start in range(0, len(content), 3001):  # which parts samples, too
        socket.send_bytes(content[start : start + 3001])
    socket.send_text(json.dumps({"kind": "end"}))


def rest(socket: WebSocketTestSession) -> list[dict[str, Any]]:
    messages = []
    while not messages or messages[-1]["kind"] not in ("end", "problem"):
        messages.append(socket.receive_json())
    return messages


def test_tells_events_while_it_sounds_and_at_the_end(client: TestClient) -> None:
    with client.websocket_connect("/v1/listen") as socket:
        socket.send_text(hello())
        assert socket.receive_json()["kind"] == "ready"
        send(socket, pcm())
        messages = rest(socket)
    events = [each for each in messages if each["kind"] == "event"]
    ends = [each for each in events if each["event"] == "end"]
    found = list(Classifier(FakeModel()).timeline((SOUND, RATE), LABELS))
    assert [(each["label"], each["start"]) for each in ends] == [
        (each.label, pytest.approx(each.start)) for each in found
    ]
    moments = [each for each in messages if each["kind"] == "moment"]
    assert moments[0]["scores"][0]["label"] == "1000 Hz"
    assert messages[-1] == {"kind": "end", "duration": pytest.approx(8.0, abs=0.3)}


@pytest.mark.parametrize(
    ("format", "content"),
    [
        ("pcm_f32le", SOUND.astype("<f4").tobytes()),
        ("opus", encode("webm", "libopus", np.tile(SOUND, 1), RATE)),
        ("opus", encode("ogg", "libopus", np.tile(SOUND, 1), RATE)),
    ],
)
def test_takes_what_browsers_record(client: TestClient, format: str, content: bytes) -> None:
    with client.websocket_connect("/v1/listen") as socket:
        socket.send_text(hello(format=format, moments=False))
        send(socket, content)
        messages = rest(socket)
    labels = [each["label"] for each in messages if each.get("event") == "start"]
    assert labels == ["1000 Hz", "4000 Hz"]
    assert "moment" not in {each["kind"] for each in messages}


@pytest.mark.parametrize(
    ("first", "kind"),
    [
        ("rubbish", "bad-option"),
        ("{}", "bad-option"),
        (hello(labels="=x"), "bad-labels"),
        (hello(labels="dog(last 1 s)"), "bad-labels"),
        (hello(labels="@/etc/passwd", window=50), "bad-option"),
        (hello(format="mp3"), "bad-option"),
        (hello(rate=3), "unreadable-recording"),
        (hello(channels=99), "bad-option"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_first_message_that_makes_no_sense(
    client: TestClient, first: str, kind: str, language: str
) -> None:
    headers = {"accept-language": language}
    with client.websocket_connect("/v1/listen", headers=headers) as socket:
        socket.send_text(first)
        problem = socket.receive_json()
        assert problem["kind"] == "problem"
        assert problem["type"] == f"urn:anysound:problem:{kind}"
        assert any("\u4e00" <= char < "\u9fff" for char in problem["title"]) == (language == "zh")
        with pytest.raises(WebSocketDisconnect) as left:
            socket.receive_json()
    assert left.value.code == 1008


def test_what_is_no_sound_is_told(client: TestClient) -> None:
    with client.websocket_connect("/v1/listen") as socket:
        socket.send_text(hello(format="opus"))
        send(socket, b"no sound at all" * 1000)
        assert rest(socket)[-1]["type"] == "urn:anysound:problem:unreadable-recording"


def test_other_containers_than_asked_for_are_not_decoded(client: TestClient) -> None:
    with client.websocket_connect("/v1/listen") as socket:
        socket.send_text(hello(format="opus"))
        send(socket, encode("flac", "flac", SOUND, RATE))
        assert rest(socket)[-1]["kind"] == "problem"


def test_a_decoder_that_is_killed_ends_its_stream_and_no_other(client: TestClient) -> None:
    content = encode("webm", "libopus", np.tile(SOUND, 4), RATE)
    with client.websocket_connect("/v1/listen") as socket:
        socket.send_text(hello(format="opus"))
        assert socket.receive_json()["kind"] == "ready"
        socket.send_bytes(content[:100_000])
        while socket.receive_json()["kind"] != "moment":
            pass
        (decoder,) = decoders()
        os.kill(decoder, signal.SIGKILL)
        socket.send_bytes(content[100_000:])
        assert rest(socket)[-1]["type"] == "urn:anysound:problem:unreadable-recording"
    with client.websocket_connect("/v1/listen") as socket:
        socket.send_text(hello())
        send(socket, pcm())
        assert rest(socket)[-1]["kind"] == "end"


def test_a_client_that_leaves_takes_its_decoder_along(client: TestClient) -> None:
    with client.websocket_connect("/v1/listen") as socket:
        socket.send_text(hello(format="opus"))
        socket.send_bytes(encode("webm", "libopus", SOUND, RATE))
        while socket.receive_json()["kind"] != "moment":
            pass
        assert len(decoders()) == 1
    until(lambda: not decoders())


class SlowModel(FakeModel):
    """Takes longer for a window than it lasts."""

    def embed_audio(self, waveforms: Any) -> Any:
        time.sleep(1.0 * len(waveforms))
        return super().embed_audio(waveforms)


def test_what_is_left_out_is_told() -> None:
    """A microphone doesn't wait, so a server that is too slow for it says what it hasn't heard."""
    options = ServerOptions(host_names=("testserver",))
    with (
        TestClient(create_app(Classifier(SlowModel()), options)) as client,
        client.websocket_connect("/v1/listen") as socket,
    ):
        socket.send_text(hello())
        assert socket.receive_json()["kind"] == "ready"
        is_told = threading.Event()
        speaking = threading.Thread(target=speak, args=(socket, is_told))
        speaking.start()
        message: dict[str, Any] = {}
        while message.get("kind") != "notice":
            message = socket.receive_json()
        is_told.set()
        speaking.join()
        assert "windows were left out" in message["text"]


def speak(socket: WebSocketTestSession, is_told: threading.Event) -> None:
    """Send sound as it sounds."""
    while not is_told.wait(0.5):
        socket.send_bytes(pcm(tone(1000, 0.5)))


def test_a_stream_too_many_is_refused_and_a_place_becomes_free(client: TestClient) -> None:
    with client.websocket_connect("/v1/listen") as first:
        first.send_text(hello())
        first.send_bytes(pcm())
        while first.receive_json()["kind"] != "moment":
            pass
        with client.websocket_connect("/v1/listen") as second:
            second.send_text(hello())
            assert rest(second)[-1]["type"] == "urn:anysound:problem:busy"
    for _ in range(100):  # the first has left without a word; its thread notices soon
        with client.websocket_connect("/v1/listen") as third:
            third.send_text(hello())
            send(third, pcm())
            if rest(third)[-1]["kind"] == "end":
                break
    else:
        pytest.fail("no place became free")
    assert not [each for each in threading.enumerate() if each.name == "anysound-live"]


def test_pages_of_other_sites_are_refused(client: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/v1/listen", headers={"origin": "https://example.org"}),
    ):
        pass
    with client.websocket_connect("/v1/listen", headers={"origin": "http://testserver"}) as socket:
        socket.send_text("{}")
        assert socket.receive_json()["kind"] == "problem"
