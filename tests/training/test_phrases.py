"""The loss that tells captions apart."""

import math

import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.phrases import contrast  # noqa: E402

pytestmark = pytest.mark.parity


def test_another_caption_of_ones_own_concept_is_no_mistake() -> None:
    logits = torch.zeros(4, 4)
    logits[0, 1] = 50.0  # of the same concept
    assert float(contrast(logits, torch.tensor([1, 1, 2, 3]))) == pytest.approx(
        (2 * math.log(3) + 2 * math.log(4)) / 4
    )
    assert float(contrast(logits, torch.tensor([1, 0, 2, 3]))) > 10
