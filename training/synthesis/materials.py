"""What the household, nature and impact sounds share: bubbles, fractures, friction, bounces."""

from collections.abc import Callable, Sequence

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    between,
    chance,
    click,
    decay,
    drift,
    fade,
    fit,
    gain,
    highpass,
    impulses,
    length,
    level,
    lowpass,
    place,
    plate_modes,
    resonate,
    samples,
    scattered,
    strike,
    thump,
    times,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, rhythm
from training.synthesis.registry import MAX_SECONDS, RATE, Sound

# --- clips of events -------------------------------------------------------------------------


def once(rng: Rng, x: Array, tags: Tags = ()) -> Sound:
    """A single event with a random pause before and after it."""
    before = rng.uniform(0.0, 0.8) ** 2
    x = np.pad(x, (samples(before), samples(rng.uniform(0.02, 0.7))))
    return events(rng, x[: samples(MAX_SECONDS)], (*tags, "single"))


def often(
    rng: Rng,
    make: Callable[[int], Array],
    slow: float,
    fast: float,
    tags: Tags = (),
    jitter: float | None = None,
    single: float = 0.3,
) -> Sound:
    """The event ``make(i)`` once (with the chance ``single``) or again and again.

    ``slow`` and ``fast`` bound the events a second; ``jitter`` is as in ``rhythm``.
    """
    if chance(rng, single):
        return once(rng, make(0), tags)
    seconds = length(rng, min(5.0, max(1.2, 2.5 / fast)))
    when = rhythm(rng, seconds, slow, fast, jitter)
    sizes = np.exp(rng.uniform(0.02, 0.3) * rng.standard_normal(len(when.marks)))
    x = place(seconds, when.marks, lambda i: sizes[i] * make(i))
    return events(rng, x, tags + when.tags)


def pick(rng: Rng, choices: Sequence[Array], count: int) -> Callable[[int], Array]:
    """Maker of events that draws each of ``count`` events from a few ready ones."""
    which = rng.integers(len(choices), size=max(count, 1))
    return lambda i: choices[which[i % len(which)]]


def in_a_row(*parts: Array) -> Array:
    """Parts one after the other."""
    return np.concatenate(parts)


def bounces(rng: Rng, first: float, keep: float, start: float = 0.0) -> tuple[Array, Array]:
    """Times and sizes of the hits of a dropped thing.

    ``first`` is the first time in the air in seconds; each next one is ``keep`` times shorter.
    """
    count = int(np.clip(np.log(0.012 / first) / np.log(keep), 1, 30))
    gaps = first * keep ** np.arange(count) * np.exp(0.04 * rng.standard_normal(count))
    sizes = keep ** np.arange(count + 1) * np.exp(0.12 * rng.standard_normal(count + 1))
    marks: Array = start + np.concatenate([[0.0], np.cumsum(gaps)])
    return marks, np.asarray(sizes, float)


# --- noise and air ---------------------------------------------------------------------------


def hiss(rng: Rng, seconds: float, low: float, high: float) -> Array:
    """Noise between two frequencies; RMS 1."""
    return level(bandpass(white(rng, seconds), low, high))


def burst(
    rng: Rng, constant: float, low: float, high: float, attack: float = 0.0005, span: float = 7.0
) -> Array:
    """Noise that dies away exponentially, ``span`` time constants long; peak 1."""
    seconds = max(attack + span * constant, 0.004)
    return unit(bandpass(white(rng, seconds), low, high) * decay(seconds, constant, attack))


def swell(seconds: float, peak: float, sharp: float = 1.0) -> Array:
    """Curve from 0 to 1 at the share ``peak`` of the time and back; ``sharp`` narrows it."""
    axis = times(seconds) / seconds
    curve = np.where(axis < peak, axis / max(peak, 1e-3), (1 - axis) / max(1 - peak, 1e-3))
    return np.sin(np.clip(curve, 0, 1) * np.pi / 2) ** (2 * sharp)


def gusts(rng: Rng, seconds: float, speed: float, depth: float) -> Array:
    """Level factor of wind-blown sounds: slow swings in decibels, ``depth`` dB each way."""
    coarse = drift(rng, seconds, speed)[::32]
    grid = np.arange(len(coarse)) * 32
    return np.interp(np.arange(samples(seconds)), grid, 10 ** (coarse * depth / 20))


def outdoors(rng: Rng, x: Array) -> Array:
    """As a microphone in the open hears it: highs lost in the air, low wind and far hum; RMS 1."""
    share = rng.uniform(0.0, 0.9)
    x = level((1 - share) * level(x) + 2 * share * lowpass(level(x), between(rng, 500, 5000), 1))
    low = lowpass(rng.standard_normal(len(x)), between(rng, 80, 500), 1)
    return x + between(rng, 0.03, 0.8) * level(low)


