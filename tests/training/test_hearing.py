"""What is said of sounds is drawn so that nothing is likely beforehand."""

from collections import Counter

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.clips import Clip  # noqa: E402
from training.hearing import Captions, Heard, Said, both, heard  # noqa: E402

pytestmark = pytest.mark.parity

CONCEPTS = ["beep", "hum"]


def test_a_frequent_qualifier_concept_or_origin_is_drawn_as_often_as_a_rare_one() -> None:
    said = [Said(n, 0, "high", made=True) for n in range(90)]
    said += [Said(n, 0, "low", made=True) for n in range(10)]
    said += [Said(0, 1, "low", made=True), Said(1, 1, "high", made=False)]
    said += [Said(2, 1, "steady", made=True)]
    captions, rng = Captions(said), np.random.default_rng(1)
    counts = Counter(
        (one.concept, one.tag, one.made) for one in (captions.draw(rng) for _ in range(4000))
    )
    shares = {drawn: count / 4000 for drawn, count in counts.items()}
    assert shares == pytest.approx(
        {
            (1, "steady", True): 1 / 2,
            (1, "high", False): 1 / 4,
            (1, "low", True): 1 / 8,
            (0, "high", True): 1 / 16,
            (0, "low", True): 1 / 16,
        },
        abs=0.02,
    )


def test_clips_are_heard_as_they_are_and_edited_both_ways() -> None:
    rng = np.random.default_rng(2)
    features = torch.from_numpy(rng.normal(-20, 20, (6, 251, 64))).half()
    clips = [Clip(CONCEPTS[n % 2], ("high", "steady"), "synthesis", str(n)) for n in range(6)]
    known = heard(lambda part: part.mean((1, 2))[:, None], clips, features, CONCEPTS, pairs=64)
    assert known.audio.shape == (6 + 128, 1)
    torch.testing.assert_close(known.audio[:6, 0], features.float().mean((1, 2)))
    assert known.said[:2] == [Said(0, 0, "high", True), Said(0, 0, "steady", True)]
    edited = Counter(one.tag for one in known.said[12:])
    assert sum(edited.values()) == 128
    assert edited["harsh"] == edited["soft"] > 0
    assert not {"high", "low", "steady", "trembling"} & set(edited)  # it is one of each as it is


def test_what_was_heard_apart_is_put_together() -> None:
    one = Heard(torch.tensor([[1.0]]), [Said(0, 0, "high", made=False)])
    other = Heard(torch.tensor([[2.0], [3.0]]), [Said(1, 1, "low", made=True)])
    together = both(one, other)
    assert together.audio[:, 0].tolist() == [1.0, 2.0, 3.0]
    assert together.said == [Said(0, 0, "high", made=False), Said(2, 1, "low", made=True)]
