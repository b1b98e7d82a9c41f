"""What a model makes of labels."""

from collections.abc import Sequence

import numpy as np

from anysound.labels import LabelSet, parse_labels
from anysound.labels.lint import Yardstick, check_likeness

YARDSTICK = Yardstick(alike=0.9, everywhere=0.8)


class Directions:
    """Hears a label by the angle that it names, and nothing at 90 degrees."""

    def embed_phrases(self, phrases: Sequence[str]) -> np.ndarray:
        angles = np.radians([float(phrase.split()[0]) for phrase in phrases])
        return np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)

    def embed_label_set(self, labels: LabelSet) -> np.ndarray:
        return self.embed_phrases([label.phrases[0] for label in labels])

    def embed_background(self) -> np.ndarray:
        return self.embed_phrases(["90 degrees"])


def found(line: str) -> list[tuple[str, tuple[str, ...]]]:
    findings = check_likeness(parse_labels(line), Directions(), YARDSTICK)
    return [(finding.kind, finding.labels) for finding in findings]


def test_labels_that_are_hard_to_tell_apart() -> None:
    assert found("0 a, 45 b, 10 c") == [("alike", ("0 a", "10 c"))]
    assert found("0 a, 45 b") == []


def test_each_label_is_named_once_as_like_another() -> None:
    assert found("0 a, 1 b, 2 c, 3 d") == [
        ("alike", ("0 a", "1 b")),
        ("alike", ("0 a", "2 c")),
        ("alike", ("0 a", "3 d")),
    ]


def test_a_label_that_is_heard_where_there_is_nothing() -> None:
    assert found("0 a, 80 b, 45 c") == [("hub", ("80 b",))]
