"""The words of sounds in both languages, written for this project.

The tables beside this module are made by ``tools/make_lexicon.py``.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeAlias, get_args

Kind: TypeAlias = Literal["label", "quality", "thing", "place", "action", "sound"]
"""What a word is: a whole label of a sound, how something is, a thing or person, where it is,
what is done or happens, or what a sound is called."""

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class Word:
    """A word of the lexicon.

    Attributes:
        kind: What it is.
        en: Its English.
    """

    kind: Kind
    en: str


@dataclass(frozen=True)
class Name:
    """What a Chinese phrase for a whole sound is called in English.

    Attributes:
        en: The English label.
        is_usual: Whether the phrase is the Chinese label, so that the English says all of it.
    """

    en: str
    is_usual: bool


@dataclass(frozen=True)
class Concept:
    """Phrases that mean the same sound; the first of each language is its label."""

    en: tuple[str, ...]
    zh: tuple[str, ...]


@cache
def words() -> dict[str, Word]:
    """Return the words by their Chinese, in simplified characters."""
    rows = (line.split("\t") for line in _lines("words.tsv"))
    return {zh: Word(kind, en) for kind, zh, en in rows if kind in KINDS}


@cache
def labels() -> dict[str, Name]:
    """Return the English label of each Chinese phrase that names a whole sound."""
    return {
        phrase: Name(concept.en[0], is_usual=phrase == concept.zh[0])
        for concept in concepts()
        for phrase in concept.zh
    }


@cache
def concepts() -> tuple[Concept, ...]:
    """Return the sounds that have several phrases in both languages."""
    rows = (line.split("\t") for line in _lines("concepts.tsv"))
    return tuple(Concept(tuple(en.split("|")), tuple(zh.split("|"))) for en, zh in rows)


@cache
def qualities() -> tuple[tuple[str, ...], ...]:
    """Return words for how a sound sounds: those of one row, and one language, mean the same."""
    rows = (line.split("\t") for line in _lines("qualities.tsv"))
    return tuple(tuple(wordings.split("|")) for row in rows for wordings in row)


def synonyms(text: str) -> tuple[str, ...]:
    """Return other phrases for a sound, in the language of ``text``; empty if it is unknown."""
    return tuple(phrase for phrase in _phrases().get(plain(text).lower(), ()) if phrase != text)


def plain(text: str) -> str:
    """Return the text with half-width forms and simplified characters, trimmed."""
    return unicodedata.normalize("NFKC", text).translate(_simplified()).strip()


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    return {
        phrase: phrases
        for concept in concepts()
        for phrases in (concept.en, concept.zh)
        for phrase in phrases
    }


@cache
def _simplified() -> dict[int, int]:
    (traditional, simple) = _lines("traditional.tsv")
    return str.maketrans(traditional, simple)


def _lines(name: str) -> list[str]:
    return (files(__package__) / name).read_text("utf-8").splitlines()
