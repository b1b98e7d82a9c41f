"""The text side of the bundled model: a table of token vectors for English and Chinese.

A text is cut into words and word pieces; its embedding is the sum of their rows, brought to unit
length. How much a token weighs is the length of its row, so nothing else has to be stored. The
table is int8 with one scale a row and stays on disk, mapped into memory.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from anysound.errors import ModelError
from anysound.language import Text
from anysound.models.protocol import Embeddings

TOKENS_FILE = "tokens.txt"
COSTS_FILE = "costs.npy"
TABLE_FILE = "table.npy"
SCALES_FILE = "scales.npy"
CHARACTERS_FILE = "characters.txt"

_RUN = re.compile(r"[a-z]+|[0-9]+|[\u3400-\u9fff]+")
_UNKNOWN_COST = 3000


def normalise(text: str) -> str:
    """Return the text in lower case, without accents, and with full-width forms made plain."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


@dataclass(frozen=True)
class Vocabulary:
    """Cuts texts into known tokens; what is between them is dropped.

    Each run of letters, of digits or of Chinese characters is cut where the sum of the tokens'
    costs is least.

    Attributes:
        tokens: The known tokens; a token's id is its place.
        costs: Cost of each token: how rare it is, as ``-100 * log(frequency)``.
        simplified: Simplified character of each traditional one, as for ``str.translate``.
    """

    tokens: tuple[str, ...]
    costs: tuple[int, ...]
    simplified: dict[int, int]

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {token: index for index, token in enumerate(self.tokens)}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.tokens))

    def normalise(self, text: str) -> str:
        """Give one form to full-width, accented, capital and traditional characters."""
        return normalise(text).translate(self.simplified)

    def cut(self, text: str) -> list[int]:
        """Return the ids of the tokens of a text, in its order; empty if nothing is known."""
        return [token for run in _RUN.findall(self.normalise(text)) for token in self._cut(run)]

    def _cut(self, run: str) -> list[int]:
        # best[end] and last[end]: the cheapest cut of run[:end], and the token it ends with.
        best: list[float] = [0]
        last: list[tuple[int, int | None]] = [(0, None)]
        for end in range(1, len(run) + 1):
            best.append(inf)
            last.append((end - 1, None))
            for start in range(max(0, end - self._longest), end):
                token = self._ids.get(run[start:end])
                if token is None and start < end - 1:
                    continue
                cost = best[start] + (_UNKNOWN_COST if token is None else self.costs[token])
                if cost < best[end]:
                    best[end], last[end] = cost, (start, token)
        found: list[int] = []
        end = len(run)
        while end:
            end, token = last[end]
            if token is not None:
                found.append(token)
        return found[::-1]


class TextTable:
    """Embeds English and Chinese texts, each on its own.

    Attributes:
        vocabulary: What cuts the texts.
        dim: Length of an embedding.
    """

    def __init__(
        self, vocabulary: Vocabulary, table: NDArray[np.int8], scales: NDArray[np.float32]
    ) -> None:
        """Put a table together from its parts.

        Args:
            vocabulary: Cuts the texts.
            table: One row a token, shape ``(n_tokens, dim)``.
            scales: Factor of each row, shape ``(n_tokens,)``.
        """
        self.vocabulary = vocabulary
        self.dim = int(table.shape[1])
        self._table = table
        self._scales = scales

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Open the table in ``folder``.

        Raises:
            ModelError: A file is missing or damaged, or the files don't belong together.
        """
        try:
            tokens = tuple((folder / TOKENS_FILE).read_text("utf-8").split())
            costs = tuple(np.load(folder / COSTS_FILE).tolist())
            traditional, simple = (folder / CHARACTERS_FILE).read_text("utf-8").split()
            vocabulary = Vocabulary(tokens, costs, str.maketrans(traditional, simple))
            table = np.load(folder / TABLE_FILE, mmap_mode="r")
            scales = np.load(folder / SCALES_FILE)
            if not len(tokens) == len(costs) == len(table) == len(scales):
                raise ValueError("its files have different lengths")
        except (OSError, ValueError, EOFError) as error:
            raise ModelError(
                Text(
                    en=f"The text table in {folder} cannot be read ({error}): "
                    "install anysound again.",
                    zh=f"无法读取 {folder} 中的文本表({error})，请重新安装 anysound。",
                )
            ) from error
        return cls(vocabulary, table, scales)

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

        Signs and spaces don't count. At 0.0 ``embed`` refuses the text.
        """
        meant = sum(character.isalnum() for character in self.vocabulary.normalise(text))
        understood = sum(len(self.vocabulary.tokens[token]) for token in self.vocabulary.cut(text))
        return understood / meant if meant else 0.0

    def _embed(self, text: str) -> NDArray[np.float32]:
        rows = self.vocabulary.cut(text)
        total = (self._table[rows] * self._scales[rows, None]).sum(axis=0)
        length = np.sqrt((total * total).sum())
        if not length > 0:
            raise _not_understood(text)
        unit: NDArray[np.float32] = total / length
        return unit


def _not_understood(text: str) -> ModelError:
    if not text.strip():
        return ModelError(
            Text(
                en='A text to embed is empty: write what the sound is, such as "dog barking".',
                zh="待嵌入的文本为空：请写出声音的名称，例如“狗叫声”。",
            )
        )
    return ModelError(
        Text(
            en=f'The bundled model knows no word of "{text}": describe the sound in English '
            "or Chinese.",
            zh=f"内置模型不认识“{text}”中的任何词：请用中文或英文描述这种声音。",
        )
    )
