"""Hand tools and materials: ratchets, spades, chisels and planes; springs, glasses, gravel."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    beats,
    between,
    chance,
    click,
    decay,
    drift,
    fade,
    fit,
    grain_cloud,
    harmonics,
    length,
    level,
    lowpass,
    mix,
    noise_tone,
    plate_modes,
    ramp,
    samples,
    sine,
    slope_amps,
    strike,
    thump,
    times,
    unit,
)
from training.synthesis.finish import Tags, events, pitch, pole
from training.synthesis.materials import (
    burst,
    crackle,
    flutter,
    hiss,
    in_a_row,
    often,
    once,
    scatter,
    scrape,
    swell,
    through,
)
from training.synthesis.registry import Sound, sound
from training.synthesis.voice import hump, late

# --- hand tools ------------------------------------------------------------------------------


@sound("ratchet_wrench")
def ratchet_wrench(rng: Rng) -> Sound:
    """Ratchet: the pawl clicks over the teeth as the handle swings back, and grips going on."""
    seconds = length(rng, 1.2)
    rate, base = between(rng, 9, 45), between(rng, 1500, 5000)
    clicks = [
        unit(
            strike(rng, 0.05, base * np.array([1, 1.7, 2.6, 3.9]), between(rng, 0.002, 0.01))
            + 0.5 * fit(click(rng, base * 0.6, 0.001), 0.05)
        )
        for _ in range(3)
    ]
    marks = beats(rng, seconds, rate, 0.06)
    swing, share = between(rng, 0.8, 2.2), rng.uniform(0.45, 0.8)
    strokes = chance(rng, 0.8)
    if strokes:
        marks = marks[(marks * swing + rng.random()) % 1.0 < share]
    sizes = rng.uniform(0.6, 1.0, len(marks))
    x = scatter(rng, seconds, marks, sizes, clicks)
    tags: Tags = ("intermittent",) if strokes else ("continuous",)
    tone: Tags = pole(base, 2200, 3500, "low", "high")
    return events(rng, x, ("metallic", "crisp", "repeated", "fast", *tags, *tone))


@sound("shovel_digging")
def shovel_digging(rng: Rng) -> Sound:
    """Digging: the blade stabs into earth or gravel, and what it lifts is thrown off, pattering."""
    gravel = chance(rng, 0.4)
    low = between(rng, 700, 2000) if gravel else between(rng, 200, 700)
    ring = (0.0004, 0.002) if gravel else (0.0001, 0.0006)
    blade = strike(rng, 0.3, plate_modes(rng, between(rng, 500, 1400), 8), between(rng, 0.01, 0.06))

    def dig(i: int) -> Array:
        stab = rng.uniform(0.12, 0.3)
        grit = grain_cloud(rng, stab, between(rng, 600, 4000), (low, low * 8), ring, 6)
        throw = rng.uniform(0.25, 0.5)
        patter = grain_cloud(rng, throw, between(rng, 200, 1500), (low, low * 5), ring, 6)
        thud = thump(rng, 0.2, between(rng, 60, 140), 0.03)
        lift = stab + rng.uniform(0.15, 0.5)
        first = unit(grit * hump(stab, 0.4)) + rng.uniform(0.05, 0.5) * fit(blade, stab)
        last = unit(patter * hump(throw, 0.2)) * rng.uniform(0.3, 0.8)
        return mix(lift + throw, first, late(last, lift), late(0.4 * thud, lift))

    tags: Tags = ("crisp", "harsh") if gravel else ("dull",)
    return often(rng, dig, 0.4, 0.95, tags, single=0.3)


@sound("stone_chisel")
def stone_chisel(rng: Rng) -> Sound:
    """Stone worked by hand: hammer on chisel, or a pickaxe; a clink, a crack, chips falling."""
    heavy = rng.random()
    base = between(rng, 2200, 4500) * (1 - 0.6 * heavy)
    modes = base * np.array([1, 1.5, 2.3, 3.2, 4.1])
    ring = between(rng, 0.006, 0.05)

    def blow(i: int) -> Array:
        steel = strike(rng, 0.35, modes * rng.uniform(0.97, 1.03), ring, -1)
        rock = burst(rng, between(rng, 0.004, 0.015), 500, 6000, 0.0004)
        deep = thump(rng, 0.2, between(rng, 90, 200), 0.02)
        count = int(rng.integers(0, 14))
        chips = crackle(rng, 0.5, 0.05 + rng.gamma(2, 0.06, count), (1500, 6000), (0.0006, 0.003))
        x = mix(0.5, steel, rng.uniform(0.4, 1.2) * rock, heavy * deep)
        return unit(x + rng.uniform(0.03, 0.2) * chips)

    tags: Tags = ("metallic", *pole(heavy, 0.35, 0.65, "crisp", "low"))
    return often(rng, blow, 0.5 + 0.5 * (1 - heavy), 1.2 + 3.5 * (1 - heavy), tags, single=0.15)


@sound("wood_plane")
def wood_plane(rng: Rng) -> Sound:
    """Hand plane: the iron shaves a board stroke by stroke, smoothly or chattering."""
    chatter = rng.random()
    low = between(rng, 300, 900)

    def stroke(i: int) -> Array:
        each = rng.uniform(0.3, 0.8)
        shave = scrape(rng, each, low * 2, between(rng, 5000, 11000), between(rng, 150, 700))
        hop = flutter(rng, each, between(rng, 25, 70), chatter)
        board = through(rng, shave * hop, low, low * 5, 4, 5)
        rise = ramp(each, [(0, 0.5), (each, 1.0)])
        knock = thump(rng, 0.1, between(rng, 120, 260), 0.012)
        x = unit((shave * hop + board) * swell(each, rng.uniform(0.5, 0.8), 0.3) * rise)
        return x + 0.15 * fit(knock, each)

    return often(rng, stroke, 0.5, 1.5, pole(chatter, 0.35, 0.65, "soft", "harsh"), single=0.15)


# --- things that vibrate ---------------------------------------------------------------------


@sound("spring_boing")
def spring_boing(rng: Rng) -> Sound:
    """A spring flicked: its pitch wobbles as it swings, and the swing dies away."""
    base, rate = between(rng, 80, 600), between(rng, 7, 24)
    bend = float(rng.uniform(-0.5, 0.5))

    def boing(i: int) -> Array:
        seconds = rng.uniform(0.5, 1.4)
        axis = times(seconds)
        fall = np.exp(-axis / (seconds / rng.uniform(2.5, 4.5)))
        swing = np.sin(2 * np.pi * rate * axis)
        glide = np.exp(bend * axis / seconds)
        freq = base * glide * (1 + rng.uniform(0.1, 0.5) * fall * swing)
        coil = harmonics(freq, seconds, slope_amps(30, rng.uniform(4, 10)), rng)
        body = through(rng, coil, base, base * 12, 5, between(rng, 4, 15))
        shaken = (level(coil) + level(body)) * (0.6 + 0.4 * np.cos(2 * np.pi * rate * axis))
        return unit(fade(shaken * fall, 0.002, 0.05))

    tags: Tags = ("metallic", "trembling", *pitch(base))
    return often(
        rng, boing, 0.5, 1.3, (*tags, *pole(bend, -0.2, 0.2, "falling", "rising")), single=0.6
    )


@sound("ruler_twang")
def ruler_twang(rng: Rng) -> Sound:
    """A ruler flicked over a table's edge, or a rubber band plucked: a buzzing, quick decay."""
    base = between(rng, 45, 320)
    slide = float(rng.choice([0.0, 0.0, rng.uniform(0.4, 1.6)]))

    def twang(i: int) -> Array:
        seconds = rng.uniform(0.3, 0.9)
        freq = base * rng.uniform(0.93, 1.07) * np.exp(slide * times(seconds) / seconds)
        blade = harmonics(freq, seconds, slope_amps(40, rng.uniform(2, 7)), rng)
        table = through(rng, blade, 150, 2500, 5, 4)
        tick = burst(rng, 0.002, 800, 6000, 0.0002)
        x = (level(blade) + level(table)) * decay(seconds, seconds / rng.uniform(3, 6), 0.002)
        return fade(unit(unit(x) + 0.4 * fit(tick, seconds)), 0.0005, 0.15)

    tags: Tags = (*pole(base, 90, 190, "low", "high"), *(("rising",) if slide else ()))
    return often(rng, twang, 0.8, 3.0, tags, single=0.5)


