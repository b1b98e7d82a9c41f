"""Wordings as people write them: a concept's phrase among words that say nothing of its sound.

"A puppy yapping at the postman" is a puppy, a yap and a postman, and in a sum of words the postman
pulls as hard. What a text goes through after the sum can learn to leave such words aside, if it is
shown phrases with words beside them that have nothing to do with any of the concepts.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from anysound.models.bundled.text import Vocabulary

Language = Literal["en", "zh"]
Phrases = dict[str, list[str]]
"""Of a concept, by language."""

_SPACE: dict[Language, str] = {"en": " ", "zh": ""}
_MOST: dict[Language, int] = {"en": 4, "zh": 3}  # words beside a phrase
_FLATTENED = 0.6  # exponent of a word's frequency: rare words come more often than in books
_AT_ONCE = 4096


class Wordings:
    """Draws wordings of concepts."""

    def __init__(self, phrases: Sequence[Phrases], vocabulary: Vocabulary) -> None:
        """Take the phrases of each concept, and the words that may stand beside them."""
        self._phrases = phrases
        self._tokens = np.array(vocabulary.tokens)
        self._chances: dict[Language, NDArray[np.float64]] = {}
        self._drawn: dict[Language, list[str]] = {"en": [], "zh": []}
        frequency = np.exp(-_FLATTENED * np.array(vocabulary.costs, dtype=np.float64) / 100)
        english = np.array([token.isascii() for token in vocabulary.tokens])
        words = np.array([token.isalpha() for token in vocabulary.tokens])
        # Some characters are always read as another, and mean nothing by themselves.
        read = np.array([bool(vocabulary.cut(token)) for token in vocabulary.tokens])
        for language, own in (("en", english & words & read), ("zh", ~english & read)):
            self._chances[language] = frequency * own / (frequency * own).sum()

    def draw(self, rng: np.random.Generator, concept: int) -> str:
        """Return a phrase of a concept, or one with a few words before and after it."""
        language = _any_language(rng)
        phrase = str(rng.choice(self._phrases[concept][language]))
        words = self._words(rng, language, int(rng.integers(_MOST[language] + 1)))
        before = int(rng.integers(len(words) + 1))
        return _SPACE[language].join([*words[:before], phrase, *words[before:]])

    def unrelated(self, rng: np.random.Generator) -> str:
        """Return one to three words by themselves."""
        language = _any_language(rng)
        return _SPACE[language].join(self._words(rng, language, int(rng.integers(1, 4))))

    def _words(self, rng: np.random.Generator, language: Language, count: int) -> list[str]:
        return [self._word(rng, language) for _ in range(count)]

    def _word(self, rng: np.random.Generator, language: Language) -> str:
        if not self._drawn[language]:  # many at a time, since each draw goes through all tokens
            chances = self._chances[language]
            self._drawn[language] = rng.choice(self._tokens, _AT_ONCE, p=chances).tolist()
        return self._drawn[language].pop()


def _any_language(rng: np.random.Generator) -> Language:
    return "en" if rng.random() < 0.5 else "zh"
