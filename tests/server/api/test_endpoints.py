"""Timelines, embeddings and models over HTTP: as in Python, typed, and in order."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.api import answers, operations
from anysound.server.app import create_app
from anysound.timeline import TimelineOptions
from tests.fakes import FakeModel, tone, wav_file
from tests.server.making import LOCAL, wav_tone

LABELS = "1000 Hz, 4000 Hz"
SOUND = wav_file(np.concatenate([tone(1000, 4.0), 0 * tone(1, 3.0), tone(4000, 4.0)]))


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(Classifier(FakeModel()), ServerOptions(at_once=2))
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


def ask(client: TestClient, accept: str = "*/*", content: bytes = SOUND, **form: str) -> Any:
    return client.post(
        "/v1/timeline",
        files={"file": ("street.wav", content)},
        data={"labels": LABELS, **form},
        headers={"accept": accept},
    )


def test_timeline_comes_line_by_line(client: TestClient) -> None:
    response = ask(client)
    assert response.headers["content-type"] == "application/jsonl"
    *events, last = map(json.loads, response.text.splitlines())
    expected = [
        event.to_dict() | {"recording": "street.wav"}
        for event in Classifier(FakeModel()).timeline(SOUND, LABELS)
    ]
    assert events == [{"kind": "event", **event} for event in expected]
    assert [event["label"] for event in events] == ["1000 Hz", "4000 Hz"]
    assert (last["kind"], last["duration"], last["events"]) == ("summary", 11.0, 2)


def test_timeline_as_one_json(client: TestClient) -> None:
    response = ask(client, "application/json")
    answer = answers.TimelineAnswer.model_validate(response.json())
    lines = [json.loads(line) for line in ask(client).text.splitlines()]
    assert [{"kind": "event", **event.model_dump()} for event in answer.events] == lines[:-1]


def test_timeline_takes_options(client: TestClient) -> None:
    options = TimelineOptions(window=0.5, hop=0.25, threshold=0.4, gap=0.5, top=2)
    expected = [event.start for event in Classifier(FakeModel()).timeline(SOUND, LABELS, options)]
    form = {"window": "0.5", "hop": "0.25", "threshold": "0.4", "gap": "0.5", "top": "2"}
    answer = ask(client, "application/json", **form).json()
    assert [event["start"] for event in answer["events"]] == expected
    assert (answer["window"], answer["hop"]) == (0.5, 0.25)


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ({"threshold": "2"}, "missing-field"),
        ({"hop": "nan"}, "missing-field"),
        ({"window": "50"}, "bad-option"),
        ({"labels": "=x"}, "bad-labels"),
    ],
)
def test_what_is_wrong_with_a_timeline_is_told_before_it_begins(
    client: TestClient, form: dict[str, str], kind: str
) -> None:
    response = ask(client, **form)
    assert response.status_code == 422
    assert response.json()["type"] == f"urn:anysound:problem:{kind}"


def test_unreadable_recording_has_no_timeline(client: TestClient) -> None:
    assert ask(client, content=b"no sound").json()["title"] == "This recording can't be read"


def test_what_was_found_before_an_error_is_not_lost(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from anysound.audio.decoders.pool import _ApartStream
    from anysound.errors import RecordingError
    from anysound.language import Text

    whole = _ApartStream.blocks

    def torn(self: _ApartStream) -> Iterator[Any]:
        for count, block in enumerate(whole(self)):
            if count == 9:
                raise RecordingError(Text(en="the disk is gone", zh="磁盘没了"))
            yield block

    monkeypatch.setattr(_ApartStream, "blocks", torn)
    *_, last = map(json.loads, ask(client).text.splitlines())
    assert (last["kind"], last["detail"]) == ("problem", "the disk is gone")


def test_audio_is_embedded_as_in_python(client: TestClient) -> None:
    sounds = [wav_tone(1000), wav_tone(250, 3.0)]
    files = [("file", (f"{index}.wav", sound)) for index, sound in enumerate(sounds)]
    response = client.post("/v1/embed/audio", files=files)
    answer = answers.EmbedAudioAnswer.model_validate(response.json())
    assert [each.recording for each in answer.embeddings] == ["0.wav", "1.wav"]
    rows = np.array([each.embedding for each in answer.embeddings], dtype=np.float32)
    assert np.array_equal(rows, Classifier(FakeModel()).embed_audio(sounds))
    assert answer.dim == rows.shape[1]


def test_texts_are_embedded_as_in_python(client: TestClient) -> None:
    texts = ["1000 Hz", "狗叫声"]
    response = client.post("/v1/embed/text", json={"texts": texts})
    answer = answers.EmbedTextAnswer.model_validate(response.json())
    rows = np.array([each.embedding for each in answer.embeddings], dtype=np.float32)
    assert np.array_equal(rows, Classifier(FakeModel()).embed_text(texts))


@pytest.mark.parametrize(
    "body", [{}, {"texts": []}, {"texts": "dog"}, {"texts": [""]}, {"texts": ["a"] * 257}]
)
def test_texts_that_are_none(client: TestClient, body: Any) -> None:
    response = client.post("/v1/embed/text", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


def test_models_are_listed_without_where_they_lie(client: TestClient) -> None:
    response = client.get("/v1/models")
    answer = answers.ModelsAnswer.model_validate(response.json())
    assert answer.answering.id == "fake"
    assert [model.id for model in answer.installed] == ["bundled"]
    assert "/" not in answer.installed[0].model_dump_json().replace("audio-text", "")


def test_answers_are_as_the_schema_says(client: TestClient) -> None:
    form = {"files": {"file": ("a.wav", SOUND)}, "data": {"labels": "d(x)=1000 Hz, d(y)=250 Hz"}}
    answers.ClassifyAnswer.model_validate(client.post("/v1/classify", **form).json())
    checked = client.post("/v1/labels/check", data={"labels": "HVAC noise, dog(last 1 s)"})
    answers.CheckAnswer.model_validate(checked.json())
    answers.HealthAnswer.model_validate(client.get("/healthz").json())


@pytest.mark.parametrize(
    "operation",
    [
        *(operations.CLASSIFY, operations.TIMELINE, operations.EMBED_AUDIO),
        *(operations.EMBED_TEXT, operations.LABELS_CHECK, operations.MODELS),
    ],
)
def test_examples_are_as_the_schema_says(operation: dict[str, Any]) -> None:
    example = operation["responses"][200]["content"]["application/json"]["example"]
    operation["response_model"].model_validate(example)


def test_every_word_of_the_documentation_is_there_in_chinese(client: TestClient) -> None:
    for methods in client.get("/openapi.json").json()["paths"].values():
        for operation in methods.values():
            said = [operation[key] for key in ("summary", "description") if key in operation]
            said += [answer["description"] for answer in operation["responses"].values()]
            assert [words for words in said if words not in operations.CHINESE] == []


LABEL_SETS = [
    '{"labels": [{"name": "high", "phrases": ["4000 Hz"]}, {"name": "low", "phrases": "250 Hz"}]}',
    '["4000 Hz", "250 Hz"]',
    "# taught\nlabels:\n- name: high\n  phrases: [4000 Hz]\n- {name: low, phrases: 250 Hz}\n",
    "- 4000 Hz\n- 250 Hz\n",
]


@pytest.mark.parametrize("labels", LABEL_SETS)
@pytest.mark.parametrize("as_file", [False, True])
def test_labels_may_be_a_label_set(client: TestClient, labels: str, as_file: bool) -> None:
    files: dict[str, Any] = {"file": ("a.wav", wav_tone(4000))}
    data = {} if as_file else {"labels": labels}
    if as_file:
        files["labels"] = ("labels.yaml", labels.encode("gb18030"))
    answer = client.post("/v1/classify", files=files, data=data).json()
    assert answer["label"] in ("high", "4000 Hz")
    assert len(answer["scores"]) == 2


@pytest.mark.parametrize(
    "labels",
    [
        "{",
        '{"labels": [',
        "labels: [",
        "labels: [" + "a," * 200_000,
        "[" * 9 + '"',
        '{"labels": {"x": {"examples": 1}}}',
        "labels: !!python/object/apply:os.getcwd []",
        "labels: @/etc/passwd",
    ],
)
def test_label_sets_that_are_none(client: TestClient, labels: str) -> None:
    files = {"file": ("a.wav", wav_tone(4000))}
    response = client.post("/v1/classify", files=files, data={"labels": labels})
    assert response.status_code == 422
    assert response.json()["type"] == "urn:anysound:problem:bad-labels"


def test_labels_that_are_no_text(client: TestClient) -> None:
    files = {"file": ("a.wav", wav_tone(4000)), "labels": ("l", b"\xff\xff\x00")}
    assert client.post("/v1/classify", files=files).json()["fields"] == ["labels"]


def test_taught_labels_are_understood(client: TestClient, tmp_path: Path) -> None:
    from anysound.labels import read_labels
    from anysound.teaching import TeachOptions, teach, write_labels

    for name, frequency in (("high", 4000), ("low", 250)):
        (tmp_path / name).mkdir()
        for number in range(4):
            sound = wav_tone(frequency, 1.0 + number / 10)
            (tmp_path / name / f"{number}.wav").write_bytes(sound)
    teaching = teach(Classifier(FakeModel()), TeachOptions(tmp_path))
    write_labels(tmp_path / "l.yaml", teaching.labels, FakeModel.info)
    files = {"file": ("a.wav", wav_tone(4000)), "labels": (tmp_path / "l.yaml").open("rb")}
    answer = client.post("/v1/classify", files=files).json()
    direct = Classifier(FakeModel()).classify(wav_tone(4000), read_labels(f"@{tmp_path}/l.yaml"))
    assert answer["scores"] == [score.to_dict() for score in direct.scores]
