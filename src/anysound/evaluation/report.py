"""What came of an evaluation: measures of each wording, and wordings against the first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from anysound.evaluation.measures import (
    Bin,
    Counts,
    LabelMeasure,
    Share,
    by_label,
    calibration_error,
    confusion,
    mcnemar,
    mean_recall,
    reliability,
)
from anysound.evaluation.run import Answer, Asked
from anysound.evaluation.truth import Truth
from anysound.evaluation.wordings import Wording


@dataclass(frozen=True)
class Verdicts:
    """What the verdicts were worth.

    Attributes:
        match_right: Of the recordings that matched, those whose label was right.
        ambiguous: Recordings with a true label whose verdict was ``ambiguous``.
        wrongly_none: Recordings with a true label whose verdict was ``none``.
        rightly_none: Recordings without a true label whose verdict was ``none``.
    """

    match_right: Share
    ambiguous: Share
    wrongly_none: Share
    rightly_none: Share

    def to_dict(self) -> dict[str, Any]:
        """Return the verdicts, ready for JSON."""
        return {
            "match_right": self.match_right.to_dict(),
            "ambiguous": self.ambiguous.to_dict(),
            "wrongly_none": self.wrongly_none.to_dict(),
            "rightly_none": self.rightly_none.to_dict(),
        }


@dataclass(frozen=True)
class WordingReport:
    """How well one wording did.

    All but the verdicts is about recordings with a true label, and asks whether the first label
    is the right one, whatever the verdict: so wordings compare without any threshold.

    Attributes:
        wording: How the question was put.
        accuracy: Recordings whose first label is right.
        mean_recall: Mean recall of the labels, each counting the same.
        labels: Each label's measures, in the user's order.
        confusion: By true label (row) and first label (column).
        bins: The first labels' probabilities against how often they are right.
        calibration_error: How far the two lie apart.
        verdicts: What the verdicts were worth.
    """

    wording: Wording
    accuracy: Share
    mean_recall: float | None
    labels: tuple[LabelMeasure, ...]
    confusion: Counts
    bins: tuple[Bin, ...]
    calibration_error: float | None
    verdicts: Verdicts

    @property
    def names(self) -> list[str]:
        """Names of the labels."""
        return [label.name for label in self.wording.labels]

    def to_dict(self) -> dict[str, Any]:
        """Return the report, ready for JSON."""
        return {
            "wording": self.wording.name,
            "template": self.wording.template,
            "phrases": {label.name: list(label.phrases) for label in self.wording.labels},
            "accuracy": self.accuracy.to_dict(),
            "mean_recall": self.mean_recall,
            "per_label": [each.to_dict() for each in self.labels],
            "confusion": {"labels": self.names, "counts": self.confusion.tolist()},
            "calibration": {
                "expected_error": self.calibration_error,
                "bins": [each.to_dict() for each in self.bins],
            },
            "verdicts": self.verdicts.to_dict(),
        }


@dataclass(frozen=True)
class Comparison:
    """Two wordings on the same recordings.

    Attributes:
        first: Name of one wording.
        second: Name of the other.
        only_first: Recordings that only the first got right.
        only_second: Recordings that only the second got right.
    """

    first: str
    second: str
    only_first: int
    only_second: int

    @property
    def p_value(self) -> float:
        """How likely such a difference is by chance (McNemar's exact test)."""
        return mcnemar(self.only_first, self.only_second)

    def to_dict(self) -> dict[str, Any]:
        """Return the comparison, ready for JSON."""
        return {
            "first": self.first,
            "second": self.second,
            "only_first": self.only_first,
            "only_second": self.only_second,
            "p_value": self.p_value,
        }


def measure(wording: Wording, answers: Sequence[Answer], truth: Truth) -> WordingReport:
    """Measure a wording.

    Args:
        wording: How the question was put.
        answers: One a recording that did not fail.
        truth: The index of each one's true label, or None.
    """
    labelled = [(each, true) for each, true in zip(answers, truth, strict=True) if true is not None]
    trues = [true for _, true in labelled]
    firsts = [each.label for each, _ in labelled]
    right = [each.label == true for each, true in labelled]
    names = [label.name for label in wording.labels]
    counts = confusion(trues, firsts, len(names))
    labels = by_label(counts, names)
    bins = reliability([each.probability for each, _ in labelled], right)
    return WordingReport(
        wording=wording,
        accuracy=Share(sum(right), len(right)),
        mean_recall=mean_recall(labels),
        labels=labels,
        confusion=counts,
        bins=bins,
        calibration_error=calibration_error(bins),
        verdicts=_verdicts(answers, truth),
    )


def _verdicts(answers: Sequence[Answer], truth: Truth) -> Verdicts:
    """Count verdicts; a match of a recording without a true label is a wrong one."""
    pairs = list(zip(answers, truth, strict=True))
    matches = [each.label == true for each, true in pairs if each.verdict == "match"]
    labelled = [each.verdict for each, true in pairs if true is not None]
    others = [each.verdict for each, true in pairs if true is None]
    return Verdicts(
        match_right=Share(sum(matches), len(matches)),
        ambiguous=Share(labelled.count("ambiguous"), len(labelled)),
        wrongly_none=Share(labelled.count("none"), len(labelled)),
        rightly_none=Share(others.count("none"), len(others)),
    )


def compare(
    reports: Sequence[WordingReport], asked: Sequence[Asked], truths: Sequence[Truth]
) -> tuple[Comparison, ...]:
    """Compare each wording with the first, on the recordings that have a true label in both.

    Args:
        reports: One a wording.
        asked: The recordings that did not fail.
        truths: For each wording, the true label of each of these.
    """
    right = np.array(
        [
            [each.answers[index].label == true for each, true in zip(asked, truth, strict=True)]
            for index, truth in enumerate(truths)
        ],
        dtype=bool,
    )
    comparisons = []
    for index in range(1, len(reports)):
        both = [
            a is not None and b is not None for a, b in zip(truths[0], truths[index], strict=True)
        ]
        first, second = right[0][both], right[index][both]
        comparisons.append(
            Comparison(
                reports[0].wording.name,
                reports[index].wording.name,
                int((first & ~second).sum()),
                int((second & ~first).sum()),
            )
        )
    return tuple(comparisons)


def confusions(report: WordingReport, most: int) -> list[tuple[str, str, int]]:
    """Return the most frequent confusions: true label, first label, how often."""
    found = [
        (report.names[true], report.names[first], int(count))
        for (true, first), count in np.ndenumerate(report.confusion)
        if true != first and count
    ]
    return sorted(found, key=lambda each: -each[2])[:most]
