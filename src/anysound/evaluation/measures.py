"""How often answers were right, and how far that can be relied on."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Z = 1.959963984540054
"""Of the 95 % interval."""

BINS = 10

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Share:
    """How many of some things are so.

    Attributes:
        count: How many.
        total: Of how many.
    """

    count: int
    total: int

    @property
    def value(self) -> float | None:
        """The share; None of nothing."""
        return self.count / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The 95 % interval (Wilson 1927); None of nothing."""
        if not self.total:
            return None
        share, total = self.count / self.total, self.total
        centre = share + Z * Z / (2 * total)
        half = Z * math.sqrt(share * (1 - share) / total + Z * Z / (4 * total * total))
        scale = 1 + Z * Z / total
        return max((centre - half) / scale, 0.0), min((centre + half) / scale, 1.0)

    def to_dict(self) -> dict[str, Any]:
        """Return the share, ready for JSON."""
        interval = list(self.interval) if self.interval else None
        return {
            "share": self.value,
            "count": self.count,
            "total": self.total,
            "interval": interval,
        }


@dataclass(frozen=True)
class LabelMeasure:
    """How well one label is told from the others.

    Attributes:
        label: Its name.
        precision: How often it is right when it comes first; None if it never does.
        recall: How often it comes first when it is right; None if it never is.
        f1: Their harmonic mean; None if the label neither came first nor was right.
        support: How many recordings hold it.
    """

    label: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int

    def to_dict(self) -> dict[str, Any]:
        """Return the measure, ready for JSON."""
        return {
            "label": self.label,
            "precision": self.precision,
            "recall": self.recall,
            "f1": self.f1,
            "support": self.support,
        }


@dataclass(frozen=True)
class Bin:
    """Answers of about the same probability.

    Attributes:
        low: The least probability of the bin.
        high: Its end.
        probability: The answers' mean probability; None if there are no answers.
        right: How many of them are right.
    """

    low: float
    high: float
    probability: float | None
    right: Share

    def to_dict(self) -> dict[str, Any]:
        """Return the bin, ready for JSON."""
        return {
            "low": self.low,
            "high": self.high,
            "probability": self.probability,
            "right": self.right.to_dict(),
        }


def confusion(truth: Sequence[int], answers: Sequence[int], labels: int) -> Counts:
    """Count the answers by true label (row) and answered label (column)."""
    counts = np.zeros((labels, labels), dtype=np.int64)
    np.add.at(counts, (np.asarray(truth, dtype=int), np.asarray(answers, dtype=int)), 1)
    return counts


def by_label(counts: Counts, names: Sequence[str]) -> tuple[LabelMeasure, ...]:
    """Measure each label of a confusion matrix."""
    measures = []
    for index, name in enumerate(names):
        hits = int(counts[index, index])
        support, answered = int(counts[index].sum()), int(counts[:, index].sum())
        measures.append(
            LabelMeasure(
                label=name,
                precision=hits / answered if answered else None,
                recall=hits / support if support else None,
                f1=2 * hits / (support + answered) if support + answered else None,
                support=support,
            )
        )
    return tuple(measures)


def mean_recall(measures: Sequence[LabelMeasure]) -> float | None:
    """Return the mean recall of the labels that were there: each label counts the same."""
    recalls = [each.recall for each in measures if each.recall is not None]
    return sum(recalls) / len(recalls) if recalls else None


def reliability(probabilities: Sequence[float], right: Sequence[bool]) -> tuple[Bin, ...]:
    """Sort answers into ten bins by their probability; 1 belongs to the last."""
    which = np.minimum((np.asarray(probabilities) * BINS).astype(int), BINS - 1)
    bins = []
    for index in range(BINS):
        inside = which == index
        total = int(inside.sum())
        bins.append(
            Bin(
                low=index / BINS,
                high=(index + 1) / BINS,
                probability=float(np.mean(np.asarray(probabilities)[inside])) if total else None,
                right=Share(int(np.asarray(right, dtype=bool)[inside].sum()), total),
            )
        )
    return tuple(bins)


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Return the expected calibration error: how far probability and share lie apart."""
    total = sum(each.right.total for each in bins)
    if not total:
        return None
    apart = 0.0
    for each in bins:
        if each.probability is not None and each.right.value is not None:
            apart += each.right.total * abs(each.probability - each.right.value)
    return apart / total


def mcnemar(only_first: int, only_second: int) -> float:
    """Return the p-value of McNemar's exact test, two-sided.

    How likely a difference as large as this is by chance, where two wordings are equally good.

    Args:
        only_first: Recordings that only the first got right.
        only_second: Recordings that only the second got right.
    """
    total, fewer = only_first + only_second, min(only_first, only_second)
    if total == 0:
        return 1.0
    logs = [
        math.lgamma(total + 1) - math.lgamma(k + 1) - math.lgamma(total - k + 1)
        for k in range(fewer + 1)
    ]
    tail = math.fsum(math.exp(log - total * math.log(2)) for log in logs)
    return min(1.0, 2 * tail)
