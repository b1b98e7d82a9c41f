"""Puts a text of the bundled model where its tower hears what the text says.

A sum of word vectors says "high" in the same way of thunder and of a cricket, whose high is another
one. So the concept and the qualifier that a sum of words speaks of are read out of it, and the text
is moved by what that qualifier of that concept was learnt to add. A small residual layer moves it
by what else its words mean together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from anysound.models.protocol import Embeddings

FILE = "head.npz"

LEAST = 1e-3
"""Concepts that a text speaks of by less than this share are left out."""


@dataclass(frozen=True, eq=False)
class TextHead:
    """What a text goes through after its words have been summed.

    Attributes:
        concepts: By which each concept is read out of a text, shape ``(n_concepts, dim)``.
        no_concept: How much speaks for none of them, a scalar.
        qualifiers_inner: First layer of what reads qualifiers, shape ``(width, dim)``.
        qualifiers_outer: Its second layer, shape ``(n_qualifiers, width)``; none of them has 0.
        shifts: What a concept adds to a text, and then what each of its qualifiers adds, in int8,
            shape ``(n_concepts, 1 + n_qualifiers, dim)``.
        scales: Factors of the shifts, shape ``(n_concepts, 1 + n_qualifiers)``.
        inner: First layer of the residual, shape ``(hidden, dim)``.
        outer: Its second layer, shape ``(dim, hidden)``.
    """

    concepts: NDArray[np.floating]
    no_concept: NDArray[np.floating]
    qualifiers_inner: NDArray[np.floating]
    qualifiers_outer: NDArray[np.floating]
    shifts: NDArray[np.int8]
    scales: NDArray[np.floating]
    inner: NDArray[np.floating]
    outer: NDArray[np.floating]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the layer of a model's folder."""
        with np.load(folder / FILE) as parts:
            return cls(**_floats_as(np.float32, parts))

    def save(self, folder: Path) -> None:
        """Write the layer into a model's folder, in half precision."""
        np.savez(folder / FILE, **_floats_as(np.float16, vars(self)))

    def __call__(self, embeddings: Embeddings) -> Embeddings:
        """Move unit rows; shape and length stay as they are."""
        # Row by row, so that a text's embedding can't depend on what is embedded beside it.
        return np.stack([self._moved(row) for row in embeddings]) if len(embeddings) else embeddings

    def _moved(self, row: Embeddings) -> Embeddings:
        concepts = _shares(np.append(self.concepts @ row, self.no_concept))
        said = self.qualifiers_outer @ np.maximum(self.qualifiers_inner @ row, 0)
        qualifiers = _shares(np.append(said, np.float32(0)))
        near = np.flatnonzero(concepts > LEAST)
        # The concept itself counts whole, its qualifiers as far as they are said.
        weights = self.scales[near] * np.append(np.float32(1), qualifiers)
        shift = concepts[near] @ (weights[:, None] @ self.shifts[near])[:, 0]
        moved = row + shift + self.outer @ np.maximum(self.inner @ row, 0)
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)


def _floats_as(precision: type[np.floating], parts: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    """Return arrays with another precision, those of whole numbers as they are."""
    return {
        name: part if part.dtype == np.int8 else part.astype(precision)
        for name, part in parts.items()
    }


def _shares(logits: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the softmax, without its last entry, which stands for none."""
    weights = np.exp(logits - logits.max())
    return np.asarray((weights / weights.sum())[:-1], dtype=np.float32)
