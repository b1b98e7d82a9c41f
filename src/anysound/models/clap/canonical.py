"""Inputs that anyone can make again: to compare int8 with fp32, and one machine with another.

No audio is shipped; the sounds come from formulas, and noise from a generator of whole numbers,
so that they are the same everywhere but for the last bit of a sine.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from anysound.models.protocol import Waveform

CANONICAL_TEXTS = (
    "This is a sound of dog barking.",
    "This is a sound of rain.",
    "This is a sound of siren.",
    "This is a sound of bell ringing.",
    "This is a sound of clock ticking.",
    "This is a sound of microwave beep.",
    "This is a sound of a dry bearing squealing under load.",
    "This is a sound of music.",
)


Waveform64: TypeAlias = NDArray[np.float64]


def canonical_audio(rate: int) -> dict[str, Waveform]:
    """Return the canonical sounds by name, of 1 to 25 seconds, with peaks of 0.5.

    Args:
        rate: Sampling rate, in Hz.
    """
    lengths: dict[str, tuple[Callable[[Waveform64], Waveform64], float]] = {
        "barks, 1 s": (_barks, 1.0),
        "rain, 5 s": (_rain, 5.0),
        "siren, 5 s": (_siren, 5.0),
        "bell, 5 s": (_bell, 5.0),
        "ticks, 10 s": (_ticks, 10.0),
        "a beep in rain, 25 s": (_beep_in_rain, 25.0),
    }
    sounds = {}
    for name, (make, seconds) in lengths.items():
        sound = make(np.arange(round(seconds * rate)) / rate)
        sounds[name] = (0.5 * sound / np.abs(sound).max()).astype(np.float32)
    return sounds


def _noise(count: int) -> Waveform64:
    """Return white noise in [-1, 1): a xorshift generator's state, hashed (SplitMix64)."""
    with np.errstate(over="ignore"):
        state = np.arange(1, count + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        state ^= state >> np.uint64(31)
    return (state >> np.uint64(11)).astype(np.float64) / 2.0**52 - 1.0


def _barks(time: Waveform64) -> Waveform64:
    since = time % 0.45
    pitch = 2 * np.pi * (420 * since - 300 * since**2)
    voice = sum(np.sin(n * pitch) / n for n in range(1, 12))
    return np.asarray((voice + 0.4 * _noise(len(time))) * np.exp(-18 * since))


def _rain(time: Waveform64) -> Waveform64:
    drops = np.abs(_noise(len(time))) ** 40
    return 0.3 * _noise(len(time))[::-1] + drops


def _siren(time: Waveform64) -> Waveform64:
    phase = 2 * np.pi * 900 * time - 400 * np.cos(2 * np.pi * 0.5 * time) / 0.5
    return np.sin(phase) + 0.3 * np.sin(3 * phase) + 0.02 * _noise(len(time))


def _bell(time: Waveform64) -> Waveform64:
    since = time % 2.5
    partials = ((1.0, 1.0), (2.0, 0.6), (2.4, 0.5), (3.0, 0.35), (4.5, 0.25), (6.7, 0.1))
    waves = (g * np.sin(2 * np.pi * 523 * r * since) * np.exp(-r * since) for r, g in partials)
    return np.asarray(sum(waves))


def _ticks(time: Waveform64) -> Waveform64:
    since = time % 0.5
    click = np.exp(-400 * since) * np.sin(2 * np.pi * 3100 * since)
    return click + 0.002 * _noise(len(time))


def _beep_in_rain(time: Waveform64) -> Waveform64:
    beeping = (time >= 17.0) & (time < 18.0)
    return 0.2 * _rain(time) + beeping * np.sin(2 * np.pi * 2048 * time)
