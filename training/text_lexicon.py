"""What the text table learns from the lexicon: words for sources and what they do, put together.

The words stand in ``lexicon.yaml`` in both languages; a composition's meaning is what the teacher
says of it in English.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TypeAlias

import numpy as np
import yaml

from training.text_data import HERE, Example, Meaning, Words

# How a source and what it does are written together.
PLAIN = {
    "en": ("{source} {action}", "{action} {source}", "{action} of a {source}"),
    "zh": (
        "{source}{action}",
        "{source}{action}声",
        "{source}{action}的声音",
        "{source}的{action}声",
    ),
}
SOUNDS = {
    "en": ("{}", "{}", "{} sound", "sound of a {}", "{} noise"),
    "zh": ("{}", "{}声", "{}的声音", "{}声音", "{}噪音"),
}
QUALIFIED = {
    "en": ("{qualifier} {plain}", "{plain}, {qualifier}"),
    "zh": ("{qualifier}的{plain}", "{qualifier}{plain}"),
}
PLACED = {
    "en": ("{plain} in the {place}", "{place} with {plain}"),
    "zh": ("{place}里的{plain}", "{place}里{plain}", "{place}的{plain}"),
}
NOISY = {
    "en": ("{noise} of {plain}", "{plain} with {noise}", "{plain} {noise}"),
    "zh": ("{plain}的{noise}声", "{plain}{noise}声", "{plain}时的{noise}声"),
}
USED = {
    "en": ("{person}, {plain}", "{plain} by a {person}"),
    "zh": ("{person}用{plain}", "{person}{plain}"),
}


@dataclass(frozen=True)
class Term:
    """Wordings of one meaning, the first one the most usual."""

    zh: list[str]
    en: list[str]


Terms: TypeAlias = list[Term]
Refused: TypeAlias = Callable[[Iterable[str]], bool]
"""Tells whether one of the texts must not be learnt."""


@dataclass(frozen=True)
class Lexicon:
    """Sources and actions by kind, and places.

    Attributes:
        sources: Terms of each kind of source.
        actions: Terms of each kind of action.
        combinations: Kinds of actions of each kind of source.
        places: Where a sound is heard.
        noises: How it sounds.
    """

    sources: dict[str, Terms]
    actions: dict[str, Terms]
    combinations: dict[str, list[str]]
    places: Terms
    noises: Terms

    def terms(self) -> Terms:
        """Return all terms."""
        kinds = (*self.sources.values(), *self.actions.values())
        return [*(term for terms in kinds for term in terms), *self.places, *self.noises]


@dataclass(frozen=True)
class Amounts:
    """How many compositions an epoch shows.

    Attributes:
        actions: Of each source: so many of its actions.
        sources: Of each action: so many of its sources.
        qualified: Share of the compositions that are also shown with a qualifier.
        placed: Share that is also shown in a place.
        noisy: Share that is also shown with the noise it makes.
        used: Share that is also shown with a person who does it.
    """

    actions: int = 8
    sources: int = 8
    qualified: float = 0.5
    placed: float = 0.25
    noisy: float = 0.25
    used: float = 0.1


def read_lexicon(path: Path = HERE / "lexicon.yaml") -> Lexicon:
    """Read the lexicon."""
    content = yaml.safe_load(path.read_text("utf-8"))
    return Lexicon(
        sources={kind: _terms(words) for kind, words in content["sources"].items()},
        actions={kind: _terms(words) for kind, words in content["actions"].items()},
        combinations=content["combinations"],
        places=_terms(content["places"]),
        noises=_terms(content["noises"]),
    )


def lexicon_examples(
    lexicon: Lexicon, words: Words, amounts: Amounts, seed: int, refused: Refused
) -> list[Example]:
    """Return the terms alone and compositions of them, without those that are refused."""
    rng = np.random.default_rng(seed)
    examples = [example for term in lexicon.terms() for example in _alone(term)]
    qualifiers = [Term(pair.zh, pair.en) for pair in words.qualifiers]
    frequent = (
        (QUALIFIED, "qualifier", qualifiers, amounts.qualified),
        (PLACED, "place", lexicon.places, amounts.placed),
        (NOISY, "noise", lexicon.noises, amounts.noisy),
        (USED, "person", lexicon.sources["person"], amounts.used),
    )
    for source, action in compositions(lexicon, amounts, rng):
        texts = plain_texts(source, action)
        if refused((*texts["en"], *texts["zh"])):
            continue
        label = Term(zh=texts["zh"], en=texts["en"])
        examples += _both(label, _choose(rng, texts["en"]), _choose(rng, texts["zh"]))
        for frames, slot, terms, share in frequent:
            if rng.random() < share:
                examples += _within(frames, slot, _any(rng, terms), label, rng)
    return examples


def compositions(
    lexicon: Lexicon, amounts: Amounts, rng: np.random.Generator
) -> list[tuple[Term, Term]]:
    """Choose sources with actions, so that each source and each action occurs."""
    chosen: list[tuple[Term, Term]] = []
    for kind, kinds in lexicon.combinations.items():
        sources = lexicon.sources[kind]
        actions = [action for name in kinds for action in lexicon.actions[name]]
        for source in sources:
            chosen += [(source, _any(rng, actions)) for _ in range(amounts.actions)]
        for action in actions:
            chosen += [(_any(rng, sources), action) for _ in range(amounts.sources)]
    return chosen


def plain_texts(source: Term, action: Term) -> dict[str, list[str]]:
    """Return all ways to write a source with its action; the first are the usual ones."""
    wordings = {
        "en": [(s, a) for s, a in product(source.en, action.en)],
        "zh": [(s, a) for s, a in product(source.zh, action.zh)],
    }
    return {
        language: [
            form.format(source=s, action=a)
            for form in PLAIN[language]
            for s, a in wordings[language]
        ]
        for language in ("en", "zh")
    }


def _alone(term: Term) -> list[Example]:
    meaning: Meaning = tuple((word, 1.0) for word in term.en)
    examples = [
        Example(form.format(word), ((word, 1.0), *meaning))
        for word in term.en
        for form in dict.fromkeys(SOUNDS["en"])
    ]
    return examples + [
        Example(form.format(word), meaning) for word in term.zh for form in SOUNDS["zh"]
    ]


def _within(
    frames: Mapping[str, tuple[str, ...]],
    slot: str,
    term: Term,
    label: Term,
    rng: np.random.Generator,
) -> list[Example]:
    frame = frames["en"][0]
    usual = frame.format(plain=label.en[0], **{slot: term.en[0]})
    en, zh = (
        _choose(rng, frames[language]).format(
            plain=_choose(rng, getattr(label, language)),
            **{slot: _choose(rng, getattr(term, language))},
        )
        for language in ("en", "zh")
    )
    return _both(Term(zh=[], en=[usual]), en, zh)


def _both(label: Term, en: str, zh: str) -> list[Example]:
    """Return a text in each language, both with the meaning of the label's usual wording."""
    meaning: Meaning = ((label.en[0], 1.0),)
    return [Example(en, meaning), Example(zh, meaning)]


def _terms(words: dict[str, str]) -> Terms:
    return [Term(zh=str(zh).split("/"), en=str(en).split("/")) for zh, en in words.items()]


def _any(rng: np.random.Generator, terms: Terms) -> Term:
    return terms[rng.integers(len(terms))]


def _choose(rng: np.random.Generator, options: list[str] | tuple[str, ...]) -> str:
    return options[rng.integers(len(options))]
