"""A phrase as it is translated: what is heard, and what is said of it in brackets."""

import re
from dataclasses import dataclass

from anysound.labels.lexicon import plain
from anysound.labels.scan import IN_BRACKETS

HAN = re.compile(r"[\u3400-\u9fff]")

_SEPARATORS = re.compile(r"[,、;，；]")
_QUOTES = str.maketrans("", "", "\"'“”‘’「」《》")


@dataclass(frozen=True)
class Parts:
    """A phrase without quotes, in half-width forms and simplified characters.

    Attributes:
        head: What stands outside of brackets; empty if nothing does.
        qualifiers: What stands inside, in order.
    """

    head: str
    qualifiers: tuple[str, ...]


def split_phrase(text: str) -> Parts:
    """Take a phrase apart."""
    whole = plain(text).translate(_QUOTES)
    inside = (word for group in IN_BRACKETS.findall(whole) for word in _SEPARATORS.split(group))
    qualifiers = tuple(word.strip() for word in inside if word.strip())
    return Parts(IN_BRACKETS.sub(" ", whole).strip(), qualifiers)
