"""Where in a line its labels are written."""

from dataclasses import dataclass
from itertools import pairwise

from anysound.labels.grammar import parse_drafts
from anysound.labels.label import Label
from anysound.labels.scan import SEPARATOR, scan, split, trim
from anysound.labels.source import Source


@dataclass(frozen=True)
class Located:
    """A label at one place in a line.

    Attributes:
        label: As it is written there; it has no group, and none is merged with it.
        start: Index of its first character in the line, a quote or backslash included.
        end: Index behind its last character, its phrases and weight included.
    """

    label: Label
    start: int
    end: int


def locate_labels(line: str) -> tuple[Located, ...]:
    """Find the labels of a line, in order; one that is written twice is there twice.

    Between them are nothing but separators and white space.

    Raises:
        LabelError: The line can't be understood.
    """
    drafts = parse_drafts(line, Source(line))
    spans = _spans(line)
    return tuple(
        Located(draft.label, start, end) for draft, (start, end) in zip(drafts, spans, strict=True)
    )


def _spans(line: str) -> list[tuple[int, int]]:
    chars = scan(line)
    separators = [char.at for char in chars if char.mark == SEPARATOR and char.depth == 0]
    stretches = pairwise([-1, *separators, len(line)])
    return [
        _trimmed(line, before + 1, end)
        for item, (before, end) in zip(split(chars, SEPARATOR), stretches, strict=True)
        if trim(item)
    ]


def _trimmed(line: str, start: int, end: int) -> tuple[int, int]:
    """Cut white space off both ends, which ``trim`` does with scanned characters."""
    text = line[start:end]
    return start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
