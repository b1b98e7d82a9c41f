"""Folds: whole groups, even labels, the same every time."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from anysound.evaluation.folds import assign_folds


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 9)), min_size=1), st.integers(2, 5))
def test_groups_stay_whole(pairs: list[tuple[int, int]], k: int) -> None:
    labels, groups = [label for label, _ in pairs], [group for _, group in pairs]
    folds = assign_folds(labels, groups, k)
    assert set(folds) <= set(range(k))
    for group in set(groups):
        assert (
            len({int(fold) for fold, own in zip(folds, groups, strict=True) if own == group}) == 1
        )
    assert np.array_equal(folds, assign_folds(labels, groups, k))


@given(st.lists(st.integers(0, 3), min_size=1), st.integers(2, 5))
def test_labels_are_spread_evenly(labels: list[int], k: int) -> None:
    folds = assign_folds(labels, range(len(labels)), k)
    for label in set(labels):
        sizes = [
            sum(1 for f, own in zip(folds, labels, strict=True) if (f, own) == (fold, label))
            for fold in range(k)
        ]
        assert max(sizes) - min(sizes) <= 1


def test_a_sorted_table_is_not_cut_in_its_order() -> None:
    folds = assign_folds([0] * 50, range(50), 5)
    assert len(set(folds[:10].tolist())) > 2
