"""What a label's name says: qualifiers, negations and places in time, mostly in its brackets."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from anysound.errors import LabelError
from anysound.labels.label import Place
from anysound.labels.places import read_edge, take_edge, take_places
from anysound.labels.scan import CLOSE, OPEN, SEPARATOR, Char, text_of, trim
from anysound.language import Text

# Words that begin like a negation and are none: 非洲 Africa, 无线电 radio, 无声 silent.
_NOT_NEGATED_BY_FEI = "洲常凡法遗典得议同礼|线性|机动|平稳|稳态|周期|接触|主流|物质"
_NOT_NEGATED_BY_WU = (
    "线轨声序规力奈聊限极损级比尽休源名敌辜情意理常为锡关论数"
    "|缝(?!纫)|刷[电马直]|油[压空静]|节奏|节律|花果|人[机车船艇区店]|人驾驶|人值守|人售货|伴奏."
)


def _none_of(words: str) -> str:
    """Return a pattern for what may not follow: single characters, then ``|`` longer words."""
    characters, _, longer = words.partition("|")
    return rf"(?![{characters}]|{longer})"


_NEGATION = re.compile(
    rf"(?:非{_none_of(_NOT_NEGATED_BY_FEI)}|无{_none_of(_NOT_NEGATED_BY_WU)}"
    r"|不是|并非|没有|不含|不带|不包括|不包含|排除"
    r"|not\s+(?!so\b|very\b|too\b|quite\b|only\b|always\b|yet\b)"
    r"|no\s+(?!one\b|longer\b|more\b|less\b|doubt\b|matter\b|\d)"
    r"|(?:without|excluding|except(?:\s+for)?)\s+)"
    r"\s*(?:(?:an?|the|any)\s+)?(?=\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reading:
    """What a name says.

    Attributes:
        phrase: The name without negations and places in time; may be empty.
        head: The name without brackets and places in time; None if it has no brackets.
        qualifiers: Words in brackets that are neither negations nor places in time.
        avoid: What the negations in brackets negate.
        when: The place in time, or None.
    """

    phrase: str
    head: str | None
    qualifiers: tuple[str, ...]
    avoid: tuple[str, ...]
    when: Place | None


def read_name(name: Sequence[Char]) -> Reading:
    """Read a name.

    Raises:
        LabelError: It has two places in time, or one that makes no sense.
    """
    phrase: list[str] = []
    outside: list[str] = []
    words: list[_Word] = []
    places: list[tuple[Place, int]] = []
    edges: list[tuple[Place, int]] = []
    for part in _parts(name):
        if part[0].mark == OPEN:
            inside = [_read_word(word) for word in _words(part)]
            words += inside
            phrase.append(_in_brackets(part, inside))
        else:
            rest, found = take_places(part)
            places += found
            rest, found = take_edge(rest)
            edges += found
            phrase.append(text_of(rest))
            outside.append(text_of(rest))
    places += [place for word in words for place in word.places]
    edges += [(word.edge, word.at) for word in words if word.edge]
    return Reading(
        phrase=_tidy(phrase),
        head=_tidy(outside) if words else None,
        qualifiers=tuple(word.text for word in words if word.text and not word.negated),
        avoid=tuple(word.text for word in words if word.text and word.negated),
        when=_only(places, edges),
    )


@dataclass(frozen=True)
class _Word:
    """A word in brackets: its text without a place in time and without the negation itself.

    One that is an edge of the recording, such as ``at the end``, has no text.
    """

    text: str
    before: str
    negated: bool
    places: list[tuple[Place, int]]
    edge: Place | None
    at: int


def _parts(name: Sequence[Char]) -> list[Sequence[Char]]:
    """Cut a name into bracketed parts and those between them; none is empty."""
    cuts = [0]
    for index, char in enumerate(name):
        if char.depth == 0 and char.mark == OPEN:
            cuts.append(index)
        elif char.depth == 0 and char.mark == CLOSE:
            cuts.append(index + 1)
    cuts.append(len(name))
    return [name[a:b] for a, b in pairwise(cuts) if a < b]


def _words(brackets: Sequence[Char]) -> list[Sequence[Char]]:
    """Split what brackets hold; each word comes with the separator before it."""
    inside = brackets[1:-1]
    cuts = [i for i, char in enumerate(inside) if char.mark == SEPARATOR and char.depth == 1]
    starts = [0, *cuts]
    return [inside[a:b] for a, b in zip(starts, [*cuts, len(inside)], strict=True)]


def _read_word(chars: Sequence[Char]) -> _Word:
    before = ""
    if chars and chars[0].mark == SEPARATOR:
        before, chars = chars[0].text, chars[1:]
        if chars and chars[0].text == " ":
            before += " "
    own = trim(chars)
    # Brackets in brackets are part of the word, and are not read again.
    own = [char._replace(literal=char.literal or char.depth > 1) for char in own]
    rest, places = take_places(own)
    edge = read_edge(rest)
    if edge:
        rest = []
    readable = "".join("\0" if char.literal else char.text for char in rest)
    negation = _NEGATION.match(readable)
    text = text_of(trim(rest[negation.end() :] if negation else rest))
    at = own[0].at if own else 0
    return _Word(text, before, negation is not None, places, edge, at)


def _in_brackets(brackets: Sequence[Char], words: Sequence[_Word]) -> str:
    """Return the brackets as typed, with the qualifiers among ``words`` and nothing else."""
    kept = [word for word in words if word.text and not word.negated]
    if not kept:
        return ""
    inside = kept[0].text + "".join((word.before or ",") + word.text for word in kept[1:])
    return brackets[0].text + inside + brackets[-1].text


def _only(places: Sequence[tuple[Place, int]], edges: Sequence[tuple[Place, int]]) -> Place | None:
    """Return the one place; the same one may be named twice.

    An edge without an extent, ``at the end``, agrees with a place that is counted from there.
    """
    named = [*places, *edges]
    for index, (place, at) in enumerate(named[1:], start=1):
        first = named[0][0]
        agrees = place.anchor == first.anchor if index >= len(places) else place == first
        if not agrees:
            raise LabelError(
                Text(
                    en="This place in time contradicts the one before it: keep one of them.",
                    zh="这段时间与前面写的时间矛盾：请只保留一个。",
                ),
                at,
            )
    return named[0][0] if named else None


def _tidy(parts: Sequence[str]) -> str:
    return " ".join("".join(parts).split())
