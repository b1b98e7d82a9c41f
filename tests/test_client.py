"""The client against a real server: answers as a classifier's, and the same errors."""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import uvicorn

from anysound.classifier import Classifier
from anysound.client import Client
from anysound.errors import AnysoundError, LabelError, RecordingError, ServerError, UsageError
from anysound.labels import read_labels
from anysound.language import use
from anysound.live import ListenOptions, Moment
from anysound.options import ClassifyOptions
from anysound.server import ServerOptions
from anysound.server.app import create_app
from anysound.server.run import listen
from anysound.timeline import TimelineOptions
from tests.audio.making import encode
from tests.fakes import RATE, FakeModel, tone, wav_file
from tests.patience import PATIENCE
from tests.server.making import wav_tone

LABELS = "1000 Hz, 4000 Hz"
WAVEFORM = np.concatenate([tone(1000, 3.0), 0 * tone(1, 2.0), tone(4000, 3.0)])
SOUND = wav_file(WAVEFORM)
DIRECT = Classifier(FakeModel())
DOCS = Path(__file__).parents[1] / "docs"


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    options = ServerOptions(port=0, at_once=2, max_upload=1_000_000)
    listening = listen(options)
    app = create_app(Classifier(FakeModel()), options)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    thread = threading.Thread(target=server.run, args=([listening],))
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    server.should_exit = True
    thread.join(PATIENCE)
    listening.close()


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    with Client(address) as client:
        yield client


def test_classifies_as_a_classifier(client: Client, tmp_path: Path) -> None:
    path = tmp_path / "厨房.wav"
    path.write_bytes(SOUND)
    labels = "bearing(worn)=1000 Hz, bearing(dry)=250 Hz, ring(last 2 s)=4000 Hz|!125 Hz"
    with use("en"):
        expected = DIRECT.classify(path, labels)
        found = client.classify(path, labels)
        assert found.to_dict() == expected.to_dict() | {"recording": "厨房.wav"}
    assert replace(found, warnings=()).scores == expected.scores
    assert client.classify(SOUND, read_labels(labels)).scores == expected.scores


def test_options_are_the_classifiers(client: Client) -> None:
    options = ClassifyOptions(none_below=1.0, ambiguous_within=0.5, untranslated="keep", top=1)
    found = client.classify(SOUND, LABELS, options)
    direct = DIRECT.classify(SOUND, LABELS, options)
    assert (found.verdict, found.needed, found.scores) == (direct.verdict, 1.0, direct.scores)
    assert len(found.scores) == 1
    zero = TimelineOptions(gap=0.0)  # which is something else than none
    assert list(client.timeline(SOUND, LABELS, zero)) == list(DIRECT.timeline(SOUND, LABELS, zero))


def test_timeline_is_the_classifiers(client: Client) -> None:
    options = TimelineOptions(hop=0.5, gap=0.5)
    timeline = client.timeline(SOUND, LABELS, options)
    assert list(timeline) == list(DIRECT.timeline(SOUND, LABELS, options))
    assert timeline.duration == 8.0


def test_embeddings_are_the_classifiers(client: Client) -> None:
    sounds = [wav_tone(1000), SOUND]
    assert np.array_equal(client.embed_audio(sounds), DIRECT.embed_audio(sounds))
    texts = ["1000 Hz", "狗叫声"]
    assert np.array_equal(client.embed_text(texts), DIRECT.embed_text(texts))


def test_checks_labels_and_lists_models(client: Client) -> None:
    assert client.check_labels("HVAC noise")["findings"]
    assert client.models()["answering"]["id"] == "fake"


def test_listens_as_a_classifier(client: Client) -> None:
    samples = (WAVEFORM * 32767).astype("<i2").tobytes()
    pieces = (samples[at : at + 3200] for at in range(0, len(samples), 3200))
    moments: list[Moment] = []
    options = ListenOptions(TimelineOptions(threshold=0.4))
    events = list(
        client.listen(pieces, LABELS, rate=RATE, options=options, on_moment=moments.append)
    )
    found = list(DIRECT.timeline(SOUND, LABELS, options.timeline))
    assert [each.label for each in events if each.phase == "start"] == [e.label for e in found]
    ends = [each.end for each in events if each.phase == "end"]
    assert ends == pytest.approx([each.end for each in found], abs=0.3)
    assert moments[0].scores[0][0] == "1000 Hz"


