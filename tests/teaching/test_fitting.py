"""What examples add to the directions of phrases."""

from dataclasses import replace

import numpy as np
import pytest

from anysound.teaching.fitting import Task, blended, fit

APART = np.array([0.0, 0.0, 0.8])
"""Sounds lie there, and phrases don't."""


@pytest.fixture
def task() -> Task:
    """Two labels with two examples each, a third with none."""
    phrases = np.array([[1.0, 0.2, 0.0], [0.2, 1.0, 0.0], [-1.0, 0.0, 0.0]])
    heard = np.array([[0.5, -0.3, 0.0], [0.6, -0.2, 0.0], [-0.3, 0.5, 0.0], [-0.2, 0.6, 0.0]])
    return Task(
        phrases=phrases,
        weights=np.ones(3),
        scale=20.0,
        heard=heard + APART,
        target=np.array([0, 0, 1, 1]),
        needed=np.full(4, 0.2),
        share=np.ones(4),
    )


def test_a_label_without_examples_stays(task: Task) -> None:
    assert np.array_equal(blended(task)[2], task.phrases[2])
    assert np.array_equal(fit(task, 1e-2)[2], np.zeros(3))


def test_where_sounds_lie_is_not_learnt(task: Task) -> None:
    """Only what tells examples apart counts, so that nothing else becomes more of a match."""
    begin = blended(task)
    assert begin[:, 2] == pytest.approx(0.0)
    assert begin[:2].mean(axis=0) == pytest.approx(task.phrases[:2].mean(axis=0))
    moved = replace(task, heard=task.heard - 2 * APART)
    assert blended(moved) == pytest.approx(begin)


def test_phrases_count_as_five_examples(task: Task) -> None:
    difference = task.heard[:2].mean(axis=0) - task.heard[2:].mean(axis=0)
    of_phrases = task.phrases[0] - task.phrases[1]
    expected = 5 / 7 * of_phrases + 2 / 7 * difference
    assert blended(task)[0] - blended(task)[1] == pytest.approx(expected)


def test_one_label_alone_begins_at_its_phrases(task: Task) -> None:
    rows = np.array([True, True, False, False])
    assert blended(task.of(rows)) == pytest.approx(task.phrases)


def test_the_less_it_is_held_the_more_is_learnt(task: Task) -> None:
    wrong = replace(task, target=np.array([1, 1, 0, 0]))  # the phrases say the opposite

    def right(hold: float) -> float:
        scores = wrong.heard @ (wrong.phrases + fit(wrong, hold)).T
        return float(np.mean(scores.argmax(axis=1) == wrong.target))

    assert right(10.0) < right(1e-4) == 1.0
