"""Small things at home: paper, coins, glass, dishes, writing, blips.

Clocks and bells are in ``household_clocks``, water and the kitchen in ``household_water``, doors,
furniture and balls in ``household_doors``.
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    bar_modes,
    beats,
    between,
    chance,
    drift,
    fade,
    fit,
    fm,
    length,
    level,
    mix,
    place,
    plate_modes,
    ramp,
    saw,
    scattered,
    sine,
    square,
    strike,
    times,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pace, pole
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
    x = crackle(
        rng, seconds, marks, (between(rng, 500, 1500), 6500), (0.0004, 0.006), rng.uniform(1.2, 2.2)
    )
    rub = hiss(rng, seconds, between(rng, 150, 900), rng.uniform(4000, 12000)) * hand
    marks = denser(rng, 5, hand)
    sheet = place(seconds, marks, lambda i: burst(rng, 0.02, 80, 900))
    x = level(x) + rng.uniform(0.1, 0.9) * rub + rng.uniform(0, 0.6) * sheet
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
    """Coin on a hard floor: ringing hits that quicken, then often a spin that runs out."""
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
    base = between(rng, 450, 2600)
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
    crash = burst(rng, between(rng, 0.02, 0.12) * size, between(rng, 500, 2500), 13000)
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
        rub = fade(scrape(rng, between(rng, 0.1, 0.4), 2000, 9000, 200), 0.03, 0.05)
        x = x + 0.12 * scatter(rng, seconds, np.array([start]), np.ones(1), [rub])
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
    constant = span * rng.uniform(0.15, 0.5)
    ratio, index = rng.uniform(0.3, 2.5), rng.uniform(1, 6)
    waves: list[Callable[[Array, float], Array]] = [
        saw,
        square,
        sine,
        partial(fm, ratio=ratio, index=index),
    ]
    wave = waves[rng.integers(4)]

    def shot(i: int) -> Array:
        axis = times(span)
        sweep = low + (high * rng.uniform(0.95, 1.05) - low) * np.exp(-axis / constant)
        sweep = sweep if falling else sweep[::-1]
        x = wave(sweep, span) * np.exp(-axis / (span * 0.5))
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
