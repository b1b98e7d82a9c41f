"""Verdict thresholds fitted on a table, and what they do to recordings they were not fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anysound.classifier import Classifier
from anysound.errors import UsageError
from anysound.evaluation.folds import assign_folds
from anysound.evaluation.hearing import answer
from anysound.evaluation.measures import Share
from anysound.evaluation.run import Answer, Asked
from anysound.evaluation.truth import Truth
from anysound.evaluation.wordings import Wording
from anysound.labels import LabelSet
from anysound.language import Text
from anysound.models import ModelInfo
from anysound.scoring.thresholds import Thresholds

FEWEST = 10
"""Recordings with a true label, and questions without one, that a fit needs."""

_FOLDS = 5
_NEAR = 0.04  # margins that count as about the same
_FEWEST_NEAR = 5
_OFTEN_RIGHT = 0.6

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """What thresholds are fitted on, one value a recording.

    Attributes:
        present: The best label's similarity, where a true label is in the set; else NaN.
        absent: The best label's similarity where none is: the true label was taken out, or there is
            none; NaN where nothing was left to ask.
        needed: What ``present`` had to reach by the model's own thresholds.
        needed_absent: What ``absent`` had to reach.
        margin: How far the best label is ahead, where a true label is in the set; else NaN.
        right: Whether the best label is the true one.
    """

    present: Values
    absent: Values
    needed: Values
    needed_absent: Values
    margin: Values
    right: NDArray[np.bool_]

    def of(self, rows: NDArray[np.bool_]) -> "Examples":
        """Return some of the examples."""
        return Examples(
            self.present[rows],
            self.absent[rows],
            self.needed[rows],
            self.needed_absent[rows],
            self.margin[rows],
            self.right[rows],
        )


@dataclass(frozen=True)
class Effect:
    """What thresholds do.

    Attributes:
        wrongly_none: Recordings whose true label is in the set that got ``none``.
        rightly_none: Recordings whose true label is not in the set that got ``none``.
        ambiguous: Recordings whose true label is in the set that got ``ambiguous``.
        match_right: Of these recordings' matches, those with the right label.
    """

    wrongly_none: Share
    rightly_none: Share
    ambiguous: Share
    match_right: Share

    def to_dict(self) -> dict[str, Any]:
        """Return the effect, ready for JSON."""
        return {
            "wrongly_none": self.wrongly_none.to_dict(),
            "rightly_none": self.rightly_none.to_dict(),
            "ambiguous": self.ambiguous.to_dict(),
            "match_right": self.match_right.to_dict(),
        }


@dataclass(frozen=True)
class Fit:
    """Thresholds, and what to expect of them.

    Attributes:
        thresholds: Fitted on all recordings.
        held_out: What thresholds fitted in the same way do to recordings left out of the fit.
        model_own: What the model's own thresholds do to the same recordings.
        folds: How many times a part was left out.
    """

    thresholds: Thresholds
    held_out: Effect
    model_own: Effect
    folds: int

    def to_dict(self) -> dict[str, Any]:
        """Return the fit, ready for JSON."""
        return {
            **self.thresholds.to_dict(),
            "folds": self.folds,
            "held_out": self.held_out.to_dict(),
            "model_own": self.model_own.to_dict(),
        }


def fit_thresholds(
    classifier: Classifier, wording: Wording, asked: Sequence[Asked], truth: Truth
) -> Fit:
    """Fit the thresholds, and cross-validate them.

    Args:
        classifier: Answers in the wording.
        wording: How the question is put.
        asked: The recordings that did not fail, with what was heard.
        truth: The index of each one's true label, or None.

    Raises:
        UsageError: There are too few recordings.
    """
    examples = _examples(classifier, wording, asked, truth)
    _check_enough(examples)
    labels = [-1 if true is None else true for true in truth]
    groups = [each.row.group or index for index, each in enumerate(asked)]
    folds = assign_folds(labels, groups, _FOLDS)
    info = classifier.model.info
    none_below = np.zeros(len(asked))
    ambiguous_within = np.zeros(len(asked))
    for fold in range(_FOLDS):
        out = folds == fold
        none_below[out], ambiguous_within[out] = _fit(examples.of(~out), info)
    return Fit(
        thresholds=Thresholds(*_fit(examples, info), info.id, info.revision),
        held_out=_effect(examples, _Levels(none_below, none_below, ambiguous_within)),
        model_own=_effect(
            examples,
            _Levels(
                examples.needed,
                examples.needed_absent,
                np.full(len(asked), info.calibration.ambiguous_within),
            ),
        ),
        folds=_FOLDS,
    )


def _examples(
    classifier: Classifier, wording: Wording, asked: Sequence[Asked], truth: Truth
) -> Examples:
    others = [
        LabelSet(label for label in wording.labels if label is not out) for out in wording.labels
    ]
    without: list[Answer | None] = []
    for each, true in zip(asked, truth, strict=True):
        if true is None:
            without.append(each.answers[0])
        elif each.hearing is not None and others[true]:
            given = answer(classifier, each.hearing, others[true])
            without.append(Answer.of(given, others[true]))
        else:
            without.append(None)
    has_label = np.array([true is not None for true in truth])
    first = [each.answers[0] for each in asked]
    return Examples(
        present=np.where(has_label, [each.similarity for each in first], np.nan),
        absent=np.array([each.similarity if each else np.nan for each in without]),
        needed=np.array([each.needed for each in first]),
        needed_absent=np.array([each.needed if each else np.nan for each in without]),
        margin=np.where(has_label, [each.margin for each in first], np.nan),
        right=np.array([each.label == true for each, true in zip(first, truth, strict=True)]),
    )


def _check_enough(examples: Examples) -> None:
    present, absent = (int(np.isfinite(x).sum()) for x in (examples.present, examples.absent))
    if min(present, absent) < FEWEST:
        raise UsageError(
            Text(
                en=f"Thresholds can't be fitted on {present} recordings with a label and {absent} "
                f"questions without one: it takes {FEWEST} of each. Add recordings, or a second "
                "label.",
                zh=f"有标签的录音 {present} 段、不含真实标签的提问 {absent} 次，不足以拟合阈值："
                f"两者至少各需 {FEWEST}。请增加录音，或至少写两个标签。",
            )
        )


def _fit(examples: Examples, info: ModelInfo) -> tuple[float, float]:
    present, absent = _finite(examples.present), _finite(examples.absent)
    none_below = info.calibration.none_below
    if len(present) and len(absent):
        none_below = best_divide(present, absent)
    has_label = np.isfinite(examples.margin)
    margin = doubtful_margin(examples.margin[has_label], examples.right[has_label])
    return round(none_below, 3), round(margin, 2)


def best_divide(present: Values, absent: Values) -> float:
    """Return what best tells the present from the absent, both kinds of error weighing the same.

    Where several edges are as good, it is the middle one.
    """
    values = np.unique(np.concatenate([present, absent]))
    halfway = (values[1:] + values[:-1]) / 2
    between = np.where(halfway > values[:-1], halfway, values[1:])  # nothing may lie between two
    edges = np.concatenate([[values[0]], between, [np.nextafter(values[-1], 2)]])
    ordered_present, ordered_absent = np.sort(present), np.sort(absent)
    kept = 1 - np.searchsorted(ordered_present, edges) / len(present)
    refused = np.searchsorted(ordered_absent, edges) / len(absent)
    balanced = kept + refused
    best = np.flatnonzero(balanced >= balanced.max() - 1e-12)
    return float(edges[best[(len(best) - 1) // 2]])


def doubtful_margin(margin: Values, right: NDArray[np.bool_]) -> float:
    """Return the least margin around which the first label is right three times in five."""
    if not len(margin):
        return 0.0
    for edge in np.arange(0.0, 0.5, 0.02):
        distance = np.abs(margin - edge)
        near = distance < max(_NEAR, np.sort(distance)[:_FEWEST_NEAR][-1] + 1e-12)
        if right[near].mean() >= _OFTEN_RIGHT:
            return float(edge)
    return 0.5


@dataclass(frozen=True)
class _Levels:
    """What is asked of each recording: with its label in the set, without it, and as a margin."""

    present: Values
    absent: Values
    margin: Values


def _effect(examples: Examples, levels: _Levels) -> Effect:
    has_label, asked_without = np.isfinite(examples.present), np.isfinite(examples.absent)
    none = has_label & (examples.present < levels.present)
    ambiguous = has_label & ~none & (examples.margin < levels.margin)
    match = has_label & ~none & ~ambiguous
    refused = asked_without & (examples.absent < levels.absent)
    total = int(has_label.sum())
    return Effect(
        wrongly_none=Share(int(none.sum()), total),
        rightly_none=Share(int(refused.sum()), int(asked_without.sum())),
        ambiguous=Share(int(ambiguous.sum()), total),
        match_right=Share(int((match & examples.right).sum()), int(match.sum())),
    )


def _finite(values: Values) -> Values:
    return np.asarray(values[np.isfinite(values)])
