import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anysound.scoring import pool_segments, pool_windows, probabilities

similarities = arrays(
    np.float64, st.integers(1, 8), elements=st.floats(-1, 1, allow_subnormal=False)
)


@given(similarities, st.floats(1, 100))
def test_probabilities_sum_to_one_and_keep_the_order(values: np.ndarray, scale: float) -> None:
    result = probabilities(values, np.ones(len(values)), scale)
    assert abs(result.sum() - 1) < 1e-12
    assert result.argmax() == values.argmax() or np.isclose(
        values[result.argmax()], values.max(), atol=1e-12
    )


def test_a_weight_multiplies_the_odds() -> None:
    even = probabilities(np.array([0.3, 0.3]), np.array([1.0, 1.0]), 20.0)
    doubled = probabilities(np.array([0.3, 0.3]), np.array([2.0, 1.0]), 20.0)
    np.testing.assert_allclose(even, [0.5, 0.5])
    np.testing.assert_allclose(doubled, [2 / 3, 1 / 3])


@given(st.floats(1, 100), arrays(np.float64, (5, 3), elements=st.floats(-1, 1)))
def test_pooling_lies_between_mean_and_maximum(scale: float, windows: np.ndarray) -> None:
    pooled = pool_windows(windows, scale)
    assert (pooled <= windows.max(axis=0) + 1e-9).all()
    assert (pooled >= windows.mean(axis=0) - 1e-9).all()


def test_a_lone_window_is_taken_as_it_is() -> None:
    window = np.array([[0.1, 0.2, 0.3]])
    np.testing.assert_array_equal(pool_windows(window, 20.0), window[0])


def test_one_clear_window_beats_a_faint_likeness_in_all() -> None:
    windows = np.array([[0.05, 0.2]] * 9 + [[0.7, 0.2]])
    pooled = pool_windows(windows, 20.0)
    assert pooled[0] > pooled[1]


@given(
    st.floats(1, 100),
    arrays(np.float64, (9, 3), elements=st.floats(-1, 1)),
    st.sets(st.integers(1, 8)),
)
def test_many_recordings_are_pooled_as_each_is(
    scale: float, windows: np.ndarray, cuts: set[int]
) -> None:
    starts = np.array([0, *sorted(cuts)])
    each = [pool_windows(some, scale) for some in np.split(windows, starts[1:])]
    np.testing.assert_allclose(pool_segments(windows, starts, scale), each, atol=1e-9)
    single = pool_segments(windows.astype(np.float32), starts, scale)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, each, atol=1e-4)
