import pytest

from anysound import ModelError, UsageError
from anysound.models import ModelOptions, load_model


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(ModelError, match="clap htsat"):
        load_model("clap htsat")


def test_with_nothing_installed_the_bundled_model_answers() -> None:
    assert load_model().info.id == "bundled"


@pytest.mark.parametrize("device", ["gpu", "cuda:x", "cuda:", "", "cpu:0"])
def test_an_unknown_device_is_refused(device: str) -> None:
    with pytest.raises(UsageError, match="device"):
        ModelOptions(device=device)


def test_an_unknown_precision_or_compatibility_is_refused() -> None:
    with pytest.raises(UsageError, match="int4"):
        ModelOptions(precision="int4")
    with pytest.raises(UsageError, match="torchaudio"):
        ModelOptions(compat="torchaudio")


def test_the_environment_names_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYSOUND_MODEL", "no-such-model")
    with pytest.raises(ModelError, match="no-such-model"):
        load_model()


def test_the_bundled_model_runs_on_the_cpu_in_fp32_only() -> None:
    with pytest.raises(ModelError, match="cuda"):
        load_model("bundled", ModelOptions(device="cuda"))
    with pytest.raises(ModelError, match="fp32"):
        load_model("bundled", ModelOptions(precision="int8"))
