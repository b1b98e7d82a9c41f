"""More animals: foxes, deer, hyenas, sea lions, horses snorting, dogs drinking, geckos, birds."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    between,
    chance,
    click,
    drift,
    gain,
    level,
    mix,
    place,
    samples,
    sine,
    unit,
    white,
)
from training.synthesis.calls import clip, paced, pick, pitched, series, surge
from training.synthesis.finish import Tags, regularity
from training.synthesis.materials import bubble_cloud, burst
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.voice import (
    ARCH,
    FALL,
    Points,
    Tract,
    Voice,
    call,
    chirp,
    formants,
    hump,
    room_tail,
    scaled,
    source,
    swell,
    tube,
)

# --- beasts ----------------------------------------------------------------------------------


@sound("fox_bark")
def fox_bark(rng: Rng) -> Sound:
    """Fox barking at night: quick rows of two to five hoarse yaps, the last one drawn out."""
    pitch, tone = pitched(rng, 420, 1100)
    voice = Voice(
        tilt=rng.uniform(3, 7),
        breath=rng.uniform(0.2, 0.7),
        jitter=0.04,
        rough=rng.uniform(0.2, 0.9),
    )
    tract: Tract = [(0.0, tube(15)), (0.4, tube(rng.uniform(11, 14), 0.5)), (1.0, tube(15))]
    each, gap = rng.uniform(0.1, 0.22), rng.uniform(0.06, 0.2)
    count = int(rng.integers(2, 6))

    def row() -> Array:
        parts = []
        for i in range(count):
            line = scaled([(0, 0.75), (0.35, 1.2), (1, 0.6)], pitch * rng.uniform(0.93, 1.07))
            stretch = rng.uniform(1.2, 2) if i == count - 1 else 1.0
            parts += [call(rng, each * stretch, line, tract, FALL, voice), np.zeros(samples(gap))]
        return np.concatenate(parts)

    track, _ = series(rng, row, (0.3, 0.6), single=0.4, most=3)
    echoed = room_tail(rng, track, rng.uniform(0.3, 1.5), rng.uniform(0, 0.3))
    tempo: Tags = ("fast",) if each + gap < 0.2 else ()
    return clip(rng, echoed, *tone, "harsh", "repeated", *tempo)


@sound("fox_bark")
def vixen_scream(rng: Rng) -> Sound:
    """Vixen: long hoarse screams that climb, crack and sink."""
    pitch, tone = pitched(rng, 550, 1500)
    each, size = pick(rng, 0.4, 1.6, "short", "long")
    voice = Voice(
        tilt=rng.uniform(1, 5), breath=rng.uniform(0.3, 0.9), jitter=0.05, rough=rng.uniform(0.4, 1)
    )

    def one() -> Array:
        line = scaled([(0, 0.7), (0.2, 1.1), (0.7, rng.uniform(0.95, 1.15)), (1, 0.65)], pitch)
        tract: Tract = [(0.0, tube(14, 0.4)), (0.3, tube(11, 0.9)), (1.0, tube(14, 0.3))]
        return call(rng, each * rng.uniform(0.85, 1.15), line, tract, ARCH, voice)

    track, tags = series(rng, one, (0.25, 0.8), single=0.4, most=4)
    echoed = room_tail(rng, track, rng.uniform(0.3, 1.5), rng.uniform(0, 0.35))
    return clip(rng, echoed, *tone, *size, "harsh", *tags)


@sound("deer_bellow")
def deer_bellow(rng: Rng) -> Sound:
    """Rutting stag: hoarse bellows from a throat that lengthens as he stretches his neck."""
    pitch, tone = pitched(rng, 70, 260)
    each = between(rng, 0.5, 3.0)
    voice = Voice(
        tilt=rng.uniform(3, 7), breath=rng.uniform(0.1, 0.5), jitter=0.03, rough=rng.uniform(0.3, 1)
    )
    short, stretched = rng.uniform(28, 40), rng.uniform(50, 75)

    def bellow() -> Array:
        line = scaled([(0, 0.7), (0.25, 1.15), (0.7, 1.0), (1, 0.65)], pitch)
        tract: Tract = [(0.0, tube(short)), (0.4, tube(stretched, 0.4)), (1.0, tube(stretched))]
        return call(rng, each * rng.uniform(0.8, 1.1), line, tract, ARCH, voice)

    track, tags = series(rng, bellow, (0.3, 1.2), single=0.4)
    echoed = room_tail(rng, track, rng.uniform(0.5, 2), rng.uniform(0, 0.35))
    return clip(rng, echoed, *tone, "harsh", *(("long",) if each > 1.5 else ()), *tags)


@sound("hyena_laugh")
def hyena_laugh(rng: Rng) -> Sound:
    """Hyena: a giggle of short high cries going up and down, or a whoop that leaps upwards."""
    giggle = chance(rng, 0.6)
    pitch, tone = pitched(rng, 450, 1300) if giggle else pitched(rng, 230, 600)
    voice = Voice(
        tilt=rng.uniform(4, 9),
        breath=rng.uniform(0.05, 0.3),
        jitter=0.03,
        rough=rng.uniform(0, 0.6),
    )
    throat = rng.uniform(14, 20)
    tract: Tract = [(0.0, tube(throat)), (0.5, tube(throat * 0.85, 0.6)), (1.0, tube(throat))]
    if not giggle:
        jump = rng.uniform(1.7, 3.2)

        def whoop() -> Array:
            line = scaled([(0, 0.9), (0.55, 1.05), (0.85, jump), (1, 0.9 * jump)], pitch)
            return call(rng, rng.uniform(0.6, 1.3), line, tract, ARCH, voice)

        track, tags = series(rng, whoop, (0.4, 1), single=0.25, most=5)
        return clip(rng, room_tail(rng, track, 1.2, rng.uniform(0, 0.3)), *tone, "rising", *tags)
    rate, tempo = paced(rng, 3.5, 9)
    count = int(rng.integers(4, max(5, int(4 * rate))))
    cries = []
    for share in np.linspace(0, 1, 6):
        bend = pitch * rng.uniform(0.8, 1.3) * (1 + 0.3 * np.sin(np.pi * share))
        line = scaled([(0, 0.8), (0.4, 1.15), (1, 0.75)], bend)
        cries.append(call(rng, rng.uniform(0.6, 0.9) / rate, line, tract, ARCH, voice))
    marks = np.cumsum(np.exp(0.15 * rng.standard_normal(count))) / rate
    sizes = np.exp(0.3 * rng.standard_normal(count))
    order = rng.integers(0, 6, count)
    seconds = min(5.0, float(marks[-1]) + 1 / rate)
    track = place(seconds, marks - marks[0], lambda i: sizes[i] * cries[order[i]])
    return clip(rng, room_tail(rng, track, 0.8, rng.uniform(0, 0.2)), *tone, "repeated", *tempo)


@sound("sea_lion_bark")
def sea_lion_bark(rng: Rng) -> Sound:
    """Sea lions: hoarse nasal barks at an even pace, one animal or a whole colony."""
    pitch, tone = pitched(rng, 140, 520)
    throat = rng.uniform(16, 26)
    voice = Voice(
        tilt=rng.uniform(2, 5), breath=rng.uniform(0.1, 0.5), jitter=0.03, rough=rng.uniform(0.2, 1)
    )
    each = between(rng, 0.15, 0.5)

    def bark() -> Array:
        line = scaled([(0, 0.85), (0.3, 1.15), (1, 0.75)], pitch * rng.uniform(0.93, 1.07))
        tract: Tract = [(0.0, tube(throat)), (0.3, tube(throat * 0.9, 0.7)), (1.0, tube(throat))]
        return call(rng, each * rng.uniform(0.85, 1.1), line, tract, ARCH, voice)

    track, tags = series(rng, bark, (0.9, 3.2), single=0.1)
    if chance(rng, 0.4):
        pitch *= rng.uniform(0.7, 1.4)
        others = [gain(-rng.uniform(4, 18)) * series(rng, bark, (0.8, 2.5))[0] for _ in range(2)]
        seconds = max(len(x) for x in (track, *others)) / RATE
        track, tags = mix(seconds, track, *others), ("repeated", "irregular")
    return clip(rng, room_tail(rng, track, 0.8, rng.uniform(0, 0.3)), *tone, "harsh", *tags)


@sound("horse_snort")
def horse_snort(rng: Rng) -> Sound:
    """Horse blowing through its nose: a gust of air, the nostrils fluttering ever slower."""
    each, size = pick(rng, 0.3, 1.5, "short", "long")
    start = between(rng, 22, 60)
    wet = rng.uniform(0.3, 1.0)

    def blow() -> Array:
        beat = start * np.linspace(1.2, rng.uniform(0.5, 0.9), samples(each))
        flaps = np.clip(0.4 + 0.8 * sine(beat, each) + 0.3 * drift(rng, each, 30), 0, 1.3)
        nose = [(0.0, (350, 1100, 2300, 4200)), (1.0, (250, 800, 1900, 3600))]
        air = level(formants(white(rng, each), nose, 0.5, rng.uniform(1, 4)))
        voice = Voice(tilt=rng.uniform(4, 8), breath=0.5, jitter=0.06, rough=0.8)
        low = level(formants(source(rng, beat, voice), nose, 0.3))
        shape = swell(each, [(0, 0), (0.08, 1), (0.5, 0.6), (1, 0)])
        return unit((air * (1 - wet + wet * flaps) + rng.uniform(0, 0.6) * low) * shape)

    track, tags = series(rng, blow, (0.35, 1.0), single=0.55, most=3)
    return clip(rng, track, *size, "fading" if "single" in tags else "falling", *tags)


@sound("dog_lapping")
def dog_lapping(rng: Rng) -> Sound:
    """Dog or cat drinking: the tongue slaps the water and pulls up drops, lap after lap."""
    rate, tempo = paced(rng, 2.2, 5.5)
    seconds = rng.uniform(2, 5)
    pitch = between(rng, 350, 1500)
    laps = []
    for _ in range(6):
        slap = burst(rng, between(rng, 0.004, 0.015), 400, between(rng, 2500, 8000))
        line: Points = [(0, pitch * rng.uniform(0.7, 1.2)), (1, pitch * rng.uniform(1.2, 2.0))]
        glug = chirp(rng.uniform(0.03, 0.08), line, [(0, 0), (0.1, 1), (1, 0)], 0.2)
        drops = bubble_cloud(rng, 0.15, 60, (500, 2500), 0.2)
        wait = np.zeros(samples(rng.uniform(0.02, 0.06)))
        wet = np.concatenate([wait, rng.uniform(0.3, 1) * glug])
        laps.append(mix(0.18, rng.uniform(0.2, 0.8) * slap, wet, 0.08 * drops))
    spread = float(rng.choice([0.04, 0.08, 0.3], p=[0.4, 0.4, 0.2]))
    gaps = np.exp(spread * rng.standard_normal(int(seconds * rate))) / rate
    marks = np.cumsum(gaps)
    sizes = np.exp(0.25 * rng.standard_normal(len(marks)))
    track = place(seconds, marks, lambda i: sizes[i] * laps[i % 6])
    if chance(rng, 0.35):
        tag = click(rng, between(rng, 2500, 6000), 0.01, 0.2)
        track = track + place(seconds, marks, lambda i: 0.1 * sizes[i] * tag)
    return clip(rng, track, "repeated", *regularity(marks), *tempo, "soft", hush=True)


# --- geckos ----------------------------------------------------------------------------------


@sound("gecko_call")
def tokay_gecko(rng: Rng) -> Sound:
    """Tokay gecko: a rattle, then to-kay over and over, each pair slower than the one before."""
    pitch, tone = pitched(rng, 350, 1300)
    rate, tempo = paced(rng, 0.8, 2.2)
    voice = Voice(tilt=rng.uniform(3, 7), breath=0.2, jitter=0.02, rough=rng.uniform(0.2, 0.8))
    throat = tube(rng.uniform(7, 11), 0.3)

    def pair() -> Array:
        first = scaled([(0, 0.9), (0.4, 1.3), (1, 1.1)], pitch * rng.uniform(0.96, 1.04))
        last = scaled([(0, 1.0), (0.3, 1.0), (1, 0.6)], pitch)
        short = call(rng, rng.uniform(0.08, 0.13), first, [(0.0, throat)], FALL, voice)
        long = call(rng, rng.uniform(0.15, 0.28), last, [(0.0, throat)], FALL, voice)
        return np.concatenate([0.7 * short, np.zeros(samples(0.03)), long])

    count = int(rng.integers(2, max(3, int(3.6 * rate))))
    gaps = np.linspace(0.9, 1.15, count) / rate
    marks = np.cumsum(gaps) - gaps[0]
    pairs = [pair() for _ in range(min(count, 4))]
    track = place(float(marks[-1]) + 0.5, marks, lambda i: pairs[i % len(pairs)])
    if chance(rng, 0.4):
        ticks = np.cumsum(rng.uniform(0.05, 0.09, 10))
        rattle = burst(rng, 0.01, pitch, 4 * pitch)
        lead = place(float(ticks[-1]) + 0.1, ticks, lambda i: (0.2 + 0.05 * i) * rattle)
        track = np.concatenate([lead, track])
    return clip(rng, track[: 5 * RATE], *tone, "repeated", *tempo)


@sound("gecko_call")
def house_gecko(rng: Rng) -> Sound:
    """House gecko on a wall: a row of smacking chirps, chik chik chik, that slows or dies away."""
    pitch, each = between(rng, 1600, 4200), between(rng, 0.02, 0.06)
    rate, tempo = paced(rng, 3, 9)
    count = int(rng.integers(4, max(5, int(3.5 * rate))))

    def chik() -> Array:
        line: Points = [(0, pitch * 1.15), (0.4, pitch), (1, 0.7 * pitch)]
        tone = chirp(each, line, FALL, rng.uniform(0.1, 0.5))
        smack = burst(rng, each / 5, 0.7 * pitch, 2 * pitch)
        return mix(2 * each, tone, rng.uniform(0.3, 1) * smack)

    chiks = [chik() for _ in range(5)]
    gaps = np.linspace(1.0, rng.uniform(0.9, 1.4), count) / rate
    marks = np.cumsum(gaps) - gaps[0]
    fading = chance(rng, 0.5)
    loud = np.linspace(1, 0.3, count) if fading else np.ones(count)
    seconds = min(5.0, float(marks[-1]) + 0.15)
    track = place(seconds, marks, lambda i: loud[i] * chiks[i % 5])
    more: Tags = ("fading",) if fading else ()
    return clip(rng, track, "high", "crisp", "repeated", *tempo, *more, hush=True)


# --- birds -----------------------------------------------------------------------------------


@sound("peacock_cry")
def peacock_cry(rng: Rng) -> Sound:
    """Peacock: a wailing two-part may-awe that leaps up, is held, and falls like a cat's cry."""
    pitch, tone = pitched(rng, 520, 1250)
    each = rng.uniform(0.5, 1.2)
    voice = Voice(
        tilt=rng.uniform(2, 6),
        breath=rng.uniform(0.05, 0.3),
        jitter=0.02,
        rough=rng.uniform(0, 0.4),
    )
    throat = rng.uniform(9, 14)

    def cry() -> Array:
        line: Points = [(0, 0.55), (0.15, 0.8), (0.35, 1.2), (0.65, 1.1), (1, 0.55)]
        tract: Tract = [(0.0, tube(throat)), (0.4, tube(throat, 0.8)), (1.0, tube(throat, 0.2))]
        sung = scaled(line, pitch * rng.uniform(0.95, 1.05))
        return call(rng, each * rng.uniform(0.9, 1.1), sung, tract, ARCH, voice)

    track, tags = series(rng, cry, (0.5, 1.6), single=0.3, most=6)
    echoed = room_tail(rng, track, rng.uniform(0.4, 1.5), rng.uniform(0, 0.3))
    return clip(rng, echoed, *tone, "falling", "bright", *tags)


