"""More signals: in and around cars, at crossings, on boats, from clocks and a film projector."""

import numpy as np

from training.synthesis.alarms import horn_speaker, street
from training.synthesis.blocks import (
    Array,
    Rng,
    beats,
    between,
    chance,
    click,
    drift,
    fade,
    fit,
    gate,
    harmonics,
    length,
    level,
    mix,
    noise_tone,
    place,
    samples,
    saw,
    slope_amps,
    strike,
    thump,
    unit,
    wobble,
)
from training.synthesis.finish import Tags, events, pace, pitch, pole, running
from training.synthesis.materials import burst, hiss, metal, swell, through
from training.synthesis.registry import Sound, sound
from training.synthesis.signals import chime, voice_of
from training.synthesis.sources import airflow, mains, rumble
from training.synthesis.voice import late

# --- cars and crossings ----------------------------------------------------------------------


@sound("seatbelt_chime")
def seatbelt_chime(rng: Rng) -> Sound:
    """Car reminder: the same soft electronic ding over and over, in the hush of a cabin."""
    seconds = length(rng, 2.0)
    freq, rate = between(rng, 450, 1900), between(rng, 0.8, 4.0)
    ring = min(between(rng, 0.08, 0.5), 0.8 / rate)
    marks = beats(rng, seconds, rate, 0.0, rng.uniform(0.02, 0.5))
    one = chime(rng, freq, 1.0, ring)
    pair = chance(rng, 0.25)
    other = chime(rng, freq * float(rng.choice([0.8, 1.25, 0.75])), 1.0, ring) if pair else one
    x = place(seconds, marks, lambda i: one if i % 2 == 0 else other)
    cabin = rumble(rng, seconds, between(rng, 90, 300))
    x = x + between(rng, 0.002, 0.06) * cabin
    tags: Tags = ("repeated", "regular", "intermittent", "soft")
    return events(rng, x, (*tags, *pole(rate, 1.3, 2.5, "slow", "fast"), *pitch(freq)))


@sound("car_lock_chirp")
def car_lock_chirp(rng: Rng) -> Sound:
    """Remote car lock: one or two chirps of siren or horn, and the thunk of the door bolts."""
    horn = chance(rng, 0.35)
    freq = between(rng, 330, 520) if horn else between(rng, 1500, 3600)
    on, count = between(rng, 0.04, 0.2), int(rng.choice([1, 2, 2, 3]))
    wave = voice_of(rng, freq * (1 - rng.uniform(0, 0.15) * np.linspace(0, 1, samples(on))), on)
    if horn:
        wave = horn_speaker(rng, wave + saw(freq * rng.uniform(1.18, 1.27), on))
    chirp = fade(unit(wave), 0.003, 0.008)
    bolt = unit(
        thump(rng, 0.12, between(rng, 90, 220), 0.015)
        + rng.uniform(0.3, 1) * fit(click(rng, between(rng, 900, 2600), 0.003), 0.12)
    )
    start, gap = rng.uniform(0.02, 0.6), on + between(rng, 0.06, 0.4)
    marks = start + gap * np.arange(count)
    seconds = float(marks[-1]) + rng.uniform(0.4, 1.2)
    parts = [place(seconds, marks, lambda i: chirp), street(rng, seconds) * 0.1]
    parts.append(late(rng.uniform(0.1, 0.9) * bolt, max(start + rng.uniform(-0.15, 0.1), 0)))
    tags: Tags = ("single",) if count == 1 else ("repeated",)
    return events(
        rng, mix(seconds, *parts), (*tags, "short", *pole(freq, 600, 1200, "low", "high"))
    )


@sound("pedestrian_signal")
def pedestrian_signal(rng: Rng) -> Sound:
    """Crossing signal for the blind: slow knocks to wait, a quick rattle of them to walk."""
    seconds = length(rng, 2.5)
    walk = chance(rng, 0.5)
    rate = between(rng, 5, 11) if walk else between(rng, 0.7, 2.0)
    freq = between(rng, 450, 2600)
    kind = int(rng.integers(3))
    on = min(between(rng, 0.02, 0.12), 0.5 / rate)
    if kind == 0:
        tick = click(rng, freq, between(rng, 0.002, 0.006), 0.3)
    elif kind == 1:
        tick = fade(unit(voice_of(rng, freq, on)), 0.002, 0.005)
    else:
        tick = strike(rng, 0.15, freq * np.array([1, 2.1, 3.4]), between(rng, 0.008, 0.03), -4)
    marks = beats(rng, seconds, rate, 0.005, rng.uniform(0, 0.4))
    x = place(seconds, marks, lambda i: tick) + street(rng, seconds)
    tags: Tags = ("repeated", "regular", "fast" if walk else "slow", *pitch(freq))
    return events(rng, x, tags if walk else (*tags, "intermittent"))


