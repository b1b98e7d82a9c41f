"""A tiny CLAP model of random weights, whole in all its parts, made without torch."""

import json
import math
from copy import deepcopy
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tools.random_tokenizer import write_tokenizer

from anysound.models.clap.build import build
from anysound.models.clap.config import ClapConfig
from anysound.models.clap.graph import token_tables, write_audio_graph, write_text_graph
from anysound.models.clap.model import ClapFolder
from anysound.models.graphs.builder import Array
from tests.models.store.making import CONFIG, PREPROCESSOR

VOCABULARY = 400


def write_tiny_checkpoint(folder: Path, *, is_fused: bool = True, seed: int = 0) -> Path:
    """Write a checkpoint in the hub's layout; what weights it needs, the graphs' writers tell."""
    folder.mkdir(parents=True, exist_ok=True)
    values, front = deepcopy(CONFIG), deepcopy(PREPROCESSOR)
    values["audio_config"]["enable_fusion"] = is_fused
    values["text_config"]["vocab_size"] = VOCABULARY
    front["truncation"] = "fusion" if is_fused else "rand_trunc"
    (folder / "config.json").write_text(json.dumps(values))
    (folder / "preprocessor_config.json").write_text(json.dumps(front))
    write_tokenizer(folder, VOCABULARY, seed)
    drawn = _Drawn(seed)
    config = ClapConfig.read(folder)
    write_audio_graph(folder / "unused.onnx", config, drawn.take, "fp32")
    write_text_graph(folder / "unused.onnx", config, drawn.take, "fp32")
    token_tables(config.text, drawn.take)
    for path in folder.glob("unused.*"):
        path.unlink()
    scale = np.array(math.log(20.0), np.float32)
    save_file({**drawn.weights, "logit_scale_a": scale}, folder / "model.safetensors")
    return folder


def make_tiny(folder: Path, *, is_fused: bool = True, seed: int = 0) -> ClapFolder:
    """Build the model of a tiny checkpoint."""
    checkpoint = write_tiny_checkpoint(folder / "checkpoint", is_fused=is_fused, seed=seed)
    target = folder / "built"
    target.mkdir()
    facts = build(checkpoint, target, lambda text: None)
    return ClapFolder(target, "test/tiny", str(seed), None, facts)


class _Drawn:
    """Draws each weight when it is asked for, and keeps it."""

    def __init__(self, seed: int) -> None:
        self.weights: dict[str, Array] = {}
        self._random = np.random.default_rng(seed)

    def take(self, name: str, shape: tuple[int, ...]) -> Array:
        if name not in self.weights:
            self.weights[name] = self._draw(name, shape)
        return self.weights[name]

    def _draw(self, name: str, shape: tuple[int, ...]) -> Array:
        if name.endswith(("running_var", "norm.weight", "LayerNorm.weight")):
            values = self._random.uniform(0.5, 1.5, shape)
        else:
            inputs = math.prod(shape[1:]) if len(shape) > 1 else 25
            values = self._random.normal(0, inputs**-0.5, shape)
        return values.astype(np.float32)