@sound("crane_call")
def crane_call(rng: Rng) -> Sound:
    """Cranes: far-carrying bugles rolled 18 to 45 times a second in a long windpipe."""
    pitch, tone = pitched(rng, 420, 1300)
    roll, depth = between(rng, 18, 45), rng.uniform(0.3, 0.9)
    voice = Voice(tilt=rng.uniform(2, 6), breath=0.1, jitter=0.02, rough=rng.uniform(0, 0.4))
    throat = rng.uniform(18, 30)
    each = between(rng, 0.3, 1.2)

    def bugle() -> Array:
        line = scaled([(0, 0.8), (0.2, 1.1), (0.7, 1.0), (1, rng.uniform(0.75, 0.95))], pitch)
        span = each * rng.uniform(0.85, 1.15)
        sung = call(rng, span, line, [(0.0, tube(throat, 0.4)), (1.0, tube(throat))], ARCH, voice)
        beat = sine(roll * (1 + 0.08 * drift(rng, span, 5)), span)[: len(sung)]
        return unit(sung * (1 - depth * (0.5 + 0.5 * beat)))

    track, tags = series(rng, bugle, (0.6, 2.2), single=0.2)
    if chance(rng, 0.35):
        pitch *= rng.uniform(0.85, 1.25)
        others = [gain(-rng.uniform(4, 16)) * series(rng, bugle, (0.6, 2))[0] for _ in range(2)]
        seconds = max(len(x) for x in (track, *others)) / RATE
        track, tags = mix(seconds, track, *others), ("repeated", "irregular")
    track, swelled = surge(rng, track, 0.1)
    echoed = room_tail(rng, track, rng.uniform(0.5, 2), rng.uniform(0.05, 0.4))
    return clip(rng, echoed, *tone, "trembling", *tags, *swelled)


