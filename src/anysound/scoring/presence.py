"""Whether labels are there, each by itself, rather than which one it is."""

import numpy as np

from anysound.models.protocol import Calibration
from anysound.scoring.probability import Similarities
from anysound.scoring.verdict import needed_similarity

_BEHIND = 1.0
"""Logits that a label may be behind the best and still be there as surely as not.

Two sounds at once, or two names of one, share a window: with 0 only one of them is ever there. With
no limit, whatever resembles the sound is. Chosen on planted sounds, one at a time and overlapping.
"""


def presence(
    similarities: Similarities,
    others: Similarities,
    weights: Similarities,
    calibration: Calibration,
) -> Similarities:
    """Score how surely each label is in a window.

    A label is there if it fits as well as a match must, and hardly worse than the best one::

        min(sigmoid(scale * (s - needed)), sigmoid(scale * (s' - max s') + 1))

    with ``s'`` the similarity with the label's weight, ``s + log(weight) / scale``.

    Args:
        similarities: Of the labels, lowered by what they are not, shape ``(n_labels,)``.
        others: Of labels of all kinds of sounds, shape ``(n,)``.
        weights: Of the labels, each above 0.
        calibration: The model's thresholds.

    Returns:
        Shape ``(n_labels,)``, from 0 to 1; a half is as surely as not.
    """
    scale = calibration.scale
    fits = scale * (similarities - needed_similarity(others, calibration))
    weighted = scale * similarities + np.log(weights)
    return _sigmoid(np.minimum(fits, weighted - weighted.max() + _BEHIND))


def _sigmoid(logits: Similarities) -> Similarities:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))
