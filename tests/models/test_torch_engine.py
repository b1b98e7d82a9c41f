"""The second engine, on the CPU: it gives what the first one gives."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anysound import MissingExtraError, ModelError
from anysound.models import ModelOptions
from anysound.models import load as load_module
from anysound.models.clap.model import ClapModel
from anysound.models.store import PullOptions, Store, installed_from_folder
from tests.models.clap.tiny import make_tiny, write_tiny_checkpoint

CUDA = ModelOptions(device="cuda")


def sound(seconds: float) -> Any:
    samples = round(seconds * 48_000)
    return np.random.default_rng(samples).normal(0, 0.1, samples).astype(np.float32)


@pytest.mark.parity
@pytest.mark.parametrize("kind", ["clap-htsat-fused", "clap-htsat-unfused"])
def test_both_engines_agree(tmp_path: Path, kind: str) -> None:
    pytest.importorskip("transformers")
    from anysound.models.torch_engine import TorchClapModel
    from tests.models.clap.graphs import make

    built = make(tmp_path, kind, 0.25)
    options = ModelOptions(precision="fp32", device="cpu")
    ours, theirs = (
        ClapModel(built.folder, options),
        TorchClapModel(built.folder, built.checkpoint, options),
    )
    assert theirs.info == ours.info
    lengths = [1.0, 10.0, 30.0] if kind.endswith("-fused") else [1.0, 10.0]
    sounds = [sound(seconds) for seconds in lengths]
    texts = ["This is a sound of rain.", "a dog"]
    for one, other in (
        (ours.embed_audio(sounds), theirs.embed_audio(sounds)),
        (ours.embed_text(texts), theirs.embed_text(texts)),
    ):
        np.testing.assert_allclose(one, other, rtol=0, atol=1e-5)
    assert theirs.embed_audio([]).shape == (0, ours.info.dim)


@pytest.mark.parity
def test_a_device_that_is_not_there_is_told(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from anysound.models.torch_engine import TorchClapModel
    from tests.models.clap.graphs import make

    built = make(tmp_path, "clap-htsat-unfused", 0.1)
    there = {"mps": torch.backends.mps.is_available(), "cuda:9": torch.cuda.device_count() > 9}
    for device in [name for name, is_there in there.items() if not is_there]:
        with pytest.raises(ModelError, match=device):
            TorchClapModel(built.folder, built.checkpoint, ModelOptions(device=device))
    with pytest.raises(ModelError, match="int8"):
        TorchClapModel(built.folder, built.checkpoint, ModelOptions("int8", device="cpu"))


def test_without_torch_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from anysound.models.torch_engine import TorchClapModel

    monkeypatch.setitem(sys.modules, "torch", None)
    folder = make_tiny(tmp_path)
    with pytest.raises(MissingExtraError, match=r"anysound\[torch\]"):
        TorchClapModel(folder, tmp_path / "checkpoint", ModelOptions(device="mps"))


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A model that was pulled from a folder which is gone."""
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "home"))
    checkpoint = write_tiny_checkpoint(tmp_path / "tiny")
    model = installed_from_folder(checkpoint, Store(), PullOptions())
    checkpoint.rename(tmp_path / "elsewhere")
    return model.id


def test_a_gpu_without_any_engine_for_it_names_the_extra(
    installed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_module, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"anysound\[gpu\]"):
        load_module.load_model(installed, CUDA)


def test_without_its_checkpoint_the_way_to_get_it_is_told(
    installed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load_module, "find_spec", lambda name: object())
    with pytest.raises(ModelError, match="--keep-checkpoint"):
        load_module.load_model(installed, CUDA)
