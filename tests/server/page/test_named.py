"""The page asked by name, with Gradio's own client."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from anysound.classifier import Classifier
from anysound.server import Secrets, ServerOptions
from tests.fakes import RATE, FakeModel, tone, wav_file
from tests.patience import PATIENCE, until
from tests.server.running import files_in, running

gradio_client = pytest.importorskip("gradio_client")

DOCS = Path(__file__).parents[3] / "docs"
TOKEN = "let-me-in"
LABELS = "1000 Hz, 4000 Hz"
SOUND = np.concatenate([tone(1000, 4.0), 0 * tone(1, 3.0), tone(4000, 4.0)])


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def address(uploads: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(uploads))
        options = ServerOptions(port=0, secrets=Secrets(token=TOKEN))
        with running(Classifier(FakeModel()), options) as address:
            # The page takes some seconds more than the API, and that client waits for five.
            headers = {"authorization": f"Bearer {TOKEN}"}
            httpx.get(f"{address}/config", headers=headers, timeout=PATIENCE).raise_for_status()
            yield address


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "厨房.wav"
    path.write_bytes(wav_file(SOUND))
    return path


def asking(address: str, language: str = "en") -> "gradio_client.Client":
    headers = {"authorization": f"Bearer {TOKEN}", "accept-language": language}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        return gradio_client.Client(
            address, headers=headers, verbose=False, analytics_enabled=False
        )


def test_answers_as_the_api_does(address: str, recording: Path, uploads: Path) -> None:
    client, file = asking(address), gradio_client.handle_file(recording)
    direct = Classifier(FakeModel())
    answer = client.predict(file, LABELS, api_name="/classify")
    expected = direct.classify(recording, LABELS).to_dict()
    assert answer == {**expected, "recording": answer["recording"]}
    assert answer["recording"].endswith(".wav")
    found = client.predict(recording=file, labels=LABELS, api_name="/timeline")
    events = [(each["label"], each["start"], each["end"]) for each in found["events"]]
    assert events == [(e.label, e.start, e.end) for e in direct.timeline((SOUND, RATE), LABELS)]
    assert found["duration"] == 11.0
    until(lambda: not files_in(uploads))


def test_only_what_is_meant_for_programs_has_a_name(address: str) -> None:
    named = asking(address).view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert set(named) == {"/classify", "/timeline"}
    parameters = [each["parameter_name"] for each in named["/classify"]["parameters"]]
    assert parameters == ["recording", "labels"]


@pytest.mark.parametrize(("language", "said"), [("en", "no name"), ("zh", "没有名称")])
def test_what_goes_wrong_is_said(
    address: str, recording: Path, uploads: Path, language: str, said: str
) -> None:
    client, file = asking(address, language), gradio_client.handle_file(recording)
    for name in ("/classify", "/timeline"):
        with pytest.raises(gradio_client.exceptions.AppError, match=said):
            client.predict(file, "dog, =x", api_name=name)
        for other in (None, {"path": "/etc/passwd"}, "/etc/passwd"):
            with pytest.raises(gradio_client.exceptions.AppError):
                client.predict(other, LABELS, api_name=name)
    until(lambda: not files_in(uploads))


def test_without_the_token_nobody_is_let_in(address: str) -> None:
    with pytest.raises(Exception, match=r"401|Could not"):
        gradio_client.Client(address, verbose=False, analytics_enabled=False)


@pytest.mark.parametrize("page", ["server.md", "server.zh-CN.md"])
def test_the_documented_program_runs(address: str, tmp_path: Path, page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(from gradio_client.*?)```", text, re.S)
    assert "127.0.0.1:7860" in code
    for name in ("kitchen.m4a", "street.mp3"):
        (tmp_path / name).write_bytes(wav_file(SOUND))
    program = f"token = {TOKEN!r}\n" + code.replace("http://127.0.0.1:7860", address)
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "HF_HUB_DISABLE_TELEMETRY": "1"},
        capture_output=True,
        text=True,
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    assert re.search(r"^(match|none|ambiguous) ", done.stdout, re.M), done.stdout
