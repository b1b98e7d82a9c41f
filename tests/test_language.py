import pytest

from anysound.language import Text, from_accept_language, from_environment, use


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("fr-FR,fr;q=0.9,zh-TW;q=0.5,en;q=0.3", "zh"),
        ("fr, de", "en"),
        ("zh;q=nonsense, en;q=0.1", "en"),
        ("zh;q=0", "en"),
    ],
)
def test_a_browser_gets_the_language_it_asks_for(header: str | None, language: str) -> None:
    assert from_accept_language(header) == language


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "ANYSOUND_LANG": "zh"}, "zh"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_a_terminal_gets_the_language_of_its_locale(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], language: str
) -> None:
    for name in ("ANYSOUND_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert from_environment() == language


def test_text_speaks_the_language_in_use_and_goes_back() -> None:
    text = Text(en="rain", zh="雨")
    with use("zh"):
        assert str(text) == "雨"
        with use("en"):
            assert str(text) == "rain"
        assert str(text) == "雨"
