"""How much examples may change."""

from pathlib import Path

import numpy as np
import pytest

from anysound import Classifier
from anysound.evaluation.hearing import hear
from anysound.labels import read_labels
from anysound.teaching.choosing import HOLDS, choose
from anysound.teaching.examples import Sample
from anysound.teaching.lesson import Example, Lesson
from tests.fakes import FakeModel
from tests.teaching.making import write_examples


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    """One in which two of three phrases are of no use, so that examples help for certain."""
    clf, labels = Classifier(FakeModel()), read_labels("low=250 Hz, middle, high")
    paths = sorted(write_examples(tmp_path).rglob("*.wav"))
    names = [label.name for label in labels]
    examples = tuple(
        Example(Sample(path.name, path, path.parent.name), hear(clf, path, [labels]))
        for path in paths
    )
    return Lesson(clf, labels, examples, tuple(names.index(path.parent.name) for path in paths))


def test_more_caution_needs_more_proof(lesson: Lesson) -> None:
    assert choose(lesson).hold in HOLDS
    assert choose(lesson, caution=0.0).hold in HOLDS
    assert choose(lesson, caution=1e6).hold is None


def test_what_examples_change_is_judged_on_those_left_out(lesson: Lesson) -> None:
    choice = choose(lesson)
    assert choice.held_out is not None
    assert choice.held_out.taught.count == len(lesson.examples)
    assert choice.held_out.alone.count < len(lesson.examples)
    assert sorted(choice.taught) == list(range(len(lesson.examples)))
    labels = lesson.taught(np.ones(len(lesson.examples), dtype=bool), choice.hold)
    assert all(lesson.judge(labels, at).is_right for at in choice.taught)
