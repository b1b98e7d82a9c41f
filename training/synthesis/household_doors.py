"""Doors, furniture, switches, traps and bouncing balls."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bar_modes,
    beats,
    between,
    chance,
    click,
    decay,
    drift,
    fit,
    length,
    lowpass,
    mix,
    modal,
    place,
    ramp,
    samples,
    saw,
    scattered,
    strike,
    thump,
    times,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pole
from training.synthesis.materials import (
    bounces,
    burst,
    echoes,
    flutter,
    hiss,
    in_a_row,
    metal,
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


def pause(rng: Rng, shortest: float, longest: float) -> Array:
    """Silence of a random length."""
    return np.zeros(samples(between(rng, shortest, longest)))


def creak(rng: Rng, seconds: float) -> tuple[Array, Tags]:
    """Stick-slip of a dry hinge or board heard through wood, and how its pitch goes; peak 1."""
    low = between(rng, 12, 160)
    high = low * between(rng, 1.3, 4)
    ends = [(low, high), (high, low), (low, low * 1.1)][rng.integers(3)]
    rate = ramp(seconds, [(0, ends[0]), (seconds, ends[1])], log=True)
    rate = rate * np.exp(rng.uniform(0.1, 0.4) * drift(rng, seconds, between(rng, 1, 6)))
    slips = stick_slip(rng, rate, between(rng, 0.01, 0.15))
    x = through(rng, slips, 250, between(rng, 1800, 5000), 8, between(rng, 8, 30))
    x = x * np.clip(0.6 + 0.7 * drift(rng, seconds, 4), 0.05, 1)
    tags: Tags = ()
    if ends[1] > 1.6 * ends[0]:
        tags = ("rising",)
    elif ends[0] > 1.6 * ends[1]:
        tags = ("falling",)
    return unit(x * swell(seconds, rng.uniform(0.2, 0.8), 0.3)), tags


@sound("door_creak")
def door_creak(rng: Rng) -> Sound:
    """Door on dry hinges: stick-slip that follows the swing, through the resonances of wood."""
    seconds = between(rng, 0.6, 3.6)
    x, tags = creak(rng, seconds)
    if chance(rng, 0.25):
        again, _ = creak(rng, between(rng, 0.3, 1.0))
        return events(rng, in_a_row(x, pause(rng, 0.05, 0.3), again), ("repeated", "irregular"))
    return once(rng, x, tags + pole(seconds, 1.0, 2.2, "short", "long"))


@sound("door_close_wood")
def door_close_wood(rng: Rng) -> Sound:
    """Wooden door shut: a low thud of the panel in its frame, the latch, a short rattle."""
    slam = rng.random()
    panel, ring = between(rng, 55, 190), between(rng, 0.025, 0.09)
    thud = wooden(rng, panel, ring, 0.2 + slam) + 0.7 * fit(
        thump(rng, 0.3, panel * 0.6, 0.06), 0.05 + 6 * ring
    )
    seconds = 0.9
    latch = rng.uniform(0.15, 0.7) * metal(rng, between(rng, 900, 2600), 0.008, 8)
    parts = [thud * (0.5 + slam), np.pad(latch, (samples(rng.uniform(0, 0.07)), 0))]
    rattles = [wooden(rng, panel * rng.uniform(2, 5), 0.012, 1.0) for _ in range(3)]
    marks = np.sort(rng.uniform(0.02, 0.3, int(rng.integers(0, 5))))
    parts.append(0.25 * place(seconds, marks, pick(rng, rattles, 8)))
    parts.append(slam * 0.4 * burst(rng, between(rng, 0.05, 0.2), 60, 1500))
    x = mix(seconds, *parts)
    if chance(rng, 0.3):
        swish = 0.15 * unit(creak(rng, between(rng, 0.3, 0.9))[0])
        x = in_a_row(swish, x)
    return once(rng, x, (*pole(slam, 0.35, 0.7, "soft", "harsh"), "dull"))


@sound("door_knock")
def door_knock(rng: Rng) -> Sound:
    """Knuckles on a door: two to six even knocks, sometimes again after a pause."""
    panel, ring = between(rng, 90, 330), between(rng, 0.012, 0.05)
    hard = rng.uniform(0.1, 1.4)
    knocks = [wooden(rng, panel * rng.uniform(0.97, 1.05), ring, hard) for _ in range(4)]
    rate = between(rng, 2.2, 8.5)
    count = int(rng.integers(2, 7))
    group = np.cumsum(1 + 0.06 * rng.standard_normal(count)) / rate
    starts = [0.0, group[-1] + rng.uniform(0.5, 1.3)] if chance(rng, 0.4) else [0.0]
    marks = np.concatenate([start + group for start in starts])
    marks = marks - marks[0] + rng.uniform(0.02, 0.5)
    sizes = np.exp(0.2 * rng.standard_normal(len(marks)))
    seconds = min(5.0, float(marks[-1]) + rng.uniform(0.3, 0.9))
    x = place(seconds, marks, lambda i: sizes[i] * knocks[i % 4])
    tags: Tags = ("repeated", *pole(rate, 3.3, 5.5, "slow", "fast"))
    return events(rng, x, tags + pole(hard, 0.45, 1.0, "dull", "crisp"))


@sound("table_knock")
def table_knock(rng: Rng) -> Sound:
    """Knocking or tapping on a table top: short wooden raps over the hollow under it."""
    top, ring = between(rng, 160, 1100), between(rng, 0.008, 0.03)
    hard = rng.uniform(0.2, 1.6)
    knocks = [wooden(rng, top * rng.uniform(0.95, 1.08), ring, hard) for _ in range(4)]
    tags = pole(hard, 0.6, 1.1, "dull", "crisp")
    return often(rng, pick(rng, knocks, 64), 1.2, 8.0, tags, None, 0.25)


@sound("door_lock")
def door_lock(rng: Rng) -> Sound:
    """Lock: the key scrapes in over the pins, turns, and the bolt clunks."""
    pins = between(rng, 2000, 5000)
    key = [click(rng, pins * rng.uniform(0.8, 1.3), 0.002, 0.5) for _ in range(4)]
    parts: list[Array] = []
    if chance(rng, 0.7):
        marks = np.sort(rng.uniform(0, 0.25, int(rng.integers(4, 10))))
        parts += [0.35 * place(0.3, marks, pick(rng, key, 16)), pause(rng, 0.05, 0.5)]
    for _ in range(int(rng.choice([1, 1, 2]))):
        turn = place(0.15, np.sort(rng.uniform(0, 0.12, 3)), pick(rng, key, 8))
        bolt = metal(rng, between(rng, 350, 1400), between(rng, 0.008, 0.03), 12)
        clunk = bolt + rng.uniform(0.3, 1) * fit(
            wooden(rng, between(rng, 100, 300), 0.025, 0.5), len(bolt) / 32000
        )
        parts += [0.4 * turn, unit(clunk), pause(rng, 0.1, 0.4)]
    return once(rng, in_a_row(*parts), ("metallic", "crisp"))


@sound("drawer")
def drawer(rng: Rng) -> Sound:
    """Drawer: it slides with a rumble, things in it shift, and it hits its stop."""

    def slide(closing: bool) -> Array:
        span = between(rng, 0.25, 1.0)
        speed = swell(span, rng.uniform(0.4, 0.9), 0.5)
        roll = through(
            rng, hiss(rng, span, 80, 3000) * flutter(rng, span, 60, 0.6), 120, 2500, 5, 4
        )
        x = 0.35 * roll * speed
        things = [metal(rng, between(rng, 800, 3500), 0.015, 6) for _ in range(4)]
        marks = scattered(rng, span, between(rng, 2, 15))
        x = x + 0.3 * place(span, marks, pick(rng, things, 32))
        stop = wooden(rng, between(rng, 90, 260), between(rng, 0.02, 0.05), rng.uniform(0.3, 1.0))
        return in_a_row(x, stop if closing else 0.5 * stop)

    if chance(rng, 0.45):
        both = in_a_row(slide(False), pause(rng, 0.1, 0.9), slide(True))
        return events(rng, both[: samples(5.0)], ("repeated", "dull"))
    return once(rng, slide(chance(rng, 0.6)), ("dull",))


@sound("chair_scrape")
def chair_scrape(rng: Rng) -> Sound:
    """Chair pushed over a floor: rough stick-slip of the legs, from a judder to a screech."""
    base = between(rng, 45, 480)
    tags: Tags = ("harsh", *pole(base, 90, 240, "low", "high"))
    rough = between(rng, 0.02, 0.3)

    def push(i: int) -> Array:
        seconds = between(rng, 0.25, 1.4)
        speed = swell(seconds, rng.uniform(0.2, 0.7), 0.4)
        rate = base * (0.5 + 0.7 * speed) * np.exp(0.15 * drift(rng, seconds, 6))
        x = through(rng, stick_slip(rng, rate, rough), 180, 3500, 8, between(rng, 3, 12))
        rub = hiss(rng, seconds, 200, 4000)
        return unit((x + rng.uniform(0.1, 0.6) * rub) * speed)

    if chance(rng, 0.6):
        return once(rng, push(0), tags)
    return often(rng, push, 0.6, 1.4, tags, 0.35, 0.0)


@sound("light_switch")
def light_switch(rng: Rng) -> Sound:
    """Light switch: the snap of a spring contact in a plastic box, on and perhaps off again."""
    freq, box = between(rng, 1000, 4500), between(rng, 250, 900)
    low = rng.uniform(0.02, 0.5)

    def snap(i: int) -> Array:
        gap = np.zeros(samples(between(rng, 0.004, 0.03)))
        first = 0.35 * click(rng, freq * 1.2, 0.0015, 0.6)
        hit = click(rng, freq, between(rng, 0.0015, 0.005), 0.4)
        return in_a_row(
            first, gap, unit(fit(hit, 0.1) + low * fit(wooden(rng, box, 0.008, 0.2), 0.1))
        )

    return often(rng, snap, 0.8, 3.5, ("crisp", "short"), 0.3, 0.55)


@sound("mouse_trap")
def mouse_trap(rng: Rng) -> Sound:
    """Mouse trap: the spring's twang and the bar slapping on the wood, which hops once or twice."""
    wire = between(rng, 700, 2400)
    board = wooden(rng, between(rng, 250, 800), between(rng, 0.012, 0.03), 2.0)
    bar = strike(rng, 0.4, bar_modes(wire, 5), between(rng, 0.02, 0.09), 0)
    twang = modal(0.4, wire * 0.4 * np.arange(1, 9), 0.05, 1 / np.arange(1, 9), rng)
    snap = mix(0.45, board, rng.uniform(0.3, 0.8) * bar, 0.2 * unit(twang))
    marks, sizes = bounces(rng, between(rng, 0.03, 0.12), 0.5)
    hops = place(0.45, marks[1:4], lambda i: 0.3 * sizes[i + 1] * board)
    return once(rng, snap + hops, ("crisp", "short", "harsh"))


