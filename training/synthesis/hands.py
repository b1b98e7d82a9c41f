"""Hands and crowds: claps, snaps, applause, cheering."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    between,
    chance,
    click,
    convolve,
    drift,
    fade,
    highpass,
    impulses,
    mix,
    place,
    resonate,
    samples,
    scattered,
    unit,
    white,
)
from training.synthesis.calls import clip, series, surge
from training.synthesis.finish import Tags
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.voice import (
    ARCH,
    Tract,
    Voice,
    call,
    chirp,
    formants,
    hump,
    late,
    room_tail,
    scaled,
    vowel,
)


def _clap(rng: Rng) -> Array:
    """Two palms: a burst with the resonance of the hollow between them, and a first echo."""
    hollow = between(rng, 550, 2000)
    each = 0.09
    snap = white(rng, each) * np.exp(
        -np.arange(samples(each)) / (RATE * between(rng, 0.002, 0.007))
    )
    tone = resonate(snap, [hollow, 2.3 * hollow], [hollow / 3, hollow], [1.5, 0.7])
    echo = np.roll(snap, samples(rng.uniform(0.008, 0.03))) * rng.uniform(0, 0.25)
    return unit(unit(tone) + rng.uniform(0.2, 0.8) * unit(highpass(snap, 900, 1)) + echo)


@sound("clapping_single")
def clapping_single(rng: Rng) -> Sound:
    """One person clapping: a single clap or a steady row."""
    hands = _clap(rng)

    def clap() -> Array:
        return unit(hands + 0.4 * _clap(rng))

    track, tags = series(rng, clap, (1.2, 5), single=0.4)
    echoed = room_tail(rng, track, between(rng, 0.15, 0.8), rng.uniform(0, 0.25))
    return clip(rng, echoed, "crisp", *(("short",) if "single" in tags else ()), *tags)


@sound("applause")
def applause(rng: Rng) -> Sound:
    """Applause: the claps of five to five hundred people, swelling, steady or dying away."""
    seconds, people = rng.uniform(2.5, 5), between(rng, 5, 500)
    track = _claps(rng, seconds, people)
    track, swelled = surge(rng, track, 0.25)
    if not swelled and chance(rng, 0.3):
        size = rng.uniform(0.95, 1.2)
        for mark in rng.uniform(0, seconds - 0.6, rng.integers(1, 4)):
            cheer = rng.uniform(0.2, 0.8) * _cheer(rng, rng.uniform(0.4, 0.9), size)
            track = mix(len(track) / RATE, track, late(0.5 * cheer, mark))
    shape: Tags = swelled or ("steady",)
    return clip(rng, fade(track, 0.1, 0.2), "continuous", *shape, ongoing=chance(rng, 0.6))


def _claps(rng: Rng, seconds: float, people: float) -> Array:
    out = np.zeros(samples(seconds))
    for _ in range(5):
        marks = scattered(rng, seconds, people * rng.uniform(3, 4.5) / 5)
        sizes = np.exp(0.6 * rng.standard_normal(len(marks)))
        out += convolve(impulses(seconds, marks, sizes), _clap(rng))
    return unit(out)


def _cheer(rng: Rng, seconds: float, size: float) -> Array:
    """One voice in a crowd: yeah, woo or hey."""
    first, last = [("i", "ae"), ("u", "u"), ("e", "i"), ("o", "a")][rng.integers(4)]
    pitch = between(rng, 180, 700)
    line = scaled([(0, 0.85), (0.35, 1.2), (1, rng.uniform(0.7, 1.1))], pitch)
    tract: Tract = [(0, vowel(first, size)), (0.4, vowel(last, size)), (1, vowel(last, size))]
    voice = Voice(tilt=rng.uniform(4, 8), breath=0.2, jitter=0.02, rough=rng.uniform(0, 0.5))
    return call(rng, seconds, line, tract, ARCH, voice)


@sound("cheering_crowd")
def cheering_crowd(rng: Rng) -> Sound:
    """Cheering crowd: a roar of many open voices, with single shouts, whistles and claps."""
    seconds = rng.uniform(2.5, 5)
    roar = formants(
        white(rng, seconds) * (1 + 0.3 * drift(rng, seconds, 8)),
        [(at, vowel("a", rng.uniform(0.95, 1.25))) for at in np.linspace(0, 1, 4)],
        width=0.3,
        fall=4,
    )
    parts = [0.35 * unit(roar)]
    voices = [_cheer(rng, rng.uniform(0.5, 1.6), rng.uniform(0.95, 1.3)) for _ in range(5)]
    marks = rng.uniform(0, seconds - 0.5, rng.integers(5, 16))
    sizes = 10 ** (-rng.uniform(3, 18, len(marks)) / 20)
    parts.append(place(seconds, marks, lambda i: sizes[i] * voices[i % 5]))
    if chance(rng, 0.5):
        parts.append(rng.uniform(0.1, 0.5) * _claps(rng, seconds, between(rng, 20, 200)))
    if chance(rng, 0.4):
        each, pitch = rng.uniform(0.3, 0.9), between(rng, 1800, 3200)
        whistle = chirp(each, [(0, pitch * 0.7), (0.4, pitch), (1, pitch * 0.9)], ARCH, 0.1)
        parts.append(rng.uniform(0.1, 0.4) * late(whistle, rng.uniform(0, seconds - each)))
    crowd, swelled = surge(rng, mix(seconds, *parts), 0.25)
    echoed = room_tail(rng, crowd, between(rng, 0.3, 1.5), rng.uniform(0.05, 0.5))
    return clip(rng, echoed, "continuous", *swelled, ongoing=chance(rng, 0.6))


@sound("finger_snap")
def finger_snap(rng: Rng) -> Sound:
    """Snapping fingers: a short rub, then a dry high pop on the palm."""
    pitch, ring = between(rng, 1300, 3600), between(rng, 0.002, 0.007)

    def snap() -> Array:
        rub = 0.04 * bandpass(white(rng, 0.025), 1500, 7000) * hump(0.025, 0.8)
        pop = click(rng, pitch * rng.uniform(0.93, 1.07), ring, rng.uniform(0.2, 0.5))
        return np.concatenate([rub, pop, np.zeros(samples(0.02))])

    track, tags = series(rng, snap, (0.9, 4), single=0.35)
    echoed = room_tail(rng, track, between(rng, 0.1, 0.6), rng.uniform(0, 0.3))
    return clip(rng, echoed, "crisp", "high", *(("short",) if "single" in tags else ()), *tags)
