from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

pytest.importorskip("sentencepiece")

from anysound.errors import ModelError
from anysound.models.marian.model import MarianModel
from tests.models.marian.making import built, write_tiny_checkpoint

TEXTS = ("狗叫", "微波炉叮声", "水龙头滴水声", "齿轮断齿撞击声", "abc")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_checkpoint(tmp_path_factory.mktemp("marian"))


@pytest.fixture(scope="module")
def model(checkpoint: Path, tmp_path_factory: pytest.TempPathFactory) -> MarianModel:
    return MarianModel(built(checkpoint, tmp_path_factory.mktemp("marian") / "built"))


def with_end_at(checkpoint: Path, target: Path, logit: float) -> MarianModel:
    """Build the model with another bias for the token of the end."""
    folder = write_tiny_checkpoint(target / "checkpoint")
    weights = load_file(checkpoint / "model.safetensors")
    weights["final_logits_bias"][0, 0] = logit
    save_file(weights, folder / "model.safetensors")
    return MarianModel(built(folder, target / "built"))


def test_the_same_text_is_translated_the_same_way_on_any_thread(model: MarianModel) -> None:
    alone = [model.generate(model.tokenizer.encode(text), 30) for text in TEXTS]
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda t: model.generate(model.tokenizer.encode(t), 30), TEXTS * 4))
    assert again == alone * 4


def test_a_translation_that_comes_to_no_end_is_none(checkpoint: Path, tmp_path: Path) -> None:
    endless = with_end_at(checkpoint, tmp_path / "endless", -50.0)
    assert endless.translate("狗叫") is None
    source = endless.tokenizer.encode("狗叫")
    assert len(endless.generate(source, 10**9)) == endless.config.search.longest - 1


def test_a_translation_that_ends_is_a_text(checkpoint: Path, tmp_path: Path) -> None:
    assert with_end_at(checkpoint, tmp_path, 50.0).translate("狗叫") == ""


def test_a_label_that_is_too_long_is_refused(model: MarianModel) -> None:
    with pytest.raises(ModelError, match="too long"):
        model.translate("轰隆" * 100_000)


def test_each_step_sees_its_own_past(model: MarianModel) -> None:
    """Two translations side by side get the logits that each gets alone."""
    source = model.tokenizer.encode("狗叫")
    together = model.start(source)
    together.step([0], [model.config.start])
    together.step([0, 0], [5, 6])
    crossed = together.step([1, 0], [7, 8])
    for row, ids in enumerate(((6, 7), (5, 8))):
        alone = model.start(source)
        for id in (model.config.start, *ids):
            logits = alone.step([0], [id])
        np.testing.assert_allclose(crossed[row], logits[0], atol=1e-5)


def test_the_same_checkpoint_gives_the_same_files(checkpoint: Path, tmp_path: Path) -> None:
    one, other = built(checkpoint, tmp_path / "one"), built(checkpoint, tmp_path / "other")
    assert {path.name for path in one.iterdir()} == {
        "config.json",
        "generation_config.json",
        "source.spm",
        "vocab.json",
        "tokens.npy",
        *(f"{part}.fp32.{kind}" for part in ("encoder", "decoder") for kind in ("onnx", "bin")),
    }
    for path in one.iterdir():
        assert path.read_bytes() == (other / path.name).read_bytes(), path.name


@pytest.mark.parametrize(
    "name",
    [
        "model.shared.weight",
        "final_logits_bias",
        "model.encoder.layers.1.fc2.bias",
        "model.decoder.layers.2.encoder_attn.k_proj.weight",
    ],
)
def test_a_missing_weight_is_named(checkpoint: Path, tmp_path: Path, name: str) -> None:
    folder = write_tiny_checkpoint(tmp_path / "checkpoint")
    weights = load_file(folder / "model.safetensors")
    del weights[name]
    save_file(weights, folder / "model.safetensors")
    with pytest.raises(ModelError, match=name.replace(".", r"\.")):
        built(folder, tmp_path / "built")


def test_the_token_table_may_go_by_another_of_its_names(checkpoint: Path, tmp_path: Path) -> None:
    folder = write_tiny_checkpoint(tmp_path / "checkpoint")
    weights = load_file(folder / "model.safetensors")
    weights["lm_head.weight"] = weights.pop("model.shared.weight")
    save_file(weights, folder / "model.safetensors")
    one, other = built(checkpoint, tmp_path / "one"), built(folder, tmp_path / "other")
    assert (one / "tokens.npy").read_bytes() == (other / "tokens.npy").read_bytes()