# --- balls and balloons ----------------------------------------------------------------------


@sound("ball_bounce")
def ball_bounce(rng: Rng) -> Sound:
    """Rubber ball dropped: thuds that come ever faster and softer."""
    freq, ring = between(rng, 70, 420), between(rng, 0.012, 0.06)
    hits = [
        unit(
            thump(rng, 0.05 + 5 * ring, freq, ring, rng.uniform(0, 0.4))
            + rng.uniform(0.05, 0.5) * fit(burst(rng, 0.004, 300, 4000), 0.05 + 5 * ring)
        )
        for _ in range(3)
    ]
    marks, sizes = bounces(
        rng, between(rng, 0.3, 0.95), rng.uniform(0.6, 0.86), rng.uniform(0.02, 0.3)
    )
    marks = marks[marks < 4.8]
    x = scatter(rng, min(5.0, float(marks[-1]) + 0.4), marks, sizes[: len(marks)], hits)
    return events(rng, x, ("repeated", "fading", "dull", *pole(freq, 120, 250, "low", "high")))


@sound("ping_pong")
def ping_pong(rng: Rng) -> Sound:
    """Table tennis ball: hollow celluloid pocks of a rally, or of a ball dropped."""
    shell = between(rng, 900, 2600)
    ring = between(rng, 0.002, 0.008)
    table = [
        unit(
            wooden(rng, shell, ring, 0.6)
            + 0.5 * fit(wooden(rng, between(rng, 180, 420), 0.012, 0.2), 0.05 + 6 * ring)
        )
        for _ in range(3)
    ]
    bat = [wooden(rng, shell * rng.uniform(0.6, 0.85), ring * 1.3, 0.4) for _ in range(3)]
    if chance(rng, 0.4):
        marks, sizes = bounces(rng, between(rng, 0.25, 0.6), rng.uniform(0.75, 0.9), 0.05)
        marks = marks[marks < 4.8]
        x = scatter(rng, min(5.0, float(marks[-1]) + 0.3), marks, sizes[: len(marks)], table)
        return events(rng, x, ("repeated", "fading", "crisp"))
    seconds, rate = length(rng, 2.5), between(rng, 1.1, 2.6)
    strokes = beats(rng, seconds, rate, rng.uniform(0.03, 0.15), 0.1)
    landing = strokes + rng.uniform(0.3, 0.7) / rate
    sizes = np.exp(0.25 * rng.standard_normal(len(strokes)))
    x = scatter(rng, seconds, strokes, sizes, bat) + scatter(
        rng, seconds, landing, 0.8 * sizes, table
    )
    return events(rng, x, ("repeated", "crisp", *pole(rate, 1.4, 2.1, "slow", "fast")))


