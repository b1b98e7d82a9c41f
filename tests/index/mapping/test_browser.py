"""A map in a real browser: from the disk, by mouse and by keys, and without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from anysound.classifier import Classifier
from anysound.index import Index
from tests.batch.making import write_tone
from tests.fakes import FakeModel
from tests.index.making import add
from tests.patience import PATIENCE
from tests.server.browsing import Page, open_browser

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=document.title=1> 100% #1.wav"
LABELS = '"<b>low</b>"=250 Hz, middle=1000 Hz, 高音=4000 Hz'
SEEN = """
const canvas = document.querySelector("canvas");
const {width, height} = canvas;
return canvas.getContext("2d").getImageData(0, 0, width, height).data.filter(v => v).length;
"""
# The last point's file name (it lies on top), and where it is, from the middle of the map.
PLACE = """
const data = JSON.parse(document.querySelector("#data").textContent);
const {clientWidth: width, clientHeight: height} = document.querySelector("#map");
const extent = values => Math.max(...values) - Math.min(...values);
const scale = 0.92 * Math.min(
  width / extent(data.points.map(p => p[0])), height / extent(data.points.map(p => p[1])));
const [x, y, , sound] = data.points.at(-1);
return [data.sounds[sound].path.split("/").pop(), Math.round(x * scale), Math.round(y * scale)];
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("map")
    for number, frequency in enumerate((250, 1000, 4000) * 3):
        write_tone(folder / "rec" / f"{number} 声.wav", frequency, seconds=1 + 0.3 * number)
    index = Index(folder / "index")
    add(index, folder / "rec")
    index.map(folder / "map.html", Classifier(FakeModel()), LABELS)
    write_tone(folder / "one" / HOSTILE, 250, seconds=5)
    alone = Index(folder / "alone")
    add(alone, folder / "one")
    alone.map(folder / "alone.html", windows=True)
    return folder


@pytest.fixture(scope="module")
def browser(folder: Path) -> Iterator[Page]:
    page = Page(open_browser("en-US"), folder)
    page.driver.set_window_size(1400, 900)
    yield page
    page.driver.quit()


@pytest.fixture
def page(browser: Page) -> Iterator[Page]:
    browser.requests()
    yield browser
    assert [url for url in browser.requests() if not url.startswith(("file:", "data:"))] == []
    assert browser.errors() == []


def open_map(page: Page, path: Path) -> None:
    page.driver.get(path.as_uri())
    WebDriverWait(page.driver, PATIENCE).until(lambda driver: driver.execute_script(SEEN))


def press(page: Page, *keys: str) -> None:
    page.find("#map").send_keys(*keys)


def test_points_by_keys(page: Page, folder: Path) -> None:
    open_map(page, folder / "map.html")
    assert page.driver.title == "Map of index"
    assert "9 sounds" in page.find("#about").text
    assert not page.find("#tip").is_displayed()
    press(page, Keys.ARROW_RIGHT)
    tip = page.wait_for_words("#tip", ".wav")
    assert "100 %" in tip or "%" in tip
    assert page.find("#recording").text in tip
    first = page.find("#recording").text
    seen = {first}
    for key in (Keys.ARROW_LEFT, Keys.ARROW_UP, Keys.ARROW_RIGHT, Keys.ARROW_DOWN) * 3:
        press(page, key)
        seen.add(page.find("#recording").text)
    assert len(seen) > 3
    press(page, Keys.ESCAPE)
    WebDriverWait(page.driver, PATIENCE).until(lambda _: not page.find("#tip").is_displayed())


def test_points_by_mouse(page: Page, folder: Path) -> None:
    open_map(page, folder / "map.html")
    name, across, down = page.driver.execute_script(PLACE)
    canvas = page.find("#map")
    ActionChains(page.driver).move_to_element_with_offset(canvas, across, down).perform()
    assert page.wait_for_words("#tip", name)
    assert not page.find("#chosen").is_displayed()
    ActionChains(page.driver).click().perform()
    assert page.wait_for_words("#recording", name)
    ActionChains(page.driver).move_to_element(page.find("#title")).click().perform()
    press(page, Keys.ESCAPE)
    WebDriverWait(page.driver, PATIENCE).until(lambda _: not page.find("#tip").is_displayed())


def test_the_legend_filters_and_labels_are_text(page: Page, folder: Path) -> None:
    open_map(page, folder / "map.html")
    buttons = page.driver.find_elements(By.CSS_SELECTOR, "#categories button")
    assert [button.text.splitlines() for button in buttons] == [
        ["<b>low</b>", "3"],
        ["middle", "3"],
        ["高音", "3"],
        ["too close to call", "0"],
        ["none fits", "0"],
    ]
    page.find("#nothing").click()
    WebDriverWait(page.driver, PATIENCE).until(lambda driver: driver.execute_script(SEEN) == 0)
    buttons = page.driver.find_elements(By.CSS_SELECTOR, "#categories button")
    assert {button.get_attribute("aria-pressed") for button in buttons} == {"false"}
    buttons[0].click()
    few = WebDriverWait(page.driver, PATIENCE).until(lambda driver: driver.execute_script(SEEN))
    page.find("#all").click()
    WebDriverWait(page.driver, PATIENCE).until(lambda driver: driver.execute_script(SEEN) > few)


def test_a_hostile_name_is_text_and_its_window_plays(page: Page, folder: Path) -> None:
    open_map(page, folder / "alone.html")
    press(page, Keys.ARROW_RIGHT)
    assert HOSTILE in page.wait_for_words("#tip", "img")
    assert page.find("#recording").text == HOSTILE
    assert page.driver.find_elements(By.CSS_SELECTOR, "img") == []
    assert page.driver.title == "Map of alone"
    press(page, Keys.ENTER)
    start = float(page.find("#facts dd").text.partition("-")[0])
    WebDriverWait(page.driver, PATIENCE).until(
        lambda driver: driver.execute_script(
            "const audio = document.querySelector('audio');"
            "return audio.duration > 4.9 && audio.currentTime > arguments[0]",
            start,
        )
    )
    assert not page.find("#unplayable").is_displayed()
    (folder / "one" / HOSTILE).rename(folder / "gone.wav")
    try:
        open_map(page, folder / "alone.html")
        press(page, Keys.ARROW_RIGHT, Keys.ENTER)
        assert page.wait_for_words("#unplayable", "isn't where it was")
    finally:
        (folder / "gone.wav").rename(folder / "one" / HOSTILE)
        page.errors()  # that it isn't there is meant


def test_narrow_and_in_the_other_language(page: Page, folder: Path) -> None:
    metrics = {"width": 390, "height": 800, "deviceScaleFactor": 2, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        open_map(page, folder / "map.html")
        press(page, Keys.ARROW_RIGHT)
        page.wait_for_words("#tip", ".wav")
        page.find("#language").click()
        page.wait_for_words("#title", "声音地图")
        shown = page.find("body").text.replace("English", "")
        for word in ("Map", "Labels", "Duration", "Folder", "None", "points", "fits"):
            assert word not in shown
        assert page.lang() == "zh-CN"
        width = page.driver.execute_script("return document.documentElement.scrollWidth")
        assert width <= 390
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
