"""What the log says, and what it never does."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from anysound.server.observed.logs import LOGGERS, JsonLines, Words, configure
from tests.fakes import FakeModel
from tests.server.making import LOCAL, wav_tone

PRIVATE = ("secret-label", "private-name", "1000 Hz")


@pytest.fixture(autouse=True)
def _loggers_as_before() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in LOGGERS]
    before = [(logger.handlers, logger.propagate, logger.level) for logger in loggers]
    yield
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def ask(capsys: pytest.CaptureFixture[str], as_json: bool, content: bool) -> str:
    """Ask what can be answered, what can't, and what finds a bug; return the log."""
    configure(as_json, content)
    classifier = Classifier(FakeModel())
    app = create_app(classifier, ServerOptions())
    labels = "secret-label=1000 Hz, 4000 Hz"
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        for file, line in ((wav_tone(1000), labels), (b"rubbish", labels), (wav_tone(1000), "=")):
            client.post(
                "/v1/classify?private-name=1",
                files={"file": ("private-name.wav", file)},
                data={"labels": line},
                headers={"x-request-id": "asked-7"},
            )

        def broken(*_: object) -> None:
            raise ZeroDivisionError(f"about secret-label in private-name, {labels}")

        classifier.classify = broken  # type: ignore[method-assign, assignment]
        response = client.post(
            "/v1/classify", files={"file": ("a", wav_tone(1000))}, data={"labels": labels}
        )
        assert response.status_code == 500
        client.get("/private-name")
    return capsys.readouterr().err


@pytest.mark.parametrize("as_json", [False, True])
def test_nothing_that_was_sent_is_logged(capsys: pytest.CaptureFixture[str], as_json: bool) -> None:
    log = ask(capsys, as_json, content=False)
    assert "ZeroDivisionError" in log
    for private in PRIVATE:
        assert private not in log


def test_it_is_where_that_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    log = ask(capsys, as_json=True, content=True)
    for private in PRIVATE:
        assert private in log


def test_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in ask(capsys, as_json=True, content=False).splitlines()
    ]
    requests = [line for line in lines if line["event"] == "request"]
    assert [line["status"] for line in requests] == [200, 422, 422, 500, 404]
    assert {line["route"] for line in requests[:4]} == {"/v1/classify"}
    assert requests[0]["request"] == "asked-7"
    assert requests[0]["method"] == "POST"
    assert requests[0]["received"] > 30_000
    assert 0 < requests[0]["seconds"] < 60
    classified = next(line for line in lines if line["event"] == "classified")
    assert classified["request"] == "asked-7"
    assert classified["duration"] == 1.0
    failed = next(line for line in lines if "error" in line)
    assert failed["error"][0] == "ZeroDivisionError"
    assert failed["level"] == "error"
    assert "test_logs.py" in failed["error"][1]


def test_in_words_only_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    log = ask(capsys, as_json=False, content=False)
    assert "ERROR" in log
    assert " request " not in log


@pytest.mark.parametrize("formatter", [JsonLines(False), Words(False)])
def test_a_line_stays_one_line(formatter: logging.Formatter) -> None:
    record = logging.LogRecord("anysound", logging.INFO, "x.py", 1, "event", None, None)
    record.facts = {"route": "a\nb"}
    assert "\n" not in formatter.format(record)
