"""Weather, water and fire; the ground is in ``ground``."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    between,
    brown,
    chance,
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
    plate_modes,
    ramp,
    samples,
    scattered,
    strike,
    times,
    unit,
)
from training.synthesis.finish import Tags, events, pole
from training.synthesis.materials import (
    bubble,
    bubble_cloud,
    burst,
    crackle,
    denser,
    flutter,
    gusts,
    hiss,
    often,
    once,
    outdoors,
    scatter,
)
from training.synthesis.registry import RATE, Sound, sound


def going_on(rng: Rng, x: Array, tags: Tags = (), even: bool = True) -> Sound:
    """A sound without beginning or end, now and then coming or going; ``even``: no swings."""
    seconds = len(x) / RATE
    kind = rng.random()
    quiet = between(rng, 0.03, 0.2)
    x, tags = outdoors(rng, x), (*tags, "continuous")
    if kind < 0.12:
        x, tags = x * ramp(seconds, [(0, quiet), (seconds, 1)], log=True), (*tags, "loud_growing")
    elif kind < 0.24:
        x, tags = x * ramp(seconds, [(0, 1), (seconds, quiet)], log=True), (*tags, "fading")
    elif even:
        tags = (*tags, "steady")
    return events(rng, x, (*tags, "long") if seconds > 4 else tags)


# --- rain and hail ---------------------------------------------------------------------------


def _downpour(rng: Rng, seconds: float, drops: float, wash: float, low: float) -> Array:
    """Rain: near drops as grains, ``drops`` a second, over ``wash`` of all the far ones."""
    near = grain_cloud(rng, seconds, drops, (low * 2, 9000), (0.00006, 0.0004), 4, spread=1.1)
    far = hiss(rng, seconds, low, between(rng, 6000, 14000))
    slow = gusts(rng, seconds, 0.6, rng.uniform(0.3, 3))
    return level((near + wash * far) * slow)


@sound("rain")
def rain(rng: Rng) -> Sound:
    """Rain on ground and leaves: a cloud of drop grains over band noise, with slow gusts."""
    seconds = length(rng, 2.5)
    x = _downpour(
        rng, seconds, between(rng, 400, 3000), rng.uniform(0.4, 1.5), between(rng, 400, 1500)
    )
    if chance(rng, 0.4):
        x = x + rng.uniform(0.05, 0.4) * bubble_cloud(
            rng, seconds, between(rng, 5, 60), (900, 5000), 0.2
        )
    return going_on(rng, x)


@sound("rain_heavy")
def rain_heavy(rng: Rng) -> Sound:
    """Downpour: drops too many to tell apart, a broad roar with low splashing."""
    seconds = length(rng, 2.5)
    x = _downpour(
        rng, seconds, between(rng, 4000, 15000), rng.uniform(1, 3), between(rng, 150, 500)
    )
    x = x + rng.uniform(0.2, 0.8) * level(coloured(rng, seconds, rng.uniform(-5, -3)))
    return going_on(rng, x)


@sound("rain_light")
def rain_light(rng: Rng) -> Sound:
    """Light rain: single drops pattering on leaves and puddles over a faint hiss."""
    seconds = length(rng, 2.5)
    rate = between(rng, 15, 200)
    taps = [
        burst(rng, between(rng, 0.0008, 0.005), low, low * 6) for low in rng.uniform(500, 2500, 10)
    ]
    marks = scattered(rng, seconds, rate)
    x = level(scatter(rng, seconds, marks, np.exp(0.8 * rng.standard_normal(len(marks))), taps))
    x = x + rng.uniform(0.0, 0.6) * bubble_cloud(rng, seconds, rate / 5, (900, 4500), 0.25)
    x = x + rng.uniform(0.05, 0.35) * hiss(rng, seconds, 1500, 11000)
    return going_on(rng, x, ("soft", "irregular"), even=False)


@sound("rain_on_roof")
def rain_on_roof(rng: Rng) -> Sound:
    """Rain drumming on a roof: drops ring sheet metal, or thud on tiles, tent and glass."""
    seconds = length(rng, 2.5)
    tin = chance(rng, 0.5)
    base = between(rng, 250, 900) if tin else between(rng, 90, 400)
    modes = plate_modes(rng, base, 9, 0.25)
    rings = (0.006, 0.05) if tin else (0.003, 0.012)
    drops = [
        strike(rng, 4 * (ring := between(rng, *rings)), modes, ring, -2 if tin else -6, 0.8)
        for _ in range(8)
    ]
    marks = denser(rng, between(rng, 40, 500), gusts(rng, seconds, 0.8, 3))
    x = level(scatter(rng, seconds, marks, np.exp(0.9 * rng.standard_normal(len(marks))), drops))
    wash = hiss(rng, seconds, base, 7000 if tin else 2500)
    x = x + rng.uniform(0.1, 0.6) * wash
    return going_on(rng, x, ("metallic",) if tin else ("dull",), even=False)


@sound("hail")
def hail(rng: Rng) -> Sound:
    """Hail: hard stones clacking on metal, glass and stone, and hopping."""
    seconds = length(rng, 2.0)
    surface = between(rng, 350, 1800)
    stones = [
        unit(
            strike(
                rng, 0.05, plate_modes(rng, surface, 8, 0.25), between(rng, 0.003, 0.012), 0, 0.7
            )
            + rng.uniform(0.5, 2) * fit(burst(rng, 0.0015, 1800, 12000, 0.0001), 0.05)
        )
        for _ in range(8)
    ]
    rate = between(rng, 15, 300)
    marks = denser(rng, rate, gusts(rng, seconds, 0.8, 4))
    hops = marks + rng.uniform(0.05, 0.2, len(marks))
    sizes = np.exp(0.8 * rng.standard_normal(len(marks)))
    x = scatter(rng, seconds, marks, sizes, stones) + 0.35 * scatter(
        rng, seconds, hops, sizes, stones
    )
    x = level(x) + rng.uniform(0.05, 0.4) * hiss(rng, seconds, 800, 9000)
    return going_on(rng, x, ("crisp", "irregular"), even=False)


# --- thunder and wind ------------------------------------------------------------------------


def rumbling(rng: Rng, seconds: float, top: float, rough: float = 8.0) -> Array:
    """Rolling low noise whose level surges at random; RMS 1."""
    low = lowpass(coloured(rng, seconds, -4.0), top, 2)
    return level(highpass(low, 22) * flutter(rng, seconds, rough, 0.7))


def _peal(rng: Rng, seconds: float, far: float) -> Array:
    """Thunder clap from ``far`` 0 (overhead, cracking) to 1 (a distant roll); peak 1."""
    claps = np.sort(rng.uniform(0, 0.5 * seconds, int(rng.integers(2, 6))))
    claps[0] = 0.02
    shape = np.zeros(samples(seconds))
    for start in claps:
        rise, fall = 0.01 + 0.6 * far * rng.random(), between(rng, 0.4, 1.6)
        axis = np.maximum(times(seconds) - start, 0)
        shape += rng.uniform(0.3, 1.0) * (1 - np.exp(-axis / rise)) * np.exp(-axis / fall)
    roll = rumbling(rng, seconds, between(rng, 90, 220) + 400 * (1 - far)) * shape
    x = unit(roll)
    if far < 0.6:
        tears = denser(rng, 160, np.exp(-times(seconds) / between(rng, 0.15, 0.5)))
        crack = crackle(rng, seconds, tears, (400, 4500), (0.002, 0.015), 1.4)
        x = x + (0.9 - far) * crack
    return unit(x)


@sound("thunder")
def thunder(rng: Rng) -> Sound:
    """Near thunder: a tearing crack of many branches, then rolling low rumble."""
    seconds = length(rng, 3.0)
    return once(
        rng, _peal(rng, seconds - 0.3, rng.uniform(0, 0.55)), ("low", "fading", "harsh", "long")
    )


@sound("thunder_distant")
def thunder_distant(rng: Rng) -> Sound:
    """Distant thunder: only the low roll is left, swelling slowly and dying away."""
    seconds = length(rng, 3.5)
    x = lowpass(_peal(rng, seconds, rng.uniform(0.8, 1.0)), between(rng, 120, 400))
    return events(rng, x, ("low", "dull", "soft", "long"))


@sound("thunderstorm")
def thunderstorm(rng: Rng) -> Sound:
    """Thunderstorm: claps near or far over rain and gusty wind."""
    seconds = length(rng, 3.5)
    wet = _downpour(
        rng, seconds, between(rng, 1000, 8000), rng.uniform(0.5, 2), between(rng, 300, 900)
    )
    clap = _peal(rng, seconds, rng.uniform(0, 0.9))
    at = rng.uniform(0, 0.4) * seconds
    x = (
        0.06 * between(rng, 0.5, 3) * outdoors(rng, wet)
        + np.pad(clap, (samples(at), 0))[: len(wet)]
    )
    if chance(rng, 0.5):
        x = x + 0.05 * _air(rng, seconds, between(rng, 150, 600))
    return events(rng, x, ("continuous", "long"))


def _air(rng: Rng, seconds: float, top: float) -> Array:
    """Wind in the open: brown noise whose brightness rises with each gust; RMS 1."""
    gust = gusts(rng, seconds, between(rng, 0.4, 1.5), rng.uniform(4, 12))
    low = level(lowpass(coloured(rng, seconds, -4), top))
    bright = hiss(rng, seconds, top, top * 5)
    return level(low * gust + rng.uniform(0.1, 0.5) * bright * gust**1.7)


@sound("wind")
def wind(rng: Rng) -> Sound:
    """Wind: turbulent low noise in gusts, brighter as it blows harder."""
    seconds = length(rng, 3.0)
    top = between(rng, 150, 1200)
    x = _air(rng, seconds, top) * flutter(rng, seconds, 12, rng.uniform(0, 0.4))
    return going_on(rng, x, pole(top, 300, 700, "low", "high"), even=False)


@sound("wind_howling")
def wind_howling(rng: Rng) -> Sound:
    """Wind howling round a house: whistling bands that glide up and down with the gusts."""
    seconds = length(rng, 3.0)
    base = between(rng, 220, 900)
    gust = drift(rng, seconds, between(rng, 0.5, 2.0))
    x = 0.3 * _air(rng, seconds, base)
    for ratio in (1.0, rng.uniform(1.3, 2.2)):
        pitch = base * ratio * np.exp(rng.uniform(0.15, 0.45) * gust)
        tone = noise_tone(rng, seconds, pitch, between(rng, 8, 60))
        x = x + tone / ratio * np.exp(1.2 * gust)
    return going_on(rng, x, pole(base, 350, 600, "low", "high"), even=False)


@sound("blizzard_wind")
def blizzard_wind(rng: Rng) -> Sound:
    """Blizzard: strong roaring wind, a wavering whistle, and the hiss of driven snow."""
    seconds = length(rng, 3.0)
    gust = gusts(rng, seconds, between(rng, 0.7, 2), rng.uniform(3, 8))
    roar = _air(rng, seconds, between(rng, 300, 900))
    snow = hiss(rng, seconds, 3000, 12000) * gust**1.5
    pitch = between(rng, 350, 1000) * np.exp(0.3 * drift(rng, seconds, 1.5))
    whistle = noise_tone(rng, seconds, pitch, between(rng, 20, 80)) * gust
    x = roar * gust + rng.uniform(0.1, 0.5) * snow + rng.uniform(0.1, 0.6) * whistle
    return going_on(rng, x, ("harsh",), even=False)


@sound("leaves_rustling")
def leaves_rustling(rng: Rng) -> Sound:
    """Leaves in the wind, or dry ones stirred: swarms of small high rustles in gusts."""
    seconds = length(rng, 2.0)
    dry = chance(rng, 0.5)
    gust = gusts(rng, seconds, between(rng, 0.6, 3), rng.uniform(4, 12))
    leaves = crackle(
        rng,
        seconds,
        denser(rng, between(rng, 100, 700), gust),
        (2000, 8000),
        (0.0004, 0.002) if dry else (0.002, 0.008),
        2.0,
    )
    soft = hiss(rng, seconds, between(rng, 1500, 3500), between(rng, 7000, 13000)) * gust
    x = level(leaves) * (1.0 if dry else 0.4) + rng.uniform(0.3, 1.0) * level(soft)
    return going_on(rng, x, ("crisp", "irregular") if dry else ("soft",), even=False)


# --- water -----------------------------------------------------------------------------------


@sound("sea_waves")
def sea_waves(rng: Rng) -> Sound:
    """Surf: each wave swells with a low roar, breaks, and its foam hisses back, every 4 to 10 s."""
    seconds = length(rng, 3.5)
    period = rng.uniform(3.0, 9.0)
    turn = (times(seconds) / period + rng.random()) % 1.0
    crest = rng.uniform(0.3, 0.6)
    up = np.where(turn < crest, turn / crest, np.exp(-(turn - crest) / rng.uniform(0.12, 0.3)))
    roar = level(lowpass(coloured(rng, seconds, -3), between(rng, 300, 1200)))
    foam = hiss(rng, seconds, between(rng, 800, 2500), 12000) * flutter(rng, seconds, 200, 0.25)
    late = np.roll(up, samples(rng.uniform(0.05, 0.5)))
    x = roar * (0.12 + up**2) + rng.uniform(0.3, 1.2) * foam * (0.06 + late**1.5)
    return events(rng, outdoors(rng, x), ("slow", "continuous", "long"))


@sound("stream_brook")
def stream_brook(rng: Rng) -> Sound:
    """Brook: babbling of many rising bubbles of all sizes over a soft rush."""
    seconds = length(rng, 2.5)
    base = between(rng, 300, 800)
    rate = between(rng, 50, 220)
    babble = gusts(rng, seconds, 5, rng.uniform(2, 6))
    x = bubble_cloud(rng, seconds, rate, (base, base * 6), rng.uniform(0.1, 0.3), babble)
    rush = hiss(rng, seconds, between(rng, 300, 900), between(rng, 3000, 8000))
    x = x + rng.uniform(0.15, 0.8) * rush * gusts(rng, seconds, 3, 1.5)
    return going_on(rng, x, pole(base, 400, 620, "low", "high"))


@sound("waterfall")
def waterfall(rng: Rng) -> Sound:
    """Waterfall: a massive steady roar, low thunder of the plunge and bright spray."""
    seconds = length(rng, 2.5)
    big = rng.random()
    x = level(coloured(rng, seconds, rng.uniform(-2, -0.5) - 3 * big))
    x = x + rng.uniform(0.2, 0.9) * hiss(rng, seconds, between(rng, 800, 2500), 13000)
    x = x * flutter(rng, seconds, 10, 0.06)
    x = x + 0.15 * bubble_cloud(rng, seconds, 80, (200, 1500), 0.1)
    return going_on(rng, x, pole(big, 0.3, 0.7, "bright", "low"))


@sound("splash")
def splash(rng: Rng) -> Sound:
    """Something falls into water: a slap, the deep plop of the cavity, and drops raining back."""
    size = between(rng, 0.3, 2.2)

    def fall(i: int) -> Array:
        seconds = min(2.5, 0.7 + 0.7 * size)
        slap = burst(rng, 0.03 * size, 400 / size, 9000, 0.002)
        plop = unit(bubble(rng, between(rng, 150, 420) / size + 60, 0.3))
        crown = burst(rng, 0.22 * size, 900, 11000, 0.03, 5)
        marks = rng.gamma(2.0, 0.16 * size, int(30 * size) + 5)
        drops = [bubble(rng, between(rng, 700, 4000), 0.2) for _ in range(10)]
        rain_back = scatter(
            rng, seconds, marks, np.exp(0.6 * rng.standard_normal(len(marks))), drops
        )
        late = np.pad(plop, (samples(rng.uniform(0.03, 0.12)), 0))
        return mix(seconds, slap, rng.uniform(0.2, 0.9) * late, 0.6 * crown, 0.5 * unit(rain_back))

    tags: Tags = pole(size, 0.55, 1.3, "short", "low")
    return often(rng, fall, 0.5, 1.8, tags, 0.4, 0.6)


@sound("underwater_bubbles")
def underwater_bubbles(rng: Rng) -> Sound:
    """Heard under water: streams of big bubbles, all highs swallowed, a dull pressure rumble."""
    seconds = length(rng, 2.5)
    base = between(rng, 90, 350)
    breath = np.maximum(
        np.sin(2 * np.pi * between(rng, 0.25, 1.2) * times(seconds) + rng.uniform(0, 6)), 0
    )
    density = 0.15 + breath if chance(rng, 0.6) else np.ones(samples(seconds))
    x = bubble_cloud(rng, seconds, between(rng, 25, 120), (base, base * 4), 0.05, density)
    x = x + rng.uniform(0.2, 0.8) * level(lowpass(brown(rng, seconds), 300))
    return events(rng, lowpass(x, between(rng, 700, 2200)), ("dull", "low", "continuous"))


# --- fire ------------------------------------------------------------------------------------


@sound("fire_crackling")
def fire_crackling(rng: Rng) -> Sound:
    """Wood fire: sparse pops with power-law sizes, clustered, over a soft low roar and hiss."""
    seconds = length(rng, 2.0)
    rate = between(rng, 4, 60)
    marks = denser(rng, rate, gusts(rng, seconds, 4, rng.uniform(2, 10)))
    x = crackle(rng, seconds, marks, (900, 7000), (0.0004, 0.005), rng.uniform(1.0, 1.8))
    roar = level(lowpass(coloured(rng, seconds, -5), between(rng, 200, 700)))
    x = x + between(rng, 0.003, 0.06) * roar * flutter(rng, seconds, 8, 0.4)
    x = x + between(rng, 0.002, 0.03) * hiss(rng, seconds, 3000, 12000)
    tags: Tags = ("crisp", "irregular", "repeated")
    return events(rng, x, tags + pole(rate, 10, 28, "slow", "fast"))


@sound("bonfire_roar")
def bonfire_roar(rng: Rng) -> Sound:
    """Big fire: flames roar and flap in their own draught, with heavy cracks of burning wood."""
    seconds = length(rng, 2.5)
    flap = flutter(rng, seconds, between(rng, 5, 16), rng.uniform(0.3, 0.7))
    x = level(lowpass(coloured(rng, seconds, -4), between(rng, 300, 1200)) * flap)
    x = x + rng.uniform(0.1, 0.5) * hiss(rng, seconds, 700, 6000) * flap
    marks = scattered(rng, seconds, between(rng, 8, 60))
    cracks = crackle(rng, seconds, marks, (500, 6000), (0.0008, 0.008), 1.3)
    return going_on(rng, x + rng.uniform(1, 4) * cracks, ("low", "trembling"), even=False)
