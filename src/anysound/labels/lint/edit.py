"""A finding's rewrite, put into the line that it was found in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from anysound.errors import LabelError
from anysound.labels.draft import LabelSet
from anysound.labels.grammar import format_labels, parse_labels
from anysound.labels.label import Label
from anysound.labels.lint.finding import Finding
from anysound.labels.located import Located
from anysound.labels.qualifiers import read_name
from anysound.labels.scan import SEPARATORS, scan_name

_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_SEPARATORS = re.compile(f"[{re.escape(''.join(SEPARATORS))}]")


@dataclass(frozen=True)
class Edit:
    """A change of a line: ``text`` in place of ``line[start:end]``."""

    start: int
    end: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        """Return the edit, ready for JSON."""
        return {"start": self.start, "end": self.end, "text": self.text}


def edits(finding: Finding, line: Sequence[Located]) -> tuple[Edit, ...]:
    """Write a finding's rewrite in place of its label, wherever the line has that.

    What was said beside the label's name goes over to each label of the rewrite: weight, place in
    time, what to avoid. Labels that the line has already are left out.

    Args:
        finding: Found in the line.
        line: Its labels.

    Returns:
        In the line's order; none if there is nothing new to write, or if the rewrite can't say
        what was said.
    """
    if finding.rewrite is None:
        return ()
    name = finding.labels[0]
    others = {each.label.name for each in line} - {name}
    new = [label for label in parse_labels(finding.rewrite) if label.name not in others]
    if not new:
        return ()
    try:
        return tuple(
            Edit(each.start, each.end, ", ".join(_carried(label, each.label) for label in new))
            for each in line
            if each.label.name == name
        )
    except LabelError:
        return ()


def _carried(label: Label, old: Label) -> str:
    """Write a label with what was said beside the name of an old one.

    Raises:
        LabelError: That can't be said in a line.
    """
    brackets = "".join(f"({word})" for word in _places_and_negations(old.name))
    written = format_labels(LabelSet([replace(label, group=None)])) + brackets
    (read,) = parse_labels(written)
    avoid = (*read.avoid, *(phrase for phrase in old.avoid if phrase not in read.avoid))
    return format_labels(LabelSet([replace(read, avoid=avoid, weight=old.weight, when=old.when)]))


def _places_and_negations(name: str) -> Iterator[str]:
    """Yield the words in a name's brackets that say where, and what not."""
    for inside in _BRACKETS.findall(name):
        for word in _SEPARATORS.split(inside):
            reading = read_name(scan_name(f"-({word})"))
            if reading.when or reading.avoid:
                yield word.strip()
