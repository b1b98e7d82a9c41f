import sys
from pathlib import Path

import pytest

from anysound.errors import ModelError
from anysound.models import home


@pytest.fixture(autouse=True)
def _no_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("ANYSOUND_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)


def test_the_variable_rules(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "mine"))
    assert home.models_folder() == tmp_path / "mine" / "models"
    assert home.downloads_folder() == tmp_path / "mine" / "downloads"
    assert home.locks_folder() == tmp_path / "mine" / "locks"
    assert home.cache_folder() == tmp_path / "mine" / "cache"


def test_a_root_rules_over_the_variable(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "mine"))
    assert home.models_folder(tmp_path) == tmp_path / "models"
    assert home.cache_folder(tmp_path) == tmp_path / "cache"


@pytest.mark.parametrize(
    ("platform", "data", "cache"),
    [
        ("linux", ".local/share/anysound", ".cache/anysound"),
        ("darwin", "Library/Application Support/anysound", "Library/Caches/anysound"),
        ("win32", "AppData/Local/anysound", "AppData/Local/anysound/cache"),
    ],
)
def test_the_platforms_own_folders(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, platform: str, data: str, cache: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    assert home.home() == tmp_path / data
    assert home.cache_folder() == tmp_path / cache


def test_xdg_variables(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/is/ignored")
    assert home.home() == tmp_path / "data" / "anysound"
    assert home.cache_folder() == tmp_path / ".cache" / "anysound"


def test_a_user_without_a_home_is_told_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nowhere)
    with pytest.raises(ModelError, match="ANYSOUND_HOME") as caught:
        home.home()
    assert "ANYSOUND_HOME" in caught.value.text.zh
