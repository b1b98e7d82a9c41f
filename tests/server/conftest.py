"""Browsers with the page open, in both languages."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from anysound.classifier import Classifier
from anysound.index import AddOptions, Index
from anysound.server import ServerOptions
from tests.fakes import FakeModel
from tests.patience import PATIENCE
from tests.server.browsing import Page, is_local, open_browser, serving
from tests.server.making import wav_tone
from tests.server.running import files_in


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of two recordings, one of which has gone since."""
    folder = tmp_path_factory.mktemp("recordings")
    for frequency in (1000, 4000):
        (folder / f"{frequency}.wav").write_bytes(wav_tone(frequency, 3.0))
    index = folder.parent / f"{folder.name}-index"
    Index(index).add(Classifier(FakeModel()), AddOptions((str(folder),)))
    (folder / "4000.wav").unlink()
    return index


@pytest.fixture(scope="module")
def address(uploads: Path, archive: Path) -> Iterator[str]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GRADIO_TEMP_DIR", str(uploads))
        options = ServerOptions(port=0, index=str(archive))
        with serving(Classifier(FakeModel()), options) as address:
            yield address


def _page(language: str, address: str, uploads: Path) -> Iterator[Page]:
    page = Page(open_browser(language), uploads)
    try:
        page.driver.set_window_size(1400, 900)
        yield page
    finally:
        page.driver.quit()


@pytest.fixture(scope="module")
def english_page(address: str, uploads: Path) -> Iterator[Page]:
    yield from _page("en-US", address, uploads)


@pytest.fixture(scope="module")
def chinese_page(address: str, uploads: Path) -> Iterator[Page]:
    yield from _page("zh-CN", address, uploads)


def _uploaded(page: Page) -> list[Path]:
    return files_in(page.uploads)


def _checked(page: Page, address: str) -> Iterator[Page]:
    page.open(address)
    page.driver.execute_script("localStorage.clear()")
    yield page
    assert [url for url in page.requests() if not is_local(url)] == []
    assert page.errors() == []
    patience = time.monotonic() + PATIENCE  # a slow machine deletes an upload after it has answered
    while _uploaded(page) and time.monotonic() < patience:
        time.sleep(0.1)
    assert _uploaded(page) == []


@pytest.fixture
def english(english_page: Page, address: str) -> Iterator[Page]:
    yield from _checked(english_page, address)


@pytest.fixture
def chinese(chinese_page: Page, address: str) -> Iterator[Page]:
    yield from _checked(chinese_page, address)
