"""Teach labels by recordings of them."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np

from anysound.audio import Recording
from anysound.batch import in_order, why_failed
from anysound.classifier import Classifier, Labels
from anysound.errors import UsageError
from anysound.evaluation.hearing import hear
from anysound.evaluation.measures import Share
from anysound.judging import part_of
from anysound.labels import LabelSet, read_labels
from anysound.language import Text
from anysound.models import ModelInfo
from anysound.teaching.choosing import Choice, HeldOut, Judgements, choose
from anysound.teaching.examples import Given, Sample, gather
from anysound.teaching.lesson import Example, Lesson

OnProgress: TypeAlias = Callable[[int, int], None]
"""Is told how many recordings are heard, and of how many."""

MOST = 20

_SHOWN = 5


@dataclass(frozen=True)
class TeachOptions:
    """What is to be taught, and by what.

    Attributes:
        examples: A folder that holds a folder for each label, named as the label; a table of
            recordings with their labels; or recordings by label, as a program has them: paths,
            bytes, file objects that can seek. What is called ``none`` there is background.
        labels: Phrases for the labels; None takes their names for phrases.
        background: A folder of sounds that are none of the labels, or the sounds.
        most: Recordings of a label that are taken at most.
        workers: Recordings heard side by side; None is one per core.

    Raises:
        UsageError: Fewer than one recording is to be taken.
    """

    examples: Path | Mapping[str, Sequence[Recording]]
    labels: Labels | None = None
    background: Path | Sequence[Recording] | None = None
    most: int = MOST
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.most < 1:
            raise UsageError(
                Text(
                    en=f"{self.most} recordings of a label teach nothing: take 1 or more.",
                    zh=f"每个标签不能只取 {self.most} 段录音：至少取 1 段。",
                )
            )


@dataclass(frozen=True)
class TaughtLabel:
    """What was learnt of one label.

    Attributes:
        name: Of the label.
        recordings: How many examples there were.
        alone: Of its recordings that were left out once, those it comes first for by phrases alone.
        taught: The same by phrases and examples.
    """

    name: str
    recordings: int
    alone: Share
    taught: Share

    def to_dict(self) -> dict[str, Any]:
        """Return the facts, ready for JSON."""
        return {
            "label": self.name,
            "recordings": self.recordings,
            "phrases": self.alone.to_dict(),
            "taught": self.taught.to_dict(),
        }


@dataclass(frozen=True)
class Teaching:
    """What came of it.

    Attributes:
        labels: Ready for use; without examples if phrases alone do better.
        model: What heard the examples.
        helped: Whether the examples are in the labels.
        held_out: What the labels make of recordings they were not taught by; None if no label has
            two recordings, so that nothing could be left out.
        by_label: One a label.
        background: How many background sounds were heard.
        warnings: What the user should look at: phrases and recordings that contradict each other.
        notes: What was done with what was given.
        failed: Why recordings were left out.
    """

    labels: LabelSet
    model: ModelInfo
    helped: bool
    held_out: HeldOut | None
    by_label: tuple[TaughtLabel, ...]
    background: int
    warnings: tuple[Text, ...]
    notes: tuple[Text, ...]
    failed: tuple[Text, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return all but what was learnt itself, ready for JSON."""
        return {
            "model": self.model.id,
            "revision": self.model.revision,
            "helped": self.helped,
            "held_out": self.held_out.to_dict() if self.held_out else None,
            "labels": [each.to_dict() for each in self.by_label],
            "background": self.background,
            "warnings": [str(each) for each in self.warnings],
            "notes": [str(each) for each in self.notes],
            "failed": [str(each) for each in self.failed],
        }


def plan(options: TeachOptions) -> Given:
    """Find the examples and their labels: all that can be known without a model.

    Raises:
        UsageError: There is nothing to be learnt from, or it fits no label.
        LabelError: The labels cannot be understood.
    """
    labels = None if options.labels is None else read_labels(options.labels)
    return gather(options.examples, labels, options.background, options.most)


def teach(
    classifier: Classifier,
    options: TeachOptions,
    on_progress: OnProgress = lambda done, total: None,
) -> Teaching:
    """Learn from recordings what labels sound like.

    Raises:
        UsageError: There is nothing to be learnt from.
        LabelError: The labels cannot be understood.
    """
    return teach_planned(classifier, options, plan(options), on_progress)


def teach_planned(
    classifier: Classifier,
    options: TeachOptions,
    given: Given,
    on_progress: OnProgress = lambda done, total: None,
) -> Teaching:
    """Learn from what ``plan`` found.

    Raises:
        UsageError: Of what was found, too little can be heard.
        LabelError: The model can't read the labels.
    """
    labels = LabelSet(replace(label, examples=None) for label in given.labels)  # learnt anew
    classifier.read(labels)  # before an hour of listening
    lesson, failed = _hear(classifier, labels, given, options.workers, on_progress)
    _check_heard(lesson, given, failed)
    choice = choose(lesson)
    everything = np.ones(len(lesson.examples), dtype=bool)
    return Teaching(
        labels=lesson.taught(everything, choice.hold),
        model=classifier.model.info,
        helped=choice.hold is not None,
        held_out=choice.held_out,
        by_label=tuple(_by_label(lesson, choice)),
        background=sum(true is None for true in lesson.truth),
        warnings=tuple(_contradictions(lesson, choice)),
        notes=given.notes,
        failed=(*given.contradictory, *failed),
    )


