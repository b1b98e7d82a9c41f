"""Write a small RoBERTa tokenizer, laid out as on the hub, for tests and benchmarks.

RoBERTa's own vocabulary can't be had offline: this one is trained on made-up words, to any size.
"""

import json
import random
from collections.abc import Iterator, Mapping
from pathlib import Path

from tokenizers import (
    AddedToken,
    Tokenizer,
    decoders,
    models,
    pre_tokenizers,
    processors,
    trainers,
)

SPECIAL = {"bos_token": "<s>", "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}


def write_tokenizer(folder: Path, size: int, seed: int = 0) -> None:
    """Train a tokenizer and write all of the hub's files for it.

    Args:
        folder: Where to.
        size: Of the vocabulary; a few hundred at least, for all bytes and the special tokens.
        seed: Of the made-up words; the same arguments write the same bytes.
    """
    tokenizer = _train(size, seed)
    tokenizer.save(str(folder / "tokenizer.json"))
    tokenizer.model.save(str(folder))  # vocab.json, merges.txt
    mask = {"lstrip": True, "normalized": False, "rstrip": False, "single_word": False}
    special = {
        **SPECIAL,
        "cls_token": "<s>",
        "sep_token": "</s>",
        "mask_token": {"content": "<mask>"} | mask,
    }
    facts = {
        "add_prefix_space": False,
        "errors": "replace",
        "model_max_length": 512,
        "tokenizer_class": "RobertaTokenizer",
        "trim_offsets": True,
    }
    _write_json(folder / "special_tokens_map.json", special)
    _write_json(folder / "tokenizer_config.json", special | facts)


def _train(size: int, seed: int) -> Tokenizer:
    byte_level = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trained = Tokenizer(models.BPE())
    trained.pre_tokenizer = byte_level
    trainer = trainers.BpeTrainer(
        vocab_size=size - 1,  # and the mask, which comes last
        special_tokens=list(SPECIAL.values()),
        initial_alphabet=sorted(byte_level.alphabet()),
        show_progress=False,
    )
    trained.train_from_iterator(_sentences(size, seed), trainer)
    found = json.loads(trained.to_str())["model"]
    if len(found["vocab"]) != size - 1:
        raise ValueError(f"{len(found['vocab'])} tokens trained, {size - 1} wanted")
    merges = [(left, right) for left, right in found["merges"]]
    tokenizer = Tokenizer(models.BPE(found["vocab"] | {"<mask>": size - 1}, merges))
    tokenizer.pre_tokenizer = byte_level
    tokenizer.post_processor = processors.RobertaProcessing(
        ("</s>", 2), ("<s>", 0), add_prefix_space=False
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([*SPECIAL.values(), AddedToken("<mask>", lstrip=True)])
    return tokenizer


def _write_json(path: Path, values: Mapping[str, object]) -> None:
    path.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")


def _sentences(size: int, seed: int) -> Iterator[str]:
    """Yield the usual template with made-up words, enough for any vocabulary."""
    letters = random.Random(seed)
    for _ in range(size):
        word = "".join(letters.choices("etaoinshrdlu", k=letters.randint(4, 9)))
        yield f"This is a sound of {word}"
