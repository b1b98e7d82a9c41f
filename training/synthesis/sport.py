"""Sport and play: rackets, clubs and balls, ice and snow, weights."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bar_modes,
    between,
    chance,
    click,
    coloured,
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
    samples,
    strike,
    thump,
    times,
    unit,
)
from training.synthesis.finish import Tags, events, pole, rhythm
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
    scatter,
    scrape,
    swell,
    wooden,
)
from training.synthesis.nature import going_on
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.voice import hump, late


def _swish(rng: Rng, seconds: float, low: float, high: float) -> Array:
    """Something swung fast through the air, loudest near its end; peak 1."""
    return unit(hiss(rng, seconds, low, high) * swell(seconds, rng.uniform(0.6, 0.85), 1.5))


# --- rackets ---------------------------------------------------------------------------------


def _rally(
    rng: Rng, hit: Array, bounce: Array | None, tags: Tags, rates: tuple[float, float]
) -> Sound:
    """Strokes of two players, one nearer than the other; the ball bounces between them."""
    seconds = length(rng, 1.5)
    when = rhythm(rng, seconds, *rates, single=0.2)
    far = rng.uniform(0.2, 0.9)
    dull = lowpass(hit, between(rng, 1500, 8000), 1)
    x = place(seconds, when.marks, lambda i: hit if i % 2 == 0 else far * dull)
    if bounce is not None and len(when.marks) > 1:
        gap = float(np.min(np.diff(when.marks)))
        landing = when.marks + rng.uniform(0.45, 0.75) * gap
        x = x + place(seconds, landing, lambda i: rng.uniform(0.15, 0.4) * bounce)
    return events(rng, x, (*tags, *when.tags))


@sound("tennis_hit")
def tennis_hit(rng: Rng) -> Sound:
    """Tennis: felt ball on taut strings, a hollow pock; it bounces on the court in between."""
    base = between(rng, 220, 650)
    strings = strike(rng, 0.2, base * np.array([1, 1.6, 2.3, 3.4, 4.4]), between(rng, 0.008, 0.03))
    felt = burst(rng, between(rng, 0.003, 0.008), 400, between(rng, 3000, 8000), 0.0006)
    hit = unit(strings + rng.uniform(0.5, 1.5) * fit(felt, 0.2))
    if chance(rng, 0.4):
        span = rng.uniform(0.12, 0.3)
        hit = in_a_row(rng.uniform(0.02, 0.1) * _swish(rng, span, 400, 4000), hit)
    ground = thump(rng, 0.12, between(rng, 110, 260), 0.015, 0.3)
    return _rally(rng, hit, ground, pole(base, 300, 470, "dull", "crisp"), (0.5, 1.8))


@sound("badminton")
def badminton(rng: Rng) -> Sound:
    """Badminton: a light swish and the thin ping of fine strings on cork, now soft, now hard."""
    base = between(rng, 700, 2000)
    hard = rng.random()
    strings = strike(rng, 0.12, base * np.array([1, 1.5, 2.2, 3.1]), between(rng, 0.005, 0.02), -3)
    cork = click(rng, between(rng, 1500, 4500), between(rng, 0.0008, 0.003), 0.7)
    hit = unit(strings + (0.3 + hard) * fit(cork, 0.12))
    span = rng.uniform(0.1, 0.25)
    hit = in_a_row(rng.uniform(0.03, 0.25) * _swish(rng, span, 800, 6000), hit)
    return _rally(rng, hit, None, ("high", *pole(hard, 0.35, 0.65, "soft", "crisp")), (0.6, 2.4))


# --- balls -----------------------------------------------------------------------------------


def _ivory(rng: Rng, freq: float) -> Array:
    """Two billiard balls meet: a very short, hard, high click; peak 1."""
    modes = freq * np.array([1, 1.5, 2.1, 2.8])
    return strike(rng, 0.03, modes, between(rng, 0.0015, 0.004), -1)


@sound("billiards")
def billiards(rng: Rng) -> Sound:
    """Billiards: the cue's tap, balls that click together, cushions, a ball into the pocket."""
    freq = between(rng, 2000, 4800)
    clicks = [_ivory(rng, freq * rng.uniform(0.94, 1.06)) for _ in range(4)]
    if chance(rng, 0.3):
        seconds = between(rng, 1.0, 2.5)
        marks = np.append(0.0, rng.gamma(1.2, 0.12, int(rng.integers(10, 35))))
        sizes = np.exp(-2 * marks) * rng.uniform(0.2, 1, len(marks))
        x = place(seconds, marks, lambda i: sizes[i] * clicks[i % 4])
        return once(rng, x, ("crisp", "high", "irregular", "fast"))
    tap = unit(mix(0.08, burst(rng, 0.003, 500, 3500), thump(rng, 0.08, 200, 0.01)))
    gap = between(rng, 0.12, 0.9)
    parts = [rng.uniform(0.3, 0.8) * tap, late(clicks[0], gap)]
    if chance(rng, 0.5):
        parts.append(late(0.4 * clicks[1], gap + between(rng, 0.1, 0.6)))
    if chance(rng, 0.5):
        pocket = unit(thump(rng, 0.25, between(rng, 90, 180), 0.04) + 0.4 * fit(tap, 0.25))
        parts.append(late(0.7 * pocket, gap + between(rng, 0.3, 1.2)))
    return once(rng, mix(gap + 1.6, *parts), ("crisp", "intermittent"))