def flutter(rng: Rng, seconds: float, cutoff: float, depth: float) -> Array:
    """Fast random level factor around 1: flames, rough air, rumble."""
    slow = level(lowpass(rng.standard_normal(samples(seconds)), cutoff, 1))
    return np.maximum(1 + depth * slow, 0.0)


def echoes(rng: Rng, x: Array, count: int, nearest: float, farthest: float, loss: float) -> Array:
    """With later, duller copies of itself from walls and hills, ``loss`` dB a copy."""
    delays = np.sort(rng.uniform(nearest, farthest, count))
    out = np.pad(x, (0, samples(farthest)))
    dull = lowpass(x, between(rng, 600, 4000), 1)
    for i, delay in enumerate(delays):
        start = samples(delay)
        out[start : start + len(x)] += gain(-loss * (1 + 0.6 * i)) * dull
    return out


def blast(rng: Rng, crack: float, body: float, tail: float, dull: float) -> Array:
    """Explosion in air: a pressure step with its undershoot, then a roar that darkens.

    Args:
        rng: Source of randomness.
        crack: Length of the pressure wave in seconds.
        body: Time constant of the first roar.
        tail: Time constant of the reverberant tail.
        dull: Upper edge of the tail in Hz.
    """
    seconds = min(MAX_SECONDS, 0.05 + 5 * tail)
    axis = times(seconds)
    wave = (1 - axis / crack) * np.exp(-axis / crack)
    first = lowpass(white(rng, seconds), between(rng, 4000, 12000)) * decay(seconds, body, 0.0003)
    last = lowpass(white(rng, seconds), dull) * decay(seconds, tail, 0.01)
    parts = unit(wave) + rng.uniform(0.5, 1) * unit(first) + rng.uniform(0.3, 0.9) * unit(last)
    return unit(parts)


# --- grains ----------------------------------------------------------------------------------


def scatter(rng: Rng, seconds: float, marks: Array, sizes: Array, kernels: list[Array]) -> Array:
    """Each mark becomes one of the kernels, drawn by chance, at its own size."""
    count = samples(seconds)
    start = (np.asarray(marks) * RATE).astype(int)
    which = rng.integers(len(kernels), size=len(start))
    out = np.zeros(count + max(len(kernel) for kernel in kernels))
    for k, kernel in enumerate(kernels):
        mine = (which == k) & (start >= 0) & (start < count)
        if mine.any():
            where = (start[mine, None] + np.arange(len(kernel))).ravel()
            out += np.bincount(where, (sizes[mine, None] * kernel).ravel(), len(out))
    return out[:count]


def crackle(
    rng: Rng,
    seconds: float,
    marks: Array,
    freqs: tuple[float, float],
    constants: tuple[float, float],
    exponent: float = 1.5,
) -> Array:
    """Broadband pops whose sizes follow a power law: fire, ice, stiff paper. Peak 1."""
    pops = [
        burst(rng, between(rng, *constants), *_band(rng, freqs), attack=0.0001) for _ in range(12)
    ]
    sizes = np.minimum(rng.pareto(exponent, len(marks)) + 0.3, 25.0)
    return unit(scatter(rng, seconds, marks, sizes, pops))


def _band(rng: Rng, freqs: tuple[float, float]) -> tuple[float, float]:
    centre = between(rng, *freqs)
    return centre / rng.uniform(1.3, 3), centre * rng.uniform(1.3, 3)


def denser(rng: Rng, rate: float, density: Array) -> Array:
    """Times of random events, ``rate`` a second where ``density`` (one value a sample) is 1."""
    weight = np.cumsum(np.maximum(density, 0.0)) / RATE
    count = rng.poisson(rate * weight[-1])
    return np.asarray(np.sort(np.searchsorted(weight, rng.uniform(0, weight[-1], count))) / RATE)


# --- water -----------------------------------------------------------------------------------


def bubble(rng: Rng, freq: float, rise: float = 0.1) -> Array:
    """One air bubble in water: a damped tone at its Minnaert frequency that rises as it ends.

    The damping is that of a real bubble of this size; ``rise`` is 0 for a deep one, 0.3 for one
    that breaks at the surface. Larger (lower) bubbles are louder.
    """
    radius = 3.0 / freq
    damping = 0.13 / radius + 0.0072 * radius**-1.5
    seconds = float(np.clip(4.5 / damping, 0.003, 0.15))
    axis = times(seconds)
    turns = freq * (axis + rise * damping * axis**2 / 2)
    tone = np.sin(2 * np.pi * turns) * np.exp(-damping * axis)
    size = float((500 / freq) ** rng.uniform(0.3, 0.8))
    return size * fade(tone, 0.0004, 0.15 * seconds)


