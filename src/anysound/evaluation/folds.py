"""Recordings split into folds, so that nothing is measured on what it was chosen on."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

SEED = 20


def assign_folds(labels: Sequence[int], groups: Sequence[Hashable], k: int) -> NDArray[np.int64]:
    """Give each recording a fold: groups stay whole, and labels are spread evenly.

    The same recordings give the same folds.

    Args:
        labels: The true label of each recording.
        groups: Recordings with the same are kept together.
        k: How many folds there are.

    Returns:
        The fold of each recording, from 0.
    """
    members: dict[Hashable, list[int]] = {}
    for index, group in enumerate(groups):
        members.setdefault(group, []).append(index)
    whole = list(members.values())
    # An order that has nothing to do with how the table happens to be sorted; then the largest
    # first, since the small ones even out what these leave uneven.
    shuffled = [whole[at] for at in np.random.default_rng(SEED).permutation(len(whole))]
    filled = [Counter[int]() for _ in range(k)]
    folds = np.zeros(len(labels), dtype=np.int64)
    for rows in sorted(shuffled, key=len, reverse=True):
        own = Counter(labels[index] for index in rows)
        fold = _least_filled(filled, own)
        folds[rows] = fold
        filled[fold].update(own)
    return folds


def _least_filled(filled: Sequence[Counter[int]], own: Iterable[int]) -> int:
    """Return the fold with the fewest recordings of these labels, and then of any."""

    def fill(fold: int) -> tuple[int, int]:
        counts = filled[fold]
        return sum(counts[label] for label in own), counts.total()

    return min(range(len(filled)), key=fill)
