"""Wild animals: beasts of prey, sea mammals, snakes, frogs, bats and mice."""

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
    gain,
    highpass,
    impulses,
    length,
    level,
    lowpass,
    mix,
    place,
    samples,
    sine,
    times,
    unit,
    white,
    wobble,
)
from training.synthesis.calls import clip, paced, pitched, series, surge
from training.synthesis.finish import Tags
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.voice import (
    ARCH,
    FLAT,
    GROW,
    Points,
    Tract,
    Voice,
    call,
    chirp,
    late,
    room_tail,
    scaled,
    swell,
    tube,
)

# --- beasts ----------------------------------------------------------------------------------


@sound("lion_roar")
def lion_roar(rng: Rng) -> Sound:
    """Lion or tiger: hoarse deep roars from a long throat, one long one or a row of grunts."""
    pitch = between(rng, 65, 210)
    throat = rng.uniform(28, 42)
    voice = Voice(
        tilt=rng.uniform(2, 5), breath=rng.uniform(0.2, 0.6), jitter=0.06, rough=rng.uniform(0.7, 1)
    )
    each = between(rng, 0.35, 2.6)

    def roar() -> Array:
        line = scaled([(0, 0.7), (0.35, 1.2), (0.7, 1.0), (1, 0.6)], pitch * rng.uniform(0.9, 1.1))
        tract: Tract = [
            (0.0, tube(throat)),
            (0.4, tube(throat * 0.85, 0.9)),
            (1.0, tube(throat, 0.3)),
        ]
        return call(rng, each * rng.uniform(0.8, 1.1), line, tract, ARCH, voice)

    track, tags = series(rng, roar, (0.5, 1.3), single=0.5)
    echoed = room_tail(rng, track, 1.0, rng.uniform(0, 0.2))
    return clip(rng, echoed, "low", "harsh", *(("long",) if each > 1.6 else ()), *tags)


@sound("wolf_howl")
def wolf_howl(rng: Rng) -> Sound:
    """Wolf: long howls sliding up, held and sinking, alone or a pack out of tune."""
    pitch, tone = pitched(rng, 240, 760)
    lead = _howl(rng, pitch)
    if chance(rng, 0.4):
        pack = [
            gain(-rng.uniform(3, 15))
            * np.pad(_howl(rng, pitch * f), (int(rng.uniform(0, RATE)), 0))
            for f in rng.uniform(0.75, 1.4, rng.integers(1, 3))
        ]
        lead, tone = mix(max(len(p) for p in (lead, *pack)) / RATE, lead, *pack), ()
        tags: Tags = ("repeated",)
    else:
        tags = ("single", "long")
    return clip(rng, room_tail(rng, lead[: 5 * RATE], 2.0, rng.uniform(0.05, 0.5)), *tone, *tags)


def _howl(rng: Rng, pitch: float) -> Array:
    seconds = rng.uniform(2.6, 4.8)
    middle = rng.uniform(0.92, 1.1)
    line = [(0, 0.55), (0.12, 1.0), (0.4, middle), (0.75, rng.uniform(0.85, 1.05)), (1, 0.6)]
    voice = Voice(
        tilt=rng.uniform(9, 15), breath=0.04, tremor=rng.uniform(3, 6), depth=rng.uniform(0, 0.012)
    )
    return call(rng, seconds, scaled(line, pitch), [(0.0, tube(rng.uniform(16, 22)))], ARCH, voice)


@sound("elephant_trumpet")
def elephant_trumpet(rng: Rng) -> Sound:
    """Elephant: a brassy blare through the trunk, breaking into squeals."""
    pitch, tone = pitched(rng, 260, 720)
    each = between(rng, 0.5, 2.0)
    voice = Voice(
        tilt=rng.uniform(0, 3),
        breath=rng.uniform(0.1, 0.4),
        jitter=0.03,
        rough=rng.uniform(0.3, 0.9),
    )
    trunk = tube(rng.uniform(22, 40), 0.6)

    def blare() -> Array:
        line = [(0, 0.6), (0.15, 1.05), (0.5, rng.uniform(1, 1.3)), (0.8, 1.1), (1, 0.65)]
        sung = scaled(line, pitch * rng.uniform(0.92, 1.08))
        return call(rng, each, sung, [(0.0, trunk), (1.0, tube(30))], ARCH, voice)

    track, tags = series(rng, blare, (0.4, 1), single=0.55)
    echoed = room_tail(rng, track, 0.8, rng.uniform(0, 0.2))
    return clip(rng, echoed, *tone, "harsh", *tags)


