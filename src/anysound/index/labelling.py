"""Answer from stored windows what ``classify`` answers from the recordings, many at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anysound.audio import Part
from anysound.batch.row import Row
from anysound.classifier import Classifier
from anysound.hearing import Heard, HeardPart
from anysound.index.sounds import Sounds, read_sounds
from anysound.index.store import StoredRecording, Tables
from anysound.judging import part_of
from anysound.labels import LabelSet
from anysound.language import Text
from anysound.models import Calibration, Embeddings
from anysound.reading import ReadLabels
from anysound.scoring import AS_GOOD, Similarities, Verdict, lowered, pool_segments, softmax

VERDICTS: tuple[Verdict, ...] = ("match", "ambiguous", "none")
"""What ``Judged.verdict`` counts."""

_MATCH, _AMBIGUOUS, _NONE = range(3)


def label_recordings(classifier: Classifier, tables: Tables, labels: LabelSet) -> Iterator[Row]:
    """Say of every recording which of the labels it holds, from what is stored.

    Args:
        classifier: Of the index's model.
        tables: Of the index.
        labels: What to listen for.

    Returns:
        A row for each path, in the order of the index.

    Raises:
        LabelError: The labels cannot be understood.
        ArchiveError: A part of the index can't be read.
    """
    read = classifier.read(labels)
    others = classifier.embed_others() if classifier.calibration.none_rank else None
    is_placed = any(label.when for label in read.labels)
    parts = tuple(dict.fromkeys(map(part_of, read.labels)))
    for sounds in read_sounds(tables.windows):
        if is_placed:
            yield from _answer_each(classifier, labels, parts, tables, sounds)
        else:
            judged = judge(read, others, sounds, classifier.calibration)
            yield from _rows(judged, read, tables, sounds)


def note_on_places(labels: LabelSet) -> Text | None:
    """Say how labels with a place in time are answered, if there are any."""
    placed = [label.name for label in labels if label.when]
    if not placed:
        return None
    return Text(
        en="These labels have a place in time, and are answered from the stored windows that "
        f"overlap it: {', '.join(placed)}. `anysound classify` hears the place itself.",
        zh=f"下列标签限定了时间段，按与之重叠的已存窗口回答：{'、'.join(placed)}。"
        "`anysound classify` 才会单独识别该时间段。",
    )


@dataclass(frozen=True)
class Judged:
    """What is judged of some sounds; all of shape ``(n_sounds,)``.

    Attributes:
        best: The best label of each.
        second: The second label; meaningless if there is only one.
        probability: Of the best label.
        second_probability: Of the second label; 0 if there is only one.
        verdict: Place in ``VERDICTS`` of each, if it isn't silent.
        telling: Row of the window that speaks most for the best label.
    """

    best: NDArray[np.intp]
    second: NDArray[np.intp]
    probability: Similarities
    second_probability: Similarities
    verdict: NDArray[np.intp]
    telling: NDArray[np.intp]


def judge(
    read: ReadLabels, others: Embeddings | None, sounds: Sounds, calibration: Calibration
) -> Judged:
    """Judge sounds by labels that are looked for everywhere.

    It is what ``Classifier.answer`` does for one recording: similarities window by window, lowered
    by what a label is not, pooled, and compared.

    Args:
        read: The labels.
        others: Labels of all kinds of sounds, shape ``(n, dim)``, or None if none are asked.
        sounds: Their stored windows.
        calibration: The model's thresholds.
    """
    heard = sounds.embeddings.astype(np.float32)
    scale = calibration.scale
    own = _lowered(heard, read, scale)
    pooled = pool_segments(own, sounds.starts, scale)
    weights = np.array([label.weight for label in read.labels])
    probability = softmax(scale * pooled + np.log(weights))
    ranked = np.argsort(-probability, axis=1, kind="stable")
    each = np.arange(len(ranked))
    best, second = ranked[:, 0], ranked[:, min(1, ranked.shape[1] - 1)]
    first = probability[each, best]
    runner_up = probability[each, second] if ranked.shape[1] > 1 else np.zeros(len(ranked))
    verdict = np.full(len(ranked), _MATCH)
    verdict[first - runner_up < calibration.ambiguous_within] = _AMBIGUOUS
    needed = _needed(heard, others, sounds, calibration)
    verdict[pooled[each, best] < needed - AS_GOOD] = _NONE
    return Judged(best, second, first, runner_up, verdict, _telling(own, best, sounds))


def _lowered(heard: Embeddings, read: ReadLabels, scale: float) -> Similarities:
    """Return each window's similarity to each label, ``(n_windows, n_labels)``."""
    own = (heard @ read.embeddings.own.T).astype(np.float64)
    for index, avoided in enumerate(read.embeddings.avoided):
        if len(avoided):
            against = (heard @ avoided.T).astype(np.float64)
            own[:, index] = lowered(own[:, index], against, scale)
    return own


