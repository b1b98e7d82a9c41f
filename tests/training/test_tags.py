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


def test_all_of_a_clips_qualifiers_of_time_are_drawn_or_all_of_colour() -> None:
    clip = Clip("motor_hum", ("low", "near", "steady"), "synthesis", "x/1")
    tags, rng = TagDraw([clip]), np.random.default_rng(0)
    drawn = [tuple(tag for tag, _ in tags.draw(rng, clip)) for _ in range(200)]
    assert set(drawn) == {("low", "near"), ("steady",)}
    assert 70 < drawn.count(("steady",)) < 130


def test_a_clip_counts_for_more_the_more_there_is_to_say_of_it() -> None:
    one, two = Clip("hum", ("low",), "synthesis", "1"), Clip("hiss", ("high", "near"), "esc10", "2")
    tags, rng = TagDraw([one, two]), np.random.default_rng(0)
    counts = [sum(weight for _, weight in tags.draw(rng, clip)) for clip in (one, two)]
    assert counts == pytest.approx([0.5, 0.5 * 2**0.5])


def test_a_qualifier_and_its_opposite_bear_the_same_augmentations() -> None:
    """Else a model could tell them apart by what was done to the clips."""
    for poles in POLES:
        assert len({name in OF_TIME for name in poles.names}) == 1, poles.names
