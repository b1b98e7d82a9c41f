"""Choose a model's scale and thresholds on real recordings that it was not trained on."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from anysound.models.bundled import BundledModel
from anysound.models.protocol import Embeddings
from training.clips import SEED
from training.text_data import read_bank

_SETS = 12  # of labels, for each recording and language
_OTHERS = 5  # labels beside the true one

Similarities = NDArray[np.float32]


def calibrate(model: BundledModel, heard: Embeddings, concepts: list[str]) -> dict[str, float]:
    """Choose the calibration of a model.

    Each recording is asked among six labels, its own and five of other concepts. The scale
    maximises the likelihood of the right one. ``none_below`` best tells the best label of these
    sets from the best of the five others alone, both kinds of error weighing the same.
    ``ambiguous_within`` is the least margin around which the first label is right three times in
    five.

    Args:
        model: Embeds the labels.
        heard: One row a recording.
        concepts: What each recording holds.
    """
    similarity = np.stack(list(_asked(model, heard, concepts)))
    scales = np.geomspace(4, 60, 60)
    likelihoods = [_log_softmax(scale * similarity)[:, 0].mean() for scale in scales]
    scale = float(scales[int(np.argmax(likelihoods))])
    return {
        "scale": round(scale, 2),
        "none_below": round(_threshold(similarity.max(axis=1), similarity[:, 1:].max(axis=1)), 3),
        "ambiguous_within": round(_doubtful_margin(np.exp(_log_softmax(scale * similarity))), 2),
    }


def _asked(model: BundledModel, heard: Embeddings, concepts: list[str]) -> Iterator[Similarities]:
    """Yield the similarities of sets of six labels, the true one first."""
    rng = np.random.default_rng([SEED, 20])
    bank = read_bank()
    for language in ("en", "zh"):
        rows = {name: model.embed_text(phrases[language]) for name, phrases in bank.items()}
        for row, own in zip(heard, concepts, strict=True):
            for _ in range(_SETS):
                others = rng.choice([name for name in rows if name != own], _OTHERS, replace=False)
                asked = [rows[name][rng.integers(len(rows[name]))] for name in (own, *others)]
                yield np.stack(asked) @ row


def _threshold(present: Similarities, absent: Similarities) -> float:
    edges = np.quantile(np.concatenate([present, absent]), np.linspace(0.01, 0.99, 99))
    balanced = [(present >= edge).mean() + (absent < edge).mean() for edge in edges]
    return float(edges[int(np.argmax(balanced))])


def _doubtful_margin(probability: NDArray[np.floating]) -> float:
    order = np.sort(probability, axis=1)
    margin, right = order[:, -1] - order[:, -2], probability.argmax(axis=1) == 0
    for edge in np.arange(0.04, 0.5, 0.02):
        near = np.abs(margin - edge) < 0.04
        if not near.any() or right[near].mean() >= 0.6:
            return float(edge)
    return 0.5


def _log_softmax(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    shifted = logits - logits.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
