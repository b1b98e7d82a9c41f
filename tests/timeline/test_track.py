from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from anysound.timeline.track import Span, TopTrack, Track

scores = st.lists(st.sampled_from([0.0, 0.3, 0.45, 0.5, 0.9]), max_size=40)


def follow(values: list[float], gap: float = 1.0) -> list[Span]:
    track = Track(threshold=0.5, hold=0.4, gap=gap)
    found = [span for at, value in enumerate(values) for span in track.add(at, at + 1, value)]
    return [*found, *track.end()]


def test_a_span_begins_and_ends_where_the_score_is_held() -> None:
    assert follow([0, 0.45, 0.9, 0.6, 0.45, 0.3, 0]) == [Span(1, 5, 0.9)]


def test_what_never_reaches_the_threshold_is_no_span() -> None:
    assert follow([0.45, 0.49, 0.45]) == []


def test_a_short_pause_is_outlasted_and_a_longer_one_is_not() -> None:
    assert follow([0.5, 0, 0.9]) == [Span(0, 3, 0.9)]
    assert follow([0.5, 0, 0, 0.9]) == [Span(0, 1, 0.5), Span(3, 4, 0.9)]
    assert follow([0.5, 0, 0.9], gap=0.5) == [Span(0, 1, 0.5), Span(2, 3, 0.9)]


def test_what_is_only_held_does_not_bridge_two_spans() -> None:
    assert follow([0.9, 0, 0.45, 0, 0, 0.9]) == [Span(0, 1, 0.9), Span(5, 6, 0.9)]


def test_a_span_is_told_as_soon_as_nothing_can_lengthen_it() -> None:
    track = Track(threshold=0.5, hold=0.4, gap=1.0)
    assert not [*track.add(0, 1, 0.9), *track.add(1, 2, 0.0)]
    assert [*track.add(2, 3, 0.0)] == [Span(0, 1, 0.9)]


@given(scores, st.sampled_from([0.0, 1.0, 2.5]))
def test_spans_are_in_order_apart_and_hold_every_active_moment(
    values: list[float], gap: float
) -> None:
    spans = follow(values, gap)
    for span in spans:
        inside = values[int(span.start) : int(span.end)]
        assert max(inside) == span.score >= 0.5
        assert inside[0] >= 0.4 <= inside[-1]
    for one, other in pairwise(spans):
        assert other.start - one.end > gap
    for at, value in enumerate(values):
        if value >= 0.5:
            assert any(span.start <= at < span.end for span in spans)


def best(values: list[float], count: int, length: float = 3.0) -> list[Span]:
    track = TopTrack(count, length)
    for at, value in enumerate(values):
        assert not [*track.add(at, at + 1, value)]
    return [*track.end()]


def test_the_best_moments_are_apart_and_best_first() -> None:
    found = best([0.1, 0.2, 0.1, 0, 0.4, 0.3, 0, 0, 0.3], 2)
    assert found == [Span(3, 6, 0.4), Span(7, 9, 0.3)]


def test_of_moments_alike_the_earlier_comes_first() -> None:
    assert [span.start for span in best([0.2, 0, 0, 0.2, 0, 0, 0.2], 2)] == [0, 2]


def test_where_nothing_is_heard_there_are_no_best_moments() -> None:
    assert best([0.0] * 9, 3) == []


@given(scores, st.integers(1, 3))
def test_the_very_best_moment_is_among_them(values: list[float], count: int) -> None:
    found = best(values, count)
    assert len(found) <= count
    assert max(values, default=0.0) == (found[0].score if found else 0.0)


@given(scores, scores)
def test_a_span_that_is_foreseen_comes(past: list[float], coming: list[float]) -> None:
    track = Track(threshold=0.5, hold=0.4, gap=1.0)
    for at, value in enumerate(past):
        list(track.add(at, at + 1, value))
    moments = [(at, at + 1, value) for at, value in enumerate(coming, start=len(past))]
    foreseen = track.foreseen(moments)
    again = track.foreseen(moments)  # nothing was changed by looking ahead
    found = [span for moment in moments for span in track.add(*moment)]
    found += track.end()
    assert foreseen == again == (found[0] if found else None)


def test_whether_a_span_has_counted() -> None:
    track = Track(threshold=0.5, hold=0.4, gap=1.0)
    counted = []
    for at, value in enumerate([0, 0.45, 0.5, 0, 0, 0]):
        list(track.add(at, at + 1, value))
        counted.append(track.has_counted)
    assert counted == [False, False, True, True, False, False]
