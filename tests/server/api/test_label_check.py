"""POST /v1/labels/check: how labels are understood, and what could be written better."""

import asyncio
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from anysound.classifier import Classifier
from anysound.labels import parse_labels
from anysound.server import ServerOptions
from anysound.server.app import create_app
from tests.fakes import FakeModel
from tests.patience import PATIENCE
from tests.server.making import LOCAL, wav_tone

PATH = "/v1/labels/check"


class CountingModel(FakeModel):
    """Counts what it is given, and may be told to wait."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.sounds = 0
        self.may_read = threading.Event()
        self.may_read.set()

    def embed_text(self, texts: Any) -> Any:
        assert self.may_read.wait(PATIENCE)
        self.texts += texts
        return super().embed_text(texts)

    def embed_audio(self, waveforms: Any) -> Any:
        self.sounds += len(waveforms)
        return super().embed_audio(waveforms)


class EnglishModel(FakeModel):
    info = replace(FakeModel.info, languages=("en",))


def client_of(model: FakeModel) -> TestClient:
    app = create_app(Classifier(model), ServerOptions())
    return TestClient(app, base_url=LOCAL, raise_server_exceptions=False)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    with client_of(FakeModel()) as client:
        yield client


def check(client: TestClient, labels: str, language: str = "en") -> httpx.Response:
    return client.post(PATH, data={"labels": labels}, headers={"accept-language": language})


def test_labels_and_findings_are_those_of_the_classifier(client: TestClient) -> None:
    line = "hum=1000 Hz, tone=1000 Hz, 异常(最后 1 秒) *2, UPS"
    answer = check(client, line).json()
    labels = [label.to_dict() for label in parse_labels(line)]
    findings = [each.to_dict() for each in Classifier(FakeModel()).check_labels(line)]
    assert [{k: label[k] for k in labels[0]} for label in answer["labels"]] == labels
    assert [{k: each[k] for k in findings[0]} for each in answer["findings"]] == findings
    assert [each["kind"] for each in answer["findings"]] == ["abstract", "abbreviation", "alike"]


@pytest.mark.parametrize(
    ("language", "expected", "what"),
    [
        ("en-GB", "en", "This is a state, not a sound"),
        ("zh-CN,en;q=0.5", "zh", "这是状态，不是声音"),
    ],
)
def test_speaks_the_language_asked_for(
    client: TestClient, language: str, expected: str, what: str
) -> None:
    response = check(client, "异常, 250 Hz, 500 Hz", language)
    assert response.headers["content-language"] == expected
    assert response.json()["findings"][0]["what"] == what


def test_edits_are_for_the_line_that_was_sent(client: TestClient) -> None:
    line = "🐶, UPS *3；异常、\nUPS"
    answer = check(client, line).json()
    spans = {label["name"]: label["spans"] for label in answer["labels"]}
    assert spans == {"🐶": [[0, 1]], "UPS": [[3, 9], [14, 17]], "异常": [[10, 12]]}
    (found,) = [each for each in answer["findings"] if each["labels"] == ["UPS"]]
    for edit in reversed(found["edits"]):
        line = line[: edit["start"]] + edit["text"] + line[edit["end"] :]
    text = "beeping of a backup power supply"
    assert line == f"🐶, {text} *3.0；异常、\n{text}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_found(client: TestClient, language: str) -> None:
    answer = check(client, "250 Hz, 500 Hz, 1000 Hz", language).json()
    assert answer["findings"] == []
    assert [label["heard_as"] for label in answer["labels"]] == [None] * 3


def test_the_english_of_labels_for_a_model_without_chinese() -> None:
    line = "狗叫声, 哨=250 Hz, 㑇㑊声, rain, 雨声=雨声|500 Hz"
    with client_of(EnglishModel()) as client:
        heard = {label["name"]: label["heard_as"] for label in check(client, line).json()["labels"]}
    assert heard == {
        "狗叫声": ["dog barking"],
        "哨": None,
        "㑇㑊声": None,
        "rain": None,
        "雨声": ["rain", "500 Hz"],
    }


@pytest.mark.parametrize(
    ("labels", "position", "zh"),
    [
        ("dog, =x", 5, "没有名称"),
        (",,,", 0, "没有标签"),
        ("dog *high", 4, "权重"),
        ("a(b", 1, "配对"),
    ],
)
def test_labels_that_cannot_be_understood(
    client: TestClient, labels: str, position: int, zh: str
) -> None:
    response = check(client, labels, "zh")
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert problem["type"] == "urn:anysound:problem:bad-labels"
    assert problem["position"] == position
    assert zh in problem["detail"]


def test_missing_labels(client: TestClient) -> None:
    problem = client.post(PATH, data={"label": "dog"}).json()
    assert problem["type"] == "urn:anysound:problem:missing-field"
    assert problem["fields"] == ["labels"]
    assert "`file`" not in problem["detail"]


def test_a_line_names_no_file(client: TestClient, tmp_path: Any) -> None:
    path = tmp_path / "secret.txt"
    path.write_text("250 Hz")
    assert "250 Hz" not in check(client, f"@{path}").text


def test_a_form_of_either_kind(client: TestClient) -> None:
    multipart = client.post(PATH, files={"labels": (None, "250 Hz")})
    assert multipart.json() == check(client, "250 Hz").json()


def test_the_model_is_measured_once() -> None:
    model = CountingModel()
    with client_of(model) as client:
        check(client, "250 Hz, 500 Hz, 1000 Hz")
        sounds, texts = model.sounds, len(model.texts)
        assert sounds
        check(client, "250 Hz, 500 Hz, 2000 Hz")
        assert (model.sounds, len(model.texts)) == (sounds, texts + 1)


def test_a_thousand_labels_alike_are_no_million_findings(client: TestClient) -> None:
    answer = check(client, ", ".join(f"label {n}" for n in range(1000))).json()
    assert 999 <= len(answer["findings"]) <= 2500


def test_others_are_answered_while_labels_are_checked() -> None:
    model = CountingModel()

    async def run() -> None:
        app = create_app(Classifier(model), ServerOptions(at_once=1))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=LOCAL) as client:

            async def classify() -> httpx.Response:
                files = {"file": ("a.wav", wav_tone(250))}
                return await client.post("/v1/classify", files=files, data={"labels": "250 Hz"})

            assert (await classify()).status_code == 200  # its label is known from now on
            model.may_read.clear()
            checks = [
                asyncio.create_task(client.post(PATH, data={"labels": f"{n} Hz"}))
                for n in (500, 1000, 2000)
            ]
            await asyncio.sleep(0.1)
            assert (await client.get("/healthz")).status_code == 200
            assert (await classify()).status_code == 200
            assert not any(each.done() for each in checks)
            model.may_read.set()
            assert [each.status_code for each in await asyncio.gather(*checks)] == [200] * 3

    asyncio.run(run())
