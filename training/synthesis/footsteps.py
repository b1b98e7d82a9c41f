"""Footsteps: a gait of heel and sole strikes, on what is trodden."""

from collections.abc import Callable

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    between,
    chance,
    click,
    firings,
    grain_cloud,
    level,
    mix,
    place,
    resonate,
    samples,
    strike,
    thump,
    unit,
    white,
)
from training.synthesis.calls import clip, paced, rhythm_tags, surge
from training.synthesis.finish import Tags
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.voice import hump, room_tail, swell


def _walk(
    rng: Rng, step: Callable[[], Array], slowest: float, quickest: float, echo: float = 0.0
) -> tuple[Array, Tags]:
    """A walk: left and right differ a little, coming, going or passing; now and then one step."""
    rate, tempo = paced(rng, slowest, quickest)
    unevenness = float(rng.choice([0.02, 0.07, 0.35], p=[0.45, 0.35, 0.2]))
    count = 1 if chance(rng, 0.05) else int(rng.integers(2, max(3, int(4.4 * rate))))
    gaps = np.exp(unevenness * rng.standard_normal(count)) / rate
    marks = np.concatenate([[0.0], np.cumsum(gaps)[:-1]])
    feet = [step() for _ in range(min(count, 6))]
    limp = rng.uniform(0.7, 1.0)
    sizes = np.where(np.arange(count) % 2, limp, 1.0) * rng.uniform(0.75, 1.0, count)
    seconds = min(float(marks[-1]) + len(feet[0]) / RATE + 0.05, 5.0)
    track = place(seconds, marks, lambda i: feet[i % len(feet)] * sizes[i])
    track, swelled = surge(rng, track, 0.2 if count > 3 else 0.0)
    if echo > 0:
        track = room_tail(rng, track, between(rng, 0.2, 1.2), echo)
    return track, (*rhythm_tags(marks, tempo), *swelled)


def _two_part(rng: Rng, heel: Array, sole: Array) -> Array:
    """Heel first, the sole 40 to 130 ms later and softer."""
    late = rng.uniform(0.04, 0.13)
    return mix(
        len(heel) / RATE + late, heel, np.pad(rng.uniform(0.2, 0.7) * sole, (samples(late), 0))
    )


@sound("footsteps_hard")
def footsteps_hard(rng: Rng) -> Sound:
    """Shoes on stone, tiles or asphalt: a knock of the heel, a slap of the sole, some grit."""
    base, grit = between(rng, 350, 1100), rng.uniform(0.05, 0.5)
    ratios = np.array([1, 1.6, 2.3, 3.4, 5.1]) * rng.uniform(0.92, 1.08, 5)

    def step() -> Array:
        heel = strike(rng, 0.12, base * ratios * rng.uniform(0.95, 1.05), 0.008, -1)
        heel += 0.6 * thump(rng, 0.12, between(rng, 80, 180), 0.02)
        scrape = unit(bandpass(white(rng, 0.15), 1500, 7000) * hump(0.15, 0.2) ** 2)
        sole = 0.5 * thump(rng, 0.15, between(rng, 120, 260), 0.012) + grit * scrape
        return _two_part(rng, heel, sole)

    track, tags = _walk(rng, step, 1.1, 2.4, rng.uniform(0, 0.35))
    return clip(rng, track, "crisp" if base > 650 else "dull", *tags)


@sound("footsteps_heels")
def footsteps_heels(rng: Rng) -> Sound:
    """High heels: a sharp ringing tick of the heel and a light tap of the toe."""
    base = between(rng, 1100, 3000)
    ratios = np.array([1, 1.7, 2.4, 3.3]) * rng.uniform(0.92, 1.08, 4)
    ring = between(rng, 0.004, 0.014)

    def step() -> Array:
        heel = strike(rng, 0.09, base * ratios * rng.uniform(0.95, 1.05), ring, 0)
        tick = click(rng, base * 1.5, 0.0015, 0.7)
        heel[: len(tick)] += 0.7 * tick
        body = 0.25 * thump(rng, 0.09, between(rng, 140, 300), 0.01)
        sole = strike(rng, 0.06, base * 0.5 * ratios, ring / 2, -4)
        return _two_part(rng, heel + body, sole)

    track, tags = _walk(rng, step, 1.3, 2.6, rng.uniform(0, 0.4))
    return clip(rng, track, "crisp", "bright", *tags)


@sound("footsteps_slippers")
def footsteps_slippers(rng: Rng) -> Sound:
    """Slippers or flip-flops: a soft slap, and a sole that is dragged along."""
    dragging, slap = rng.uniform(0.1, 1.0), rng.uniform(0.2, 1.0)
    top, each = between(rng, 1800, 6000), rng.uniform(0.18, 0.4)

    def step() -> Array:
        drag = unit(bandpass(white(rng, each), 350, top) * hump(each, rng.uniform(0.3, 0.7)))
        tap = 0.6 * thump(rng, 0.12, between(rng, 110, 240), 0.018)
        smack = unit(
            bandpass(white(rng, 0.12), 500, 3500) * np.exp(-np.arange(samples(0.12)) / 250)
        )
        return mix(each + 0.12, slap * (tap + 0.6 * smack), dragging * drag)

    track, tags = _walk(rng, step, 0.9, 2.2)
    return clip(rng, track, "dull", "soft", *tags, hush=True)