@sound("wine_glass_rubbing")
def wine_glass_rubbing(rng: Rng) -> Sound:
    """A wet finger circling a glass rim: a pure tone swells and beats with each round."""
    seconds = length(rng, 2.5)
    base = between(rng, 380, 1900)
    rounds, depth = between(rng, 0.5, 2.5), rng.uniform(0.05, 0.7)
    count = 1 if chance(rng, 0.7) else int(rng.integers(2, 4))
    x = np.zeros(samples(seconds))
    for k in range(count):
        freq = base * float(rng.choice([1.0, 1.25, 1.5, 1.335, 2.0])) if k else base
        moving = freq * (1 + 0.001 * drift(rng, seconds, 2))
        tone = harmonics(moving, seconds, [1, rng.uniform(0.02, 0.3), rng.uniform(0, 0.1)], rng)
        beat = 1 - depth * (0.5 + 0.5 * np.sin(4 * np.pi * rounds * times(seconds) + 2 * k))
        x = x + tone * beat / count
    rub = hiss(rng, seconds, 1500, 9000) * flutter(rng, seconds, 20, 0.5)
    onset = np.minimum(times(seconds) / between(rng, 0.1, 2.0), 1.0)
    x = (x + between(rng, 0.003, 0.06) * rub) * onset
    tags: Tags = pole(depth, 0.2, 0.45, "steady", "trembling")
    tags = ("continuous", *tags, *pole(base, 650, 1100, "low", "high"))
    return events(rng, fade(x, 0.01, 0.05), tags)