def bubble_cloud(
    rng: Rng,
    seconds: float,
    rate: float,
    freqs: tuple[float, float],
    rise: float = 0.1,
    density: Array | None = None,
) -> Array:
    """Many bubbles, up to some hundred a second; RMS 1. ``density`` as in ``denser``."""
    marks = scattered(rng, seconds, rate) if density is None else denser(rng, rate, density)
    kernels = [bubble(rng, between(rng, *freqs), rise * rng.uniform(0.3, 1.5)) for _ in range(24)]
    sizes = np.exp(0.7 * rng.standard_normal(len(marks)))
    return level(scatter(rng, seconds, marks, sizes, kernels))


# --- friction and fracture -------------------------------------------------------------------


def stick_slip(rng: Rng, rate: Array, jitter: float, spread: float = 0.4) -> Array:
    """Slips of a rubbing contact as impulses, ``rate`` a second over time.

    ``jitter`` 0.01 gives a squeak with a pitch, 0.3 a rough grating.
    """
    seconds = len(rate) / RATE
    swing = drift(rng, seconds, 4 + float(np.mean(rate)))[: len(rate)]
    turns = np.floor(np.cumsum(rate * (1 + 2 * jitter * swing)) / RATE)
    hits = np.flatnonzero(np.diff(turns, prepend=0.0) > 0)
    sizes = np.exp(spread * rng.standard_normal(len(hits)))
    return impulses(seconds, (hits + 0.5) / RATE, sizes)


def through(rng: Rng, x: Array, low: float, high: float, count: int, sharpness: float) -> Array:
    """Through ``count`` random resonances of a body between two frequencies; RMS 1."""
    freqs = np.exp(rng.uniform(np.log(low), np.log(high), count))
    gains = np.exp(0.5 * rng.standard_normal(count)) * (freqs / low) ** 0.5
    return level(resonate(x, list(freqs), list(freqs / sharpness), list(gains)))


def wooden(rng: Rng, freq: float, ring: float, knock: float = 0.5) -> Array:
    """A hit on wood: well-damped plate modes over a thud, ``knock`` of hard contact; peak 1."""
    seconds = 0.05 + 6 * ring
    board = strike(rng, seconds, plate_modes(rng, freq, 9, 0.12), ring, -3.0)
    low = thump(rng, seconds, freq * 0.7, ring * 0.8, 0.2)
    hard = fit(click(rng, between(rng, 900, 3500), 0.002, 0.6), seconds)
    return unit(board + rng.uniform(0.3, 1.0) * low + knock * hard)


def metal(rng: Rng, freq: float, ring: float, count: int = 14, bright: float = -1.0) -> Array:
    """A hit on a metal plate or vessel; peak 1."""
    seconds = min(0.05 + 5 * ring, MAX_SECONDS)
    body = strike(rng, seconds, plate_modes(rng, freq, count, 0.2), ring, bright, 0.6)
    hard = burst(rng, 0.003, 1500, 12000)
    return unit(body + rng.uniform(0.1, 0.6) * fit(hard, seconds))


def glass(rng: Rng, freq: float, ring: float) -> Array:
    """A hit on a glass vessel: wall modes at the squares of whole numbers; peak 1."""
    order = np.array([2, 3, 4, 5, 6, 7.0])
    split = np.concatenate([order, order * (1 + rng.uniform(0.001, 0.01))])
    modes = freq * (split / 2) ** 2 * (1 + 0.03 * rng.standard_normal(12))
    return strike(rng, min(0.03 + 5 * ring, MAX_SECONDS), modes, ring, rng.uniform(-4, 1), 0.6)


def shards(
    rng: Rng, seconds: float, freqs: tuple[float, float], rings: tuple[float, float], count: int
) -> Array:
    """Pieces that fall and clatter after a fracture, ever fewer and smaller; peak 1."""
    kinds = [
        strike(
            rng,
            5 * (ring := between(rng, *rings)),
            np.sort(rng.uniform(1, 3.2, 5)) * between(rng, *freqs),
            ring,
            spread=0.7,
        )
        for _ in range(10)
    ]
    marks = rng.gamma(1.3, seconds / 5, count)
    sizes = np.exp(0.9 * rng.standard_normal(count) - 2.0 * marks / seconds)
    return unit(scatter(rng, seconds, marks, sizes, kinds))


def scrape(rng: Rng, seconds: float, low: float, high: float, rough: float) -> Array:
    """Something drawn over a surface: band noise broken up at the grain of the surface; RMS 1.

    ``rough`` is how many grains a second the contact meets.
    """
    teeth = flutter(rng, seconds, rough, 0.8)
    return level(highpass(bandpass(white(rng, seconds), low, high), low / 2) * teeth)
