"""Things handled at leisure: tape, fasteners, cards, dice, tiles, a marble."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    between,
    chance,
    drift,
    fade,
    length,
    level,
    lowpass,
    mix,
    place,
    plate_modes,
    ramp,
    sine,
    strike,
    unit,
    wobble,
)
from training.synthesis.finish import Tags, events, pole, rhythm
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
    pick,
    scatter,
    stick_slip,
    swell,
    through,
    wooden,
)
from training.synthesis.registry import Sound, sound
from training.synthesis.voice import late

# --- tape and fasteners ----------------------------------------------------------------------


@sound("packing_tape")
def packing_tape(rng: Rng) -> Sound:
    """Adhesive tape pulled off its roll: glue lets go in stick-slip, screeching; then a snap."""
    low = between(rng, 120, 900)
    body = (between(rng, 500, 1500), between(rng, 3500, 9000))
    grows = chance(rng, 0.5)
    torn = chance(rng, 0.5)

    def pull(i: int) -> Array:
        each = between(rng, 0.25, 2.0)
        ends = (low, low * rng.uniform(1.3, 2.5))
        start, end = ends if grows else ends[::-1]
        rate = ramp(each, [(0, start), (each, end)], log=True)
        slips = stick_slip(rng, rate, rng.uniform(0.05, 0.35), 0.7)
        x = through(rng, slips, *body, 7, rng.uniform(2, 8))
        x = x + rng.uniform(0.2, 0.8) * hiss(rng, each, 1500, 11_000) * flutter(rng, each, 90, 0.6)
        x = unit(fade(x * (0.7 + 0.4 * drift(rng, each, 6)), 0.03, 0.02))
        if not torn:
            return x
        snaps = denser(rng, 1500, swell(0.08, 0.2))
        rip = crackle(rng, 0.08, snaps, (2000, 8000), (0.0003, 0.002), 2.0)
        return in_a_row(x, np.zeros(int(rng.uniform(0.02, 0.3) * 32_000)), 0.8 * rip)

    if chance(rng, 0.6):
        return once(rng, pull(0), ("harsh", "rising" if grows else "falling"))
    return often(rng, pull, 0.4, 1.2, ("harsh",), 0.3, 0.0)


@sound("velcro")
def velcro(rng: Rng) -> Sound:
    """Hook-and-loop fastener: hundreds of little hooks let go one after the other, with a rip."""
    quick = chance(rng, 0.5)
    low = between(rng, 150, 600) if quick else between(rng, 60, 200)
    freqs = (between(rng, 900, 2200), between(rng, 4500, 9000))

    def rip(i: int) -> Array:
        each = between(rng, 0.12, 0.45) if quick else between(rng, 0.5, 1.8)
        rate = low * (1 + rng.uniform(0.3, 1.5) * swell(each, rng.uniform(0.4, 0.9)))
        rows = stick_slip(rng, rate, 0.3, 0.8)
        hooks = crackle(
            rng, each, denser(rng, 6 * low, swell(each, 0.7, 0.4)), freqs, (0.0003, 0.002), 2.2
        )
        cloth = through(rng, rows, 350, 3500, 6, rng.uniform(1.5, 4))
        x = level(hooks) + rng.uniform(0.4, 1.2) * cloth + 0.2 * hiss(rng, each, 1500, 12_000)
        return unit(x * swell(each, rng.uniform(0.5, 0.9), 0.35))

    tags: Tags = ("harsh", "crisp", "fast" if quick else "slow")
    if chance(rng, 0.65):
        return once(rng, rip(0), (*tags, "short") if quick else tags)
    return often(rng, rip, 0.5, 1.6, ("harsh", "crisp"), 0.3, 0.0)


@sound("bubble_wrap")
def bubble_wrap(rng: Rng) -> Sound:
    """Bubble wrap: cushions burst with a snap and a small hollow, over the crinkle of the film."""
    hollow = between(rng, 350, 1800)
    pops = []
    for _ in range(6):
        snap = burst(rng, between(rng, 0.001, 0.004), 800, 9000)
        cave = strike(rng, 0.06, hollow * rng.uniform(0.8, 1.3) * np.array([1, 2.1]), 0.006)
        pops.append(mix(0.06, snap, rng.uniform(0.3, 1.2) * cave))
    seconds = length(rng, 1.0)
    when = rhythm(rng, seconds, 0.9, 14.0, float(rng.choice([0.15, 0.4, 0.8])), 0.15)
    sizes = np.exp(0.4 * rng.standard_normal(len(when.marks)))
    make = pick(rng, pops, 64)
    x = place(seconds, when.marks, lambda i: sizes[i] * make(i))
    hand = np.clip(drift(rng, seconds, 4), 0, 1)
    film = crackle(rng, seconds, denser(rng, 200, hand), (2500, 8000), (0.0002, 0.001), 1.6)
    x = unit(x) + rng.uniform(0.02, 0.25) * film
    return events(rng, x, ("crisp", *pole(hollow, 550, 1200, "low", "high"), *when.tags))


# --- games -----------------------------------------------------------------------------------


@sound("card_shuffling")
def card_shuffling(rng: Rng) -> Sound:
    """Cards riffled: corners flick off the thumbs ever faster, then the deck falls together."""
    low, top = between(rng, 700, 2000), between(rng, 4500, 11_000)
    flicks = [burst(rng, between(rng, 0.001, 0.004), low, top) for _ in range(6)]
    slow_start = chance(rng, 0.6)

    def riffle(i: int) -> Array:
        each = between(rng, 0.3, 1.1)
        start, end = between(rng, 25, 55), between(rng, 70, 160)
        start, end = (start, end) if slow_start else (end, start)
        turns = np.cumsum(ramp(each, [(0, start), (each, end)])) / 32_000
        marks = np.searchsorted(turns, np.arange(1, turns[-1])) / 32_000
        marks = marks + 0.002 * rng.standard_normal(len(marks))
        sizes = (
            np.exp(0.5 * rng.standard_normal(len(marks)))
            * swell(1, 0.6, 0.3)[::32][(marks / each * 999).clip(0, 999).astype(int)]
        )
        x = unit(scatter(rng, each + 0.02, marks, sizes, flicks))
        rub = hiss(rng, 0.25, 1500, 9000) * swell(0.25, 0.4)
        square = wooden(rng, between(rng, 180, 500), 0.012, 1.0)
        pause = np.zeros(int(rng.uniform(0.03, 0.25) * 32_000))
        return in_a_row(x, pause, 0.1 * rub, rng.uniform(0.1, 0.5) * square)

    tags: Tags = ("crisp", "rising" if slow_start else "falling")
    return often(rng, riffle, 0.4, 1.0, tags, 0.2, 0.5)


@sound("card_shuffling")
def overhand_shuffle(rng: Rng) -> Sound:
    """Cards shuffled overhand or dealt: packets slide off and slap down, several a second."""
    low = between(rng, 500, 1800)

    def packet(i: int) -> Array:
        slide = hiss(rng, 0.09, 2000, 10_000) * swell(0.09, 0.8)
        slap = burst(rng, between(rng, 0.003, 0.01), low, between(rng, 4000, 9000))
        return in_a_row(rng.uniform(0.03, 0.15) * slide, slap)

    slaps = [packet(i) for i in range(6)]
    return often(rng, pick(rng, slaps, 64), 1.5, 8.0, ("crisp",), None, 0.05)


@sound("dice_rolling")
def dice_rolling(rng: Rng) -> Sound:
    """Dice: rattled in a cup or the hand, then thrown, bouncing and tumbling to rest."""
    pitch = between(rng, 1200, 4500)
    dice = [
        mix(
            0.12,
            strike(rng, 0.05, pitch * rng.uniform(0.85, 1.2) * np.array([1, 1.6, 2.3]), 0.004),
            rng.uniform(0.1, 0.8) * wooden(rng, between(rng, 150, 600), 0.015, 0.8),
        )
        for _ in range(6)
    ]
    parts: list[Array] = []
    if chance(rng, 0.5):
        each = between(rng, 0.5, 2.0)
        shake = np.clip(sine(between(rng, 3, 8), each, rng.uniform(0, 6)), 0, 1)
        marks = denser(rng, between(rng, 25, 70), shake)
        rattle = scatter(rng, each, marks, np.exp(0.4 * rng.standard_normal(len(marks))), dice)
        cup = lowpass(rattle, between(rng, 1200, 6000), 1)
        parts += [0.6 * unit(cup), np.zeros(int(rng.uniform(0.03, 0.3) * 32_000))]
    hits, sizes = [], []
    for _ in range(int(rng.integers(1, 6))):
        marks, loud = bounces(rng, between(rng, 0.06, 0.25), rng.uniform(0.55, 0.82))
        hits.append(marks + rng.uniform(0, 0.12))
        sizes.append(loud * np.exp(0.3 * rng.standard_normal(len(loud))))
    last = max(float(marks[-1]) for marks in hits)
    throw = scatter(rng, last + 0.15, np.concatenate(hits), np.concatenate(sizes), dice)
    tags: Tags = ("crisp", "irregular", "repeated", *(() if parts else ("fading",)))
    whole = late(in_a_row(*parts, unit(throw)), rng.uniform(0, 0.4))
    return events(rng, whole, tags + pole(pitch, 1700, 3200, "low", "high"))


def _tile(rng: Rng, pitch: float) -> Array:
    """One mahjong tile against another: a hard, dry, small clack."""
    modes = plate_modes(rng, pitch * rng.uniform(0.8, 1.25), 6, 0.2)
    tile = strike(rng, 0.06, modes, between(rng, 0.003, 0.012), rng.uniform(-3, 1))
    return mix(0.06, tile, rng.uniform(0.2, 0.8) * burst(rng, 0.002, 1500, 10_000))


@sound("mahjong_tiles")
def mahjong_washing(rng: Rng) -> Sound:
    """Mahjong tiles washed: two hands push a hundred hard tiles round the table, clattering."""
    seconds = length(rng, 2.0)
    pitch, rate = between(rng, 1400, 3800), between(rng, 25, 180)
    tiles = [_tile(rng, pitch) for _ in range(12)]
    hands = 0.15 + np.clip(sine(between(rng, 0.7, 2.5), seconds, rng.uniform(0, 6)) + 0.4, 0, 2)
    marks = denser(rng, rate, hands * gusts(rng, seconds, 2, 5))
    x = scatter(rng, seconds, marks, np.exp(0.8 * rng.standard_normal(len(marks))), tiles)
    slide = hiss(rng, seconds, 250, between(rng, 2000, 5000)) * hands
    table = lowpass(x, 400) * rng.uniform(0, 1.5)
    x = level(x) + rng.uniform(0.03, 0.3) * slide + table
    return events(
        rng, x, ("crisp", "irregular", "continuous", *pole(rate, 45, 110, "slow", "fast"))
    )


@sound("mahjong_tiles")
def mahjong_discard(rng: Rng) -> Sound:
    """Mahjong tiles set down one by one: a clack on the table, now and then on another tile."""
    pitch, table = between(rng, 1400, 3800), between(rng, 130, 450)
    hits = [
        mix(
            0.2,
            _tile(rng, pitch),
            rng.uniform(0.3, 1) * wooden(rng, table * rng.uniform(0.95, 1.05), 0.02, 0.5),
        )
        for _ in range(5)
    ]
    return often(rng, pick(rng, hits, 32), 0.6, 3.5, ("crisp",), None, 0.25)


# --- play ------------------------------------------------------------------------------------


@sound("marble_rolling")
def marble_rolling(rng: Rng) -> Sound:
    """Marble rolled over a floor: a rumble that turns with the ball and slows, then a clack."""
    each = between(rng, 1.2, 4.2)
    slowing = chance(rng, 0.6)
    end = rng.uniform(0.15, 0.5) if slowing else rng.uniform(0.85, 1.3)
    speed = ramp(each, [(0, 1.0), (each, end)])
    hollow = chance(rng, 0.5)
    low, high = (200, 2200) if hollow else (900, 6000)
    contacts = stick_slip(rng, between(rng, 120, 700) * speed, 0.4, 0.8)
    x = through(rng, contacts, low, high, 7, rng.uniform(2, 7))
    turn = 1 + 0.5 * np.sin(2 * np.pi * np.cumsum(between(rng, 4, 14) * speed) / 32_000)
    x = x * turn * speed * wobble(rng, each, between(rng, 0.5, 2), 0.3)
    x = unit(x + rng.uniform(0.05, 0.4) * hiss(rng, each, low, 2 * high) * speed * turn)
    ball = unit(
        mix(0.2, glass(rng, between(rng, 2500, 5500), 0.01), wooden(rng, low * 1.2, 0.015, 1.0))
    )
    parts = [fade(0.5 * x, 0.1, 0.1)]
    if chance(rng, 0.5):
        marks, sizes = bounces(rng, between(rng, 0.1, 0.35), rng.uniform(0.5, 0.75))
        parts = [scatter(rng, float(marks[-1]) + 0.02, marks, sizes, [ball]), *parts]
    if chance(rng, 0.5):
        parts.append(rng.uniform(0.3, 1) * ball)
    whole = in_a_row(*parts)[: 5 * 32_000]
    tags: Tags = ("continuous", "dull" if hollow else "crisp")
    return events(rng, whole, (*tags, "falling", "fading") if slowing else tags)
