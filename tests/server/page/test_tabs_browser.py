"""Every tab in a real browser: both languages, wide and narrow, for everybody."""

import re

import pytest
from selenium.webdriver.common.keys import Keys

from anysound.server.page.page import TABS
from tests.server.browsing import Page, narrow

pytestmark = pytest.mark.browser

NAMES = {
    "classify": ("Classify", "识别"),
    "timeline": ("Long recording", "长录音"),
    "batch": ("Many files", "批量"),
    "listen": ("Live", "实时"),
    "search": ("Search", "搜索"),
    "teach": ("Teach", "示例教学"),
    "models": ("Models", "模型"),
}
ENGLISH_IN_CHINESE = re.compile(
    r"anysound|bundled|fake|English|laion/[\w-]+|cpu|fp32|[\w.-]*Apache-2.0|CC-BY-SA-4.0|MB|Hz|"
    r"JSON|CSV|Excel|wav|mp3|flac|m4a|aac|ogg|opus|amr|3gp|webm|mp4|models pull|https?|s\b"
)


@pytest.fixture(params=TABS)
def tab(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def check_fits(page: Page, width: int) -> None:
    assert page.driver.execute_script("return document.documentElement.scrollWidth") == width
    for part in page.all("#work button, #work input, #work textarea, #work h2, #work p"):
        if part.is_displayed():
            assert part.rect["x"] + part.rect["width"] <= width, part.get_attribute("outerHTML")


def test_tabs_for_everybody(english: Page, tab: str) -> None:
    english.go_to(tab)
    assert english.find(f"#tab-{tab}").text == NAMES[tab][0]
    assert not any("\u4e00" <= each <= "\u9fff" for each in english.find("#work").text)
    assert english.barriers() == []
    with narrow(english):
        check_fits(english, 375)


def test_tabs_in_chinese(chinese: Page, tab: str) -> None:
    chinese.go_to(tab)
    assert chinese.find(f"#tab-{tab}").text == NAMES[tab][1]
    rest = ENGLISH_IN_CHINESE.sub("", chinese.find("#work").text)
    assert re.findall(r"[A-Za-z]{2,}", rest) == []
    with narrow(chinese):
        check_fits(chinese, 375)
        assert chinese.barriers() == []


def test_tabs_in_the_dark(english: Page, address: str, tab: str) -> None:
    english.open(f"{address}?__theme=dark")
    english.go_to(tab)
    assert english.barriers() == []


def test_tabs_by_the_keyboard(english: Page) -> None:
    english.find("#tab-classify").send_keys(Keys.ARROW_RIGHT)
    focused = english.driver.switch_to.active_element
    assert focused.get_attribute("id") == "tab-timeline"
    assert focused.get_attribute("aria-selected") == "true"
    assert english.find("#timeline").is_displayed()
    assert not english.find("#result").is_displayed()
    focused.send_keys(Keys.END)
    assert english.find("#models").is_displayed()
    assert english.find("#work").get_attribute("aria-labelledby") == "tab-models"


def test_labels_and_recording_are_the_same_on_all_tabs(english: Page) -> None:
    english.write("1000 Hz, 250 Hz")
    english.go_to("timeline")
    assert english.labels().is_displayed()
    assert english.labels().get_property("value") == "1000 Hz, 250 Hz"
    assert english.find("#recording").is_displayed()
    english.go_to("teach")
    assert not english.labels().is_displayed()
