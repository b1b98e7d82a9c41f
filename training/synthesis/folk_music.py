"""Music seldom found among sampled instruments: opera percussion, bronze bells, drones, reeds."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    beats,
    between,
    chance,
    decay,
    drift,
    fade,
    fit,
    harmonics,
    highpass,
    length,
    level,
    mix,
    modal,
    phase,
    place,
    samples,
    slope_amps,
    strike,
    thump,
    times,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pace, pole, regularity
from training.synthesis.materials import flutter, hiss, swell, wooden
from training.synthesis.registry import Sound, sound
from training.synthesis.voice import formants, glide, vowel

PENTATONIC = 2 ** (np.array([0, 2, 4, 7, 9, 12, 14, 16]) / 12)


# --- struck ----------------------------------------------------------------------------------


def _gliding_gong(rng: Rng, base: float, bend: float, ring: float) -> Array:
    """Opera gong, whose pitch glides by a share ``bend`` after the blow; peak 1."""
    seconds = min(5 * ring, 1.8)
    axis = times(seconds)
    turn = phase(base * (1 + bend * (1 - np.exp(-axis / 0.12))), seconds)
    modes = np.array([1, 1.52, 2.03, 2.61, 3.3, 4.2, 5.1]) * rng.uniform(0.98, 1.02, 7)
    sizes = np.exp(0.5 * rng.standard_normal(7)) / modes**0.4
    tone = np.sum(
        [
            s * np.sin(m * turn) * np.exp(-axis * m**0.5 / ring)
            for m, s in zip(modes, sizes, strict=True)
        ],
        axis=0,
    )
    splash = highpass(white(rng, seconds), 1500) * np.exp(-axis / (0.25 * ring))
    return unit(unit(tone) + rng.uniform(0.05, 0.3) * unit(splash))


@sound("opera_percussion")
def opera_percussion(rng: Rng) -> Sound:
    """Chinese opera percussion: clapper drum, cymbals, a falling large and a rising small gong."""
    seconds = length(rng, 2.0)
    rate = between(rng, 1.6, 9.0)
    large = _gliding_gong(rng, between(rng, 230, 420), -rng.uniform(0.05, 0.2), 0.4)
    small = _gliding_gong(rng, between(rng, 600, 1000), rng.uniform(0.05, 0.2), 0.2)
    size = between(rng, 0.06, 0.3)
    brass = strike(rng, 0.8, rng.uniform(500, 9000, 40), size, 0) + 0.5 * fit(
        highpass(white(rng, 0.8), 2500) * decay(0.8, size * 0.6), 0.8
    )
    drum = wooden(rng, between(rng, 700, 1500), 0.012, 1.0)
    kit = [large, unit(brass), small, drum]
    pattern = rng.choice(4, int(rng.integers(2, 9)), p=[0.3, 0.25, 0.25, 0.2])
    marks = beats(rng, seconds, rate, 0.03, rng.uniform(0, 0.3))
    tags: Tags = pole(rate, 2.5, 5.0, "slow", "fast")
    if chance(rng, 0.25):
        marks, tags = seconds * (marks / seconds) ** rng.uniform(0.5, 0.75), ()
    sizes = rng.uniform(0.5, 1.0, len(marks))
    x = place(seconds, marks, lambda i: sizes[i] * kit[pattern[i % len(pattern)]])
    x = x + 0.4 * place(seconds, marks, lambda i: sizes[i] * drum)
    return events(rng, x, ("metallic", "harsh", "repeated", *tags))


@sound("bianzhong")
def bianzhong(rng: Rng) -> Sound:
    """Ancient bronze chime bells: almond-shaped, quickly damped, a pentatonic tune by mallet."""
    seconds = length(rng, 2.0)
    key, rate = between(rng, 120, 900), between(rng, 0.8, 3.5)
    single = chance(rng, 0.15)
    marks = beats(rng, seconds, rate, 0.03, rng.uniform(0.02, 0.3))[: 1 if single else 99]
    ring = between(rng, 0.25, 1.1)
    ratios = np.array([1, 1.2, 2.0, 2.45, 3.2, 4.1, 5.3]) * rng.uniform(0.97, 1.03, 7)
    steps = np.clip(np.cumsum(rng.integers(-2, 3, 40)) + 3, 0, 7)
    mallet = thump(rng, 0.1, between(rng, 120, 300), 0.012)

    def bell(i: int) -> Array:
        sizes = np.array([1, 0.5, 0.5, 0.35, 0.25, 0.15, 0.1]) * rng.uniform(0.5, 1.2, 7)
        tone = modal(1.8, key * PENTATONIC[steps[i % 40]] * ratios, ring / ratios**0.6, sizes, rng)
        return fade(unit(tone), 0.001, 0.8) * rng.uniform(0.6, 1.0) + 0.2 * fit(mallet, 1.8)

    tags: Tags = ("single",) if single else ("repeated", "regular", *pace(rate))
    return events(
        rng, place(seconds, marks, bell), ("metallic", *tags, *pole(key, 230, 460, "low", "high"))
    )


@sound("singing_bowl")
def singing_bowl(rng: Rng) -> Sound:
    """Singing bowl: struck, or rubbed round its rim till it sings; close mode pairs beat slowly."""
    seconds = length(rng, 3.0)
    base = between(rng, 110, 800)
    ratios = np.array([1, 2.75, 5.1, 8.0]) * rng.uniform(0.98, 1.02, 4)
    split = rng.uniform(0.5, 5) / base
    modes = base * np.concatenate([ratios, ratios * (1 + split / ratios)])
    sizes = np.tile(np.array([1, 0.5, 0.2, 0.08]) * rng.uniform(0.5, 1.3, 4), 2)
    tone = ("metallic", *pole(base, 220, 440, "low", "high"))
    if chance(rng, 0.6):
        ring = between(rng, 1.2, 4.0)
        x = modal(seconds, modes, ring / np.tile(ratios, 2) ** 0.7, sizes, rng)
        start = rng.uniform(0, 0.4)
        x = mix(seconds, np.pad(fade(unit(x), 0.003, 0.1), (samples(start), 0)))
        return events(rng, x, (*tone, "single", "fading", "long"))
    rubbed = modal(seconds, modes, 1e3, sizes / np.tile(ratios, 2), rng)
    grow = np.minimum(times(seconds) / between(rng, 0.5, 4.5), 1.0) ** 1.5
    rub = hiss(rng, seconds, 600, 6000) * flutter(rng, seconds, 8, 0.3)
    x = unit(rubbed) * (0.05 + grow) + between(rng, 0.002, 0.04) * rub
    growing: Tags = ("loud_growing",) if grow[samples(seconds * 0.5)] < 0.5 else ()
    return events(rng, x, (*tone, "continuous", "soft", *growing))


# --- blown, plucked, and played in the air ---------------------------------------------------


def _mouth(rng: Rng, seconds: float, rate: float) -> list[tuple[float, tuple[float, ...]]]:
    """Vowels that a mouth forms one after another, ``rate`` a second."""
    count = max(2, int(seconds * rate))
    names = rng.choice(["a", "i", "o", "u", "e"], count + 1)
    return [(k / count, vowel(str(name), 0.95)) for k, name in enumerate(names)]


@sound("didgeridoo")
def didgeridoo(rng: Rng) -> Sound:
    """Didgeridoo: lips drone in a long tube, and the mouth shapes its overtones in rhythm."""
    seconds = length(rng, 2.5)
    base, rate = between(rng, 52, 105), between(rng, 1.2, 6.0)
    freq = base * (1 + 0.006 * drift(rng, seconds, 4))
    if chance(rng, 0.25):
        freq = freq * (1 + 0.04 * np.maximum(drift(rng, seconds, 1.2), 0))
    lips = level(harmonics(freq, seconds, slope_amps(60, rng.uniform(3, 7)), rng))
    air = hiss(rng, seconds, 200, 3000) * rng.uniform(0.02, 0.2)
    mouth = formants(lips + air, _mouth(rng, seconds, rate), width=0.12, fall=3.0)
    drone = harmonics(freq, seconds, slope_amps(6, 8), rng)
    accent = 1 - rng.uniform(0.1, 0.6) * (0.5 + 0.5 * np.sin(2 * np.pi * rate * times(seconds)))
    x = (level(drone) + rng.uniform(0.6, 1.6) * level(mouth)) * accent
    return events(
        rng, fade(x, 0.05, 0.05), ("low", "continuous", *pole(rate, 1.8, 3.5, "slow", "fast"))
    )


@sound("jaw_harp")
def jaw_harp(rng: Rng) -> Sound:
    """Jaw harp: a plucked steel tongue twangs on one low note, the mouth picks its overtones."""
    seconds = length(rng, 1.5)
    base, rate = between(rng, 60, 160), between(rng, 1.0, 7.0)
    reed = level(harmonics(base, seconds, slope_amps(120, rng.uniform(0, 4)), rng))
    even = chance(rng, 0.6)
    marks = beats(rng, seconds, rate, 0.02 if even else 0.35, rng.uniform(0, 0.2))
    pluck = decay(1.0, between(rng, 0.12, 0.5), 0.003)
    shape = np.minimum(place(seconds, marks, lambda i: rng.uniform(0.6, 1.0) * pluck), 1.3)
    moving = formants(reed, _mouth(rng, seconds, rate * rng.uniform(0.5, 2)), width=0.06, fall=2.0)
    tick = strike(rng, 0.05, np.array([1800, 3100, 4700]) * rng.uniform(0.7, 1.3), 0.004)
    x = (0.3 * reed + level(moving)) * shape
    x = unit(x) + rng.uniform(0.05, 0.3) * place(seconds, marks, lambda i: tick)
    tags: Tags = ("repeated", *regularity(marks)) if len(marks) > 2 else ()
    return events(rng, x, ("metallic", "low", *tags, *pace(rate)))


@sound("theremin")
def theremin(rng: Rng) -> Sound:
    """Theremin: one nearly pure electronic voice gliding between notes with deep vibrato."""
    seconds = length(rng, 2.0)
    base, count = between(rng, 180, 1500), int(rng.integers(2, 7))
    steps = np.cumsum(rng.choice([-5, -3, -2, 2, 3, 4, 5], count))
    slides: Tags = ()
    if chance(rng, 0.35):
        steps = np.sort(steps * rng.uniform(1, 2.5))[:: int(rng.choice([-1, 1]))]
        slides = ("rising",) if steps[-1] > steps[0] else ("falling",)
    at = np.linspace(0, 1, 2 * count)
    notes = base * 2 ** (np.repeat(steps - steps.mean(), 2) / 12)
    line = glide(seconds, list(zip(at, notes, strict=True)))
    depth = rng.uniform(0.0, 0.045)
    swing = np.sin(phase(rng.uniform(4.5, 7.5) * (1 + 0.1 * drift(rng, seconds, 2)), seconds))
    freq = line * (1 + depth * swing)
    amps = np.array([1, rng.uniform(0.1, 0.6), rng.uniform(0.02, 0.3), rng.uniform(0, 0.15)])
    x = harmonics(freq, seconds, amps) * (0.75 + 0.25 * drift(rng, seconds, 2))
    x = fade(x, between(rng, 0.02, 0.3), between(rng, 0.05, 0.5))
    tags: Tags = ("continuous", *pole(depth, 0.008, 0.02, "steady", "trembling"))
    return events(rng, x, (*tags, *slides, *pole(base, 350, 800, "low", "high")))


@sound("kazoo")
def kazoo(rng: Rng) -> Sound:
    """Kazoo: a hummed tune sets a paper membrane buzzing, nasal and rattling."""
    seconds = length(rng, 1.5)
    key, rate = between(rng, 130, 520), between(rng, 1.2, 5.0)
    marks = beats(rng, seconds, rate, 0.1, rng.uniform(0, 0.2))
    steps = np.clip(np.cumsum(rng.integers(-2, 3, len(marks))) + 3, 0, 7)

    def note(i: int) -> Array:
        held = rng.uniform(0.6, 0.95) / rate
        freq = key * PENTATONIC[steps[i]] * (1 + 0.01 * drift(rng, held, 8))
        hum = harmonics(freq * swell(held, 0.3, 0.02), held, slope_amps(40, 5))
        buzz = np.tanh(4 * level(hum)) * (1 + 0.3 * flutter(rng, held, 400, 0.5))
        tract = [(0.0, (500.0, 1300.0, 2400.0, 3400.0)), (1.0, (560.0, 1200.0, 2500.0, 3400.0))]
        return fade(unit(formants(buzz, tract, 0.15, 0.0) + 0.2 * buzz), 0.015, 0.03)

    x = place(seconds, marks, note)
    return events(rng, x, ("harsh", *pace(rate), *pole(key, 200, 340, "low", "high")))