@sound("magpie_chatter")
def magpie_chatter(rng: Rng) -> Sound:
    """Magpie: a rattle of harsh dry syllables, 6 to 16 a second, like a shaken match box."""
    rate, tempo = paced(rng, 6, 16)
    count = int(rng.integers(3, 18))
    pitch = between(rng, 700, 1500)
    voice = Voice(tilt=rng.uniform(0, 4), breath=rng.uniform(0.4, 1.2), jitter=0.05, rough=0.8)
    body = rng.uniform(0.8, 1.25)
    tract: Tract = [(0.0, (1800 * body, 3000 * body, 4300 * body, 6000))]

    def syllable() -> Array:
        line = scaled([(0, 0.9), (0.3, 1.1), (1, 0.8)], pitch * rng.uniform(0.93, 1.07))
        return call(rng, rng.uniform(0.45, 0.75) / rate, line, tract, FALL, voice)

    notes = [syllable() for _ in range(5)]

    def rattle() -> Array:
        marks = np.arange(count) / rate
        loud = np.interp(np.arange(count), [0, 1, count], [0.7, 1, rng.uniform(0.4, 1)])
        return place(count / rate, marks, lambda i: loud[i] * notes[i % 5])

    track, _ = series(rng, rattle, (0.4, 1.2), single=0.4, most=4)
    echoed = room_tail(rng, track, rng.uniform(0.2, 1.0), rng.uniform(0, 0.2))
    return clip(rng, echoed, "high", "harsh", "repeated", *tempo)


