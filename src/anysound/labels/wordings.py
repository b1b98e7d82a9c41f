"""Other words for how a sound sounds: ``dog barking(high-pitched)`` is ``dog barking(shrill)``."""

import re
from collections.abc import Iterator
from functools import cache

from anysound.labels.lexicon import qualities
from anysound.labels.scan import IN_BRACKETS

# In front of an English noun these may mean something else: a short circuit, high heels, dry ice.
_AMBIGUOUS = frozenset(
    (
        *("high", "low", "deep", "near", "close", "clean", "dry", "single", "short", "long"),
        *("slow", "fast", "quick", "soft", "even", "once", "growing", "fading", "sharp", "clear"),
        *("rough", "random", "bright", "brilliant", "ringing", "falling", "rising", "steady"),
        *("mild",),
    )
)
_SEPARATOR = re.compile(r"\s*[,，、;；]\s*")


def other_wordings(phrase: str) -> tuple[str, ...]:
    """Return a phrase, and the same with other words for its qualifiers.

    A qualifier is known by where it stands: in brackets, behind a comma at the end, before 的, or
    before an English phrase if it can't mean anything else there.
    """
    found = list(_qualifiers(phrase))
    if not found:
        return (phrase,)
    count = max(len(same) for _, _, same in found)
    variants = [phrase, *(_replaced(phrase, found, index) for index in range(count))]
    return tuple(dict.fromkeys(variants))


def _qualifiers(phrase: str) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield where each qualifier stands, ``[start, end)``, and its wordings."""
    for start, end in _places(phrase):
        same = _same().get(phrase[start:end].lower())
        if same:
            yield start, end, same


def _places(phrase: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that may hold a qualifier."""
    for match in IN_BRACKETS.finditer(phrase):
        start = match.start(1)
        for word in _SEPARATOR.split(match[1]):
            at = phrase.index(word, start)
            yield at, at + len(word)
            start = at + len(word)
    bare = IN_BRACKETS.split(phrase)[0].rstrip()
    last = re.search(r", ([^,]+)$", bare)
    if last:
        yield last.start(1), last.end(1)
    before = bare.find("的")
    if before > 0:
        yield 0, before
    yield from _before_english(bare)


def _before_english(phrase: str) -> Iterator[tuple[int, int]]:
    words = phrase.split(" ")
    for count in (3, 2, 1):
        first = " ".join(words[:count])
        if len(words) > count and first.lower() in _same() and first.lower() not in _AMBIGUOUS:
            yield 0, len(first)
            return


def _replaced(phrase: str, found: list[tuple[int, int, tuple[str, ...]]], index: int) -> str:
    for start, end, same in sorted(found, reverse=True):
        phrase = phrase[:start] + same[index % len(same)] + phrase[end:]
    return phrase


@cache
def _same() -> dict[str, tuple[str, ...]]:
    return {word: same for same in qualities() for word in same}
