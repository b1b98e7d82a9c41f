"""Water, the kitchen, what is under pressure, small flames."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    beats,
    between,
    chance,
    click,
    coloured,
    comb,
    decay,
    drift,
    fade,
    fit,
    grain_cloud,
    length,
    level,
    lowpass,
    mix,
    place,
    plate_modes,
    ramp,
    resonate,
    samples,
    saw,
    scattered,
    strike,
    thump,
    times,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pole, running
from training.synthesis.materials import (
    bubble,
    bubble_cloud,
    burst,
    crackle,
    denser,
    flutter,
    gusts,
    hiss,
    in_a_row,
    metal,
    often,
    once,
    pick,
    scatter,
    scrape,
    swell,
    wooden,
)
from training.synthesis.registry import MAX_SECONDS, Sound, sound

# --- drops and streams -----------------------------------------------------------------------


@sound("water_dripping")
def water_dripping(rng: Rng) -> Sound:
    """Drops into water: a faint impact tick, then the rising plink of the bubble it traps."""
    freq = between(rng, 450, 2800)

    def drop(i: int) -> Array:
        own = freq * rng.uniform(0.9, 1.12)
        delay = np.zeros(samples(rng.uniform(0.004, 0.03)))
        plink = unit(bubble(rng, own, rng.uniform(0.1, 0.35)))
        tail = [0.4 * unit(bubble(rng, own * rng.uniform(1.1, 2), 0.2))] if chance(rng, 0.4) else []
        tick = 0.2 * burst(rng, 0.002, 2000, 9000)
        return in_a_row(tick, delay, plink, *tail)

    tags: Tags = ("short", *pole(freq, 800, 1600, "low", "high"))
    return often(rng, drop, 0.5, 9.0, tags, None, 0.12)


@sound("dripping_on_metal")
def dripping_on_metal(rng: Rng) -> Sound:
    """Drops on a metal sink, pan or gutter: short taps that ring the sheet."""
    base, ring = between(rng, 220, 1800), between(rng, 0.02, 0.3)
    modes = plate_modes(rng, base, 12, 0.2)
    hits = [
        unit(
            strike(rng, 0.03 + 4 * ring, modes, ring, rng.uniform(-5, 0), 0.7)
            + rng.uniform(0.1, 0.7) * fit(burst(rng, 0.003, 1500, 9000), 0.03 + 4 * ring)
        )
        for _ in range(4)
    ]
    tags: Tags = ("metallic", *pole(base, 450, 1000, "low", "high"))
    return often(rng, pick(rng, hits, 64), 0.6, 10.0, tags, None, 0.1)


@sound("tap_running")
def tap_running(rng: Rng) -> Sound:
    """Running tap: pipe hiss and a stream that splashes and bubbles in the basin."""
    seconds = length(rng, 2.0)
    strong = rng.random()
    jet = hiss(rng, seconds, between(rng, 400, 1800), between(rng, 4000, 12000))
    basin = bubble_cloud(rng, seconds, between(rng, 60, 250), (500, 3500), 0.15)
    x = jet * flutter(rng, seconds, 12, 0.12) + rng.uniform(0.1, 0.9) * (1.3 - strong) * basin
    if chance(rng, 0.4):
        tub = plate_modes(rng, between(rng, 150, 500), 4, 0.2)
        x = x + 0.6 * level(resonate(x, list(tub), list(tub / 8), [1.0] * 4))
    return running(rng, level(x), pole(strong, 0.3, 0.75, "soft", "harsh"))


@sound("pouring_water")
def pouring_water(rng: Rng) -> Sound:
    """Water poured into a vessel: splashing whose air column rises in pitch as it fills."""
    seconds = length(rng, 2.0, 5.0)
    low = between(rng, 180, 600)
    column = ramp(seconds, [(0, low), (seconds, low * between(rng, 2, 5))], log=True)
    flow = np.ones(samples(seconds))
    tags: Tags = ("rising",)
    if chance(rng, 0.35):
        rate = between(rng, 3, 8)
        glug = np.maximum(
            np.sin(2 * np.pi * rate * times(seconds) * (1 + 0.05 * drift(rng, seconds, 2))), 0
        )
        flow, tags = 0.15 + glug, ("rising", "repeated")
    turns = 2 * np.pi * np.cumsum(column) / 32000
    wander = lowpass(white(rng, seconds), between(rng, 15, 60), 1)
    tone = level(wander * np.sin(turns) + 0.5 * wander * np.sin(3 * turns))
    splash = hiss(rng, seconds, between(rng, 500, 1500), between(rng, 5000, 11000))
    drops = bubble_cloud(rng, seconds, between(rng, 80, 260), (500, 3000), 0.2)
    x = (rng.uniform(0.5, 1.5) * tone + rng.uniform(0.2, 0.7) * splash + drops) * flow
    shape = fade(np.ones_like(x), between(rng, 0.05, 0.3), between(rng, 0.1, 0.5))
    return events(rng, x * shape, (*tags, *(() if "repeated" in tags else ("continuous",))))


@sound("shower")
def shower(rng: Rng) -> Sound:
    """Shower: a dense even hiss of jets, drops drumming on the tub, the body moving in it."""
    seconds = length(rng, 2.5)
    x = hiss(rng, seconds, between(rng, 600, 2000), between(rng, 7000, 14000))
    x = x * gusts(rng, seconds, 1.2, rng.uniform(0.5, 4))
    drum = grain_cloud(rng, seconds, between(rng, 300, 2500), (400, 4000), (0.0002, 0.0012), 4)
    return running(rng, x + rng.uniform(0.1, 0.6) * drum)


@sound("toilet_flush")
def toilet_flush(rng: Rng) -> Sound:
    """Toilet: handle clunk, a rush of water, the siphon's gurgle, then the cistern refilling."""
    seconds = length(rng, 3.8, 5.0)
    start, rush = rng.uniform(0.1, 0.5), between(rng, 1.2, 2.6)
    handle = np.pad(
        0.5 * wooden(rng, between(rng, 200, 600), 0.015, 1.2), (samples(start * 0.6), 0)
    )
    envelope = ramp(
        seconds, [(start, 0), (start + 0.35, 1), (start + rush, 0.7), (start + rush + 1, 0.03)]
    )
    roar = hiss(rng, seconds, between(rng, 150, 500), between(rng, 2500, 7000))
    water = roar * envelope * flutter(rng, seconds, 20, 0.25)
    siphon = swell(1.4, rng.uniform(0.3, 0.7)) * (0.3 + np.abs(drift(rng, 1.4, 14)))
    gurgle = bubble_cloud(rng, 1.4, between(rng, 60, 160), (120, 700), 0.1, siphon)
    later = np.pad(gurgle, (samples(start + rush - rng.uniform(0, 0.5)), 0))
    refill = hiss(rng, seconds, 1500, 9000) * ramp(seconds, [(start + 0.5, 0), (start + 1.5, 1)])
    parts = (handle, water, rng.uniform(0.3, 1.0) * later, rng.uniform(0.03, 0.25) * refill)
    return events(rng, mix(seconds, *parts), ("long", "fading", "single"))


