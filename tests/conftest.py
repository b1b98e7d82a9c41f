"""What holds for all tests."""

import pytest
from hypothesis import settings

# How long an example takes says more of the machine, and of what else runs on it, than of the code.
settings.register_profile("anysound", deadline=None)
settings.load_profile("anysound")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the user's own models and settings out of the tests."""
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path_factory.getbasetemp() / "home"))
    for name in ("ANYSOUND_MODEL", "HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HF_HOME"):
        monkeypatch.delenv(name, raising=False)