@sound("footsteps_grass")
def footsteps_grass(rng: Rng) -> Sound:
    """Grass or leaves: stalks brushed and bent, with a muffled footfall."""
    leaves = chance(rng, 0.4)
    ring = (0.0003, 0.002) if leaves else (0.0002, 0.0008)
    each, footfall = rng.uniform(0.2, 0.45), rng.uniform(0.05, 0.5)

    def step() -> Array:
        dense = hump(each, rng.uniform(0.2, 0.5))
        rate = between(rng, 300, 1500) if leaves else between(rng, 2500, 8000)
        rustle = grain_cloud(rng, each, rate, (1800, 9500), ring, 6, dense, 0.9)
        return unit(rustle * np.sqrt(dense)) + footfall * thump(
            rng, each, between(rng, 60, 130), 0.025
        )

    track, tags = _walk(rng, step, 0.9, 2.1)
    return clip(rng, track, "crisp" if leaves else "soft", *tags, hush=True)


@sound("footsteps_gravel")
def footsteps_gravel(rng: Rng) -> Sound:
    """Gravel: stones that grind and click under the heel, then under the toes."""
    coarse = between(rng, 0.5, 1.6)
    each = rng.uniform(0.22, 0.45)
    pebbles = (1100 / coarse, 7500 / coarse)

    def step() -> Array:
        double = np.maximum(
            swell(each, [(0, 0), (0.08, 1), (0.35, 0.1), (1, 0)]),
            rng.uniform(0.3, 0.9) * swell(each, [(0, 0), (0.35, 0.1), (0.5, 1), (1, 0)]),
        )
        crunch = grain_cloud(
            rng, each, between(rng, 350, 1400) / coarse, pebbles, (0.0002, 0.0013), 10, double, 1.0
        )
        return unit(crunch * np.sqrt(double)) + 0.25 * thump(rng, each, between(rng, 70, 140), 0.02)

    track, tags = _walk(rng, step, 0.9, 2.2)
    return clip(rng, track, "crisp", "harsh", *tags)


@sound("footsteps_snow")
def footsteps_snow(rng: Rng) -> Sound:
    """Packed snow: crystals that crush and creak in quick stick-slip under the sole."""
    each, cold = rng.uniform(0.25, 0.5), rng.uniform(0.2, 1.0)
    low, top = between(rng, 250, 700), between(rng, 2200, 5500)
    creak = between(rng, 90, 260)

    def step() -> Array:
        load = np.maximum(hump(each, 0.3), 0.6 * np.roll(hump(each, 0.2), samples(each / 2.5)))
        rate = creak * (0.7 + 0.6 * load) * np.exp(0.35 * rng.standard_normal(1))
        slips = firings(rate, list(rng.uniform(0.2, 1, 60)))
        body = resonate(slips, [low, 2 * low, 4.3 * low], [low / 3, low / 2, low], [1, 0.8, 0.5])
        crush = bandpass(white(rng, each), low, top) * (0.4 + 0.6 * rng.random(1))
        return unit((cold * level(body) + level(crush)) * load)

    track, tags = _walk(rng, step, 0.8, 2.0)
    return clip(rng, track, *tags, hush=True)


@sound("running_steps")
def running_steps(rng: Rng) -> Sound:
    """Someone running: quick heavy footfalls, sometimes with hard breathing."""
    hard, grit = chance(rng, 0.5), rng.uniform(0.05, 0.6)
    base = between(rng, 250, 800)

    def step() -> Array:
        foot = thump(rng, 0.16, between(rng, 60, 150), between(rng, 0.012, 0.03))
        slap = unit(
            bandpass(white(rng, 0.16), base, base * 6) * np.exp(-np.arange(samples(0.16)) / 400)
        )
        knock = strike(rng, 0.16, base * np.array([1, 1.8, 2.9]), 0.008, -3)
        return foot + grit * slap + (0.6 * knock if hard else 0.0)

    track, tags = _walk(rng, step, 2.4, 4.0, rng.uniform(0, 0.2))
    if chance(rng, 0.25):
        seconds = len(track) / RATE
        pace = between(rng, 1.2, 2)
        gasp = unit(bandpass(white(rng, 0.3), 700, 4500) * hump(0.3))
        breath = place(
            seconds, np.arange(0.1, seconds, 1 / pace), lambda i: gasp * (1 - 0.4 * (i % 2))
        )
        track = track + rng.uniform(0.05, 0.3) * breath
    quick: Tags = ("fast",) if "repeated" in tags else ()
    return clip(rng, track, *quick, *(t for t in tags if t != "slow"))


@sound("stairs_steps")
def stairs_steps(rng: Rng) -> Sound:
    """On stairs: even steps on hollow wood or hard stone in an echoing stairwell."""
    wooden = chance(rng, 0.5)
    base = between(rng, 110, 260) if wooden else between(rng, 350, 900)
    ratios = np.array([1, 1.55, 2.2, 3.1, 4.6]) * rng.uniform(0.92, 1.08, 5)

    def step() -> Array:
        tread = base * rng.uniform(0.88, 1.12)
        foot = strike(rng, 0.2, tread * ratios, 0.03 if wooden else 0.008, -4 if wooden else -1)
        scuff = unit(bandpass(white(rng, 0.2), 1200, 5500) * hump(0.2, 0.3) ** 2)
        return (
            foot + 0.5 * thump(rng, 0.2, between(rng, 60, 120), 0.025) + rng.uniform(0, 0.3) * scuff
        )

    track, tags = _walk(rng, step, 1.2, 3.4, rng.uniform(0.1, 0.6))
    return clip(rng, track, "dull" if wooden else "crisp", *tags)
