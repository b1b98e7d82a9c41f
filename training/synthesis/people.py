"""People without words: laughing, coughing, humming, crying, whispering.

Body, lungs, hands and footsteps have modules of their own.
"""

import numpy as np

from training.synthesis import body, footsteps, hands, lungs  # noqa: F401 - their generators register
from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    between,
    chance,
    click,
    drift,
    fade,
    gain,
    level,
    mix,
    noise_tone,
    place,
    samples,
    unit,
    white,
)
from training.synthesis.calls import clip, paced, pitched, series
from training.synthesis.finish import Tags
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.voice import (
    ARCH,
    FALL,
    FLAT,
    VOWELS,
    Points,
    Tract,
    Voice,
    call,
    formants,
    glide,
    hump,
    room_tail,
    scaled,
    source,
    swell,
    vowel,
)

# --- laughing --------------------------------------------------------------------------------


def _laugh(rng: Rng, pitch: float, rate: float, size: float, mouth: str, voice: Voice) -> Array:
    """A bout of laughing: each syllable a puff of breath, then voice; sinking and dying away."""
    count = int(rng.integers(3, max(5, int(3.2 * rate))))
    seconds = count / rate
    slowing = 1 + rng.uniform(-0.08, 0.2) * np.arange(count) / count
    starts = (np.arange(count) + 0.09 * rng.standard_normal(count)).clip(0) / rate * slowing
    loud = np.interp(np.arange(count), [0, count * 0.25, count], [0.6, 1, rng.uniform(0.2, 0.6)])
    loud = loud * np.exp(0.25 * rng.standard_normal(count))
    voiced_part, puff_part = hump(0.62 / rate, 0.35), hump(0.5 / rate, 0.4)
    beats = place(seconds, starts + 0.22 / rate, lambda i: loud[i] * voiced_part)
    puffs = place(seconds, starts, lambda i: loud[i] * puff_part)
    bow = place(seconds, starts + 0.2 / rate, lambda i: hump(0.7 / rate, 0.4))
    line = glide(seconds, [(0, pitch), (0.25, pitch * rng.uniform(1.05, 1.35)), (1, pitch * 0.75)])
    line = line * (0.88 + 0.2 * bow) * (1 + 0.08 * drift(rng, seconds, rate))
    tone = source(rng, line, voice) * beats
    air = rng.uniform(0.15, 0.7) * white(rng, seconds) * puffs
    tract = [(0.0, vowel(mouth, size)), (1.0, vowel("er", size))]
    return unit(formants(tone + air, tract))


def _gasp(rng: Rng, size: float, pitch: float) -> Array:
    """A breath drawn in between two bouts, sometimes with a squeak."""
    each = rng.uniform(0.18, 0.45)
    voice = Voice(tilt=12, breath=rng.uniform(0.8, 8))
    return call(rng, each, [(0, pitch), (1, pitch * 1.4)], [(0, vowel("er", size))], ARCH, voice)


def _bouts(rng: Rng, pitch: float, rate: float, size: float, mouth: str, voice: Voice) -> Array:
    parts = [_laugh(rng, pitch, rate, size, mouth, voice)]
    while chance(rng, 0.6) and sum(map(len, parts)) < 3.2 * RATE:
        again = _laugh(rng, pitch * rng.uniform(0.8, 1.2), rate, size, mouth, voice)
        inhaled = rng.uniform(0.1, 0.5) * _gasp(rng, size, pitch * 1.3)
        parts += [inhaled, np.zeros(samples(0.04)), rng.uniform(0.5, 1) * again]
    return np.concatenate(parts)


@sound("laughter")
def laughter(rng: Rng) -> Sound:
    """Grown-ups laughing: rows of ha-ha or ho-ho at 4 to 6 a second, one person or several."""
    pitch, tone = pitched(rng, 120, 420)
    size = 1.0 if pitch < 200 else 1.16
    mouth = ["a", "ae", "er", "o"][rng.integers(4)]
    voice = Voice(tilt=rng.uniform(6, 10), breath=rng.uniform(0.1, 0.6), jitter=0.02)
    rate, tempo = paced(rng, 3.6, 6)
    whole = _bouts(rng, pitch, rate, size, mouth, voice)
    if chance(rng, 0.3):
        other = _bouts(rng, between(rng, 130, 400), between(rng, 3.6, 6), 1.1, "a", voice)
        quieter = gain(-rng.uniform(0, 10)) * other
        whole, tone = mix(max(len(whole), len(other)) / RATE, whole, quieter), ()
    return clip(rng, whole, "repeated", *tone, *tempo)


