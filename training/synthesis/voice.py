"""Voices: a source (harmonics with jitter, roughness, breath) heard through moving formants."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, interpolate

from training.synthesis.blocks import (
    Array,
    Rng,
    drift,
    gain,
    harmonics,
    level,
    phase,
    samples,
    slope_amps,
    times,
    unit,
    white,
)
from training.synthesis.registry import RATE

Points: TypeAlias = Sequence[tuple[float, float]]
"""(share of the duration, value) pairs, in order."""

Tract: TypeAlias = Sequence[tuple[float, ArrayLike]]
"""(share of the duration, formant frequencies in Hz) pairs, in order; same count in each."""

FLAT: Points = ((0.0, 0.0), (0.03, 1.0), (0.97, 1.0), (1.0, 0.0))
ARCH: Points = ((0.0, 0.0), (0.15, 0.8), (0.45, 1.0), (0.75, 0.7), (1.0, 0.0))
FALL: Points = ((0.0, 0.0), (0.05, 1.0), (0.4, 0.6), (1.0, 0.0))
GROW: Points = ((0.0, 0.0), (0.4, 0.4), (0.85, 1.0), (1.0, 0.0))

VOWELS: Mapping[str, tuple[float, ...]] = {
    "a": (750, 1250, 2500, 3500, 4500),
    "ae": (680, 1750, 2450, 3500, 4500),
    "e": (480, 1900, 2600, 3500, 4500),
    "i": (290, 2250, 3000, 3600, 4600),
    "o": (480, 900, 2450, 3300, 4300),
    "u": (320, 800, 2250, 3200, 4200),
    "er": (500, 1500, 2500, 3500, 4500),
    "m": (250, 1050, 2200, 3200, 4200),
}
"""Formants of a man; women's lie about 1.15 times as high, small children's 1.4 times."""


# --- curves ----------------------------------------------------------------------------------


def glide(seconds: float, points: Points) -> Array:
    """Smooth positive curve through points, without overshoot: a pitch contour."""
    count = samples(seconds)
    at, values = np.array([p[0] for p in points]), np.array([p[1] for p in points], float)
    if len(points) == 1:
        return np.full(count, values[0])
    grid = np.linspace(0, 1, max(8, int(seconds * 500)))
    curve = np.exp(interpolate.PchipInterpolator(at, np.log(values))(np.clip(grid, at[0], at[-1])))
    return np.asarray(np.interp(np.linspace(0, 1, count), grid, curve))


def swell(seconds: float, points: Points) -> Array:
    """Level contour, straight between points."""
    axis = np.linspace(0, 1, samples(seconds))
    return np.interp(axis, [p[0] for p in points], [p[1] for p in points])


def hump(seconds: float, peak: float = 0.4) -> Array:
    """Smooth rise to 1 at a share of the duration, and smooth fall: a syllable, a breath."""
    shape = swell(seconds, [(0, 0), (peak, 1), (1, 0)])
    return np.asarray(np.sin(np.pi / 2 * shape) ** 2)


# --- the voice -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Voice:
    """How a source vibrates.

    Attributes:
        tilt: Fall of its harmonics in dB an octave: 4 pressed and bright, 18 nearly a sine.
        breath: Level of the breath noise relative to the tone.
        jitter: Relative random pitch wander.
        rough: 0 clean to 1 hoarse: subharmonics and irregular vibration.
        tremor: Rate of vibrato or bleat in Hz.
        depth: Relative pitch swing of the tremor; its level swings four times as much.
    """

    tilt: float = 9.0
    breath: float = 0.05
    jitter: float = 0.01
    rough: float = 0.0
    tremor: float = 6.0
    depth: float = 0.0


def source(rng: Rng, pitch: Array, voice: Voice) -> Array:
    """Sound of the vibrating folds before the tract, RMS about 1."""
    seconds = len(pitch) / RATE
    moved = pitch * (1 + voice.jitter * drift(rng, seconds, 35))
    if voice.rough:
        moved = moved * (1 + 0.12 * voice.rough * drift(rng, seconds, float(np.mean(pitch)) * 0.7))
    swing = np.zeros(1)
    if voice.depth:
        speed = voice.tremor * (1 + 0.1 * drift(rng, seconds, 3))
        swing = np.sin(phase(speed, seconds, rng.uniform(0, 6)))
        moved = moved * (1 + voice.depth * swing)
    tone = harmonics(moved, seconds, slope_amps(250, voice.tilt))
    turn = phase(moved, seconds)
    if voice.rough:
        tone = tone * (1 - 0.7 * voice.rough * (0.5 + 0.5 * np.sin(turn / rng.choice([2, 3]))))
    air = white(rng, seconds) * (0.65 + 0.35 * np.sin(turn))
    shaken: Array = (level(tone) + voice.breath * air) * (1 + min(4 * voice.depth, 0.8) * swing)
    return shaken


def formants(x: Array, tract: Tract, width: float = 0.1, fall: float = 4.0) -> Array:
    """Heard through resonances that may move.

    Args:
        x: What enters the tract.
        tract: Formant frequencies over the duration.
        width: Width of a formant relative to its frequency (60 Hz are added).
        fall: Each formant is this many dB weaker than the one below.
    """
    frame, hop, size = 1024, 512, 1536
    padded = np.pad(x, (hop, frame + hop))
    count = (len(padded) - frame) // hop + 1
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(frame) / frame)
    frames = np.lib.stride_tricks.sliding_window_view(padded, frame)[::hop][:count] * window
    frames = frames.astype(np.float32)  # half the time of float64
    shaped = fft.irfft(fft.rfft(frames, size) * _envelope(tract, count, size, width, fall), size)
    pieces = np.roll(shaped, hop // 2, axis=1).reshape(count, 3, hop)
    rows = np.zeros((count + 2, hop))
    for part in range(3):
        rows[part : part + count] += pieces[:, part]
    return rows.ravel()[hop + hop // 2 :][: len(x)]


def _envelope(
    tract: Tract, count: int, size: int, width: float, fall: float
) -> NDArray[np.float32]:
    grid = fft.rfftfreq(size, 1 / RATE)
    table = np.array([freqs for _, freqs in tract], float)
    if len(tract) > 1:
        at = np.linspace(0, 1, count)
        shares = [share for share, _ in tract]
        table = np.stack([np.interp(at, shares, column) for column in table.T], axis=1)
    out = np.full((len(table), len(grid)), 0.0006)
    for index, centre in enumerate(table.T):
        half = (centre[:, None] * width + 60) / 2
        out += gain(-fall * index) / (1 + ((grid - centre[:, None]) / half) ** 2)
    return np.asarray(np.sqrt(out), np.float32)


def tube(length: float, opening: float = 0.0, count: int = 5) -> tuple[float, ...]:
    """Formants of a throat of a length in centimetres; ``opening`` 0..1 raises the lowest."""
    base = 35_000 / (4 * length)
    return tuple(base * (2 * k + 1) * (1 + opening * 0.9 / (1 + k) ** 2) for k in range(count))


def vowel(name: str, scale: float = 1.0) -> tuple[float, ...]:
    """Formants of a spoken vowel; ``scale`` is 1 for a man, 1.15 a woman, 1.4 a small child."""
    return tuple(scale * freq for freq in VOWELS[name])


def call(
    rng: Rng,
    seconds: float,
    pitch: Points,
    tract: Tract,
    shape: Points = ARCH,
    voice: Voice | None = None,
) -> Array:
    """One call of a voice: pitch in Hz, tract and level over its duration; peak 1.

    Pitch and level stray a little from their contours, since no two calls are alike.
    """
    line = glide(seconds, pitch) * (1 + 0.03 * drift(rng, seconds, 5))
    loud = swell(seconds, shape) ** rng.uniform(0.6, 1.5) * (1 + 0.2 * drift(rng, seconds, 8))
    return unit(formants(source(rng, line, voice or Voice()), tract) * loud)


def chirp(seconds: float, pitch: Points, shape: Points = ARCH, second: float = 0.1) -> Array:
    """Whistled note: a sine following a contour, with a weaker second harmonic; peak 1."""
    turn = phase(glide(seconds, pitch), seconds)
    return unit((np.sin(turn) + second * np.sin(2 * turn)) * swell(seconds, shape))


def late(x: Array, wait: float) -> Array:
    """After a silence of ``wait`` seconds (none if negative)."""
    return np.pad(x, (max(0, int(wait * RATE)), 0))


def scaled(points: Points, factor: float) -> Points:
    """The contour with its values multiplied by a factor."""
    return [(share, value * factor) for share, value in points]


def room_tail(rng: Rng, x: Array, seconds: float, share: float) -> Array:
    """With a diffuse echo of a decay time and relative level, which makes it longer."""
    tail = white(rng, seconds) * np.exp(-5 * times(seconds) / seconds)
    count = len(x) + len(tail)
    size = fft.next_fast_len(count, real=True)
    dry, echo = (fft.rfft(part.astype(np.float32), size) for part in (x, tail))
    wet = fft.irfft(dry * echo, size)[:count].astype(float)
    return np.pad(unit(x), (0, len(tail))) + share * unit(wet)
