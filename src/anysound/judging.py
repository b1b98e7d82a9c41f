"""From what was heard to a score for each label."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from anysound.audio import WHOLE, Part
from anysound.hearing import Heard, HeardPart
from anysound.labels import Label, LabelSet
from anysound.language import Text
from anysound.models import Embeddings
from anysound.reading import LabelEmbeddings, ReadLabels
from anysound.results import Score
from anysound.scoring import (
    Similarities,
    is_lowered,
    log_evidence,
    lowered,
    pool_windows,
    probabilities,
)

_AT_ONCE = 1 << 18  # similarities: ten hours have windows by the ten thousand, of 187 texts each


@dataclass(frozen=True)
class _Fit:
    """How well one label fits its part; no similarity if the part could not be heard."""

    similarity: float | None
    avoided: tuple[str, ...] = ()


def part_of(label: Label) -> Part:
    """Return the part of a recording that a label is looked for in."""
    when = label.when
    return Part(when.start, when.end, when.anchor == "end") if when else WHOLE


def score_labels(
    labels: LabelSet, embeddings: LabelEmbeddings, heard: Heard, scale: float
) -> tuple[Score, ...]:
    """Score the labels, each by the part that it is looked for in.

    Similarities of a part's windows are lowered by what a label is not window by window, then
    pooled, then compared as ``log_evidence`` says.

    Args:
        labels: The labels.
        embeddings: As the model reads them.
        heard: What the model made of each label's part.
        scale: The model's factor on similarities.

    Returns:
        One per label, best first; ties keep the user's order.
    """
    asked = [part_of(label) for label in labels]
    # A silent recording is told about as a whole; a silent part of one that isn't says nothing.
    audible = [part for part in heard.parts if part == WHOLE or not heard.parts[part].is_silent]
    windows = {part: _similarities(embeddings.own, heard.parts[part]) for part in audible}
    pooled = {part: pool_windows(each, scale) for part, each in windows.items()}
    fits = []
    for index, (label, part) in enumerate(zip(labels, asked, strict=True)):
        fit = _Fit(float(pooled[part][index]) if part in pooled else None)
        if fit.similarity is not None and label.avoid:
            against = _similarities(embeddings.avoided[index], heard.parts[part])
            fit = _lowered(fit.similarity, windows[part][:, index], label.avoid, against, scale)
        fits.append(fit)
    probability = _probabilities(labels, asked, fits, pooled, scale)
    scores = [
        Score(
            label=label.name,
            probability=float(probability[index]),
            similarity=fits[index].similarity,
            phrases=label.phrases,
            span=heard.parts[asked[index]].span if label.when else None,
            avoided=fits[index].avoided,
        )
        for index, label in enumerate(labels)
    ]
    return tuple(scores[index] for index in np.argsort(-probability, kind="stable"))


def telling_window(
    labels: ReadLabels, name: str, heard: Heard, scale: float
) -> tuple[float, float] | None:
    """Return the span of the window that speaks most for a label.

    Args:
        labels: As the model reads them.
        name: The label's name.
        heard: What the model made of the recording.
        scale: The model's factor on similarities.

    Returns:
        In seconds; None if the part that the label is looked for in is one unit, or none.
    """
    index = [label.name for label in labels.labels].index(name)
    part = heard.parts[part_of(labels.labels[index])]
    if len(part.units) < 2:
        return None
    fits = [lowered_similarities(labels, row, scale)[index] for row in part.embeddings]
    return part.units[int(np.argmax(fits))]


def lowered_similarities(read: ReadLabels, embedding: Embeddings, scale: float) -> Similarities:
    """Return each label's similarity to one window, lowered by what it is not.

    Args:
        read: The labels, as the model reads them.
        embedding: Of the window, shape ``(dim,)``.
        scale: The model's factor on similarities.

    Returns:
        Shape ``(n_labels,)``.
    """
    heard = embedding.astype(np.float64)
    own = read.embeddings.own.astype(np.float64) @ heard
    for index, avoided in enumerate(read.embeddings.avoided):
        if len(avoided):
            against = avoided.astype(np.float64) @ heard
            own[index] = lowered(own[[index]], against[np.newaxis], scale)[0]
    return np.asarray(own)


def similarities_of(texts: Embeddings, part: HeardPart, scale: float) -> Similarities:
    """Return the similarity of texts to a part, shape ``(n_texts,)``; none if it wasn't heard."""
    count = len(part.embeddings)
    if not count:
        return np.zeros(0)
    some = max(1, _AT_ONCE // count)
    starts = range(0, len(texts), some)
    pooled = [pool_windows(_similarities(texts[at : at + some], part), scale) for at in starts]
    return np.concatenate([np.zeros(0), *pooled])


def warn_of_unheard(labels: LabelSet, heard: Heard) -> tuple[Text, ...]:
    """Warn of labels that are looked for where there is nothing, or nothing to be heard."""
    if heard.is_silent:  # which is told already
        return ()
    parts = [(label.name, heard.parts[part_of(label)]) for label in labels if label.when]
    outside = [name for name, part in parts if not part.units]
    silent = [name for name, part in parts if part.units and part.is_silent]
    warnings = []
    if outside:
        seconds = f"{heard.duration:.4g}"
        warnings.append(
            Text(
                en=f"The recording is {seconds} s long, and these labels are looked for outside "
                f"it: {', '.join(outside)}. Check their places in time.",
                zh=f"录音长 {seconds} 秒，下列标签指定的时间段不在录音之内："
                f"{'、'.join(outside)}。请检查其中的时间。",
            )
        )
    if silent:
        warnings.append(
            Text(
                en="There is no sound in the part of the recording where these labels are looked "
                f"for: {', '.join(silent)}.",
                zh=f"下列标签指定的时间段内没有声音：{'、'.join(silent)}。",
            )
        )
    return tuple(warnings)


def _lowered(
    before: float,
    similarities: Similarities,
    phrases: Sequence[str],
    against: Similarities,
    scale: float,
) -> _Fit:
    """Lower a label by what it is not.

    Args:
        before: Its similarity to its part.
        similarities: Its similarities to the part's windows, shape ``(n_windows,)``.
        phrases: The phrases to avoid.
        against: Theirs, shape ``(n_windows, n_phrases)``.
        scale: The model's factor on similarities.
    """

    def by(some: Similarities) -> float:
        return float(pool_windows(lowered(similarities, some, scale)[:, np.newaxis], scale)[0])

    effective = tuple(
        phrase
        for index, phrase in enumerate(phrases)
        if is_lowered(before, by(against[:, [index]]), scale)
    )
    return _Fit(by(against), effective)


def _probabilities(
    labels: LabelSet,
    asked: Sequence[Part],
    fits: Sequence[_Fit],
    pooled: Mapping[Part, Similarities],
    scale: float,
) -> Similarities:
    if not pooled:
        return np.zeros(len(labels))
    rows = {part: row for row, part in enumerate(pooled)}
    own = [-np.inf if fit.similarity is None else fit.similarity for fit in fits]
    where = [rows.get(part, 0) for part in asked]
    evidence = log_evidence(np.array(own), np.stack(list(pooled.values())), np.array(where), scale)
    return probabilities(evidence, np.array([label.weight for label in labels]), 1.0)


def _similarities(texts: Embeddings, part: HeardPart) -> Similarities:
    """Return the similarity of each unit to each text, shape ``(n_units, n_texts)``."""
    text = texts.astype(np.float64)
    return np.stack([text @ unit.astype(np.float64) for unit in part.embeddings])
