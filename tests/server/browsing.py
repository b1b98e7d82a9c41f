"""The page as a real browser shows it."""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from fastapi import FastAPI
from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait
from starlette.routing import WebSocketRoute

from anysound.classifier import Classifier
from anysound.server import ServerOptions
from anysound.server.upgrade import Upgrade
from tests.patience import PATIENCE
from tests.server.hearing import hear
from tests.server.running import running

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--no-first-run", "--disable-quic", "--hide-scrollbars"),
    *("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"),
)
CHECK = "/v1/labels/check"


@dataclass(frozen=True)
class Page:
    """The page as its user sees it."""

    driver: webdriver.Chrome
    uploads: Path

    def open(self, address: str) -> None:
        self.driver.get(address)
        self.wait_for("#labels textarea")
        WebDriverWait(self.driver, PATIENCE).until(
            lambda d: d.execute_script(
                "return document.documentElement.lang && !!window.anysound?.send"
            )
        )
        self.wait_for("#language input:checked")  # greeted: what is written now stays

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def wait_for(self, selector: str) -> WebElement:
        return WebDriverWait(self.driver, PATIENCE).until(
            lambda driver: next(iter(driver.find_elements(By.CSS_SELECTOR, selector)), None)
        )

    def wait_for_words(self, selector: str, words: str) -> str:
        try:
            WebDriverWait(self.driver, PATIENCE, ignored_exceptions=[Exception]).until(
                lambda _: words in self.find(selector).text
            )
        except TimeoutException:
            pytest.fail(f"{selector} never said {words!r} but:\n{self.find(selector).text}")
        return self.find(selector).text

    def labels(self) -> WebElement:
        return self.find("#labels textarea")

    def write(self, labels: str) -> None:
        self.labels().send_keys(Keys.CONTROL, "a")
        self.labels().send_keys(labels)

    def choose(self, path: Path) -> None:
        self.find(".as-picker").send_keys(str(path))

    def listen(self) -> None:
        self.find("#listen").click()

    def speak(self, language: str) -> None:
        self.find(f"#language input[value={language}]").click()

    def go_to(self, tab: str) -> None:
        self.find(f"#tab-{tab}").click()

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def barriers(self) -> list[str]:
        """Return what axe-core finds to keep people from using what is shown."""
        axe = files("axe_playwright_python") / "axe.min.js"  # the script alone
        self.driver.execute_script(axe.read_text("utf-8"))
        found = self.driver.execute_async_script(
            "axe.run(document, {resultTypes: ['violations']}).then(arguments[0])"
        )
        return [
            f"{each['id']}: {node['html'][:200]}"
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"]
        ]

    def lang(self) -> str:
        return str(self.driver.execute_script("return document.documentElement.lang"))

    def requests(self) -> list[str]:
        """Return the addresses asked for since this was last called."""
        messages = [json.loads(e["message"])["message"] for e in self.driver.get_log("performance")]
        return [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
        ]

    def errors(self) -> list[Any]:
        """Return what the console complains of, but for labels that can't be understood."""
        return [
            entry
            for entry in self.driver.get_log("browser")
            if entry["level"] == "SEVERE"
            and not (CHECK in entry["message"] and "422" in entry["message"])
        ]


def is_local(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob") or parts.hostname == "127.0.0.1"


def open_browser(language: str, *flags: str) -> webdriver.Chrome:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not (chromium and driver):
        say = pytest.fail if os.environ.get("CI") else pytest.skip
        say("chromium and chromedriver are needed and not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--lang={language}", *flags):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"intl.accept_languages": language})
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(driver))


@contextmanager
def narrow(page: Page, width: int = 375) -> Iterator[None]:
    """Show the page as a phone does."""
    metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        yield
    finally:
        page.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@contextmanager
def serving(
    classifier: Classifier,
    options: ServerOptions | None = None,
    upgrade: Upgrade | None = None,
) -> Iterator[str]:
    """Serve the page on a free port; yields its address."""
    with running(classifier, options or ServerOptions(port=0), upgrade, _hear_alone) as address:
        yield f"{address}/"


def _hear_alone(app: FastAPI) -> None:
    """Put what the tests hear in the place of the route for live sound."""
    app.router.routes.insert(0, WebSocketRoute("/v1/listen", hear))
