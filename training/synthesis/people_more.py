"""Noses, joints, nails, dancing and marching feet, a whistle, a jeering crowd, a babbling baby."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    beats,
    between,
    chance,
    click,
    drift,
    fade,
    gain,
    level,
    mix,
    samples,
    sine,
    strike,
    thump,
    unit,
    white,
)
from training.synthesis.calls import clip, paced, pick, pitched, rhythm_tags, series, surge
from training.synthesis.finish import Tags
from training.synthesis.materials import burst, scatter, wooden
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.voice import (
    ARCH,
    FLAT,
    Points,
    Tract,
    Voice,
    call,
    formants,
    hump,
    room_tail,
    scaled,
    source,
    swell,
    vowel,
)

# --- nose, joints, nails ---------------------------------------------------------------------


@sound("nose_blowing")
def nose_blowing(rng: Rng) -> Sound:
    """Blowing the nose: air forced through wet nostrils that flap, from a hiss to a trumpet."""
    each, size = pick(rng, 0.25, 1.6, "short", "long")
    wet, honk = rng.uniform(0.1, 1.0), rng.uniform(0, 1.2)
    flaps, nose = between(rng, 25, 140), rng.uniform(0.8, 1.3)

    def blow() -> Array:
        tract = [(0.0, (600 * nose, 1500 * nose, 3200, 6000))]
        air = level(formants(white(rng, each), tract, 0.4, rng.uniform(0, 3)))
        beat = flaps * (1 + 0.25 * drift(rng, each, 8))
        flutter = np.clip(0.5 + 0.6 * sine(beat, each) + 0.6 * drift(rng, each, 40), 0, 1.5)
        voice = Voice(tilt=rng.uniform(2, 6), breath=0.5, jitter=0.06, rough=0.7)
        tone = level(formants(source(rng, beat, voice), tract, 0.3))
        mixed = air * (1 - wet + wet * flutter) + honk * tone * np.clip(drift(rng, each, 5), 0, 1)
        return unit(mixed * swell(each, [(0, 0), (0.1, 1), (0.7, 0.8), (1, 0)]))

    track, tags = series(rng, blow, (0.5, 1.4), single=0.35, most=4)
    return clip(rng, track, *(("harsh",) if wet > 0.5 else ()), *size, *tags)


@sound("knuckle_cracking")
def knuckle_cracking(rng: Rng) -> Sound:
    """Joints cracked: gas bubbles give way with dry pops, one finger or a whole hand in a run."""
    pitch, tone = pitched(rng, 300, 2400)
    ring = between(rng, 0.001, 0.005)

    def crack() -> Array:
        pop = click(rng, pitch * rng.uniform(0.75, 1.3), ring * rng.uniform(0.7, 1.4), 0.5)
        low = thump(rng, 0.1, between(rng, 120, 350), 0.008)
        one = mix(0.1, pop, rng.uniform(0.1, 0.6) * low)
        return unit(one + (late_copy(rng, one) if chance(rng, 0.3) else 0))

    track, tags = series(rng, crack, (1.0, 9), single=0.25, most=12)
    return clip(rng, track, "crisp", *tone, *tags, hush=True)


def late_copy(rng: Rng, x: Array) -> Array:
    """A weaker copy 8 to 40 ms later: a joint that gives way twice."""
    shift = samples(rng.uniform(0.008, 0.04))
    return rng.uniform(0.3, 0.9) * np.pad(x, (shift, 0))[: len(x)]


@sound("nail_clipping")
def nail_clipping(rng: Rng) -> Sound:
    """Nail clipper: the lever creaks, the jaws snap shut through the nail, the spring rings."""
    pitch = between(rng, 1800, 5500)
    steel = pitch * np.array([1, 1.5, 2.2, 3.1]) * rng.uniform(0.95, 1.05, 4)
    ring = between(rng, 0.003, 0.025)

    def snip() -> Array:
        snap = strike(rng, 0.15, steel * rng.uniform(0.97, 1.03), ring, 1)
        nail = burst(rng, between(rng, 0.0008, 0.003), 1500, 11_000)
        lever = 0.4 * click(rng, pitch / 2, 0.002, 0.4)
        squeeze = 0.08 * unit(bandpass(white(rng, 0.06), 2000, 8000) * hump(0.06, 0.8))
        wait = np.zeros(samples(rng.uniform(0.04, 0.15)))
        bite = mix(0.15, rng.uniform(0.4, 1) * snap, nail)
        return np.concatenate([squeeze, bite, wait, lever])

    track, tags = series(rng, snip, (0.5, 2.2), single=0.3, most=9)
    return clip(rng, track, "crisp", "high", "metallic", *tags, hush=True)


# --- feet in time ----------------------------------------------------------------------------


@sound("tap_dance")
def tap_dance(rng: Rng) -> Sound:
    """Tap dancing: metal plates under toe and heel rap a wooden stage in runs and accents."""
    rate, tempo = paced(rng, 3.5, 13)
    seconds = rng.uniform(2, 5)
    board, plate = between(rng, 140, 420), between(rng, 1600, 4500)
    taps = []
    for toe in (True, False) * 3:
        metal = strike(rng, 0.1, plate * rng.uniform(0.8, 1.2) * np.array([1, 1.7, 2.6]), 0.006)
        wood = wooden(rng, board * (1.3 if toe else 0.9), between(rng, 0.01, 0.03), 0.6)
        taps.append(unit(mix(0.2, rng.uniform(0.3, 1) * metal, rng.uniform(0.4, 1) * wood)))
    pattern = rng.random(int(rng.integers(4, 9))) > 0.2
    accents = rng.uniform(0.3, 1, len(pattern)) * pattern
    marks = beats(rng, seconds - 0.1, rate, 0.04, 0.05)
    sizes = accents[np.arange(len(marks)) % len(pattern)]
    track = scatter(rng, seconds, marks, sizes, taps)
    if chance(rng, 0.5):
        flams = marks[sizes > 0.6] - rng.uniform(0.03, 0.06)
        track += 0.4 * scatter(rng, seconds, flams, np.ones(len(flams)), taps)
    echoed = room_tail(rng, track, between(rng, 0.2, 0.9), rng.uniform(0, 0.25))
    return clip(rng, echoed, "crisp", "repeated", "bright", *tempo)


@sound("marching_feet")
def marching_feet(rng: Rng) -> Sound:
    """Marching column: dozens of boots come down together, a little spread, step after step."""
    rate, tempo = paced(rng, 1.2, 3.2)
    seconds = rng.uniform(2.5, 5)
    count, spread = int(between(rng, 6, 80)), between(rng, 0.008, 0.05)
    grit = rng.uniform(0.05, 0.8)
    boots = []
    for _ in range(8):
        thud = thump(rng, 0.2, between(rng, 60, 170), between(rng, 0.015, 0.04))
        heel = strike(rng, 0.06, between(rng, 350, 1300) * np.array([1, 1.7, 2.6]), 0.007)
        sand = unit(bandpass(white(rng, 0.15), 1000, 7000) * hump(0.15, 0.2) ** 2)
        boots.append(mix(0.2, thud, rng.uniform(0.1, 0.7) * heel, grit * sand))
    steps = beats(rng, seconds - 0.1, rate, 0.015, rng.uniform(0.1, 0.3))
    marks = np.repeat(steps, count) + spread * rng.standard_normal(len(steps) * count)
    sizes = np.exp(0.5 * rng.standard_normal(len(marks)))
    left = np.tile([1.0, rng.uniform(0.7, 1)], len(steps))[: len(steps)]
    track = scatter(rng, seconds, marks, sizes * np.repeat(left, count), boots)
    track, swelled = surge(rng, track, 0.2)
    echoed = room_tail(rng, track, between(rng, 0.2, 1.2), rng.uniform(0, 0.3))
    kind: Tags = ("crisp",) if grit > 0.5 else ("dull",)
    return clip(rng, echoed, *kind, *rhythm_tags(steps, tempo), *swelled, ongoing=chance(rng, 0.7))


# --- crowd, whistle, baby --------------------------------------------------------------------


@sound("booing_crowd")
def booing_crowd(rng: Rng) -> Sound:
    """Booing crowd: many low drawn-out oos that sink, over a murmur, with a whistle or two."""
    seconds = rng.uniform(2.5, 5)
    boos = []
    for _ in range(4):
        each, pitch = rng.uniform(0.8, 2.0), between(rng, 95, 330)
        line = scaled([(0, 0.95), (0.2, 1.08), (1, rng.uniform(0.65, 0.95))], pitch)
        size = 1.0 if pitch < 180 else 1.15
        tract: Tract = [(0, vowel("m", size)), (0.1, vowel("u", size)), (1, vowel("u", size))]
        voice = Voice(tilt=rng.uniform(5, 9), breath=0.2, jitter=0.02, rough=rng.uniform(0, 0.4))
        shape: Points = [(0, 0), (0.12, 1), (0.7, 0.8), (1, 0)]
        boos.append(call(rng, each, line, tract, shape, voice))
    count = int(between(rng, 6, 60))
    marks = rng.uniform(-0.3, seconds - 0.4, count).clip(0)
    track = scatter(rng, seconds, marks, gain(-6) * np.exp(0.6 * rng.standard_normal(count)), boos)
    murmur = formants(white(rng, seconds), [(0, vowel("u", 1.05))], width=0.4, fall=5)
    crowd = unit(track) + rng.uniform(0.1, 0.7) * unit(murmur * (1 + 0.3 * drift(rng, seconds, 4)))
    if chance(rng, 0.3):
        pitch = between(rng, 1800, 3200) * (1 + 0.1 * drift(rng, seconds, 3))
        crowd += 0.1 * sine(pitch, seconds) * np.clip(drift(rng, seconds, 2) - 0.2, 0, 1)
    crowd, swelled = surge(rng, crowd, 0.2)
    echoed = room_tail(rng, fade(crowd, 0.1, 0.2), between(rng, 0.3, 1.5), rng.uniform(0.05, 0.4))
    return clip(rng, echoed, "low", "continuous", *swelled, ongoing=chance(rng, 0.6))


@sound("referee_whistle")
def referee_whistle(rng: Rng) -> Sound:
    """Referee's whistle: a piercing tone, chopped by the pea or beating between two chambers."""
    pitch = between(rng, 1900, 4300)
    pea, beat = chance(rng, 0.6), between(rng, 14, 60)
    other = rng.uniform(1.02, 1.12)
    each, size = pick(rng, 0.12, 2.2, "short", "long")

    def blast() -> Array:
        span = each * rng.uniform(0.85, 1.1)
        start: Points = [(0, 0), (0.04, 1), (0.9, 0.9), (1, 0)]
        blown = swell(span, start)
        bend = pitch * (0.94 + 0.06 * blown) * (1 + 0.004 * drift(rng, span, 20))
        chop = sine(beat * (1 + 0.1 * drift(rng, span, 4)), span)
        if pea:
            tone = sine(bend * (1 + 0.012 * chop), span) * (0.65 + 0.35 * chop)
        else:
            tone = sine(bend, span) + rng.uniform(0.6, 1) * sine(bend * other, span)
        tone = tone + 0.1 * sine(2 * bend, span)
        air = level(bandpass(white(rng, span), 0.6 * pitch, 1.7 * pitch))
        return unit((unit(tone) + rng.uniform(0.03, 0.2) * air) * blown)

    track, tags = series(rng, blast, (0.5, 4.5), single=0.4, most=6)
    echoed = room_tail(rng, track, between(rng, 0.2, 1.5), rng.uniform(0, 0.3))
    shaking: Tags = ("trembling",) if pea and each > 0.4 else ()
    return clip(rng, echoed, "high", "bright", *shaking, *size, *tags)


