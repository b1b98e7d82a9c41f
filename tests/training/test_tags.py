"""The qualifiers that captions are learnt from: no pole may win by being frequent."""

import numpy as np
import pytest
from training.clips import Clip
from training.edits import POLES
from training.tags import OF_TIME, TagDraw


def clips(concept: str, source: str, **counts: int) -> list[Clip]:
    return [
        Clip(concept, (tag,), source, "x/1") for tag, count in counts.items() for _ in range(count)
    ]


def test_both_poles_weigh_the_same_in_sum_within_a_concept() -> None:
    heard = clips("helicopter", "synthesis", low=60, high=20)
    tags = TagDraw(heard)
    low, high = heard[0], heard[-1]
    assert 60 * tags.weight(low, "low") == pytest.approx(20 * tags.weight(high, "high"))


def test_recordings_and_made_sounds_are_weighed_apart() -> None:
    made = clips("dog_bark", "synthesis", dry=90, reverberant=10)
    real = clips("dog_bark", "lugaru", dry=10, reverberant=90)
    tags = TagDraw(made + real)
    assert tags.weight(made[0], "dry") < 1 < tags.weight(real[0], "dry")


def test_a_qualifier_without_its_opposite_counts_for_half() -> None:
    heard = clips("clock_tick", "synthesis", regular=50)
    assert TagDraw(heard).weight(heard[0], "regular") == pytest.approx(0.5)


def test_the_rarer_of_a_clips_qualifiers_is_drawn_more_often() -> None:
    both = Clip("motor_hum", ("low", "near"), "synthesis", "x/1")
    tags = TagDraw([both, *clips("motor_hum", "synthesis", low=30, high=10, distant=1)])
    rng = np.random.default_rng(0)
    drawn = [tags.draw(rng, both)[0] for _ in range(200)]
    assert drawn.count("near") > 3 * drawn.count("low")


def test_a_qualifier_and_its_opposite_bear_the_same_augmentations() -> None:
    """Else a model could tell them apart by what was done to the clips."""
    for poles in POLES:
        assert len({name in OF_TIME for name in poles.names}) == 1, poles.names
