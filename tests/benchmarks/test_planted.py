import numpy as np
import pytest
from benchmarks.planted import RATE, Found, events_table, plant, telling_table

from anysound import Classifier
from anysound.timeline import Event
from tests.fakes import FakeModel, tone

POOL = {
    "250 Hz": [tone(250, 3.0, RATE)],
    "1000 Hz": [tone(1000, 2.0, RATE)],
    "4000 Hz": [tone(4000, 4.0, RATE)],
}


def test_sounds_lie_where_it_is_said() -> None:
    made = plant(np.random.default_rng(0), POOL, 60, 5, (1, 5), (10, 20))
    assert len(made.waveform) == 60 * RATE
    assert len(made.events) == 5
    for event in made.events:
        inside = made.waveform[round(event.start * RATE) : round(event.end * RATE)]
        before = made.waveform[round(event.start * RATE) - RATE // 2 : round(event.start * RATE)]
        assert np.mean(inside**2) > 4 * np.mean(before**2)


def test_events_are_paired_by_what_they_share() -> None:
    def event(label: str, start: float, end: float) -> Event:
        return Event("x", label, start, end, 1.0)

    found = Found()
    planted = [event("a", 1, 3), event("b", 5, 6)]
    found.add(planted, [event("a", 1.5, 3.5), event("a", 20, 21), event("b", 5.9, 9)])
    assert (found.right, found.missed, found.wrong) == (1, 1, 2)
    assert found.edges == (0.5, 0.5)
    assert found.f1 == pytest.approx(2 / 5)


def test_a_model_that_hears_tones_finds_them() -> None:
    classifier = Classifier(FakeModel())
    (*_, last) = events_table(classifier, POOL, 1)
    assert float(last.split("|")[4]) > 0.7
    (*_, windows) = telling_table({"windows": classifier}, POOL, 3)
    assert windows.split("|")[2].strip() == "100.0%"
