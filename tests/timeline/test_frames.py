from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.timeline.frames import Frame, Framer


def frames_of(windows: list[tuple[float, float, float]], hop: float) -> list[Frame]:
    framer = Framer(hop)
    found = []
    for start, end, score in windows:
        found += framer.add(start, end, np.array([score]))
    return [*found, *framer.end()]


def test_a_moment_has_the_mean_of_the_windows_that_hold_its_middle() -> None:
    frames = frames_of([(0, 2, 0.0), (1, 3, 1.0), (2, 4, 0.5)], 1.0)
    assert [float(frame.scores[0]) for frame in frames] == [0.0, 0.5, 0.75, 0.5]


def test_a_moment_comes_as_soon_as_no_window_can_reach_it() -> None:
    framer = Framer(1.0)
    assert not [*framer.add(0, 2, np.zeros(1))]
    assert [frame.start for frame in framer.add(1, 3, np.zeros(1))] == [0.0]
    assert [frame.start for frame in framer.end()] == [1.0, 2.0]


def test_a_recording_shorter_than_a_window_ends_where_it_ends() -> None:
    frames = frames_of([(0, 1.3, 0.7)], 0.5)
    assert [(frame.start, frame.end) for frame in frames] == [(0, 0.5), (0.5, 1.0), (1.0, 1.3)]


@given(st.integers(1, 12), st.integers(1, 5), st.floats(0.0, 0.999))
def test_every_moment_is_told_once_and_in_order(count: int, ratio: int, rest: float) -> None:
    hop, length = 0.5, 0.5 * ratio
    windows = [(at * hop, at * hop + length, float(at % 2)) for at in range(count)]
    last = windows[-1][1] + rest * hop  # the last window is moved back to end with the recording
    windows += [(last - length, last, 1.0)] if rest else []
    frames = frames_of(windows, hop)
    assert frames[0].start == 0.0
    assert frames[-1].end == pytest.approx(last)
    for one, other in pairwise(frames):
        assert other.start == one.end
    for frame in frames:
        middle = min(frame.start + hop / 2, frame.end)
        holding = [score for start, end, score in windows if start <= middle <= end]
        assert float(frame.scores[0]) == pytest.approx(np.mean(holding))


@given(st.integers(1, 6), st.lists(st.floats(0, 1), min_size=2, max_size=20), st.data())
def test_no_moment_scores_less_than_was_foreseen(
    ratio: int, scores: list[float], data: st.DataObject
) -> None:
    hop = 0.5
    kept = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    windows = [
        (at * hop, (at + ratio) * hop, np.array([score]))
        for at, (score, is_kept) in enumerate(zip(scores, kept, strict=True))
        if is_kept or ratio > 1 or at == 0
    ]
    framer, certain, least = Framer(hop), {}, {}
    for start, end, score in windows:
        certain |= {frame.start: frame for frame in framer.add(start, end, score)}
        for frame in framer.least():
            assert frame.scores[0] >= least.get(frame.start, 0.0) - 1e-12  # it only rises
            least[frame.start] = frame.scores[0]
    certain |= {frame.start: frame for frame in framer.end()}
    assert least
    for start, score in least.items():
        assert certain[start].scores[0] >= score - 1e-12


def test_what_is_foreseen_is_certain_when_the_last_window_has_come() -> None:
    framer = Framer(1.0)
    list(framer.add(0, 2, np.array([0.8])))
    assert [(frame.start, frame.scores[0]) for frame in framer.least()] == [(0, 0.8), (1, 0.4)]
    list(framer.add(1, 3, np.array([0.6])))
    assert [(frame.start, frame.scores[0]) for frame in framer.least()] == [(1, 0.7), (2, 0.3)]


def test_where_windows_are_missing_nothing_is_heard() -> None:
    frames = frames_of([(0, 1, 0.9), (5, 6, 0.8)], 0.5)
    assert [(frame.start, frame.end) for frame in frames] == [
        (at * 0.5, at * 0.5 + 0.5) for at in range(12)
    ]
    assert [float(frame.scores[0]) for frame in frames] == [0.9] * 2 + [0.0] * 8 + [0.8] * 2
