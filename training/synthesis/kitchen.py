"""In the kitchen: machines, the stove, eggs, ice and grain."""

import numpy as np

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
    grain_cloud,
    harmonics,
    length,
    level,
    lowpass,
    mix,
    modal,
    place,
    ramp,
    sine,
    slope_amps,
    strike,
    thump,
    tint,
    unit,
)
from training.synthesis.finish import (
    Tags,
    events,
    pace,
    pitch,
    pole,
    regularity,
    rhythm,
    running,
)
from training.synthesis.materials import (
    bounces,
    bubble_cloud,
    burst,
    crackle,
    denser,
    flutter,
    glass,
    gusts,
    hiss,
    in_a_row,
    metal,
    often,
    once,
    scatter,
    swell,
    through,
    wooden,
)
from training.synthesis.registry import Sound, sound
from training.synthesis.sources import airflow, casing, mains, rumble
from training.synthesis.voice import late

# --- machines --------------------------------------------------------------------------------


@sound("dishwasher")
def dishwasher(rng: Rng) -> Sound:
    """Dishwasher: jets of the turning arm sweep past the door, over the hum of the wash pump."""
    seconds = length(rng, 2.5)
    turn = between(rng, 0.5, 3.0)
    sweep = 0.15 + np.clip(sine(turn, seconds, rng.uniform(0, 6)), 0, 1) ** 1.5
    sweep = sweep * (1 + 0.2 * drift(rng, seconds, 5))
    jets = airflow(rng, seconds, between(rng, 150, 450), between(rng, 900, 4000)) * sweep
    patter = grain_cloud(rng, seconds, between(rng, 150, 900), (300, 2400), (0.002, 0.01), 8, sweep)
    pump = mains(rng, seconds, rng.uniform(6, 14)) + 0.4 * rumble(rng, seconds, 300)
    x = level(jets) + rng.uniform(0.2, 1) * patter + rng.uniform(0.2, 1.2) * pump
    x = lowpass(x, between(rng, 800, 5000), 1)
    tags: Tags = ("dull", "repeated", "regular", *pace(turn))
    return running(rng, casing(rng, x, between(rng, 80, 250), share=0.3), tags, steady=False)


@sound("toaster_pop")
def toaster_pop(rng: Rng) -> Sound:
    """Toaster: the latch lets go, a spring throws the carriage up and the tin case rings."""
    case, ring = between(rng, 180, 800), between(rng, 0.015, 0.11)
    coil = between(rng, 90, 320) * np.array([1, 2.7, 5.1, 7.9])

    def knock(first: float) -> Array:
        marks, sizes = bounces(rng, first, rng.uniform(0.4, 0.65))
        hits = [metal(rng, case * rng.uniform(0.9, 1.2), ring, 10) for _ in range(3)]
        seconds = float(marks[-1]) + 0.5
        body = thump(rng, 0.2, between(rng, 90, 220), 0.02)
        rattle = scatter(rng, seconds, marks, sizes, hits)
        return mix(seconds, rattle, rng.uniform(0.2, 0.9) * body)

    up = knock(between(rng, 0.04, 0.13))
    twang = modal(0.6, coil, between(rng, 0.03, 0.16), [1, 0.6, 0.4, 0.2], rng)
    latch = click(rng, between(rng, 1400, 4500), 0.002, 0.6)
    pop = mix(0.7, 0.5 * latch, late(up, 0.02), late(rng.uniform(0.1, 0.6) * unit(twang), 0.02))
    tags: Tags = ("metallic", *pole(case, 300, 500, "low", "bright"))
    if chance(rng, 0.35):
        slide = hiss(rng, 0.15, 800, 6000) * swell(0.15, 0.7) * 0.1
        wait = np.zeros(int(between(rng, 0.3, 2.0) * 32_000))
        return events(rng, in_a_row(slide, 0.6 * knock(0.03), wait, pop), (*tags, "repeated"))
    return once(rng, pop, (*tags, "short"))


