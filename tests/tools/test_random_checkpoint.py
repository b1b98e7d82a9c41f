import hashlib
import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

import torch
from tools.random_checkpoint import KINDS, make_config, randomise, write_checkpoint
from tools.reference_embeddings import reference_embeddings
from transformers import AutoTokenizer, ClapFeatureExtractor, ClapModel

from anysound.models.clap.build import build
from anysound.models.clap.canonical import CANONICAL_TEXTS, canonical_audio
from anysound.models.clap.config import ClapConfig
from anysound.models.clap.model import ClapFolder
from anysound.models.clap.model import ClapModel as OurClapModel
from anysound.models.clap.verify import canonical_embeddings, largest_difference
from anysound.models.protocol import ModelOptions

pytestmark = pytest.mark.parity

WIDTH = 0.1
FILES = {
    *("config.json", "preprocessor_config.json", "model.safetensors"),
    *("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json"),
    *("vocab.json", "merges.txt"),
}


@pytest.fixture(autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def fused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fused")
    write_checkpoint(folder, "clap-htsat-fused", WIDTH)
    return folder


@pytest.fixture(scope="module")
def unfused(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unfused")
    write_checkpoint(folder, "clap-htsat-unfused", WIDTH)
    return folder


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_the_same_seed_writes_the_same_bytes(fused: Path, tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "same", "clap-htsat-fused", WIDTH)
    write_checkpoint(tmp_path / "other", "clap-htsat-fused", WIDTH, seed=1)
    assert digests(tmp_path / "same") == digests(fused)
    assert digests(fused).keys() == FILES
    differing = digests(tmp_path / "other").items() ^ digests(fused).items()
    assert {"model.safetensors", "tokenizer.json"} <= {name for name, _ in differing}


def test_both_formats_hold_the_same_weights(fused: Path, tmp_path: Path) -> None:
    write_checkpoint(tmp_path, "clap-htsat-fused", WIDTH, safe=False)
    assert {path.name for path in tmp_path.iterdir()} == FILES - {"model.safetensors"} | {
        "pytorch_model.bin"
    }
    some = ClapModel.from_pretrained(fused).state_dict()
    other = ClapModel.from_pretrained(tmp_path).state_dict()
    assert some.keys() == other.keys()
    assert all(torch.equal(some[name], other[name]) for name in some)


@pytest.mark.parametrize("kind", KINDS)
def test_the_configuration_is_that_of_the_hub(kind: str) -> None:
    architecture = KINDS[kind]
    is_base = kind.startswith("larger")
    config = make_config(architecture)
    audio: Any = config.audio_config
    text: Any = config.text_config
    assert audio.enable_fusion == architecture.is_fused == (kind == "clap-htsat-fused")
    assert audio.fusion_type is None
    assert audio.patch_embeds_hidden_size == (128 if is_base else 96)
    assert audio.hidden_size == (1024 if is_base else 768)
    assert list(audio.depths) == [2, 2, 12 if is_base else 6, 2]
    assert list(audio.num_attention_heads) == [4, 8, 16, 32]
    assert (audio.spec_size, audio.window_size, audio.num_mel_bins) == (256, 8, 64)
    assert (text.vocab_size, text.hidden_size, text.num_hidden_layers) == (50265, 768, 12)
    assert (text.max_position_embeddings, text.intermediate_size) == (514, 3072)
    assert config.projection_dim == 512


def test_anysound_can_read_the_configuration(fused: Path, unfused: Path) -> None:
    config = ClapConfig.read(fused)
    assert config.audio.is_fused
    assert (config.audio.width, config.audio.depths) == (8, (2, 2, 6, 2))
    assert (config.front.mel.f_min, config.front.mel.f_max) == (50.0, 14_000.0)
    assert config.front.mel.scale == "htk"
    assert ClapConfig.read(unfused).front.mel.scale == "slaney"


def test_every_tensor_is_random() -> None:
    model = ClapModel(make_config(KINDS["clap-htsat-fused"], WIDTH))
    fresh = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    randomise(model, seed=0)
    for name, tensor in model.state_dict().items():
        if not tensor.is_floating_point():
            assert torch.equal(tensor, fresh[name]), name
            continue
        assert torch.isfinite(tensor).all()
        assert (tensor != fresh[name]).float().mean() > 0.99, name
        if tensor.numel() > 1:
            assert tensor.std() > 0.01, name
        if name.endswith("running_var"):
            assert tensor.min() > 0


def test_transformers_loads_what_was_written(fused: Path) -> None:
    loaded: Any = ClapModel.from_pretrained(fused, output_loading_info=True)
    assert not any(loaded[1].values())
    extractor = ClapFeatureExtractor.from_pretrained(fused)
    assert (extractor.frequency_min, extractor.truncation) == (50, "fusion")
    tokenizer = AutoTokenizer.from_pretrained(fused)
    assert type(tokenizer).__name__ == "RobertaTokenizer"
    ids = {name: getattr(tokenizer, f"{name}_token_id") for name in ("bos", "pad", "eos", "unk")}
    assert ids == {"bos": 0, "pad": 1, "eos": 2, "unk": 3}
    size = json.loads((fused / "config.json").read_text())["text_config"]["vocab_size"]
    assert tokenizer.mask_token_id == size - 1 == len(tokenizer) - 1


def test_different_inputs_have_clearly_different_embeddings(fused: Path) -> None:
    found = {name: np.array(row) for name, row in reference_embeddings(fused).items()}
    for names in (canonical_audio(48_000).keys(), CANONICAL_TEXTS):
        cosines = [float(found[a] @ found[b]) for a, b in combinations(names, 2)]
        assert max(cosines) < 0.995
        assert min(cosines) < 0.95


@pytest.mark.parametrize("kind", ["fused", "unfused"])
def test_the_reference_is_what_anysound_computes(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    checkpoint: Path = request.getfixturevalue(kind)
    reference = reference_embeddings(checkpoint)
    sounds = canonical_audio(48_000).keys() - (set() if kind == "fused" else {"street"})
    assert reference.keys() == sounds | set(CANONICAL_TEXTS)
    facts: dict[str, Any] = build(checkpoint, tmp_path, lambda _: None)
    ours = OurClapModel(
        ClapFolder(tmp_path, "local/test", "1", None, facts), ModelOptions(precision="fp32")
    )
    theirs = {name: np.array(row, dtype=np.float32) for name, row in reference.items()}
    assert all(np.linalg.norm(row) == pytest.approx(1.0, abs=1e-5) for row in theirs.values())
    assert largest_difference(canonical_embeddings(ours), theirs) < 1e-5
