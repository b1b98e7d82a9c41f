from hypothesis import given
from hypothesis import strategies as st

from anysound.audio import Part
from anysound.timeline.placed import Placed
from anysound.timeline.track import Span, Track


def follow(part: Part, moments: int) -> list[Span]:
    placed = Placed(Track(0.5, 0.4, 0.0), part)
    found = [span for at in range(moments) for span in placed.add(at, at + 1, 0.9)]
    return [*found, *placed.end()]


def test_a_label_is_active_in_its_part_only() -> None:
    assert follow(Part(2.0, 4.0), 9) == [Span(2, 4, 0.9)]
    assert follow(Part(2.0, None), 9) == [Span(2, 9, 0.9)]
    assert follow(Part(0.0, 2.0, from_end=True), 9) == [Span(7, 9, 0.9)]
    assert follow(Part(1.0, 3.0, from_end=True), 9) == [Span(6, 8, 0.9)]
    assert follow(Part(2.0, None, from_end=True), 9) == [Span(0, 7, 0.9)]


def test_a_part_outside_the_recording_holds_nothing() -> None:
    assert follow(Part(20.0, 30.0), 9) == []
    assert follow(Part(20.0, None, from_end=True), 9) == []


def test_a_part_longer_than_the_recording_is_all_of_it() -> None:
    assert follow(Part(0.0, 30.0, from_end=True), 9) == [Span(0, 9, 0.9)]


@given(st.integers(0, 5), st.none() | st.integers(1, 5), st.booleans(), st.integers(1, 12))
def test_it_agrees_with_knowing_the_length_before(
    start: int, length: int | None, from_end: bool, moments: int
) -> None:
    part = Part(float(start), None if length is None else float(start + length), from_end)
    first, stop = part.start, float("inf") if part.end is None else part.end
    if from_end:
        first, stop = moments - stop, moments - first
    inside = [at for at in range(moments) if at < stop and at + 1 > first]
    expected = [Span(inside[0], inside[-1] + 1, 0.9)] if inside else []
    assert follow(part, moments) == expected
