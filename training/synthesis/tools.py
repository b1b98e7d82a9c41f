"""Hand and power tools at work."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    beats,
    between,
    chance,
    click,
    convolve,
    drift,
    firings,
    gain,
    gate,
    grain_cloud,
    harmonics,
    impulses,
    length,
    level,
    lowpass,
    mix,
    phase,
    place,
    resonate,
    slope_amps,
    strike,
    thump,
    tint,
)
from training.synthesis.finish import Tags, events, pace, rhythm, running
from training.synthesis.materials import outdoors
from training.synthesis.registry import Sound, sound
from training.synthesis.sources import (
    airflow,
    brushed_motor,
    combustion,
    envelope_of,
    knocks,
    mains,
    spin,
)


@sound("electric_drill")
def electric_drill(rng: Rng) -> Sound:
    """Drill: brushed motor with gear whine, trigger run-up, load sag; some with hammer action."""
    seconds = length(rng)
    speed, tags = spin(rng, seconds, between(rng, 180, 480), 0.4)
    load = np.clip(0.5 + 0.7 * drift(rng, seconds, 1.5), 0, 1)
    motor = brushed_motor(rng, seconds, speed * (1 - 0.25 * load), rng.uniform(0.1, 0.9))
    gears = level(harmonics(speed * rng.uniform(2, 5), seconds, slope_amps(6, 5), rng))
    bite = airflow(rng, seconds, 600, between(rng, 2000, 7000)) * load
    x = motor + rng.uniform(0.1, 0.5) * gears + rng.uniform(0.1, 0.8) * bite
    if chance(rng, 0.35):
        hits = impulses(seconds, beats(rng, seconds, between(rng, 25, 60), 0.03))
        x = x + rng.uniform(0.5, 1.5) * knocks(rng, hits, 300, 4500, 0.005)
    return running(rng, tint(rng, x, 4), (*tags, "harsh"))


@sound("angle_grinder")
def angle_grinder(rng: Rng) -> Sound:
    """Angle grinder: high motor scream and a bright rasp of the disc when it touches metal."""
    seconds = length(rng)
    speed, tags = spin(rng, seconds, between(rng, 280, 560), 0.25)
    touch = np.clip(0.5 + 1.5 * drift(rng, seconds, between(rng, 0.8, 3)), 0, 1)
    motor = brushed_motor(rng, seconds, speed * (1 - 0.2 * touch), 0.5)
    disc = harmonics(speed * (1 - 0.2 * touch) * 0.33, seconds, slope_amps(40, 2), rng)
    rasp = airflow(rng, seconds, between(rng, 2000, 4500), 12000) * touch
    ring = resonate(rasp, list(rng.uniform(1500, 7000, 4)), [60.0] * 4, [1.0] * 4)
    x = motor + rng.uniform(0.1, 0.4) * level(disc) + rng.uniform(0.5, 1.6) * rasp
    return running(rng, x + 0.4 * level(ring), (*tags, "harsh", "high", "metallic"), False)


@sound("circular_saw")
def circular_saw(rng: Rng) -> Sound:
    """Circular saw: motor and tooth whine; dips and tears loudly while cutting wood."""
    seconds = length(rng, 2)
    speed, tags = spin(rng, seconds, between(rng, 60, 95), 0.3)
    start = rng.uniform(0, 0.5) * seconds
    cut = gate(seconds, [(start, start + rng.uniform(0.4, 0.9) * seconds)], 0.15)
    cut = cut * (0.8 + 0.2 * drift(rng, seconds, 8)) * float(rng.choice([0, 1], p=[0.2, 0.8]))
    turning = speed * (1 - rng.uniform(0.05, 0.2) * cut)
    teeth = float(rng.integers(24, 60))
    whine = level(harmonics(turning * teeth, seconds, slope_amps(4, 6), rng))
    motor = brushed_motor(rng, seconds, turning * 4, 0.5)
    tear = airflow(rng, seconds, 700, between(rng, 4000, 9000))
    tear = tear * cut * (1 + 0.5 * harmonics(turning, seconds, [1, 0.5], rng))
    x = rng.uniform(0.4, 1) * whine * (1 + cut) + 0.6 * motor + rng.uniform(0.8, 2) * tear
    return running(rng, x, (*tags, "harsh"), steady=False)


@sound("chainsaw")
def chainsaw(rng: Rng) -> Sound:
    """Chainsaw: rasping two-stroke engine revving and loading, chain noise."""
    seconds = length(rng, 2)
    idle, full = between(rng, 2400, 3400), between(rng, 7500, 12500)
    throttle = np.clip(0.5 + 1.6 * drift(rng, seconds, between(rng, 0.5, 2.5)), 0, 1)
    cutting = chance(rng, 0.6)
    rpm = idle + (full - idle) * lowpass(throttle, 3) * (0.75 if cutting else 1)
    engine = combustion(rng, np.maximum(rpm, idle * 0.8), 1, 0.3, rng.uniform(0.6, 1), strokes=2)
    chain = airflow(rng, seconds, 1200, 8000) * throttle
    x = engine * (0.4 + 0.6 * throttle) + rng.uniform(0.1, 0.6) * chain
    return running(rng, tint(rng, x, 4), ("harsh",), steady=False)


def _throttle(rng: Rng, seconds: float) -> Array:
    """How far a chainsaw's throttle is open: idling with blips, or one long pull."""
    if chance(rng, 0.5):
        marks = beats(rng, seconds, between(rng, 0.5, 2.5), 0.5, rng.uniform(0, 0.6))
        spans = [(mark, mark + between(rng, 0.12, 0.9)) for mark in marks]
    else:
        start = rng.uniform(-1, 0.4) * seconds
        spans = [(start, start + rng.uniform(0.5, 1.5) * seconds)]
    spans = [(max(start, 0.01), min(end, seconds)) for start, end in spans if end > 0.1]
    pulls = [gate(seconds, [span], 0.05) for span in spans]  # which may overlap
    return np.max([gate(seconds, []), *pulls], axis=0)


