import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anysound.scoring import is_lowered, log_evidence, lowered, pool_windows, probabilities

SCALE = 30.0
similarity = st.floats(-1, 1, allow_subnormal=False)
scales = st.floats(1, 100)


def windows(count: int, texts: int) -> st.SearchStrategy[np.ndarray]:
    return arrays(np.float64, (count, texts), elements=similarity)


def shares(own: np.ndarray, parts: np.ndarray, asked: np.ndarray, scale: float) -> np.ndarray:
    return probabilities(log_evidence(own, parts, asked, scale), np.ones(len(own)), 1.0)


def own_of(parts: np.ndarray, asked: np.ndarray) -> np.ndarray:
    return parts[asked, np.arange(parts.shape[1])]


# What a label is not


@given(windows(3, 1), windows(3, 2), scales)
def test_lowering_is_the_share_against_what_is_avoided(
    own: np.ndarray, avoided: np.ndarray, scale: float
) -> None:
    own = own[:, 0]
    share = np.exp(-np.logaddexp.reduce(scale * (np.c_[own, avoided] - own[:, None]), axis=1))
    expected = scale * own + np.log(share)
    np.testing.assert_allclose(scale * lowered(own, avoided, scale), expected, atol=1e-9)


def test_an_even_match_halves_the_odds() -> None:
    after = lowered(np.array([0.3]), np.array([[0.3]]), SCALE)
    assert np.exp(SCALE * (after[0] - 0.3)) == pytest.approx(0.5)


@given(windows(3, 1), scales)
def test_nothing_to_avoid_changes_nothing(own: np.ndarray, scale: float) -> None:
    np.testing.assert_array_equal(lowered(own[:, 0], np.empty((3, 0)), scale), own[:, 0])


@given(windows(4, 1), windows(4, 3), scales)
def test_more_to_avoid_never_raises(own: np.ndarray, avoided: np.ndarray, scale: float) -> None:
    steps = [lowered(own[:, 0], avoided[:, :count], scale) for count in range(4)]
    for more, less in zip(steps[1:], steps[:-1], strict=True):
        assert (more <= less + 1e-12).all()
        assert pool_windows(more[:, None], scale) <= pool_windows(less[:, None], scale) + 1e-12


@given(arrays(np.float64, 4, elements=similarity), windows(1, 2), st.integers(0, 3), scales)
def test_lowering_one_label_gives_others_no_more_than_its_absence(
    own: np.ndarray, avoided: np.ndarray, index: int, scale: float
) -> None:
    before = probabilities(own, np.ones(4), scale)
    effective = own.copy()
    effective[index] = lowered(own[[index]], avoided, scale)[0]
    after = probabilities(effective, np.ones(4), scale)
    others = np.arange(4) != index
    without = probabilities(own[others], np.ones(3), scale)
    assert (after[others] <= without + 1e-12).all()
    assert (after[others] >= before[others] - 1e-12).all()
    assert after[index] <= before[index] + 1e-12


def test_a_word_is_worth_a_tenth_of_the_odds() -> None:
    assert is_lowered(0.5, 0.5 - 0.106 / SCALE, SCALE)
    assert not is_lowered(0.5, 0.5 - 0.105 / SCALE, SCALE)
    assert not is_lowered(0.5, 0.5, SCALE)


# Where a label is looked for


@given(windows(1, 5), scales)
def test_one_part_is_the_plain_softmax_to_the_bit(parts: np.ndarray, scale: float) -> None:
    asked = np.zeros(5, np.intp)
    np.testing.assert_array_equal(
        shares(parts[0], parts, asked, scale), probabilities(parts[0], np.ones(5), scale)
    )


@given(windows(3, 5), st.integers(0, 2), scales)
def test_all_in_one_part_is_the_softmax_on_that_part(
    parts: np.ndarray, part: int, scale: float
) -> None:
    asked = np.full(5, part)
    np.testing.assert_allclose(
        shares(parts[part], parts, asked, scale),
        probabilities(parts[part], np.ones(5), scale),
        atol=1e-9,
    )


@given(windows(3, 5), arrays(np.intp, 5, elements=st.integers(0, 2)), scales)
def test_a_labels_place_never_changes_the_odds_of_others_that_share_one(
    parts: np.ndarray, asked: np.ndarray, scale: float
) -> None:
    asked[:2] = 0
    for place in range(3):
        asked[4] = place
        evidence = log_evidence(own_of(parts, asked), parts, asked, scale)
        np.testing.assert_allclose(
            evidence[0] - evidence[1], scale * (parts[0, 0] - parts[0, 1]), atol=1e-9
        )


@given(windows(2, 4), arrays(np.intp, 4, elements=st.integers(0, 1)), scales)
def test_the_order_of_the_labels_makes_no_difference(
    parts: np.ndarray, asked: np.ndarray, scale: float
) -> None:
    there = shares(own_of(parts, asked), parts, asked, scale)
    back = shares(own_of(parts, asked)[::-1], parts[::-1, ::-1], 1 - asked[::-1], scale)
    np.testing.assert_allclose(there, back[::-1], atol=1e-9)


@given(windows(2, 4), arrays(np.intp, 4, elements=st.integers(0, 1)), scales)
def test_a_label_that_is_not_heard_is_as_if_not_in_the_set(
    parts: np.ndarray, asked: np.ndarray, scale: float
) -> None:
    own = own_of(parts, asked)
    own[3] = -np.inf
    probability = shares(own, parts, asked, scale)
    assert probability[3] == 0.0
    without = shares(own[:3], parts[:, :3], asked[:3], scale)
    # A part that only the missing label was asked about has no say.
    np.testing.assert_allclose(probability[:3], without, atol=1e-9)


def test_where_everything_fits_better_a_likeness_is_worth_less() -> None:
    whole = np.array([0.3, 0.1, 0.0])
    parts = np.stack([whole, whole + 0.2])
    placed = shares(np.array([0.3, 0.3, 0.0]), parts, np.array([0, 1, 0]), SCALE)
    assert placed[0] > 0.6  # although the second label's own similarity is as high


def test_a_sound_in_the_wrong_place_takes_nothing_from_the_right_one() -> None:
    """A beep at the start, which is looked for at the end only, and faint rain throughout."""
    parts = np.array([[0.5, 0.15, -0.05], [0.1, 0.14, -0.05]])
    beep_last = shares(np.array([0.1, 0.15, -0.05]), parts, np.array([1, 0, 0]), SCALE)
    assert beep_last[1] > 0.7
    anywhere = probabilities(parts[0], np.ones(3), SCALE)
    assert anywhere[0] > 0.99


def test_all_out_of_the_question_is_no_probability() -> None:
    result = probabilities(np.full(3, -np.inf), np.ones(3), 1.0)
    np.testing.assert_array_equal(result, np.zeros(3))
