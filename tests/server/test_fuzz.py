"""Requests made up from the API's own description, and damaged files: nothing is a 5xx."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from benchmarks.serving import CODINGS, mutate
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.app import create_app
from tests.audio.making import encode, tone
from tests.fakes import FakeModel
from tests.server.making import LOCAL

APP = create_app(
    Classifier(FakeModel()), ServerOptions(host_names=("testserver",), max_upload=1 << 20)
)
SCHEMA = schemathesis.openapi.from_asgi("/openapi.json", APP).exclude(
    path="/readyz",  # which is 503 before the model answers
)


@SCHEMA.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_requests_from_its_own_description(case: Any) -> None:
    case.call_and_validate(checks=[not_a_server_error])


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = create_app(Classifier(FakeModel()), ServerOptions())
    with TestClient(app, base_url=LOCAL, raise_server_exceptions=False) as client:
        yield client


def test_damaged_files(client: TestClient) -> None:
    """A thousand of them are sent by ``python -m benchmarks.serving mutated``."""
    draw = random.Random(7)
    files = [encode(container, codec, tone(48_000, 1.0), 48_000) for container, codec in CODINGS]
    statuses = set()
    for number in range(10 * len(files)):
        content = mutate(files[number % len(files)], draw)
        response = client.post(
            "/v1/classify",
            files={"file": ("a", content)},
            data={"labels": "1000 Hz, 4000 Hz"},
        )
        statuses.add(response.status_code)
        response.json()
    assert statuses == {200, 422}
