"""Take the READMEs' pictures of the page: a real server, a real browser, a recording of yours.

    python tools/page_pictures.py RECORDING [--output docs]

Writes page-en.png and page-zh.png (wide), and page-en-narrow.png and page-zh-narrow.png with
--narrow. Needs chromium and chromedriver, and the packages of the ``dev`` extra.
"""

import argparse
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

LABELS = {
    "en": "dog barking, rain, baby crying, door knock, car horn",
    "zh": "狗叫声, 下雨声, 婴儿哭声, 敲门声, 汽车喇叭声",
}
WIDE, NARROW = 1400, 390
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@contextmanager
def server() -> Iterator[str]:
    """Run ``anysound serve`` on a free port and yield its address."""
    command = [sys.executable, "-m", "anysound", "serve", "--port", "0"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        (address,) = re.findall(r"http://\S+:\d+", process.stdout.readline())
        yield address
    finally:
        process.terminate()
        process.wait()


def take(address: str, recording: Path, language: str, width: int, output: Path) -> None:
    """Classify the recording on the page and save what is seen."""
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or "chromium"
    for flag in FLAGS:
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    driver = webdriver.Chrome(options, Service(shutil.which("chromedriver")))
    try:
        _resize(driver, width, 900)
        driver.get(address)
        wait = WebDriverWait(driver, 60)
        wait.until(lambda d: d.execute_script("return !!window.anysound?.send"))
        wait.until(lambda d: d.find_elements(By.CSS_SELECTOR, ".as-picker"))
        driver.find_element(By.CSS_SELECTOR, ".as-picker").send_keys(str(recording.resolve()))
        labels = driver.find_element(By.CSS_SELECTOR, "#labels textarea")
        labels.clear()
        labels.send_keys(LABELS[language])
        driver.find_element(By.CSS_SELECTOR, "#listen").click()
        wait.until(lambda d: d.find_elements(By.CSS_SELECTOR, ".as-ranking"))
        height = driver.execute_script("return document.documentElement.scrollHeight")
        _resize(driver, width, max(height, 700))
        driver.save_screenshot(str(output))
    finally:
        driver.quit()


def _resize(driver: webdriver.Chrome, width: int, height: int) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recording", type=Path)
    parser.add_argument("--output", type=Path, default=Path("docs"))
    parser.add_argument("--narrow", action="store_true")
    options = parser.parse_args()
    with server() as address:
        for language in LABELS:
            take(
                address,
                options.recording,
                language,
                WIDE,
                options.output / f"page-{language}.png",
            )
            if options.narrow:
                narrow = options.output / f"page-{language}-narrow.png"
                take(address, options.recording, language, NARROW, narrow)


if __name__ == "__main__":
    main()