@sound("chainsaw")
def chainsaw_revving(rng: Rng) -> Sound:
    """Chainsaw: harmonics far up that glide with the throttle; idling, blipped, or in the wood."""
    seconds = length(rng, 3.5)
    pulled = _throttle(rng, seconds)
    speed = np.clip(lowpass(pulled, between(rng, 0.8, 3), 1), 0, 1)
    load = pulled * rng.uniform(0, 0.35) * (0.7 + 0.3 * drift(rng, seconds, 4))
    idle, full = between(rng, 38, 60), between(rng, 110, 230)
    turns = (idle + (full - idle) * speed * (1 - load)) * (1 + 0.01 * drift(rng, seconds, 6))
    amps = slope_amps(80, rng.uniform(0, 5)) * np.exp(0.5 * rng.standard_normal(80))
    bark = harmonics(turns, seconds, amps)
    exhaust = list(between(rng, 150, 500) * np.cumprod(rng.uniform(1.4, 2.4, 5)))
    falls = list(gain(-rng.uniform(0, 5)) ** np.arange(5))
    engine = bark + 2 * resonate(bark, exhaust, [freq / 3 for freq in exhaust], falls)
    barks = firings(turns, [1.0])
    puffs = airflow(rng, seconds, 400, between(rng, 3000, 9000)) * envelope_of(barks, 0.003)
    chain = airflow(rng, seconds, between(rng, 400, 2500), 9000, -6) * (0.1 + speed)
    x = level(engine) + rng.uniform(0.1, 0.6) * level(puffs)
    x = x * (0.3 + 0.7 * lowpass(pulled, 4, 1)) + rng.uniform(0.03, 0.5) * chain
    x = tint(rng, x, 6)
    return running(rng, outdoors(rng, x) if chance(rng, 0.6) else x, ("harsh",), steady=False)


@sound("jackhammer")
def jackhammer(rng: Rng) -> Sound:
    """Pneumatic breaker: 12 to 30 heavy blows a second on concrete, air exhaust with each."""
    seconds = length(rng, 2)
    rate = between(rng, 12, 32)
    marks = beats(rng, seconds, rate, 0.02)
    hits = impulses(seconds, marks, rng.uniform(0.7, 1, len(marks)))
    steel = knocks(rng, hits, 500, 4500, between(rng, 0.004, 0.015))
    ground = convolve(hits, thump(rng, 0.06, between(rng, 70, 150), 0.012))
    exhaust = airflow(rng, seconds, 300, 5000) * envelope_of(hits, 0.5 / rate)
    x = rng.uniform(0.4, 1) * steel + rng.uniform(0.6, 1.2) * level(ground) + 0.6 * level(exhaust)
    return running(rng, x, ("harsh", "fast", "repeated"), steady=False)


