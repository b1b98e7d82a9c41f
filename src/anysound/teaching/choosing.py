"""How much examples may change, chosen by what they do to recordings that were left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anysound.evaluation.folds import assign_folds
from anysound.evaluation.measures import Share, mcnemar
from anysound.teaching.lesson import Judgement, Lesson

HOLDS = (1e-2, 1e-3, 1e-4)
"""How strongly directions are held where they begin, the most first; measured by
``benchmarks/teaching.py``."""

CAUTION = 1.0
"""By how many standard errors a step away from the phrases must be likelier; measured, too."""

UNCHECKED = HOLDS[0]
"""Where nothing can be left out to check it: one example a label."""

_FOLDS = 5

Judgements = dict[int, Judgement]
"""By the example's index."""

_Ways = dict[float | None, Judgements]
"""By how strongly directions were held."""


@dataclass(frozen=True)
class HeldOut:
    """What labels make of recordings that they were not taught by.

    Attributes:
        alone: Recordings whose label comes first, by phrases alone.
        taught: The same by phrases and examples. How much these may change was chosen without the
            recordings that are counted, too.
        gained: Right with examples only.
        lost: Right with phrases only.
        background_alone: Background sounds that are ``none``, by phrases alone.
        background_taught: The same with examples.
        folds: How many times a part was left out.
    """

    alone: Share
    taught: Share
    gained: int
    lost: int
    background_alone: Share
    background_taught: Share
    folds: int

    @property
    def p_value(self) -> float:
        """How likely a difference as large is by chance (McNemar's exact test)."""
        return mcnemar(self.gained, self.lost)

    def to_dict(self) -> dict[str, Any]:
        """Return the measurement, ready for JSON."""
        return {
            "folds": self.folds,
            "phrases": self.alone.to_dict(),
            "taught": self.taught.to_dict(),
            "gained": self.gained,
            "lost": self.lost,
            "p_value": self.p_value,
            "background_phrases": self.background_alone.to_dict(),
            "background_taught": self.background_taught.to_dict(),
        }


@dataclass(frozen=True)
class Choice:
    """What was chosen, and why.

    Attributes:
        hold: How strongly directions are held where they begin; None leaves them at the phrases'.
        alone: Each example by phrases alone.
        taught: Each example that was left out once, by labels taught without it.
        held_out: Both, counted; None if no label has two recordings.
    """

    hold: float | None
    alone: Judgements
    taught: Judgements
    held_out: HeldOut | None


def choose(lesson: Lesson, caution: float = CAUTION) -> Choice:
    """Choose how much examples may change.

    Each way to teach is measured on recordings that were left out, and so is the choosing itself:
    for each part that is left out, the way is chosen by the other parts alone. If the labels that
    are taught so do worse than phrases alone, phrases alone it is.

    Args:
        lesson: What was heard.
        caution: By how many standard errors a step away from the phrases must be likelier.
    """
    folds, count = _folds(lesson)
    everything = range(len(lesson.examples))
    alone = {index: lesson.judge(lesson.labels, index) for index in everything}
    if count < 2:
        return Choice(UNCHECKED, alone, {}, None)
    single = {fold: _each_way(lesson, folds, {fold}) for fold in range(count)}
    pairs = {
        (one, other): _each_way(lesson, folds, {one, other})
        for one in range(count)
        for other in range(one + 1, count)
    }
    taught: Judgements = {}
    for fold in range(count):
        inner = [
            _only(lesson, folds, other, pairs[min(fold, other), max(fold, other)])
            for other in range(count)
            if other != fold and count > 2
        ]
        hold = _best(lesson, alone, _joined(inner), caution) if inner else UNCHECKED
        rows = np.flatnonzero(folds == fold)
        taught |= single[fold][hold] if hold in single[fold] else _some(alone, rows)
    held_out = _count(lesson, alone, taught, count)
    hold = _best(lesson, alone, _joined(single.values()), caution)
    if held_out.taught.count < held_out.alone.count:
        hold = None
    return Choice(hold, alone, taught, held_out)