@sound("swallow_twitter")
def swallow_twitter(rng: Rng) -> Sound:
    """Swallows: a hurried twitter of tiny sweeps and whits that ends in a dry buzz."""
    pitch = between(rng, 2800, 5200)
    rate, tempo = paced(rng, 6, 14)
    seconds = rng.uniform(1.2, 4.5)
    notes = []
    for _ in range(10):
        bends = pitch * np.exp(rng.normal(0, 0.28, 3))
        line: Points = [(0, bends[0]), (0.5, bends[1]), (1, bends[2])]
        notes.append(chirp(rng.uniform(0.3, 0.85) / rate, line, ARCH, rng.uniform(0, 0.3)))
    marks = np.cumsum(np.exp(0.3 * rng.standard_normal(int(seconds * rate)))) / rate
    order, sizes = rng.integers(0, 10, len(marks)), rng.uniform(0.3, 1, len(marks))
    track = place(seconds, marks, lambda i: sizes[i] * notes[order[i]])
    if chance(rng, 0.5):
        each = rng.uniform(0.25, 0.6)
        buzz = sine(pitch * rng.uniform(0.6, 1), each) * (
            0.5 + 0.5 * sine(between(rng, 25, 60), each)
        )
        track = np.concatenate([track[: 4 * RATE], 0.5 * buzz * hump(each, 0.4)])
    return clip(rng, track, "high", "repeated", "irregular", *tempo, hush=chance(rng, 0.4))
