"""What is done on the tabs, in a real browser."""

import base64
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from openpyxl import load_workbook
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from anysound.evaluation.table import read_table
from tests.fakes import RATE, tone, wav_file
from tests.patience import PATIENCE
from tests.server.browsing import Page, narrow
from tests.server.hearing import LABEL
from tests.server.making import wav_tone

pytestmark = pytest.mark.browser

LABELS = "mid=1000 Hz, high=4000 Hz, low=250 Hz"
HOSTILE = "<img src=x onerror=document.title=1>"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A high tone in the middle of silence."""
    path = tmp_path / "night.wav"
    quiet = np.zeros(6 * RATE, np.float32)
    path.write_bytes(wav_file(np.concatenate([quiet, tone(4000, 4.0), quiet])))
    return path


def run(page: Page, script: str, *given: Any) -> Any:
    return page.driver.execute_script(script, *given)


def until(page: Page, script: str) -> None:
    WebDriverWait(page.driver, PATIENCE).until(lambda driver: driver.execute_script(script))


def linked(page: Page, selector: str) -> tuple[str, bytes]:
    """Return a file that a link holds, and its name."""
    link = page.find(selector)
    address = str(link.get_attribute("href"))
    return str(link.get_attribute("download")), base64.b64decode(address.partition("base64,")[2])


def saved(page: Page, selector: str, folder: Path, name: str) -> Path:
    """Press a button that saves a file, and return it."""
    page.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)}
    )
    page.find(selector).click()
    path = folder / name
    WebDriverWait(page.driver, PATIENCE).until(lambda _: path.is_file())
    return path


def test_an_example_is_tried_at_once(chinese: Page) -> None:
    chinese.find(".as-examples button").click()
    chinese.wait_for_words(".as-title", "烟雾报警器.wav")
    assert chinese.labels().get_property("value") == "烟雾报警器, 门铃声, 警笛声, 狗叫声"
    chinese.listen()
    chinese.wait_for("#result .as-spectrogram img")
    chinese.write("1000 Hz")
    chinese.find(".as-examples button:last-child").click()
    chinese.wait_for_words(".as-title", "三种连播 30 秒.wav")
    assert chinese.labels().get_property("value") == "1000 Hz"  # the user's own stay


def test_the_telling_part_is_framed_and_played(english: Page, recording: Path) -> None:
    english.choose(recording)
    english.write(LABELS)
    english.listen()
    english.wait_for("#result .as-spectrogram mark")
    start = float(str(english.find("#result .as-play").get_attribute("data-from")))
    assert 5 <= start <= 9
    english.find("#result .as-play").click()
    until(english, f"return document.querySelector('.as-player').currentTime > {start}")
    until(english, "return !document.querySelector('#result .as-cursor').hidden")
    until(english, "return document.querySelector('.as-player').paused")
    assert english.barriers() == []


def test_an_answer_is_copied(english: Page, recording: Path) -> None:
    english.choose(recording)
    english.write(LABELS)
    english.listen()
    english.wait_for("#result .as-copies")
    run(
        english,
        "window.copied = []; navigator.clipboard.writeText ="
        " async (text) => void window.copied.push(text)",
    )
    for button in english.all("#result .as-copies button"):
        button.click()
    english.wait_for_words(".as-done", "Copied")
    answer, table = run(english, "return [JSON.parse(window.copied[0]), window.copied[1]]")
    assert answer["label"] == "high"
    assert table.splitlines()[1].startswith("high,")


def test_a_long_recording(english: Page, recording: Path, tmp_path: Path) -> None:
    english.choose(recording)
    english.write(LABELS)
    english.go_to("timeline")
    english.find("#follow").click()
    said = english.wait_for_words("#timeline", "1 event")
    assert "0:16.0" in said
    (row,) = english.all("#timeline tbody tr")
    assert "high" in row.text
    start = float(str(row.find_element(By.TAG_NAME, "button").get_attribute("data-from")))
    assert start == pytest.approx(6, abs=1)
    assert len(english.all("#timeline polyline")) == 3
    name, table = linked(english, "#timeline .as-copies a")
    assert name == "night-events.csv"
    assert table.decode("utf-8-sig").splitlines()[0] == "recording,start,end,label,score"
    name, track = linked(english, "#timeline .as-copies a:last-child")
    assert name == "night-labels.txt"
    assert track.decode().split("\t")[2] == "high\n"
    assert english.barriers() == []
    english.find("#timeline .as-lane button").click()
    until(english, f"return document.querySelector('.as-player').currentTime > {start}")
    english.speak("zh")
    assert "共 1 个事件" in english.wait_for_words("#timeline", "得分")
    with narrow(english):
        assert run(english, "return document.documentElement.scrollWidth") == 375


def test_what_a_long_recording_lacks_is_said(chinese: Page, tmp_path: Path) -> None:
    chinese.go_to("timeline")
    chinese.find("#follow").click()
    chinese.wait_for_words("#timeline", "还没有录音")
    path = tmp_path / "notes.wav"
    path.write_text("no sound")
    chinese.choose(path)
    chinese.find("#follow").click()
    assert "notes.wav：" in chinese.wait_for_words("#timeline", "没能完成识别")
    path.write_bytes(wav_tone(1000, 2.0))
    chinese.choose(path)
    chinese.write("4000 Hz, 250 Hz")
    chinese.find("#follow").click()
    chinese.wait_for_words("#timeline", "没有听到这些声音")


@pytest.fixture
def folder(tmp_path: Path) -> list[Path]:
    for frequency in (250, 1000, 4000):
        (tmp_path / f"{frequency}.wav").write_bytes(wav_tone(frequency, 2.0))
    (tmp_path / HOSTILE).write_bytes(wav_tone(1000, 2.0))
    (tmp_path / "notes.txt").write_text("no sound")
    return sorted(tmp_path.iterdir())


def test_many_files(english: Page, folder: list[Path], tmp_path: Path) -> None:
    english.write(LABELS)
    english.go_to("batch")
    assert not english.find("#batch-start").is_enabled()
    english.find(".as-files-picker").send_keys("\n".join(map(str, folder)))
    english.wait_for_words("#batch-files", "5 files")
    english.find("#batch-start").click()
    english.wait_for_words("#batch", "5 of 5 · 1 failed")
    rows = {
        row.text.splitlines()[0].split(" ")[0]: row.text for row in english.all("#batch tbody tr")
    }
    assert "low" in rows["250.wav"]
    assert "high" in rows["4000.wav"]
    assert "Match" in rows["1000.wav"]
    assert "not a sound" in rows["notes.txt"]
    assert HOSTILE in english.find("#batch").text
    assert english.barriers() == []
    workbook = load_workbook(saved(english, "#batch .as-copies button", tmp_path, "anysound.xlsx"))
    cells = [[cell.value for cell in row[:2]] for row in workbook.active.iter_rows(min_row=2)]
    assert ["4000.wav", "high"] in cells
    table = saved(english, "#batch .as-copies button:nth-child(2)", tmp_path, "anysound.csv")
    assert len(table.read_text("utf-8-sig").splitlines()) == 6
    english.driver.get_log("browser")  # one file was refused, as it should be


def test_what_is_in_doubt_is_played_and_labelled(english: Page, tmp_path: Path) -> None:
    for name, frequency in (("2000.wav", 2000), ("2100.wav", 2100), ("250.wav", 250)):
        (tmp_path / name).write_bytes(wav_tone(frequency, 2.0))
    (tmp_path / "2200.wav").write_bytes(wav_tone(2200, 2.0))
    files = sorted(tmp_path.iterdir())
    english.write(LABELS)
    english.go_to("batch")
    english.find(".as-files-picker").send_keys("\n".join(map(str, files)))
    english.find("#batch-start").click()
    english.wait_for_words("#batch .as-check", "Check 3 doubtful answers")
    english.find("#batch .as-check").click()
    assert english.find("#review .as-title").text == "1 / 3 · 2000.wav"
    assert "No good match: " in english.find("#review").text
    until(english, "return document.querySelector('#review audio').currentTime > 0")
    assert english.barriers() == []
    high = english.find("#review [data-label=high]")
    high.click()
    assert english.find("#review .as-title").text == "2 / 3 · 2100.wav"
    high.send_keys("s")
    assert english.find("#review .as-title").text == "3 / 3 · 2200.wav"
    high.send_keys("u")
    high.send_keys("0")
    high.send_keys("1")
    assert english.find("#review .as-title").text == "That was the last one"
    assert "You labelled 3 of 3" in english.find("#review").text
    assert "you: none of these" in english.find("#batch tbody").text
    path = saved(
        english,
        "#review .as-row:last-of-type button:nth-child(3)",
        tmp_path,
        "anysound.reviewed.csv",
    )
    said = {row.recording: row.label or "none" for row in read_table(path).rows}
    assert said == {"2000.wav": "high", "2100.wav": "none", "2200.wav": "high"}
    english.find("#review .as-row:last-of-type button:nth-child(4)").click()
    assert not english.find("#review").is_displayed()


def test_other_labels_ask_about_all_files_again(chinese: Page, folder: list[Path]) -> None:
    chinese.write("高=4000 Hz, 低=250 Hz")
    chinese.go_to("batch")
    chinese.find(".as-files-picker").send_keys(f"{folder[0]}\n{folder[2]}")
    chinese.find("#batch-start").click()
    chinese.wait_for_words("#batch", "2 / 2")
    assert "低" in chinese.find("#batch tbody").text
    chinese.write("尖=4000 Hz, 沉=250 Hz")
    chinese.find("#batch-start").click()
    chinese.wait_for_words("#batch tbody", "沉")
    chinese.wait_for_words("#batch tbody", "尖")


def test_live(english: Page) -> None:
    english.go_to("listen")
    english.find("#live-start").click()
    english.wait_for_words("#microphone", "Listening")
    english.wait_for_words("#live tbody", "1.0 s")
    assert f"{LABEL}\n0.75" in english.find("#live").text  # as text, never as HTML
    until(english, "return document.querySelector('.as-meter i').style.width !== '0%'")
    assert english.barriers() == []
    english.find("#live-start").click()
    english.wait_for_words("#microphone", "Stopped after")
    assert english.find("#live-start").text == "Start listening"


def test_leaving_the_tab_leaves_the_microphone(chinese: Page) -> None:
    chinese.go_to("listen")
    chinese.find("#live-start").click()
    chinese.wait_for_words("#live .as-now", "other")
    chinese.go_to("classify")
    chinese.go_to("listen")
    chinese.wait_for_words("#microphone", "已停止")


def test_what_the_live_route_refuses_is_said(chinese: Page) -> None:
    chinese.write("=x")
    chinese.go_to("listen")
    chinese.find("#live-start").click()
    chinese.wait_for_words("#microphone .as-note", "wrong labels, in zh")
    assert chinese.find("#live-start").text == "开始监听"


def test_search(english: Page, tmp_path: Path) -> None:
    english.go_to("search")
    assert "2 recordings, 0:06" in english.find("#found").text
    english.find("#by-words").click()
    english.wait_for_words("#found", "Write what to look for first")
    english.find("#query textarea").send_keys("1000 Hz")
    english.find("#by-words").click()
    english.wait_for_words("#found", "Most like “1000 Hz”")
    assert "1000.wav" in english.find("#found tbody tr").text
    assert "file not there" in english.find("#found").text
    english.find("#found .as-at").click()
    until(english, "return document.querySelector('.as-clip').currentTime > 0")
    assert english.barriers() == []
    path = tmp_path / "like.wav"
    path.write_bytes(wav_tone(4000, 2.0))
    english.choose(path)
    english.find("#by-sound").click()
    english.wait_for_words("#found", "Most like “like.wav”")
    assert "4000.wav" in english.find("#found tbody tr").text


def teach(page: Page, folder: Path, lessons: dict[str, int], times: int) -> None:
    page.go_to("teach")
    cards = page.all(".as-lesson")
    for card, (name, frequency) in zip(cards, lessons.items(), strict=False):
        if name:
            card.find_element(By.CSS_SELECTOR, ".as-lesson-name").send_keys(name)
        paths = []
        for number in range(times):
            path = folder / f"{frequency} {number}.wav"
            path.write_bytes(wav_tone(frequency + 5 * number, 2.0))
            paths.append(str(path))
        card.find_element(By.CSS_SELECTOR, ".as-lesson-picker").send_keys("\n".join(paths))
    page.find("#teach").click()


def test_teaching(english: Page, tmp_path: Path) -> None:
    teach(english, tmp_path, {"squeal=250 Hz": 4000, "hum": 250, "": 1000}, 3)
    said = english.wait_for_words("#taught", "Label")
    assert "6 recordings of 2 labels, 3 of other sounds" in said
    assert "squeal" in english.find("#taught tbody").text
    assert english.barriers() == []
    name, content = linked(english, "#taught .as-copies a")
    assert name == "labels.yaml"
    english.find("#taught [data-labels]").click()
    english.go_to("classify")
    assert english.labels().get_property("value") == content.decode()
    path = tmp_path / "again.wav"
    path.write_bytes(wav_tone(4000, 2.0))
    english.choose(path)
    english.listen()
    english.wait_for_words("#result header", "squeal")  # though its words say 250 Hz


def test_what_teaching_lacks_is_said(chinese: Page, tmp_path: Path) -> None:
    chinese.go_to("teach")
    chinese.find("#teach").click()
    chinese.wait_for_words("#taught", "请写下每个标签的名称并添加录音")
    teach(chinese, tmp_path, {"哨声, 嗡嗡声": 4000, "低": 250}, 2)
    chinese.wait_for_words("#taught", "不是单个标签")


def test_models(chinese: Page) -> None:
    chinese.go_to("models")
    said = chinese.find("#models").text
    assert "fake\n当前使用" in said
    assert "anysound models pull laion/clap-htsat-fused" in said
    assert chinese.all("[data-pull]") == []  # it was not allowed


def test_label_sets_are_kept_in_the_browser(english: Page, address: str) -> None:
    english.write(LABELS)
    for button in english.all(".as-sets .as-row:last-of-type button"):
        if button.text == "Save":
            button.click()
            break
    english.find(".as-sets form input").send_keys("tones")
    english.find(".as-sets form button").click()
    english.wait_for_words(".as-sets", "Saved in this browser as “tones”")
    english.open(address)
    assert english.labels().get_property("value") != LABELS
    Select(english.find(".as-select")).select_by_visible_text("tones")
    assert english.labels().get_property("value") == LABELS
    assert english.barriers() == []
    english.find(".as-sets .as-row button").click()
    english.wait_for_words(".as-sets", "“tones” is deleted")


def test_label_sets_come_with_a_link(chinese: Page, address: str) -> None:
    chinese.driver.get("about:blank")
    chinese.open(f"{address}#labels={quote('哨声=4000 Hz, 狗叫')}")
    chinese.wait_for_words(".as-sets", "标签来自链接")
    assert chinese.labels().get_property("value") == "哨声=4000 Hz, 狗叫"


def test_label_sets_are_files(english: Page, tmp_path: Path) -> None:
    lines = tmp_path / "lines.txt"
    lines.write_text("# a comment\n1000 Hz\n\n高=4000 Hz\n", encoding="utf-8")
    english.find(".as-set-picker").send_keys(str(lines))
    WebDriverWait(english.driver, PATIENCE).until(
        lambda _: english.labels().get_property("value") == "1000 Hz\n高=4000 Hz"
    )
    (button,) = (each for each in english.all(".as-sets button") if each.text == "Download")
    button_id = "download-this"
    run(english, "arguments[0].id = arguments[1]", button, button_id)
    content = saved(english, f"#{button_id}", tmp_path, "labels.yaml").read_text("utf-8")
    assert content.startswith("labels:\n- name: 1000 Hz\n")
    assert "name: 高" in content