@sound("giggle")
def giggle(rng: Rng) -> Sound:
    """Giggling: quick light high syllables, more breath than voice."""
    pitch = between(rng, 320, 720)
    voice = Voice(tilt=rng.uniform(9, 14), breath=rng.uniform(0.3, 1.2), jitter=0.02)
    mouth = ["i", "e", "er"][rng.integers(3)]
    whole = _bouts(rng, pitch, between(rng, 5.5, 8.5), rng.uniform(1.12, 1.4), mouth, voice)
    return clip(rng, whole, "high", "fast", "repeated", hush=chance(rng, 0.5))


@sound("baby_laugh")
def baby_laugh(rng: Rng) -> Sound:
    """Baby laughing: bright belly laughs, squeals of delight and loud breaths in."""
    pitch = between(rng, 300, 560)
    size = rng.uniform(1.45, 1.7)
    voice = Voice(tilt=rng.uniform(6, 10), breath=rng.uniform(0.1, 0.4), jitter=0.03)
    whole = _bouts(rng, pitch, between(rng, 2.8, 5), size, ["a", "ae", "e"][rng.integers(3)], voice)
    if chance(rng, 0.4):
        line = scaled([(0, 1.2), (0.4, 2.2), (1, 1.5)], pitch)
        squeal = call(rng, rng.uniform(0.3, 0.8), line, [(0, vowel("ae", size))], ARCH, voice)
        gap = np.zeros(samples(rng.uniform(0.05, 0.3)))
        parts = [whole, gap, 0.8 * squeal] if chance(rng, 0.5) else [0.8 * squeal, gap, whole]
        whole = np.concatenate(parts)
    return clip(rng, whole, "high", "repeated")


# --- coughing, sneezing ----------------------------------------------------------------------


@sound("cough")
def cough(rng: Rng) -> Sound:
    """Cough: an explosive burst, a rush of air and a short hoarse voice; dry or wet, in fits."""
    size, pitch = rng.uniform(0.9, 1.4), between(rng, 110, 420)
    each = rng.uniform(0.22, 0.5)
    wet = chance(rng, 0.35)
    voiced = rng.uniform(0.0, 1.0)

    def one() -> Array:
        tract: Tract = [(0.0, vowel("a", size)), (0.4, vowel("er", size)), (1.0, vowel("er", size))]
        burst = [(0, 0), (0.03, 1), (0.12, 0.55), (0.55, 0.2), (0.75, 0.15), (1, 0)]
        air = white(rng, each) * swell(each, burst)
        if wet:
            air *= np.clip(0.5 + 1.2 * drift(rng, each, 50), 0.1, 1.5)
        voice = Voice(tilt=5, breath=0.6, jitter=0.05, rough=rng.uniform(0.3, 1))
        line = glide(each, [(0, pitch * 1.3), (0.4, pitch), (1, pitch * 0.7)])
        tone = source(rng, line, voice)
        tone *= swell(each, [(0, 0), (0.05, 0.5), (0.3, 0.15), (0.65, 0.5), (1, 0)])
        return unit(formants(air + voiced * tone, tract, width=0.2, fall=2))

    track, tags = series(rng, one, (1.3, 3.2), single=0.25, most=7)
    return clip(rng, track, "harsh", *(("short",) if "single" in tags else ()), *tags)


@sound("sneeze")
def sneeze(rng: Rng) -> Sound:
    """Sneeze: one or two catching breaths, then a blast through teeth and nose."""
    size, pitch = rng.uniform(0.95, 1.4), between(rng, 140, 480)
    parts = []
    for _ in range(rng.integers(0, 3)):
        each = rng.uniform(0.2, 0.6)
        voice = Voice(tilt=11, breath=rng.uniform(0.5, 3))
        up = scaled([(0, 0.9), (1, rng.uniform(1.1, 1.6))], pitch)
        caught = call(rng, each, up, [(0, vowel("er", size)), (1, vowel("a", size))], ARCH, voice)
        parts += [rng.uniform(0.1, 0.5) * caught, np.zeros(samples(rng.uniform(0.02, 0.2)))]
    each = rng.uniform(0.22, 0.6)
    teeth = between(rng, 2200, 5000)
    hiss = level(bandpass(white(rng, each), teeth * 0.6, teeth * 2))
    blast = hiss * swell(each, [(0, 0), (0.03, 1), (0.25, 0.6), (0.5, 0.15), (1, 0)])
    voice = Voice(tilt=6, breath=0.5, rough=rng.uniform(0, 0.6))
    fallen = scaled([(0, 1.6), (0.3, 1.4), (1, 0.7)], pitch)
    tract: Tract = [(0, vowel("i", size)), (0.4, vowel("u", size)), (1, vowel("er", size))]
    shout = call(rng, each, fallen, tract, [(0, 0), (0.05, 0.6), (0.4, 1), (1, 0)], voice)
    parts.append(1.3 * unit(unit(blast) + rng.uniform(0.05, 1) * shout))
    return clip(rng, np.concatenate(parts), "single", "harsh")


