"""The ground and what breaks on it: eruptions, quakes, ice, rocks, trees."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    between,
    chance,
    fade,
    length,
    mix,
    place,
    ramp,
    samples,
    scattered,
    thump,
    times,
    unit,
)
from training.synthesis.finish import Tags, events
from training.synthesis.materials import (
    burst,
    crackle,
    denser,
    gusts,
    hiss,
    in_a_row,
    metal,
    often,
    scatter,
    stick_slip,
    swell,
    through,
    wooden,
)
from training.synthesis.nature import going_on, rumbling
from training.synthesis.registry import MAX_SECONDS, RATE, Sound, sound

# --- the ground ------------------------------------------------------------------------------


@sound("volcano_rumble")
def volcano_rumble(rng: Rng) -> Sound:
    """Eruption: deep continuous roar with heavy bursts of gas and falling stones."""
    seconds = length(rng, 3.0)
    x = rumbling(rng, seconds, between(rng, 90, 300), between(rng, 3, 12))
    for start in scattered(rng, seconds, rng.uniform(0.4, 1.6)):
        blow = burst(rng, between(rng, 0.15, 0.6), 40, between(rng, 500, 2500), 0.02, 4)
        x = x + rng.uniform(0.6, 2.5) * scatter(rng, seconds, np.array([start]), np.ones(1), [blow])
    stones = crackle(rng, seconds, scattered(rng, seconds, 12), (200, 1500), (0.004, 0.02))
    return going_on(rng, x + rng.uniform(0, 1) * stones, ("low",), even=False)


@sound("earthquake_rumble")
def earthquake_rumble(rng: Rng) -> Sound:
    """Earthquake indoors: rumble at the edge of hearing that shakes windows, dishes and frames."""
    seconds = length(rng, 3.0)
    x = rumbling(rng, seconds, between(rng, 50, 130), between(rng, 4, 14))
    shake = np.maximum(np.sin(2 * np.pi * between(rng, 3, 9) * times(seconds)), 0) ** 2
    shake = (0.1 + shake) * gusts(rng, seconds, 1.5, 6)
    things = [metal(rng, between(rng, 500, 2500), between(rng, 0.006, 0.03), 8) for _ in range(5)]
    things += [wooden(rng, between(rng, 90, 300), 0.02, 0.8) for _ in range(4)]
    marks = denser(rng, between(rng, 8, 60), shake)
    rattle = scatter(rng, seconds, marks, np.exp(0.6 * rng.standard_normal(len(marks))), things)
    return going_on(rng, x + rng.uniform(0.2, 1.5) * rattle, ("low", "trembling"), even=False)


def _ice_ping(rng: Rng) -> Array:
    """Crack heard across a frozen lake: high waves outrun low ones, so it falls in pitch."""
    seconds = between(rng, 0.25, 0.9)
    axis = times(seconds)
    low = between(rng, 120, 500)
    pitch = low * (1 + between(rng, 8, 30) * np.exp(-axis / (seconds * 0.07)))
    tone = np.sin(2 * np.pi * np.cumsum(pitch) / RATE) * np.exp(-axis / (seconds * 0.25))
    return unit(fade(tone, 0.001, 0.1))


@sound("ice_cracking")
def ice_cracking(rng: Rng) -> Sound:
    """Ice under load: sharp dry cracks in runs, and on a lake the falling, laser-like pings."""
    seconds = length(rng, 1.5)
    lake = chance(rng, 0.45)
    marks = denser(rng, between(rng, 3, 30), gusts(rng, seconds, 4, 14))
    marks = np.append(marks, rng.uniform(0.05, 0.5))
    x = crackle(rng, seconds, marks, (1200, 7000), (0.0005, 0.006), 1.1)
    boom = thump(rng, 0.5, between(rng, 60, 160), 0.08)
    x = x + rng.uniform(0.0, 0.5) * place(seconds, marks[-1:], lambda i: boom)
    if lake:
        starts = np.append(scattered(rng, seconds, 0.8), rng.uniform(0, 0.5))
        x = 0.4 * x + place(seconds, starts, lambda i: _ice_ping(rng) * rng.uniform(0.3, 1))
    tags: Tags = ("falling", "irregular") if lake else ("crisp", "irregular", "intermittent")
    return events(rng, x, tags)


@sound("rockfall")
def rockfall(rng: Rng) -> Sound:
    """Rocks tumbling down a slope: dull knocks of all sizes swelling and thinning, and gravel."""
    seconds = length(rng, 2.0)
    shape = swell(seconds, rng.uniform(0.15, 0.6), 0.8)
    rocks = [
        unit(wooden(rng, base, between(rng, 0.006, 0.025), 1.5) * (120 / base) ** 0.3)
        for base in np.exp(rng.uniform(np.log(70), np.log(900), 12))
    ]
    marks = denser(rng, between(rng, 10, 70), shape)
    sizes = np.minimum(rng.pareto(1.6, len(marks)) + 0.2, 8)
    x = unit(scatter(rng, seconds, marks, sizes, rocks))
    gravel = crackle(rng, seconds, denser(rng, 500, shape), (900, 5000), (0.0008, 0.004), 2.0)
    low = rumbling(rng, seconds, 200) * shape
    x = x + rng.uniform(0.2, 0.8) * gravel + rng.uniform(0.02, 0.15) * low
    return events(rng, x, ("dull", "irregular", "repeated"))


@sound("branch_snap")
def branch_snap(rng: Rng) -> Sound:
    """Branch broken: a dry crack, often after small tearing fibres, with the stick's own note."""
    base = between(rng, 350, 1900)

    def snap(i: int) -> Array:
        crack = burst(rng, between(rng, 0.002, 0.009), 700, 11000, 0.0002)
        note = wooden(rng, base * rng.uniform(0.9, 1.2), between(rng, 0.006, 0.02), 1.0)
        hit = mix(0.3, crack, rng.uniform(0.3, 0.9) * note)
        span = between(rng, 0.02, 0.25)
        fibres = denser(rng, 120, swell(span, 0.9))
        tear = 0.4 * crackle(rng, span, fibres, (1500, 7000), (0.0005, 0.002))
        return in_a_row(tear, hit) if chance(rng, 0.7) else hit

    return often(rng, snap, 0.8, 5.0, ("short", "crisp"), 0.5, 0.55)


