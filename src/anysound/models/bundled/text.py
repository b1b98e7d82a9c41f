"""The text side of the bundled model: a table of token vectors for English and Chinese.

A text is cut into words and word pieces; its embedding is the sum of their rows, brought to unit
length. How much a token weighs is the length of its row, so nothing else has to be stored. The
table is int8 with one scale a row and stays on disk, mapped into memory.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from anysound.errors import ModelError
from anysound.language import Text
from anysound.models.protocol import Embeddings

TOKENIZER_FILE = "tokenizer.json"
TABLE_FILE = "table.npy"
SCALES_FILE = "scales.npy"
CHARACTERS_FILE = "characters.txt"


class TextTable:
    """Embeds English and Chinese texts, each on its own.

    Attributes:
        dim: Length of an embedding.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        table: NDArray[np.int8],
        scales: NDArray[np.float32],
        simplified: dict[int, int],
    ) -> None:
        """Put a table together from its parts.

        Args:
            tokenizer: Cuts normalised text; a token's id is its row, the last id is "unknown".
            table: Rows of shape ``(n_tokens, dim)``.
            scales: Factor of each row, shape ``(n_tokens,)``.
            simplified: Simplified character of each traditional one, as for ``str.translate``.

        Raises:
            ModelError: The parts don't belong together.
        """
        if table.ndim != 2 or not tokenizer.get_vocab_size() - 1 == len(table) == len(scales):
            raise ModelError(
                Text(
                    en="The bundled model's text table doesn't fit its tokenizer: "
                    "install anysound again.",
                    zh="内置模型的文本表与分词器不匹配,请重新安装 anysound。",
                )
            )
        self.dim = int(table.shape[1])
        self._tokenizer = tokenizer
        self._table = table
        self._scales = scales
        self._simplified = simplified

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open the table in ``folder``.

        Raises:
            ModelError: A file is missing or damaged.
        """
        try:
            traditional, simple = (folder / CHARACTERS_FILE).read_text("utf-8").split()
            # Read by Python: the Rust library raises a bare Exception on a missing file.
            description = (folder / TOKENIZER_FILE).read_text("utf-8")
            table = np.load(folder / TABLE_FILE, mmap_mode="r")
            scales = np.load(folder / SCALES_FILE)
            simplified = str.maketrans(traditional, simple)
        except (OSError, ValueError) as error:
            raise _damaged(folder, error) from error
        try:
            tokenizer = Tokenizer.from_str(description)
        except Exception as error:  # tokenizers has no narrower class
            raise _damaged(folder, error) from error
        return cls(tokenizer, table, scales, simplified)

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Embed each text as given.

        Returns:
            Unit-length rows, shape ``(len(texts), dim)``.

        Raises:
            ModelError: A text is empty, or nothing in it is known.
        """
        embeddings = np.empty((len(texts), self.dim), np.float32)
        for row, text in zip(embeddings, texts, strict=True):
            row[:] = self._embed(text)
        return embeddings

    def known(self, text: str) -> float:
        """Return the share of the text's letters, digits and characters that is understood.

        Signs and spaces don't count. 0.0 means that ``embed`` would refuse the text.
        """
        normal = self._normalise(text)
        encoding = self._tokenizer.encode(normal)
        unknown = len(self._table)
        meant = sum(character.isalnum() for character in normal)
        understood = sum(
            end - start
            for token, (start, end) in zip(encoding.ids, encoding.offsets, strict=True)
            if token != unknown
        )
        return understood / meant if meant else 0.0

    def tokens(self, text: str) -> list[int]:
        """Return the rows that make up a text, in its order; empty if nothing is known."""
        encoding: Encoding = self._tokenizer.encode(self._normalise(text))
        unknown = len(self._table)
        return [token for token in encoding.ids if token != unknown]

    def _embed(self, text: str) -> NDArray[np.float32]:
        rows = self.tokens(text)
        total = (self._table[rows] * self._scales[rows, None]).sum(axis=0)
        length = np.sqrt((total * total).sum())
        if not length > 0:
            raise _not_understood(text)
        unit: NDArray[np.float32] = total / length
        return unit

    def _normalise(self, text: str) -> str:
        """Give one form to full-width, accented, capital and traditional characters."""
        return normalise(text).translate(self._simplified)


def normalise(text: str) -> str:
    """Return the text in lower case, without accents, and with full-width forms made plain."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _damaged(folder: Path, error: Exception) -> ModelError:
    return ModelError(
        Text(
            en=f"The bundled model in {folder} cannot be read ({error}): install anysound again.",
            zh=f"无法读取 {folder} 中的内置模型({error}),请重新安装 anysound。",
        )
    )


def _not_understood(text: str) -> ModelError:
    if not text.strip():
        return ModelError(
            Text(
                en="A text to embed is empty: write what the sound is, such as 'dog barking'.",
                zh="待嵌入的文本为空:请写出声音的名称,例如“狗叫声”。",
            )
        )
    return ModelError(
        Text(
            en=f"The bundled model knows no word of '{text}': describe the sound in English "
            "or Chinese.",
            zh=f"内置模型不认识“{text}”中的任何词:请用中文或英文描述这种声音。",
        )
    )
