"""Suggestions on the page, while labels are typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from anysound.classifier import Classifier
from tests.fakes import FakeModel
from tests.server.browsing import CHECK, Page, serving

pytestmark = pytest.mark.browser

FINE = "250 Hz, 500 Hz, 1000 Hz"
HINTS = "#label-hints"
REWRITE = "轴承干摩擦尖啸声(高频持续), 齿轮断齿撞击声(短促咔哒)"


class EnglishModel(FakeModel):
    info = replace(FakeModel.info, languages=("en",))


def fill(page: Page, text: str) -> None:
    """Write what chromedriver can't type: emoji, and lines."""
    page.driver.execute_script(
        "arguments[0].value = arguments[1];"
        "arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
        page.labels(),
        text,
    )


def value(page: Page) -> str:
    return str(page.labels().get_property("value"))


def wait_until_nothing(page: Page) -> None:
    page.wait_for(f"{HINTS}.as-nothing")
    assert page.find(HINTS).text == ""
    assert page.find(HINTS).size["height"] == 0


@contextmanager
def width(page: Page, pixels: int) -> Iterator[None]:
    metrics = {"width": pixels, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        yield
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_nothing_is_shown_where_nothing_is_found(english: Page) -> None:
    english.write("abnormal, 250 Hz, 500 Hz")
    english.wait_for_words(HINTS, "This is a state, not a sound")
    english.write(FINE)
    wait_until_nothing(english)


def test_a_suggestion_is_taken_with_one_click(chinese: Page) -> None:
    before = "🐶🐶 500 Hz，异常声=250 Hz；\n【异常】、"
    line = f"{before}异常；\r\n异 常=1000 Hz *2"
    fill(chinese, line)
    said = chinese.wait_for_words(HINTS, "这是状态，不是声音")
    assert REWRITE in said
    button = next(
        each
        for each in chinese.driver.find_elements(By.CSS_SELECTOR, ".as-use")
        if each.find_element(By.XPATH, "ancestor::li").text.startswith("异常 ")
    )
    assert button.text == "采用"
    button.click()
    expected = f"{before}{REWRITE}；\n异 常=1000 Hz *2"
    assert value(chinese) == expected
    chinese.wait_for_words(HINTS, "模型很难区分")  # the new labels are checked again
    chinese.labels().send_keys(Keys.CONTROL, "z")
    assert value(chinese) == f"{before}异常；\n异 常=1000 Hz *2"
    chinese.wait_for_words(HINTS, "这是状态，不是声音")


def test_it_is_the_new_text_that_is_classified(english: Page) -> None:
    english.write("250 Hz, 500 Hz, UPS")
    english.wait_for_words(HINTS, "UPS is an abbreviation")
    english.find(".as-use").click()
    assert value(english) == "250 Hz, 500 Hz, beeping of a backup power supply"
    english.speak("zh")  # the server is told the labels, and tells them back
    english.wait_for_words("#listen", "开始识别")
    assert value(english) == "250 Hz, 500 Hz, beeping of a backup power supply"


def test_every_place_of_a_label_is_replaced(english: Page) -> None:
    english.write("UPS, 500 Hz, UPS *3, UPSET 250 Hz")
    english.wait_for_words(HINTS, "UPS is an abbreviation")
    english.find(".as-use").click()
    text = "beeping of a backup power supply"
    assert value(english) == f"{text}, 500 Hz, {text} *3.0, UPSET 250 Hz"


def test_both_languages(english: Page) -> None:
    english.write("异常, 250 Hz, 500 Hz")
    english.wait_for_words(HINTS, "This is a state, not a sound")
    assert english.find(".as-use").text == "Use this"
    english.speak("zh")
    said = english.wait_for_words(HINTS, "这是状态，不是声音")
    assert "建议 · 1" in said
    assert "Use" not in said
    assert "state" not in said
    english.speak("en")
    assert "Suggestions · 1" in english.wait_for_words(HINTS, "This is a state")


def test_the_server_is_asked_when_typing_stops(english: Page) -> None:
    english.write(FINE)
    wait_until_nothing(english)
    english.requests()
    for character in ", abnormal machine sounds":
        english.labels().send_keys(character)
    english.wait_for_words(HINTS, "abnormal machine sounds This is a state")
    asked = [url for url in english.requests() if url.endswith(CHECK)]
    assert 1 <= len(asked) <= 3


def test_more_than_four_are_one_click_away(english: Page) -> None:
    english.write("UPS, ATV, IED, abnormal, normal, faulty")
    english.wait_for_words(HINTS, "Suggestions · 6")
    rows = english.driver.find_elements(By.CSS_SELECTOR, ".as-finding")
    assert len(rows) == 4
    more = english.find(".as-hints-foot button")
    assert more.text == "2 more"
    more.send_keys(Keys.ENTER)
    assert len(english.driver.find_elements(By.CSS_SELECTOR, ".as-finding")) == 6
    focused = english.driver.switch_to.active_element
    assert focused.text == "Show fewer"
    focused.send_keys(Keys.ENTER)
    assert len(english.driver.find_elements(By.CSS_SELECTOR, ".as-finding")) == 4


def test_keyboard_and_screen_reader(english: Page) -> None:
    english.write("UPS, 250 Hz, 500 Hz")
    english.wait_for_words(HINTS, "UPS is an abbreviation")
    assert english.find(".as-hints-title").get_attribute("role") == "status"
    english.labels().send_keys(Keys.TAB)
    focused = english.driver.switch_to.active_element
    assert focused.accessible_name == "Use this: beeping of a backup power supply"
    focused.send_keys(Keys.ENTER)
    assert value(english) == "beeping of a backup power supply, 250 Hz, 500 Hz"
    assert english.driver.switch_to.active_element == english.labels()


def test_labels_that_cannot_be_read_are_said_to_be(english: Page) -> None:
    english.write("abnormal, 250 Hz, 500 Hz")
    english.wait_for_words(HINTS, "This is a state")
    english.write('250 Hz, "500 Hz')
    said = english.wait_for_words(HINTS, "lacks its partner")
    assert said.startswith('"500 Hz – " lacks its partner')
    assert "\n" not in said
    english.labels().send_keys('", 1000 Hz')
    wait_until_nothing(english)
    english.labels().send_keys(Keys.CONTROL, "a")
    english.labels().send_keys(Keys.BACKSPACE)
    wait_until_nothing(english)


def test_labels_are_only_text(english: Page) -> None:
    hostile = "<img src=x onerror=document.title=1>"
    english.write(f'"{hostile}", "UPS {hostile}", 250 Hz')
    assert hostile in english.wait_for_words(HINTS, "UPS is an abbreviation")
    english.write("250 Hz, !<img src=x>")
    assert "<img src" in english.wait_for_words(HINTS, "phrase to avoid")
    assert english.driver.find_elements(By.CSS_SELECTOR, f"{HINTS} img") == []
    assert english.driver.title.startswith("anysound")


def test_fits_a_phone(chinese: Page) -> None:
    with width(chinese, 360):
        chinese.write("异常" + "长" * 80 + ", UPS, 异常, 正常, " + "w" * 90)
        chinese.wait_for_words(HINTS, "这是状态，不是声音")
        wide = chinese.driver.execute_script("return document.documentElement.scrollWidth")
        assert wide == 360
        for part in chinese.driver.find_elements(By.CSS_SELECTOR, f"{HINTS} *"):
            assert part.rect["x"] + part.rect["width"] <= 360
        assert chinese.find(".as-use").rect["height"] >= 24


def test_the_english_of_chinese_labels_for_a_model_without_chinese(chinese: Page) -> None:
    with serving(Classifier(EnglishModel())) as address:
        chinese.open(address)
        said = chinese.wait_for_words(f"{HINTS} .as-heard", "所用模型只懂英文")
        assert "狗叫声\ndog barking" in said
        chinese.write("狗叫声, 高音=4000 Hz, 250 Hz")
        chinese.wait_for_words(f"{HINTS} .as-heard", "狗叫声\ndog barking\n想换个说法")
        chinese.write("高音=4000 Hz, 250 Hz, 500 Hz")
        wait_until_nothing(chinese)