def _needed(
    heard: Embeddings, others: Embeddings | None, sounds: Sounds, calibration: Calibration
) -> Similarities:
    """Return the similarity that each sound's best label must reach, as ``needed_similarity``."""
    if others is None or not len(others):
        return np.full(len(sounds.names), calibration.none_below)
    # There are many of them, and a verdict needs no more than single precision.
    pooled = pool_segments(heard @ others.T, sounds.starts, calibration.scale)
    rank = int(calibration.none_rank * (len(others) - 1))
    needed = np.partition(pooled, rank, axis=1)[:, rank]
    return np.maximum(needed, calibration.none_below)


def _telling(own: Similarities, best: NDArray[np.intp], sounds: Sounds) -> NDArray[np.intp]:
    """Return the row of the first window that fits each sound's best label best."""
    counts = sounds.counts
    fits = own[np.arange(len(own)), np.repeat(best, counts)]
    highest = np.repeat(np.maximum.reduceat(fits, sounds.starts), counts)
    rows = np.where(fits == highest, np.arange(len(own)), len(own))
    return np.asarray(np.minimum.reduceat(rows, sounds.starts))


def _rows(judged: Judged, read: ReadLabels, tables: Tables, sounds: Sounds) -> Iterator[Row]:
    labels = list(read.labels)
    names = [label.name for label in labels]
    heard_as = [() if each.phrases == (each.name,) else each.phrases for each in labels]
    starts, ends = sounds.spans[judged.telling].T.tolist()
    is_alone = len(labels) == 1
    facts = zip(
        sounds.names,
        judged.best.tolist(),
        judged.second.tolist(),
        judged.probability.tolist(),
        judged.second_probability.tolist(),
        judged.verdict.tolist(),
        sounds.counts.tolist(),
        starts,
        ends,
        strict=True,
    )
    for sound, best, second, first, runner_up, verdict, count, start, end in facts:
        for recording in tables.by_sound.get(sound, ()):
            yield Row(
                recording=recording.path,
                label=names[best],
                probability=first,
                verdict="none" if recording.is_silent else VERDICTS[verdict],
                runner_up="" if is_alone else names[second],
                runner_up_probability=None if is_alone else runner_up,
                margin=first - runner_up,
                duration=recording.duration,
                warned=bool(recording.warnings or read.warnings),
                heard_as=heard_as[best],
                telling=(start, end) if count > 1 else None,
            )


def _answer_each(
    classifier: Classifier, labels: LabelSet, parts: Sequence[Part], tables: Tables, sounds: Sounds
) -> Iterator[Row]:
    """Answer one sound after another: each label from the windows that overlap its place."""
    ends = [*sounds.starts[1:].tolist(), len(sounds.spans)]
    for sound, start, end in zip(sounds.names, sounds.starts.tolist(), ends, strict=True):
        same = tables.by_sound.get(sound, [])
        if not same:
            continue
        embeddings = sounds.embeddings[start:end].astype(np.float32)
        heard = _heard(same[0], embeddings, sounds.spans[start:end], parts)
        for recording in same:
            answer = classifier.answer(recording.path, heard, labels)
            yield Row.of(recording.path, answer)


def _heard(
    recording: StoredRecording,
    embeddings: Embeddings,
    spans: NDArray[np.float64],
    parts: Sequence[Part],
) -> Heard:
    """Return what was made of a recording, of some parts, as far as its windows tell."""
    return Heard(
        parts={part: _heard_part(recording, embeddings, spans, part) for part in parts},
        duration=recording.duration,
        is_silent=recording.is_silent,
        warnings=recording.warnings,
    )


def _heard_part(
    recording: StoredRecording, embeddings: Embeddings, spans: NDArray[np.float64], part: Part
) -> HeardPart:
    start, end = part.within(recording.duration)
    inside = (spans[:, 0] < end) & (spans[:, 1] > start)
    return HeardPart(
        embeddings=embeddings[inside],
        units=tuple((float(first), float(last)) for first, last in spans[inside]),
        span=(start, end),
        is_silent=recording.is_silent or not inside.any(),
    )
