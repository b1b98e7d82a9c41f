"""Measure wordings on a table of recordings with their true labels."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anysound.classifier import Classifier, Labels
from anysound.errors import UsageError
from anysound.evaluation.candidates import Synonyms, no_synonyms
from anysound.evaluation.fitting import Fit, fit_thresholds
from anysound.evaluation.report import Comparison, WordingReport, compare, measure
from anysound.evaluation.run import Asked, OnProgress, ask_all
from anysound.evaluation.suggest import Suggestion, suggest
from anysound.evaluation.table import TrueTable, read_table
from anysound.evaluation.truth import Truth, find_truth, read_map
from anysound.evaluation.wordings import Wording, read_wordings
from anysound.language import Text
from anysound.models import ModelInfo


@dataclass(frozen=True)
class EvaluationOptions:
    """What is to be measured.

    Attributes:
        table: Recordings with their true labels.
        labels: The label sets.
        templates: Sentences to compare as well; with ``suggest``, to try.
        mapped: ``TRUE=NAME`` entries, for true labels that are named otherwise.
        suggest: Whether to look for better phrases.
        fit: Whether to fit verdict thresholds.
        synonyms: Knows other phrases for ``suggest``.
        workers: Recordings heard side by side, None is one per core.

    Raises:
        UsageError: There is no label set, or several where only one makes sense.
    """

    table: Path
    labels: tuple[Labels, ...]
    templates: tuple[str, ...] = ()
    mapped: tuple[str, ...] = ()
    suggest: bool = False
    fit: bool = False
    synonyms: Synonyms = no_synonyms
    workers: int | None = None

    def __post_init__(self) -> None:
        if not self.labels:
            raise UsageError(Text(en="There are no labels: add -l.", zh="没有标签：请加上 -l。"))
        is_several = len(self.labels) > 1 or (self.templates and not self.suggest)
        if (self.suggest or self.fit) and is_several:
            raise UsageError(
                Text(
                    en="Phrases are suggested, and thresholds fitted, for one wording: give one -l "
                    "(and --template with --suggest only).",
                    zh="推荐措辞和拟合阈值都只能针对一组标签：请只写一个 -l（--template 只能与 "
                    "--suggest 一起使用）。",
                )
            )


@dataclass(frozen=True)
class Plan:
    """What is to be asked, and the right answers: all that can be known without a model.

    Attributes:
        options: What is to be measured.
        table: What it is measured on.
        wordings: How the question is put.
        truths: For each wording, the true label of each recording.
    """

    options: EvaluationOptions
    table: TrueTable
    wordings: tuple[Wording, ...]
    truths: tuple[Truth, ...]


@dataclass(frozen=True)
class Evaluation:
    """What came of it.

    Attributes:
        table: What was measured on.
        model: What answered.
        asked: One a recording, in the table's order, failed ones too.
        truths: For each wording, the true label of each recording.
        reports: One a wording.
        comparisons: Each wording but the first against the first.
        suggestion: Better phrases, if they were asked for.
        fit: Thresholds, if they were asked for and could be fitted.
        unfitted: Why they could not.
    """

    table: TrueTable
    model: ModelInfo
    asked: tuple[Asked, ...]
    truths: tuple[Truth, ...]
    reports: tuple[WordingReport, ...]
    comparisons: tuple[Comparison, ...]
    suggestion: Suggestion | None = None
    fit: Fit | None = None
    unfitted: Text | None = None

    @property
    def failed(self) -> tuple[Asked, ...]:
        """The recordings that could not be read."""
        return tuple(each for each in self.asked if each.error)

    @property
    def warned(self) -> int:
        """How many recordings were read with warnings."""
        return sum(each.warned for each in self.asked)

    def to_dict(self) -> dict[str, Any]:
        """Return everything but the single answers, ready for JSON."""
        return {
            "table": str(self.table.path),
            "model": self.model.id,
            "revision": self.model.revision,
            "precision": self.model.precision,
            "recordings": len(self.asked),
            "repeated": self.table.repeated,
            "warned": self.warned,
            "failed": [
                {"recording": each.row.recording, "error": str(each.error)} for each in self.failed
            ],
            "wordings": [each.to_dict() for each in self.reports],
            "comparisons": [each.to_dict() for each in self.comparisons],
            "suggestion": self.suggestion.to_dict() if self.suggestion else None,
            "thresholds": self.fit.to_dict() if self.fit else None,
            "unfitted": str(self.unfitted) if self.unfitted else None,
        }


def plan(options: EvaluationOptions) -> Plan:
    """Read the table and the labels, and find the true labels among them.

    Raises:
        UsageError: The table is wrong, or a true label is not among the labels.
        LabelError: The labels cannot be understood.
    """
    wordings = read_wordings(options.labels, () if options.suggest else options.templates)
    mapped = read_map(options.mapped)
    table = read_table(options.table)
    written = [row.label for row in table.rows]
    truths = [find_truth(written, each.labels, each.name, mapped) for each in wordings]
    return Plan(options, table, wordings, tuple(truths))


def evaluate(
    classifier: Classifier,
    planned: Plan,
    on_progress: OnProgress = lambda done, total: None,
) -> Evaluation:
    """Ask about each recording in each wording, and measure the answers.

    Raises:
        LabelError: The model can't read the labels.
    """
    options, wordings, truths = planned.options, planned.wordings, planned.truths
    asked = ask_all(
        classifier,
        planned.table.rows,
        wordings,
        workers=options.workers,
        keep_hearings=options.suggest or options.fit,
        on_progress=on_progress,
    )
    heard = [each for each in asked if not each.error]
    known = tuple(_of_heard(truth, asked) for truth in truths)
    reports = tuple(
        measure(wording, [each.answers[index] for each in heard], known[index])
        for index, wording in enumerate(wordings)
    )
    fit, unfitted = None, None
    if options.fit:
        fit, unfitted = _fit(classifier, wordings[0], heard, known[0])
    return Evaluation(
        table=planned.table,
        model=classifier.model.info,
        asked=asked,
        truths=truths,
        reports=reports,
        comparisons=compare(reports, heard, known),
        suggestion=_suggest(classifier, wordings[0], heard, known[0], options),
        fit=fit,
        unfitted=unfitted,
    )


def _of_heard(truth: Truth, asked: Sequence[Asked]) -> Truth:
    return tuple(true for true, each in zip(truth, asked, strict=True) if not each.error)


def _fit(
    classifier: Classifier, wording: Wording, heard: Sequence[Asked], truth: Truth
) -> tuple[Fit | None, Text | None]:
    try:
        return fit_thresholds(classifier, wording, heard, truth), None
    except UsageError as error:  # too few recordings: the rest of the report stands
        return None, error.text


def _suggest(
    classifier: Classifier,
    wording: Wording,
    heard: Sequence[Asked],
    truth: Truth,
    options: EvaluationOptions,
) -> Suggestion | None:
    if not options.suggest:
        return None
    return suggest(
        classifier,
        wording,
        heard,
        truth,
        synonyms=options.synonyms,
        templates=options.templates,
    )
