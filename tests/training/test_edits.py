"""Edits of recordings: what a qualifier promises can be measured in the edited sound."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from training.edits import EVENT, POLES, Poles, pitched, poles_for, with_gaps
from training.edits import going_on as lasts
from training.effects import CLIP
from training.synthesis.registry import RATE

Samples = NDArray[np.float64]


def event(rng: np.random.Generator) -> Samples:
    """Return half a second of a decaying tone in a little noise, as a knock or a bark would be."""
    time = np.arange(RATE // 2) / RATE
    tone = np.sin(2 * np.pi * 600 * time) + 0.3 * rng.standard_normal(len(time))
    return tone * np.exp(-9 * time)


def going_on(rng: np.random.Generator) -> Samples:
    """Return five seconds of a hum in noise, as a machine would be."""
    time = np.arange(CLIP) / RATE
    hum = sum(np.sin(2 * np.pi * 150 * n * time) / n for n in range(1, 9))
    return hum + 0.5 * rng.standard_normal(CLIP)


def pair(names: str) -> Poles:
    return next(poles for poles in POLES if " ".join(poles.names) == names)


def centroid(samples: Samples) -> float:
    power = np.abs(np.fft.rfft(samples)) ** 2
    return float((power * np.fft.rfftfreq(len(samples), 1 / RATE)).sum() / power.sum())


def levels(samples: Samples, seconds: float = 0.05) -> Samples:
    hop = int(seconds * RATE)
    frames = samples[: len(samples) // hop * hop].reshape(-1, hop)
    return np.sqrt((frames**2).mean(axis=1))


def pitch_bend(samples: Samples) -> float:
    third = len(samples) // 3
    return centroid(samples[-third:]) / centroid(samples[:third])


def growth(samples: Samples) -> float:
    heard = levels(samples)
    return float(heard[-10:].mean() / heard[:10].mean())


def gaps(samples: Samples) -> float:
    heard = levels(samples)
    return float((heard < 0.1 * heard.max()).mean())


def shaking(samples: Samples) -> float:
    heard = levels(samples, 0.02)
    return float(heard.std() / heard.mean())


def bursts(samples: Samples) -> int:
    heard = levels(samples, 0.02)
    loud = heard > 0.35 * heard.max()
    return int((loud[1:] & ~loud[:-1]).sum() + loud[0])


def unevenness(samples: Samples) -> float:
    heard = levels(samples, 0.02)
    starts = np.flatnonzero((heard[1:] > 0.35 * heard.max()) & (heard[:-1] <= 0.35 * heard.max()))
    intervals = np.diff(starts)
    return float(intervals.std() / intervals.mean()) if len(intervals) > 1 else 0.0


def tail(samples: Samples) -> float:
    heard = levels(samples)
    return float((heard > 0.003 * heard.max()).sum())


def floor(samples: Samples) -> float:
    heard = levels(samples)
    return float(np.quantile(heard, 0.1) / heard.max())


def flatness(samples: Samples) -> float:
    peak = np.abs(samples).max()
    return float(np.sqrt((samples**2).mean()) / peak)


# Each measure is greater for the first pole than for the second, in the median of several sounds.
MEASURES: list[tuple[str, Callable[[np.random.Generator], Samples], Callable[[Samples], float]]] = [
    ("high low", event, centroid),
    ("rising falling", going_on, pitch_bend),
    ("loud_growing fading", going_on, growth),
    ("continuous intermittent", going_on, lambda x: -gaps(x)),
    ("steady trembling", going_on, lambda x: -shaking(x)),
    ("long short", going_on, len),
    ("single repeated", event, lambda x: -bursts(x)),
    ("fast slow", event, bursts),
    ("regular irregular", event, lambda x: -unevenness(x)),
    ("metallic dull", going_on, centroid),
    ("crisp dull", event, centroid),
    ("harsh soft", event, flatness),
    ("bright muffled", going_on, centroid),
    ("dry reverberant", event, lambda x: -tail(x)),
    ("near distant", event, lambda x: -floor(np.pad(x, (0, CLIP - len(x))))),
    ("clean noisy", event, lambda x: -floor(np.pad(x, (0, CLIP - len(x))))),
]


@pytest.mark.parametrize(("names", "sound", "measure"), MEASURES, ids=[m[0] for m in MEASURES])
def test_an_edit_does_what_its_qualifier_says(names, sound, measure) -> None:
    poles = pair(names)
    measured: list[list[float]] = [[], []]
    for seed in range(9):
        for values, edit in zip(measured, poles.edits, strict=True):
            rng = np.random.default_rng(seed)
            values.append(measure(edit(rng, sound(rng))))
    assert np.median(measured[0]) > np.median(measured[1])


def test_every_pair_has_a_measure() -> None:
    assert [m[0] for m in MEASURES] == [" ".join(poles.names) for poles in POLES]


@pytest.mark.parametrize("seconds", [0.05, 0.3, EVENT, 2.0, 2 * EVENT, 5.0])
def test_edited_sounds_are_finite_audible_and_fit_a_clip(seconds: float) -> None:
    samples = np.random.default_rng(3).standard_normal(int(seconds * RATE))
    samples[len(samples) // 2 :] = 0  # a running mean of silence after sound may fall below 0
    for poles in poles_for(samples):
        for name, edit in zip(poles.names, poles.edits, strict=True):
            edited = edit(np.random.default_rng(4), samples)
            assert np.isfinite(edited).all(), name
            assert 0 < len(edited) <= CLIP, name
            assert np.abs(edited).max() > 0, name


def test_only_what_goes_on_can_be_interrupted_and_only_an_event_repeated() -> None:
    short, long = np.ones(RATE // 2), np.ones(CLIP)
    assert pair("single repeated") in poles_for(short)
    assert pair("single repeated") not in poles_for(long)
    assert pair("continuous intermittent") in poles_for(long)
    assert pair("continuous intermittent") not in poles_for(short)


def test_noise_has_no_pitch_and_a_hum_has() -> None:
    rng = np.random.default_rng(5)
    assert pitched(event(rng))
    assert pitched(going_on(rng))
    assert not pitched(rng.standard_normal(CLIP))


def test_a_steady_noise_leaves_no_room_for_echoes_and_a_knock_does() -> None:
    rng = np.random.default_rng(6)
    assert with_gaps(event(rng))
    assert not with_gaps(rng.standard_normal(CLIP))


def test_what_stops_for_half_of_the_time_does_not_go_on() -> None:
    hum = going_on(np.random.default_rng(7))
    assert lasts(hum)
    hum[CLIP // 2 :] = 0
    assert not lasts(hum)


@pytest.mark.parametrize("names", ["dry reverberant", "clean noisy"])
def test_a_recording_with_noise_and_echoes_is_made_drier_and_cleaner(names: str) -> None:
    rng = np.random.default_rng(8)
    knock = np.pad(event(rng), (0, RATE))
    echoes = np.exp(-3 * np.arange(RATE) / RATE) * rng.standard_normal(RATE)
    recording = knock + 0.002 * np.convolve(knock, echoes)[: len(knock)]
    recording += 0.01 * rng.standard_normal(len(recording))
    edited = pair(names).edits[0](rng, recording)
    after = slice(RATE // 2, None)
    assert np.abs(edited).max() > 0.8 * np.abs(recording).max()
    assert (edited[after] ** 2).sum() < 0.25 * (recording[after] ** 2).sum()