@sound("baby_babble")
def baby_babble(rng: Rng) -> Sound:
    """Baby babbling: ba-ba, da-da and ma-ma on a playful high voice, with long coos between."""
    pitch, size = between(rng, 260, 520), rng.uniform(1.4, 1.7)
    voice = Voice(tilt=rng.uniform(7, 12), breath=rng.uniform(0.05, 0.4), jitter=0.02)
    shut = ["m", "i", "u"][rng.integers(3)]
    rate, tempo = paced(rng, 2.0, 4.5)

    def phrase() -> Array:
        if chance(rng, 0.25):
            line = scaled([(0, 0.9), (0.4, rng.uniform(1.1, 1.7)), (1, 0.85)], pitch)
            tract: Tract = [(0, vowel("u", size)), (0.5, vowel("a", size)), (1, vowel("o", size))]
            return call(rng, rng.uniform(0.5, 1.1), line, tract, ARCH, voice)
        count = int(rng.integers(2, 6))
        mouth = ["a", "ae", "e", "er"][rng.integers(4)]
        seconds = count / rate
        line = scaled([(0, 1.0), (0.3, rng.uniform(0.95, 1.3)), (1, rng.uniform(0.7, 1.2))], pitch)
        steps = np.linspace(0, 1, 4 * count + 1)
        opening = [(s, vowel(shut if i % 4 == 0 else mouth, size)) for i, s in enumerate(steps)]
        sung = call(rng, seconds, line, opening, FLAT, voice)
        close = np.abs(np.sin(np.pi * rate * np.arange(len(sung)) / RATE)) ** rng.uniform(0.6, 1.5)
        return unit(sung * (close if shut != "m" else 0.25 + 0.75 * close))

    parts = [phrase()]
    while sum(map(len, parts)) < 3 * RATE and chance(rng, 0.6):
        parts += [np.zeros(samples(rng.uniform(0.1, 0.5))), phrase()]
    whole = np.concatenate(parts)[: 5 * RATE]
    return clip(rng, whole, *(("high",) if pitch > 380 else ()), "repeated", *tempo)
