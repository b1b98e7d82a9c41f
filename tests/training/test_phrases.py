"""Captions of concepts, and the loss that tells them apart."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.phrases import EmbeddedBank, contrast  # noqa: E402
from training.qualifiers import NAMES, opposites  # noqa: E402

pytestmark = pytest.mark.parity


def test_another_caption_of_ones_own_concept_is_no_mistake() -> None:
    logits = torch.zeros(4, 4)
    logits[0, 1] = 50.0  # of the same concept
    assert float(contrast(logits, torch.tensor([1, 1, 2, 3]))) == pytest.approx(
        (2 * math.log(3) + 2 * math.log(4)) / 4
    )
    assert float(contrast(logits, torch.tensor([1, 0, 2, 3]))) > 10


def lengths(texts: Sequence[str]) -> np.ndarray:
    """Embed a text as one, and its number of characters."""
    return np.array([[1.0, len(text)] for text in texts], np.float32)


def test_captions_are_drawn_with_a_qualifier_and_with_its_opposite() -> None:
    bank = EmbeddedBank(["dog_bark", "rain"], lengths)
    drawn = bank.drawn(np.random.default_rng(1), [0, 1] * 50, ["high", "regular"] * 50)
    assert {one.opposite for one in drawn[::2]} == set(opposites("high"))
    assert {one.opposite for one in drawn[1::2]} == set(opposites("regular"))
    assert all(one.true != one.false for one in drawn)
    true, false, named = bank.captions(
        np.random.default_rng(1), [0, 1] * 50, ["high", "regular"] * 50
    )
    assert named == [one.opposite for one in drawn]
    assert true[:, 1].tolist() == [len(one.true) for one in drawn]
    assert false[:, 1].tolist() == [len(one.false) for one in drawn]


def test_mean_captions_are_one_for_each_concept_and_qualifier() -> None:
    bank = EmbeddedBank(["dog_bark", "rain"], lengths)
    means = bank.mean_captions(np.random.default_rng(1), torch.nn.Identity())
    assert means.shape == (2, len(NAMES), 2)
    assert means[:, :, 0].eq(1).all()
    longest = len("with background noise, a large dog barks loudly" + 20 * " ")
    assert 2 < float(means[:, :, 1].min()) < float(means[:, :, 1].max()) < longest
