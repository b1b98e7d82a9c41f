"""Measures, against values reckoned by hand and by scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from anysound.evaluation.measures import (
    Share,
    by_label,
    calibration_error,
    confusion,
    mcnemar,
    mean_recall,
    reliability,
)

counts = st.integers(0, 300)


def test_wilsons_interval() -> None:
    # For 8 of 10, as statsmodels gives it.
    assert Share(8, 10).interval == pytest.approx((0.490162, 0.943318), abs=1e-6)
    assert Share(0, 0).interval is None
    assert Share(0, 0).value is None


@given(counts, counts)
def test_wilsons_interval_is_scipys(right: int, wrong: int) -> None:
    share = Share(right, right + wrong)
    if share.interval is None:
        assert share.total == 0
        return
    expected = binomtest(right, right + wrong).proportion_ci(0.95, method="wilson")
    assert share.interval == pytest.approx((expected.low, expected.high), abs=1e-9)
    assert share.interval[0] <= right / (right + wrong) + 1e-12


@given(counts, counts)
def test_mcnemar_is_the_binomial_test(first: int, second: int) -> None:
    assert 0 <= mcnemar(first, second) <= 1
    if first + second:
        expected = binomtest(first, first + second, 0.5).pvalue
        assert mcnemar(first, second) == pytest.approx(expected, abs=1e-9)


def test_mcnemar_of_nothing_and_of_much() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(1, 0) == 1.0
    assert mcnemar(0, 5) == pytest.approx(2 / 32)
    assert mcnemar(0, 100_000) == 0.0
    assert mcnemar(50_000, 50_000) == 1.0


def test_a_confusion_matrix_and_its_labels() -> None:
    #       a  b  c  answered
    # a     2  1  0
    # b     0  0  0
    # c     1  0  1
    table = confusion([0, 0, 0, 2, 2], [0, 0, 1, 0, 2], 3)
    assert table.tolist() == [[2, 1, 0], [0, 0, 0], [1, 0, 1]]
    a, b, c = by_label(table, ["a", "b", "c"])
    assert (a.precision, a.recall, a.f1, a.support) == (2 / 3, 2 / 3, pytest.approx(2 / 3), 3)
    assert (b.precision, b.recall, b.f1, b.support) == (0.0, None, 0.0, 0)
    assert (c.precision, c.recall, c.f1, c.support) == (1.0, 0.5, pytest.approx(2 / 3), 2)
    assert mean_recall([a, b, c]) == pytest.approx((2 / 3 + 1 / 2) / 2)


def test_a_label_that_is_neither_there_nor_answered() -> None:
    (_, absent) = by_label(confusion([0], [0], 2), ["a", "b"])
    assert (absent.precision, absent.recall, absent.f1) == (None, None, None)


def test_nothing_at_all() -> None:
    measures = by_label(confusion([], [], 2), ["a", "b"])
    assert mean_recall(measures) is None
    assert calibration_error(reliability([], [])) is None


def test_calibration_by_hand() -> None:
    bins = reliability([0.05, 0.92, 0.96, 1.0], [False, True, True, False])
    assert [each.right.total for each in bins] == [1, 0, 0, 0, 0, 0, 0, 0, 0, 3]
    assert bins[9].probability == pytest.approx(0.96)
    assert bins[9].right.value == pytest.approx(2 / 3)
    # (1 * |0.05 - 0| + 3 * |0.96 - 2/3|) / 4
    assert calibration_error(bins) == pytest.approx((0.05 + 3 * (0.96 - 2 / 3)) / 4)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1))
def test_each_answer_is_in_one_bin(answers: list[tuple[float, bool]]) -> None:
    bins = reliability([p for p, _ in answers], [right for _, right in answers])
    assert sum(each.right.total for each in bins) == len(answers)
    assert sum(each.right.count for each in bins) == sum(right for _, right in answers)
    for each in bins:
        if each.probability is not None:
            assert each.low - 1e-9 <= each.probability <= each.high + 1e-9
    error = calibration_error(bins)
    assert error is not None
    assert 0 <= error <= 1
    perfect = reliability([1.0] * 5, [True] * 5)
    assert calibration_error(perfect) == 0


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4))))
def test_measures_agree_with_the_matrix(pairs: list[tuple[int, int]]) -> None:
    table = confusion([t for t, _ in pairs], [a for _, a in pairs], 5)
    assert table.sum() == len(pairs)
    for each, row in zip(by_label(table, "abcde"), table, strict=True):
        assert each.support == row.sum()
        if each.precision and each.recall:
            assert each.f1 == pytest.approx(2 / (1 / each.precision + 1 / each.recall))
    assert np.trace(table) == sum(t == a for t, a in pairs)