@sound("espresso_machine")
def espresso_pump(rng: Rng) -> Sound:
    """Espresso machine: its vibrating pump buzzes at mains rate, dropping under pressure."""
    seconds = length(rng, 2)
    drop = ramp(seconds, [(0, 1), (rng.uniform(0.3, 1.5), rng.uniform(0.55, 1)), (seconds, 0.7)])
    base = float(rng.choice([50.0, 60.0])) * rng.choice([1.0, 1.0, 2.0])
    amps = slope_amps(60, rng.uniform(1.5, 5)) * np.exp(0.5 * rng.standard_normal(60))
    pump = level(harmonics(base, seconds, amps, rng)) * drop
    rattle = hiss(rng, seconds, 900, 6000) * np.clip(sine(base, seconds), 0, 1) ** 3
    drip = bubble_cloud(rng, seconds, between(rng, 4, 40), (400, 2000), 0.1)
    x = casing(rng, pump + rng.uniform(0.1, 0.8) * rattle, between(rng, 120, 400), share=0.6)
    x = x + rng.uniform(0, 0.3) * drip
    return running(rng, x, ("low", "harsh"))


@sound("espresso_machine")
def milk_frothing(rng: Rng) -> Sound:
    """Steam wand in milk: a tearing hiss with a screech that sinks as the jug fills with foam."""
    seconds = length(rng, 2)
    start = between(rng, 500, 2500)
    end = start * rng.choice([rng.uniform(0.3, 0.7), rng.uniform(0.9, 1.3)])
    tone = ramp(seconds, [(0, start), (seconds, end)], log=True)
    tone = tone * (1 + 0.06 * drift(rng, seconds, 8))
    screech = level(harmonics(tone, seconds, slope_amps(8, rng.uniform(3, 9)), rng))
    screech = screech * np.clip(0.5 + drift(rng, seconds, 6), 0, 1)
    air = airflow(rng, seconds, between(rng, 500, 1500), between(rng, 4000, 10_000))
    roar = airflow(rng, seconds, 120, between(rng, 500, 1200)) * flutter(rng, seconds, 40, 0.5)
    x = level(air * flutter(rng, seconds, 150, 0.4)) + rng.uniform(0.05, 0.7) * screech
    tags: Tags = ("harsh",) + (("falling",) if end < 0.8 * start else ())
    return running(rng, tint(rng, x + rng.uniform(0.2, 1.0) * roar, 4), tags)


@sound("pressure_cooker")
def pressure_cooker_jiggle(rng: Rng) -> Sound:
    """Pressure cooker: steam lifts the weight in puffs, and it falls back jiggling on its pipe."""
    seconds = length(rng, 2.5)
    when = rhythm(rng, seconds, 1.0, 8.0, float(rng.choice([0.04, 0.1, 0.4])))
    low, share = between(rng, 1200, 3500), rng.uniform(0.5, 0.9)
    span = share / max(when.rate, 0.7)
    puffs = [swell(span * rng.uniform(0.8, 1.2), rng.uniform(0.1, 0.4), 0.7) for _ in range(4)]
    jets = place(seconds, when.marks, lambda i: puffs[i % 4])
    steam = hiss(rng, seconds, low, between(rng, 7000, 13_000)) * (rng.uniform(0.03, 0.3) + jets)
    weight = [metal(rng, between(rng, 900, 3200), 0.015, 8) for _ in range(4)]
    hits = denser(rng, between(rng, 5, 35), jets)
    rattle = scatter(rng, seconds, hits, np.exp(0.5 * rng.standard_normal(len(hits))), weight)
    boil = rumble(rng, seconds, 400)
    x = level(steam) + rng.uniform(0.2, 1.2) * level(rattle) + rng.uniform(0, 0.3) * boil
    return events(rng, x, ("high", *when.tags))


@sound("pressure_cooker")
def steam_valve(rng: Rng) -> Sound:
    """Pressure or rice cooker letting steam off: a thin jet with a whistle, at times spitting."""
    seconds = length(rng, 2)
    jet = hiss(rng, seconds, between(rng, 1500, 4500), between(rng, 8000, 14_000))
    whistle = sine(between(rng, 1500, 5500) * (1 + 0.03 * drift(rng, seconds, 4)), seconds)
    spit = np.clip(0.7 + rng.uniform(0.1, 0.8) * drift(rng, seconds, between(rng, 3, 15)), 0, 2)
    x = jet * spit + rng.uniform(0, 0.4) * whistle * np.clip(drift(rng, seconds, 3), 0, 1)
    lid = bubble_cloud(rng, seconds, between(rng, 10, 60), (200, 900), 0.1)
    return running(rng, x + rng.uniform(0, 0.3) * lid, ("high",), steady=False)


