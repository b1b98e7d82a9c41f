"""Readiness, metrics and ids of requests."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from prometheus_client.parser import text_string_to_metric_families

from anysound.classifier import Classification, Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from anysound.server.observed.ready import Readiness
from tests.fakes import FakeModel
from tests.patience import PATIENCE
from tests.server.making import LOCAL, wav_tone


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = create_app(Classifier(FakeModel()), ServerOptions())
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


def classify(client: TestClient, content: bytes, labels: str = "1000 Hz, 4000 Hz") -> Any:
    return client.post("/v1/classify", files={"file": ("a", content)}, data={"labels": labels})


def figures(client: TestClient) -> dict[tuple[str, tuple[str, ...]], float]:
    """Each figure by its name and its labels' values."""
    response = client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_figures(client: TestClient) -> None:
    classify(client, wav_tone(1000))
    classify(client, wav_tone(1000))
    classify(client, b"rubbish")
    client.get("/v1/no/such/thing")
    client.get("/gradio_api/no/such/thing")
    client.request("BREW", "/coffee")
    found = figures(client)
    assert found["anysound_requests_total", ("POST", "/v1/classify", "200")] == 2
    assert found["anysound_requests_total", ("POST", "/v1/classify", "422")] == 1
    assert found["anysound_request_seconds_count", ("/v1/classify",)] == 3
    assert found["anysound_decode_failures_total", ("unreadable",)] == 1
    assert found["anysound_questions_running", ()] == 0
    assert found["anysound_questions_waiting", ()] == 0
    assert found["anysound_text_cache_hits_total", ()] >= 2
    assert found["anysound_text_cache_misses_total", ()] >= 2
    assert found["process_resident_memory_bytes", ()] > 1_000_000
    model = next(labels for name, labels in found if name == "anysound_model_info")
    assert "fake" in model
    methods = {labels[0] for name, labels in found if name == "anysound_requests_total"}
    assert methods == {"GET", "POST", "OTHER"}


def test_addresses_that_nobody_knows_make_no_new_figures(client: TestClient) -> None:
    for number in range(5):
        for path in ("v1/", "", "assets/", "gradio_api/", "gradio_api/heartbeat/"):
            client.post(f"/{path}{number}")
    before = len(figures(client))
    for number in range(50, 80):
        for path in ("v1/", "", "assets/", "gradio_api/", "gradio_api/heartbeat/"):
            client.post(f"/{path}{number}")
    assert len(figures(client)) <= before + 25  # those of /metrics itself


def test_questions_are_counted_while_they_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    may_answer, inside = threading.Event(), threading.Semaphore(0)
    usual = Classifier.classify

    def slowly(self: Classifier, recording: Any, *others: Any) -> Classification:
        if not isinstance(recording, tuple):  # as the first question of all is
            inside.release()
            assert may_answer.wait(PATIENCE)
        return usual(self, recording, *others)

    monkeypatch.setattr(Classifier, "classify", slowly)
    app = create_app(Classifier(FakeModel()), ServerOptions(at_once=1))
    with TestClient(app, base_url=LOCAL) as client:
        threads = [
            threading.Thread(target=classify, args=(client, wav_tone(1000))) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        assert inside.acquire(timeout=PATIENCE)
        waiting = 0.0
        while waiting < 2:  # they are on their way
            found = figures(client)
            waiting = found["anysound_questions_waiting", ()]
        assert found["anysound_questions_running", ()] == 1
        may_answer.set()
        for thread in threads:
            thread.join()


def test_ready_once_the_model_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    may_answer = threading.Event()
    asked: list[threading.Thread] = []
    usual, begin = Classifier.classify, Readiness.begin

    def slowly(self: Classifier, *arguments: Any) -> Classification:
        assert may_answer.wait(PATIENCE)
        return usual(self, *arguments)

    def remembered(self: Readiness) -> threading.Thread:
        asked.append(begin(self))
        return asked[0]

    monkeypatch.setattr(Classifier, "classify", slowly)
    monkeypatch.setattr(Readiness, "begin", remembered)
    with TestClient(create_app(Classifier(FakeModel()), ServerOptions()), base_url=LOCAL) as client:
        response = client.get("/readyz")
        assert response.status_code == 503
        assert response.json()["type"] == "urn:anysound:problem:not-ready"
        assert client.get("/healthz").status_code == 200
        may_answer.set()
        asked[0].join()
        assert client.get("/readyz").json() == {"status": "ready"}


def test_never_ready_if_it_does_not_answer() -> None:
    class Broken(FakeModel):
        def embed_audio(self, waveforms: object) -> Any:
            raise MemoryError

    readiness = Readiness(Classifier(Broken()))
    readiness.begin().join()
    assert not readiness.is_ready


@pytest.mark.parametrize("path", ["/healthz", "/", "/v1/nothing", "/gradio_api/nothing"])
@pytest.mark.parametrize(
    ("given", "is_taken"),
    [("abc-1.2_3", True), ("", False), ("a b", False), ("x" * 65, False), ("<script>", False)],
)
def test_ids_of_requests(client: TestClient, path: str, given: str, is_taken: bool) -> None:
    response = client.get(path, headers={"x-request-id": given})
    assert (response.headers["x-request-id"] == given) == is_taken
    assert 1 <= len(response.headers["x-request-id"]) <= 64


def test_ids_are_different(client: TestClient) -> None:
    assert len({client.get("/healthz").headers["x-request-id"] for _ in range(10)}) == 10
