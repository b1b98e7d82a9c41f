"""Tiny translation models of random weights, whole in all their parts, made without torch."""

import io
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import sentencepiece
from safetensors.numpy import save_file

from anysound.labels.lexicon import concepts
from anysound.models.graphs.builder import Array
from anysound.models.marian.build import build
from anysound.models.marian.config import MarianConfig
from anysound.models.marian.graph import TABLES, write_decoder, write_encoder

ID = "Helsinki-NLP/opus-mt-zh-en"
PIECES = 1500  # of each language

CONFIG: dict[str, Any] = {
    "model_type": "marian",
    "architectures": ["MarianMTModel"],
    "activation_function": "swish",
    "add_bias_logits": False,
    "add_final_layer_norm": False,
    "normalize_before": False,
    "normalize_embedding": False,
    "static_position_embeddings": True,
    "scale_embedding": True,
    "share_encoder_decoder_embeddings": True,
    "d_model": 32,
    "encoder_layers": 2,
    "encoder_attention_heads": 4,
    "encoder_ffn_dim": 64,
    "decoder_layers": 3,
    "decoder_attention_heads": 2,
    "decoder_ffn_dim": 48,
    "max_position_embeddings": 128,
    "max_length": 128,
    "eos_token_id": 0,
    "forced_eos_token_id": 0,
    "num_beams": 6,
}
"""As the hub's ``config.json``, but small; the sizes of the vocabulary are added."""

GENERATION: dict[str, Any] = {
    "eos_token_id": 0,
    "forced_eos_token_id": 0,
    "max_length": 128,
    "num_beams": 4,
    "renormalize_logits": True,
}
"""As the hub's ``generation_config.json``; what concerns the padding token is added."""


@cache
def trained(language: str) -> bytes:
    """Return a model of SentencePiece for Chinese or English, trained on the lexicon."""
    lines = [phrase for known in concepts() for phrase in getattr(known, language)]
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines),
        model_writer=model,
        vocab_size=PIECES,
        hard_vocab_limit=False,
        character_coverage=0.98,
        num_threads=1,
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    return model.getvalue()


def vocabulary() -> dict[str, int]:
    """Return the ids of all pieces of both languages, laid out as the hub's files have them."""
    pieces: dict[str, None] = dict.fromkeys(("</s>", "<unk>"))
    for language in ("zh", "en"):
        spm = sentencepiece.SentencePieceProcessor(model_proto=trained(language))
        pieces |= dict.fromkeys(spm.id_to_piece(i) for i in range(3, spm.get_piece_size()))
    return {piece: id for id, piece in enumerate((*pieces, "<pad>"))}


def write_texts(folder: Path, **changed: Any) -> dict[str, Any]:
    """Write all files of a repository but the weights; return the config.

    Args:
        folder: Where to; it is made if need be.
        changed: Fields of ``config.json`` and ``generation_config.json`` that differ.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ids = vocabulary()
    pad = ids["<pad>"]
    about = {"pad_token_id": pad, "decoder_start_token_id": pad, "bad_words_ids": [[pad]]}
    config = {**CONFIG, **about, "vocab_size": len(ids), "decoder_vocab_size": len(ids)}
    generation = {**GENERATION, **about}
    tokenizer = {"source_lang": "zho", "target_lang": "eng", "model_max_length": 512}
    contents = {
        "config.json": config | {key: changed[key] for key in config.keys() & changed},
        "generation_config.json": generation | changed,
        "tokenizer_config.json": tokenizer,
        "vocab.json": ids,
    }
    for name, content in contents.items():
        (folder / name).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (folder / "source.spm").write_bytes(trained("zh"))
    (folder / "target.spm").write_bytes(trained("en"))
    return contents["config.json"]


def write_tiny_checkpoint(folder: Path, *, seed: int = 0, **changed: Any) -> Path:
    """Write a checkpoint in the hub's layout; what weights it needs, the graphs' writers tell."""
    write_texts(folder, **changed)
    drawn = _Drawn(seed)
    config = MarianConfig.read(folder)
    for write in (write_encoder, write_decoder):
        write(folder / "unused.onnx", config, drawn.take)
    drawn.take(TABLES[0], (config.vocabulary, config.width))
    for path in folder.glob("unused.*"):
        path.unlink()
    save_file(drawn.weights, folder / "model.safetensors")
    return folder


def built(checkpoint: Path, target: Path) -> Path:
    """Build the model of a checkpoint."""
    target.mkdir()
    build(checkpoint, target, lambda text: None)
    return target


class _Drawn:
    """Draws each weight when it is asked for, and keeps it."""

    def __init__(self, seed: int) -> None:
        self.weights: dict[str, Array] = {}
        self._random = np.random.default_rng(seed)

    def take(self, name: str, shape: tuple[int, ...]) -> Array:
        if name not in self.weights:
            mean = 1.0 if name.endswith("norm.weight") else 0.0
            deviation = math.prod(shape[1:]) ** -0.5 if len(shape) > 1 else 0.2
            values = self._random.normal(mean, deviation, shape)
            self.weights[name] = values.astype(np.float32)
        return self.weights[name]
