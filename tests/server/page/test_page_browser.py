"""The page in a real browser: both languages, wide and narrow, and no request to elsewhere."""

import time
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from tests.patience import PATIENCE
from tests.server.browsing import Page
from tests.server.making import wav_tone

pytestmark = pytest.mark.browser

LABELS = "2000 Hz, 哨声=4000 Hz|1000 Hz, 1000 Hz"
HOSTILE = '"<img src=x onerror=document.title=1>", 1000 Hz'


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "kitchen 厨房.wav"
    path.write_bytes(wav_tone(1000, 2.0))
    return path


def has_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def test_english(english: Page, recording: Path) -> None:
    assert english.labels().get_property("value") == "dog barking, cat meowing, bird chirping"
    assert english.lang() == "en"
    assert "up to 50 MB" in english.find("#recording").text
    english.choose(recording)
    english.write(LABELS)
    english.listen()
    result = english.wait_for_words("#result", "Match")
    rows = english.driver.find_elements(By.CSS_SELECTOR, ".as-ranking li")
    assert [row.find_element(By.CSS_SELECTOR, ".as-name").text for row in rows] == [
        *("1000 Hz", "哨声", "2000 Hz"),
    ]
    percents = [
        float(row.find_element(By.CSS_SELECTOR, ".as-percent").text.split()[-1][:-1])
        for row in rows
    ]
    assert sum(percents) == pytest.approx(100, abs=0.3)
    assert percents[0] > 90
    bars = [row.find_element(By.CSS_SELECTOR, ".as-bar i").size["width"] for row in rows]
    assert bars[0] > 100 > bars[1]
    for shown in (
        "similarity 1.00",
        "heard as 4000 Hz | 1000 Hz",
        "kitchen 厨房.wav (2.00 s)",
        "fake",
    ):
        assert shown in result


def test_chinese(chinese: Page, recording: Path) -> None:
    assert chinese.labels().get_property("value") == "狗叫声, 猫叫声, 鸟叫声"
    assert chinese.lang() == "zh-CN"
    assert "最大 50 MB" in chinese.find("#recording").text
    chinese.choose(recording)
    chinese.write("狗叫声=1000 Hz, 鸟叫声=4000 Hz")
    chinese.listen()
    result = chinese.wait_for_words("#result", "匹配")
    assert chinese.find(".as-ranking .as-name").text == "狗叫声"
    for shown in ("相似度 1.00", "按此识别 4000 Hz", "概率", "模型"):
        assert shown in result


def without_names(page: Page) -> str:
    return page.find("body").text.replace("中文", "").replace("kitchen 厨房.wav", "")


def test_switch_changes_every_word_at_once(english: Page, recording: Path) -> None:
    english.choose(recording)
    english.write("1000 Hz, 2000 Hz")
    english.listen()
    english.wait_for_words("#result", "Match")
    figures = english.find(".as-percent").text.split()[-1]
    english.speak("zh")
    english.wait_for_words("#result", "匹配")
    seen = english.find("body").text.replace("English", "").replace("kitchen 厨房.wav", "")
    for word in ("Record", "Choose", "Remove", "Listen", "Result", "Sounds", "similar", "Model"):
        assert word not in seen
    assert english.labels().get_property("value") == "1000 Hz, 2000 Hz"
    assert english.lang() == "zh-CN"
    assert english.find(".as-percent").text.split()[-1] == figures
    assert english.labels().get_attribute("aria-label") or has_chinese(
        english.find("#labels label").get_property("textContent")
    )
    english.speak("en")
    english.wait_for_words("#result", "Match")
    WebDriverWait(english.driver, PATIENCE).until(lambda _: not has_chinese(without_names(english)))


def test_switch_translates_prefilled_labels(chinese: Page) -> None:
    chinese.speak("en")
    chinese.wait_for_words("#result", "Nothing listened to yet")
    assert chinese.labels().get_property("value") == "dog barking, cat meowing, bird chirping"
    assert "anysound" in chinese.driver.title
    assert not has_chinese(chinese.driver.title)


