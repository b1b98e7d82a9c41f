"""Insects: stridulation in pulses, timbals, and wingbeats."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    between,
    chance,
    convolve,
    drift,
    fade,
    gain,
    gate,
    harmonics,
    impulses,
    length,
    level,
    mix,
    place,
    samples,
    sine,
    slope_amps,
    times,
    white,
    wobble,
)
from training.synthesis.calls import clip, paced, pick, pitched, rhythm_tags, series, surge
from training.synthesis.finish import Tags
from training.synthesis.registry import Sound, sound
from training.synthesis.voice import chirp, hump


@sound("cricket_chirp")
def cricket_chirp(rng: Rng) -> Sound:
    """Field cricket: chirps of three to five tone pulses, one animal near and perhaps others."""
    seconds = length(rng, 2, 5)
    pitch = between(rng, 3200, 5600)
    rate, tempo = paced(rng, 0.8, 4.5)
    song, rhythm = _chirps(rng, seconds, pitch, rate)
    others = [
        gain(-rng.uniform(12, 28))
        * _chirps(rng, seconds, pitch * rng.uniform(0.85, 1.2), rate * rng.uniform(0.8, 1.2))[0]
        for _ in range(rng.integers(0, 3))
    ]
    whole, swelled = surge(rng, mix(seconds, song, *others), 0.1)
    return clip(rng, whole, "high", "intermittent", *tempo, *rhythm, *swelled, hush=True)


def _chirps(rng: Rng, seconds: float, pitch: float, rate: float) -> tuple[Array, Tags]:
    count, spacing = int(rng.integers(2, 6)), between(rng, 0.022, 0.045)
    each = spacing * rng.uniform(0.5, 0.8)
    pulse = chirp(each, [(0, pitch * 1.01), (1, pitch * 0.97)], second=rng.uniform(0, 0.08))
    loud = np.linspace(rng.uniform(0.3, 1), 1, count)
    one = place(count * spacing, np.arange(count) * spacing, lambda i: loud[i] * pulse)
    steps = np.exp(rng.choice([0.03, 0.4]) * rng.standard_normal(int(seconds * rate) + 2)) / rate
    marks = np.cumsum(np.maximum(steps, count * spacing * 1.1)) - steps[0] * rng.random()
    marks = marks[marks < seconds]
    return place(seconds, marks, lambda _: one), rhythm_tags(marks)


@sound("cricket_chirp")
def tree_cricket(rng: Rng) -> Sound:
    """Tree or mole cricket: one unbroken trill of tone pulses."""
    seconds = length(rng, 2, 5)
    pitch, high = pitched(rng, 1600, 4800)
    beat = between(rng, 25, 70) * (1 + 0.03 * drift(rng, seconds, 1))
    pulses = np.clip(sine(beat, seconds) + rng.uniform(0.1, 0.8), 0, 1)
    tone = sine(pitch * (1 + 0.004 * drift(rng, seconds, 20)), seconds) * pulses
    whole, swelled = surge(rng, fade(tone, 0.1, 0.1), 0.15)
    return clip(rng, whole, *high, "continuous", "trembling", *swelled, hush=True)


@sound("cicada")
def cicada(rng: Rng) -> Sound:
    """Cicada: timbal clicks 100 to 500 a second ringing at 4 to 9 kHz, steady or in waves."""
    seconds = length(rng, 2.5, 5)
    pitch, beat = between(rng, 3800, 8500), between(rng, 90, 420)
    song = _timbals(rng, seconds, pitch, beat * (1 + 0.02 * drift(rng, seconds, 4)))
    song += gain(-rng.uniform(6, 20)) * level(
        bandpass(white(rng, seconds), pitch * 0.75, pitch * 1.4) * wobble(rng, seconds, beat, 0.5)
    )
    kind = rng.random()
    if kind < 0.35:
        song, swelled = surge(rng, song * (1 + 0.1 * drift(rng, seconds, 2)), 0.15)
        even: Tags = swelled or ("steady",)
        whole = fade(song, 0.3, 0.3)
        return clip(rng, whole, "high", "continuous", *even, ongoing=chance(rng, 0.5))
    rate, tempo = paced(rng, 0.6, 9)
    if kind < 0.7:
        waves = np.clip(0.5 + 0.6 * sine(rate, seconds, rng.uniform(0, 6)), 0.02, 1)
        return clip(rng, song * waves, "high", "continuous", "trembling", *tempo, ongoing=True)
    waves = np.clip(1.5 * sine(rate, seconds, rng.uniform(0, 6)), 0, 1)
    rhythm: Tags = ("intermittent", "repeated", "regular", *tempo)
    return clip(rng, song * waves, "high", *rhythm, ongoing=True)


def _timbals(rng: Rng, seconds: float, pitch: float, beat: Array) -> Array:
    turns = np.cumsum(beat) / 32_000
    marks = np.searchsorted(turns, np.arange(1, turns[-1])) / 32_000
    sizes = np.exp(0.15 * rng.standard_normal(len(marks))) * np.where(
        np.arange(len(marks)) % 2, 1, 0.5
    )
    axis = times(0.006)
    kernel = np.sin(2 * np.pi * pitch * axis) * np.exp(-axis / between(rng, 0.0006, 0.002))
    return level(convolve(impulses(seconds, marks, sizes), kernel))


@sound("grasshopper")
def grasshopper(rng: Rng) -> Sound:
    """Grasshopper: a toothed leg rasped over a wing, in dry hissing bursts."""
    low, top = between(rng, 4000, 7500), between(rng, 10_000, 15_000)
    strokes = between(rng, 14, 60)
    each = between(rng, 0.12, 1.4)

    def burst() -> Array:
        shape = np.clip(
            sine(strokes * rng.uniform(0.95, 1.05), each) + rng.uniform(-0.2, 0.5), 0, 1
        )
        teeth = wobble(rng, each, between(rng, 250, 600), 0.7)
        growing = np.linspace(rng.uniform(0.1, 0.8), 1, samples(each))
        return bandpass(white(rng, each), low, top, 2) * shape * teeth * fade(growing, 0.02, 0.02)

    track, tags = series(rng, burst, (0.6, 5), single=0.1)
    size: Tags = ("short",) if "single" in tags and each < 0.4 else ()
    return clip(rng, track, "high", "intermittent", *size, *tags, hush=True)


@sound("bee_buzz")
def bee_buzz(rng: Rng) -> Sound:
    """Bees: wingbeats of 170 to 290 Hz with many harmonics, one bee circling or a swarm."""
    seconds = length(rng, 2, 5)
    pitch, tone = pitched(rng, 150, 300)
    swarm = chance(rng, 0.35)
    count = int(rng.integers(3, 5)) if swarm else int(rng.choice([1, 1, 2]))
    bees = [_wings(rng, seconds, pitch * rng.uniform(0.88, 1.12), 0.05, 0.6) for _ in range(count)]
    whole = mix(seconds, *bees)
    if swarm:
        calm: Tags = ("continuous", "steady")
        return clip(rng, fade(whole, 0.1, 0.1), *tone, *calm, ongoing=chance(rng, 0.6))
    whole, swelled = surge(rng, whole, 0.2)
    return clip(rng, fade(whole, 0.2, 0.2), *tone, "continuous", *swelled)


def _wings(rng: Rng, seconds: float, pitch: float, wander: float, depth: float) -> Array:
    """One flying insect: its pitch wanders a little, its level as it comes and goes."""
    bend = 1 + wander * drift(rng, seconds, 1.5) + 0.012 * drift(rng, seconds, 15)
    amps = slope_amps(60, between(rng, 3, 8)) * np.exp(0.6 * rng.standard_normal(60))
    near = np.exp(1.6 * depth * drift(rng, seconds, 1.2))
    buzz = level(harmonics(pitch * bend, seconds, amps, rng))
    return buzz * near * (1 + 0.15 * drift(rng, seconds, 40))


@sound("mosquito_whine")
def mosquito_whine(rng: Rng) -> Sound:
    """Mosquito: a thin whine of 380 to 900 Hz, bending as it flies past the ear."""
    seconds = length(rng, 1.5, 5)
    pitch, tone = pitched(rng, 380, 920)
    amps = slope_amps(14, between(rng, 5, 10)) * np.exp(0.4 * rng.standard_normal(14))
    bend = 1 + 0.06 * drift(rng, seconds, 1.2) + 0.008 * drift(rng, seconds, 18)
    near = np.exp(1.8 * drift(rng, seconds, 1.0))
    whine = harmonics(pitch * bend, seconds, amps, rng) * near
    whole, swelled = surge(rng, fade(whine, 0.2, 0.2), 0.2)
    return clip(rng, whole, *tone, "continuous", *swelled, hush=True)


@sound("fly_buzz")
def fly_buzz(rng: Rng) -> Sound:
    """Housefly: wingbeats of 140 to 330 Hz in darting flights, with turns, stops and bumps."""
    seconds = length(rng, 1.5, 5)
    pitch, tone = pitched(rng, 140, 340)
    buzz = _wings(rng, seconds, pitch, 0.14, 1.1)
    if chance(rng, 0.45):
        whole, swelled = surge(rng, fade(buzz, 0.1, 0.1), 0.2)
        return clip(rng, whole, *tone, "continuous", *swelled)
    spans, at = [], float(rng.uniform(0, 0.3))
    while at < seconds - 0.15:
        end = min(at + between(rng, 0.15, 1.6), seconds)
        spans.append((at, end))
        at = end + between(rng, 0.08, 0.9)
    rhythm: Tags = (
        ("intermittent", "irregular", "repeated") if len(spans) > 2 else ("intermittent",)
    )
    return clip(rng, buzz * gate(seconds, spans, 0.025), *tone, *rhythm)


@sound("fly_buzz")
def fly_pass(rng: Rng) -> Sound:
    """A fly darting past once: short buzz, swelling and dying, its pitch dropping."""
    seconds, size = pick(rng, 0.25, 1.6, "short", "long")
    pitch = between(rng, 150, 340)
    bend = np.linspace(1.06, 0.92, samples(seconds))
    amps = slope_amps(50, between(rng, 3, 7))
    buzz = harmonics(pitch * bend, seconds, amps, rng) * hump(seconds, rng.uniform(0.3, 0.6)) ** 2
    return clip(rng, buzz, "single", "falling", *(size if size == ("short",) else ()))
