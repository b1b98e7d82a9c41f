"""The text side of a model at run time: tokenizer and text tower, there while they are needed."""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from anysound.models.clap.config import TextConfig
from anysound.models.clap.tokenizer import ClapTokenizer
from anysound.models.clap.towers import TextTower
from anysound.models.protocol import Embeddings


class TextSide:
    """From texts to embeddings.

    A command embeds its labels once, and then needs the memory for the recording: tokenizer and
    tower are let go after their first use. From the second on they are kept and their weights
    packed, for whoever asks twice (a server) asks often.
    """

    def __init__(self, folder: Path, graph: str, config: TextConfig, device: str) -> None:
        """Remember where the parts are; see :class:`TextTower`."""
        self._parts = (folder, graph, config, device)
        self._was_used = False
        self._opening = Lock()
        self._reader: _Reader | None = None

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Embed texts; each one's embedding is the same whatever the others are, to the bit.

        Returns:
            Shape ``(n_texts, dim)``, unit length.

        Raises:
            ModelError: A text is too long for the model.
        """
        return self._opened().embed(texts)

    def _opened(self) -> "_Reader":
        with self._opening:
            if self._reader is not None:
                return self._reader
            reader = _Reader(*self._parts, stays=self._was_used)
            if self._was_used:
                self._reader = reader
            self._was_used = True
            return reader


class _Reader:
    """Tokenizer and text tower of one model."""

    def __init__(
        self, folder: Path, graph: str, config: TextConfig, device: str, *, stays: bool
    ) -> None:
        self._tokenizer = ClapTokenizer.load(folder, config.longest)
        self._tower = TextTower(folder, graph, config, device, is_packed=stays)

    def embed(self, texts: Sequence[str]) -> Embeddings:
        return self._tower.embed([self._tokenizer.encode(text) for text in texts])
