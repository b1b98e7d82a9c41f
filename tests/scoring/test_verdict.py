import pytest

from anysound.models import Calibration
from anysound.scoring import decide

CALIBRATION = Calibration(scale=20.0, none_below=0.25, ambiguous_within=0.1)


@pytest.mark.parametrize(
    ("similarity", "margin", "verdict"),
    [
        (0.6, 0.5, "match"),
        (None, 1.0, "none"),
        (0.6, 0.05, "ambiguous"),
        (0.2, 0.9, "none"),
        (0.2, 0.05, "none"),
        (0.25, 0.1, "match"),
    ],
)
def test_verdicts(similarity: float | None, margin: float, verdict: str) -> None:
    assert decide(similarity, margin, CALIBRATION) == verdict
