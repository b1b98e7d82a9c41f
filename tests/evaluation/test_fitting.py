"""Thresholds fitted on a table, and their report on recordings left out."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anysound.classifier import Classifier
from anysound.errors import UsageError
from anysound.evaluation import Share
from anysound.evaluation.fitting import best_divide, doubtful_margin, fit_thresholds
from tests.evaluation.making import asked_on, wording, write_table
from tests.fakes import FakeModel

values = st.lists(st.floats(-1, 1), min_size=1, max_size=30).map(np.array)


def test_the_divide_lies_between_what_it_divides() -> None:
    assert best_divide(np.array([0.6, 0.8]), np.array([0.1, 0.4])) == pytest.approx(0.5)
    # One of each is on the wrong side; 0.45 keeps 3 of 4 and refuses 3 of 4.
    present, absent = np.array([0.2, 0.5, 0.6, 0.7]), np.array([0.1, 0.3, 0.4, 0.9])
    assert best_divide(present, absent) == pytest.approx(0.45)


@given(values, values)
@example(np.array([5e-324]), np.array([0.0]))  # nothing lies between them
def test_no_other_divide_is_better(present: np.ndarray, absent: np.ndarray) -> None:
    def worth(edge: float) -> float:
        return float((present >= edge).mean() + (absent < edge).mean())

    best = worth(best_divide(present, absent))
    for edge in (*present, *absent, -2.0, 2.0):
        assert worth(edge) <= best + 1e-9


def test_the_doubtful_margin_is_where_answers_become_mostly_right() -> None:
    margin = np.linspace(0.0, 1.0, 200)
    edge = doubtful_margin(margin, margin > 0.2)
    assert edge == pytest.approx(0.22, abs=0.03)
    assert doubtful_margin(margin, np.ones(200, dtype=bool)) == 0.0
    assert doubtful_margin(margin, np.zeros(200, dtype=bool)) == 0.5
    assert doubtful_margin(np.array([]), np.array([], dtype=bool)) == 0.0


def test_a_fit_and_what_it_does(tmp_path: Path) -> None:
    names = ("low", "middle", "high", "") * 5
    given = wording()
    asked = asked_on(write_table(tmp_path, names), given)
    truth = tuple(["low", "middle", "high"].index(name) if name else None for name in names)
    fit = fit_thresholds(Classifier(FakeModel()), given, asked, truth)
    assert 0.1 < fit.thresholds.none_below < 0.99  # tones fit their own label at 1, others at 0
    assert (fit.thresholds.model, fit.thresholds.revision) == ("fake", "0")
    for effect in (fit.held_out, fit.model_own):
        assert effect.wrongly_none == Share(0, 15)
        assert effect.rightly_none == Share(20, 20)  # without the true label, or none at all
        assert effect.match_right == Share(15, 15)


def test_thresholds_that_do_not_hold_are_shown_not_to(tmp_path: Path) -> None:
    # Labels that fit everything equally: nothing tells the present from the absent.
    names = ("low", "middle", "high") * 5
    given = wording("low=a, middle=b, high=c")
    asked = asked_on(write_table(tmp_path, names), given)
    truth = tuple(["low", "middle", "high"].index(name) for name in names)
    effect = fit_thresholds(Classifier(FakeModel()), given, asked, truth).held_out
    assert effect.wrongly_none.value is not None
    assert effect.rightly_none.value is not None
    assert effect.wrongly_none.value > effect.rightly_none.value - 0.35


def test_too_few(tmp_path: Path) -> None:
    given = wording("low=250 Hz")  # with one label, nothing is left when it is taken out
    asked = asked_on(write_table(tmp_path, ("low",) * 12), given)
    with pytest.raises(UsageError):
        fit_thresholds(Classifier(FakeModel()), given, asked, (0,) * 12)
