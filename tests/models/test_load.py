import pytest

from anysound import ModelError
from anysound.models import ModelOptions, load_model


def test_an_unknown_model_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match="laion/clap-htsat-fused"):
        load_model("laion/clap-htsat-fused")


def test_the_environment_names_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYSOUND_MODEL", "no-such-model")
    with pytest.raises(ModelError, match="no-such-model"):
        load_model()


def test_the_bundled_model_runs_on_the_cpu_in_fp32_only() -> None:
    with pytest.raises(ModelError, match="cuda"):
        load_model("bundled", ModelOptions(device="cuda"))
    with pytest.raises(ModelError, match="fp32"):
        load_model("bundled", ModelOptions(precision="int8"))
