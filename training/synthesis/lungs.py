"""Breath, and what a stethoscope hears of lungs and heart."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    beats,
    between,
    chance,
    drift,
    fade,
    grain_cloud,
    level,
    lowpass,
    modal,
    place,
    samples,
    shaped_noise,
    sine,
    times,
    unit,
    white,
)
from training.synthesis.calls import clip, paced, pitched, rhythm_tags, series, surge
from training.synthesis.finish import Tags
from training.synthesis.registry import Sound, sound
from training.synthesis.voice import (
    ARCH,
    FALL,
    Points,
    Tract,
    Voice,
    call,
    formants,
    hump,
    scaled,
    source,
    swell,
    tube,
    vowel,
)

# --- breath ----------------------------------------------------------------------------------


def breath_cycle(
    rng: Rng, seconds: float, period: float, inward: float = 0.4, pause: float = 0.1
) -> tuple[Array, Array]:
    """Strength of the breath in and of the breath out over time, each 0..1.

    Args:
        rng: Source of randomness.
        seconds: Length.
        period: Seconds a breath.
        inward: Share of the period spent breathing in.
        pause: Share of the period spent still, after breathing out.
    """
    axis = times(seconds) + rng.uniform(0, period)
    part = (axis / period * (1 + 0.03 * drift(rng, seconds, 0.5))) % 1
    into = np.clip(part / inward, 0, 1)
    out = np.clip((part - inward - 0.04) / (0.96 - inward - pause), 0, 1)
    return np.sin(np.pi * into**0.8) ** 1.3, np.sin(np.pi * out**0.6) ** 1.5


def _throat_air(rng: Rng, seconds: float, freqs: tuple[float, ...], fall: float = 2.0) -> Array:
    return level(formants(white(rng, seconds), [(0.0, freqs)], width=0.35, fall=fall))


def _slow_or_fast(period: float) -> Tags:
    return ("slow",) if period > 3.2 else ("fast",) if period < 1.6 else ()


@sound("breathing")
def breathing(rng: Rng) -> Sound:
    """Breathing through nose or mouth: brighter air in, darker air out."""
    seconds, period = rng.uniform(2.5, 5), between(rng, 1.3, 4.5)
    into, out = breath_cycle(rng, seconds, period, rng.uniform(0.35, 0.5), rng.uniform(0.05, 0.2))
    nose = rng.uniform(0.7, 1.4)
    bright = _throat_air(rng, seconds, (900 * nose, 2200 * nose, 4200, 6500), rng.uniform(0, 3))
    dark = _throat_air(rng, seconds, (500 * nose, 1500 * nose, 3000, 5000), rng.uniform(2, 6))
    air = rng.uniform(0.4, 1) * bright * into + rng.uniform(0.4, 1) * dark * out
    return clip(rng, fade(air, 0.05, 0.05), "soft", *_slow_or_fast(period), hush=True, ongoing=True)


@sound("panting")
def panting(rng: Rng) -> Sound:
    """Panting of a runner or a dog: quick short breaths in and out."""
    rate, tempo = paced(rng, 1.6, 5.5)
    seconds = rng.uniform(1.5, 5)
    into, out = breath_cycle(rng, seconds, 1 / rate, 0.45, 0.04)
    size = rng.uniform(0.8, 1.4)
    breath_in = _throat_air(rng, seconds, (1000 * size, 2600 * size, 4800, 7000), 1)
    breath_out = _throat_air(rng, seconds, (700 * size, 1500 * size, 2900, 4400), 3)
    air = rng.uniform(0.3, 1) * breath_in * into + breath_out * out
    voiced = chance(rng, 0.3)
    if voiced:
        hoarse = Voice(tilt=8, breath=1.0, jitter=0.03)
        pitch = between(rng, 130, 320) * (1 + 0.15 * out)
        air += (
            rng.uniform(0.1, 0.4) * formants(source(rng, pitch, hoarse), [(0, vowel("er"))]) * out
        )
    whole, swelled = surge(rng, fade(air, 0.05, 0.05), 0.15)
    return clip(rng, whole, "repeated", "regular", *tempo, *swelled, ongoing=True)


@sound("sigh")
def sigh(rng: Rng) -> Sound:
    """Sighing: a deep breath let go at once, airy or half voiced, sinking."""
    out = rng.uniform(0.7, 2.2)
    size = rng.uniform(0.95, 1.25)
    tract: Tract = [(0.0, vowel("a", size)), (1.0, vowel("er", size * 0.9))]
    shape: Points = [(0, 0), (0.12, 1), (0.4, 0.6), (1, 0)]
    pitch = between(rng, 95, 300)
    voice = Voice(tilt=12, breath=rng.uniform(0.6, 6), jitter=0.015)
    let_go = call(rng, out, [(0, pitch * 1.2), (1, pitch * 0.65)], tract, shape, voice)
    if chance(rng, 0.6):
        each = rng.uniform(0.4, 1.1)
        drawn = _throat_air(rng, each, (1000, 2400, 4300, 6500)) * hump(each, 0.7)
        gap = np.zeros(samples(rng.uniform(0.03, 0.2)))
        let_go = np.concatenate([rng.uniform(0.1, 0.4) * unit(drawn), gap, let_go])
    return clip(rng, let_go, "soft", "single", "falling", hush=True)


@sound("yawn")
def yawn(rng: Rng) -> Sound:
    """Yawning: a long wide breath in, then a voiced ah that sinks while the mouth closes."""
    into, out = rng.uniform(0.7, 1.9), rng.uniform(0.8, 2.4)
    size = rng.uniform(0.9, 1.2)
    drawn = formants(white(rng, into), [(0, vowel("er", size)), (1, vowel("a", size))], 0.3, 2)
    pitch, tone = pitched(rng, 95, 400)
    tract: Tract = [(0, vowel("a", size)), (0.5, vowel("o", size)), (1, vowel("u", size))]
    voice = Voice(tilt=rng.uniform(8, 13), breath=rng.uniform(0.2, 1.2), jitter=0.02)
    line = scaled([(0, 0.9), (0.15, 1.15), (0.6, 0.85), (1, 0.55)], pitch)
    voiced = call(rng, out, line, tract, ARCH, voice)
    inward = rng.uniform(0.1, 0.4) * unit(drawn * hump(into, 0.7))
    return clip(rng, np.concatenate([inward, voiced]), "falling", "single", *tone)


@sound("sniff")
def sniff(rng: Rng) -> Sound:
    """Sniffing: air drawn in sharply through a narrow, perhaps wet nose."""
    each, size = rng.uniform(0.12, 0.5), rng.uniform(0.8, 1.3)
    wet = rng.uniform(0, 0.6) * chance(rng, 0.5)

    def one() -> Array:
        tract = [
            (0.0, (900 * size, 2200 * size, 4000, 6500)),
            (1.0, (1300 * size, 2900 * size, 5000, 8000)),
        ]
        air = formants(white(rng, each), tract, 0.3, rng.uniform(-1, 2))
        bubbles = 1 - wet + wet * (1 + drift(rng, each, 60))
        return unit(air * bubbles * hump(each, rng.uniform(0.5, 0.8)))

    track, tags = series(rng, one, (0.7, 3), single=0.3, most=6)
    return clip(rng, track, *(("short",) if "single" in tags else ()), *tags, hush=True)


@sound("snoring")
def snoring(rng: Rng) -> Sound:
    """Snoring: the palate flutters 25 to 90 times a second breathing in, then air goes out."""
    seconds, period = rng.uniform(3, 5), between(rng, 2.2, 4.8)
    into, out = breath_cycle(rng, seconds, period, rng.uniform(0.38, 0.5), 0.12)
    pitch = between(rng, 25, 95) * (0.8 + 0.4 * into + 0.08 * drift(rng, seconds, 4))
    voice = Voice(
        tilt=rng.uniform(0, 5), breath=rng.uniform(0.2, 0.8), jitter=0.08, rough=rng.uniform(0.4, 1)
    )
    size = rng.uniform(0.7, 1.2)
    flutter = formants(source(rng, pitch, voice), [(0.0, tuple(np.array(tube(17)) * size))], 0.25)
    air = _throat_air(rng, seconds, (600, 1600, 3200), 4)
    puff = air * out * rng.uniform(0.05, 0.6)
    if chance(rng, 0.25):
        whistle = sine(between(rng, 700, 1600) * (1 + 0.03 * drift(rng, seconds, 3)), seconds)
        puff += 0.2 * whistle * out**2
    return clip(
        rng, level(flutter) * into**1.5 + puff, "low", "harsh", *_slow_or_fast(period), ongoing=True
    )


# --- through the stethoscope -----------------------------------------------------------------


def _chest(rng: Rng, seconds: float) -> Array:
    """What a chest piece hears besides: rubbing and faint rumble."""
    return shaped_noise(rng, seconds, [20, 80, 400, 3000], [0, -4, -25, -60])


@sound("wheezing")
def wheezing(rng: Rng) -> Sound:
    """Wheezing lungs: one or several whistling tones of 150 to 1000 Hz that follow the breath."""
    seconds, period = rng.uniform(2.5, 5), between(rng, 1.4, 4.2)
    into, out = breath_cycle(rng, seconds, period, rng.uniform(0.35, 0.5), 0.08)
    pitch, tone = pitched(rng, 160, 950)
    both = chance(rng, 0.35)
    strength = out + rng.uniform(0.3, 1) * into * both
    wheeze = np.zeros(samples(seconds))
    for ratio in [1.0, *rng.uniform(1.2, 2.4, rng.integers(0, 3))]:
        bend = 1 + 0.12 * (strength - 0.5) + 0.03 * drift(rng, seconds, 5)
        turn = np.cumsum(pitch * ratio * bend) * (2 * np.pi / 32_000)
        wheeze += rng.uniform(0.3, 1) * (np.sin(turn) + rng.uniform(0, 0.4) * np.sin(2 * turn))
    wheeze *= strength**1.5 * (1 + 0.25 * drift(rng, seconds, 20))
    air = _throat_air(rng, seconds, (350, 900, 2000), 5) * (into + out)
    whole = unit(wheeze) + rng.uniform(0.05, 0.4) * unit(air)
    if chance(rng, 0.6):
        whole = lowpass(whole, between(rng, 1000, 3000))
    return clip(rng, whole, *tone, *_slow_or_fast(period), hush=True, ongoing=True)


@sound("crackles_lung")
def crackles_lung(rng: Rng) -> Sound:
    """Lung crackles: fine or coarse damped clicks late in each breath in, over breath noise."""
    seconds, period = rng.uniform(3, 5), between(rng, 1.8, 4.0)
    into, out = breath_cycle(rng, seconds, period, 0.45, 0.15)
    fine = chance(rng, 0.5)
    freqs, ring = ((500.0, 1100.0), (0.0008, 0.002)) if fine else ((180.0, 450.0), (0.002, 0.006))
    rate = between(rng, 20, 90) if fine else between(rng, 8, 35)
    late = into**2 + 0.05 * out * (not fine)
    crackles = grain_cloud(rng, seconds, rate, freqs, ring, 8, late, 0.6)
    air = bandpass(white(rng, seconds), 100, between(rng, 350, 800), 2) * (into + 0.5 * out)
    whole = unit(crackles) + rng.uniform(0.05, 0.35) * unit(air) + 0.05 * _chest(rng, seconds)
    if chance(rng, 0.35):
        whole += 0.2 * _heart(rng, seconds, between(rng, 1.0, 1.7))[0]
    kind: Tags = ("crisp",) if fine else ("dull", "low")
    return clip(rng, lowpass(whole, 2200), *kind, "irregular", "repeated", hush=True, ongoing=True)


@sound("bronchial_breath")
def bronchial_breath(rng: Rng) -> Sound:
    """Bronchial breath sounds: loud hollow tubular air, a gap between in and out, out longer."""
    seconds, period = rng.uniform(3, 5), between(rng, 1.8, 4.2)
    axis = (times(seconds) / period + rng.random()) % 1
    into = np.sin(np.pi * np.clip(axis / 0.36, 0, 1)) ** 0.8
    out = np.sin(np.pi * np.clip((axis - 0.45) / 0.47, 0, 1)) ** 0.8
    pipe = between(rng, 280, 520)
    tubes = (pipe, 2.2 * pipe, 3.7 * pipe)
    high = _throat_air(rng, seconds, tubes, 1)
    low = _throat_air(rng, seconds, tuple(0.85 * f for f in tubes), 2)
    whole = high * into * rng.uniform(0.6, 0.9) + low * out + 0.05 * _chest(rng, seconds)
    whole = lowpass(whole, between(rng, 1600, 3500))
    return clip(
        rng,
        whole,
        "harsh",
        "intermittent",
        "repeated",
        *_slow_or_fast(period),
        hush=True,
        ongoing=True,
    )


def _heart(rng: Rng, seconds: float, rate: float) -> tuple[Array, Array, float]:
    """Lub-dub track, times of the first sounds, and the time from first to second sound."""
    first, second = between(rng, 38, 80), between(rng, 60, 130)
    systole = 0.32 * (1 / rate) ** 0.35
    spread = float(rng.choice([0.01, 0.03, 0.3], p=[0.4, 0.4, 0.2]))
    marks = beats(rng, seconds, rate, spread, rng.uniform(0, 0.4))
    steps = first * np.array([1, 1.6, 2.5, 4.0])
    lub = modal(0.25, steps, [0.035, 0.025, 0.015, 0.008], [1, 0.8, 0.5, 0.3], rng)
    dub = modal(0.2, second * np.array([1, 1.5, 2.3]), [0.022, 0.018, 0.01], [1, 0.6, 0.3], rng)
    lub, dub = unit(fade(lub, 0.012, 0.05)), rng.uniform(0.4, 0.9) * unit(fade(dub, 0.008, 0.05))
    sizes = rng.uniform(0.85, 1, len(marks))
    track = place(seconds, marks, lambda i: lub * sizes[i])
    return (
        track + place(seconds, marks + systole, lambda i: dub * sizes[i % len(sizes)]),
        marks,
        systole,
    )


def _pulse_tags(rate: float, marks: Array) -> Tags:
    rhythm = rhythm_tags(marks)
    return (*(("slow",) if rate < 1.05 else ("fast",) if rate > 1.7 else ()), *rhythm)


@sound("heartbeat")
def heartbeat(rng: Rng) -> Sound:
    """Heart: low lub and shorter higher dub, 45 to 170 beats a minute."""
    seconds, rate = rng.uniform(2.5, 5), between(rng, 0.75, 2.8)
    track, marks, _ = _heart(rng, seconds, rate)
    whole = track + between(rng, 0.003, 0.06) * _chest(rng, seconds)
    return clip(
        rng,
        lowpass(whole, between(rng, 150, 700)),
        "low",
        "dull",
        *_pulse_tags(rate, marks),
        ongoing=True,
    )


@sound("heart_murmur")
def heart_murmur(rng: Rng) -> Sound:
    """Heart with a leaking or narrow valve: lub-dub with a rush of noise between or after."""
    seconds, rate = rng.uniform(2.5, 5), between(rng, 0.85, 2.2)
    track, marks, systole = _heart(rng, seconds, rate)
    low, top = between(rng, 70, 200), between(rng, 280, 750)
    systolic = chance(rng, 0.65)
    each = systole * 0.95 if systolic else max(0.12, 0.8 * (1 / rate - systole))
    shapes = [hump(each, 0.5), swell(each, [(0, 0), (0.1, 1), (0.9, 1), (1, 0)])]
    shape = shapes[rng.integers(2)] if systolic else swell(each, FALL)
    rushes = [level(bandpass(white(rng, each), low, top, 2)) * shape for _ in range(4)]
    start = 0.03 if systolic else systole + 0.03
    murmur = place(seconds, marks + start, lambda i: rushes[i % 4])
    whole = track + rng.uniform(0.12, 0.5) * murmur + 0.02 * _chest(rng, seconds)
    return clip(rng, lowpass(whole, 1000), "low", *_pulse_tags(rate, marks), ongoing=True)