@sound("dive_klaxon")
def dive_klaxon(rng: Rng) -> Sound:
    """Klaxon: a toothed wheel rattles a diaphragm, spins up and runs down: ahooga."""
    base = between(rng, 150, 420)
    each = between(rng, 0.5, 1.1)
    count = int(rng.integers(1, 4))
    peak, low = rng.uniform(0.35, 0.65), rng.uniform(0.45, 0.75)
    line = base * (low + (1 - low) * swell(each, peak, 0.5))
    reed = harmonics(line, each, slope_amps(60, rng.uniform(0, 4)), rng)
    horn = through(rng, np.tanh(2 * level(reed)), 350, 2800, 5, 4)
    blast = fade(level(level(reed) + 1.5 * horn) * swell(each, 0.5, 0.25), 0.01, 0.05)
    gap = each + rng.uniform(0.08, 0.6)
    marks = rng.uniform(0.02, 0.3) + gap * np.arange(count)
    seconds = min(float(marks[-1]) + each + rng.uniform(0.1, 0.5), 5.0)
    x = place(seconds, marks, lambda i: blast)
    tags: Tags = ("single",) if count == 1 else ("repeated", "intermittent")
    return events(rng, x, ("harsh", *tags, *pole(base, 210, 310, "low", "high")))


# --- clocks ----------------------------------------------------------------------------------

QUARTERS = (
    (1.26, 1.122, 1.0, 0.749),
    (1.0, 1.26, 1.122, 0.749),
    (1.0, 1.122, 1.26, 1.0),
    (1.26, 1.0, 1.122, 0.749),
    (0.749, 1.122, 1.26, 1.0),
)
"""The changes of the Westminster quarters, relative to the keynote."""


@sound("westminster_chime")
def westminster_chime(rng: Rng) -> Sound:
    """Clock or school chime: the four-note Westminster changes on bells, rods or a synthesiser."""
    seconds = length(rng, 3.5)
    key, rate = between(rng, 200, 900), between(rng, 1.0, 2.6)
    first = int(rng.integers(len(QUARTERS)))
    notes = [n for k in range(4) for n in QUARTERS[(first + k) % len(QUARTERS)]]
    slots = np.arange(len(notes)) + np.arange(len(notes)) // 4 * rng.uniform(0, 1.5)
    marks = rng.uniform(0.02, 0.4) + slots / rate
    bells, ring = chance(rng, 0.5), between(rng, 0.3, 1.3)
    kind = int(rng.integers(1 << 30))

    def note(i: int) -> Array:
        freq = key * notes[i]
        if bells:
            modes = freq * np.array([0.5, 1.0, 1.2, 1.5, 2.0, 2.7, 4.1])
            tone = strike(np.random.default_rng(kind), 2.5, modes, ring, -3)
        else:
            tone = chime(np.random.default_rng(kind), freq, 2.5, ring)
        return fade(tone, 0.001, 1.0)

    x = place(seconds, marks, note)
    tags: Tags = ("metallic",) if bells else ("soft",)
    return events(rng, x, (*tags, "regular", *pace(rate), *pole(key, 320, 560, "low", "high")))


@sound("cuckoo_clock")
def cuckoo_clock(rng: Rng) -> Sound:
    """Cuckoo clock: bellows blow two pipes, the second lower, and a gong wire twangs each time."""
    seconds = length(rng, 2.0)
    high = between(rng, 550, 1000)
    low = high / float(rng.choice([1.19, 1.26, 1.26]))
    period = between(rng, 0.9, 1.9)
    held = rng.uniform(0.14, 0.3)

    def pipe(freq: float) -> Array:
        tone = harmonics(freq, held, [1, rng.uniform(0.05, 0.3), rng.uniform(0.02, 0.15)], rng)
        breath = hiss(rng, held, 800, 7000)
        return fade(unit((tone + rng.uniform(0.02, 0.2) * breath) * swell(held, 0.4, 0.3)), 0.01)

    twang = strike(rng, 1.5, between(rng, 280, 700) * np.array([1, 2.8, 5.3, 8.1]), 0.4, -3)
    one, two, clack = pipe(high), pipe(low), click(rng, between(rng, 900, 2500), 0.003)
    wait = held + rng.uniform(0.1, 0.25)
    call = mix(wait + 1.5, one, late(two, wait), late(rng.uniform(0.1, 0.6) * twang, wait + 0.1))
    marks = np.arange(rng.uniform(0.1, 0.8), seconds, period)[: int(rng.integers(1, 6))]
    ticks = np.arange(rng.uniform(0, 0.5), seconds, between(rng, 0.35, 0.8))
    x = place(seconds, marks, lambda i: call)
    x = x + rng.uniform(0.03, 0.4) * place(seconds, ticks, lambda i: clack)
    tags: Tags = ("single",) if len(marks) == 1 else ("repeated", "regular")
    return events(rng, x, ("falling", *tags))