def _folds(lesson: Lesson) -> tuple[NDArray[np.int64], int]:
    """Split the examples; -1 is never left out: the only recording, or session, of its label."""
    labels = [len(lesson.labels) if true is None else true for true in lesson.truth]
    groups = [each.sample.group or index for index, each in enumerate(lesson.examples)]
    sizes = {
        label: len({group for group, own in zip(groups, labels, strict=True) if own == label})
        for label in set(labels)
    }
    usable = [size for label, size in sizes.items() if size > 1 and label < len(lesson.labels)]
    count = min(_FOLDS, max(usable, default=0))
    folds = np.full(len(labels), -1)
    if count < 2:
        return folds, 0
    some = [index for index, label in enumerate(labels) if sizes[label] > 1]
    folds[some] = assign_folds(
        [labels[index] for index in some], [groups[index] for index in some], count
    )
    return folds, count


def _each_way(lesson: Lesson, folds: NDArray[np.int64], left_out: set[int]) -> _Ways:
    """Teach without some folds, in each way, and judge what was left out."""
    rows = ~np.isin(folds, list(left_out))
    if not any(rows[at] and true is not None for at, true in enumerate(lesson.truth)):
        return {}
    ways: _Ways = {}
    for hold in HOLDS:
        labels = lesson.taught(rows, hold)
        ways[hold] = {int(at): lesson.judge(labels, int(at)) for at in np.flatnonzero(~rows)}
    return ways


def _only(lesson: Lesson, folds: NDArray[np.int64], fold: int, ways: _Ways) -> _Ways:
    rows = np.flatnonzero(folds == fold)
    return {hold: _some(each, rows) for hold, each in ways.items()}


def _some(judgements: Judgements, rows: Iterable[int]) -> Judgements:
    return {int(index): judgements[int(index)] for index in rows}


def _joined(ways: Iterable[_Ways]) -> _Ways:
    joined: _Ways = {}
    for each in ways:
        for hold, judgements in each.items():
            joined.setdefault(hold, {}).update(judgements)
    return joined


def _best(lesson: Lesson, alone: Judgements, ways: _Ways, caution: float) -> float | None:
    """Return the way whose answers are the likeliest, the one nearest to the phrases if in doubt.

    Each step away from the phrases must name no fewer recordings than what it would replace, and be
    likelier by more than so many standard errors (of the differences recording by recording).
    """
    rows = list(next(iter(ways.values()), {}))
    best, kept = None, _some(alone, rows)
    for hold, answers in ways.items():  # in the order of HOLDS
        gain = _losses(lesson, kept, rows) - _losses(lesson, answers, rows)
        chance = caution * float(gain.std()) / np.sqrt(max(1, len(rows) - 1))
        if _right(lesson, answers) >= _right(lesson, kept) and float(gain.mean()) > chance:
            best, kept = hold, answers
    return best


def _right(lesson: Lesson, judgements: Judgements) -> int:
    return sum(each.is_right for at, each in judgements.items() if lesson.truth[at] is not None)


def _losses(lesson: Lesson, judgements: Judgements, rows: Sequence[int]) -> NDArray[np.float64]:
    """Return each recording's loss; all background sounds together count as one label."""
    is_background = np.array([lesson.truth[at] is None for at in rows])
    known, others = int((~is_background).sum()), int(is_background.sum())
    weight = known / (others * len(lesson.labels)) if others and known else 1.0
    losses = np.array([judgements[at].loss for at in rows])
    return np.asarray(np.where(is_background, weight, 1.0) * losses)


def _count(lesson: Lesson, alone: Judgements, taught: Judgements, folds: int) -> HeldOut:
    known = [at for at in taught if lesson.truth[at] is not None]
    others = [at for at in taught if lesson.truth[at] is None]

    def share(judgements: Judgements, rows: Sequence[int]) -> Share:
        return Share(sum(judgements[at].is_right for at in rows), len(rows))

    return HeldOut(
        alone=share(alone, known),
        taught=share(taught, known),
        gained=sum(taught[at].is_right and not alone[at].is_right for at in known),
        lost=sum(alone[at].is_right and not taught[at].is_right for at in known),
        background_alone=share(alone, others),
        background_taught=share(taught, others),
        folds=folds,
    )
