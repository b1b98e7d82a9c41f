"""A crop holds what stands out in its third of the recording."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anysound.features import LogMelSpec, log_mel
from anysound.models.clap.salience import salience, salient_starts

RATE = 16_000  # the frames are a hundredth of a second, as at 48 kHz; a third of the work
SPEC = LogMelSpec(RATE, 512, 160, 64, 50.0, 7_500.0)
CROP = 1001


def background(kind: str, samples: int, seed: int) -> NDArray[np.float64]:
    time = np.arange(samples) / RATE
    if kind == "silence":
        return np.zeros(samples)
    if kind == "hum":
        return 0.3 * np.sin(2 * np.pi * 50 * time) + 0.1 * np.sin(2 * np.pi * 150 * time)
    return 0.05 * np.random.default_rng(seed).normal(size=samples)


def event(kind: str, samples: int, seed: int) -> NDArray[np.float64]:
    time = np.arange(samples) / RATE
    if kind == "tone":
        return np.sin(2 * np.pi * 2000 * time)
    if kind == "clicks":
        return 3 * (np.arange(samples) % (RATE // 12) < 8)
    return np.random.default_rng(seed).normal(size=samples)


@settings(max_examples=60)
@given(
    where=st.floats(0, 1),
    seconds=st.floats(15, 60),
    length=st.floats(0.2, 2),
    ground=st.sampled_from(["silence", "hum", "noise"]),
    kind=st.sampled_from(["tone", "clicks", "burst"]),
    seed=st.integers(0, 1000),
)
def test_the_crop_of_its_third_holds_a_planted_event(
    where: float, seconds: float, length: float, ground: str, kind: str, seed: int
) -> None:
    sound = background(ground, round(seconds * RATE), seed)
    count = round(length * RATE)
    first = round(where * (len(sound) - count))
    sound[first : first + count] += 0.3 * event(kind, count, seed)
    decibels = log_mel(sound, SPEC)
    begin, end = first // SPEC.hop, -(-(first + count) // SPEC.hop)
    end = min(end, len(decibels))
    starts = salient_starts(decibels, CROP, 3)
    thirds = np.array_split(np.arange(len(decibels) - CROP + 1), 3)
    for start, third in zip(starts, thirds, strict=True):
        can_hold = any(each <= begin and end <= each + CROP for each in (third[0], third[-1]))
        can_hold |= bool(third[0] <= begin and end <= third[-1] + CROP)
        if can_hold:
            assert start <= begin
            assert end <= start + CROP


def test_a_quiet_tone_beats_a_loud_hum_that_never_stops() -> None:
    sound = background("hum", 40 * RATE, 0)
    time = np.arange(RATE) / RATE
    sound[30 * RATE : 31 * RATE] += 0.02 * np.sin(2 * np.pi * 3000 * time)
    decibels = log_mel(sound, SPEC)
    assert 2990 < int(np.argmax(salience(decibels))) < 3110
    start = salient_starts(decibels, CROP, 3)[2]
    assert start <= 3000
    assert start + CROP >= 3100


def test_in_silence_the_crops_are_spread_evenly() -> None:
    decibels = log_mel(np.zeros(40 * RATE), SPEC)
    starts = salient_starts(decibels, CROP, 3)
    assert starts == pytest.approx((500, 1500, 2500), abs=5)


def test_an_event_comes_to_lie_in_the_middle() -> None:
    sound = background("noise", 60 * RATE, 1)
    time = np.arange(RATE // 2) / RATE
    sound[30 * RATE : 30 * RATE + RATE // 2] += np.sin(2 * np.pi * 1000 * time)
    start = salient_starts(log_mel(sound, SPEC), CROP, 3)[1]
    assert start + CROP / 2 == pytest.approx(3025, abs=60)


def test_a_recording_hardly_longer_than_a_crop_has_starts() -> None:
    decibels = log_mel(background("noise", 1001 * 160, 2), SPEC)
    assert salient_starts(decibels, CROP, 3)[1:] in [(0, 0), (1, 0), (0, 1), (1, 1)]
