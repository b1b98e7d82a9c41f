"""From a checkpoint to a model that runs: graphs, tables, and a test that int8 is good enough."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from anysound.errors import ModelError
from anysound.language import Text
from anysound.models.clap.canonical import CANONICAL_TEXTS, canonical_audio
from anysound.models.clap.config import ClapConfig
from anysound.models.clap.graph import (
    token_tables,
    write_audio_graph,
    write_probe,
    write_text_graph,
)
from anysound.models.clap.model import ClapFolder, ClapModel, Precision
from anysound.models.clap.tokenizer import ClapTokenizer
from anysound.models.files.checkpoint import Checkpoint, open_checkpoint
from anysound.models.graphs.builder import PRECISIONS
from anysound.models.graphs.sessions import int8_is_exact
from anysound.models.protocol import Embeddings, ModelOptions

COPIED = ("config.json", "preprocessor_config.json")

CLOSE_ENOUGH = 0.995
"""The least cosine between an int8 embedding and its fp32 one for int8 to be used by itself."""


def build(checkpoint: Path, target: Path, report: Callable[[Text], None]) -> dict[str, Any]:
    """Build a model from a checkpoint in the hub's layout.

    Args:
        checkpoint: Folder of the checkpoint.
        target: Empty folder for the model.
        report: Is told what is being done.

    Returns:
        ``scale`` of the similarities, ``parameters``, and what came of the ``int8`` test.

    Raises:
        ModelError: The checkpoint is damaged, or not of a kind that can be built.
    """
    config = ClapConfig.read(checkpoint)
    weights = open_checkpoint(checkpoint)
    _fitting_tokenizer(checkpoint, config).save(target)
    for precision in PRECISIONS:
        report(Text(en=f"building the graphs in {precision}", zh=f"正在构建 {precision} 计算图"))
        write_audio_graph(target / f"audio.{precision}.onnx", config, weights.take, precision)
        write_text_graph(target / f"text.{precision}.onnx", config, weights.take, precision)
    _write_tables(target, config, weights)
    for name in COPIED:
        shutil.copyfile(checkpoint / name, target / name)
    facts = {
        "scale": float(np.exp(weights.take("logit_scale_a", ()))),
        "parameters": sum(tensor.size for tensor in weights.values()),
    }
    report(Text(en="comparing int8 with fp32", zh="正在比较 int8 与 fp32"))
    return {**facts, "int8": _test_int8(target, facts)}


def _fitting_tokenizer(checkpoint: Path, config: ClapConfig) -> ClapTokenizer:
    """Load the tokenizer and see that the model has a row for each token."""
    tokenizer = ClapTokenizer.load(checkpoint, config.text.longest)
    size = tokenizer.size
    if size > config.text.vocabulary:
        raise ModelError(
            Text(
                en=f"The tokenizer in {checkpoint} has {size} tokens, but the model knows "
                f"{config.text.vocabulary} only: they don't belong together. Fetch the model "
                "again.",
                zh=f"{checkpoint} 中的分词器有 {size} 个 token，而模型只认识 "
                f"{config.text.vocabulary} 个，二者不匹配。请重新获取模型。",
            )
        )
    return tokenizer


def _write_tables(target: Path, config: ClapConfig, weights: Checkpoint) -> None:
    tokens, positions = token_tables(config.text, weights.take)
    np.save(target / "tokens.npy", tokens)
    np.save(target / "positions.npy", positions)


def _test_int8(target: Path, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Embed the canonical inputs in both precisions and compare."""
    write_probe(target / "probe.onnx")
    if not int8_is_exact(target / "probe.onnx"):
        return {"passed": False, "reason": "this processor can't multiply int8 exactly"}
    audio, text = {}, {}
    for precision in PRECISIONS:
        audio[precision], text[precision] = _embed(target, facts, precision)
    top = {each: (audio[each] @ text[each].T).argmax(axis=1) for each in PRECISIONS}
    found = {
        "audio": _least_cosine(audio["fp32"], audio["int8"]),
        "text": _least_cosine(text["fp32"], text["int8"]),
        "same_top": float(np.mean(top["fp32"] == top["int8"])),
    }
    passed = min(found["audio"], found["text"]) >= CLOSE_ENOUGH and found["same_top"] == 1.0
    return {**found, "passed": passed}


def _embed(
    target: Path, facts: Mapping[str, Any], precision: Precision
) -> tuple[Embeddings, Embeddings]:
    folder = ClapFolder(target, "new", "new", None, {**facts, "int8": {"passed": False}})
    model = ClapModel(folder, ModelOptions(precision=precision, device="cpu"))
    rate, longest = model.info.rate, model.info.longest
    clips = canonical_audio(rate, longest).values()
    return model.embed_audio(list(clips)), model.embed_text(CANONICAL_TEXTS)


def _least_cosine(some: Embeddings, others: Embeddings) -> float:
    return float((some * others).sum(axis=1).min())
