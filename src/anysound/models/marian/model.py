"""A translation model at run time."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anysound.models.graphs.sessions import Session, open_session
from anysound.models.marian.config import MarianConfig
from anysound.models.marian.graph import place_table
from anysound.models.marian.search import Logits, Tokens, search
from anysound.models.marian.tokenizer import MarianTokenizer

ENCODER, DECODER, TABLE = "encoder.fp32.onnx", "decoder.fp32.onnx", "tokens.npy"

_LONGEST = (2, 24)  # tokens of a translation: so many for each of the text, and so many more


class MarianModel:
    """Translates short texts, one at a time, on the CPU; the same text always the same way.

    It may be used from several threads.
    """

    def __init__(self, folder: Path) -> None:
        """Open a model that ``build`` has built.

        Raises:
            ModelError: A file is missing or damaged.
            MissingExtraError: SentencePiece is not installed.
        """
        self.config = MarianConfig.read(folder)
        self.tokenizer = MarianTokenizer.load(folder, self.config)
        self._encoder = open_session(folder / ENCODER)
        self._decoder = open_session(folder / DECODER)
        self._table: NDArray[np.float32] = np.load(folder / TABLE, mmap_mode="r")
        self._places = place_table(self.config)

    def translate(self, text: str) -> str | None:
        """Translate a text.

        Returns:
            Its translation; None if that came to no end, as when words are repeated forever.

        Raises:
            ModelError: The text is longer than the model takes, or isn't valid Unicode.
        """
        source = self.tokenizer.encode(text)
        each, more = _LONGEST
        longest = min(each * len(source) + more, self.config.search.longest)
        ids = self.generate(source, longest)
        return self.tokenizer.decode(ids) if len(ids) + 1 < longest else None

    def generate(self, source: Sequence[int], longest: int) -> tuple[int, ...]:
        """Return the ids of a translation, with that of the end.

        Args:
            source: Ids of a text's tokens, with that of the end.
            longest: Most tokens of the translation, with the one that it begins with.
        """
        tokens = Tokens(self.config.start, self.config.end)
        how = replace(self.config.search, longest=min(longest, self.config.search.longest))
        return search(self.start(source).step, tokens, how)

    def start(self, source: Sequence[int]) -> "Writing":
        """Read a text and make ready to write its translation."""
        places = np.arange(len(source))
        (memory,) = self._encoder.run(None, {"rows": self.rows(source, places)})
        return Writing(self, self._decoder, memory)

    def rows(self, ids: Sequence[int], places: NDArray[np.int64]) -> NDArray[np.float32]:
        """Embed tokens at their places; shape ``(n_tokens, width)``."""
        scale = np.float32(self.config.width**0.5 if self.config.is_scaled else 1)
        return np.asarray(self._table[ids] * scale + self._places[places], dtype=np.float32)

    @property
    def table(self) -> NDArray[np.float32]:
        """The tokens' embeddings, mapped; shape ``(vocabulary, width)``."""
        return self._table


class Writing:
    """Translations of one text, being written side by side."""

    def __init__(self, model: MarianModel, decoder: Session, memory: NDArray[np.float32]) -> None:
        """Begin; users call :meth:`MarianModel.start`."""
        self._model = model
        self._decoder = decoder
        self._memory = memory
        depth, parts, heads, _, size = memory.shape
        self._written = np.zeros((depth, parts, 1, heads, 0, size), dtype=np.float32)

    def step(self, followed: Sequence[int], ids: Sequence[int]) -> Logits:
        """Go on by one token.

        Args:
            followed: Which of the translations of the last step are followed.
            ids: The token that each of them goes on with.

        Returns:
            Logits of the token after it, shape ``(len(ids), vocabulary)``.
        """
        past = self._written[:, :, list(followed)]
        places = np.full(len(ids), past.shape[4])
        feed = {
            "rows": self._model.rows(ids, places),
            "past": past,
            "memory": self._memory,
            "table": self._model.table,
        }
        logits, self._written = self._decoder.run(None, feed)
        return np.asarray(logits)