def test_listening_may_be_left(client: Client) -> None:
    samples = (WAVEFORM * 32767).astype("<i2").tobytes()
    never_ends = iter(lambda: samples, None)
    for event in client.listen(never_ends, LABELS, rate=RATE):
        assert event.phase == "start"
        break


def test_what_breaks_in_the_source_is_raised(client: Client) -> None:
    def broken() -> Iterator[bytes]:
        yield bytes(RATE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(client.listen(broken(), LABELS, rate=RATE))


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda client: client.classify(SOUND, "dog, =x"), LabelError),
        (lambda client: client.classify(b"no sound", LABELS), RecordingError),
        (lambda client: client.classify("/nowhere.wav", LABELS), RecordingError),
        (lambda client: client.classify(bytes(2_000_000), LABELS), UsageError),
        (lambda client: list(client.timeline(SOUND, "=x")), LabelError),
        (lambda client: list(client.timeline(b"no sound", LABELS)), RecordingError),
        (lambda client: list(client.timeline(SOUND, LABELS, TimelineOptions(50))), UsageError),
        (lambda client: client.embed_text([]), UsageError),
        (lambda client: list(client.listen([], "=x")), LabelError),
        (lambda client: list(client.listen([b"no"], "x", format="opus")), RecordingError),
    ],
)
def test_errors_are_a_classifiers(client: Client, ask: Any, error: type[AnysoundError]) -> None:
    with pytest.raises(error):
        ask(client)


def test_errors_speak_the_current_language(client: Client) -> None:
    with use("zh"), pytest.raises(LabelError) as refused:
        client.classify(SOUND, "dog, =x")
    assert refused.value.position == 5
    assert any("\u4e00" <= char < "\u9fff" for char in str(refused.value))


@pytest.mark.parametrize("ask", ["models", "timeline", "listen"])
def test_server_that_is_not_there(ask: str) -> None:
    client = Client("http://name:secret@127.0.0.1:1")
    asked = {
        "models": client.models,
        "timeline": lambda: list(client.timeline(SOUND, LABELS)),
        "listen": lambda: list(client.listen([b""], LABELS)),
    }
    with pytest.raises(ServerError, match=r"127\.0\.0\.1:1") as refused:
        asked[ask]()
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["", "127.0.0.1:7860", "file:///etc/passwd", "http://[", "ftp://x"])
def test_addresses_that_are_none(url: str) -> None:
    with pytest.raises(UsageError):
        Client(url)


def commands(page: str) -> list[str]:
    blocks = (DOCS / page).read_text(encoding="utf-8").split("```")[1::2]
    lines = "\n".join(block.partition("\n")[2] for block in blocks if block.startswith("sh\n"))
    joined = lines.replace("\\\n", " ").splitlines()
    return [line for line in joined if line.startswith("curl ")]


@pytest.mark.parametrize("page", ["server.md", "server.zh-CN.md"])
def test_the_documented_calls_work(address: str, tmp_path: Path, page: str) -> None:
    if not shutil.which("curl") and not os.environ.get("CI"):
        pytest.skip("curl is not installed")
    for name in ("kitchen.m4a", "a.wav", "b.wav", "street.mp3"):
        (tmp_path / name).write_bytes(encode("wav", "pcm_s16le", WAVEFORM, RATE))
    (tmp_path / "labels.yaml").write_text("labels:\n- dog barking\n", encoding="utf-8")
    asked = commands(page)
    assert len(asked) >= 8
    for command in asked:
        command = command.replace("http://127.0.0.1:7860", address)
        command = command.replace("curl ", "curl --fail-with-body -sS ", 1)
        done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, timeout=60)
        assert done.returncode == 0, (command, done.stdout, done.stderr)