@sound("bottle_blowing")
def bottle_blowing(rng: Rng) -> Sound:
    """Breath across the neck of a bottle: a round hooting tone inside a rush of air."""
    base, airy = between(rng, 90, 520), between(rng, 0.05, 0.8)

    def toot(i: int) -> Array:
        each = rng.uniform(0.3, 0.8) if i else rng.uniform(0.4, 1.6)
        freq = base * (1 + 0.01 * drift(rng, each, 6))
        tone = sine(freq, each, rng.uniform(0, 6)) * 1.4
        tone = tone + 0.5 * noise_tone(rng, each, freq, between(rng, 4, 25))
        tone = tone + rng.uniform(0, 0.15) * sine(2 * freq, each)
        breath = hiss(rng, each, base, between(rng, 2500, 8000))
        x = (tone + airy * breath) * swell(each, rng.uniform(0.2, 0.5), 0.35)
        return fade(unit(x), 0.02, 0.05)

    tags: Tags = ("soft", *pole(base, 160, 300, "low", "high"))
    return often(rng, toot, 0.5, 1.1, tags, single=0.5)


# --- things poured ---------------------------------------------------------------------------


@sound("gravel_pouring")
def gravel_pouring(rng: Rng) -> Sound:
    """Gravel or sand tipped out: a rush of rattling grains that thins out, stone by stone."""
    seconds = length(rng, 1.5)
    coarse = between(rng, 0.3, 3.0)
    end = seconds * rng.uniform(0.5, 1.2)
    axis = times(seconds)
    flow = np.where(axis < end, 1.0, np.exp(-(axis - end) / rng.uniform(0.1, 0.4)))
    flow = flow * np.minimum(axis / rng.uniform(0.02, 0.5), 1) * (1 + 0.4 * drift(rng, seconds, 4))
    stones = grain_cloud(
        rng,
        seconds,
        between(rng, 800, 4000) / coarse,
        (1400 / coarse, 8000 / coarse**0.7),
        (0.0002 * coarse**0.5, 0.002 * coarse**0.5),
        10,
        flow,
        0.8,
    )
    heap = level(lowpass(hiss(rng, seconds, 200, 4000), between(rng, 500, 3000))) * flow
    x = stones + rng.uniform(0.02, 0.35) * heap
    ending: Tags = ("fading",) if end < 0.75 * seconds else ("continuous",)
    return events(rng, x, (*ending, "irregular", *pole(coarse, 0.7, 1.5, "crisp", "dull")))


@sound("rope_creak")
def rope_creak(rng: Rng) -> Sound:
    """A taut rope or leather strap under a swinging load: its fibres slip with slow dry ticks."""
    slips, low = between(rng, 14, 70), between(rng, 250, 900)

    def pull(i: int) -> Array:
        each = rng.uniform(0.35, 1.0)
        load = swell(each, rng.uniform(0.3, 0.7), 0.6)
        marks = beats(rng, each, slips * rng.uniform(0.8, 1.3), 0.25)
        sizes = np.exp(0.5 * rng.standard_normal(len(marks)))
        ticks = [burst(rng, between(rng, 0.001, 0.005), low, low * 7, 0.0003) for _ in range(4)]
        x = scatter(rng, each, marks, sizes, ticks)
        fibre = through(rng, x, low, low * 5, 4, between(rng, 3, 8))
        return unit((level(x) + fibre) * load)

    if chance(rng, 0.2):
        return once(rng, in_a_row(pull(0), pull(1)), ("dull",))
    tags: Tags = ("slow", *pole(low, 380, 600, "dull", "crisp"))
    sway = often(rng, pull, 0.4, 0.95, (), 0.15, 0.0)
    return Sound(sway.waveform, (*tags, *(tag for tag in sway.tags if tag != "slow")))