def _hear(
    classifier: Classifier,
    labels: LabelSet,
    given: Given,
    workers: int | None,
    on_progress: OnProgress,
) -> tuple[Lesson, list[Text]]:
    """Hear each example once; what can't be heard is left out, and told."""

    def work(sample: Sample) -> Example | Text:
        try:
            example = Example(sample, hear(classifier, sample.recording, [labels]))
        except Exception as error:
            return why_failed(sample.name, sample.recording, error)
        return example

    examples: list[Example] = []
    truth: list[int | None] = []
    failed: list[Text] = []
    with closing(in_order(work, given.samples, workers or os.cpu_count() or 1)) as results:
        on_progress(0, len(given.samples))
        pairs = zip(results, given.truth, strict=True)
        for done, (result, true) in enumerate(pairs, start=1):
            unfit = result if isinstance(result, Text) else _unfit(result, labels, true)
            if isinstance(result, Example) and unfit is None:
                examples.append(result)
                truth.append(true)
            elif unfit is not None:
                failed.append(unfit)
            on_progress(done, len(given.samples))
    return Lesson(classifier, labels, tuple(examples), tuple(truth)), failed


def _unfit(example: Example, labels: LabelSet, true: int | None) -> Text | None:
    """Say why a recording that could be read teaches nothing."""
    heard, name = example.hearing.heard, example.sample.name
    part = None if true is None else heard.parts[part_of(labels[true])]
    if heard.is_silent or (part is not None and part.is_silent and part.units):
        return Text(
            en=f"{name}: it is silent where it is to be learnt from, and was left out.",
            zh=f"{name}：要学习的部分没有声音，未使用。",
        )
    if part is not None and not part.units:
        return Text(
            en=f"{name}: it doesn't reach to the place in time of its label, and was left out.",
            zh=f"{name}：录音中没有该标签所指的时间段，未使用。",
        )
    return None


def _check_heard(lesson: Lesson, given: Given, failed: Sequence[Text]) -> None:
    """Refuse to teach when a label has lost all its recordings, rather than leave it out."""
    missing = [
        given.labels[index].name
        for index in sorted({true for true in given.truth if true is not None})
        if index not in lesson.truth
    ]
    if missing:
        en = "; ".join(each.en for each in failed[:_SHOWN])
        zh = "；".join(each.zh for each in failed[:_SHOWN])
        raise UsageError(
            Text(
                en=f"No recording of {', '.join(missing)} can be heard, so nothing was taught: "
                f"{en}",
                zh=f"{'、'.join(missing)} 没有一段能听的录音，因此没有学习：{zh}",
            )
        )
    if len(lesson.labels) < 2 and None not in lesson.truth:
        raise UsageError(
            Text(
                en="No background sound can be heard, and one label alone teaches nothing.",
                zh="背景声音都无法读取，而只有一个标签时无法学习。",
            )
        )


def _by_label(lesson: Lesson, choice: Choice) -> Iterator[TaughtLabel]:
    for index, label in enumerate(lesson.labels):
        own = [at for at, true in enumerate(lesson.truth) if true == index]
        tested = [at for at in own if at in choice.taught]
        yield TaughtLabel(
            name=label.name,
            recordings=len(own),
            alone=Share(sum(choice.alone[at].is_right for at in tested), len(tested)),
            taught=Share(sum(choice.taught[at].is_right for at in tested), len(tested)),
        )


def _contradictions(lesson: Lesson, choice: Choice) -> Iterator[Text]:
    """Say where examples and phrases, or an example and all others, contradict each other."""
    for index, label in enumerate(lesson.labels):
        own = [at for at, true in enumerate(lesson.truth) if true == index]
        taken = Counter(choice.alone[at].label for at in own if not choice.alone[at].is_right)
        if taken and 2 * sum(taken.values()) > len(own):
            other, count = taken.most_common(1)[0]
            yield Text(
                en=f"{label.name}: by its phrases alone the model takes {sum(taken.values())} of "
                f"its {len(own)} examples for another label, {count} for "
                f"{lesson.labels[other].name}. Either the phrases don't say what the recordings "
                "hold, or the recordings are in the wrong folder.",
                zh=f"{label.name}：只凭短语，模型把它的 {len(own)} 段示例中的 "
                f"{sum(taken.values())} 段听成别的标签（其中 {count} 段听成"
                f"“{lesson.labels[other].name}”）。"
                "可能是短语没有说清录音的内容，也可能是录音放错了文件夹。",
            )
    yield from _odd_ones(lesson, choice.alone, choice.taught)


def _odd_ones(lesson: Lesson, alone: Judgements, taught: Judgements) -> Iterator[Text]:
    """Name recordings that sound like one other label to the phrases and to all other examples."""
    for at, judgement in taught.items():
        if lesson.truth[at] is None or judgement.is_right:
            continue
        if alone[at].label == judgement.label:
            name, other = lesson.examples[at].sample.name, lesson.labels[judgement.label].name
            yield Text(
                en=f"{name}: by the phrases and by all other examples it sounds like {other}. Is "
                "it where it belongs?",
                zh=f"{name}：无论按短语还是按其他示例，它都更像“{other}”。是不是放错了？",
            )
