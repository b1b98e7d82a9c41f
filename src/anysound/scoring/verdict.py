"""Whether the best label may be trusted."""

from typing import Literal, TypeAlias

from anysound.models.protocol import Calibration

Verdict: TypeAlias = Literal["match", "ambiguous", "none"]


def decide(best_similarity: float, margin: float, calibration: Calibration) -> Verdict:
    """Judge the best label of a recording.

    Args:
        best_similarity: The highest similarity among the labels.
        margin: How far the best probability is above the second, 1 for a single label.
        calibration: The model's thresholds.

    Returns:
        ``none`` if even the best label fits too badly, ``ambiguous`` if the second is too
        close, else ``match``.
    """
    if best_similarity < calibration.none_below:
        return "none"
    if margin < calibration.ambiguous_within:
        return "ambiguous"
    return "match"
