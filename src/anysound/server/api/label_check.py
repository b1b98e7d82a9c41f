"""What could be written better about labels, and how."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from anysound.classifier import Classifier
from anysound.labels import Label, LabelSet, Located, is_label_line, locate_labels, read_label_text
from anysound.labels.lint import Edit, Finding, edits
from anysound.language import is_chinese


@dataclass(frozen=True)
class LabelCheck:
    """Checked labels.

    Attributes:
        labels: As they are understood.
        readable: The same with the phrases that the model is given.
        located: Where they are in the line; none in a label set.
        findings: What could be written better, each with the changes of the line that do so.
    """

    labels: LabelSet
    readable: LabelSet
    located: tuple[Located, ...]
    findings: tuple[tuple[Finding, tuple[Edit, ...]], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the check, ready for JSON, in the current language."""
        spans: dict[str, list[list[int]]] = {label.name: [] for label in self.labels}
        for each in self.located:
            spans[each.label.name].append([each.start, each.end])
        return {
            "labels": [
                {
                    **label.to_dict(),
                    "spans": spans[label.name],
                    "heard_as": _heard_as(label, readable.phrases),
                }
                for label, readable in zip(self.labels, self.readable, strict=True)
            ],
            "findings": [
                {**finding.to_dict(), "edits": [edit.to_dict() for edit in changes]}
                for finding, changes in self.findings
            ],
        }


def check_text(classifier: Classifier, text: str) -> LabelCheck:
    """Check labels.

    Args:
        classifier: Its model is what the labels are for.
        text: A line, or what is in a label file. A file that it names is not opened.

    Raises:
        LabelError: The labels can't be understood.
    """
    labels = read_label_text(text)
    located = locate_labels(text) if is_label_line(text) else ()
    findings = classifier.check_labels(labels)
    return LabelCheck(
        labels=labels,
        readable=classifier.readable_labels(labels),
        located=located,
        findings=tuple((finding, edits(finding, located)) for finding in findings),
    )


def _heard_as(label: Label, phrases: Sequence[str]) -> list[str] | None:
    """Return the English that a label is heard by, if it was written in Chinese and has any."""
    is_translated = tuple(phrases) != label.phrases and not any(map(is_chinese, phrases))
    return list(phrases) if is_translated else None
