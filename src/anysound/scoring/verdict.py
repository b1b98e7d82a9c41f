"""Whether the best label may be trusted."""

from typing import Literal, TypeAlias

from anysound.models.protocol import Calibration

Verdict: TypeAlias = Literal["match", "ambiguous", "none"]


def decide(best_similarity: float | None, margin: float, calibration: Calibration) -> Verdict:
    """Judge the best label of a recording.

    Args:
        best_similarity: The best label's own similarity, lowered by what it is not; None if it
            could not be heard.
        margin: How far the best probability is above the second; a single label's is its
            probability.
        calibration: The model's thresholds.

    Returns:
        ``none`` if even the best label fits too badly, ``ambiguous`` if the second is too
        close, else ``match``.
    """
    if best_similarity is None or best_similarity < calibration.none_below:
        return "none"
    if margin < calibration.ambiguous_within:
        return "ambiguous"
    return "match"