@sound("drain_gurgle")
def drain_gurgle(rng: Rng) -> Sound:
    """Drain: large bubbles in bursts through the pipe, with sucking noise at the end."""
    seconds = length(rng, 2.0)
    base = between(rng, 110, 420)
    pulse = np.maximum(
        np.sin(
            np.cumsum(between(rng, 2, 7) * (1 + 0.6 * drift(rng, seconds, 3))) * 2 * np.pi / 32000
        ),
        0,
    )
    density = 0.05 + pulse**2
    x = bubble_cloud(rng, seconds, between(rng, 40, 160), (base, base * 5), 0.2, density)
    suck = hiss(rng, seconds, base, base * 6) * density * flutter(rng, seconds, 40, 0.5)
    x = comb(
        x + rng.uniform(0.1, 0.7) * suck, 1 / (base * rng.uniform(0.7, 1.5)), rng.uniform(0.2, 0.7)
    )
    return events(rng, x, ("irregular", "intermittent", *pole(base, 170, 290, "low", "high")))


@sound("bubbles")
def bubbles(rng: Rng) -> Sound:
    """Bubbles rising and breaking in a vessel: separate rising blips."""
    seconds = length(rng, 1.5)
    rate, freq = between(rng, 3, 60), between(rng, 250, 1400)
    density = gusts(rng, seconds, 2, rng.uniform(0, 8))
    x = bubble_cloud(rng, seconds, rate, (freq * 0.6, freq * 1.9), rng.uniform(0.15, 0.4), density)
    tags: Tags = ("repeated", *pole(rate, 9, 28, "slow", "fast"))
    return events(rng, x, tags + pole(freq, 450, 850, "low", "high"))


