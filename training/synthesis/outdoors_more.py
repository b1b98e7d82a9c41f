"""More of the open air: hot springs, caves, shores, flags, wires, and walking on wet ground."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    beats,
    between,
    coloured,
    drift,
    fit,
    grain_cloud,
    highpass,
    length,
    level,
    lowpass,
    mix,
    noise_tone,
    place,
    ramp,
    samples,
    scattered,
    thump,
    times,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pitch, pole, rhythm
from training.synthesis.materials import (
    bubble,
    bubble_cloud,
    burst,
    flutter,
    gusts,
    hiss,
    often,
    once,
    outdoors,
    scatter,
    swell,
)
from training.synthesis.nature import going_on
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.sources import mains
from training.synthesis.voice import hump, late, room_tail

# --- hot springs and caves -------------------------------------------------------------------


@sound("mud_bubbling")
def mud_bubbling(rng: Rng) -> Sound:
    """Hot mud: thick bubbles swell and burst with a wet plop, smaller ones simmer below."""
    seconds = length(rng, 2.5)
    base, rate = between(rng, 70, 260), between(rng, 1.2, 14)
    plops = [_plop(rng, base * between(rng, 0.7, 2.0)) for _ in range(8)]
    marks = scattered(rng, seconds, rate)
    sizes = np.exp(0.6 * rng.standard_normal(len(marks)))
    x = unit(scatter(rng, seconds, marks, sizes, plops))
    simmer = bubble_cloud(rng, seconds, between(rng, 5, 60), (base * 1.5, base * 5), 0.1)
    x = x + rng.uniform(0.01, 0.12) * simmer
    x = x + rng.uniform(0.0, 0.03) * hiss(rng, seconds, 1500, 9000)
    x = lowpass(x, between(rng, 1200, 6000), 1)
    return events(rng, x, ("dull", "repeated", "irregular", *pole(rate, 2.0, 6.0, "slow", "fast")))


def _plop(rng: Rng, freq: float) -> Array:
    """A bubble of mud: its hollow opens, rising in pitch, and the lips slap back; peak 1."""
    hollow = unit(bubble(rng, freq, rng.uniform(0.1, 0.5)))
    slap = burst(rng, between(rng, 0.008, 0.03), freq, freq * between(rng, 4, 12), 0.003)
    x = mix(0.3, hollow, late(rng.uniform(0.2, 0.9) * slap, rng.uniform(0.005, 0.05)))
    return unit(x)


@sound("geyser")
def geyser(rng: Rng) -> Sound:
    """Geyser: gulping water, then a roaring jet of steam and spray that grows or dies down."""
    seconds = length(rng, 3.0)
    steam = hiss(rng, seconds, between(rng, 300, 1500), between(rng, 6000, 14000))
    roar = level(lowpass(coloured(rng, seconds, -3), between(rng, 200, 700)))
    spatter = grain_cloud(rng, seconds, between(rng, 300, 2500), (700, 6000), (0.0003, 0.002), 6)
    gulps = bubble_cloud(rng, seconds, between(rng, 10, 60), (120, 900), 0.2)
    pulse = flutter(rng, seconds, between(rng, 1.5, 8), rng.uniform(0.1, 0.6))
    jet = (steam + rng.uniform(0.2, 1) * roar + rng.uniform(0.1, 0.7) * spatter) * pulse
    kind = rng.random()
    tags: Tags = ()
    shape = np.ones(samples(seconds))
    if kind < 0.4:
        shape = ramp(seconds, [(0, 0.03), (0.7 * seconds, 1)], log=True)
        tags = ("loud_growing",)
    elif kind < 0.65:
        shape = ramp(seconds, [(0.3 * seconds, 1), (seconds, 0.05)], log=True)
        tags = ("fading",)
    x = jet * shape + rng.uniform(0.05, 0.5) * gulps * (1.1 - shape)
    return events(rng, x, ("continuous", "harsh", "long", *tags))


@sound("cave_drips")
def cave_drips(rng: Rng) -> Sound:
    """Cave: single drops plink into a pool and ring on in the large hollow space."""
    seconds = length(rng, 2.5, 4.0)
    base = between(rng, 500, 2600)
    when = rhythm(rng, seconds, 0.5, 4.0, single=0.1)
    sizes = np.exp(0.5 * rng.standard_normal(len(when.marks)))

    def drop(i: int) -> Array:
        tone = unit(bubble(rng, base * between(rng, 0.75, 1.35), rng.uniform(0.05, 0.3)))
        tick = burst(rng, 0.001, 2000, 11000, 0.0001)
        return float(sizes[i]) * mix(0.16, rng.uniform(0.1, 0.6) * tick, late(tone, 0.012))

    dry = place(seconds, when.marks, drop)
    x = room_tail(rng, dry, between(rng, 1.0, 3.5), between(rng, 0.15, 0.9))
    x = fit(x, min(seconds + 0.9, 5.0))
    x = x + between(rng, 0.001, 0.01) * level(lowpass(rng.standard_normal(len(x)), 250))
    return events(rng, x, ("crisp", *when.tags, *pitch(base)))


# --- shore and wind --------------------------------------------------------------------------


@sound("pebble_beach_waves")
def pebble_beach_waves(rng: Rng) -> Sound:
    """Pebble beach: a wave breaks with a thump, and its backwash drags rattling stones."""
    seconds = length(rng, 3.5)
    period = rng.uniform(2.5, 6.0)
    turn = (times(seconds) / period + rng.random()) % 1.0
    rise = rng.uniform(0.2, 0.4)
    wash = np.where(turn < rise, (turn / rise) ** 2, np.exp(-(turn - rise) / 0.15))
    back = np.where(turn > rise, np.sin(np.pi * (turn - rise) / (1 - rise)) ** 2, 0.0)
    coarse = between(rng, 0.5, 2.0)
    stones = grain_cloud(
        rng,
        seconds,
        between(rng, 300, 2000) / coarse,
        (1200 / coarse, 5500 / coarse),
        (0.0006, 0.003),
        8,
        back + 0.02,
        0.7,
    )
    surf = level(lowpass(coloured(rng, seconds, -3), between(rng, 600, 2500)))
    foam = hiss(rng, seconds, between(rng, 900, 2500), 11000)
    x = surf * (0.1 + wash) + 0.4 * foam * (0.05 + wash) + rng.uniform(0.5, 1.6) * stones
    tags: Tags = ("slow", "continuous", "long", *pole(coarse, 0.8, 1.4, "crisp", "dull"))
    return events(rng, outdoors(rng, x), tags)


@sound("flag_flapping")
def flag_flapping(rng: Rng) -> Sound:
    """Flag or sail in the wind: the cloth bellies and snaps taut again, over the wind's rush."""
    seconds = length(rng, 2.0)
    rate, stiff = between(rng, 2.5, 16), rng.random()
    low = between(rng, 70, 300)
    snaps = [_snap(rng, low, stiff) for _ in range(10)]
    marks = beats(rng, seconds, rate, rng.uniform(0.2, 0.5))
    hand = gusts(rng, seconds, 1.5, rng.uniform(2, 9))
    sizes = np.exp(0.5 * rng.standard_normal(len(marks)))
    x = unit(scatter(rng, seconds, marks, sizes, snaps) * hand)
    air = level(lowpass(coloured(rng, seconds, -4), between(rng, 200, 900))) * hand
    x = x + rng.uniform(0.01, 0.15) * air
    tags: Tags = ("repeated", "irregular", *pole(rate, 4.5, 8.5, "slow", "fast"))
    return events(rng, x, (*tags, *pole(stiff, 0.3, 0.65, "soft", "crisp")))