def _achoo(rng: Rng, size: float, pitch: float) -> Array:
    """A sneeze with the mouth open: a short cry, then the burst of breath that cuts it off."""
    start, end = between(rng, 0.06, 0.3), between(rng, 0.12, 0.5)
    voice = Voice(tilt=rng.uniform(4, 9), breath=0.4, jitter=0.03, rough=rng.uniform(0, 0.6))
    opened = ["a", "ae", "e"][rng.integers(3)]
    rise = scaled([(0, 0.9), (0.7, 1.3), (1, 1.2)], pitch)
    cry = call(rng, start, rise, [(0, vowel("er", size)), (0.5, vowel(opened, size))], FLAT, voice)
    tract: Tract = [(0, vowel("i", size)), (0.3, vowel("e", size)), (1, vowel("u", size))]
    fallen = call(rng, end, scaled([(0, 1.4), (1, 0.6)], pitch), tract, FALL, voice)
    teeth = bandpass(white(rng, end), between(rng, 900, 2500), between(rng, 4000, 10000))
    blast = unit(teeth) * swell(end, [(0, 0), (0.06, 1), (0.35, 0.5), (0.7, 0.1), (1, 0)])
    burst = unit(rng.uniform(0.4, 1) * blast + rng.uniform(0.1, 1) * fallen)
    return np.concatenate([rng.uniform(0.1, 0.8) * cry, burst])


@sound("sneeze")
def sneeze_aloud(rng: Rng) -> Sound:
    """Sneezing aloud in a room: air drawn in or not, one sneeze or two."""
    size, pitch = rng.uniform(0.95, 1.4), between(rng, 110, 450)
    parts = []
    if chance(rng, 0.5):
        each = rng.uniform(0.2, 0.8)
        gasp = formants(white(rng, each), [(0, vowel("er", size)), (1, vowel("a", size))])
        pause = np.zeros(samples(rng.uniform(0.02, 0.4)))
        parts += [between(rng, 0.02, 0.3) * unit(gasp * hump(each, 0.7)), pause]
    parts.append(_achoo(rng, size, pitch))
    twice = chance(rng, 0.25)
    if twice:
        parts += [np.zeros(samples(rng.uniform(0.4, 1.5))), _achoo(rng, size, pitch)]
    whole = room_tail(rng, np.concatenate(parts), rng.uniform(0.1, 0.6), rng.uniform(0.02, 0.3))
    return clip(rng, whole, "repeated" if twice else "single", "harsh")


@sound("throat_clearing")
def throat_clearing(rng: Rng) -> Sound:
    """Clearing the throat: one to three hoarse grating bursts, the mouth nearly closed."""
    pitch, size = between(rng, 75, 230), rng.uniform(0.95, 1.2)

    def grate() -> Array:
        voice = Voice(
            tilt=rng.uniform(3, 7),
            breath=rng.uniform(0.4, 1.5),
            jitter=0.08,
            rough=rng.uniform(0.6, 1),
        )
        line = scaled([(0, 0.9), (0.3, 1.1), (1, 0.85)], pitch)
        tract: Tract = [(0, vowel("a", size)), (0.5, vowel("er", size)), (1, vowel("m", size))]
        return call(rng, rng.uniform(0.18, 0.55), line, tract, ARCH, voice)

    track, tags = series(rng, grate, (1.2, 3), single=0.3, most=3)
    return clip(rng, track, "harsh", *(("low",) if pitch < 150 else ()), *tags)