# --- cooking ---------------------------------------------------------------------------------


@sound("water_boiling")
def water_boiling(rng: Rng) -> Sound:
    """Pot at the boil: a rumble of dense low bubbles, steam, perhaps a lid that rattles."""
    seconds = length(rng, 2.5)
    base = between(rng, 150, 450)
    x = bubble_cloud(rng, seconds, between(rng, 50, 140), (base, base * 5), 0.15)
    x = x + rng.uniform(0.3, 1.2) * level(coloured(rng, seconds, -8)) * flutter(
        rng, seconds, 15, 0.3
    )
    x = x + rng.uniform(0.02, 0.25) * hiss(rng, seconds, 2500, 10000)
    if chance(rng, 0.3):
        lids = [metal(rng, between(rng, 500, 1500), between(rng, 0.01, 0.05), 8) for _ in range(4)]
        marks = denser(rng, between(rng, 5, 18), gusts(rng, seconds, 3, 8))
        x = x + scatter(rng, seconds, marks, np.exp(0.5 * rng.standard_normal(len(marks))), lids)
    return running(rng, x)


@sound("frying_sizzle")
def frying_sizzle(rng: Rng) -> Sound:
    """Hot fat: a bright hiss of tiny steam bursts with spitting pops."""
    seconds = length(rng, 2.0)
    pops = between(rng, 4, 120)
    x = hiss(rng, seconds, between(rng, 1800, 5000), 14500) * gusts(
        rng, seconds, 3, rng.uniform(1, 5)
    )
    x = x * flutter(rng, seconds, 400, 0.35)
    spit = crackle(rng, seconds, scattered(rng, seconds, pops), (1500, 8000), (0.0003, 0.002), 1.3)
    if chance(rng, 0.3):
        x = (
            x
            * (0.15 + fit(np.exp(-times(seconds) / 1.2), seconds))[:: -1 if chance(rng, 0.3) else 1]
        )
    return running(rng, level(x) + rng.uniform(1, 5) * spit, ("bright",), steady=False)


@sound("chopping_board")
def chopping_board(rng: Rng) -> Sound:
    """Knife on a board: a woody knock and blade tick a cut, with the crunch of the vegetable."""
    board, ring = between(rng, 130, 520), between(rng, 0.012, 0.045)
    crunch, blade = rng.uniform(0, 0.6), rng.uniform(0.05, 0.5)
    tick = strike(rng, 0.08, plate_modes(rng, between(rng, 2200, 5000), 5), 0.012, 0)
    knocks = [
        wooden(rng, board * rng.uniform(0.95, 1.08), ring, rng.uniform(0.3, 1.0)) for _ in range(4)
    ]

    def cut(i: int) -> Array:
        bite = crunch * burst(rng, 0.015, 1200, 8000, 0.01)
        blow = knocks[i % 4]
        hit = blow + blade * fit(tick, len(blow) / 32000)
        return in_a_row(bite[: samples(0.02)], hit)

    tags = pole(crunch + blade, 0.3, 0.7, "dull", "crisp")
    return often(rng, cut, 1.2, 9.0, tags, float(rng.choice([0.04, 0.09, 0.35])), 0.08)


