"""Sounds of the stomach, the mouth and the teeth."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    between,
    chance,
    click,
    drift,
    fade,
    grain_cloud,
    level,
    lowpass,
    mix,
    place,
    samples,
    scattered,
    sine,
    unit,
    white,
)
from training.synthesis.calls import clip, paced, pitched, series
from training.synthesis.finish import Tags
from training.synthesis.registry import Sound, sound
from training.synthesis.voice import (
    ARCH,
    Points,
    Tract,
    Voice,
    call,
    chirp,
    formants,
    hump,
    scaled,
    source,
    swell,
    vowel,
)


def bubbles(
    rng: Rng, seconds: float, rate: float, low: float, high: float, density: Array | None = None
) -> Array:
    """Gas bubbles in a liquid: damped tones that slide up; peak 1."""
    marks = scattered(rng, seconds, rate)
    kinds = []
    for _ in range(10):
        each, pitch = rng.uniform(0.02, 0.09), between(rng, low, high)
        line: Points = [(0, pitch), (1, pitch * rng.uniform(1.1, 1.9))]
        kinds.append(chirp(each, line, [(0, 0), (0.08, 1), (1, 0)], 0.1))
    order = rng.integers(0, 10, len(marks))
    sizes = np.exp(0.6 * rng.standard_normal(len(marks)))
    if density is not None and len(marks):
        sizes *= density[np.minimum((marks * 32_000).astype(int), len(density) - 1)]
    return unit(place(seconds, marks, lambda i: kinds[order[i]] * sizes[i]))


@sound("stomach_rumble")
def stomach_rumble(rng: Rng) -> Sound:
    """Stomach rumbling: gas pushed through the gut, a wandering low growl with bubbles."""
    seconds = rng.uniform(0.6, 3.5)
    pitch = between(rng, 45, 140) * np.exp(0.5 * drift(rng, seconds, 2.5))
    voice = Voice(tilt=rng.uniform(4, 8), breath=0.3, jitter=0.1, rough=0.9)
    belly = [(0.0, (140, 320, 620)), (0.5, (220, 420, 800)), (1.0, (150, 300, 700))]
    growl = formants(source(rng, pitch, voice), belly) * np.clip(0.4 + drift(rng, seconds, 4), 0, 1)
    wet = bubbles(rng, seconds, between(rng, 6, 25), 120, 500, hump(seconds))
    whole = (unit(growl) + rng.uniform(0.2, 0.8) * wet) * swell(seconds, ARCH)
    return clip(rng, lowpass(whole, 1500), "low", "irregular", "dull", hush=True)


@sound("burp")
def burp(rng: Rng) -> Sound:
    """Burp: the gullet flaps 30 to 120 times a second behind an open mouth, sinking."""
    each = between(rng, 0.15, 1.8)
    pitch = between(rng, 40, 125)
    voice = Voice(tilt=rng.uniform(2, 5), breath=0.3, jitter=0.1, rough=rng.uniform(0.5, 1))
    mouth = ["a", "o", "ae", "er"][rng.integers(4)]
    tract: Tract = [(0.0, vowel("er")), (0.3, vowel(mouth)), (1.0, vowel("o"))]
    line = scaled([(0, 1.1), (0.3, 1.2), (1, 0.6)], pitch)
    one = call(rng, each, line, tract, [(0, 0), (0.05, 1), (0.6, 0.8), (1, 0)], voice)
    size: Tags = ("long",) if each > 1 else ("short",) if each < 0.4 else ()
    return clip(rng, one, "low", "harsh", "single", "falling", *size)


@sound("swallow_gulp")
def swallow_gulp(rng: Rng) -> Sound:
    """Swallowing: a soft click of the throat and a low glug that slides, once or drinking."""
    pitch = between(rng, 140, 480)

    def gulp() -> Array:
        each = rng.uniform(0.08, 0.2)
        up = rng.choice([0.6, 1.7])
        line: Points = [(0, pitch), (1, pitch * up)]
        glug = chirp(each, line, [(0, 0), (0.1, 1), (1, 0)], 0.3) * rng.uniform(0.7, 1)
        tick = click(rng, between(rng, 700, 1800), 0.003, 0.5)
        wet = 0.2 * unit(bandpass(white(rng, each), 200, 1800) * hump(each, 0.3))
        return mix(
            each + 0.08, glug + wet, rng.uniform(0.2, 0.8) * np.pad(tick, (samples(0.04), 0))
        )

    track, tags = series(rng, gulp, (0.7, 2.2), single=0.25, most=8)
    return clip(rng, track, "low", *tags, hush=True)


@sound("chewing_crunch")
def chewing_crunch(rng: Rng) -> Sound:
    """Chewing something crisp: each bite a burst of snaps that gets softer, or wet smacking."""
    crisp = chance(rng, 0.75)
    grain = (900.0, 6500.0) if crisp else (400.0, 2500.0)
    rate = between(rng, 150, 900)

    def bite() -> Array:
        each = rng.uniform(0.1, 0.3)
        shape = swell(each, [(0, 0), (0.1, 1), (0.5, 0.35), (1, 0)])
        cracks = grain_cloud(rng, each, rate, grain, (0.0003, 0.003), 6, shape, 1.0) * shape
        smack = unit(bandpass(white(rng, each), 500, 3000) * hump(each, 0.7) ** 3)
        return unit(cracks) + (0.1 if crisp else 0.7) * smack

    track, tags = series(rng, bite, (1.0, 2.6), single=0.05)
    return clip(rng, track, "crisp" if crisp else "soft", *tags, hush=not crisp)


@sound("slurp")
def slurp(rng: Rng) -> Sound:
    """Slurping soup or noodles: air and liquid sucked in through rounded lips, rising."""
    each, up = between(rng, 0.3, 1.5), chance(rng, 0.7)
    start = between(rng, 600, 1400)
    end = start * rng.uniform(1.4, 2.6) if up else start * rng.uniform(0.8, 1.1)

    def suck() -> Array:
        tract = [(0.0, (start, 2.4 * start, 5200)), (1.0, (end, 2.2 * end, 6200))]
        air = formants(white(rng, each), tract, 0.2, 2)
        flap = np.clip(0.5 + 0.9 * drift(rng, each, between(rng, 25, 70)), 0, 1)
        wet = bubbles(rng, each, 60, 400, 1600)
        return unit((unit(air * flap) + 0.4 * wet) * hump(each, rng.uniform(0.4, 0.8)))

    track, tags = series(rng, suck, (0.4, 1.2), single=0.5, most=4)
    return clip(rng, track, *(("rising",) if up else ()), *tags)


@sound("gargling")
def gargling(rng: Rng) -> Sound:
    """Gargling: a held ah broken up by bubbles at the back of the throat."""
    seconds = rng.uniform(1.2, 5)
    pitch, tone = pitched(rng, 95, 320)
    bend = pitch * (1 + 0.1 * drift(rng, seconds, 2))
    throat = formants(source(rng, bend, Voice(tilt=8, breath=0.4, jitter=0.03)), [(0, vowel("a"))])
    flaps = np.clip(0.45 + 0.9 * drift(rng, seconds, between(rng, 18, 40)), 0.03, 1)
    wet = bubbles(rng, seconds, between(rng, 40, 110), 300, 1500)
    whole = unit(throat * flaps) + rng.uniform(0.3, 1.2) * wet
    return clip(
        rng, whole * swell(seconds, [(0, 0), (0.05, 1), (0.9, 1), (1, 0)]), *tone, "trembling"
    )


@sound("teeth_brushing")
def teeth_brushing(rng: Rng) -> Sound:
    """Brushing teeth: bristles back and forth in a mouth whose shape changes slowly."""
    seconds = rng.uniform(2, 5)
    rate, tempo = paced(rng, 2.5, 7)
    turn = rate * (1 + 0.08 * drift(rng, seconds, 1))
    stroke = sine(turn, seconds)
    forth, back = np.clip(stroke, 0, 1) ** 0.6, np.clip(-stroke, 0, 1) ** 0.6
    mouths = [
        (t, np.exp(rng.normal(0, 0.25)) * np.array([900, 2100, 4200])) for t in np.linspace(0, 1, 4)
    ]
    bright = bandpass(white(rng, seconds), between(rng, 1800, 3500), between(rng, 7000, 12_000))
    dark = bandpass(white(rng, seconds), between(rng, 1200, 2500), between(rng, 5000, 9000))
    scrub = unit(level(bright) * forth + rng.uniform(0.5, 1) * level(dark) * back)
    whole = scrub + rng.uniform(0.3, 1.2) * unit(formants(scrub, mouths))
    return clip(rng, whole, "repeated", "regular", *tempo, ongoing=True)


@sound("teeth_brushing")
def electric_toothbrush(rng: Rng) -> Sound:
    """Electric toothbrush: a steady buzz of 90 to 300 Hz with bristle noise, moved about."""
    seconds = rng.uniform(2, 5)
    pitch = between(rng, 90, 300) * (1 + 0.015 * drift(rng, seconds, 3))
    buzz = source(
        rng, pitch, Voice(tilt=rng.uniform(2, 6), breath=rng.uniform(0.1, 0.8), jitter=0.003)
    )
    mouths = [
        (t, np.exp(rng.normal(0, 0.3)) * np.array([700, 1900, 3800])) for t in np.linspace(0, 1, 5)
    ]
    whole = fade(unit(formants(buzz, mouths)) + 0.3 * unit(buzz), 0.03, 0.03)
    return clip(
        rng, whole * (1 + 0.3 * drift(rng, seconds, 3)), "continuous", "trembling", ongoing=True
    )


@sound("kiss")
def kiss(rng: Rng) -> Sound:
    """Kiss: lips suck inwards, a chirp that climbs, and let go with a smack."""
    start = between(rng, 700, 1800)

    def one() -> Array:
        each = rng.uniform(0.05, 0.22)
        end = start * rng.uniform(1.5, 2.8)
        suck = formants(white(rng, each), [(0, (start, 3 * start)), (1, (end, 2 * end))], 0.08, 6)
        smack = click(rng, end, rng.uniform(0.002, 0.006), rng.uniform(0.2, 0.6))
        swelling = unit(suck * swell(each, [(0, 0), (0.85, 1), (1, 0.6)]))
        return np.concatenate([rng.uniform(0.2, 0.8) * swelling, smack])

    track, tags = series(rng, one, (1, 4), single=0.5, most=6)
    return clip(rng, track, "short", "rising", *tags, hush=True)
