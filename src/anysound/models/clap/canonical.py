"""Inputs that are the same everywhere, made by code: to compare models, precisions and installs.

The sounds are crude, but of the kinds that a model knows, so that its towers are well exercised.
They are made of operations that IEEE 754 rounds exactly (no sine of a maths library, no sum whose
order is a matter of the processor), and then rounded to 16 bits: the same on every machine.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anysound.models.protocol import Waveform

Signal: TypeAlias = NDArray[np.float64]

_LABELS = (
    "an electronic beep",
    "footsteps",
    "dog barking",
    "a siren",
    "a church bell",
    "an electric motor humming",
    "heavy rain on a roof",
    "street traffic",
)
CANONICAL_TEXTS = tuple(f"This is a sound of {label}." for label in _LABELS)
"""Texts in the usual template; in the order of the clips, what each is meant to be."""

_PEAK = 0.5


def canonical_audio(rate: int, longest: float = float("inf")) -> dict[str, Waveform]:
    """Make the clips, by name; they last 1, 5, exactly 10, and 25 seconds.

    Args:
        rate: Sampling rate, in Hz.
        longest: Leave out what is longer than this, in seconds.
    """
    return {
        name: _as_16_bits(make(rate, seconds))
        for name, (seconds, make) in _CLIPS.items()
        if seconds <= longest
    }


def _as_16_bits(signal: Signal) -> Waveform:
    steps = np.rint(signal * (_PEAK / np.abs(signal).max()) * 32767)
    return np.asarray(steps / 32768, dtype=np.float32)


def _beep(rate: int, seconds: float) -> Signal:
    """Make a beep in silence."""
    sound = _silence(rate, seconds)
    t = _time(rate, 0.2)
    _add(sound, rate, 0.4, _sine(1000.0 * t) * _bump(t / 0.2))
    return sound


def _footsteps(rate: int, seconds: float) -> Signal:
    """Make four dull knocks a second."""
    sound = _silence(rate, seconds)
    for step in range(round(4 * seconds)):
        t = _time(rate, 0.12)
        knock = _smooth(_noise(len(t), seed=step), rate // 2000) + 0.3 * _sine(120.0 * t)
        _add(sound, rate, 0.05 + step / 4, knock * _fading(t, 0.02))
    return sound


def _dog(rate: int, seconds: float) -> Signal:
    """Make barks: a falling voice of many harmonics, loudest about 1100 Hz, and some breath."""
    sound = _silence(rate, seconds)
    t = _time(rate, 0.25)
    hertz = 480.0 - 1000.0 * t
    bark = 0.1 * _noise(len(t), seed=9)
    for harmonic in range(1, 11):
        far = (440.0 * harmonic - 1100.0) / 500.0
        bark += _sweep(harmonic * hertz, rate) / (1.0 + far * far)
    for start in (0.3, 0.8, 2.0, 2.4, 3.9):
        _add(sound, rate, start, bark * _bump(t / 0.25))
    return sound


def _siren(rate: int, seconds: float) -> Signal:
    """Make a wail that rises and falls between 600 and 1400 Hz."""
    hertz = 1000.0 + 400.0 * _sine(_time(rate, seconds) * 0.4)
    return _sweep(hertz, rate) + 0.4 * _sweep(2.0 * hertz, rate) + 0.2 * _sweep(3.0 * hertz, rate)


def _bell(rate: int, seconds: float) -> Signal:
    """Make a strike with the partials of a bell, the high ones fading first."""
    t = _time(rate, seconds)
    partials = ((0.5, 0.6), (1.0, 1.0), (1.2, 0.8), (1.5, 0.5), (2.0, 0.9), (2.7, 0.4), (4.1, 0.3))
    sound = _silence(rate, seconds)
    for ratio, level in partials:
        sound += level * _sine(440.0 * ratio * t) * _fading(t, 1.5 / ratio)
    return sound


def _motor(rate: int, seconds: float) -> Signal:
    """Make the hum of mains and some noise of bearings."""
    t = _time(rate, seconds)
    sound = 0.02 * _smooth(_noise(len(t), seed=21), rate // 2000)
    for harmonic in (1, 2, 4, 6, 8, 12):
        sound += _sine(50.0 * harmonic * t) / harmonic
    return sound * (1.0 + 0.1 * _sine(3.0 * t))


def _rain(rate: int, seconds: float) -> Signal:
    """Make a hiss, and drops that hit something near at odd moments."""
    hiss = _noise(round(seconds * rate), seed=33)
    sound = 0.2 * (hiss - _smooth(hiss, rate // 1500))
    t = _time(rate, 0.03)
    moments = _noise(round(40 * seconds), seed=34) * 0.5 + 0.5
    for number, moment in enumerate(moments):
        hertz = 1500.0 + 97.0 * (number % 23)
        drop = _sine(hertz * t) * _fading(t, 0.003)
        _add(sound, rate, float(moment) * (seconds - 0.03), drop * (0.2 + 0.1 * (number % 5)))
    return sound


def _street(rate: int, seconds: float) -> Signal:
    """Make traffic with a horn, then a siren that comes and goes, then a dog."""
    sound = 4.0 * _smooth(_noise(round(seconds * rate), seed=55), rate // 200)
    sound *= 1.2 + _sine(_time(rate, seconds) * 0.11)
    t = _time(rate, 1.2)
    _add(sound, rate, 2.5, 0.5 * (_sine(415.0 * t) + _sine(520.0 * t)) * _bump(t / 1.2))
    _add(sound, rate, 8.0, _siren(rate, 8.0) * _bump(_time(rate, 8.0) / 8.0))
    _add(sound, rate, 19.0, _dog(rate, 5.0))
    return sound


_CLIPS: dict[str, tuple[float, Callable[[int, float], Signal]]] = {
    "beep": (1.0, _beep),
    "footsteps": (1.0, _footsteps),
    "dog": (5.0, _dog),
    "siren": (5.0, _siren),
    "bell": (5.0, _bell),
    "motor": (10.0, _motor),
    "rain": (10.0, _rain),
    "street": (25.0, _street),
}


def _time(rate: int, seconds: float) -> Signal:
    """Return the time of each sample, in seconds."""
    return np.arange(round(seconds * rate)) / rate


def _silence(rate: int, seconds: float) -> Signal:
    return np.zeros(round(seconds * rate))


def _add(sound: Signal, rate: int, start: float, other: Signal) -> None:
    """Mix another sound in, from ``start`` seconds on."""
    first = round(start * rate)
    sound[first : first + len(other)] += other


def _sine(turns: Signal) -> Signal:
    """Return about the sine of an angle in whole turns: two parabolas, right to 0.1 %."""
    x = turns - np.floor(turns + 0.5)
    y = 8.0 * x - 16.0 * x * np.abs(x)
    return np.asarray(y + 0.225 * (y * np.abs(y) - y))


def _sweep(hertz: Signal, rate: int) -> Signal:
    """Return a tone whose frequency changes from sample to sample."""
    return _sine(np.cumsum(hertz) / rate)


def _noise(length: int, seed: int) -> Signal:
    """Return white noise in [-1, 1): SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    steps = np.arange(1, length + 1, dtype=np.uint64) + np.uint64(seed << 32)
    z = steps * np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)).astype(np.float64) / (1 << 52) - 1.0


def _smooth(signal: Signal, width: int) -> Signal:
    """Return the mean of each sample and the ``width - 1`` before it."""
    sums = np.cumsum(np.concatenate([np.zeros(width), signal]))
    return np.asarray((sums[width:] - sums[:-width]) / width)


def _bump(x: Signal) -> Signal:
    """Return a smooth rise from 0 at 0 to 1 in the middle, and back to 0 at 1."""
    rise = 4.0 * x * (1.0 - x)
    return np.asarray(rise * (2.0 - rise))


def _fading(t: Signal, scale: float) -> Signal:
    """Return a loudness that begins at 1 and is a sixteenth after ``scale`` seconds."""
    falls = 1.0 + t / scale
    return np.asarray(1.0 / (falls * falls * falls * falls))