# --- under pressure --------------------------------------------------------------------------


@sound("soda_fizz")
def soda_fizz(rng: Rng) -> Sound:
    """Fizzy drink: thousands of tiny bubbles bursting at the top, dying away after the pour."""
    seconds = length(rng, 2.0)
    dying = chance(rng, 0.55)
    density = np.exp(-times(seconds) / between(rng, 0.6, 2.5)) + 0.05 if dying else None
    tiny = grain_cloud(
        rng,
        seconds,
        between(rng, 600, 6000),
        (between(rng, 1200, 4500), 12000),
        (0.00006, 0.0004),
        5,
        density,
        0.9,
    )
    soft = hiss(rng, seconds, between(rng, 700, 4000), between(rng, 6000, 14500)) * (
        1.0 if density is None else density
    )
    x = tiny + rng.uniform(0.1, 0.8) * soft
    if chance(rng, 0.3):
        opening = 4 * burst(rng, between(rng, 0.03, 0.15), 1500, 13000, 0.004)
        return events(rng, mix(seconds, x, opening), ("high", "fading"))
    if dying:
        return events(rng, fade(x, 0.1, 0.05), ("high", "fading", "continuous"))
    return running(rng, x, ("high",))


@sound("cork_pop")
def cork_pop(rng: Rng) -> Sound:
    """Cork drawn: a hollow pop of the bottle neck, perhaps a squeak before and fizz after."""
    freq, ring = between(rng, 220, 1100), between(rng, 0.008, 0.035)
    axis = times(0.02 + 8 * ring)
    tone = np.sin(2 * np.pi * freq * (axis + 0.15 * np.exp(-axis / ring) * ring)) * np.exp(
        -axis / ring
    )
    noise = fit(burst(rng, ring / 3, 400, 9000, 0.0002), axis[-1] + 1 / 32000)
    pop = fit(unit(tone), 0.02 + 8 * ring) + rng.uniform(0.3, 1.2) * fit(noise, 0.02 + 8 * ring)
    parts = [pop]
    if chance(rng, 0.35):
        span = between(rng, 0.1, 0.5)
        rub = saw(ramp(span, [(0, freq), (span, freq * rng.uniform(1.1, 2))]), span)
        parts.insert(0, 0.12 * rub * swell(span, 0.8) * flutter(rng, span, 60, 0.6))
    if chance(rng, 0.4):
        span = between(rng, 0.4, 1.8)
        parts.append(0.12 * hiss(rng, span, 2500, 13000) * decay(span, span / 3, 0.03))
    tags: Tags = ("short",) if len(parts) == 1 else ()
    return once(rng, in_a_row(*parts), tags + pole(freq, 400, 750, "low", "high"))


@sound("can_opening")
def can_opening(rng: Rng) -> Sound:
    """Drink can: the tab's click, the crack of the lid with a gas burst, then the tab bent back."""
    lid = between(rng, 1200, 3500)
    tick = rng.uniform(0.1, 0.4) * metal(rng, lid * 1.3, 0.006, 6)
    crack = metal(rng, lid, between(rng, 0.006, 0.03), 10)
    gas = between(rng, 0.05, 0.35)
    rush = burst(rng, gas, 1800, 13500, 0.003, 4)
    span = len(rush) / 32000
    open_up = fit(crack, span) + rng.uniform(0.4, 1.2) * rush
    tear = [
        0.5 * metal(rng, lid * rng.uniform(0.6, 1.2), 0.01, 8)
        for _ in range(int(rng.integers(1, 4)))
    ]
    marks = np.sort(rng.uniform(0.08, 0.4, len(tear)))
    x = mix(max(span, 0.6), open_up, place(0.6, marks, lambda i: tear[i]))
    gap = np.zeros(samples(rng.uniform(0.03, 0.3)))
    return once(rng, in_a_row(tick, gap, x), ("crisp", "metallic", "fading"))


