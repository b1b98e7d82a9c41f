"""Choose a model's scale and thresholds on real recordings that it was not trained on."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from anysound.models.bundled import BundledModel
from anysound.models.protocol import Embeddings
from anysound.reading import LabelReader
from training.clips import SEED
from training.text_data import read_bank

_SETS = 12  # of labels, for each recording and language
_OTHERS = 5  # labels beside the true one
_LANGUAGES = ("en", "zh")
_LOST = 0.1  # of the best labels, that a threshold for `none` gives up

Similarities = NDArray[np.float32]


def calibrate(model: BundledModel, heard: Embeddings, concepts: list[str]) -> dict[str, float]:
    """Choose the calibration of a model.

    Each recording is asked among six labels, its own and five of other concepts. The scale
    maximises the likelihood of the right one. ``none_below`` and ``none_rank`` each lose a tenth
    of the best labels; most that lose by one lose by the other. ``ambiguous_within`` is the least
    margin around which the first label is right three times in five.

    Args:
        model: Embeds the labels.
        heard: One row a recording.
        concepts: What each recording holds.
    """
    similarity = np.stack(list(_asked(model, heard, concepts)))
    scales = np.geomspace(4, 60, 60)
    likelihoods = [_log_softmax(scale * similarity)[:, 0].mean() for scale in scales]
    scale = float(scales[int(np.argmax(likelihoods))])
    best = similarity.max(axis=1)
    return {
        "scale": round(scale, 2),
        "none_below": round(float(np.quantile(best, _LOST)), 3),
        "none_rank": round(float(np.quantile(_ranks(model, heard, best), _LOST)), 3),
        "ambiguous_within": round(_doubtful_margin(np.exp(_log_softmax(scale * similarity))), 2),
    }


def _asked(model: BundledModel, heard: Embeddings, concepts: list[str]) -> Iterator[Similarities]:
    """Yield the similarities of sets of six labels, the true one first."""
    rng = np.random.default_rng([SEED, 20])
    bank = read_bank()
    for language in _LANGUAGES:
        rows = {name: model.embed_text(phrases[language]) for name, phrases in bank.items()}
        for row, own in zip(heard, concepts, strict=True):
            for _ in range(_SETS):
                others = rng.choice([name for name in rows if name != own], _OTHERS, replace=False)
                asked = [rows[name][rng.integers(len(rows[name]))] for name in (own, *others)]
                yield np.stack(asked) @ row


def _ranks(model: BundledModel, heard: Embeddings, best: Similarities) -> Similarities:
    """Return the share of labels of all kinds of sounds that fit a recording worse than ``best``.

    Args:
        model: Embeds the labels.
        heard: One row a recording.
        best: Of each label set that ``_asked`` yields, the best similarity.
    """
    others = heard @ LabelReader(model).embed_others().T
    of_sets = np.tile(np.repeat(others, _SETS, axis=0), (len(_LANGUAGES), 1))
    return np.asarray((of_sets < best[:, np.newaxis]).mean(axis=1), dtype=np.float32)


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
