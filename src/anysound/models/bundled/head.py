"""Puts a text of the bundled model where the words bear on each other.

A sum of word vectors says "high" in the same way of thunder and of a cricket, whose high is another
one. A small residual layer moves each text by what its words mean together.
"""

from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from anysound.models.protocol import Embeddings

INNER = "head_inner.npy"
OUTER = "head_outer.npy"


class TextHead:
    """``x`` becomes ``x + outer @ relu(inner @ x)``, of unit length again."""

    def __init__(self, inner: NDArray[np.floating], outer: NDArray[np.floating]) -> None:
        """Take the layer.

        Args:
            inner: Shape ``(hidden, dim)``.
            outer: Shape ``(dim, hidden)``.
        """
        self._inner = np.asarray(inner, dtype=np.float32)
        self._outer = np.asarray(outer, dtype=np.float32)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read the layer of a model's folder."""
        return cls(np.load(folder / INNER), np.load(folder / OUTER))

    def __call__(self, embeddings: Embeddings) -> Embeddings:
        """Move unit rows; shape and length stay as they are."""
        # Row by row, so that a text's embedding can't depend on what is embedded beside it.
        return np.stack([self._moved(row) for row in embeddings]) if len(embeddings) else embeddings

    def _moved(self, row: Embeddings) -> Embeddings:
        moved = row + self._outer @ np.maximum(self._inner @ row, 0)
        return np.asarray(moved / np.linalg.norm(moved), dtype=np.float32)