@sound("hammering")
def hammering(rng: Rng) -> Sound:
    """Hammer on a nail, wood or metal: hard crack and the ring of the thing struck."""
    seconds = length(rng, 1.2)
    beat = rhythm(rng, seconds, 0.9, 6, single=0.15)
    metal = chance(rng, 0.5)
    base = between(rng, 300, 1400) if metal else between(rng, 120, 450)
    modes = base * np.concatenate([[1.0], rng.uniform(1.3, 11, 10)])
    ring = between(rng, 0.05, 0.4) if metal else between(rng, 0.01, 0.035)
    slip = rng.uniform(0, 0.04)

    def blow(index: int) -> Array:
        body = strike(rng, 1.0, modes * (1 + slip * index), ring, 2 if metal else -3)
        head = click(rng, between(rng, 1800, 3500), 0.003, 0.6)
        thud = thump(rng, 1.0, base * 0.6, 0.03)
        return rng.uniform(0.7, 1) * mix(1.0, body, 0.5 * head, thud * (0.3 if metal else 0.8))

    hits = [blow(i) for i in range(min(4, len(beat.marks)))]
    x = place(seconds, beat.marks, lambda i: rng.uniform(0.7, 1) * hits[i % len(hits)])
    return events(rng, x, (*beat.tags, "metallic" if metal else "dull"))


@sound("hand_saw")
def hand_saw(rng: Rng) -> Sound:
    """Hand saw: push and pull strokes of rasping teeth through wood, or hacksaw on metal."""
    seconds = length(rng, 2)
    rate = between(rng, 1.0, 4.5)
    stroke = rate * (1 + 0.15 * drift(rng, seconds, 2))
    swing = np.sin(phase(stroke / 2, seconds))
    push = np.abs(swing) ** 0.7 * np.where(swing > 0, 1.0, rng.uniform(0.15, 0.8))
    metal = chance(rng, 0.3)
    low = between(rng, 1500, 3000) if metal else between(rng, 400, 1400)
    rasp = airflow(rng, seconds, low, low * rng.uniform(3, 6))
    teeth = 0.5 + 0.5 * np.sin(phase(between(rng, 60, 240) * np.abs(swing) + 5, seconds))
    blade = resonate(rasp * push, list(low * rng.uniform(0.6, 3, 5)), [80.0] * 5, [1.0] * 5)
    x = level(rasp * push * (0.4 + teeth)) + rng.uniform(0.2, 0.8) * level(blade)
    tags: Tags = ("repeated", *pace(rate), "intermittent", "harsh")
    return events(rng, x, (*tags, "metallic") if metal else tags)


@sound("sanding")
def sanding(rng: Rng) -> Sound:
    """Sandpaper strokes by hand, or an orbital sander: soft bright scratching noise."""
    seconds = length(rng, 2)
    low = between(rng, 900, 3500)
    grit = airflow(rng, seconds, low, between(rng, 6000, 13000))
    if chance(rng, 0.3):
        speed = np.full(len(grit), between(rng, 130, 220)) * (1 + 0.04 * drift(rng, seconds, 2))
        x = 0.7 * grit + brushed_motor(rng, seconds, speed, 0.3)
        return running(rng, x, ("harsh",))
    rate = between(rng, 1.5, 6)
    swing = np.sin(phase(rate / 2 * (1 + 0.15 * drift(rng, seconds, 2)), seconds))
    x = grit * np.abs(swing) ** rng.uniform(0.7, 2) * np.where(swing > 0, 1, rng.uniform(0.3, 1))
    return events(rng, x, ("repeated", "intermittent", *pace(rate), "soft"))


@sound("welding")
def welding(rng: Rng) -> Sound:
    """Arc welding: frying crackle on a mains-rate buzz, starting and stopping; or gas roar."""
    seconds = length(rng, 2)
    fry = grain_cloud(
        rng, seconds, between(rng, 300, 2500), (800, 8000), (0.0002, 0.002), 8, spread=1.3
    )
    arc = airflow(rng, seconds, 500, 7000) * (0.6 + 0.4 * mains(rng, seconds, 2))
    unsteady = np.clip(0.8 + 0.5 * drift(rng, seconds, between(rng, 5, 20)), 0.1, 1.5)
    x = (fry + rng.uniform(0.3, 1.2) * arc) * unsteady
    x = x + rng.uniform(0.05, 0.4) * mains(rng, seconds, 3)
    return running(rng, tint(rng, x, 4), ("harsh", "crisp"), steady=False)
