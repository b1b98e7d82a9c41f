"""The phrases of the concepts that a model is trained on, and their embeddings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from anysound.models.protocol import Embeddings
from training.qualifiers import NAMES, opposite, qualified
from training.text_data import read_bank

EmbedText: TypeAlias = Callable[[Sequence[str]], Embeddings]

_CAPTIONS = 8  # of a concept with a qualifier, in each language, whose mean is taken


@dataclass(frozen=True)
class Drawn:
    """Two captions of a sound.

    Attributes:
        true: Has a qualifier that is true of it.
        false: The same with an opposite qualifier.
        opposite: Names that one.
    """

    true: str
    false: str
    opposite: str


class EmbeddedBank:
    """The phrases of concepts, and their embeddings.

    Attributes:
        phrases: Of each concept, by language.
        vectors: Of each concept, one row a phrase.
        means: Mean of each concept's rows, shape ``(n_concepts, dim)``.
    """

    def __init__(self, concepts: list[str], embed: EmbedText) -> None:
        """Embed all phrases of ``concepts``."""
        entries = read_bank()
        self.phrases = [entries[concept] for concept in concepts]
        self._embed = embed
        self.vectors = [self.embed(phrases["en"] + phrases["zh"]) for phrases in self.phrases]
        self.means = torch.stack([vectors.mean(0) for vectors in self.vectors])

    def embed(self, texts: list[str]) -> Tensor:
        """Embed texts, shape ``(n, dim)``."""
        return torch.from_numpy(self._embed(texts))

    def prototypes(self, rng: np.random.Generator) -> Tensor:
        """Return one vector a concept: a random phrase, or the mean of all its phrases."""
        rows = [vectors[rng.integers(len(vectors))] for vectors in self.vectors]
        random = nn.functional.normalize(torch.stack(rows), dim=1)
        means = nn.functional.normalize(self.means, dim=1)
        return torch.where(torch.from_numpy(rng.random((len(rows), 1)) < 0.7), random, means)

    def captions(
        self, rng: np.random.Generator, concepts: list[int], tags: list[str]
    ) -> tuple[Tensor, Tensor, list[str]]:
        """Embed captions that :meth:`drawn` draws, and name the opposites in the false ones."""
        drawn = self.drawn(rng, concepts, tags)
        true, false = (
            self.embed([one.true for one in drawn]),
            self.embed([one.false for one in drawn]),
        )
        return true, false, [one.opposite for one in drawn]

    def drawn(self, rng: np.random.Generator, concepts: list[int], tags: list[str]) -> list[Drawn]:
        """Draw captions of sounds with a qualifier, and the same with the opposite one."""
        found = []
        for concept, tag in zip(concepts, tags, strict=True):
            language = "en" if rng.random() < 0.5 else "zh"
            phrase = str(rng.choice(self.phrases[concept][language]))
            other = opposite(rng, tag)
            found.append(Drawn(*qualified(rng, phrase, language, tag, other), other))
        return found

    def mean_captions(self, rng: np.random.Generator, through: nn.Module) -> Tensor:
        """Return the mean embedding of captions of each concept with each qualifier.

        Of shape ``(n_concepts, n_qualifiers, dim)``; each went through a map before.
        """
        means = []
        for phrases in self.phrases:
            texts = [
                qualified(rng, str(rng.choice(phrases[language])), language, tag)[0]
                for tag in NAMES
                for language in ("en", "zh")
                for _ in range(_CAPTIONS)
            ]
            embeddings = through(self.embed(texts))
            means.append(embeddings.unflatten(0, (len(NAMES), -1)).mean(1))
        return torch.stack(means)


def contrast(logits: Tensor, concepts: Tensor) -> Tensor:
    """Return the cross-entropy of sounds' captions against those of other concepts in a batch.

    Args:
        logits: How well each caption fits each sound; its own stands on the diagonal.
        concepts: Their numbers.
    """
    own = torch.eye(len(concepts), dtype=torch.bool)
    alike = (concepts[:, None] == concepts[None]) & ~own
    logits = logits.masked_fill(alike, -1e4)
    return nn.functional.cross_entropy(logits, torch.arange(len(concepts)))
