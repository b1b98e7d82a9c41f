"""Whether the best label may be trusted."""

from typing import Literal, TypeAlias

import numpy as np

from anysound.models.protocol import Calibration
from anysound.scoring.probability import Similarities

Verdict: TypeAlias = Literal["match", "ambiguous", "none"]

AS_GOOD = 1e-6
"""Similarities that are no further apart are the same: a label may itself be one of all kinds."""


def decide(
    best_similarity: float | None, margin: float, needed: float, calibration: Calibration
) -> Verdict:
    """Judge the best label of a recording.

    Args:
        best_similarity: The best label's own similarity, lowered by what it is not; None if it
            could not be heard.
        margin: How far the best probability is above the second; a single label's is its
            probability.
        needed: The similarity that it must reach, of ``needed_similarity``.
        calibration: The model's thresholds.

    Returns:
        ``none`` if even the best label fits too badly, ``ambiguous`` if the second is too
        close, else ``match``.
    """
    if best_similarity is None or best_similarity < needed - AS_GOOD:
        return "none"
    if margin < calibration.ambiguous_within:
        return "ambiguous"
    return "match"


def needed_similarity(others: Similarities, calibration: Calibration) -> float:
    """Return the similarity that a label must reach to be a match.

    Some recordings are near to any label, and some to none. So a label is compared with labels of
    all kinds of sounds, as well as with a fixed threshold.

    Args:
        others: Similarities of labels of all kinds of sounds to the same part, shape ``(n,)``.
        calibration: The model's thresholds.
    """
    if not calibration.none_rank or not len(others):
        return calibration.none_below
    rank = int(calibration.none_rank * (len(others) - 1))
    return max(calibration.none_below, float(np.sort(others)[rank]))
