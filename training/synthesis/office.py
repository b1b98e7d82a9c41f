"""Office machines: printers, drives, keyboards, mice, tills."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    beats,
    between,
    chance,
    click,
    drift,
    firings,
    gate,
    harmonics,
    impulses,
    length,
    level,
    lowpass,
    mix,
    phase,
    place,
    sine,
    slope_amps,
    strike,
    thump,
    times,
    tint,
)
from training.synthesis.finish import Tags, events, pace, pitch, rhythm, running
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.sources import airflow, knocks, spin


@sound("printer_inkjet")
def printer_inkjet(rng: Rng) -> Sound:
    """Inkjet printer: carriage sweeping to and fro (motor zip, turn clunk), paper feed steps."""
    seconds = length(rng, 2)
    rate = between(rng, 0.8, 3)
    swing = np.sin(phase(rate / 2, seconds, rng.uniform(0, 3)))
    pace_of = np.clip(1.6 * np.abs(swing), 0, 1)
    motor = (
        harmonics(
            between(rng, 220, 800) * (0.35 + 0.65 * pace_of),
            seconds,
            slope_amps(16, rng.uniform(2, 7)),
            rng,
        )
        * pace_of**0.5
    )
    slide = airflow(rng, seconds, 600, between(rng, 2500, 8000)) * pace_of
    turns = beats(rng, seconds, rate, 0.0, rng.uniform(0, 0.5 / rate))
    clunk = knocks(rng, impulses(seconds, turns), 300, 3000, 0.01)
    feed = gate(seconds, [(t, t + 0.09) for t in turns]) * harmonics(
        between(rng, 300, 900), seconds, slope_amps(10, 4), rng
    )
    x = level(motor) + rng.uniform(0.2, 0.8) * level(slide) + rng.uniform(0.2, 0.9) * clunk
    x = x + rng.uniform(0, 0.8) * level(feed)
    return running(rng, tint(rng, x, 4), ("repeated", "regular", *pace(rate)), steady=False)


@sound("printer_laser")
def printer_laser(rng: Rng) -> Sound:
    """Laser printer: polygon motor whine, fan, paper pick-up and rollers passing a sheet."""
    seconds = length(rng, 2)
    speed, tags = spin(rng, seconds, between(rng, 500, 1400), 0.3)
    whine = level(harmonics(speed, seconds, [1, 0.3, 0.2, 0.1], rng))
    fan = airflow(rng, seconds, 150, between(rng, 900, 4000))
    gears = level(harmonics(between(rng, 120, 350), seconds, slope_amps(20, 3), rng))
    sheet = rng.uniform(0.8, 2)
    starts = np.arange(rng.uniform(0, 0.8), seconds, sheet)
    moving = gate(seconds, [(t, t + 0.7 * sheet) for t in starts], 0.05)
    paper = airflow(rng, seconds, 1200, 9000) * moving
    picks = knocks(rng, impulses(seconds, starts), 250, 3500, 0.012)
    x = rng.uniform(0.1, 0.5) * whine + 0.5 * fan + (0.1 + moving) * rng.uniform(0.3, 1) * gears
    x = x + rng.uniform(0.2, 0.7) * level(paper) + rng.uniform(0.3, 0.9) * picks
    return running(rng, tint(rng, x, 4), tags, steady=False)


@sound("scanner")
def scanner(rng: Rng) -> Sound:
    """Flatbed scanner: stepper motor singing steady notes as the lamp travels, then homing."""
    seconds = length(rng, 2)
    slow, quick = between(rng, 180, 600), between(rng, 700, 1800)
    back = rng.uniform(0.5, 1.1) * seconds
    freq = np.where(times(seconds) < back, slow, quick)
    amps = slope_amps(30, rng.uniform(1, 6)) * np.exp(0.6 * rng.standard_normal(30))
    stepper = harmonics(freq, seconds, amps, rng)
    pauses = beats(rng, seconds, between(rng, 0.4, 2.5), 0.4, 0.3)
    stops = 1 - gate(seconds, [(t, t + 0.06) for t in pauses])
    glide = airflow(rng, seconds, 400, 3500)
    knock = knocks(rng, impulses(seconds, np.array([0.03, back])), 300, 2500, 0.015)
    x = level(stepper * stops) + rng.uniform(0.05, 0.4) * glide + rng.uniform(0.1, 0.4) * knock
    tags: Tags = pitch(slow)
    return running(rng, tint(rng, x, 5), tags, steady=False)


@sound("hard_disk")
def hard_disk(rng: Rng) -> Sound:
    """Hard disk: steady spindle whirr with bursts of crisp seek ticks."""
    seconds = length(rng, 2)
    speed, tags = spin(rng, seconds, float(rng.choice([90.0, 120.0, 166.7])), 0.25)
    whirr = level(harmonics(speed, seconds, slope_amps(30, 3) * rng.uniform(0, 1, 30), rng))
    air = airflow(rng, seconds, 500, 6000)
    busy = np.clip(2.5 * drift(rng, seconds, between(rng, 1, 5)) - 0.2, 0, 1)
    marks = beats(rng, seconds, between(rng, 15, 70), 0.6)
    on = busy[(marks * RATE).astype(int)] > 0.1
    seeks = impulses(seconds, marks[on], np.exp(0.5 * rng.standard_normal(int(on.sum()))))
    low = between(rng, 700, 2200)
    ticks = knocks(rng, seeks + 1e-6, low, low * 3, between(rng, 0.002, 0.006))
    x = rng.uniform(0.2, 0.8) * whirr + rng.uniform(0.1, 0.5) * air + rng.uniform(0.3, 1.5) * ticks
    return running(rng, x, (*tags, "crisp", "irregular"), steady=False)


@sound("computer_fan")
def computer_fan(rng: Rng) -> Sound:
    """Computer fan: gentle air with a small blade-pass tone, sometimes ramping."""
    seconds = length(rng)
    speed, tags = spin(rng, seconds, between(rng, 12, 70), 0.35)
    blades = float(rng.integers(5, 12))
    tone = level(harmonics(speed * blades, seconds, slope_amps(5, rng.uniform(6, 12)), rng))
    air = airflow(rng, seconds, 150, between(rng, 700, 4500)) * speed
    coil = level(sine(between(rng, 2000, 9000), seconds))
    x = level(air) + rng.uniform(0.1, 0.8) * tone
    x = x + float(rng.choice([0, rng.uniform(0.01, 0.12)])) * coil
    return running(rng, tint(rng, x, 3), (*tags, "soft"))


@sound("keyboard_typing")
def keyboard_typing(rng: Rng) -> Sound:
    """Soft membrane keyboard: dull key-down thocks and lighter releases in human rhythm."""
    return _typing(rng, (350, 3200), (0.002, 0.007), 0.45, ("soft",))


@sound("mechanical_keyboard")
def mechanical_keyboard(rng: Rng) -> Sound:
    """Mechanical keyboard: sharp high clicks, then the clack of the key bottoming out."""
    return _typing(rng, (1600, 4800), (0.001, 0.004), 0.7, ("crisp",))


def _typing(
    rng: Rng, freqs: tuple[float, float], ring: tuple[float, float], noise: float, tags: Tags
) -> Sound:
    seconds = length(rng, 1.5)
    beat = rhythm(rng, seconds, 2, 15, rng.uniform(0.35, 0.7))  # a key a hand, at the fastest
    base, fall = between(rng, *freqs), between(rng, *ring)
    body = between(rng, 120, 320)
    hold = rng.uniform(0.05, 0.11)
    double = freqs[0] > 1000 and chance(rng, 0.7)

    def key(index: int) -> Array:
        big = chance(rng, 0.12)
        freq = base * rng.uniform(0.8, 1.25) * (0.6 if big else 1)
        down = mix(0.2, click(rng, freq, fall, noise), 0.5 * thump(rng, 0.05, body, 0.008))
        up = 0.35 * click(rng, freq * 1.3, fall * 0.8, noise)
        snap = 0.7 * click(rng, freq * 1.6, 0.001, noise) if double else np.zeros(1)
        lead = rng.uniform(0.006, 0.015)
        parts = [snap, down, up]
        return (
            rng.uniform(0.5, 1)
            * (1.4 if big else 1)
            * place(0.3, [0, lead, lead + hold * rng.uniform(0.7, 1.3)], lambda i: parts[i])
        )

    keys = [key(i) for i in range(min(8, len(beat.marks)))]
    pressed = rng.integers(len(keys), size=len(beat.marks))
    x = place(seconds, beat.marks, lambda i: rng.uniform(0.7, 1) * keys[pressed[i]])
    return events(rng, tint(rng, x, 4), (*beat.tags, *tags))


@sound("mouse_click")
def mouse_click(rng: Rng) -> Sound:
    """Mouse button: a tiny crisp down click and up click; single, double or repeated."""
    seconds = length(rng, 1, 4)
    beat = rhythm(rng, seconds, 0.7, 5, single=0.35)
    base, hold = between(rng, 2200, 5500), between(rng, 0.05, 0.14)
    double = chance(rng, 0.3)
    fall, body = between(rng, 0.0007, 0.002), between(rng, 500, 1200)

    def press(index: int) -> Array:
        down = mix(0.05, click(rng, base, fall), 0.4 * click(rng, body, 0.003, 0.1))
        up = 0.7 * click(rng, base * 1.15, fall)
        marks = [0, hold, hold + 0.09, 2 * hold + 0.09] if double else [0, hold]
        return place(0.5, marks, lambda i: (down, up)[i % 2])

    x = place(seconds, beat.marks, press)
    return events(rng, x, (*beat.tags, "crisp", "short"))


@sound("typewriter")
def typewriter(rng: Rng) -> Sound:
    """Mechanical typewriter: hard metallic type strikes, bell at the margin, carriage return."""
    seconds = length(rng, 2)
    end = seconds * rng.uniform(0.5, 1.3)
    beat = rhythm(rng, min(end, seconds), 2.5, 9, rng.uniform(0.2, 0.5))
    modes = between(rng, 700, 1600) * np.array([1, 1.7, 2.6, 3.9, 5.3])
    ring = between(rng, 0.006, 0.02)

    def strike_key(index: int) -> Array:
        hit = strike(rng, 0.15, modes * rng.uniform(0.93, 1.07, 5), ring, 1)
        platen = thump(rng, 0.1, 180, 0.012)
        lever = 0.25 * click(rng, 900, 0.004)
        return rng.uniform(0.7, 1) * place(
            0.2, [0.0, 0.025, 0.025], lambda i: (lever, hit, 0.5 * platen)[i]
        )

    keys = [strike_key(i) for i in range(6)]
    x = place(seconds, beat.marks, lambda i: rng.uniform(0.7, 1) * keys[rng.integers(6)])
    bell = strike(rng, 1.2, between(rng, 1900, 3200) * np.array([1, 2.7, 5.1]), 0.4)
    ratchet = place(0.6, beats(rng, 0.5, 60, 0.05), lambda i: click(rng, 1800, 0.002))
    x = x + place(seconds, [end], lambda i: 0.5 * bell)
    x = x + place(seconds, [end + 0.5], lambda i: 0.7 * ratchet)
    x = x + place(seconds, [end + 1.05], lambda i: 1.2 * strike(rng, 0.3, modes * 0.4, 0.03))
    return events(rng, x, (*beat.tags, "metallic", "crisp"))


@sound("cash_register")
def cash_register(rng: Rng) -> Sound:
    """Till: lever and key clatter, the bell, the drawer sliding out with jingling coins."""
    seconds = length(rng, 1.6, 3.5)
    start = rng.uniform(0.05, 0.4)
    keys = place(
        seconds,
        start + np.cumsum(rng.uniform(0.03, 0.12, int(rng.integers(2, 6)))),
        lambda i: strike(rng, 0.1, rng.uniform(400, 4000, 6), 0.008),
    )
    ding = start + rng.uniform(0.25, 0.6)
    modes = between(rng, 1600, 3200) * np.array([1, 2.0, 2.74, 4.1, 5.4])
    bell = place(seconds, [ding], lambda i: strike(rng, 2.0, modes, between(rng, 0.2, 0.7)))
    slide = airflow(rng, 0.35, 300, 4000) * np.sin(np.pi * times(0.35) / 0.35)
    drawer = place(seconds, [ding + 0.05], lambda i: slide)
    thud = place(
        seconds,
        [ding + 0.38],
        lambda i: thump(rng, 0.3, 120, 0.04) + strike(rng, 0.3, rng.uniform(300, 3000, 8), 0.03),
    )
    marks = ding + 0.35 + np.abs(rng.normal(0, 0.15, int(rng.integers(3, 15))))
    coins = place(
        seconds,
        marks,
        lambda i: rng.uniform(0.1, 0.4) * strike(rng, 0.2, rng.uniform(3500, 9000, 4), 0.04),
    )
    x = 0.5 * keys + bell + rng.uniform(0.1, 0.3) * drawer + 0.6 * thud + coins
    return events(rng, x, ("metallic", "bright"))


@sound("phone_vibration")
def phone_vibration(rng: Rng) -> Sound:
    """Phone vibrating on a table: buzz of the motor at 130 to 200 Hz, rattling, in pulses."""
    seconds = length(rng, 1.2)
    on, off = between(rng, 0.2, 1.2), between(rng, 0.1, 1.2)
    starts = np.arange(rng.uniform(0.02, 0.3), seconds, on + off)
    shape = lowpass(gate(seconds, [(t, t + on) for t in starts]), 25)
    freq = between(rng, 120, 210) * (0.7 + 0.3 * np.clip(shape, 0, 1))
    amps = slope_amps(40, rng.uniform(2, 7)) * np.exp(0.6 * rng.standard_normal(40))
    buzz = level(harmonics(freq, seconds, amps, rng) * shape)
    hits = firings(freq, list(np.exp(0.5 * rng.standard_normal(31)))) * shape
    low = between(rng, 300, 1200)
    table = knocks(rng, hits, low, low * 6, 0.004)
    x = buzz + rng.uniform(0.05, 1.2) * table
    tags: Tags = ("single",) if len(starts) == 1 else ("repeated", "regular", "intermittent")
    return events(rng, tint(rng, x, 4), (*tags, "low"))
