"""Things that rub: dragged metal, chains, creaking wood, squeaking rubber."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    between,
    chance,
    drift,
    harmonics,
    length,
    level,
    lowpass,
    plate_modes,
    samples,
    saw,
    slope_amps,
    strike,
    unit,
)
from training.synthesis.finish import Tags, events, pole
from training.synthesis.household_doors import creak, pause
from training.synthesis.materials import (
    denser,
    flutter,
    gusts,
    in_a_row,
    often,
    once,
    scatter,
    scrape,
    swell,
    through,
)
from training.synthesis.registry import Sound, sound


@sound("metal_scrape")
def metal_scrape(rng: Rng) -> Sound:
    """Metal dragged over metal or concrete: gritty noise and screeching resonances."""
    base = between(rng, 350, 2600)
    screech = rng.random()
    rough = between(rng, 30, 400)
    modes = np.abs(plate_modes(rng, base, 6, 0.25)) + 50

    def drag(i: int) -> Array:
        seconds = between(rng, 0.35, 2.2)
        speed = swell(seconds, rng.uniform(0.2, 0.8), 0.4) * (
            0.5 + 0.5 * drift(rng, seconds, 5) ** 2
        )
        grit = scrape(rng, seconds, base * 0.7, 12000, rough)
        ringing = through(
            rng, grit, float(modes[0]), float(min(modes[-1], 9000)), 6, between(rng, 10, 60)
        )
        glide = base * rng.uniform(1, 2.5) * np.exp(0.12 * drift(rng, seconds, 4))
        shriek = level(
            harmonics(glide, seconds, slope_amps(10, 5), rng) * flutter(rng, seconds, 60, 0.5)
        )
        return unit((grit * 0.5 + ringing + screech**2 * shriek) * speed)

    tags: Tags = ("metallic", "harsh", *pole(base, 650, 1400, "low", "high"))
    return often(rng, drag, 0.5, 1.2, tags, 0.4, 0.65)


@sound("chain_rattle")
def chain_rattle(rng: Rng) -> Sound:
    """Chain: many links knocking together as it is shaken, dragged or let run."""
    seconds = length(rng, 1.2)
    base, bright = between(rng, 700, 4500), rng.uniform(0, 5)
    links = [
        strike(
            rng,
            5 * (ring := between(rng, 0.005, 0.04)),
            plate_modes(rng, base * between(rng, 0.7, 1.5), 7),
            ring,
            bright,
        )
        for _ in range(10)
    ]
    rate = between(rng, 20, 130)
    hand = gusts(rng, seconds, between(rng, 2, 6), rng.uniform(3, 12))
    marks = denser(rng, rate, hand)
    x = level(scatter(rng, seconds, marks, np.exp(0.8 * rng.standard_normal(len(marks))), links))
    if chance(rng, 0.4):
        x = x + rng.uniform(0.1, 0.4) * scrape(rng, seconds, 800, 8000, 200) * np.minimum(hand, 2)
    tags: Tags = ("metallic", "irregular", "repeated")
    return events(rng, x, tags + pole(base, 1200, 2300, "low", "high"))


@sound("wood_creak")
def wood_creak(rng: Rng) -> Sound:
    """Board, mast or stair under load: slow stick-slip ticks that run into a groan."""
    seconds = between(rng, 0.5, 2.5)
    x, tags = creak(rng, seconds)
    x = lowpass(x, between(rng, 1200, 6000))
    if chance(rng, 0.35):
        more, _ = creak(rng, between(rng, 0.4, 1.5))
        return events(rng, in_a_row(x, pause(rng, 0.1, 0.6), more), ("repeated", "irregular"))
    return once(rng, x, tags + pole(seconds, 0.9, 1.7, "short", "long"))


# --- rubber ----------------------------------------------------------------------------------


def _squeak(rng: Rng, freq: float, span: float, rough: float) -> tuple[Array, float]:
    """Rubber rubbed: pitched stick-slip that bends as it goes; returns it and its bend."""
    bend = float(rng.uniform(-0.6, 0.6))
    pitch = freq * np.exp(bend * np.linspace(0, 1, samples(span)) + 0.1 * drift(rng, span, 12))
    wave = saw(pitch * (1 + rough * drift(rng, span, 300)), span)
    body = through(rng, wave, freq, 7000, 4, 5)
    return unit((level(body) + 0.4 * wave) * swell(span, rng.uniform(0.2, 0.8), 0.4)), bend


def _rubbing(rng: Rng, low: float, high: float, spans: tuple[float, float], rough: float) -> Sound:
    freq = between(rng, low, high)
    middle = (low * high) ** 0.5
    tags: Tags = pole(freq, 0.75 * middle, 1.33 * middle, "low", "high")
    if chance(rng, 0.45):
        x, bend = _squeak(rng, freq, between(rng, *spans), rough)
        return once(rng, x, tags + pole(bend, -0.25, 0.25, "falling", "rising"))
    return often(
        rng,
        lambda i: _squeak(rng, freq * between(rng, 0.7, 1.4), between(rng, *spans), rough)[0],
        1.2,
        6.0,
        tags,
        0.4,
        0.0,
    )


@sound("balloon_squeak")
def balloon_squeak(rng: Rng) -> Sound:
    """Balloon rubbed by fingers: rough, bending squeaks and groans, amplified by the skin."""
    return _rubbing(rng, 180, 1500, (0.08, 0.9), between(rng, 0.02, 0.2))


@sound("rubber_squeak")
def rubber_squeak(rng: Rng) -> Sound:
    """Rubber sole or toy: short clean squeaks, high and bending."""
    return _rubbing(rng, 700, 3800, (0.05, 0.35), between(rng, 0.002, 0.04))
