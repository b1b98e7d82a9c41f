"""Ask about every recording of a table, in every wording."""

import os
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TypeAlias

from anysound.batch import in_order, why_failed
from anysound.classifier import Classification, Classifier
from anysound.evaluation.hearing import Hearing, answer, hear
from anysound.evaluation.table import TrueRow
from anysound.evaluation.wordings import Wording
from anysound.labels import LabelSet
from anysound.language import Text
from anysound.scoring import Verdict

OnProgress: TypeAlias = Callable[[int, int], None]
"""Is told how many recordings are done, and of how many."""


@dataclass(frozen=True)
class Answer:
    """What is kept of the answer for one recording in one wording.

    Attributes:
        label: Index of the best label.
        probability: Its probability.
        margin: How far it is ahead of the second.
        similarity: Its similarity; -1 if it could not be heard.
        needed: The similarity that it had to reach to be a match.
        verdict: Whether the best label may be trusted.
    """

    label: int
    probability: float
    margin: float
    similarity: float
    needed: float
    verdict: Verdict

    @classmethod
    def of(cls, answer: Classification, labels: LabelSet) -> "Answer":
        """Keep what matters of a classification."""
        similarity = answer.scores[0].similarity
        return cls(
            label=[label.name for label in labels].index(answer.label),
            probability=answer.probability,
            margin=answer.margin,
            similarity=-1.0 if similarity is None else similarity,
            needed=answer.needed,
            verdict=answer.verdict,
        )


@dataclass(frozen=True)
class Asked:
    """One recording, asked about in every wording.

    Attributes:
        row: Of the table.
        answers: One a wording; empty if the recording failed.
        hearing: What was heard, if it was to be kept.
        warned: Whether it was read with warnings.
        error: Why it failed, or None.
    """

    row: TrueRow
    answers: tuple[Answer, ...] = ()
    hearing: Hearing | None = None
    warned: bool = False
    error: Text | None = None


def ask_all(
    classifier: Classifier,
    rows: Sequence[TrueRow],
    wordings: Sequence[Wording],
    *,
    workers: int | None = None,
    keep_hearings: bool = False,
    on_progress: OnProgress = lambda done, total: None,
) -> tuple[Asked, ...]:
    """Hear each recording once and ask about it in every wording.

    A recording that can't be read is reported in its place.

    Args:
        classifier: Hears.
        rows: Of the table.
        wordings: How to ask.
        workers: Recordings heard side by side, None is one per core; no answer depends on it.
        keep_hearings: Whether to keep what was heard, to ask again.
        on_progress: Called in this thread, after each recording.

    Raises:
        LabelError: The model can't read the labels.
    """
    label_sets = [wording.labels for wording in wordings]
    askers = [(wording.classifier(classifier), wording.labels) for wording in wordings]

    def ask(row: TrueRow) -> Asked:
        try:
            hearing = hear(classifier, row.path, label_sets)
            given = [answer(asker, hearing, labels) for asker, labels in askers]
        except Exception as error:
            return Asked(row, error=why_failed(row.recording, row.path, error))
        return Asked(
            row,
            tuple(Answer.of(each, labels) for each, (_, labels) in zip(given, askers, strict=True)),
            hearing if keep_hearings else None,
            any(each.warnings for each in given),
        )

    asked = []
    with closing(in_order(ask, rows, workers or os.cpu_count() or 1)) as results:
        on_progress(0, len(rows))
        for done, result in enumerate(results, start=1):
            asked.append(result)
            on_progress(done, len(rows))
    return tuple(asked)
