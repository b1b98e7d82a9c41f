import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.audio.resample import resample
from tests.audio.making import assert_tone, tone


@pytest.mark.parametrize("source_rate", [8_000, 11_025, 44_100, 48_000, 96_000, 192_000, 44_101])
@pytest.mark.parametrize("rate", [16_000, 48_000])
def test_the_tone_stays_what_it_is(source_rate: int, rate: int):
    blocks = list(resample([tone(source_rate, 2.0)], source_rate, rate))
    assert all(block.size for block in blocks)
    assert_tone(np.concatenate(blocks), rate, 2.0)


def test_what_is_above_the_new_rate_is_gone():
    rate = 48_000
    whistle = np.sin(2 * np.pi * 12_000 * np.arange(rate) / rate).astype(np.float32)
    low = np.concatenate(list(resample([whistle], rate, 16_000)))
    assert np.abs(low[1000:-1000]).max() < 1e-4


@given(cuts=st.lists(st.integers(0, 10_000), max_size=6), rate=st.sampled_from([4_000, 6_000]))
def test_cuts_make_no_difference(cuts: list[int], rate: int):
    waveform = np.random.default_rng(0).normal(size=10_000).astype(np.float32)
    whole = list(resample([waveform], 4_000, rate))
    cut = list(resample(np.split(waveform, sorted(cuts)), 4_000, rate))
    assert [block.tobytes() for block in cut] == [block.tobytes() for block in whole]


@pytest.mark.parametrize("source_rate", [8_000, 44_100, 48_000])
def test_small_blocks_are_the_same_samples_and_come_soon(source_rate: int):
    rate, waveform = 16_000, tone(source_rate, 3.0)
    whole = np.concatenate(list(resample([waveform], source_rate, rate)))
    taken = 0

    def coming():
        nonlocal taken
        for start in range(0, len(waveform), 400):
            taken += len(waveform[start : start + 400])
            yield waveform[start : start + 400]

    given = []
    for block in resample(coming(), source_rate, rate, 0.05):
        given.append(block)
        late = taken / source_rate - sum(map(len, given)) / rate
        assert late < 0.3 or taken == len(waveform)
    assert np.concatenate(given).tobytes() == whole.tobytes()
