"""A recording of any length in a picture's worth of numbers."""

import tracemalloc

import numpy as np
import pytest

from anysound.features import log_mel
from anysound.timeline.overview import Overview, OverviewMaker
from tests.fakes import tone

RATE = 16_000
LABELS = ("dog", "猫")


def overview_of(waveform: np.ndarray, block: int = RATE) -> Overview:
    maker = OverviewMaker("it", LABELS, RATE)
    for start in range(0, len(waveform), block):
        maker.add_waveform(waveform[start : start + block])
    return maker.overview()


@pytest.mark.parametrize("samples", [1, 100, 511, 512, 513, 32_768, 50_001])
@pytest.mark.parametrize("block", [777, RATE, 10**6])
def test_the_spectrogram_is_that_of_the_whole_however_it_comes(samples: int, block: int) -> None:
    waveform = np.random.default_rng(0).uniform(-1, 1, samples).astype(np.float32)
    maker = OverviewMaker("it", LABELS, RATE)
    overview = overview_of(waveform, block)
    columns = len(overview.spectrogram)
    assert columns == np.ceil(samples / RATE / overview.column_seconds)
    np.testing.assert_array_equal(overview.spectrogram, log_mel(waveform, maker._spec)[:columns])
    assert overview.duration == samples / RATE


@pytest.mark.parametrize("frequency", [100, 1000, 5000])
def test_a_tone_is_seen_at_its_frequency(frequency: float) -> None:
    overview = overview_of(tone(frequency, 3.0))
    loudest = overview.frequencies[overview.spectrogram.mean(axis=0).argmax()]
    assert loudest == pytest.approx(frequency, rel=0.2)
    assert np.all(np.diff(overview.frequencies) > 0)


def test_no_band_is_without_sound_at_any_rate() -> None:
    """A band between two bins of the transform would be a black stripe."""
    for rate in (8_000, 16_000, 32_000, 44_100, 48_000):
        maker = OverviewMaker("it", LABELS, rate)
        maker.add_waveform(np.random.default_rng(0).standard_normal(rate).astype(np.float32))
        assert maker.overview().spectrogram.min() > -60


def test_a_long_recording_has_few_columns_and_loses_no_click() -> None:
    maker = OverviewMaker("it", LABELS, RATE)
    block = np.zeros(RATE, np.float32)
    click = block.copy()
    click[8000] = 1.0
    for second in range(1000):
        maker.add_waveform(click if second == 700 else block)
        maker.add_scores(second + 0.5, [0.9 if second == 700 else 0.1, 0.2])
    overview = maker.overview()
    assert 1000 <= len(overview.spectrogram) <= 2000
    loud = np.flatnonzero(overview.spectrogram.max(axis=1) > -60) * overview.column_seconds
    assert np.all(np.abs(loud - 700.5) < 2 * overview.column_seconds)
    assert len(loud)
    assert overview.duration == 1000
    assert len(overview.spectrogram) * overview.column_seconds == pytest.approx(1000, rel=0.01)


def test_many_scores_are_merged_to_their_highest() -> None:
    maker = OverviewMaker("it", LABELS, RATE)
    for second in range(36_000):
        maker.add_scores(second, [0.9 if second == 20_001 else 0.1, 0.2])
    overview = maker.overview()
    assert 1000 <= len(overview.times) <= 2000
    assert np.all(np.diff(overview.times) > 0)
    assert overview.times[-1] == 35_999
    assert overview.scores.shape == (len(overview.times), 2)
    assert overview.scores[:, 0].max() == 0.9
    highest = overview.times[overview.scores[:, 0].argmax()]
    assert 0 <= highest - 20_001 <= 36_000 / 1000


def test_few_scores_stay_as_they_came() -> None:
    maker = OverviewMaker("it", LABELS, RATE)
    for second in range(2000):
        maker.add_scores(second, [second / 2000, 0.5])
    overview = maker.overview()
    np.testing.assert_array_equal(overview.times, np.arange(2000))
    np.testing.assert_array_equal(overview.scores[:, 0], np.arange(2000) / 2000)


def test_no_scores() -> None:
    overview = overview_of(tone(1000, 1.0))
    assert overview.times.shape == (0,)
    assert overview.scores.shape == (0, 2)


def test_length_costs_no_memory() -> None:
    block = np.zeros(RATE, np.float32)

    def peak(seconds: int) -> int:
        maker = OverviewMaker("it", LABELS, RATE)
        maker.add_waveform(block)  # what is made once only
        tracemalloc.start()
        for second in range(seconds):
            maker.add_waveform(block)
            maker.add_scores(second, [0.1, 0.2])
        maker.overview()
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    assert peak(600) < 1.2 * peak(60) + 100_000
