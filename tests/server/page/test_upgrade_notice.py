"""What the page says while the bundled model answers and a full one is fetched."""

from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from anysound.classifier import Classifier
from anysound.language import Text, use
from anysound.server import ServerOptions
from anysound.server.page.upgrade_routes import said
from anysound.server.upgrade import Progress, Upgrade
from tests.fakes import FakeModel
from tests.server.browsing import Page, open_browser, serving

ID = "laion/clap-htsat-fused"
STEP = Text(en="downloading model.safetensors", zh="正在下载 model.safetensors")
FULL_DISK = Text(en="The disk is full.", zh="磁盘已满。")
FETCHING = Progress(ID, step=STEP, done=123_000_000, total=615_000_000)
WAITING = Progress(ID, "waiting", problem=FULL_DISK, tries=1, pause=30.0)
DONE = Progress(ID, "done")


class ByHand(Upgrade):
    """Goes as far as a test says."""

    def begin(self, switch: Any) -> Thread:
        return Thread()


def test_what_is_said() -> None:
    with use("en"):
        assert "bundled model answers for now" in said(FETCHING)["title"]
        assert said(FETCHING)["text"] == "downloading model.safetensors · 123 / 615 MB"
        assert ID in said(WAITING)["title"]
        assert said(WAITING)["text"] == "The disk is full. The next try comes within 30 s."
        assert said(DONE)["title"].startswith(f"{ID} answers from now on")
    with use("zh"):
        assert said(FETCHING)["text"] == "正在下载 model.safetensors · 123 / 615 MB"
        assert "自带的小模型" in said(WAITING)["title"]
        long = Progress(ID, "waiting", problem=FULL_DISK, tries=9, pause=900.0)
        assert said(long)["text"] == "磁盘已满。将在 15 分钟内自动重试。"


@pytest.mark.browser
@pytest.mark.slow
def test_the_page_says_which_model_answers(tmp_path: Path) -> None:
    options = ServerOptions(port=0)
    upgrade = ByHand(ID, options)
    upgrade.progress = FETCHING
    with serving(Classifier(FakeModel()), options, upgrade) as address:
        page = Page(open_browser("en-US"), tmp_path)
        try:
            page.open(address)
            page.wait_for_words("#upgrade", "123 / 615 MB")
            assert page.find("#upgrade progress").get_attribute("value") == "123000000"
            assert page.barriers() == []
            page.speak("zh")
            page.wait_for_words("#upgrade", "正在下载")
            upgrade.progress = WAITING
            page.wait_for_words("#upgrade", "磁盘已满")
            page.speak("en")
            page.wait_for_words("#upgrade", "The disk is full")
            upgrade.progress = DONE
            page.wait_for_words("#upgrade", "answers from now on")
            page.open(address)  # who comes later needs no news of what was before
            page.wait_for("#upgrade[hidden]")
            assert page.find("#upgrade").text == ""
            assert page.errors() == []
        finally:
            page.driver.quit()
