"""Rooms, distances, bad microphones and noise: what happens to a sound before it is recorded."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy import signal

from training.synthesis.registry import MAX_SECONDS, RATE, Qualifier, Sound

Samples: TypeAlias = NDArray[np.float64]
Effect: TypeAlias = Callable[[np.random.Generator, Samples], tuple[Samples, tuple[Qualifier, ...]]]

CLIP = int(MAX_SECONDS * RATE)

SLOPES = (0.0, 0.5, 1.0)
"""Of white, pink and brown noise."""

_RUMBLE = 50.0
"""Hz, below which coloured noise is flat: all its power would lie there, and not be heard."""


def filtered(samples: Samples, kind: str, edge: float | tuple[float, float], order: int) -> Samples:
    """Return samples through a Butterworth filter; ``edge`` is in Hz."""
    sections = signal.butter(order, edge, kind, fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sections, samples))


def loudness(samples: Samples) -> float:
    """Return the root mean square."""
    return float(np.sqrt(np.mean(samples**2)) + 1e-12)


def convolved(samples: Samples, response: Samples) -> Samples:
    """Return samples through a response, at most five seconds of it."""
    return np.asarray(signal.fftconvolve(samples, response)[:CLIP])


def _echoes(rng: np.random.Generator, samples: Samples, seconds: float, wet: float) -> Samples:
    """Add a diffuse tail that decays by 60 dB in ``seconds`` (Moorer 1979)."""
    length = int(seconds * RATE)
    tail = rng.standard_normal(length) * 10 ** (-3 * np.arange(length) / length)
    tail = filtered(tail, "lowpass", rng.uniform(2500, 9000), 1)
    reflected = convolved(samples, tail)
    direct = np.pad(samples, (0, max(0, len(reflected) - len(samples))))[: len(reflected)]
    return direct / loudness(direct) + wet * reflected / loudness(reflected)


def room(rng: np.random.Generator, samples: Samples) -> tuple[Samples, tuple[Qualifier, ...]]:
    """Put the sound into a reverberant room or hall."""
    return _echoes(rng, samples, rng.uniform(0.6, 2.8), rng.uniform(0.5, 1.5)), ("reverberant",)


def small_room(rng: np.random.Generator, samples: Samples) -> tuple[Samples, tuple[Qualifier, ...]]:
    """Put the sound into an ordinary furnished room; too little to be called reverberant."""
    return _echoes(rng, samples, rng.uniform(0.15, 0.4), rng.uniform(0.1, 0.4)), ()


def muffle(rng: np.random.Generator, samples: Samples) -> tuple[Samples, tuple[Qualifier, ...]]:
    """Put something between the sound and the microphone."""
    return filtered(samples, "lowpass", rng.uniform(350, 1300), 3), ("muffled",)


def brighten(rng: np.random.Generator, samples: Samples) -> tuple[Samples, tuple[Qualifier, ...]]:
    """Raise the treble."""
    treble = filtered(samples, "highpass", rng.uniform(1500, 4000), 2)
    return 0.4 * samples / loudness(samples) + treble / loudness(treble), ("bright",)


def small_speaker(
    rng: np.random.Generator, samples: Samples
) -> tuple[Samples, tuple[Qualifier, ...]]:
    """Play or record the sound through something cheap."""
    band = (rng.uniform(150, 400), rng.uniform(3000, 7000))
    return np.tanh(rng.uniform(0.5, 3) * filtered(samples, "bandpass", band, 2)), ()


def distance(rng: np.random.Generator, samples: Samples) -> tuple[Samples, tuple[Qualifier, ...]]:
    """Move the sound away: less treble, more room, and the noise of what lies between."""
    dull = filtered(samples, "lowpass", rng.uniform(1500, 4000), 1)
    diffuse = _echoes(rng, dull, rng.uniform(0.5, 2.0), rng.uniform(1.0, 2.5))
    return _with_noise(rng, diffuse, rng.uniform(8, 20)), ("distant",)


def noise(rng: np.random.Generator, samples: Samples) -> tuple[Samples, tuple[Qualifier, ...]]:
    """Add noise about as strong as the sound."""
    return _with_noise(rng, samples, rng.uniform(-3, 8)), ("noisy",)


def _with_noise(rng: np.random.Generator, samples: Samples, ratio_db: float) -> Samples:
    added = coloured(rng.standard_normal(CLIP), float(rng.choice(SLOPES)))
    padded = np.pad(samples, (0, CLIP - len(samples)))
    active = loudness(samples[np.abs(samples) > 0.02 * np.abs(samples).max()])
    return np.asarray(padded + added / loudness(added) * active * 10 ** (-ratio_db / 20))


def coloured(white: Samples, slope: float) -> Samples:
    """Return a clip of white noise with amplitudes that fall with frequency to a power."""
    spectrum = np.fft.rfft(white)
    spectrum /= np.maximum(_RUMBLE, np.fft.rfftfreq(CLIP, 1 / RATE)) ** slope
    return np.fft.irfft(spectrum, CLIP)


_EFFECTS: tuple[tuple[Effect, float], ...] = (
    (small_room, 0.25),
    (room, 0.14),
    (muffle, 0.12),
    (brighten, 0.06),
    (small_speaker, 0.15),
    (distance, 0.1),
    (noise, 0.18),
)


def recorded(rng: np.random.Generator, sound: Sound) -> Sound:
    """Return a sound as it may have been recorded, with the tags that this adds."""
    samples, tags = np.asarray(sound.waveform, dtype=np.float64), list(sound.tags)
    chances = np.array([chance for _, chance in _EFFECTS])
    count = int(rng.choice([1, 2], p=[0.8, 0.2]))
    chosen = rng.choice(len(_EFFECTS), size=count, replace=False, p=chances / chances.sum())
    for index in sorted(chosen):
        samples, added = _EFFECTS[index][0](rng, samples)
        tags += added
    return Sound(samples, tuple(tags))


def mildly(rng: np.random.Generator, samples: Samples) -> Samples:
    """Return a sound as it is, or as an ordinary room or a cheap microphone leaves it."""
    kind = rng.random()
    if kind < 0.2:
        return small_room(rng, samples)[0]
    return small_speaker(rng, samples)[0] if kind < 0.35 else samples


def repitched(rng: np.random.Generator, samples: Samples) -> Samples:
    """Play a sound faster and higher, or slower and lower, by up to a third."""
    factor = float(rng.uniform(0.78, 1.3))
    return np.asarray(soxr.resample(samples, RATE * factor, RATE, quality="MQ"), dtype=np.float64)


def placed(rng: np.random.Generator, samples: Samples) -> Samples:
    """Put a sound somewhere into a clip's five seconds, over a faint noise floor."""
    clip = np.zeros(CLIP)
    samples = samples[:CLIP]
    start = int(rng.integers(0, CLIP - len(samples) + 1))
    clip[start : start + len(samples)] = samples
    if rng.random() < 0.7:
        floor = np.abs(samples).max() * 10 ** rng.uniform(-4.5, -2.5)
        clip += floor * rng.standard_normal(CLIP)
    return clip
