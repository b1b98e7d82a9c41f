from dataclasses import replace

import numpy as np
import pytest

from anysound.models import Calibration
from anysound.scoring import decide, needed_similarity

CALIBRATION = Calibration(scale=20.0, none_below=0.25, ambiguous_within=0.1)
RANKED = replace(CALIBRATION, none_rank=0.9)
OTHERS = np.linspace(-0.1, 0.5, 61)  # nine in ten are below 0.44


@pytest.mark.parametrize(
    ("similarity", "margin", "verdict"),
    [
        (0.6, 0.5, "match"),
        (None, 1.0, "none"),
        (0.6, 0.05, "ambiguous"),
        (0.2, 0.9, "none"),
        (0.2, 0.05, "none"),
        (0.25, 0.1, "match"),
        (np.nextafter(0.25, 0), 0.1, "match"),  # what rounding leaves of 0.25
    ],
)
def test_verdicts(similarity: float | None, margin: float, verdict: str) -> None:
    assert decide(similarity, margin, 0.25, CALIBRATION) == verdict


def test_a_label_must_fit_better_than_labels_of_other_sounds() -> None:
    assert needed_similarity(OTHERS, RANKED) == pytest.approx(0.44)
    assert needed_similarity(OTHERS[::-1], RANKED) == pytest.approx(0.44)


def test_the_fixed_threshold_holds_where_nothing_else_fits() -> None:
    assert needed_similarity(OTHERS - 1.0, RANKED) == 0.25
    assert needed_similarity(OTHERS, CALIBRATION) == 0.25
    assert needed_similarity(np.zeros(0), RANKED) == 0.25
