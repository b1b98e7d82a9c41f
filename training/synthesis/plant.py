"""Plant around machines: escaping air and steam, valves, pipes, relays, presses, hum."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    beats,
    between,
    chance,
    click,
    coloured,
    drift,
    fm,
    grain_cloud,
    harmonics,
    highpass,
    impulses,
    length,
    level,
    lowpass,
    noise_tone,
    place,
    plate_modes,
    slope_amps,
    strike,
    thump,
    times,
    white,
)
from training.synthesis.finish import Tags, events, pole, rhythm, running
from training.synthesis.registry import Sound, sound
from training.synthesis.sources import airflow, envelope_of, knocks, mains, rumble


@sound("air_leak_hiss")
def air_leak_hiss(rng: Rng) -> Sound:
    """Compressed air escaping: steady bright hiss, sometimes with a faint whistle."""
    seconds = length(rng)
    low = between(rng, 1500, 5500)
    hiss = airflow(rng, seconds, low, between(rng, 8000, 14000))
    whistle = noise_tone(rng, seconds, low * (1 + 0.03 * drift(rng, seconds, 3)), 60)
    x = hiss + float(rng.choice([0.0, rng.uniform(0.1, 0.7)])) * whistle
    return running(rng, x, ("high", "bright"))


@sound("steam_hiss")
def steam_hiss(rng: Rng) -> Sound:
    """Steam jet: roaring broadband hiss, fluttering and spitting, wider and lower than air."""
    seconds = length(rng)
    flutter = 1 + 0.3 * drift(rng, seconds, between(rng, 8, 40)) + 0.3 * drift(rng, seconds, 2)
    jet = airflow(rng, seconds, between(rng, 250, 900), between(rng, 4000, 11000)) * flutter
    spit = grain_cloud(rng, seconds, between(rng, 20, 300), (1500, 8000), (0.0005, 0.004), 6)
    x = level(jet) + rng.uniform(0.05, 0.4) * spit + rng.uniform(0, 0.5) * rumble(rng, seconds, 300)
    return running(rng, x, ("harsh",))


@sound("pneumatic_actuator")
def pneumatic_actuator(rng: Rng) -> Sound:
    """Air cylinder: valve click, puff of air, end-stop clunk, and again."""
    seconds = length(rng, 1.5)
    beat = rhythm(rng, seconds, 0.5, 3.5, single=0.35)
    low, clunk = between(rng, 600, 3500), between(rng, 120, 500)
    stroke, puff_fall = between(rng, 0.08, 0.35), between(rng, 0.04, 0.25)

    def cycle(index: int) -> Array:
        puff = bandpass(white(rng, 0.9), low, 11000) * np.exp(-times(0.9) / puff_fall)
        stop = strike(rng, 0.3, clunk * rng.uniform(1, 7, 7), 0.03)
        latch = strike(rng, 0.05, rng.uniform(1800, 6000, 5), 0.003)
        puff[: len(latch)] += 0.4 * latch
        end = place(0.9, [stroke], lambda _: stop)
        return rng.uniform(0.8, 1) * (level(puff) * 0.3 + rng.uniform(0.2, 0.9) * end)

    x = place(seconds, beat.marks, cycle)
    x = x + rng.uniform(0.001, 0.02) * mains(rng, seconds, 8)
    return events(rng, x, beat.tags)


@sound("valve_chatter")
def valve_chatter(rng: Rng) -> Sound:
    """Valve disc hammering its seat many times a second, with flow noise behind."""
    seconds = length(rng)
    rate = between(rng, 9, 55)
    marks = beats(rng, seconds, rate, rng.uniform(0.02, 0.25))
    hits = impulses(seconds, marks, np.exp(0.4 * rng.standard_normal(len(marks))))
    bursts = np.clip(0.7 + drift(rng, seconds, 3), 0.05, 1)
    low = between(rng, 300, 1500)
    chatter = knocks(rng, hits * bursts, low, low * 6, between(rng, 0.003, 0.015))
    flow = airflow(rng, seconds, 300, between(rng, 1500, 9000))
    flow = flow * (0.4 + level(envelope_of(hits, 0.01)))
    x = chatter + rng.uniform(0.1, 0.7) * level(flow)
    return running(rng, x, ("metallic", "fast", "repeated", "harsh"), steady=False)


@sound("water_hammer")
def water_hammer(rng: Rng) -> Sound:
    """Pipe bang when a valve shuts: a heavy thud and dying echoes along rattling pipe."""
    seconds = length(rng, 1.5, 4)
    base = between(rng, 60, 200)
    gap, kept = between(rng, 0.07, 0.3), rng.uniform(0.3, 0.75)
    first = rng.uniform(0.05, 0.5)
    count = int(rng.integers(1, 9))
    pipe = base * rng.uniform(1, 14, 9)

    def bang(index: int) -> Array:
        body = thump(rng, 0.5, base, 0.06, 0.2) + 0.6 * strike(rng, 0.5, pipe, 0.12, -3)
        return kept**index * body

    x = place(seconds, first + gap * np.arange(count), bang)
    flow = airflow(rng, seconds, 400, 4000) * (times(seconds) < first)
    x = x + rng.uniform(0, 0.15) * lowpass(flow, 4000)
    tags: Tags = ("single",) if count == 1 else ("repeated", "fading")
    return events(rng, x, (*tags, "dull", "low"))


@sound("electrical_hum")
def electrical_hum(rng: Rng) -> Sound:
    """Ground-loop hum and buzz of audio gear or cables: mains harmonics, odd ones too."""
    seconds = length(rng)
    base = float(rng.choice([50.0, 60.0]))
    fall = rng.uniform(0.5, 12)
    amps = slope_amps(80, fall) * np.exp(0.4 * rng.standard_normal(80))
    x = level(harmonics(base, seconds, amps, rng))
    if chance(rng, 0.4):
        x = level(np.tanh(2 * x) + 0.3 * fm(base, seconds, 2, rng.uniform(1, 6)))
    x = x + rng.uniform(0.002, 0.05) * coloured(rng, seconds, -2)
    return running(rng, x, ("low", *pole(fall, 3, 9, "harsh", "soft")))


@sound("relay_click")
def relay_click(rng: Rng) -> Sound:
    """Relay or contactor: a crisp click with contact bounce, sometimes clicking on and off."""
    seconds = length(rng, 1, 4)
    beat = rhythm(rng, seconds, 0.5, 9, single=0.3)
    pitch_on, heavy = between(rng, 900, 4500), chance(rng, 0.4)
    drop = rng.uniform(0.7, 1.0)

    def clack(index: int) -> Array:
        freq = pitch_on * (1.0 if index % 2 == 0 else drop)
        bounces = np.concatenate([[0.0], np.cumsum(rng.uniform(0.0008, 0.005, 3))])
        body = place(0.08, bounces, lambda i: 0.45**i * click(rng, freq, 0.0012, 0.4))
        return body + (0.8 * strike(rng, 0.08, rng.uniform(150, 700, 5), 0.015) if heavy else 0.0)

    x = place(seconds, beat.marks, clack)
    return events(rng, x, (*beat.tags, "short", "dull" if heavy and pitch_on < 1500 else "crisp"))


@sound("press_stamping")
def press_stamping(rng: Rng) -> Sound:
    """Stamping press: a huge low slam with metal ring and air release, at a steady stroke."""
    seconds = length(rng, 2)
    beat = rhythm(rng, seconds, 0.6, 4, 0.01, single=0.1)
    base, sheet = between(rng, 40, 110), between(rng, 250, 900)
    ring, air = between(rng, 0.05, 0.3), rng.uniform(0, 0.5)
    modes = np.abs(plate_modes(rng, sheet, 14)) + 50

    def slam(index: int) -> Array:
        hit = thump(rng, 0.8, base, 0.08) + 0.7 * strike(rng, 0.8, modes, ring, -2)
        crunch = lowpass(white(rng, 0.8), 3500) * np.exp(-times(0.8) / 0.02)
        puff = highpass(white(rng, 0.8), 2500) * np.clip(times(0.8) / 0.1 - 1, 0, 1)
        return hit + 0.3 * crunch + 0.1 * air * puff * np.exp(-times(0.8) / 0.15)

    hits = [slam(i) for i in range(min(4, len(beat.marks)))]
    x = place(seconds, beat.marks, lambda i: rng.uniform(0.7, 1) * hits[i % len(hits)])
    x = x + rng.uniform(0.01, 0.1) * (mains(rng, seconds, 8) + rumble(rng, seconds))
    return events(rng, x, (*beat.tags, "metallic"))
