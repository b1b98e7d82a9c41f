"""What speaks for each label, where it is looked for and against what it is not."""

import math

import numpy as np
from numpy.typing import NDArray

from anysound.scoring.probability import Similarities

_TENTH_LOST = math.log(1 / 0.9)  # of a label's odds, as a logit


def lowered(similarities: Similarities, avoided: Similarities, scale: float) -> Similarities:
    """Lower a label's similarities by what it is not.

    A label keeps the share that it has against the phrases to avoid::

        logit' = logit + log(e^logit / (e^logit + sum of e^(scale * avoided)))

    which is an odds ratio: where a phrase to avoid fits as well as the label itself, the label's
    odds are halved; where it fits badly, they hardly change.

    Args:
        similarities: Of the label, shape ``(n_windows,)``.
        avoided: Of the phrases to avoid, shape ``(n_windows, n_avoided)``.
        scale: The model's factor on similarities.

    Returns:
        Shape ``(n_windows,)``, nowhere above ``similarities``.
    """
    excess = scale * (avoided - similarities[:, np.newaxis])
    lost = np.logaddexp.reduce(np.pad(excess, ((0, 0), (1, 0))), axis=1)
    return np.asarray(similarities - lost / scale)


def is_lowered(before: float, after: float, scale: float) -> bool:
    """Whether a similarity fell so far that a tenth of the label's odds or more is lost."""
    return scale * (before - after) >= _TENTH_LOST


def log_evidence(
    own: Similarities, parts: Similarities, asked: NDArray[np.intp], scale: float
) -> Similarities:
    """Compare labels that are looked for in different parts of a recording.

    A similarity says little by itself: in a part where everything fits better, it is worth less.
    So a label is judged by its share among all labels on the part that it is about, where
    another label counts with no more than it can claim where it is looked for itself::

        evidence[i] = scale * own[i] - log(sum over all j of e^(scale * min(parts[a, j], own[j])))

    with ``a`` the part of label ``i``. Without the limit, a beep at the start would take rain's
    share of the whole recording although it may be named only at the end, and what little share
    it has there would win. What follows:

    - If all labels are asked about one part, this is the plain softmax on that part.
    - Labels that are asked about the same part keep the odds between them, wherever others are
      looked for and whatever lowers those.
    - A label whose part could not be heard is as if it were not in the set.

    Weights are not in the sum: they multiply a label's odds, whatever parts there are.

    Args:
        own: Each label's similarity to its part, lowered by what it is not, shape
            ``(n_labels,)``; ``-inf`` if its part could not be heard.
        parts: Similarity of every label to every part that could be heard, shape
            ``(n_parts, n_labels)``, at least one part.
        asked: Row in ``parts`` of each label's part, shape ``(n_labels,)``; any row if its part
            could not be heard.
        scale: The model's factor on similarities.

    Returns:
        Shape ``(n_labels,)``, up to one constant for all labels.
    """
    level = np.logaddexp.reduce(scale * np.minimum(parts, own), axis=1)
    # With one part, nothing at all is taken off: the very bits of a plain softmax.
    return np.asarray(scale * own - (level - level[0])[asked])
