"""Examples as a model hears them, and label sets that were taught by some of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from anysound.classifier import Classifier
from anysound.evaluation.hearing import Hearing, answer
from anysound.evaluation.truth import Truth
from anysound.judging import part_of
from anysound.labels import Examples, LabelSet
from anysound.models import Embeddings
from anysound.scoring import needed_similarity
from anysound.teaching.examples import Sample
from anysound.teaching.fitting import Task, Values, fit

_SURE = 1e-12


@dataclass(frozen=True)
class Example:
    """A recording to learn from.

    Attributes:
        sample: As it was given.
        hearing: What the model made of it.
    """

    sample: Sample
    hearing: Hearing


@dataclass(frozen=True)
class Judgement:
    """What a label set makes of an example.

    Attributes:
        label: Index of the best label.
        is_right: Whether that is the true one; of a background sound, whether it is ``none``.
        is_none: Whether the verdict is ``none``.
        loss: What the truth costs, as in :func:`anysound.teaching.fitting.fit`.
    """

    label: int
    is_right: bool
    is_none: bool
    loss: float


@dataclass(frozen=True)
class Lesson:
    """Labels, and examples of them that were heard.

    Attributes:
        classifier: Heard them.
        labels: By phrases alone.
        examples: Those that could be heard.
        truth: The label of each; None is background.
    """

    classifier: Classifier
    labels: LabelSet
    examples: tuple[Example, ...]
    truth: Truth

    def taught(self, rows: NDArray[np.bool_], hold: float | None) -> LabelSet:
        """Return the labels as some of the examples teach them.

        Args:
            rows: Which examples count, shape ``(n_examples,)``.
            hold: How strongly directions are held where they begin; None adds nothing to the
                phrases'.
        """
        if hold is None:
            return self.labels
        added = fit(self._task.of(rows[self._of]), hold)
        info = self.classifier.model.info
        labels = []
        for index, label in enumerate(self.labels):
            count = sum(rows[at] and each == index for at, each in enumerate(self.truth))
            if count:
                examples = Examples.of(count, info.id, info.revision, added[index])
                label = replace(label, examples=examples)
            labels.append(label)
        return LabelSet(labels)

    def judge(self, labels: LabelSet, index: int) -> Judgement:
        """Judge an example exactly as ``Classifier.classify`` would."""
        result = answer(self.classifier, self.examples[index].hearing, labels)
        true, scale = self.truth[index], self.classifier.calibration.scale
        names = [label.name for label in labels]
        best = names.index(result.label)
        scores = {score.label: score for score in result.scores}
        if true is None:
            similarities = [each.similarity for each in result.scores]
            above = [0.0, *(scale * (s - result.needed) for s in similarities if s is not None)]
            loss = float(np.logaddexp.reduce(above))
            return Judgement(best, result.verdict == "none", result.verdict == "none", loss)
        own = scores[labels[true].name]
        loss = -float(np.log(max(own.probability, _SURE)))
        if None in self.truth:
            similarity = -1.0 if own.similarity is None else own.similarity
            behind = scale * (result.needed - similarity) - float(np.log(labels[true].weight))
            loss = float(np.logaddexp(loss, behind))
        return Judgement(best, best == true, result.verdict == "none", loss)

    @cached_property
    def _heard(self) -> tuple[Task, NDArray[np.intp]]:
        read = self.classifier.read(self.labels)
        scale = self.classifier.calibration.scale
        phrases = read.embeddings.own.astype(np.float64)
        rows: list[Values] = []
        target: list[int] = []
        share: list[float] = []
        of: list[int] = []  # the example that each row is from
        for at, (example, true) in enumerate(zip(self.examples, self.truth, strict=True)):
            windows = self._windows(example, true)
            if true is None:
                rows += list(windows)
                share += [1 / len(windows)] * len(windows)
            else:
                rows.append(_telling(windows, phrases[true], scale))
                share.append(1.0)
            count = len(rows) - len(of)
            target += [len(self.labels) if true is None else true] * count
            of += [at] * count
        heard = np.stack(rows)
        task = Task(
            phrases=phrases,
            weights=np.array([label.weight for label in self.labels]),
            scale=scale,
            heard=heard,
            target=np.array(target),
            needed=self._needed(heard),
            share=np.array(share),
        )
        return task, np.array(of)

    @property
    def _task(self) -> Task:
        return self._heard[0]

    @property
    def _of(self) -> NDArray[np.intp]:
        """The example that each row of the task is from."""
        return self._heard[1]

    def _windows(self, example: Example, true: int | None) -> Values:
        """Return the windows that an example is about: a label's own part, or all there are."""
        parts = example.hearing.heard.parts
        own = parts.values() if true is None else [parts[part_of(self.labels[true])]]
        return np.concatenate([part.embeddings for part in own]).astype(np.float64)

    def _needed(self, heard: Values) -> Values:
        calibration = self.classifier.calibration
        others: Embeddings | Sequence[float] = []
        if calibration.none_rank:
            others = self.classifier.embed_others()
        every = np.asarray(others, dtype=np.float64).reshape(-1, heard.shape[1])
        return np.array([needed_similarity(every @ row, calibration) for row in heard])


def _telling(windows: Values, phrases: Values, scale: float) -> Values:
    """Return what a recording of several windows teaches, shape ``(dim,)``.

    The windows are weighed as ``pool_windows`` weighs them: those that fit the phrases count most,
    so that what lies around the sound is not learnt with it.
    """
    fits = 2 * scale * (windows @ phrases)
    weights = np.exp(fits - fits.max())
    return np.asarray((weights / weights.sum()) @ windows)