@sound("basketball_dribble")
def basketball_dribble(rng: Rng) -> Sound:
    """Basketball: floor thuds with the ball's own air ringing, in a gym; shoes may squeak."""
    low, air = between(rng, 55, 115), between(rng, 330, 900)
    floor = rng.uniform(0.1, 0.7)

    def hit(i: int) -> Array:
        ping = modal(0.25, air * np.array([1, 1.9, 2.75, 3.6]), 0.03, [1, 0.6, 0.4, 0.2], rng)
        boom = thump(rng, 0.25, low * rng.uniform(0.95, 1.05), 0.045, 0.3)
        slap = fit(burst(rng, 0.006, 500, 5000), 0.25)
        return unit(boom + rng.uniform(0.15, 0.4) * unit(ping) + floor * slap)

    seconds, rate = length(rng, 1.8), between(rng, 1.1, 4.0)
    marks = beats(rng, seconds, rate, rng.uniform(0.02, 0.2), rng.uniform(0.02, 0.4))
    hits = [hit(i) for i in range(4)]
    x = place(seconds, marks, pick(rng, hits, 40))
    if chance(rng, 0.3):
        span = between(rng, 0.08, 0.25)
        squeak = saw(
            between(rng, 1200, 2800) * ramp(span, [(0, 1), (span, rng.uniform(0.8, 1.4))]), span
        )
        x = x + 0.15 * place(seconds, rng.uniform(0, seconds), lambda i: squeak * swell(span, 0.4))
    if chance(rng, 0.5):
        x = echoes(rng, x, 6, 0.02, 0.25, 7)[: len(x)]
    return events(rng, x, ("repeated", "dull", *pole(rate, 1.6, 2.8, "slow", "fast")))


@sound("balloon_pop")
def balloon_pop(rng: Rng) -> Sound:
    """Balloon burst: one very short pressure wave, a snap of rubber, the room's short answer."""
    span = between(rng, 0.0008, 0.005)
    axis = times(0.25)
    wave = (1 - axis / span) * np.exp(-axis / span)
    room = lowpass(white(rng, 0.25), between(rng, 2500, 9000)) * decay(
        0.25, between(rng, 0.012, 0.06), 0.002
    )
    rubber = np.pad(burst(rng, 0.004, 1500, 10000), (samples(rng.uniform(0.002, 0.02)), 0))
    x = mix(0.25, wave, rng.uniform(0.15, 0.6) * unit(room), rng.uniform(0.1, 0.5) * rubber)
    if chance(rng, 0.15):
        return often(rng, lambda i: x, 1.0, 3.0, ("short", "crisp"), 0.4, 0.0)
    return once(rng, x, ("short", "crisp"))
