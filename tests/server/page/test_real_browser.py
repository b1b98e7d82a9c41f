"""The page in a real browser with nothing replaced: microphone, leaving it, a model's download."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest

from anysound.classifier import Classifier
from anysound.models.store import Store
from anysound.server import ServerOptions
from tests.audio.making import encode
from tests.fakes import RATE, FakeModel, tone, wav_file
from tests.models.clap.tiny import write_tiny_checkpoint
from tests.models.hub import Fault, LocalHub
from tests.patience import PATIENCE, until
from tests.server.browsing import Page, open_browser
from tests.server.running import files_in, running

pytestmark = pytest.mark.browser

LABELS = "mid=1000 Hz, high=4000 Hz"
MODEL = "laion/clap-htsat-fused"


class CountingModel(FakeModel):
    """Takes its time, and counts how often it is asked."""

    def __init__(self) -> None:
        self.asked = 0

    def embed_audio(self, waveforms: Any) -> Any:
        self.asked += 1
        time.sleep(0.05 * len(waveforms))
        return super().embed_audio(waveforms)


@contextmanager
def served(model: FakeModel, uploads: Path, options: ServerOptions | None = None) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(uploads))
        with running(Classifier(model), options or ServerOptions(port=0)) as address:
            httpx.get(f"{address}/config", timeout=PATIENCE).raise_for_status()
            yield address


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(FakeModel(), tmp_path_factory.mktemp("uploads")) as address:
        yield address


@pytest.fixture(scope="module")
def microphone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the microphone hears, again and again."""
    quiet = np.zeros(48_000 * 2, np.float32)
    sounds = [tone(1000, 3.0, 48_000), quiet, tone(4000, 3.0, 48_000), quiet]
    path = tmp_path_factory.mktemp("microphone") / "microphone.wav"
    path.write_bytes(encode("wav", "pcm_s16le", np.concatenate(sounds), 48_000))
    return path


@pytest.mark.parametrize(
    ("language", "listening", "stopped"),
    [("en-US", "Listening", "Stopped after"), ("zh-CN", "正在监听", "已停止")],
)
def test_the_microphone_is_heard(
    address: str, microphone: Path, tmp_path: Path, language: str, listening: str, stopped: str
) -> None:
    flag = f"--use-file-for-fake-audio-capture={microphone}"
    page = Page(open_browser(language, flag), tmp_path)
    try:
        page.open(address)
        page.write(LABELS)
        page.go_to("listen")
        page.find("#live-start").click()
        page.wait_for_words("#microphone", listening)
        for label in ("mid", "high"):
            page.wait_for_words("#live tbody", label)
        page.wait_for("#live tbody tr:not(.as-going-on)")
        assert page.barriers() == []
        page.find("#live-start").click()
        page.wait_for_words("#microphone", stopped)
        assert page.errors() == []
    finally:
        page.driver.quit()


@pytest.mark.parametrize(("tab", "button"), [("timeline", "#follow"), ("classify", "#listen")])
def test_a_page_that_is_closed_stops_its_question(tmp_path: Path, tab: str, button: str) -> None:
    model, uploads = CountingModel(), tmp_path / "uploads"
    recording = tmp_path / "long.wav"
    recording.write_bytes(wav_file(np.tile(tone(1000, 10.0), 90)))
    page = Page(open_browser("en-US"), uploads)
    try:
        with served(model, uploads) as address:
            page.open(address)
            page.choose(recording)
            page.write(LABELS)
            page.go_to(tab)
            page.find(button).click()
            until(lambda: model.asked > 2)
            page.driver.get("about:blank")
            until(lambda: not files_in(uploads))
            time.sleep(2)
            asked = model.asked
            time.sleep(2)
            assert model.asked == asked
    finally:
        page.driver.quit()


def test_the_fake_model_hears_the_microphones_file(microphone: Path) -> None:
    """Were it not so, the tests above would say nothing of the page."""
    heard = [each.label for each in Classifier(FakeModel()).timeline(microphone, LABELS)]
    assert heard == ["mid", "high"]
    assert RATE < 48_000


@pytest.mark.slow
def test_a_model_is_downloaded_from_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_tiny_checkpoint(tmp_path / "repos" / MODEL)
    for name, value in (("ANYSOUND_HOME", "home"), ("HF_HOME", "hf")):
        monkeypatch.setenv(name, str(tmp_path / value))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    page = Page(open_browser("en-US"), tmp_path)
    options = ServerOptions(port=0, allow_pull=True)
    try:
        with LocalHub(tmp_path / "repos") as hub:
            monkeypatch.setenv("HF_ENDPOINT", hub.url)
            hub.misbehave("model.safetensors", Fault(status=503, times=1))
            hub.misbehave("model.safetensors", Fault(rate=100_000))
            with served(FakeModel(), tmp_path / "uploads", options) as address:
                page.open(address)
                page.go_to("models")
                page.find(f"[data-pull='{MODEL}']").click()
                page.wait_for_words("#models", "model.safetensors")
                assert page.barriers() == []
                page.wait_for_words("#models", f"{MODEL} is installed")
                page.speak("zh")
                page.wait_for_words("#models", "已安装")
                assert page.errors() == []
        assert [each.id for each in Store().installed()] == [MODEL]
    finally:
        page.driver.quit()
