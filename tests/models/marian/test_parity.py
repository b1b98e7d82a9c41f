"""Tokens, logits and translations against transformers' MarianTokenizer and MarianMTModel."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("transformers")
pytest.importorskip("sentencepiece")

import torch
from transformers import MarianMTModel, MarianTokenizer

from anysound.labels.lexicon import concepts
from anysound.models import load_translator
from anysound.models.marian.model import MarianModel
from tests.models.hub import LocalHub
from tests.models.marian.making import ID, built
from tests.models.marian.reference import write_checkpoint

pytestmark = pytest.mark.parity

CLOSE = 1e-4
LENGTHS = (1, 2, 3, 7, 20, 60)  # of texts, in tokens
LONGEST = 40  # tokens of a translation, with the one before it
WAYS: list[dict[str, Any]] = [
    {},
    {"num_beams": 1},
    {"num_beams": 6, "renormalize_logits": False},
    {"num_beams": 2, "length_penalty": 0.6, "early_stopping": True},
    {"num_beams": 12, "length_penalty": 1.4},
]
FULL_SIZE: dict[str, Any] = {
    "d_model": 512,
    **{f"{part}_layers": 6 for part in ("encoder", "decoder")},
    **{f"{part}_attention_heads": 8 for part in ("encoder", "decoder")},
    **{f"{part}_ffn_dim": 2048 for part in ("encoder", "decoder")},
    **dict.fromkeys(("vocab_size", "decoder_vocab_size"), 65001),
    **dict.fromkeys(("pad_token_id", "decoder_start_token_id"), 65000),
    "bad_words_ids": [[65000]],
    "max_position_embeddings": 512,
    "max_length": 512,
    "num_beams": 6,
}
"""Of Helsinki-NLP/opus-mt-zh-en."""


@pytest.fixture(scope="module", params=[True, False], ids=["safetensors", "bin"])
def folders(request: pytest.FixtureRequest, tmp_path_factory: Any) -> tuple[Path, Path]:
    """A checkpoint, and the model that was built from it."""
    folder = tmp_path_factory.mktemp("marian")
    write_checkpoint(folder / "checkpoint", safe=request.param)
    return folder / "checkpoint", built(folder / "checkpoint", folder / "built")


def reference_of(checkpoint: Path) -> Any:
    torch.set_num_threads(1)
    return MarianMTModel.from_pretrained(checkpoint).eval()


def sources(vocabulary: int, lengths: Sequence[int], seed: int) -> list[list[int]]:
    """Random ids of texts of these lengths, each with the end."""
    random = np.random.default_rng(seed)
    return [[*random.integers(2, vocabulary - 1, length - 1).tolist(), 0] for length in lengths]


def translated(reference: Any, source: list[int], longest: int, **how: Any) -> tuple[int, ...]:
    with torch.no_grad():
        found = reference.generate(torch.tensor([source]), max_length=longest, **how)
    return tuple(found[0].tolist()[1:])


def difference_of_logits(reference: Any, model: MarianModel, lengths: Sequence[int]) -> float:
    """Compare the logits of made-up translations, token by token."""
    worst = 0.0
    for source in sources(model.config.vocabulary, lengths, seed=1):
        written = [model.config.start, *source[::-1]]
        with torch.no_grad():
            expected = reference(
                torch.tensor([source]), decoder_input_ids=torch.tensor([written])
            ).logits[0]
        writing = model.start(source)
        found = np.concatenate([writing.step([0], [id]) for id in written])
        worst = max(worst, float(np.abs(found - expected.numpy()).max()))
    print(f"largest difference of logits: {worst:.1e}")
    return worst


def test_logits_equal_the_reference(folders: tuple[Path, Path]) -> None:
    reference, model = reference_of(folders[0]), MarianModel(folders[1])
    assert difference_of_logits(reference, model, LENGTHS) < CLOSE


@pytest.mark.slow
def test_a_model_of_full_size_equals_the_reference(tmp_path: Path) -> None:
    write_checkpoint(tmp_path / "checkpoint", end=8.0, safe=False, **FULL_SIZE)
    model = MarianModel(built(tmp_path / "checkpoint", tmp_path / "built"))
    reference = reference_of(tmp_path / "checkpoint")
    assert difference_of_logits(reference, model, (2, 9, 30)) < CLOSE
    for source in sources(model.config.vocabulary, (2, 5, 9), seed=4):
        begin = time.perf_counter()
        found = model.generate(source, 24)
        print(f"{len(source)} to {len(found)} tokens: {time.perf_counter() - begin:.2f} s")
        assert found == translated(reference, source, 24)


def test_labels_pulled_from_a_hub_are_translated_as_by_the_reference(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    checkpoint = tmp_path / "repos" / ID
    write_checkpoint(checkpoint, safe=False, end=7.0)
    monkeypatch.setenv("ANYSOUND_HOME", str(tmp_path / "home"))
    with LocalHub(tmp_path / "repos") as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        model = load_translator(ID)
    reference, tokenizer = reference_of(checkpoint), MarianTokenizer.from_pretrained(checkpoint)
    ended = 0
    for text in ("狗叫", "微波炉叮声", "水龙头滴水声", "HVAC 噪音", "轴承干摩擦尖啸声"):
        with torch.no_grad():
            ids = reference.generate(**tokenizer([text], return_tensors="pt"))[0]
        expected = tokenizer.decode(ids, skip_special_tokens=True)
        found = model.translate(text)
        ended += found is not None
        assert found in (None, " ".join(expected.split()))
    assert ended


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_translations_equal_the_reference(tmp_path: Path, way: dict[str, Any]) -> None:
    lengths = []
    for seed, end in enumerate((5.0, 6.0, 7.0, 8.0)):
        folder = tmp_path / str(seed)
        write_checkpoint(folder / "checkpoint", seed=seed, end=end, **way)
        reference = reference_of(folder / "checkpoint")
        model = MarianModel(built(folder / "checkpoint", folder / "built"))
        for source in sources(model.config.vocabulary, LENGTHS * 2, seed=seed):
            expected = translated(reference, source, LONGEST)
            assert model.generate(source, LONGEST) == expected
            lengths.append(len(expected))
    print(f"lengths of translations: {sorted(lengths)}")
    assert max(lengths) == LONGEST - 1  # some are cut short,
    assert any(2 < length < LONGEST - 1 for length in lengths)  # others end by themselves


def test_tokens_and_texts_equal_the_reference(folders: tuple[Path, Path]) -> None:
    theirs, ours = MarianTokenizer.from_pretrained(folders[0]), MarianModel(folders[1]).tokenizer
    texts = [phrase for known in concepts() for phrase in known.zh][::7]
    texts += ["HVAC 噪音", "鸟叫（清脆，短促）", "１２３ ＡＢＣ", " 狗  叫 ", "龘靐", "…—“声”", ""]
    for text in texts:
        ids = theirs(text)["input_ids"]
        assert ours.encode(text) == ids, text
    for ids in sources(len(theirs.get_vocab()), (5, 9, 30), seed=3):
        expected = theirs.decode(ids, skip_special_tokens=True)
        assert ours.decode(ids) == " ".join(expected.split())