@sound("hiccup")
def hiccup(rng: Rng) -> Sound:
    """Hiccup: a jerk of the diaphragm sucks a squeak in that the glottis cuts off."""
    pitch, tone = pitched(rng, 170, 680)
    size = rng.uniform(0.95, 1.4)
    voice = Voice(tilt=rng.uniform(7, 11), breath=rng.uniform(0.1, 0.8), jitter=0.03)

    def hic() -> Array:
        each = rng.uniform(0.06, 0.19)
        line = scaled([(0, 0.7), (0.6, 1.25), (1, 1.1)], pitch)
        squeak = call(
            rng,
            each,
            line,
            [(0, vowel("i", size)), (1, vowel("er", size))],
            [(0, 0), (0.3, 0.7), (0.9, 1), (0.96, 0)],
            voice,
        )
        stop = click(rng, between(rng, 300, 900), 0.004, 0.3)
        return np.concatenate([squeak, rng.uniform(0.1, 0.5) * stop])

    track, tags = series(rng, hic, (0.4, 1.1), single=0.4)
    return clip(rng, track, "short", "rising", *tone, *tags)


# --- voices without words --------------------------------------------------------------------


def _melody(rng: Rng, seconds: float, root: float) -> Array:
    """Pitch of a sung or whistled tune: steps of a scale with short glides and holds."""
    scale = np.array([-5, -3, -1, 0, 2, 4, 5, 7, 9, 12])
    notes, at, place_in_scale = [], 0.0, int(rng.integers(2, 7))
    pace = between(rng, 0.18, 0.7)
    while at < seconds:
        pitch = root * 2 ** (scale[place_in_scale] / 12)
        each = pace * rng.choice([1, 1, 2])
        notes += [(at, pitch), (at + 0.85 * each, pitch)]
        place_in_scale = int(np.clip(place_in_scale + rng.integers(-2, 3), 0, len(scale) - 1))
        at += each
    axis = np.arange(samples(seconds)) / RATE
    return np.exp(np.interp(axis, [n[0] for n in notes], np.log([n[1] for n in notes])))


@sound("humming_voice")
def humming_voice(rng: Rng) -> Sound:
    """Humming with closed lips: a soft nasal tune or one held note with a little vibrato."""
    seconds = rng.uniform(1.5, 5)
    root, tone = pitched(rng, 95, 400)
    held = chance(rng, 0.3)
    line = np.full(samples(seconds), root) if held else _melody(rng, seconds, root)
    voice = Voice(
        tilt=rng.uniform(9, 14),
        breath=rng.uniform(0.02, 0.1),
        tremor=5.5,
        depth=rng.uniform(0, 0.015),
    )
    size = 1.0 if root < 180 else 1.17
    hum = formants(source(rng, line, voice), [(0.0, vowel("m", size))], fall=7)
    whole = fade(hum * (0.85 + 0.15 * drift(rng, seconds, 2)), 0.08, 0.2)
    steady: Tags = ("steady", "long") if held and seconds > 2.5 else ()
    return clip(rng, whole, "soft", "continuous", *tone, *steady)


@sound("whistling")
def whistling(rng: Rng) -> Sound:
    """Whistling with the lips: a nearly pure tone with a halo of breath, a tune or a signal."""
    root = between(rng, 750, 2300)
    kind = rng.random()
    tags: Tags = ()
    if kind < 0.55:
        seconds = rng.uniform(1.5, 5)
        line = _melody(rng, seconds, root)
        shape = np.clip(1.1 + drift(rng, seconds, 2.5), 0, 1)
    elif kind < 0.8:
        seconds, up = rng.uniform(0.3, 1.2), chance(rng, 0.5)
        line = glide(seconds, [(0, root), (1, root * (rng.uniform(1.3, 2.2) if up else 0.6))])
        shape, tags = hump(seconds, 0.4) ** 0.5, ("single", "rising" if up else "falling")
    else:
        seconds, gap = rng.uniform(1.0, 1.6), [(0.34, 1), (0.38, 0), (0.4, 0), (0.46, 1)]
        ends = [(0, 1.0), (0.3, 2.0), (0.42, 1.0), (0.7, 1.5), (1, 0.75)]
        line = glide(seconds, scaled(ends, root))
        shape, tags = swell(seconds, [(0, 0), (0.06, 1), *gap, (0.9, 0.8), (1, 0)]), ("falling",)
    wander = line * (1 + 0.006 * drift(rng, seconds, 12))
    turn = 2 * np.pi / RATE * np.cumsum(wander)
    tone = np.sin(turn) + rng.uniform(0.005, 0.06) * np.sin(2 * turn)
    air = rng.uniform(0.02, 0.15) * noise_tone(rng, seconds, wander, 500)
    high: Tags = ("high",) if root > 1000 else ()
    return clip(rng, fade((tone + air) * shape, 0.03, 0.06), *high, *tags)