@sound("gas_stove_ignition")
def gas_stove_ignition(rng: Rng) -> Sound:
    """Gas stove: sparks click evenly, the gas catches with a soft whoomp, the flame hisses on."""
    rate, spread = between(rng, 1.8, 14), rng.uniform(0.01, 0.06)
    spark = click(rng, between(rng, 1500, 5500), between(rng, 0.0008, 0.003), rng.uniform(0.3, 0.8))
    body = metal(rng, between(rng, 400, 1500), 0.01, 6)
    clicking = between(rng, 0.6, 3.0)
    start = rng.uniform(0.05, 0.4)
    marks = beats(rng, start + clicking, rate, spread, start)
    caught = chance(rng, 0.7)
    seconds = min(5.0, start + clicking + (rng.uniform(0.6, 2.0) if caught else 0.3))
    one = mix(0.08, spark, rng.uniform(0.1, 0.5) * body)
    x = place(seconds, marks, lambda i: one)
    if caught:
        at = float(marks[-1]) + 0.05
        whoomp = burst(rng, between(rng, 0.05, 0.16), 50, between(rng, 300, 900), 0.03)
        flame = hiss(rng, seconds, 200, between(rng, 1500, 5000)) * flutter(rng, seconds, 15, 0.3)
        flame = 0.06 * rng.uniform(0.3, 1.5) * flame * gate(seconds, [(at, seconds + 1)], 0.2)
        x = mix(seconds, x, late(rng.uniform(0.5, 1.5) * whoomp, at), flame)
    knob = 0.6 * click(rng, between(rng, 700, 1800), 0.004, 0.5)
    tags: Tags = ("crisp", "repeated", *pace(rate))
    return events(rng, mix(seconds, knob, x), (*tags, "regular") if len(marks) > 3 else tags)


# --- by hand ---------------------------------------------------------------------------------