@sound("bowling")
def bowling(rng: Rng) -> Sound:
    """Bowling: the heavy ball thumps down and rumbles along the lane into clattering pins."""
    seconds = length(rng, 2.5)
    crash = rng.uniform(0.35, 0.65) * seconds
    nearing = np.linspace(rng.uniform(0.2, 0.6), 1.0, samples(crash)) ** 2
    roll = level(lowpass(coloured(rng, crash, -3), between(rng, 150, 600)))
    roll = roll * flutter(rng, crash, between(rng, 10, 40), 0.4) * nearing
    pin = between(rng, 450, 1300)
    pins = [wooden(rng, pin * rng.uniform(0.8, 1.3), between(rng, 0.015, 0.05)) for _ in range(8)]
    count = int(rng.integers(6, 45))
    marks = np.append(0.0, rng.gamma(1.4, 0.14, count))
    sizes = np.exp(0.4 * rng.standard_normal(count + 1) - 1.8 * marks)
    clatter = unit(scatter(rng, seconds - crash, marks, sizes, pins))
    parts = [rng.uniform(0.03, 0.2) * roll, late(clatter, crash)]
    if chance(rng, 0.6):
        parts.append(0.6 * thump(rng, 0.4, between(rng, 50, 110), 0.05))
    return events(rng, mix(seconds, *parts), pole(count, 14, 30, "dull", "harsh"))


@sound("golf_swing")
def golf_swing(rng: Rng) -> Sound:
    """Golf: the club swishes and cracks the ball with a metal ring; or a putt rattles home."""
    if chance(rng, 0.25):
        tap = click(rng, between(rng, 1200, 3000), 0.003, 0.4)
        cup = wooden(rng, between(rng, 350, 900), 0.015, 0.8)
        marks, sizes = bounces(rng, between(rng, 0.06, 0.12), 0.65, between(rng, 0.6, 1.5))
        x = place(2.6, marks, lambda i: sizes[i] * cup)
        return once(rng, x + 0.6 * fit(tap, 2.6), ("soft",))
    span = rng.uniform(0.18, 0.45)
    swing = _swish(rng, span, between(rng, 200, 700), between(rng, 2500, 7000))
    driver = chance(rng, 0.6)
    base = between(rng, 1800, 4500) if driver else between(rng, 500, 1500)
    ring = between(rng, 0.02, 0.12) if driver else between(rng, 0.004, 0.015)
    head = strike(rng, 0.5, plate_modes(rng, base, 6, 0.2), ring, -2)
    hit = unit(head + rng.uniform(0.5, 1.2) * fit(burst(rng, 0.003, 800, 10000), 0.5))
    x = in_a_row(between(rng, 0.03, 0.3) * swing, hit)
    return once(rng, x, ("metallic", "bright") if driver else ("crisp", "short"))


@sound("baseball_bat")
def baseball_bat(rng: Rng) -> Sound:
    """Baseball: the crack of a wooden bat, or the ping of a hollow aluminium one."""
    wood = chance(rng, 0.6)
    base = between(rng, 350, 1000) if wood else between(rng, 1300, 2600)

    def hit(i: int) -> Array:
        freq = base * rng.uniform(0.97, 1.03)
        if wood:
            bat = fit(wooden(rng, freq, between(rng, 0.008, 0.03), 1.0), 0.3)
        else:
            ring = between(rng, 0.06, 0.25)
            bat = fade(strike(rng, 1.0, bar_modes(freq, 4), ring, -4), 0.0005, 0.3)
        crack = burst(rng, between(rng, 0.002, 0.006), 700, 9000, 0.0003)
        x = unit(bat + rng.uniform(0.6, 1.5) * fit(crack, len(bat) / RATE))
        return echoes(rng, x, 3, 0.08, 0.5, 12) if chance(rng, 0.4) else x

    tags: Tags = ("crisp", "short") if wood else ("metallic", "bright", "high")
    return often(rng, hit, 0.3, 1.0, tags, single=0.65)