@sound("spray_can")
def spray_can(rng: Rng) -> Sound:
    """Aerosol: bursts of a sharp hiss, at times after shaking the ball in the can."""
    low, high = between(rng, 1500, 5000), rng.uniform(11000, 14500)
    count = int(rng.choice([1, 1, 2, 3, 5]))
    span = between(rng, 0.25, 2.5) if count == 1 else between(rng, 0.15, 0.6)
    parts = []
    if chance(rng, 0.35):
        seconds = rng.uniform(0.6, 1.6)
        ball = [metal(rng, between(rng, 900, 2500), 0.02, 8) for _ in range(4)]
        marks = beats(rng, seconds, between(rng, 6, 14), 0.15)
        parts += [
            0.6 * place(seconds, marks, pick(rng, ball, 32)),
            np.zeros(samples(rng.uniform(0.05, 0.4))),
        ]
    for _ in range(count):
        jet = hiss(rng, span * rng.uniform(0.8, 1.2), low, high)
        parts += [
            0.25 * fade(jet, 0.012, rng.uniform(0.01, 0.06)),
            np.zeros(samples(rng.uniform(0.1, 0.4))),
        ]
    x = in_a_row(*parts)[: samples(MAX_SECONDS - 1.6)]
    tags: Tags = ("high", "harsh")
    return once(rng, x, tags) if count == 1 else events(rng, x, (*tags, "repeated", "intermittent"))


# --- flames ----------------------------------------------------------------------------------


@sound("match_strike")
def match_strike(rng: Rng) -> Sound:
    """Match: a rough scratch, the flare of the head, then a small fluttering flame."""
    scratch_span = between(rng, 0.08, 0.35)
    scratch = scrape(rng, scratch_span, 1500, 10000, between(rng, 100, 500)) * swell(
        scratch_span, 0.7, 0.5
    )
    span = between(rng, 0.6, 2.0)
    shape = ramp(span, [(0, 0), (between(rng, 0.03, 0.12), 1), (0.4 * span, 0.3), (span, 0.02)])
    flare = hiss(rng, span, between(rng, 300, 1200), 9000) * shape * flutter(rng, span, 25, 0.4)
    pops = crackle(rng, span, denser(rng, 60, shape), (1500, 7000), (0.0004, 0.002))
    x = in_a_row(rng.uniform(0.3, 1.0) * scratch, level(flare) + rng.uniform(0.5, 2) * pops)
    return once(rng, x, ("fading",))


@sound("lighter")
def lighter(rng: Rng) -> Sound:
    """Lighter: the flint wheel rasps once or a few times, then gas and a soft flame."""
    parts = []
    lid = chance(rng, 0.35)
    clink = metal(rng, between(rng, 2200, 4500), between(rng, 0.015, 0.06), 8)
    if lid:
        parts += [clink, np.zeros(samples(rng.uniform(0.1, 0.4)))]
    tries = int(rng.choice([1, 1, 2, 3, 4]))
    for _ in range(tries):
        span = between(rng, 0.04, 0.12)
        teeth = beats(rng, span, between(rng, 250, 700), 0.1)
        wheel = place(
            span + 0.03, teeth, pick(rng, [burst(rng, 0.001, 2000, 12000) for _ in "abc"], 90)
        )
        button = np.pad(0.7 * click(rng, between(rng, 1500, 3500), 0.003), (samples(span * 0.8), 0))
        parts += [mix(span + 0.05, unit(wheel), button), np.zeros(samples(rng.uniform(0.05, 0.45)))]
    flame_span = between(rng, 0.3, 1.2)
    flame = (
        hiss(rng, flame_span, 300, 6000)
        * swell(flame_span, 0.15)
        * flutter(rng, flame_span, 20, 0.4)
    )
    parts[-1] = 0.12 * flame
    if lid and chance(rng, 0.5):
        parts.append(unit(clink + 0.5 * fit(thump(rng, 0.05, 300, 0.01), len(clink) / 32000)))
    x = in_a_row(*parts)[: samples(4.0)]
    tags: Tags = ("metallic",) if lid else ()
    return once(rng, x, tags) if tries == 1 else events(rng, x, (*tags, "repeated"))
