"""Take the docs' pictures of the page: a real server, a real browser, sounds made by the page.

    python tools/page_pictures.py [--output docs] [--narrow] [--tab TAB ...]

Writes page-en.png and page-zh.png, and page-TAB-en.png and so on for the other tabs; with --narrow
also as a phone shows them. What the microphone hears on the tab Live is a file. Needs
chromium and chromedriver, and the packages of the ``dev`` extra.
"""

import argparse
import io
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from anysound.audio import Clip, cut_clips, open_recording
from anysound.sounds import LABELS, example_wav

SOUNDS = {"alarm": ("smoke alarm", "烟雾报警器"), "doorbell": ("doorbell", "门铃")}
QUERY = {"en": "a doorbell rings", "zh": "门铃响"}
WIDE, NARROW = 1280, 390
COLOURS = 128  # of a picture's palette
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
)


@contextmanager
def server(index: Path) -> Iterator[str]:
    """Run ``anysound serve`` on a free port and yield its address."""
    anysound = [sys.executable, "-m", "anysound"]
    subprocess.run(
        [*anysound, "index", "add", str(index), str(index.parent / "sounds")], check=True
    )
    command = [*anysound, "serve", "--port", "0", "--index", str(index)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        (address,) = re.findall(r"http://\S+:\d+", process.stdout.readline())
        yield address
    finally:
        process.terminate()
        process.wait()


def make_sounds(folder: Path) -> None:
    """Write five takes of each sound, from quiet to loud."""
    folder.mkdir()
    for name in SOUNDS:
        with open_recording(example_wav(name), 16_000) as stream:
            whole = np.concatenate(list(stream.blocks()))
        for number in range(5):
            take = whole[number * 3000 : number * 3000 + 40_000] * (0.4 + 0.15 * number)
            path = folder / f"{name}-{number + 1}.wav"
            cut_clips((take.astype(np.float32), 16_000), [Clip(0.0, 10.0, path)])


def make_microphone(path: Path) -> None:
    """Write what the microphone is to hear: the examples, one after the other, again and again."""
    with open_recording(example_wav("street"), 48_000) as stream:
        whole = np.concatenate(list(stream.blocks()))
    cut_clips((whole.astype(np.float32), 48_000), [Clip(0.0, 60.0, path)])


class Photographer:
    """Uses the page and takes its picture."""

    def __init__(self, driver: webdriver.Chrome, language: str, width: int, sounds: Path) -> None:
        self._driver = driver
        self._language = language
        self._width = width
        self._sounds = sorted(sounds.iterdir())

    def classify(self) -> None:
        """Classify an example."""
        self._click(".as-examples button")
        self._click("#listen")
        self._wait("#result .as-spectrogram img")

    def timeline(self) -> None:
        """Follow the longest example."""
        self._click(".as-examples button:last-child")
        self._click("#follow")
        self._wait("#timeline .as-copies")

    def batch(self) -> None:
        """Classify all sounds."""
        self._write("#labels textarea", getattr(LABELS, self._language))
        self._send(".as-files-picker", self._sounds)
        self._click("#batch-start")
        self._wait(f'#batch progress[value="{len(self._sounds)}"]')

    def listen(self) -> None:
        """Listen until some of the examples were heard."""
        self._click("#tab-classify")
        self._click(".as-examples button")
        self._click("#tab-listen")
        self._click("#live-start")
        self._wait("#live tbody tr:nth-child(3):not(.as-going-on)")

    def search(self) -> None:
        """Search the index."""
        self._write("#query textarea", QUERY[self._language])
        self._click("#by-words")
        self._wait("#found .as-copies")

    def teach(self) -> None:
        """Teach two labels."""
        cards = zip((1, 2), SOUNDS.items(), strict=True)
        for place, (name, names) in cards:
            card = f".as-lesson:nth-child({place})"
            label = names[self._language == "zh"]
            self._find(f"{card} .as-lesson-name").send_keys(label)
            files = [path for path in self._sounds if path.name.startswith(name)]
            self._send(f"{card} .as-lesson-picker", files)
        self._click("#teach")
        self._wait("#taught .as-copies")

    def models(self) -> None:
        """Look at the models."""
        self._wait("#models .as-card")

    def take(self, address: str, tab: str, output: Path) -> None:
        """Do what a tab is for, and save what is seen."""
        self._resize(900)
        self._driver.get("about:blank")
        self._driver.get(address)
        self._wait("#language input:checked")
        WebDriverWait(self._driver, 60).until(
            lambda driver: driver.execute_script("return !!window.anysound?.send")
        )
        self._click(f"#tab-{tab}")
        getattr(self, tab)()
        height = self._driver.execute_script("return document.documentElement.scrollHeight")
        self._resize(max(height, 600))
        picture = Image.open(io.BytesIO(self._driver.get_screenshot_as_png()))
        picture.convert("RGB").quantize(COLOURS).save(output, optimize=True)

    def _find(self, selector: str) -> webdriver.remote.webelement.WebElement:
        return self._driver.find_element(By.CSS_SELECTOR, selector)

    def _wait(self, selector: str) -> None:
        WebDriverWait(self._driver, 60).until(
            lambda driver: driver.find_elements(By.CSS_SELECTOR, selector)
        )

    def _click(self, selector: str) -> None:
        self._wait(selector)
        self._find(selector).click()

    def _write(self, selector: str, words: str) -> None:
        self._find(selector).send_keys(Keys.CONTROL, "a")
        self._find(selector).send_keys(words)

    def _send(self, selector: str, files: list[Path]) -> None:
        self._find(selector).send_keys("\n".join(str(path) for path in files))

    def _resize(self, height: int) -> None:
        size = {"width": self._width, "height": height, "deviceScaleFactor": 1}
        self._driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {**size, "mobile": self._width < 700}
        )


TABS = ("classify", "timeline", "batch", "listen", "search", "teach", "models")


@contextmanager
def browser(language: str, microphone: Path) -> Iterator[webdriver.Chrome]:
    """Open a browser that asks for a language."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in (*FLAGS, f"--use-file-for-fake-audio-capture={microphone}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
    try:
        yield driver
    finally:
        driver.quit()


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=Path("docs"))
    parser.add_argument("--narrow", action="store_true")
    parser.add_argument("--tab", choices=TABS, action="append", help="this tab alone")
    options = parser.parse_args()
    widths = {"": WIDE} | ({"-narrow": NARROW} if options.narrow else {})
    with TemporaryDirectory() as folder:
        sounds = Path(folder) / "sounds"
        make_sounds(sounds)
        microphone = Path(folder) / "microphone.wav"
        make_microphone(microphone)
        with server(Path(folder) / "archive") as address:
            for language in ("en", "zh"):
                with browser(language, microphone) as driver:
                    for suffix, width in widths.items():
                        photographer = Photographer(driver, language, width, sounds)
                        for tab in options.tab or TABS:
                            stem = "page" if tab == "classify" else f"page-{tab}"
                            output = options.output / f"{stem}-{language}{suffix}.png"
                            photographer.take(address, tab, output)


if __name__ == "__main__":
    main()