# --- machines that show and play -------------------------------------------------------------


@sound("film_projector")
def film_projector(rng: Rng) -> Sound:
    """Film projector: the claw pulls 16 to 24 frames a second through the gate, over a motor."""
    seconds = length(rng, 2.5)
    rate = between(rng, 12, 26)
    tick = burst(rng, between(rng, 0.003, 0.01), between(rng, 500, 1500), 8000, 0.0005)
    tock = burst(rng, 0.006, 250, between(rng, 1500, 4000), 0.001)
    marks = beats(rng, seconds, rate, 0.01)
    x = place(seconds, marks, lambda i: tick) + rng.uniform(0.2, 0.9) * place(
        seconds, marks + 0.45 / rate, lambda i: tock
    )
    film = hiss(rng, seconds, 1500, 9000) * wobble(rng, seconds, rate, 0.6)
    motor = mains(rng, seconds, rng.uniform(6, 15)) + airflow(rng, seconds, 100, 2500)
    x = unit(x) + rng.uniform(0.02, 0.12) * film + rng.uniform(0.01, 0.08) * motor
    x = x * wobble(rng, seconds, between(rng, 0.4, 1.5), rng.uniform(0, 0.2))
    return running(rng, x, ("repeated", "regular", "fast"))


@sound("tape_rewind")
def tape_rewind(rng: Rng) -> Sound:
    """Cassette rewinding: reels whir faster and faster, speech babbles backwards, and a clunk."""
    seconds = length(rng, 1.8)
    end = seconds * rng.uniform(0.75, 1.1)
    up = chance(rng, 0.7)
    axis = np.linspace(0, 1, samples(seconds))
    speed = between(rng, 180, 700) * (0.5 + 0.5 * axis if up else 1 - 0.4 * axis)
    reel = level(harmonics(speed, seconds, slope_amps(14, rng.uniform(4, 9)), rng))
    whir = airflow(rng, seconds, 400, 5000) * wobble(rng, seconds, between(rng, 6, 20), 0.3)
    babble = np.zeros(samples(seconds))
    if chance(rng, 0.6):
        line = between(rng, 900, 2600) * np.exp(0.5 * drift(rng, seconds, between(rng, 12, 30)))
        voice = noise_tone(rng, seconds, line, 150) + 0.5 * noise_tone(rng, seconds, 2 * line, 200)
        babble = voice * np.maximum(drift(rng, seconds, between(rng, 15, 40)), 0)
    x = reel + rng.uniform(0.3, 1.2) * whir + rng.uniform(0.3, 1.5) * babble
    x = x * gate(seconds, [(rng.uniform(0, 0.3), end)], 0.03)
    clunk = unit(
        metal(rng, between(rng, 500, 1400), 0.01, 6) + fit(thump(rng, 0.1, 150, 0.015), 0.1)
    )
    parts = [unit(x), late(rng.uniform(0.4, 1.0) * clunk, min(end, seconds - 0.15))]
    return events(rng, mix(seconds, *parts), ("rising" if up else "falling", "fast"))


@sound("slot_machine")
def slot_machine(rng: Rng) -> Sound:
    """Slot machine: reels whir and stop with clunks, then bells, arpeggios, or falling coins."""
    seconds = length(rng, 2.5)
    spin = seconds * rng.uniform(0.25, 0.6)
    reel = click(rng, between(rng, 1200, 3500), 0.002)
    ticks = beats(rng, spin, between(rng, 12, 35), 0.02)
    stop = thump(rng, 0.15, between(rng, 120, 260), 0.02)
    parts = [0.35 * place(spin, ticks, lambda i: reel)]
    parts.append(0.8 * place(seconds, spin * np.array([0.6, 0.8, 1.0]), lambda i: stop))
    win = seconds - spin
    if chance(rng, 0.6):
        base, step = between(rng, 600, 1800), between(rng, 0.06, 0.14)
        scale = base * 2 ** (np.array([0, 4, 7, 12, 7, 4]) / 12)
        bell = [chime(rng, float(freq), 0.5, 0.12) for freq in scale]
        marks = np.arange(0.05, win, step)
        parts.append(late(0.6 * place(win, marks, lambda i: bell[i % len(bell)]), spin))
    else:
        base = between(rng, 2200, 5000)
        coin = [strike(rng, 0.3, base * np.array([1, 1.4, 2.2, 3.1]), 0.03) for _ in range(4)]
        marks = np.sort(rng.uniform(0.1, win, int(win * between(rng, 6, 25))))
        parts.append(late(0.6 * place(win, marks, lambda i: coin[i % 4]), spin))
    return events(rng, mix(seconds, *parts), ("bright", "fast"))
