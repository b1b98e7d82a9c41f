"""Whether labels are there, each by itself, rather than which one it is."""

import numpy as np

from anysound.models.protocol import Calibration
from anysound.scoring.probability import Similarities
from anysound.scoring.verdict import needed_similarity


def presence(
    similarities: Similarities,
    others: Similarities,
    weights: Similarities,
    calibration: Calibration,
) -> Similarities:
    """Score how surely each label is in a window.

    A label is there if it fits as well as a match must, and not much worse than the best one::

        sigmoid(scale * (s - needed)) * 2 sigmoid(scale * (s' - max s'))

    with ``s'`` the similarity with the label's weight, ``s + log(weight) / scale``. The second
    factor is 1 for the best label and a half for one that has a third of its odds: two sounds at
    once, or two names of one, are both there, and what merely resembles the sound is not. On
    planted sounds it did as well as the softmax with ``needed`` as one label more, in which two
    names of one sound are each as likely as not.

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
    return _sigmoid(fits) * 2 * _sigmoid(weighted - weighted.max())


def _sigmoid(logits: Similarities) -> Similarities:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)))
