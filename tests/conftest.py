"""What holds for all tests."""

import pytest


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own models and settings out of the tests."""
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path_factory.getbasetemp() / "home"))
    for name in ("ANYSOUND_MODEL", "HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)
