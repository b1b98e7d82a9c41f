"""How batches are drawn."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.clips import Clip  # noqa: E402
from training.train import Sampler  # noqa: E402

pytestmark = pytest.mark.parity

CLIPS = [Clip("bark", (), "esc10", f"old/{n}") for n in range(98)]
CLIPS += [Clip("bark", (), "esc10", f"new/{n}") for n in range(2)]
CLIPS += [Clip("hiss", (), "synthesis", f"hiss/{n}") for n in range(3)]


def test_concepts_are_drawn_alike_and_what_is_new_more_often() -> None:
    sampler = Sampler(CLIPS, ["bark", "hiss"], lambda clip: not clip.recording.startswith("new"))
    rows, concepts = sampler.draw(np.random.default_rng(1), 4000)
    assert 0.45 < np.mean(concepts) < 0.55
    barks = [CLIPS[row].recording for row in rows[concepts == 0]]
    assert 0.45 < np.mean([each.startswith("new") for each in barks]) < 0.57
    assert {CLIPS[row].concept for row in rows[concepts == 1]} == {"hiss"}