def test_labels_and_file_names_are_shown_as_text(english: Page, tmp_path: Path) -> None:
    path = tmp_path / "<img src=x onerror=document.title=2>${document.title=3}.wav"
    path.write_bytes(wav_tone(1000))
    english.choose(path)
    english.write(HOSTILE)
    english.listen()
    result = english.wait_for_words("#result", "1000 Hz")
    assert "<img src=x onerror=document.title=1>" in result
    assert path.name in result
    assert path.name in english.find("#recording").text
    assert english.driver.find_elements(By.CSS_SELECTOR, "#work img[src=x]") == []
    assert english.driver.title.startswith("anysound")


def test_text_named_wav_is_an_error_in_words(english: Page, tmp_path: Path) -> None:
    path = tmp_path / "notes.wav"
    path.write_text("this is no sound")
    english.choose(path)
    english.listen()
    said = english.wait_for_words("#result", "That didn't work")
    assert "notes.wav: this is not a sound or video file" in said
    assert "Traceback" not in english.find("body").text
    assert english.driver.find_elements(By.CSS_SELECTOR, ".toast-body") == []
    english.speak("zh")
    assert "notes.wav：这不是" in english.wait_for_words("#result", "没能完成识别")


def test_bad_labels_are_pointed_at(chinese: Page, recording: Path) -> None:
    chinese.choose(recording)
    chinese.write("狗叫, =x")
    chinese.listen()
    chinese.wait_for_words("#result", "没有名称")
    assert "狗叫, =x" in chinese.find("#result pre").text


def test_no_recording_yet(english: Page) -> None:
    english.listen()
    english.wait_for_words("#result", "There is no recording yet")


def test_too_large_a_file_is_refused_in_words(english: Page, tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with path.open("wb") as file:
        file.truncate(50 * 1024 * 1024 + 1)
    english.choose(path)
    english.wait_for_words(".as-note", "too large")
    assert not english.find(".as-chosen").is_displayed()


def test_other_labels_for_the_same_recording(english: Page, recording: Path) -> None:
    english.choose(recording)
    for labels, best in (("1000 Hz, dog", "1000 Hz"), ("250 Hz, mid=1000 Hz", "mid")):
        english.write(labels)
        english.listen()
        english.wait_for_words(".as-panel h3", best)


def test_microphone(english: Page) -> None:
    english.write("1000 Hz, 250 Hz")
    record = english.find(".as-record")
    record.click()
    english.wait_for_words(".as-record", "Stop")
    time.sleep(1.5)
    record.click()
    english.wait_for_words(".as-title", "recording.webm")
    english.listen()
    english.wait_for_words("#result", "recording.webm (")


def test_keyboard_alone(english: Page, recording: Path) -> None:
    english.choose(recording)
    english.write("1000 Hz, 250 Hz")
    focused = english.labels()
    for _ in range(8):  # past the buttons of the label sets
        focused.send_keys(Keys.TAB)
        focused = english.driver.switch_to.active_element
        assert focused.value_of_css_property("outline-style") == "solid"
        if focused.get_attribute("id") == "listen":
            break
    focused.send_keys(Keys.ENTER)
    english.wait_for_words("#result", "Match")


def test_fits_a_phone(chinese: Page, recording: Path) -> None:
    metrics = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    chinese.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        chinese.choose(recording)
        chinese.write("1000 Hz, " + "很长的标签" * 12)
        chinese.listen()
        chinese.wait_for_words("#result", "匹配")
        width = chinese.driver.execute_script("return document.documentElement.scrollWidth")
        assert width == 390
        assert all(
            chinese.find(part).rect["width"] <= 390 for part in ("#recording", "#labels", "#result")
        )
    finally:
        chinese.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