@sound("monkey_chatter")
def monkey_chatter(rng: Rng) -> Sound:
    """Monkeys: quick rows of short screeches, or an ape's hoots growing into screams."""
    hoots = chance(rng, 0.4)
    pitch, tone = pitched(rng, 260, 700) if hoots else pitched(rng, 700, 2200)
    voice = Voice(
        tilt=rng.uniform(2, 7),
        breath=rng.uniform(0.1, 0.5),
        jitter=0.03,
        rough=rng.uniform(0.1, 0.8),
    )
    rate, tempo = paced(rng, 2.2, 6) if hoots else paced(rng, 4, 12)
    count = int(rng.integers(5, max(6, int(4.5 * rate))))
    rise = rng.uniform(1.2, 1.9) if hoots else rng.uniform(0.85, 1.2)
    throat = rng.uniform(9, 13) if hoots else rng.uniform(5, 8)
    growing = hoots or chance(rng, 0.2)
    calls = []
    for share in np.linspace(0, 1, 8):
        line = scaled([(0, 0.8), (0.4, 1.15), (1, 0.8)], pitch * rise**share)
        tract: Tract = [
            (0.0, tube(throat)),
            (0.4, tube(throat, 0.3 + 0.6 * share)),
            (1.0, tube(throat)),
        ]
        calls.append(call(rng, rng.uniform(0.5, 0.8) / rate, line, tract, ARCH, voice))
    marks = np.cumsum(np.exp(0.12 * rng.standard_normal(count)) / rate)
    sizes = np.linspace(0.2, 1, count) if growing else rng.uniform(0.5, 1, count)
    track = place(
        min(float(marks[-1] - marks[0]) + 0.4, 5.0),
        marks - marks[0],
        lambda i: calls[min(8 * i // count, 7)] * sizes[i],
    )
    more: Tags = ("loud_growing",) if growing else ()
    return clip(rng, track, *tone, "repeated", *tempo, *more, *(("rising",) if hoots else ()))


# --- under water -----------------------------------------------------------------------------


@sound("whale_song")
def whale_song(rng: Rng) -> Sound:
    """Humpback whale: moans and cries that glide for seconds, in the echo of the sea."""
    pitch, tone = pitched(rng, 70, 900)
    seconds = rng.uniform(3, 5)
    parts, at = [], 0.0
    while at < seconds - 0.7:
        each = min(between(rng, 0.7, 3.0), seconds - at)
        line = [(s, pitch * np.exp(rng.normal(0, 0.35))) for s in (0.0, 0.35, 0.7, 1.0)]
        voice = Voice(
            tilt=rng.uniform(6, 13),
            breath=0.04,
            rough=rng.uniform(0, 0.5) * chance(rng, 0.4),
            tremor=rng.uniform(4, 16),
            depth=rng.uniform(0, 0.03),
        )
        tract: Tract = [(0.0, tube(rng.uniform(18, 60))), (1.0, tube(rng.uniform(18, 60)))]
        note = call(rng, each, line, tract, ARCH, voice)
        parts.append(np.concatenate([np.zeros(samples(at)), note]))
        at += each + rng.uniform(0.05, 0.6)
    song = mix(seconds, *parts)
    echoed = room_tail(rng, song, rng.uniform(1.5, 3), rng.uniform(0.15, 0.6))
    many: Tags = ("repeated",) if len(parts) > 1 else ("single", "long")
    return clip(rng, lowpass(echoed, 2500, 1), *tone, *many)


@sound("dolphin_click")
def dolphin_click(rng: Rng) -> Sound:
    """Dolphin: trains of ultrasonic clicks that quicken into a creak, with whistles between."""
    seconds = length(rng, 1.5, 5)
    start, end = between(rng, 8, 60), between(rng, 8, 220)
    rate = np.geomspace(start, end, samples(seconds)) * (1 + 0.2 * drift(rng, seconds, 2))
    turns = np.cumsum(rate) / RATE
    marks = np.searchsorted(turns, np.arange(1, turns[-1])) / RATE
    sizes = np.exp(0.25 * rng.standard_normal(len(marks)))
    axis = times(0.003)
    ping = np.sin(2 * np.pi * between(rng, 5000, 13_000) * axis) * np.exp(
        -axis / between(rng, 0.00005, 0.0003)
    )
    trains = np.clip(0.6 + 1.2 * drift(rng, seconds, 1.2), 0, 1)
    track = unit(convolve(impulses(seconds, marks, sizes), ping) * trains)
    if chance(rng, 0.55):
        for _ in range(rng.integers(1, 4)):
            each, pitch = rng.uniform(0.25, 1.0), between(rng, 5000, 9500)
            line = [(s, pitch * np.exp(rng.normal(0, 0.22))) for s in (0.0, 0.3, 0.6, 1.0)]
            whistle = rng.uniform(0.2, 0.7) * chirp(each, line, ARCH, 0.05)
            track = mix(seconds, track, late(whistle, rng.uniform(0, max(0.1, seconds - each))))
    pace: Tags = ("fast",) if min(start, end) > 20 else ()
    return clip(rng, room_tail(rng, track, 0.5, 0.1), "high", "crisp", "repeated", *pace)


# --- snakes ----------------------------------------------------------------------------------


@sound("snake_hiss")
def snake_hiss(rng: Rng) -> Sound:
    """Snake: long even breaths of air, 2 to 10 kHz."""
    each = between(rng, 0.5, 3.5)
    low, top = between(rng, 1500, 3500), between(rng, 7000, 13_000)
    shape: Points = [FLAT, GROW, [(0, 0), (0.15, 1), (0.8, 0.6), (1, 0)]][rng.integers(3)]

    def hiss() -> Array:
        air = bandpass(white(rng, each), low, top) * (1 + 0.2 * drift(rng, each, 12))
        return unit(air * fade(swell(each, shape), 0.06, 0.15))

    track, tags = series(rng, hiss, (0.2, 0.9), single=0.5)
    more: Tags = ("long", "continuous") if "single" in tags and each > 2 else ()
    grown: Tags = ("loud_growing",) if shape is GROW and "single" in tags else ()
    return clip(rng, track, "high", *more, *grown, *tags, hush=True)


@sound("rattlesnake")
def rattlesnake(rng: Rng) -> Sound:
    """Rattlesnake: horn rings shaken 35 to 90 times a second, a dry sizzling buzz."""
    seconds = length(rng, 1.2, 5)
    rate = between(rng, 35, 90) * (1 + 0.05 * drift(rng, seconds, 2))
    centre = between(rng, 5000, 9500)
    clicks = (0.5 + 0.5 * np.sin(2 * np.pi * np.cumsum(rate) / RATE)) ** rng.uniform(2, 6)
    rattle = bandpass(white(rng, seconds), centre * 0.55, centre * 1.6) * (clicks + 0.1)
    rattle *= 1 + 0.3 * drift(rng, seconds, 25)
    if chance(rng, 0.35):
        whole = rattle * swell(seconds, [(0, 0.02), (0.6, 1), (1, 1)])
        return clip(rng, fade(whole, 0.02, 0.1), "high", "continuous", "loud_growing", "trembling")
    whole, swelled = surge(rng, rattle, 0.1)
    return clip(rng, fade(whole, 0.1, 0.1), "high", "continuous", "trembling", *swelled)


# --- frogs and toads -------------------------------------------------------------------------


@sound("frog_croak")
def frog_croak(rng: Rng) -> Sound:
    """Frogs: croaks made of 20 to 90 pulses a second in a resonant sac, one or a pond."""
    pitch, tone = pitched(rng, 250, 2600)
    track, tags = _croaks(rng, pitch)
    if chance(rng, 0.4):
        pond = [
            gain(-rng.uniform(3, 18)) * _croaks(rng, pitch * np.exp(rng.normal(0, 0.2)))[0]
            for _ in range(rng.integers(1, 4))
        ]
        seconds = max(len(p) for p in (track, *pond)) / RATE
        track, tags = mix(seconds, track, *pond), ("repeated", "irregular")
    return clip(rng, track, *tone, *tags)


def _croaks(rng: Rng, pitch: float) -> tuple[Array, Tags]:
    pulses, each = between(rng, 20, 90), between(rng, 0.1, 0.7)
    double, sharp = chance(rng, 0.3), rng.uniform(1, 5)
    width = pitch * rng.uniform(0.06, 0.3)

    def croak() -> Array:
        beat = pulses * rng.uniform(0.96, 1.04)
        gatelike = (0.5 + 0.5 * sine(beat, each, -1.5)) ** sharp
        axis = times(each)
        tone = np.sin(2 * np.pi * pitch * axis) + 0.5 * np.sin(2 * np.pi * 2.02 * pitch * axis)
        noise = level(bandpass(white(rng, each), pitch - width, pitch + 2 * width))
        note = unit((tone + 0.7 * noise) * gatelike * swell(each, ARCH))
        if not double:
            return note
        bent = chirp(each * 0.5, [(0, pitch * 0.9), (1, pitch * 1.3)], ARCH, 0.4)
        quick = 0.5 + 0.5 * sine(beat * 1.5, each * 0.5)
        return np.concatenate([0.7 * note, np.zeros(samples(0.04)), bent * quick])

    return series(rng, croak, (0.6, 3), single=0.12)


@sound("frog_croak")
def bullfrog(rng: Rng) -> Sound:
    """Bullfrog: deep droning bellows around 100 to 250 Hz."""
    pitch, each = between(rng, 85, 200), between(rng, 0.4, 1.1)
    voice = Voice(tilt=rng.uniform(3, 6), breath=0.08, rough=0.3, tremor=20, depth=0.01)

    def bellow() -> Array:
        line = scaled([(0, 0.9), (0.4, 1.1), (1, 0.95)], pitch)
        return call(rng, each, line, [(0.0, (230, 420, 1200, 2200))], ARCH, voice)

    track, tags = series(rng, bellow, (0.5, 1.4), single=0.2)
    return clip(rng, track, "low", "dull", *tags)


@sound("toad_trill")
def toad_trill(rng: Rng) -> Sound:
    """Toad: one long musical trill, 12 to 45 tone pulses a second."""
    seconds = length(rng, 2.2, 5)
    pitch, tone = pitched(rng, 1000, 2400)
    rate = between(rng, 12, 45)
    pulses = np.clip(0.3 + sine(rate * (1 + 0.02 * drift(rng, seconds, 1)), seconds), 0, 1)
    song = sine(pitch * (1 + 0.003 * drift(rng, seconds, 5)), seconds) * pulses
    song *= 1 + 0.1 * drift(rng, seconds, 3)
    whole, swelled = surge(rng, fade(song, 0.25, 0.1), 0.15)
    return clip(
        rng, whole, *tone, "continuous", "trembling", "long", "regular", *swelled, hush=True
    )


# --- bats and mice ---------------------------------------------------------------------------


@sound("bat_squeak")
def bat_squeak(rng: Rng) -> Sound:
    """Bat, as far as it can be heard: falling sweeps of 15 to 5 kHz in ticking rows."""
    top, each = between(rng, 10_000, 15_000), between(rng, 0.004, 0.05)
    bottom = top * rng.uniform(0.35, 0.75)
    buzz = between(rng, 80, 400) if chance(rng, 0.3) else 0.0

    def squeak() -> Array:
        line = [(0, top), (0.5, (top * bottom) ** 0.5 * 0.95), (1, bottom)]
        note = chirp(each, line, ARCH, 0.0)
        return note * (0.6 + 0.4 * sine(buzz, each)) if buzz else note

    track, tags = series(rng, squeak, (4, 14), single=0.02)
    return clip(rng, track, "high", "falling", "crisp", *tags, hush=True)


@sound("mouse_squeak")
def mouse_squeak(rng: Rng) -> Sound:
    """Mouse or rat: tiny squeaks of 3 to 11 kHz, sometimes with the rustle of feet."""
    pitch, each = between(rng, 2800, 10_500), between(rng, 0.03, 0.16)
    bends = np.exp(rng.normal(0, 0.15, 3))

    def squeak() -> Array:
        values = (0.8, bends[0], bends[1], bends[2] * 0.85)
        line = [(at, pitch * v) for at, v in zip((0, 0.3, 0.7, 1), values, strict=True)]
        tone = chirp(each * rng.uniform(0.7, 1.3), scaled(line, rng.uniform(0.94, 1.06)), ARCH, 0.2)
        return tone * wobble(rng, len(tone) / RATE, 60, 0.2)[: len(tone)]

    track, tags = series(rng, squeak, (1.5, 8), single=0.1)
    if chance(rng, 0.4):
        seconds = max(len(track) / RATE, 1.0)
        paws = [click(rng, between(rng, 2000, 5000), 0.002, 0.8) for _ in range(4)]
        marks = np.sort(rng.uniform(0, seconds, rng.integers(4, 30)))
        scratch = place(seconds, marks, lambda i: paws[i % 4] * rng.uniform(0.02, 0.15))
        track = mix(seconds, track, highpass(scratch, 800))
    return clip(rng, track, "high", *(("short",) if "single" in tags else ()), *tags, hush=True)
