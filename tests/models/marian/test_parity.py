"""Tokens, logits and translations against transformers' MarianTokenizer and MarianMTModel."""

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
from anysound.models.marian.model import MarianModel
from tests.models.marian.making import built
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


def test_logits_equal_the_reference(folders: tuple[Path, Path]) -> None:
    reference, model = reference_of(folders[0]), MarianModel(folders[1])
    worst = 0.0
    for source in sources(model.config.vocabulary, LENGTHS, seed=1):
        written = [model.config.start, *source[::-1]]
        with torch.no_grad():
            expected = reference(
                torch.tensor([source]), decoder_input_ids=torch.tensor([written])
            ).logits[0]
        writing = model.start(source)
        found = np.concatenate([writing.step([0], [id]) for id in written])
        worst = max(worst, float(np.abs(found - expected.numpy()).max()))
    print(f"largest difference of logits: {worst:.1e}")
    assert worst < CLOSE


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
