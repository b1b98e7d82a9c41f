"""Similarities to probabilities over a label set."""

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Similarities = NDArray[np.float64]

_Float = TypeVar("_Float", np.float32, np.float64)

_TOWARDS_THE_BEST = 2.0
"""How much more than the model's scale the best window of a recording counts.

Measured on 240 recordings of 150 s with one sound of ESC-10 in pink noise, asked for ten labels:
92.9 % right against 90.8 % at 1, of which matches 76 % against 67 %; false matches of five other
labels 4.6 % against 2.5 %. The maximum names no more of them, and takes one odd window for the
whole.
"""


def pool_windows(similarities: Similarities, scale: float) -> Similarities:
    """Pool the windows of one recording into one similarity per label.

    The log-mean-exp at twice the model's scale lies between the mean and the maximum, near the
    latter: a sound that fills one window of many still counts, a faint resemblance in every window
    does not beat it, and nor does one odd window beat what is heard in all others.

    Args:
        similarities: Shape ``(n_windows, n_labels)``, at least one window.
        scale: The model's factor on similarities.

    Returns:
        Shape ``(n_labels,)``.
    """
    highest = similarities.max(axis=0)
    sharpness = _TOWARDS_THE_BEST * scale
    excess = np.exp(sharpness * (similarities - highest)).mean(axis=0)
    return np.asarray(highest + np.log(excess) / sharpness)


def pool_segments(
    similarities: NDArray[_Float], starts: NDArray[np.intp], scale: float
) -> NDArray[_Float]:
    """Pool the windows of many recordings at once, each as ``pool_windows`` does.

    Args:
        similarities: Of all windows, shape ``(n_windows, n_labels)``, in any precision.
        starts: The first window of each recording, ascending from 0, shape ``(n_recordings,)``.
        scale: The model's factor on similarities.

    Returns:
        Shape ``(n_recordings, n_labels)``.
    """
    if len(starts) == len(similarities):
        return similarities
    counts = np.diff(starts, append=len(similarities))
    highest = np.maximum.reduceat(similarities, starts, axis=0)
    sharpness = _TOWARDS_THE_BEST * scale
    excess = np.exp(sharpness * (similarities - np.repeat(highest, counts, axis=0)))
    means = np.add.reduceat(excess, starts, axis=0) / counts[:, np.newaxis].astype(excess.dtype)
    return np.asarray(highest + np.log(means) / sharpness)


def probabilities(similarities: Similarities, weights: Similarities, scale: float) -> Similarities:
    """Return the softmax over the label set.

    Weights are prior odds: they multiply a label's odds against each other label. A label that
    is written twice weighs two. So does a group of two labels: nothing is taken off for there
    being several, and a group of n labels has the prior of n.

    Args:
        similarities: Shape ``(n_labels,)``; ``-inf`` is a label that is out of the question.
        weights: Shape ``(n_labels,)``, each above 0; 1 is neutral.
        scale: The model's factor on similarities, or 1 if they are logits already.

    Returns:
        Shape ``(n_labels,)``; sums to 1, or is all 0 if every label is out of the question.
    """
    logits = scale * similarities + np.log(weights)
    if logits.max() == -np.inf:
        return np.zeros_like(logits)
    return softmax(logits)


def softmax(logits: Similarities) -> Similarities:
    """Return probabilities of the same shape; those along the last axis sum to 1."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))
