"""What a model makes of labels: which it can hardly tell apart, and which it hears everywhere.

How near two labels may be depends on the model, so the yardstick is the model's own: two
wordings of one sound, and sounds that hold nothing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anysound.labels.draft import LabelSet
from anysound.labels.lint.finding import Finding
from anysound.language import Text

Vectors: TypeAlias = NDArray[np.float32]

_ROUNDING = 1e-6


class Hearing(Protocol):
    """What lint asks of a model."""

    def embed_phrases(self, phrases: Sequence[str]) -> Vectors:
        """Embed phrases as they would be for a recording, shape ``(n, dim)``, unit length."""

    def embed_label_set(self, labels: LabelSet) -> Vectors:
        """Embed labels, shape ``(n_labels, dim)``."""

    def embed_background(self) -> Vectors:
        """Embed sounds that hold nothing to name, shape ``(n, dim)``, unit length."""


@dataclass(frozen=True)
class Yardstick:
    """What is usual for a model.

    Attributes:
        alike: Similarity that three in four pairs of wordings of one sound reach.
        everywhere: Least similarity to any empty sound that 1 in 50 labels exceeds.
    """

    alike: float
    everywhere: float


def measure(hearing: Hearing, wordings: Sequence[tuple[str, str]]) -> Yardstick:
    """Measure a model.

    Args:
        hearing: The model.
        wordings: Two wordings each of different sounds, a hundred or so.
    """
    first = hearing.embed_phrases([one for one, _ in wordings]).astype(np.float64)
    second = hearing.embed_phrases([other for _, other in wordings]).astype(np.float64)
    background = hearing.embed_background().astype(np.float64)
    return Yardstick(
        alike=float(np.quantile((first * second).sum(axis=1), 0.25)),
        everywhere=float(np.quantile((first @ background.T).min(axis=1), 0.98)),
    )


def check_likeness(labels: LabelSet, hearing: Hearing, yardstick: Yardstick) -> Iterator[Finding]:
    """Find labels that a model can hardly tell apart, and those that it hears in everything.

    A label is named as like another one once, so that a thousand like each other are no million
    findings.
    """
    vectors = hearing.embed_label_set(labels).astype(np.float64)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)  # examples change the length
    alike = np.triu(vectors @ vectors.T >= yardstick.alike - _ROUNDING, k=1)
    for second in np.flatnonzero(alike.any(axis=0)):
        first = int(alike[:, second].argmax())
        similarity = float(vectors[first] @ vectors[second])
        yield _alike(labels[first].name, labels[second].name, similarity, yardstick)
    background = hearing.embed_background().astype(np.float64)
    for label, heard in zip(labels, (vectors @ background.T).min(axis=1), strict=True):
        if heard > yardstick.everywhere:
            yield _hub(label.name, float(heard), yardstick)


def _alike(first: str, second: str, similarity: float, yardstick: Yardstick) -> Finding:
    usual = yardstick.alike
    return Finding(
        "alike",
        (first, second),
        Text(
            en=f"The model can hardly tell these two apart (similarity {similarity:.2f}; two "
            f"wordings of one sound mostly have {usual:.2f} or more)",
            zh=f"模型很难区分这两个标签（相似度 {similarity:.2f}，"
            f"同一声音的两种说法多在 {usual:.2f} 以上）",
        ),
        Text(
            en="Say in brackets how they differ: pitch, length, rhythm, material. "
            "Or make one label of them.",
            zh="请在括号里写明差别：音调、长短、节奏、材质；或者合并成一个标签。",
        ),
    )


def _hub(name: str, heard: float, yardstick: Yardstick) -> Finding:
    usual = yardstick.everywhere
    return Finding(
        "hub",
        (name,),
        Text(
            en=f"The model hears this even where there is nothing (similarity {heard:.2f} or "
            f"more to any noise and hum; other labels stay below {usual:.2f})",
            zh=f"即使没有内容，模型也倾向于听成它（与各种噪声、电流声的相似度都在 {heard:.2f} "
            f"以上，其他标签一般低于 {usual:.2f}）",
        ),
        Text(
            en="It will win where nothing else fits. Describe the sound more closely.",
            zh="没有合适标签时，它容易胜出。请把声音描述得更具体。",
        ),
    )
