"""Clocks and bells."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bar_modes,
    beats,
    between,
    chance,
    click,
    coloured,
    fade,
    fit,
    gain,
    length,
    level,
    modal,
    place,
    resonate,
    sine,
    square,
    strike,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pace, pitch, pole
from training.synthesis.materials import (
    burst,
    denser,
    gusts,
    in_a_row,
    often,
    once,
    wooden,
)
from training.synthesis.registry import Sound, sound
from training.synthesis.sources import mains
from training.synthesis.voice import room_tail

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
    freq, constant = between(rng, 1200, 6000), between(rng, 0.0006, 0.004)
    tick = _beat(rng, freq, constant, between(rng, 300, 1500))
    tock = _beat(rng, freq * rng.uniform(0.75, 1.1), constant, between(rng, 300, 1500))
    pair = [tick, tock * rng.uniform(0.4, 1.0)] if chance(rng, 0.7) else [tick, tick]
    marks = beats(rng, seconds, rate, 0.003, rng.uniform(0, 1 / rate))
    x = place(seconds, marks, lambda i: pair[i % 2])
    tags: Tags = ("regular", "repeated", "short", *pace(rate))
    return events(rng, x, tags + pole(freq, 2000, 4000, "dull", "crisp"))


def _step(rng: Rng) -> Array:
    """Step of a quartz clock's hand: the click, its bounce, and the plate that takes it up."""
    freq, constant = between(rng, 900, 4500), between(rng, 0.0005, 0.004)
    bounce = rng.uniform(0.01, 0.05)
    first, second = (
        click(rng, freq * rng.uniform(0.8, 1.2), constant, rng.uniform(0.3, 0.95)) for _ in "ab"
    )
    x = place(0.3, [0, bounce], lambda i: second * rng.uniform(0.2, 0.7) if i else first)
    plate = rng.uniform(150, 1200, 3)
    return unit(x + rng.uniform(0.3, 1.5) * unit(resonate(x, list(plate), [60.0] * 3, [1.0] * 3)))


@sound("clock_tick")
def clock_in_a_quiet_room(rng: Rng) -> Sound:
    """Clock on a wall or table: quartz or escapement; the room's echo, its hum and its hiss."""
    seconds = length(rng, 4.0, 5.0)
    rate = float(rng.choice([1.0, 1.0, 2.0, 4.0, 5.0]))
    if rate == 1.0 and chance(rng, 0.7):
        pair = [_step(rng)] * 2
    else:
        case = between(rng, 150, 1200)
        pair = [
            _beat(rng, between(rng, 800, 4500), between(rng, 0.0006, 0.004), case) for _ in "ab"
        ]
    marks = beats(rng, seconds, rate, 0.003, rng.uniform(0, 1 / rate))
    loud = rng.uniform(0.4, 1)
    x = place(seconds, marks, lambda i: pair[i % 2] * (loud if i % 2 else 1))
    x = fit(room_tail(rng, x, rng.uniform(0.1, 0.6), rng.uniform(0.02, 0.3)), seconds)
    rumble, hiss = coloured(rng, seconds, rng.uniform(-7, -2)), white(rng, seconds)
    floor = rumble + rng.uniform(0, 0.4) * mains(rng, seconds, 12) + rng.uniform(0, 0.3) * hiss
    x = unit(x) + gain(-rng.uniform(30, 60)) * level(floor)
    return events(rng, x, ("regular", "repeated", *pace(rate)))


@sound("pendulum_clock")
def pendulum_clock(rng: Rng) -> Sound:
    """Grandfather clock: slow wooden tick-tock, sometimes striking the hour on a rod gong."""
    seconds = length(rng, 3.0, 5.0)
    rate = between(rng, 0.8, 2.2)
    case = between(rng, 150, 600)
    pair = [_beat(rng, between(rng, 900, 2800), between(rng, 0.002, 0.007), case) for _ in "ab"]
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
    """Metronome: wooden (or electronic) clicks, the first of a bar accented."""
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
    tilt = rng.uniform(-0.5, 0.3 + 1.2 * hardness)
    sizes = np.exp(0.5 * rng.standard_normal(18)) * ratios**tilt
    clapper = fit(burst(rng, 0.004, 1500, 9000), seconds)
    return unit(unit(modal(seconds, modes, falls, sizes, rng)) + 0.2 * hardness * clapper)


@sound("church_bell")
def church_bell(rng: Rng) -> Sound:
    """Church bell: long inharmonic ring with a low hum, tolling alone or in a peal of several."""
    seconds = length(rng, 3.5, 5.0)
    base = between(rng, 110, 850)
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
    rings = [_bell(rng, min(3.0, 3 * ring), 0.8 * base, ring, hard) for _ in range(2)]
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