@sound("basketball_net")
def basketball_net(rng: Rng) -> Sound:
    """Shot at the basket: ball on rim or board or straight through the rustling net, bounces."""
    rim = chance(rng, 0.5)
    gap = between(rng, 0.12, 0.5)
    net_span = rng.uniform(0.12, 0.3)
    net = unit(
        hiss(rng, net_span, between(rng, 900, 2500), 9000)
        * hump(net_span, 0.25)
        * flutter(rng, net_span, 60, 0.6)
    )
    parts = [late(rng.uniform(0.3, 1.0) * net, gap)]
    if rim:
        ring = metal(rng, between(rng, 180, 500), between(rng, 0.08, 0.3), 9, -3)
        board = thump(rng, 0.3, between(rng, 90, 200), 0.03)
        parts.append(mix(1.0, ring, rng.uniform(0.3, 1.0) * board))
    ball = thump(rng, 0.25, between(rng, 70, 140), between(rng, 0.02, 0.045), 0.3)
    marks, sizes = bounces(rng, between(rng, 0.5, 0.8), 0.75, gap + between(rng, 0.5, 0.8))
    floor = place(3.2, marks[:5], lambda i: sizes[i] * ball)
    parts.append(rng.uniform(0.2, 0.9) * floor)
    return once(rng, mix(3.4, *parts), ("metallic",) if rim else ("soft",))


# --- ice and snow ----------------------------------------------------------------------------


@sound("ice_skating")
def ice_skating(rng: Rng) -> Sound:
    """Ice skating: blades carve with long bright scrapes, stroke by stroke, or brake harshly."""
    low = between(rng, 1200, 3500)

    def stroke(i: int) -> Array:
        each = rng.uniform(0.3, 0.75)
        cut = scrape(rng, each, low, 12000, between(rng, 60, 400)) * swell(each, 0.35)
        ice = grain_cloud(rng, each, between(rng, 60, 500), (1500, 7000), (0.0003, 0.002), 5)
        push = thump(rng, 0.1, between(rng, 90, 200), 0.015)
        return unit(cut + rng.uniform(0.05, 0.4) * ice * swell(each, 0.3)) + 0.15 * fit(push, each)

    if chance(rng, 0.2):
        each = rng.uniform(0.4, 1.1)
        spray = scrape(rng, each, low * 0.6, 11000, between(rng, 30, 90)) * swell(each, 0.25)
        return once(rng, unit(spray), ("harsh", "bright"))
    return often(rng, stroke, 0.7, 2.2, ("bright", "crisp"), 0.08, 0.05)


@sound("skiing")
def skiing(rng: Rng) -> Sound:
    """Skiing: the skis hiss over snow and carve each turn louder, with wind in the ears."""
    seconds = length(rng, 2.5)
    hard = rng.random()
    rate = between(rng, 0.35, 1.6)
    edge = np.abs(np.sin(np.pi * rate * times(seconds) + rng.uniform(0, 3))) ** 1.5
    low = 250 + 1500 * hard
    snow = hiss(rng, seconds, low, between(rng, 4000, 11000)) * (0.2 + edge)
    ice = scrape(rng, seconds, low, 8000, between(rng, 30, 120)) * edge
    air = level(lowpass(coloured(rng, seconds, -3), between(rng, 200, 800)))
    x = snow + hard * ice + rng.uniform(0.05, 0.5) * air * (1 + 0.5 * drift(rng, seconds, 2))
    return going_on(rng, x, pole(hard, 0.35, 0.65, "soft", "harsh"), even=False)


# --- gym -------------------------------------------------------------------------------------


@sound("gym_weights")
def gym_weights(rng: Rng) -> Sound:
    """Gym: a loaded barbell dropped on rubber, plates jangling; or a machine's stack clinking."""
    base = between(rng, 250, 1200)
    plates = [metal(rng, base * rng.uniform(0.8, 1.5), between(rng, 0.02, 0.15)) for _ in range(4)]
    if chance(rng, 0.5):
        return often(rng, lambda i: plates[i % 2], 0.4, 1.2, ("metallic",), 0.1, 0.1)
    boom = thump(rng, 0.6, between(rng, 38, 90), between(rng, 0.05, 0.12), 0.3)
    marks, sizes = bounces(rng, between(rng, 0.15, 0.45), 0.55)
    x = place(2.0, marks, lambda i: sizes[i] * boom)
    jangle = rng.gamma(1.5, 0.12, int(rng.integers(4, 14)))
    levels = rng.uniform(0.1, 0.6, len(jangle)) * np.exp(-2 * jangle)
    x = x + place(2.0, jangle, lambda i: levels[i] * plates[i % 4])
    return once(rng, x, ("low", "dull"))
