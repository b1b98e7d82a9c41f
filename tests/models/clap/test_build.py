"""From a checkpoint to a model, and what the builder finds out about int8."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from anysound import ModelError
from anysound.models import ModelOptions
from anysound.models.clap import build as build_module
from anysound.models.clap.build import CLOSE_ENOUGH, build
from anysound.models.clap.model import ClapFolder, ClapModel
from tests.models.clap.int8 import needs_exact_int8
from tests.models.clap.tiny import write_tiny_checkpoint


def built(checkpoint: Path, target: Path) -> dict[str, Any]:
    target.mkdir()
    return build(checkpoint, target, lambda text: None)


def test_all_that_a_model_needs_is_written(tmp_path: Path) -> None:
    said: list[str] = []
    checkpoint, target = write_tiny_checkpoint(tmp_path / "checkpoint"), tmp_path / "built"
    target.mkdir()
    facts = build(checkpoint, target, lambda text: said.append(text.en))
    assert said == [
        "building the graphs in fp32",
        "building the graphs in int8",
        "comparing int8 with fp32",
    ]
    assert {path.name for path in target.iterdir()} == {
        *(f"{tower}.{kind}" for tower in ("audio.fp32", "text.fp32") for kind in ("onnx", "bin")),
        *(f"{tower}.{kind}" for tower in ("audio.int8", "text.int8") for kind in ("onnx", "bin")),
        *("tokens.npy", "positions.npy", "probe.onnx", "probe.bin"),
        *("config.json", "preprocessor_config.json", "vocab.json", "merges.txt"),
    }
    weights = load_file(checkpoint / "model.safetensors")
    assert facts["scale"] == pytest.approx(20.0)
    assert facts["parameters"] == sum(weight.size for weight in weights.values())


def test_the_same_checkpoint_gives_the_same_files(tmp_path: Path) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "checkpoint")
    for name in ("one", "other"):
        built(checkpoint, tmp_path / name)
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes() == (tmp_path / "other" / path.name).read_bytes(), path.name


@needs_exact_int8
def test_int8_is_measured_on_sounds_and_texts(tmp_path: Path) -> None:
    found = built(write_tiny_checkpoint(tmp_path / "checkpoint"), tmp_path / "built")["int8"]
    assert 0.9 < found["audio"] < 1.0
    assert 0.9 < found["text"] < 1.0
    good = min(found["audio"], found["text"]) >= CLOSE_ENOUGH and found["same_top"] == 1.0
    assert found["passed"] == good


@needs_exact_int8
def test_int8_that_is_too_coarse_is_not_used_by_itself(tmp_path: Path) -> None:
    """A few enormous weights leave no steps for the others."""
    checkpoint = write_tiny_checkpoint(tmp_path / "checkpoint")
    weights = load_file(checkpoint / "model.safetensors")
    for name, weight in weights.items():
        if name.startswith("text_model.encoder") and weight.ndim == 2:
            weight[:, 0] *= 500
    save_file(weights, checkpoint / "model.safetensors")
    facts = built(checkpoint, tmp_path / "built")
    assert facts["int8"]["text"] < CLOSE_ENOUGH
    assert not facts["int8"]["passed"]
    folder = ClapFolder(tmp_path / "built", "test/tiny", "0", None, facts)
    assert ClapModel(folder, ModelOptions()).info.precision == "fp32"


def test_where_int8_saturates_it_is_not_even_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build_module, "int8_is_exact", lambda probe: False)
    facts = built(write_tiny_checkpoint(tmp_path / "checkpoint"), tmp_path / "built")
    assert facts["int8"] == {
        "passed": False,
        "reason": "this processor can't multiply int8 exactly",
    }


def test_a_tokenizer_of_another_model_is_refused(tmp_path: Path) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "checkpoint")
    config = json.loads((checkpoint / "config.json").read_text())
    config["text_config"]["vocab_size"] = 399
    (checkpoint / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="don't belong together"):
        built(checkpoint, tmp_path / "built")


def test_a_missing_weight_is_named(tmp_path: Path) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "checkpoint")
    weights = load_file(checkpoint / "model.safetensors")
    del weights["audio_projection.linear1.weight"]
    save_file(weights, checkpoint / "model.safetensors")
    with pytest.raises(ModelError, match=r"audio_projection\.linear1\.weight"):
        built(checkpoint, tmp_path / "built")


def test_a_weight_that_is_no_number_is_named(tmp_path: Path) -> None:
    checkpoint = write_tiny_checkpoint(tmp_path / "checkpoint")
    weights = load_file(checkpoint / "model.safetensors")
    weights["text_projection.linear2.bias"][3] = np.nan
    save_file(weights, checkpoint / "model.safetensors")
    with pytest.raises(ModelError, match=r"text_projection\.linear2\.bias"):
        built(checkpoint, tmp_path / "built")