def _snap(rng: Rng, low: float, stiff: float) -> Array:
    """Cloth pulled taut: a dull flap, with a sharp crack if ``stiff``; peak 1."""
    flap = burst(rng, between(rng, 0.01, 0.05), low, low * between(rng, 6, 20), 0.006)
    crack = burst(rng, between(rng, 0.002, 0.008), 900, 9000, 0.0003)
    return unit(mix(0.2, flap, late(stiff * crack, rng.uniform(0.0, 0.02))))


@sound("wind_in_wires")
def wind_in_wires(rng: Rng) -> Sound:
    """Wires singing in the wind: narrow tones of the wire's modes come and go with the gusts."""
    seconds = length(rng, 3.0)
    base = between(rng, 120, 1300)
    gust = drift(rng, seconds, between(rng, 0.4, 1.5))
    x = np.zeros(samples(seconds))
    for mode in rng.choice(np.arange(2, 9), int(rng.integers(2, 5)), replace=False):
        nearest = np.exp(-((gust - rng.uniform(-1, 1)) ** 2) / rng.uniform(0.1, 0.8))
        freq = base * mode / 4 * (1 + 0.004 * gust)
        x = x + noise_tone(rng, seconds, freq, between(rng, 1.5, 12)) * (0.1 + nearest)
    air = hiss(rng, seconds, 100, between(rng, 500, 3000)) * (1.2 + gust)
    return going_on(rng, level(x) + rng.uniform(0.05, 0.4) * air, pitch(base), even=False)


@sound("wind_turbine")
def wind_turbine(rng: Rng) -> Sound:
    """Wind turbine: each blade swishes past, sweeping down in pitch, over a nacelle's hum."""
    seconds = length(rng, 3.0)
    rate = between(rng, 0.55, 5.0)
    turn = (times(seconds) * rate * (1 + 0.02 * drift(rng, seconds, 1)) + rng.random()) % 1.0
    blade = np.exp(-(((turn - 0.5) / rng.uniform(0.12, 0.3)) ** 2))
    centre = between(rng, 250, 900)
    sweep = centre * np.exp(rng.uniform(0.2, 0.9) * (0.5 - turn))
    swish = noise_tone(rng, seconds, sweep, centre * rng.uniform(0.6, 1.6)) * blade
    edge = hiss(rng, seconds, centre * 2, 7000) * blade**2
    hum = mains(rng, seconds, rng.uniform(9, 18))
    air = level(lowpass(coloured(rng, seconds, -4), 400))
    x = swish + rng.uniform(0.05, 0.4) * edge + rng.uniform(0.0, 0.2) * hum
    x = x + rng.uniform(0.05, 0.4) * air
    tags: Tags = ("regular", "repeated", *pole(rate, 1.5, 3.0, "slow", "fast"))
    return events(rng, x, (*tags, "soft"))


