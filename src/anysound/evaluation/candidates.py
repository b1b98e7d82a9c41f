"""Other ways to say what a label's phrases say."""

import re
from collections.abc import Sequence
from typing import Protocol

from anysound.labels import Label
from anysound.language import Language, language_of

MOST = 60
"""Candidates tried for one label."""

TEMPLATES: dict[Language, tuple[str, ...]] = {
    "en": (
        "{}",
        "the sound of {}",
        "a recording of {}",
        "{} sound",
        "{} noise",
        "{} nearby",
        "{} in the background",
        "loud {}",
    ),
    "zh": (
        "{}",
        "{}声",
        "{}的声音",
        "{}的录音",
        "{}的响声",
        "附近的{}声",
        "背景里的{}声",
        "很响的{}声",
    ),
}

_SAYS_SOUND: dict[Language, re.Pattern[str]] = {
    "en": re.compile(
        r"^(?:the |a )?(?:sounds?|noise|recording) of (?:an? |the )?| (?:sound|noise)s?$"
    ),
    "zh": re.compile(r"(?:的?(?:声音|响声|录音)|声)$"),
}


class Synonyms(Protocol):
    """Knows other phrases for the concept that a text names."""

    def __call__(self, text: str, /) -> Sequence[str]:
        """Return phrases in the text's language; none if it isn't known."""


def no_synonyms(text: str, /) -> Sequence[str]:
    """Know none."""
    return ()


Phrases = tuple[str, ...]


def candidates(
    label: Label, synonyms: Synonyms = no_synonyms, templates: Sequence[str] = ()
) -> tuple[Phrases, ...]:
    """Return ways to hear a label, as written first.

    They are its phrases one by one, their synonyms, each of these in sentences of its language,
    and what is written with one of the others added.

    Args:
        label: As written.
        synonyms: Knows other phrases.
        templates: Sentences to try before the usual ones.
    """
    said = list(label.phrases)
    for text in (label.name, *label.phrases):
        said += synonyms(text)
    said = list(dict.fromkeys(said))
    singles = list(said)
    for phrase in said:
        singles += _in_sentences(phrase, templates)
    singles = list(dict.fromkeys(singles))[: MOST // 2]
    added = [(*label.phrases, each) for each in singles if each not in label.phrases]
    own = tuple(label.phrases)
    return tuple(dict.fromkeys([own, *((each,) for each in singles), *added]))[:MOST]


def _in_sentences(phrase: str, templates: Sequence[str]) -> list[str]:
    language = language_of(phrase)
    bare = _SAYS_SOUND[language].sub("", phrase).strip() or phrase
    given = [template for template in templates if language_of(template) == language]
    return [template.replace("{}", bare) for template in (*given, *TEMPLATES[language])]
