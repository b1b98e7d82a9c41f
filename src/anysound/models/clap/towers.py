"""The two towers at run time: spectrograms and tokens in, embeddings out."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anysound.models.clap.config import AudioConfig, TextConfig
from anysound.models.clap.front import ClapInput
from anysound.models.graphs.sessions import open_session
from anysound.models.protocol import Embeddings

Tokens: TypeAlias = NDArray[np.int64]
"""Ids of the tokens of one text, shape ``(length,)``."""

_SLOTS = 16  # a text's attention has a multiple of so many, which depends on the text alone
_TOKENS_AT_ONCE = 1024  # bounds memory; results do not depend on it


class AudioTower:
    """From the front end's output to embeddings."""

    def __init__(self, graph: Path, config: AudioConfig, device: str) -> None:
        """Open the graph; see ``write_audio_graph`` for what it takes."""
        self._session = open_session(graph, device)
        self._config = config

    def embed(self, clips: Sequence[ClapInput]) -> Embeddings:
        """Embed clips in one run of the graph.

        On the CPU give them one by one: more take as long, or longer.

        Returns:
            Shape ``(n_clips, dim)``, unit length.
        """
        feed = {"whole": np.stack([clip.features[0] for clip in clips])}
        if self._config.is_fused:
            longer = [i for i, clip in enumerate(clips) if clip.is_longer]
            feed["longer"] = np.array(longer, dtype=np.int64)
            crops = [clips[i].features[1:] for i in longer]
            shape = (0, 3, *feed["whole"].shape[1:])
            feed["crops"] = np.stack(crops) if crops else np.zeros(shape, dtype=np.float32)
        return np.asarray(self._session.run(None, feed)[0], dtype=np.float32)


class TextTower:
    """From tokens to embeddings."""

    def __init__(
        self, folder: Path, graph: str, config: TextConfig, device: str, *, is_packed: bool = False
    ) -> None:
        """Open the graph.

        Args:
            folder: Of the graph, ``tokens.npy`` and ``positions.npy``; the tables are mapped.
            graph: Name of its file; see ``write_text_graph`` for what it takes.
            config: Of the tower.
            device: Where to run the graph.
            is_packed: See :func:`open_session`.
        """
        self._session = open_session(folder / graph, device, is_packed=is_packed)
        self._config = config
        self._device = device
        self._tokens = np.load(folder / "tokens.npy", mmap_mode="r")
        self._positions = np.load(folder / "positions.npy", mmap_mode="r")

    def embed(self, texts: Sequence[Tokens]) -> Embeddings:
        """Embed texts; each one's embedding is the same whatever the others are, to the bit.

        Returns:
            Shape ``(n_texts, dim)``, unit length.
        """
        rows: dict[int, Embeddings] = {}
        for length in sorted({_slots(len(text)) for text in texts}):
            alike = [i for i, text in enumerate(texts) if _slots(len(text)) == length]
            for some in _chunks(alike, self._at_once(length)):
                feed = self._feed([texts[i] for i in some], length)
                rows.update(zip(some, self._session.run(None, feed)[0], strict=True))
        return np.stack([rows[i] for i in range(len(texts))]).astype(np.float32)

    def _at_once(self, length: int) -> int:
        """Choose how many texts to run together; a GPU's sums depend on how many there are."""
        return max(1, _TOKENS_AT_ONCE // length) if self._device == "cpu" else 1

    def _feed(self, texts: Sequence[Tokens], length: int) -> dict[str, NDArray[np.generic]]:
        """Lay the tokens one after the other, and say which slots are theirs."""
        lengths = np.array([len(text) for text in texts])
        mask = np.arange(length) < lengths[:, None]
        slots = np.zeros(mask.shape, dtype=np.int64)
        slots[mask] = np.arange(lengths.sum())
        numbers = np.concatenate([self._numbers(text) for text in texts])
        tokens = self._tokens[np.concatenate(texts)] + self._positions[numbers]
        return {"tokens": tokens, "slots": slots, "mask": mask, "places": np.flatnonzero(mask)}

    def _numbers(self, text: Tokens) -> Tokens:
        """Number a text's tokens for the position table, as RoBERTa does."""
        real = text != self._config.pad  # false only for a text that spells the token out
        return np.asarray(np.cumsum(real) * real + self._config.pad, dtype=np.int64)


def _slots(length: int) -> int:
    return -(-length // _SLOTS) * _SLOTS


def _chunks(items: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    return (items[start : start + size] for start in range(0, len(items), size))
