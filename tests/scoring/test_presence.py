import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.models import Calibration
from anysound.scoring import presence

PLAIN = Calibration(scale=10.0, none_below=0.3, ambiguous_within=0.1)
NONE = np.zeros(0)


def scored(similarities: list[float], weights: list[float] | None = None) -> list[float]:
    given_weights = np.array(weights or [1.0] * len(similarities))
    return presence(np.array(similarities), NONE, given_weights, PLAIN).tolist()


def test_a_label_is_there_if_it_fits_as_well_as_a_match_must() -> None:
    (at_it,) = scored([0.3])
    assert at_it == pytest.approx(0.5)
    assert scored([0.31])[0] > 0.5 > scored([0.29])[0]


def test_it_must_fit_better_than_labels_of_other_sounds_do() -> None:
    ranked = Calibration(scale=10.0, none_below=0.3, ambiguous_within=0.1, none_rank=0.5)
    others = np.array([0.1, 0.6, 0.9])
    assert presence(np.array([0.55]), others, np.ones(1), ranked)[0] < 0.5
    assert presence(np.array([0.65]), others, np.ones(1), ranked)[0] > 0.5


def test_two_sounds_at_once_are_both_there_and_what_resembles_them_is_not() -> None:
    first, second, third = scored([0.8, 0.75, 0.5])
    assert first > 0.5 < second
    assert third < 0.5


def test_a_weight_helps_against_other_labels_only() -> None:
    assert scored([0.8, 0.6], [1.0, 10.0])[1] > 0.5 > scored([0.8, 0.6])[1]
    assert scored([0.2], [10.0]) == scored([0.2])


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=5))
def test_the_best_label_is_there_just_if_it_would_match(similarities: list[float]) -> None:
    found = scored(similarities)
    assert all(0 <= score <= 1 for score in found)
    best = int(np.argmax(similarities))
    if abs(similarities[best] - 0.3) > 1e-9:
        assert (found[best] > 0.5) == (similarities[best] > 0.3)
