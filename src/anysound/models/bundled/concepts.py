"""Draws the embeddings of free wordings towards the concepts that the bundled model knows.

A sum of word vectors puts "a lumberjack felling trees with a motor saw" somewhere between trees and
saws. The audio tower only ever learned where its concepts lie, so a text is moved a part of the way
towards the concepts it is most similar to, each weighted by how similar it is. What it is moved to
lies between the concept's phrases and how the tower hears recordings of it.
"""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from anysound.models.protocol import Embeddings

PROTOTYPES = "concepts.npy"
TARGETS = "targets.npy"


class Concepts:
    """The concepts of a model: where their phrases lie, and where texts like them are moved to."""

    def __init__(
        self,
        prototypes: NDArray[np.floating],
        targets: NDArray[np.floating],
        share: float,
        temperature: float,
    ) -> None:
        """Take the concepts.

        Args:
            prototypes: Mean embedding of each concept's phrases; unit rows, shape
                ``(n_concepts, dim)``.
            targets: What a text like a concept is moved to; unit rows of the same shape.
            share: How far a text is moved: 0 not at all, 1 all the way.
            temperature: Of the softmax over similarities that weighs the concepts.
        """
        self._prototypes = np.asarray(prototypes, dtype=np.float32)
        self._targets = np.asarray(targets, dtype=np.float32)
        self._share = np.float32(share)
        self._temperature = np.float32(temperature)

    @classmethod
    def load(cls, folder: Path, share: float, temperature: float) -> Self:
        """Read the concepts of a model's folder."""
        prototypes, targets = np.load(folder / PROTOTYPES), np.load(folder / TARGETS)
        return cls(prototypes, targets, share, temperature)

    def draw(self, embeddings: Embeddings) -> Embeddings:
        """Move unit rows towards the concepts; shape and length stay as they are."""
        # Row by row, so that a text's embedding can't depend on what is embedded beside it.
        return np.stack([self._drawn(row) for row in embeddings]) if len(embeddings) else embeddings

    def _drawn(self, row: Embeddings) -> Embeddings:
        similarity = self._prototypes @ row / self._temperature
        weight = np.exp(similarity - similarity.max())
        near = weight @ self._targets
        moved = (1 - self._share) * row + self._share * near / np.linalg.norm(near)
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)
