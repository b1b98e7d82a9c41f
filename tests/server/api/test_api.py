"""The HTTP API: answers, errors, limits, concurrency."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from anysound.classifier import Classification, Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from tests.audio.making import encode
from tests.audio.making import tone as loud_tone
from tests.fakes import FakeModel
from tests.patience import PATIENCE
from tests.server.making import LOCAL, wav_tone

SMALL = 100_000
OPTIONS = ServerOptions(max_upload=SMALL, at_once=2)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with TestClient(
        create_app(Classifier(FakeModel()), OPTIONS),
        base_url=LOCAL,
        raise_server_exceptions=False,
    ) as client:
        yield client


def post(
    client: TestClient,
    content: bytes,
    labels: str = "1000 Hz, 4000 Hz",
    name: str = "kitchen.wav",
    language: str = "en",
) -> httpx.Response:
    return client.post(
        "/v1/classify",
        files={"file": (name, content)},
        data={"labels": labels},
        headers={"accept-language": language},
    )


def assert_problem(response: httpx.Response, status: int, kind: str) -> dict[str, Any]:
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["type"] == f"urn:anysound:problem:{kind}"
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    return problem


def test_answers_as_the_classifier_does(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "kitchen.wav"
    path.write_bytes(wav_tone(1000))
    expected = Classifier(FakeModel()).classify(path, "高音=4000 Hz, 中音=1000 Hz").to_dict()
    response = post(client, wav_tone(1000), "高音=4000 Hz, 中音=1000 Hz")
    assert response.status_code == 200
    assert response.json() == {**expected, "recording": "kitchen.wav"}
    assert response.json()["label"] == "中音"


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("flac", "flac", 44100),
        ("mp3", "libmp3lame", 44100),
        ("mp4", "aac", 44100),
        ("webm", "libopus", 48000),
    ],
)
def test_takes_many_kinds_of_files(
    client: TestClient, container: str, codec: str, rate: int
) -> None:
    content = encode(container, codec, loud_tone(rate, 1.0), rate)
    response = post(client, content, name=f"录音.{container}")
    assert response.json()["label"] == "1000 Hz"
    assert response.json()["recording"] == f"录音.{container}"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [("a/b/c.wav", "c.wav"), (r"C:\sounds\厨房.wav", "厨房.wav"), ("../../etc/x", "x")],
)
def test_names_the_recording_without_its_folders(client: TestClient, sent: str, shown: str) -> None:
    assert post(client, wav_tone(1000), name=sent).json()["recording"] == shown


@pytest.mark.parametrize(
    ("language", "expected", "words"),
    [
        ("en-GB,en;q=0.9", "en", "This recording can't be read"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh", "录音无法读取"),
        ("fr", "en", "This recording can't be read"),
    ],
)
def test_speaks_the_language_asked_for(
    client: TestClient, language: str, expected: str, words: str
) -> None:
    response = post(client, b"not a sound", language=language)
    problem = assert_problem(response, 422, "unreadable-recording")
    assert problem["title"] == words
    assert problem["detail"].startswith("kitchen.wav")
    assert response.headers["content-language"] == expected


def test_warns_in_the_language_asked_for(client: TestClient) -> None:
    torn = wav_tone(1000, 2.0)[:40_000]
    english, chinese = (post(client, torn, language=each).json() for each in ("en", "zh"))
    assert "cut off" in english["warnings"][0]
    assert "不完整" in chinese["warnings"][0]
    assert english["scores"] == chinese["scores"]


def test_empty_recording(client: TestClient) -> None:
    assert "empty" in assert_problem(post(client, b""), 422, "unreadable-recording")["detail"]


@pytest.mark.parametrize(("labels", "position"), [("dog, =x", 5), (",,,", 0), ("dog *high", 4)])
def test_bad_labels(client: TestClient, labels: str, position: int) -> None:
    problem = assert_problem(post(client, wav_tone(1000), labels), 422, "bad-labels")
    assert problem.get("position") == position


@pytest.mark.parametrize("prefix", ["@", ""])
def test_labels_never_name_a_file(client: TestClient, tmp_path: Path, prefix: str) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("250 Hz")
    response = post(client, wav_tone(1000), f"{prefix}{path}")
    assert "250 Hz" not in response.text


@pytest.mark.parametrize(
    ("form", "missing"),
    [
        ({"data": {"labels": "dog"}}, ["file"]),
        ({"files": {"file": ("a.wav", b"x")}}, ["labels"]),
        ({"json": {"labels": "dog"}}, ["file", "labels"]),
        ({"files": {"file": (None, b"x"), "labels": (None, "dog")}}, ["file"]),
    ],
)
def test_missing_fields(client: TestClient, form: dict[str, Any], missing: list[str]) -> None:
    response = client.post("/v1/classify", **form)
    assert assert_problem(response, 422, "missing-field")["fields"] == missing


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("none_below", "2"), ("none_below", "nan"), ("ambiguous_within", "-1"), ("top", "0")),
        *(("top", "many"), ("untranslated", "guess")),
    ],
)
def test_options_that_make_no_sense(client: TestClient, name: str, value: str) -> None:
    response = client.post(
        "/v1/classify",
        files={"file": ("a.wav", wav_tone(1000))},
        data={"labels": "1000 Hz", name: value},
    )
    assert assert_problem(response, 422, "missing-field")["fields"] == [name]


def test_options_are_described(client: TestClient) -> None:
    schema = client.get("/openapi.json").json()["components"]["schemas"]
    (form,) = (each for name, each in schema.items() if "classify" in name)
    for name in ("none_below", "ambiguous_within", "untranslated", "top"):
        assert form["properties"][name]["description"]
        assert form["properties"][name]["examples"]


def test_malformed_form(client: TestClient) -> None:
    response = client.post(
        "/v1/classify", content=b"rubbish", headers={"content-type": "multipart/form-data"}
    )
    assert_problem(response, 400, "bad-request")


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/classify"), ("POST", "/v1/nothing"), ("PUT", "/v1/classify")]
)
def test_unknown_addresses(client: TestClient, method: str, path: str) -> None:
    assert path in assert_problem(client.request(method, path), 404, "not-found")["detail"]


def test_bugs_are_answered_in_words(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(Classifier, "classify", broken)
    response = post(client, wav_tone(1000), language="zh")
    assert_problem(response, 500, "internal")
    assert "secret" not in response.text


def test_recording_a_little_too_large(client: TestClient) -> None:
    assert post(client, wav_tone(1000).ljust(SMALL, b"\0")).status_code == 200
    problem = assert_problem(post(client, bytes(SMALL + 1)), 413, "too-large")
    assert "0 MB" in problem["detail"]


def test_announced_length_is_enough_to_refuse(client: TestClient) -> None:
    headers = {"content-length": str(10**10), "content-type": "multipart/form-data; boundary=x"}
    response = client.post("/v1/classify", content=b"--x", headers=headers)
    assert_problem(response, 413, "too-large")


@pytest.mark.parametrize("path", ["/v1/classify", "/gradio_api/upload", "/gradio_api/queue/join"])
def test_endless_body_is_cut_off_while_it_is_read(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        while True:
            sent += 65536
            yield bytes(65536)

    async def post_endlessly() -> httpx.Response:
        app = create_app(Classifier(FakeModel()), OPTIONS)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=LOCAL) as client:
            return await client.post(
                path,
                content=endless(),
                headers={"content-type": "multipart/form-data; boundary=x"},
            )

    response = asyncio.run(post_endlessly())
    assert response.status_code == 413
    assert sent < 5 * 1024 * 1024


class SlowClassifier(Classifier):
    """Answers only when it is let to, and counts who is inside."""

    def __init__(self) -> None:
        super().__init__(FakeModel())
        self.may_answer = threading.Event()
        self.inside = self.most_inside = 0
        self._lock = threading.Lock()

    def classify(self, *arguments: Any) -> Classification:
        with self._lock:
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        assert self.may_answer.wait(PATIENCE)
        with self._lock:
            self.inside -= 1
        return super().classify(*arguments)


def test_answers_others_while_it_listens_to_a_few_at_once() -> None:
    classifier = SlowClassifier()

    async def run() -> list[httpx.Response]:
        app = create_app(classifier, OPTIONS)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=LOCAL) as client:
            asked = [
                asyncio.create_task(
                    client.post(
                        "/v1/classify",
                        files={"file": (f"{frequency}.wav", wav_tone(frequency))},
                        data={"labels": "250 Hz, 500 Hz, 1000 Hz, 2000 Hz, 4000 Hz"},
                    )
                )
                for frequency in (250, 500, 1000, 2000, 4000)
            ]
            while classifier.inside < 2:
                await asyncio.sleep(0.01)
            assert (await client.get("/healthz")).status_code == 200
            assert not any(task.done() for task in asked)
            classifier.may_answer.set()
            return await asyncio.gather(*asked)

    answers = [response.json() for response in asyncio.run(run())]
    assert [a["label"] for a in answers] == [a["recording"][:-4] + " Hz" for a in answers]
    assert classifier.most_inside == OPTIONS.at_once


def test_health(client: TestClient) -> None:
    health = client.get("/healthz").json()
    assert health["status"] == "ok"
    assert health["model"]["id"] == "fake"


@pytest.mark.parametrize(("language", "words"), [("en", "Try it"), ("zh", "示例")])
def test_documentation_loads_nothing(client: TestClient, language: str, words: str) -> None:
    page = client.get("/docs", headers={"accept-language": language}).text
    assert words in page
    assert "POST /v1/classify" in page
    assert "POST /v1/labels/check" in page
    assert "://" not in page.replace("http://localhost", "")
    assert "<script" not in page
    assert set(client.get("/openapi.json").json()["paths"]) == {
        *("/v1/classify", "/v1/timeline", "/v1/embed/audio", "/v1/embed/text"),
        *("/v1/labels/check", "/v1/models", "/healthz", "/readyz", "/metrics"),
    }
