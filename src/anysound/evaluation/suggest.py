"""Find wordings that do better, and say honestly by how much.

The search for a wording sees some of the recordings, and the figure comes from the others:
each recording is judged by a wording that was chosen without it. Only the proposal itself, for
which no figure is given, is chosen on all of them.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anysound.classifier import Classifier
from anysound.errors import LabelError
from anysound.evaluation.candidates import Phrases, Synonyms, candidates, no_synonyms
from anysound.evaluation.folds import assign_folds
from anysound.evaluation.hearing import answer
from anysound.evaluation.measures import Share, mcnemar
from anysound.evaluation.run import Answer, Asked
from anysound.evaluation.truth import Truth
from anysound.evaluation.wordings import Wording
from anysound.labels import LabelSet, format_labels

FEWEST = 4
"""Recordings of a label, or groups of them, below which its wording is left as it is."""

_FOLDS = 5
_MOST_PASSES = 5

Logits = NDArray[np.float64]
Choice = tuple[int, ...]
"""For each label, the index of its candidate; 0 is as written."""


@dataclass(frozen=True)
class Suggestion:
    """What was proposed, and what to expect of it.

    Attributes:
        original: The labels as written.
        proposed: The labels in the wording that was chosen on all recordings.
        written: Recordings, each held out once, that the original wording gets right.
        held_out: The same of wordings that were chosen without the recording.
        gained: Recordings that only the chosen wordings get right.
        lost: Recordings that only the original wording gets right.
        folds: How many times a part was held out; 0 if nothing could be proposed.
        too_few: Labels that were left as written for want of recordings.
        tried: How many wordings were tried in all.
    """

    original: LabelSet
    proposed: LabelSet
    written: Share
    held_out: Share
    gained: int
    lost: int
    folds: int
    too_few: tuple[str, ...]
    tried: int

    @property
    def is_better(self) -> bool:
        """Whether chosen wordings did better on recordings that they were not chosen on."""
        return self.proposed != self.original and self.held_out.count > self.written.count

    @property
    def p_value(self) -> float:
        """How likely such a difference is by chance (McNemar's exact test)."""
        return mcnemar(self.gained, self.lost)

    @property
    def line(self) -> str | None:
        """The proposed labels as they can be pasted; None if a line can't say what they say."""
        try:
            return format_labels(self.proposed)
        except LabelError:
            return None

    def to_dict(self) -> dict[str, Any]:
        """Return the suggestion, ready for JSON."""
        changed = [
            {"label": new.name, "written": list(old.phrases), "proposed": list(new.phrases)}
            for old, new in zip(self.original, self.proposed, strict=True)
            if old != new
        ]
        return {
            "is_better": self.is_better,
            "written": self.written.to_dict(),
            "held_out": self.held_out.to_dict(),
            "gained": self.gained,
            "lost": self.lost,
            "p_value": self.p_value,
            "folds": self.folds,
            "tried": self.tried,
            "too_few": list(self.too_few),
            "changed": changed,
            "proposed": self.line,
        }


def suggest(
    classifier: Classifier,
    wording: Wording,
    asked: Sequence[Asked],
    truth: Truth,
    *,
    synonyms: Synonyms = no_synonyms,
    templates: Sequence[str] = (),
) -> Suggestion:
    """Search for better phrases; recordings without a true label are left aside.

    Args:
        classifier: Answers.
        wording: As written; its own template is the model's.
        asked: The recordings that did not fail, with what was heard.
        truth: The index of each one's true label, or None.
        synonyms: Knows other phrases.
        templates: Sentences to try.
    """
    pairs = [(each, true) for each, true in zip(asked, truth, strict=True) if true is not None]
    trues = [true for _, true in pairs]
    groups = [each.row.group or index for index, (each, _) in enumerate(pairs)]
    evidence = _evidence(trues, groups)
    labels = wording.labels
    free = [index for index in range(len(labels)) if evidence[index] >= FEWEST]
    options = [
        candidates(label, synonyms, templates) if index in free else (label.phrases,)
        for index, label in enumerate(labels)
    ]
    written = [each.answers[0].label == true for each, true in pairs]
    nothing = Suggestion(
        original=labels,
        proposed=labels,
        written=Share(sum(written), len(pairs)),
        held_out=Share(sum(written), len(pairs)),
        gained=0,
        lost=0,
        folds=0,
        too_few=tuple(label.name for i, label in enumerate(labels) if i not in free),
        tried=sum(map(len, options)),
    )
    if not free:
        return nothing
    k = min(_FOLDS, *(evidence[index] for index in free))
    folds = assign_folds(trues, groups, k)
    search = Search.prepare(classifier, labels, options, [each for each, _ in pairs], trues)
    right = np.zeros(len(pairs), dtype=bool)
    for fold in range(k):
        chosen = worded(labels, options, search.choose(folds != fold))
        for index in np.flatnonzero(folds == fold):
            each, true = pairs[index]
            right[index] = _first(classifier, each, chosen) == true
    as_written = np.array(written)
    return replace(
        nothing,
        proposed=worded(labels, options, search.choose(np.ones(len(pairs), dtype=bool))),
        held_out=Share(int(right.sum()), len(pairs)),
        gained=int((right & ~as_written).sum()),
        lost=int((as_written & ~right).sum()),
        folds=k,
    )


def worded(labels: LabelSet, options: Sequence[Sequence[Phrases]], choice: Choice) -> LabelSet:
    """Return the labels with the phrases that were chosen."""
    return LabelSet(
        replace(label, phrases=own[chosen])
        for label, own, chosen in zip(labels, options, choice, strict=True)
    )


@dataclass(frozen=True)
class Search:
    """A search over candidates.

    Attributes:
        logits: For each label, shape ``(n_recordings, n_candidates)``.
        truth: The index of each recording's label.
    """

    logits: tuple[Logits, ...]
    truth: NDArray[np.int64]

    @classmethod
    def prepare(
        cls,
        classifier: Classifier,
        labels: LabelSet,
        options: Sequence[Sequence[Phrases]],
        asked: Sequence[Asked],
        truth: Sequence[int],
    ) -> "Search":
        """Ask every candidate of every recording."""
        # A set of one label each time would do; all at once are one question. Names tell them
        # apart, and groups and weights, which compare labels with each other, stay out.
        every = LabelSet(
            replace(label, name=f"{index}/{at}", phrases=phrases, group=None, weight=1.0)
            for index, (label, own) in enumerate(zip(labels, options, strict=True))
            for at, phrases in enumerate(own)
        )
        rows = [_similarities(classifier, each, every) for each in asked]
        flat = classifier.model.info.calibration.scale * np.stack(rows)
        stops = np.cumsum([len(own) for own in options])
        parts = np.split(flat, stops[:-1], axis=1)
        weighed = [part + np.log(label.weight) for part, label in zip(parts, labels, strict=True)]
        return cls(tuple(weighed), np.asarray(truth))

    def choose(self, rows: NDArray[np.bool_]) -> Choice:
        """Choose a candidate for each label, seeing only some recordings.

        Label by label, the candidate is taken under which the true labels are the likeliest;
        again and again until nothing changes. What is written stays unless another makes up for
        what it takes to name it among the candidates, the logarithm of their number: of many,
        one is always a little better by chance.
        """
        truth = self.truth[rows]
        logits = [each[rows] for each in self.logits]
        choice = [0] * len(logits)
        for _ in range(_MOST_PASSES):
            before = list(choice)
            for label, own in enumerate(logits):
                if own.shape[1] > 1:
                    worth = _likelihoods(logits, choice, label, truth)
                    worth[1:] -= np.log(own.shape[1])
                    best = int(np.argmax(worth))
                    if worth[best] > worth[choice[label]]:
                        choice[label] = best
            if choice == before:
                break
        return tuple(choice)


def _likelihoods(
    logits: Sequence[Logits], choice: Sequence[int], label: int, truth: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the log-likelihood of the truth under each candidate of a label, others as chosen."""
    current = np.stack([own[:, at] for own, at in zip(logits, choice, strict=True)], axis=1)
    others = np.delete(current, label, axis=1)
    if not others.shape[1]:
        return np.zeros(logits[label].shape[1])
    all_others = np.logaddexp.reduce(others, axis=1)
    own = logits[label]
    total = np.logaddexp(own, all_others[:, None])
    of_truth = np.where((truth == label)[:, None], own, _at(current, truth)[:, None])
    return np.asarray((of_truth - total).sum(axis=0))


def _at(values: Logits, columns: NDArray[np.int64]) -> Logits:
    return np.asarray(values[np.arange(len(values)), columns])


def _evidence(truth: Sequence[int], groups: Sequence[str | int]) -> Counter[int]:
    """Count each label's groups; a recording in none is its own."""
    return Counter(label for label, _ in set(zip(truth, groups, strict=True)))


def _first(classifier: Classifier, each: Asked, labels: LabelSet) -> int:
    if each.hearing is None:
        raise ValueError("what was heard was not kept")
    return Answer.of(answer(classifier, each.hearing, labels), labels).label


def _similarities(classifier: Classifier, each: Asked, every: LabelSet) -> Logits:
    if each.hearing is None:
        raise ValueError("what was heard was not kept")
    scores = answer(classifier, each.hearing, every).scores
    by_name = {score.label: score.similarity for score in scores}
    found = [by_name[label.name] for label in every]
    return np.array([-1.0 if similarity is None else similarity for similarity in found])
