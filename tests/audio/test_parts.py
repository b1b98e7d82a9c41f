import tracemalloc
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.audio import WHOLE, Part, PartReader, UnitSpec, Window

RATE = 1_000
SPEC = UnitSpec(longest=2.0, window=1.0)
LAST = Part(0.0, 0.5, from_end=True)


def read(
    blocks: list[np.ndarray], *parts: Part, spec: UnitSpec = SPEC
) -> tuple[PartReader, dict[Part, list[Window]]]:
    reader = PartReader(parts, RATE, spec)
    units: dict[Part, list[Window]] = {part: [] for part in parts}
    for part, unit in reader.units(blocks):
        units[part].append(unit)
    return reader, units


def counting(samples: int) -> np.ndarray:
    """Samples that are told apart by their values, and all heard."""
    return np.arange(1, samples + 1, dtype=np.float32)


@pytest.mark.parametrize(
    ("part", "span"),
    [
        (WHOLE, (0.0, 1.7)),
        (Part(0.0, 0.3), (0.0, 0.3)),
        (Part(0.5, 1.25), (0.5, 1.25)),
        (Part(1.5, None), (1.5, 1.7)),
        (Part(1.5, 9.0), (1.5, 1.7)),
        (LAST, (1.2, 1.7)),
        (Part(0.2, 0.5, from_end=True), (1.2, 1.5)),
        (Part(0.0, 9.0, from_end=True), (0.0, 1.7)),
        (Part(1.0, 9.0, from_end=True), (0.0, 0.7)),
        (Part(0.2, None, from_end=True), (0.0, 1.5)),
        (Part(0.25, 0.2501), (0.25, 0.251)),  # a sample at the least
    ],
)
def test_a_part_is_the_samples_between_its_edges(part: Part, span: tuple[float, float]) -> None:
    waveform = counting(1700)
    reader, units = read(np.split(waveform, [700, 1300]), part)
    first, stop = (round(edge * RATE) for edge in span)
    (unit,) = units[part]
    np.testing.assert_array_equal(unit.waveform, waveform[first:stop])
    assert (unit.start, unit.end) == span == reader.span(part)
    assert part.within(1.7) == pytest.approx(span, abs=1 / RATE)
    assert not reader.is_silent(part)


@pytest.mark.parametrize(
    "part",
    [
        Part(1.7, 2.0),
        Part(5.0, None),
        Part(1.7, 3.0, from_end=True),
        Part(2.0, None, from_end=True),
    ],
)
def test_a_part_outside_the_recording_is_empty(part: Part) -> None:
    reader, units = read([counting(1700)], part)
    assert units[part] == []
    start, end = reader.span(part)
    assert 0.0 <= start == end <= 1.7
    start, end = part.within(1.7)
    assert 0.0 <= end <= start <= 1.7
    assert reader.is_silent(part)


@pytest.mark.parametrize(
    ("part", "spans"),
    [
        (Part(1.0, 3.0), [(1.0, 3.0)]),
        (Part(1.0, 4.5), [(1.0, 2.0), (1.5, 2.5), (2.0, 3.0), (2.5, 3.5), (3.0, 4.0), (3.5, 4.5)]),
        (Part(0.0, 2.5, from_end=True), [(2.5, 3.5), (3.0, 4.0), (3.5, 4.5), (4.0, 5.0)]),
        (Part(2.7, None, from_end=True), [(0.0, 1.0), (0.5, 1.5), (1.0, 2.0), (1.3, 2.3)]),
    ],
)
def test_a_long_part_is_cut_into_windows(part: Part, spans: list[tuple[float, float]]) -> None:
    waveform = counting(5000)
    _, units = read(np.split(waveform, 5), part)
    assert [(unit.start, unit.end) for unit in units[part]] == spans
    for unit in units[part]:
        first, stop = round(unit.start * RATE), round(unit.end * RATE)
        np.testing.assert_array_equal(unit.waveform, waveform[first:stop])


edges = st.floats(0.0, 6.0)
parts = st.builds(
    lambda start, length, from_end: Part(start, length and start + length, from_end),
    edges,
    st.none() | st.floats(0.001, 6.0),
    st.booleans(),
)


@given(
    samples=st.integers(1, 5_000),
    some=st.lists(parts, min_size=1, max_size=5),
    cuts=st.lists(st.integers(0, 5_000), max_size=8),
)
def test_the_blocks_and_the_other_parts_make_no_difference(
    samples: int, some: list[Part], cuts: list[int]
) -> None:
    waveform = counting(samples)
    together, units = read(np.split(waveform, sorted(cuts)), *some)
    for part in some:
        alone, own = read([waveform], part)
        assert together.span(part) == alone.span(part)
        assert together.is_silent(part) == alone.is_silent(part)
        assert [(unit.start, unit.end) for unit in units[part]] == [
            (unit.start, unit.end) for unit in own[part]
        ]
        for one, other in zip(units[part], own[part], strict=True):
            np.testing.assert_array_equal(one.waveform, other.waveform)


def test_a_part_is_silent_if_nothing_in_it_can_be_heard() -> None:
    waveform = counting(3000)
    waveform[1000:2000] = 1e-5
    silent, behind = Part(1.0, 2.0), Part(1.0, 2.1)
    reader, _ = read(np.split(waveform, [1500]), WHOLE, silent, behind, LAST)
    assert [reader.is_silent(part) for part in (WHOLE, silent, behind, LAST)] == [
        *(False, True, False, False)
    ]


def test_what_resampling_smears_into_silence_is_not_heard_there() -> None:
    waveform = np.zeros(3000, np.float32)
    waveform[994:2006] = 0.5
    first, last = Part(0.0, 1.0), Part(0.0, 1.0, from_end=True)
    assert read([waveform], first)[0].is_silent(first)
    assert read([waveform], last)[0].is_silent(last)
    waveform[500] = waveform[2500] = 0.5  # a click, however short, is heard
    assert not read([waveform], first)[0].is_silent(first)
    assert not read([waveform], last)[0].is_silent(last)


def test_the_recordings_own_edges_are_not_smeared() -> None:
    waveform = np.zeros(1700, np.float32)
    waveform[[0, -1]] = 0.5
    for part in (WHOLE, Part(0.0, 0.3), LAST):
        assert not read([waveform], part)[0].is_silent(part)


def test_long_parts_of_a_long_stream_need_little_memory() -> None:
    def blocks() -> Iterator[np.ndarray]:
        return (np.ones(10 * RATE, np.float32) for _ in range(400))  # 16 MB in all

    some = [
        *(WHOLE, Part(5.0, None), Part(5.0, 3000.0), Part(2.0, None, True)),
        *(Part(float(index), None) for index in range(20)),
        Part(0.0, 60.0, from_end=True),
    ]
    reader = PartReader(some, RATE, SPEC)
    tracemalloc.start()
    for _ in reader.units(blocks()):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3e6
    assert reader.span(some[-1]) == (3940.0, 4000.0)