@sound("egg_cracking")
def egg_cracking(rng: Rng) -> Sound:
    """Egg: a tap or two on the rim, the shell crunches apart, the inside plops out."""
    rim = between(rng, 600, 2600)
    bowl = [metal(rng, rim, between(rng, 0.008, 0.05), 8), wooden(rng, rim / 2, 0.012, 0.6)]
    vessel = bowl[int(chance(rng, 0.5))]

    def egg(i: int) -> Array:
        taps = []
        for _ in range(int(rng.integers(1, 4))):
            shell = burst(rng, between(rng, 0.002, 0.006), 900, 7000)
            tap = mix(0.1, shell, rng.uniform(0.1, 0.5) * vessel)
            taps += [rng.uniform(0.5, 1) * tap, np.zeros(int(rng.uniform(0.03, 0.25) * 32_000))]
        each = between(rng, 0.08, 0.35)
        marks = denser(rng, between(rng, 80, 350), swell(each, 0.3))
        crunch = crackle(rng, each, marks, (1200, 6500), (0.0005, 0.003), 1.6)
        plop = bubble_cloud(rng, 0.25, 30, (150, 700), 0.2, swell(0.25, 0.15))
        wet = 0.5 * thump(rng, 0.2, between(rng, 90, 260), 0.03) + 0.2 * unit(plop[: 32_000 // 5])
        gap = np.zeros(int(rng.uniform(0.05, 0.3) * 32_000))
        return in_a_row(*taps, 0.7 * crunch, gap, rng.uniform(0.1, 0.7) * wet)

    return often(rng, egg, 0.3, 0.7, ("crisp",), 0.3, 0.7)


@sound("hand_whisking")
def hand_whisking(rng: Rng) -> Sound:
    """Whisk or chopsticks beating in a bowl: each stroke strikes the wall and throws the liquid."""
    seconds = length(rng, 2.0)
    rate, spread = between(rng, 2.2, 9.0), float(rng.choice([0.03, 0.08, 0.3]))
    marks = beats(rng, seconds, rate, spread, rng.uniform(0, 0.2))
    wall = between(rng, 500, 3000)
    wires = [
        metal(rng, wall * rng.uniform(0.8, 1.3), between(rng, 0.008, 0.06), 8) for _ in range(6)
    ]
    stroke = [swell(0.9 / rate, rng.uniform(0.2, 0.5)) for _ in range(3)]
    hand = place(seconds, marks, lambda i: stroke[i % 3])
    hits = denser(rng, rate * between(rng, 2, 9), hand**2)
    ticks = scatter(rng, seconds, hits, np.exp(0.6 * rng.standard_normal(len(hits))), wires)
    slosh = airflow(rng, seconds, 250, between(rng, 1200, 4500)) * hand
    drops = bubble_cloud(rng, seconds, between(rng, 20, 120), (300, 1800), 0.15, hand)
    x = level(ticks) + rng.uniform(0.2, 1.2) * level(slosh) + rng.uniform(0.1, 0.6) * drops
    tempo = pole(rate, 3.5, 5.5, "slow", "fast")
    return events(rng, x, ("metallic", "repeated", *regularity(marks), *tempo))


@sound("ice_cubes")
def ice_cubes(rng: Rng) -> Sound:
    """Ice cubes in a glass: hard dull knocks make the wall ring, dropped in or swirled about."""
    base, ring = between(rng, 900, 3200), between(rng, 0.015, 0.16)
    cubes = []
    for _ in range(6):
        hit = mix(
            0.3,
            glass(rng, base * rng.uniform(0.9, 1.15), ring * rng.uniform(0.5, 1.3)),
            rng.uniform(0.3, 1.2) * click(rng, between(rng, 1200, 3500), 0.003, 0.5),
        )
        cubes.append(unit(hit))
    tags: Tags = ("crisp", "bright", *pitch(base))
    if chance(rng, 0.4):

        def drop(i: int) -> Array:
            marks, sizes = bounces(rng, between(rng, 0.04, 0.16), rng.uniform(0.35, 0.6))
            return scatter(rng, float(marks[-1]) + 0.35, marks, sizes, cubes)

        return often(rng, drop, 0.8, 3.5, tags, None, 0.35)
    seconds = length(rng, 1.5)
    rate = between(rng, 3, 16)
    turn = 0.1 + np.clip(sine(between(rng, 0.7, 3), seconds, rng.uniform(0, 6)), 0, 1)
    marks = denser(rng, rate, turn * gusts(rng, seconds, 1.5, 6))
    x = scatter(rng, seconds, marks, np.exp(0.6 * rng.standard_normal(len(marks))), cubes)
    drink = hiss(rng, seconds, 300, 2500) * turn
    x = x + rng.uniform(0, 0.04) * drink
    return events(rng, x, (*tags, "repeated", "irregular", *pole(rate, 5, 10, "slow", "fast")))


@sound("grains_pouring")
def grains_pouring(rng: Rng) -> Sound:
    """Rice, beans or cereal poured: a rain of small hits, on the bowl at first, then on itself."""
    each = between(rng, 0.6, 4.2)
    size = between(rng, 0.5, 3.0)
    hard = between(rng, 700, 3000)
    vessel = [metal(rng, hard, between(rng, 0.01, 0.06), 8) for _ in range(2)]
    grain = [
        strike(rng, 0.02, between(rng, 1800, 6500) / size * np.array([1, 1.7, 2.4]), 0.0015 * size)
        for _ in range(8)
    ]

    def pour(i: int) -> Array:
        flow = swell(each, rng.uniform(0.1, 0.6), 0.4) * gusts(rng, each, 3, 3)
        marks = denser(rng, between(rng, 250, 1600) / size, flow)
        sizes = np.exp(0.6 * rng.standard_normal(len(marks)))
        rain = scatter(rng, each, marks, sizes, grain)
        empty = ramp(each, [(0, 1), (each * rng.uniform(0.3, 1), 0.1), (each + 1, 0.05)])
        bowl_marks = denser(rng, between(rng, 30, 150) / size, flow * empty)
        bowl = scatter(rng, each + 0.2, bowl_marks, np.ones(len(bowl_marks)), vessel)
        rush = through(rng, hiss(rng, each, 1200, 9000) * flow, 800, 5000, 4, 3)
        whole = level(rain) + rng.uniform(0, 0.6) * fit(level(bowl), each)
        return fade(whole + rng.uniform(0.05, 0.4) * rush, 0.02, 0.05)

    tags: Tags = pole(size, 0.9, 1.8, "soft", "crisp")
    if each > 1.2 or chance(rng, 0.5):
        return once(rng, pour(0), (*tags, *pole(each, 1.0, 2.5, "short", "long")))
    return often(rng, pour, 0.4, 1.0, tags, 0.2, 0.0)
