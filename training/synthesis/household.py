"""Small things at home: clocks, bells, paper, coins, glass, dishes, writing, blips.

Water and the kitchen are in ``household_water``; doors, furniture, tools and balls in
``household_doors``.
"""

import numpy as np

from training.synthesis import household_doors, household_water  # noqa: F401
from training.synthesis.blocks import (
    Array,
    Rng,
    bar_modes,
    bandpass,
    beats,
    between,
    chance,
    click,
    drift,
    fade,
    fit,
    fm,
    gate,
    impulses,
    length,
    level,
    mix,
    modal,
    place,
    plate_modes,
    ramp,
    resonate,
    saw,
    scattered,
    sine,
    square,
    strike,
    times,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pace, pitch, pole, rhythm, running
from training.synthesis.materials import (
    bounces,
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
    scrape,
    shards,
    stick_slip,
    swell,
    through,
    wooden,
)
from training.synthesis.registry import Sound, sound

# --- clocks ----------------------------------------------------------------------------------


def _beat(rng: Rng, freq: float, constant: float, case: float) -> Array:
    """Beat of an escapement: clicks of unlocking, impulse and drop, heard through the case."""
    seconds = 0.08 + 10 * constant
    gaps = np.cumsum([0.0, rng.uniform(0.002, 0.012), rng.uniform(0.003, 0.016)])
    sizes = rng.permutation([1.0, rng.uniform(0.2, 0.7), rng.uniform(0.1, 0.5)])
    parts = [
        click(rng, freq * rng.uniform(0.8, 1.3), constant, rng.uniform(0.2, 0.7)) for _ in "abc"
    ]
    x = place(seconds, gaps, lambda i: sizes[i] * parts[i])
    return unit(x + rng.uniform(0.1, 0.8) * unit(resonate(x, [case], [case / 6], [1.0])))


@sound("clock_tick")
def clock_tick(rng: Rng) -> Sound:
    """Watch or wall clock: alternating tick and tock of the escapement, strictly regular."""
    seconds = length(rng, 2.0, 5.0)
    rate = float(rng.choice([1.0, 1.0, 2.0, 2.5, 4.0, 5.0, 6.0]))
    freq, constant = between(rng, 1800, 6500), between(rng, 0.0006, 0.004)
    tick = _beat(rng, freq, constant, between(rng, 300, 1500))
    tock = _beat(rng, freq * rng.uniform(0.75, 1.1), constant, between(rng, 300, 1500))
    pair = [tick, tock * rng.uniform(0.4, 1.0)] if chance(rng, 0.7) else [tick, tick]
    marks = beats(rng, seconds, rate, 0.003, rng.uniform(0, 1 / rate))
    x = place(seconds, marks, lambda i: pair[i % 2])
    tags: Tags = ("regular", "repeated", "short", *pace(rate))
    return events(rng, x, tags + pole(freq, 2500, 4500, "dull", "crisp"))


@sound("pendulum_clock")
def pendulum_clock(rng: Rng) -> Sound:
    """Grandfather clock: slow wooden tick-tock, sometimes striking the hour on a rod gong."""
    seconds = length(rng, 3.0, 5.0)
    rate = between(rng, 0.8, 2.2)
    case = between(rng, 150, 600)
    pair = [
        unit(_beat(rng, between(rng, 900, 2800), between(rng, 0.002, 0.007), case))
        + rng.uniform(0.2, 0.8) * fit(wooden(rng, case, between(rng, 0.012, 0.04), 0.2), 0.08)[:1]
        for _ in range(2)
    ]
    knocks = [
        wooden(rng, case * rng.uniform(0.9, 1.2), between(rng, 0.012, 0.05), 0.3) for _ in "ab"
    ]
    marks = beats(rng, seconds, rate, 0.004, rng.uniform(0, 1 / rate))
    x = place(seconds, marks, lambda i: pair[i % 2])
    x = x + rng.uniform(0.2, 0.8) * place(seconds, marks, lambda i: knocks[i % 2])
    if chance(rng, 0.25):
        base = between(rng, 220, 600)
        modes = base * np.array([1, 2.0, 2.76, 4.1, 5.4, 8.9]) * rng.uniform(0.99, 1.01, 6)
        gong = strike(rng, 4.0, modes, rng.uniform(0.8, 2.0), -3)
        x = x + 2 * place(
            seconds, beats(rng, seconds, 0.6, 0.01, rng.uniform(0, 2)), lambda i: gong
        )
    return events(rng, x, ("regular", "repeated", *pole(rate, 1.1, 1.8, "slow", "fast")))


@sound("metronome")
def metronome(rng: Rng) -> Sound:
    """Metronome: wooden (or electronic) clicks at 40 to 208 a minute, the first of a bar accented."""
    seconds = length(rng, 3.0, 5.0)
    rate = between(rng, 0.67, 3.6)
    bar = int(rng.choice([1, 2, 3, 4, 6]))
    freq = between(rng, 700, 2600)
    if chance(rng, 0.3):
        beep = fade(sine(freq, between(rng, 0.02, 0.07)), 0.001, 0.01)
        accent = fade(sine(freq * rng.uniform(1.3, 2.0), len(beep) / 32000), 0.001, 0.01)
    else:
        beep = wooden(rng, freq, between(rng, 0.005, 0.02), rng.uniform(0.3, 1.5))
        high = wooden(rng, freq * 1.4, between(rng, 0.005, 0.02), rng.uniform(0.3, 1.5))
        accent = high if chance(rng, 0.5) else 1.4 * beep
    marks = beats(rng, seconds, rate, 0.002, rng.uniform(0, 1 / rate))
    x = place(seconds, marks, lambda i: accent if i % bar == 0 and bar > 1 else beep)
    return events(rng, x, ("regular", "repeated", *pole(rate, 1.2, 2.4, "slow", "fast")))


@sound("stopwatch_beep")
def stopwatch_beep(rng: Rng) -> Sound:
    """Digital stopwatch: piezo chirps, single or double on a press, or counting the seconds."""
    freq = between(rng, 1900, 4300)
    span = between(rng, 0.03, 0.14)
    tone = fade(square(freq, span) if chance(rng, 0.7) else sine(freq, span), 0.002, 0.004)
    if chance(rng, 0.5):
        tone = in_a_row(tone, np.zeros(int(between(rng, 0.03, 0.1) * 32000)), tone)
    press = 0.2 * click(rng, between(rng, 1500, 4000), 0.002)
    beep = in_a_row(press, tone) if chance(rng, 0.4) else tone
    return often(rng, lambda _: beep, 0.8, 2.2, ("high", "short"), 0.005, 0.35)


# --- bells -----------------------------------------------------------------------------------

_BELL = np.array([0.5, 1.0, 1.19, 1.5, 2.0, 2.51, 2.66, 3.01, 4.17, 5.43, 6.8, 8.2])
_FALL = np.array([1.0, 0.6, 0.5, 0.25, 0.4, 0.2, 0.2, 0.2, 0.12, 0.08, 0.06, 0.04])


def _bell(rng: Rng, seconds: float, base: float, ring: float, hardness: float) -> Array:
    """Tuned bell: hum, prime, tierce, quint, nominal and above, each a beating pair; peak 1."""
    ratios = np.concatenate([_BELL, _BELL[:6] * (1 + rng.uniform(0.0008, 0.004, 6))])
    modes = base * ratios * (1 + 0.008 * rng.standard_normal(18))
    falls = ring * np.concatenate([_FALL, _FALL[:6]]) * np.exp(0.2 * rng.standard_normal(18))
    sizes = np.exp(0.5 * rng.standard_normal(18)) * ratios ** rng.uniform(-0.5, 0.1 + hardness)
    clapper = fit(burst(rng, 0.004, 1500, 9000), seconds)
    return unit(unit(modal(seconds, modes, falls, sizes, rng)) + 0.2 * hardness * clapper)


@sound("church_bell")
def church_bell(rng: Rng) -> Sound:
    """Church bell: long inharmonic ring with a low hum, tolling alone or in a peal of several."""
    seconds = length(rng, 3.5, 5.0)
    base = between(rng, 110, 650)
    ring, hard = between(rng, 1.2, 5.0), rng.uniform(0.1, 0.8)
    tags: Tags = ("metallic", *pole(base, 190, 400, "low", "high"))
    if chance(rng, 0.25):
        return once(rng, _bell(rng, seconds - 0.3, base, ring, hard), (*tags, "long"))
    count = int(rng.choice([1, 1, 2, 3, 4]))
    steps = base * 2 ** (np.array([0, 2, 4, 7])[:count] / 12)
    peal = [_bell(rng, min(4.0, 3 * ring), step, ring, hard) for step in steps]
    rate = between(rng, 0.4, 1.0) if count == 1 else between(rng, 0.9, 3.5)
    marks = beats(rng, seconds, rate, rng.uniform(0.01, 0.08), rng.uniform(0, 0.5))
    sizes = np.exp(0.15 * rng.standard_normal(len(marks)))
    x = place(seconds, marks, lambda i: sizes[i] * peal[-1 - i % count])
    return events(rng, x, (*tags, "repeated", *pace(rate)))


@sound("school_bell")
def school_bell(rng: Rng) -> Sound:
    """Electric school bell: a hammer hits a steel gong some fifteen times a second."""
    seconds = length(rng, 2.0, 5.0)
    rate, base = between(rng, 9, 26), between(rng, 700, 2400)
    marks = beats(rng, seconds, rate, rng.uniform(0.005, 0.05), rng.uniform(0.0, 0.3))
    stop = rng.uniform(0.6, 1.3) * seconds
    marks = marks[marks < stop]
    ring = between(rng, 0.15, 1.0)
    modes = (
        base
        * np.array([1, 1.006, 1.55, 2.2, 2.23, 3.1, 3.9, 4.8, 6.1])
        * rng.uniform(0.97, 1.03, 9)
    )
    hits = [strike(rng, min(1.2, 3 * ring), modes, ring, rng.uniform(-3, 3)) for _ in range(3)]
    rattle = burst(rng, 0.004, 1500, 9000)
    x = place(seconds, marks, lambda i: hits[i % 3])
    x = unit(x) + rng.uniform(0.05, 0.4) * place(seconds, marks, lambda i: rattle)
    return events(
        rng, x, ("metallic", "continuous", "harsh", *pole(base, 1000, 1700, "low", "high"))
    )


@sound("hand_bell")
def hand_bell(rng: Rng) -> Sound:
    """Small brass hand bell, struck once or shaken."""
    base = between(rng, 900, 4200)
    ring, hard = between(rng, 0.25, 1.6), rng.uniform(0.3, 1.0)
    rings = [_bell(rng, min(3.0, 3 * ring), base / 2, ring, hard) for _ in range(2)]
    tags: Tags = ("metallic", "bright", *pole(base, 1400, 2600, "low", "high"))
    return often(rng, lambda i: rings[i % 2], 1.5, 8.0, tags, None, 0.3)


@sound("wind_chimes")
def wind_chimes(rng: Rng) -> Sound:
    """Wind chimes: metal tubes or bamboo knocked together at random by gusts."""
    seconds = length(rng, 3.0, 5.0)
    count, bamboo = int(rng.integers(4, 9)), chance(rng, 0.25)
    base = between(rng, 350, 900) if bamboo else between(rng, 500, 2400)
    scale = np.array([0, 2, 4, 7, 9, 12, 14, 16])[:count]
    if bamboo:
        tubes = [wooden(rng, base * 2 ** (s / 12), between(rng, 0.015, 0.05), 0.4) for s in scale]
    else:
        ring = between(rng, 0.4, 2.0)
        tubes = [
            strike(rng, min(3.0, 2.5 * ring), bar_modes(base * 2 ** (s / 12), 5), ring, -4)
            for s in scale
        ]
    rate = between(rng, 1.5, 14)
    marks = denser(rng, rate, gusts(rng, seconds, 1.0, 9))
    sizes = np.exp(0.6 * rng.standard_normal(len(marks) + 1))
    which = rng.integers(count, size=len(marks) + 1)
    x = place(seconds, marks, lambda i: sizes[i] * tubes[which[i]])
    tags: Tags = ("dull", "low") if bamboo else ("metallic", "bright", *pitch(base))
    return events(rng, x, (*tags, "irregular", "repeated"))


# --- cloth, paper, plastic -------------------------------------------------------------------


@sound("zipper")
def zipper(rng: Rng) -> Sound:
    """Zipper: the slider clicks over the teeth, its rate a buzz that follows the hand."""
    low, high = between(rng, 50, 130), between(rng, 160, 420)
    faster = chance(rng, 0.6)

    def stroke(i: int) -> Array:
        seconds = between(rng, 0.25, 1.1)
        start, end = (low, high) if faster == (i % 2 == 0) else (high, low)
        rate = ramp(seconds, [(0, start), (seconds * 0.85, end), (seconds, end * 0.8)], log=True)
        teeth = stick_slip(rng, rate, 0.06, 0.3)
        x = through(rng, teeth, 1800, 9000, 5, rng.uniform(2, 6))
        rub = hiss(rng, seconds, 2500, 11000)
        return unit(
            (x + rng.uniform(0.05, 0.4) * rub) * (rate / high) ** 0.5 * swell(seconds, 0.7, 0.3)
        )

    if chance(rng, 0.55):
        tags: Tags = ("rising",) if faster else ("falling",)
        return once(rng, stroke(0), tags)
    return often(rng, stroke, 0.8, 1.8, (), 0.2, 0.0)


@sound("scissors")
def scissors(rng: Rng) -> Sound:
    """Scissors: blades slide with a rising hiss (and crunch of paper), then snap shut."""
    paper = chance(rng, 0.5)
    span, freq = between(rng, 0.07, 0.3), between(rng, 2500, 6500)
    snip_modes = plate_modes(rng, freq, 6, 0.2)

    def snip(i: int) -> Array:
        seconds = span * rng.uniform(0.8, 1.2)
        slide = scrape(rng, seconds, 2500, 12000, 300) * swell(seconds, 0.9, 0.6)
        if paper:
            marks = denser(rng, 500, swell(seconds, 0.7))
            slide = slide + 2 * crackle(rng, seconds, marks, (1500, 7000), (0.0004, 0.002))
        return in_a_row(
            0.25 * unit(slide), strike(rng, 0.12, snip_modes, between(rng, 0.006, 0.03), 2)
        )

    return often(rng, snip, 1.0, 4.5, ("crisp", "metallic"), None, 0.25)


def _handling(rng: Rng, seconds: float, busy: float) -> Array:
    """How strongly a sheet is being crumpled, over time: moves of the hand and pauses."""
    moves = np.clip(drift(rng, seconds, between(rng, 1.5, 6)) + busy, 0, 1) ** 1.5
    return moves + 0.003


@sound("paper_rustle")
def paper_rustle(rng: Rng) -> Sound:
    """Paper handled: crackling of buckling creases over a soft rubbing hiss."""
    seconds = length(rng, 1.2, 5.0)
    busy = rng.uniform(-0.1, 0.8)
    hand = _handling(rng, seconds, busy)
    marks = denser(rng, between(rng, 60, 900), hand)
    x = crackle(rng, seconds, marks, (1200, 7000), (0.0004, 0.004), rng.uniform(1.2, 2.2))
    rub = hiss(rng, seconds, 900, rng.uniform(6000, 12000)) * hand
    x = level(x) + rng.uniform(0.1, 0.9) * rub
    return events(rng, x, ("irregular", *pole(busy, 0.2, 0.65, "intermittent", "continuous")))


@sound("paper_tearing")
def paper_tearing(rng: Rng) -> Sound:
    """Paper torn: fibres break in a dense, rough run of snaps, quick or slow."""
    quick = chance(rng, 0.5)
    rate = between(rng, 900, 4000) if quick else between(rng, 250, 900)

    def rip(i: int) -> Array:
        seconds = between(rng, 0.12, 0.45) if quick else between(rng, 0.6, 2.2)
        pull = swell(seconds, rng.uniform(0.3, 0.95), 0.5) * (
            0.2 + 0.8 * _handling(rng, seconds, 0.7)
        )
        snaps = crackle(rng, seconds, denser(rng, rate, pull), (1500, 8000), (0.0003, 0.0015), 2.0)
        return unit(level(snaps) + rng.uniform(0.2, 0.8) * hiss(rng, seconds, 1500, 12000) * pull)

    tags: Tags = ("crisp", "harsh", "fast" if quick else "slow")
    if chance(rng, 0.6):
        return once(rng, rip(0), (*tags, "short") if quick else tags)
    return often(rng, rip, 0.5, 1.8, ("crisp", "harsh"), 0.3, 0.0)


@sound("plastic_bag")
def plastic_bag(rng: Rng) -> Sound:
    """Plastic bag crinkled: sharp, sparse, high crackles of snapping film in bursts."""
    seconds = length(rng, 1.2, 5.0)
    busy = rng.uniform(0.0, 0.8)
    hand = _handling(rng, seconds, busy)
    marks = denser(rng, between(rng, 150, 1200), hand)
    x = crackle(rng, seconds, marks, (3000, 9500), (0.0002, 0.0012), rng.uniform(1.0, 1.8))
    flaps = denser(rng, 6, hand)
    body = place(seconds, flaps, lambda i: burst(rng, 0.02, 200, 1500))
    x = level(x) + rng.uniform(0.0, 0.4) * body + 0.1 * hiss(rng, seconds, 4000, 14000) * hand
    tags: Tags = ("crisp", "irregular")
    return events(rng, x, tags + pole(busy, 0.25, 0.65, "intermittent", "continuous"))


# --- metal and glass -------------------------------------------------------------------------


@sound("coin_drop")
def coin_drop(rng: Rng) -> Sound:
    """Coin on a hard floor: ringing hits that quicken, then often a spin that speeds up and stops."""
    modes = (
        between(rng, 2800, 7500)
        * np.array([1, 1.01, 1.73, 2.3, 2.33, 3.2])
        * rng.uniform(0.97, 1.03, 6)
    )
    ring = between(rng, 0.02, 0.25)
    coin = [strike(rng, 5 * ring, modes, ring, rng.uniform(-3, 3), 0.6) for _ in range(4)]
    marks, sizes = bounces(rng, between(rng, 0.12, 0.45), rng.uniform(0.45, 0.72))
    seconds = float(marks[-1]) + 0.4
    x = scatter(rng, seconds, marks, sizes, coin)
    floor = burst(rng, 0.006, 200, 2500)
    x = x + rng.uniform(0.1, 0.5) * place(seconds, marks, lambda i: sizes[i] * floor)
    if chance(rng, 0.5):
        spin = rng.uniform(0.5, 2.0)
        rate = between(rng, 7, 16) / np.maximum(1 - times(spin) / spin, 0.06) ** 0.5
        hits = stick_slip(rng, rate, 0.03, 0.3) * ramp(spin, [(0, 0.3), (spin, 0.12)])
        where = np.flatnonzero(hits)
        x = in_a_row(
            x[: int(marks[-1] * 32000) + 1600], scatter(rng, spin, where / 32000, hits[where], coin)
        )
    return events(
        rng, fit(x, min(5.0, len(x) / 32000 + rng.uniform(0, 0.8))), ("metallic", "high", "bright")
    )


@sound("keys_jingle")
def keys_jingle(rng: Rng) -> Sound:
    """Bunch of keys: many short bright metal hits, thick at each shake of the hand."""
    seconds = length(rng, 1.0, 5.0)
    keys = [
        strike(
            rng,
            5 * (ring := between(rng, 0.01, 0.09)),
            bar_modes(between(rng, 1800, 5200), 4),
            ring,
            3,
        )
        for _ in range(int(rng.integers(4, 10)))
    ]
    shake = between(rng, 2.0, 7.0)
    pulse = 0.15 + np.maximum(sine(shake, seconds, rng.uniform(0, 6)), 0) ** 2
    marks = denser(rng, between(rng, 25, 110), pulse * gusts(rng, seconds, 1.5, 10))
    x = scatter(rng, seconds, marks, np.exp(0.8 * rng.standard_normal(len(marks))), keys)
    return events(
        rng, x, ("metallic", "high", "bright", "irregular", *pole(shake, 3, 5, "slow", "fast"))
    )


@sound("glass_clink")
def glass_clink(rng: Rng) -> Sound:
    """Two drinking glasses touched together: a clear ring of two close sets of modes."""
    base = between(rng, 650, 2600)
    ring = between(rng, 0.05, 0.9)
    detune = rng.uniform(0.85, 1.2)
    span = min(0.03 + 5 * ring, 3.0)
    pair = [
        unit(
            mix(span, glass(rng, base, ring), rng.uniform(0.4, 1) * glass(rng, base * detune, ring))
        )
        for _ in range(2)
    ]
    tags: Tags = ("bright", "crisp", *pole(ring, 0.12, 0.5, "short", "long"))
    tags += pole(base, 1000, 1800, "low", "high")
    return often(rng, lambda i: pair[i % 2], 0.7, 4.0, tags, None, 0.5)


@sound("glass_breaking")
def glass_breaking(rng: Rng) -> Sound:
    """Glass shattering: a sharp blow and burst, then shards ringing as they fall on the floor."""
    size = between(rng, 0.4, 1.6)
    seconds = rng.uniform(0.8, 2.6)
    blow = wooden(rng, between(rng, 120, 500), 0.02, 0.8)
    crash = burst(rng, between(rng, 0.02, 0.12) * size, 1800, 13000)
    count = int(between(rng, 25, 160))
    rain = shards(rng, seconds, (1500 / size, 6500), (0.01, 0.09), count)
    parts = [rng.uniform(0.1, 0.7) * blow, crash, rng.uniform(0.4, 1.0) * rain]
    if chance(rng, 0.4):
        late = np.pad(
            shards(rng, seconds, (1500, 7000), (0.01, 0.1), 30),
            (int(rng.uniform(0.2, 0.9) * 32000), 0),
        )
        parts.append(0.6 * late)
    tags: Tags = ("bright", "harsh", "crisp", *pole(seconds, 1.2, 2.0, "short", "long"))
    return once(rng, mix(seconds, *parts), tags)


def _crockery(rng: Rng, low: float, high: float) -> Array:
    ring = between(rng, 0.012, 0.14)
    modes = (
        between(rng, low, high)
        * np.array([1, 1.03, 2.1, 2.4, 3.6, 4.4, 5.9])
        * rng.uniform(0.95, 1.05, 7)
    )
    return unit(
        strike(rng, 5 * ring, modes, ring, rng.uniform(-3, 2))
        + 0.3 * fit(burst(rng, 0.003, 800, 9000), 5 * ring)
    )


@sound("dishes_clatter")
def dishes_clatter(rng: Rng) -> Sound:
    """Dishes handled: clusters of ceramic knocks, plates settling on a stack, some metal."""
    seconds = length(rng, 1.5, 5.0)
    plates = [_crockery(rng, 600, 3200) for _ in range(7)]
    plates += [strike(rng, 0.2, bar_modes(between(rng, 1500, 4000), 4), 0.04, 1) for _ in "ab"]
    groups = scattered(rng, seconds, between(rng, 1.2, 4.5))
    marks = np.concatenate(
        [
            g + bounces(rng, between(rng, 0.04, 0.2), rng.uniform(0.4, 0.7))[0]
            for g in [0.1, *groups]
        ]
    )
    marks = marks[marks < seconds]
    x = scatter(rng, seconds, marks, np.exp(0.7 * rng.standard_normal(len(marks))), plates)
    return events(rng, x, ("irregular", "repeated", "intermittent", "bright"))


@sound("cutlery")
def cutlery(rng: Rng) -> Sound:
    """Knives and forks: metal clinks on each other and on plates, with short scrapes."""
    seconds = length(rng, 1.5, 5.0)
    things = [
        strike(
            rng,
            5 * (ring := between(rng, 0.015, 0.2)),
            bar_modes(between(rng, 900, 3800), 5),
            ring,
            1,
        )
        for _ in range(6)
    ]
    things += [_crockery(rng, 900, 3000) for _ in "ab"]
    rate = between(rng, 1.5, 12)
    marks = denser(rng, rate, gusts(rng, seconds, 2, 9))
    x = scatter(rng, seconds, marks, np.exp(0.6 * rng.standard_normal(len(marks))), things)
    for start in scattered(rng, seconds, 0.4):
        rub = scrape(rng, between(rng, 0.1, 0.4), 2000, 9000, 200)
        x = x + 0.12 * place(seconds, start, lambda i, rub=rub: fade(rub, 0.03, 0.05))
    return events(rng, x, ("metallic", "bright", "irregular", *pace(rate)))


# --- writing and sweeping --------------------------------------------------------------------


def _strokes(rng: Rng, seconds: float, rate: float, pause: float) -> tuple[Array, Array]:
    """Speed of a writing hand over time, and the times at which strokes begin."""
    marks = beats(rng, seconds, rate, 0.35, rng.uniform(0, 0.2))
    marks = marks[rng.random(len(marks)) > pause]
    shapes = [swell(between(rng, 0.5, 0.95) / rate, rng.uniform(0.2, 0.8), 0.6) for _ in range(6)]
    return scatter(
        rng, seconds, marks, np.exp(0.3 * rng.standard_normal(len(marks))), shapes
    ), marks


@sound("pencil_writing")
def pencil_writing(rng: Rng) -> Sound:
    """Pencil on paper: short scratching strokes with pauses, light taps on the desk."""
    seconds = length(rng, 1.5, 5.0)
    rate = between(rng, 2.5, 9.0)
    hand, marks = _strokes(rng, seconds, rate, rng.uniform(0, 0.3))
    rub = scrape(
        rng, seconds, between(rng, 900, 2500), between(rng, 5000, 11000), rng.uniform(150, 800)
    )
    tap = burst(rng, 0.006, 150, 1200)
    x = level(rub * hand) + rng.uniform(0, 0.5) * place(seconds, marks, lambda i: tap)
    return events(
        rng, x, ("soft", "irregular", "intermittent", *pole(rate, 4, 6.5, "slow", "fast"))
    )


@sound("chalk_writing")
def chalk_writing(rng: Rng) -> Sound:
    """Chalk on a board: a hard tap, then a dry scrape, at times a squeak."""
    seconds = length(rng, 1.5, 5.0)
    rate = between(rng, 1.5, 5.0)
    hand, marks = _strokes(rng, seconds, rate, rng.uniform(0, 0.3))
    x = level(scrape(rng, seconds, 1500, 8000, rng.uniform(80, 400)) * hand)
    taps = [wooden(rng, between(rng, 250, 700), 0.012, 1.5) for _ in range(3)]
    x = x + rng.uniform(1.0, 4.0) * place(seconds, marks, lambda i: taps[i % 3])
    if chance(rng, 0.3) and len(marks):
        start = float(rng.choice(marks))
        squeak = saw(
            between(rng, 1200, 3500) * ramp(0.25, [(0, 1), (0.25, rng.uniform(0.8, 1.3))]), 0.25
        )
        x = x + place(seconds, start, lambda i: fade(squeak, 0.03, 0.05))
    return events(
        rng, x, ("crisp", "irregular", "intermittent", *pole(rate, 2.2, 3.5, "slow", "fast"))
    )


@sound("broom_sweeping")
def broom_sweeping(rng: Rng) -> Sound:
    """Broom: a swish of bristles a stroke, quick to start, with grit thrown along."""
    seconds = length(rng, 2.0, 5.0)
    rate = between(rng, 0.6, 2.4)
    marks = beats(rng, seconds, rate, rng.uniform(0.02, 0.12), rng.uniform(0, 0.5))
    swish = [swell(between(rng, 0.4, 0.8) / rate, rng.uniform(0.15, 0.6), 0.8) for _ in range(4)]
    hand = scatter(rng, seconds, marks, np.exp(0.2 * rng.standard_normal(len(marks))), swish)
    low = between(rng, 500, 2000)
    x = level(
        hiss(rng, seconds, low, between(rng, 5000, 12000)) * flutter(rng, seconds, 60, 0.3) * hand
    )
    grit = crackle(rng, seconds, denser(rng, 80, hand), (2000, 7000), (0.0004, 0.002))
    x = x + rng.uniform(0.0, 0.6) * level(grit)
    return events(rng, x, ("repeated", "regular", "soft", *pole(rate, 1.0, 1.7, "slow", "fast")))


# --- games -----------------------------------------------------------------------------------


@sound("laser_gun")
def laser_gun(rng: Rng) -> Sound:
    """Toy or film laser: an electronic tone that drops within a fraction of a second."""
    falling = chance(rng, 0.85)
    high, low = between(rng, 1800, 9000), between(rng, 90, 700)
    span = between(rng, 0.09, 0.6)
    kind = rng.integers(4)
    constant = span * rng.uniform(0.15, 0.5)
    ratio, index = rng.uniform(0.3, 2.5), rng.uniform(1, 6)

    def shot(i: int) -> Array:
        axis = times(span)
        sweep = low + (high * rng.uniform(0.95, 1.05) - low) * np.exp(-axis / constant)
        sweep = sweep if falling else sweep[::-1]
        waves = [saw, square, sine, lambda f, s: fm(f, s, ratio, index)]
        x = waves[kind](sweep, span) * np.exp(-axis / (span * 0.5))
        return fade(
            x + 0.1 * bandpass(white(rng, span), 1000, 9000) * np.exp(-axis / 0.02), 0.001, 0.02
        )

    tags: Tags = ("falling",) if falling else ("rising",)
    return often(rng, shot, 1.2, 9.0, tags, None, 0.4)


def _coin(rng: Rng, base: float) -> tuple[Array, Tags]:
    up = square(base, 0.07), square(base * rng.choice([4 / 3, 1.5, 2.0]), between(rng, 0.15, 0.5))
    tail = up[1] * np.linspace(1, 0, len(up[1]))
    return in_a_row(up[0], tail), ("rising",)


def _jump(rng: Rng, base: float) -> tuple[Array, Tags]:
    span, rising = between(rng, 0.1, 0.4), chance(rng, 0.65)
    ends = (base, base * rng.uniform(1.6, 4))
    start, end = ends if rising else ends[::-1]
    x = square(
        ramp(span, [(0, start), (span, end)], log=True), span, rng.choice([0.125, 0.25, 0.5])
    )
    return x * np.linspace(1, 0.2, len(x)), ("rising",) if rising else ("falling",)


def _arpeggio(rng: Rng, base: float) -> tuple[Array, Tags]:
    steps = np.array([[0, 4, 7, 12, 16, 19], [0, 3, 7, 10, 12, 15]])[rng.integers(2)]
    rising = chance(rng, 0.7)
    notes = base / 2 * 2 ** ((steps if rising else steps[::-1]) / 12)
    span = between(rng, 0.04, 0.12)
    return in_a_row(*[fade(square(n, span), 0.001, 0.01) for n in notes]), (
        "rising",
    ) if rising else ("falling",)


def _hit(rng: Rng, base: float) -> tuple[Array, Tags]:
    span = between(rng, 0.15, 0.6)
    crushed = np.repeat(rng.uniform(-1, 1, int(span * base * 4)), 32000 // int(base * 4) + 1)
    return fit(crushed, span) * np.exp(-times(span) * 4 / span), ("harsh",)


@sound("video_game_blip")
def video_game_blip(rng: Rng) -> Sound:
    """Old game console: square-wave coin, jump, power-up, hit and menu sounds."""
    base = between(rng, 300, 1400)
    kind = [_coin, _jump, _arpeggio, _hit][rng.integers(4)]
    x, tags = kind(rng, base)
    return often(rng, lambda i: x, 0.8, 5.0, tags, None, 0.5)
