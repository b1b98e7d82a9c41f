import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.audio import Window, WindowSpec, windows
from anysound.errors import UsageError

RATE = 1_000


def cut(samples: int, length: float, hop: float) -> list[tuple[float, float]]:
    waveform = np.arange(samples, dtype=np.float32)
    return [(w.start, w.end) for w in windows([waveform], RATE, WindowSpec(length, hop))]


def test_short_recordings_are_one_window_of_their_own_length():
    assert cut(700, 1.0, 0.5) == [(0.0, 0.7)]
    assert cut(1000, 1.0, 0.5) == [(0.0, 1.0)]
    assert cut(0, 1.0, 0.5) == []


def test_the_last_window_ends_with_the_recording():
    assert cut(2000, 1.0, 0.5) == [(0.0, 1.0), (0.5, 1.5), (1.0, 2.0)]
    assert cut(2200, 1.0, 0.5) == [(0.0, 1.0), (0.5, 1.5), (1.0, 2.0), (1.2, 2.2)]
    assert cut(1001, 1.0, 1.0) == [(0.0, 1.0), (0.001, 1.001)]


@pytest.mark.parametrize(
    ("length", "hop"), [(1.0, 2.0), (0.0, 0.0), (1.0, 0.0), (1.0, -1.0), (float("nan"), 1.0)]
)
def test_windows_that_leave_gaps_are_refused(length: float, hop: float):
    with pytest.raises(UsageError):
        WindowSpec(length, hop)


def equal(one: list[Window], other: list[Window]) -> bool:
    return len(one) == len(other) and all(
        (a.start, a.end) == (b.start, b.end) and np.array_equal(a.waveform, b.waveform)
        for a, b in zip(one, other, strict=True)
    )


@given(
    samples=st.integers(0, 5_000),
    length=st.floats(0.0005, 2.0),
    share=st.floats(0.01, 1.0),
    cuts=st.lists(st.integers(0, 5_000), max_size=8),
)
def test_every_sample_is_in_a_window(samples: int, length: float, share: float, cuts: list[int]):
    spec = WindowSpec(length, max(length * share, 0.005) if length > 0.005 else length)
    waveform = np.arange(samples, dtype=np.float32)
    made = list(windows(np.split(waveform, sorted(cuts)), RATE, spec))
    assert equal(made, list(windows([waveform], RATE, spec)))
    size = max(1, round(length * RATE))
    covered = 0
    for window in made:
        start = round(window.start * RATE)
        assert start <= covered  # no gap
        assert len(window.waveform) == min(size, samples)
        assert np.array_equal(window.waveform, waveform[start : start + len(window.waveform)])
        assert window.end == (start + len(window.waveform)) / RATE
        covered = start + len(window.waveform)
    assert covered == samples
    assert len({window.start for window in made}) == len(made)


def test_a_long_stream_needs_little_memory():
    """Only a window and a block are held: an endless stream can be cut."""

    def endless():
        while True:
            yield np.zeros(RATE, np.float32)

    stream = windows(endless(), RATE, WindowSpec(10.0, 10.0))
    for index in range(2_000):
        window = next(stream)
        assert window.start == index * 10.0
        assert len(window.waveform) == 10 * RATE
        assert window.waveform.base is None  # its own samples, not a view of many more