@sound("scream")
def scream(rng: Rng) -> Sound:
    """Scream of fear or pain: a very high strained voice, rough, rising then holding."""
    pitch, tone = pitched(rng, 480, 1600)
    each = between(rng, 0.5, 3.2)
    size = rng.uniform(1.0, 1.4)
    voice = Voice(
        tilt=rng.uniform(1, 5),
        breath=rng.uniform(0.05, 0.4),
        jitter=0.02,
        rough=rng.uniform(0.1, 1),
    )
    mouth = ["a", "ae", "i"][rng.integers(3)]

    def one() -> Array:
        line = [(0, 0.6), (0.15, 1.0), (0.6, rng.uniform(0.95, 1.15)), (1, rng.uniform(0.6, 0.9))]
        tract: Tract = [(0, vowel("er", size)), (0.2, vowel(mouth, size)), (1, vowel(mouth, size))]
        shape: Points = [(0, 0), (0.1, 0.8), (0.5, 1), (0.9, 0.8), (1, 0)]
        return call(rng, each * rng.uniform(0.85, 1.1), scaled(line, pitch), tract, shape, voice)

    track, tags = series(rng, one, (0.4, 1.2), single=0.6)
    echoed = room_tail(rng, track, 0.8, rng.uniform(0, 0.25))
    size_tag: Tags = ("long",) if each > 1.8 and "single" in tags else ()
    return clip(rng, echoed, "harsh", *tone, *size_tag, *tags)


@sound("crying_sobbing")
def crying_sobbing(rng: Rng) -> Sound:
    """Crying: trembling wails that sink, broken by shaking breaths in."""
    pitch, tone = pitched(rng, 170, 520)
    size = 1.0 if pitch < 220 else rng.uniform(1.1, 1.3)
    voice = Voice(
        tilt=rng.uniform(7, 11),
        breath=rng.uniform(0.2, 0.9),
        jitter=0.03,
        rough=rng.uniform(0, 0.4),
        tremor=rng.uniform(5, 8),
        depth=rng.uniform(0.01, 0.05),
    )
    parts, total, target = [], 0.0, rng.uniform(1.2, 4.2)
    inward = rng.uniform(0.12, 0.2)
    gasps = [0.35 * _gasp(rng, size, pitch * 1.3)[: samples(inward)] for _ in range(2)]
    while total < target:
        each = rng.uniform(0.4, 1.5)
        line = scaled([(0, 0.95), (0.25, 1.2), (1, 0.75)], pitch * rng.uniform(0.85, 1.15))
        tract = [(0, vowel("er", size)), (0.3, vowel("a", size)), (1, vowel("u", size))]
        parts.append(rng.uniform(0.6, 1) * call(rng, each, line, tract, ARCH, voice))
        sobs = int(rng.integers(1, 5))
        parts.append(
            place(sobs * inward * 1.2, np.arange(sobs) * inward * 1.2, lambda i: gasps[i % 2])
        )
        total = sum(map(len, parts)) / RATE
    return clip(rng, np.concatenate(parts), "trembling", *tone)


_HISSES = {"s": (5000, 9500), "sh": (2200, 5500), "f": (3000, 11_000), "t": (3500, 8000)}


@sound("whispering")
def whispering(rng: Rng) -> Sound:
    """Whispering: speech of breath alone, with formants, hissing consonants and stops."""
    seconds, rate = rng.uniform(1.5, 5), between(rng, 3.2, 6.5)
    size = rng.uniform(1.0, 1.3)
    count = int(seconds * rate) + 2
    mouths = [vowel(str(v), size) for v in rng.choice(list(VOWELS), count)]
    tract = list(zip(np.linspace(0, 1, count), mouths, strict=True))
    air = formants(white(rng, seconds), tract, 0.15, rng.uniform(1, 4))
    marks = np.cumsum(np.exp(0.25 * rng.standard_normal(count)) / rate)
    marks = marks[(marks < seconds) & (rng.random(count) > 0.12)]
    syllables = [rng.uniform(0.5, 1) * hump(rng.uniform(0.7, 1.3) / rate, 0.35) for _ in range(6)]
    voiced = unit(air) * np.minimum(place(seconds, marks, lambda i: syllables[i % 6]), 1.2)
    hisses = []
    for name in rng.choice(list(_HISSES), 5):
        each = rng.uniform(0.02, 0.05) if name == "t" else rng.uniform(0.06, 0.16)
        hiss = unit(bandpass(white(rng, each), *_HISSES[str(name)], 2) * hump(each, 0.4))
        hisses.append(rng.uniform(0.1, 0.6) * hiss)
    consonants = place(seconds, marks - 0.05, lambda i: hisses[i % 5])
    return clip(rng, voiced + consonants, "soft", hush=True)
