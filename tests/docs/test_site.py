"""The documentation as a site."""

import re
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tools.docs_site import CHAPTERS, DOCS, build, language_of, lay_out, name_of

from anysound.language import Language
from tests.patience import PATIENCE
from tests.server.browsing import open_browser


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_link_leads_to_a_page(language: Language, tmp_path: Path) -> None:
    lay_out(language, tmp_path)
    pages = {path.stem for path in tmp_path.iterdir()}
    assert {name for _, names in CHAPTERS for name in names} <= pages


def test_a_link_to_nowhere_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("[there](nowhere.md)", encoding="utf-8")
    monkeypatch.setattr("tools.docs_site.DOCS", tmp_path / "docs")
    with pytest.raises(LookupError, match=r"nowhere\.md"):
        lay_out("en", tmp_path)


def test_every_page_is_there_in_both_languages() -> None:
    names = {"en": set[str](), "zh": set[str]()}
    for path in (*DOCS.glob("*.md"), *DOCS.glob("*.rst")):
        names[language_of(path)].add(name_of(path))
    assert names["en"] - names["zh"] == {"structure.md"}
    assert names["zh"] <= names["en"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    return folder


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_it_asks_for_nothing_from_elsewhere(site: Path) -> None:
    for language in ("en", "zh"):
        pages = list((site / language).glob("*.html"))
        assert len(pages) > 30
        for page in pages:
            html = page.read_text(encoding="utf-8")
            loaded = re.findall(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=\"([^\"]*)\"", html)
            assert not [url for url in loaded if url.startswith(("http:", "https:", "//"))], page
    assert "识别" in (site / "zh" / "index.html").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.xdist_group("site")
@pytest.mark.parametrize(("language", "words"), [("en", "bearing"), ("zh", "标签")])
def test_its_search_finds(site: Path, language: str, words: str) -> None:
    browser = open_browser(language, "--allow-file-access-from-files")
    try:
        browser.get(f"{(site / language / 'search.html').as_uri()}?q={words}")
        found = WebDriverWait(browser, PATIENCE).until(
            lambda driver: driver.find_elements(By.CSS_SELECTOR, "ul.search li")
        )
        assert words in found[0].text.lower()
    finally:
        browser.quit()