@sound("sandstorm")
def sandstorm(rng: Rng) -> Sound:
    """Sandstorm: a dark roaring wind whose gusts pelt everything with rustling grains."""
    seconds = length(rng, 3.0)
    gust = gusts(rng, seconds, between(rng, 0.6, 2.0), rng.uniform(3, 9))
    roar = level(lowpass(coloured(rng, seconds, -4), between(rng, 200, 800))) * gust
    sand = grain_cloud(
        rng, seconds, between(rng, 3000, 15000), (2500, 10000), (0.00005, 0.0003), 6, gust**2, 0.7
    )
    x = roar + rng.uniform(0.6, 2.0) * sand + rng.uniform(0, 0.3) * hiss(rng, seconds, 400, 3000)
    return going_on(rng, x, ("harsh",), even=False)


# --- walking on wet ground -------------------------------------------------------------------


@sound("footsteps_mud")
def footsteps_mud(rng: Rng) -> Sound:
    """Mud: the boot squelches in, and comes loose with a sucking smack."""
    thick, base = rng.uniform(0.2, 1.0), between(rng, 140, 420)

    def step(i: int) -> Array:
        each = rng.uniform(0.14, 0.3)
        wet = bandpass(white(rng, each), base, base * 6) * hump(each, 0.3)
        press = unit(wet * flutter(rng, each, between(rng, 40, 150), 0.8))
        span = rng.uniform(0.07, 0.18)
        rise = base * np.exp(np.linspace(0.2, rng.uniform(0.8, 1.6), samples(span)))
        suck = noise_tone(rng, span, rise, base * 0.7) * swell(span, 0.75)
        smack = burst(rng, 0.006, 500, 5000, 0.001)
        foot = thump(rng, 0.12, between(rng, 60, 120), 0.025)
        pull = each + rng.uniform(0.02, 0.12)
        parts = (late(thick * unit(suck), pull), late(0.7 * thick * smack, pull + span * 0.9))
        return mix(pull + span + 0.1, press, 0.5 * foot, *parts)

    return often(rng, step, 0.8, 2.0, ("dull", *pole(base, 190, 310, "low", "high")), single=0.1)


@sound("wading_water")
def wading_water(rng: Rng) -> Sound:
    """Wading: legs push through water, which sloshes, gurgles and drips back; or puddle steps."""
    deep = rng.random()
    base = 300 + 900 * (1 - deep)

    def step(i: int) -> Array:
        each = 0.25 + 0.55 * deep * rng.uniform(0.7, 1.2)
        slosh = unit(hiss(rng, each, base, between(rng, 4000, 10000)) * hump(each, 0.3))
        slap = burst(rng, 0.015, base, 8000, 0.002)
        drops = bubble_cloud(rng, each + 0.2, between(rng, 20, 90), (base, 4 * base), 0.25)
        gurgle = unit(drops * hump(each + 0.2, 0.45))
        return mix(each + 0.2, slosh, (1 - deep) * slap, rng.uniform(0.4, 1.0) * gurgle)

    tags = pole(deep, 0.35, 0.65, "crisp", "low")
    walk = often(rng, step, 0.7, 2.4 - deep, tags, single=0.08)
    bed = level(bandpass(white(rng, len(walk.waveform) / RATE), 300, 2500))
    size = rng.uniform(0.0, 0.02) * float(np.max(np.abs(walk.waveform)))
    return Sound(walk.waveform + size * bed[: len(walk.waveform)], walk.tags)


@sound("stone_in_well")
def stone_in_well(rng: Rng) -> Sound:
    """A stone dropped into a well: silence, knocks on the wall, then a deep echoing plunk."""
    fall = between(rng, 0.25, 1.6)
    base = between(rng, 90, 380)
    plunk = unit(bubble(rng, base, 0.2))
    crown = burst(rng, between(rng, 0.05, 0.15), 600, 7000, 0.01, 5)
    water = mix(0.8, plunk, late(0.8 * plunk, rng.uniform(0.06, 0.15)), 0.4 * crown)
    knocks = np.sort(rng.uniform(0.1, fall, int(rng.integers(0, 4))))
    hit = burst(rng, 0.006, 700, between(rng, 3000, 9000), 0.0003)
    x = mix(fall + 1.0, late(unit(water), fall), place(fall, knocks, lambda i: 0.3 * hit))
    x = room_tail(rng, highpass(x, 40), between(rng, 0.8, 2.0), between(rng, 0.2, 0.9))
    return once(rng, x, (*pole(base, 150, 260, "low", "high"), "dull"))