@sound("tree_falling")
def tree_falling(rng: Rng) -> Sound:
    """Tree felled: creaks and ever quicker cracks of the trunk, rushing leaves, a heavy thud."""
    seconds = rng.uniform(3.6, 5.0)
    land = seconds * rng.uniform(0.55, 0.75)
    rate = between(rng, 8, 30) * (1 + 2 * times(land) / land)
    groan = through(rng, stick_slip(rng, rate, 0.15), 150, 1800, 6, 12) * swell(land, 0.6, 0.4)
    marks = denser(rng, between(rng, 10, 40), (times(land) / land) ** 2)
    cracks = crackle(rng, land, marks, (600, 5000), (0.001, 0.008), 1.2)
    rush = hiss(rng, seconds, 900, 9000) * ramp(
        seconds, [(0, 0), (0.5 * land, 0.05), (land, 1), (land + 0.6, 0.12), (seconds, 0.01)]
    )
    boom = thump(rng, 0.8, between(rng, 35, 80), 0.13)
    after = ramp(seconds, [(land, 0), (land + 0.01, 1), (seconds, 0)])
    crash = crackle(rng, seconds, denser(rng, 90, after), (700, 5000), (0.001, 0.006))
    blow = burst(rng, between(rng, 0.06, 0.2), 50, 1500, 0.003)
    hit = np.pad(mix(0.9, boom, 0.7 * blow), (samples(land), 0))
    x = mix(seconds, 0.25 * groan, 0.6 * cracks, rng.uniform(0.1, 0.3) * rush, hit, 0.4 * crash)
    return events(rng, x[: samples(MAX_SECONDS)], ("long", "irregular"))
