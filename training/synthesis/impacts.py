"""Guns and explosions, blades, smashed, struck and dropped things."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bar_modes,
    beats,
    between,
    chance,
    coloured,
    fit,
    harmonics,
    highpass,
    length,
    level,
    lowpass,
    mix,
    noise_tone,
    place,
    plate_modes,
    ramp,
    samples,
    sine,
    slope_amps,
    strike,
    thump,
    times,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pole
from training.synthesis.materials import (
    blast,
    bounces,
    burst,
    crackle,
    denser,
    echoes,
    flutter,
    gusts,
    hiss,
    in_a_row,
    metal,
    often,
    once,
    pick,
    scatter,
    scrape,
    swell,
    wooden,
)
from training.synthesis.registry import MAX_SECONDS, Sound, sound

# --- guns and explosions ---------------------------------------------------------------------


def _shot(rng: Rng, heavy: float) -> Array:
    """Shot from ``heavy`` 0 (small pistol) to 1 (rifle, shotgun), with the answer of the place."""
    crack = between(rng, 0.0004, 0.0012) * (1 + 2 * heavy)
    x = blast(rng, crack, 0.012 + 0.03 * heavy, between(rng, 0.06, 0.35), between(rng, 700, 4000))
    if chance(rng, 0.7):
        far = between(rng, 0.08, 0.7)
        x = echoes(rng, x, int(rng.integers(2, 8)), 0.02, far, rng.uniform(6, 12))
    return unit(x)


@sound("gunshot")
def gunshot(rng: Rng) -> Sound:
    """Gunshot: an N-shaped pressure wave, decaying noise, echoes from walls and hills."""
    heavy = rng.random()
    shots = [_shot(rng, heavy) for _ in range(2)]
    tags: Tags = ("harsh", *pole(heavy, 0.3, 0.7, "crisp", "low"))
    return often(rng, lambda i: shots[i % 2], 0.7, 3.5, tags, 0.4, 0.6)


@sound("machine_gun")
def machine_gun(rng: Rng) -> Sound:
    """Machine gun: equal shots 7 to 18 a second in bursts, with one shared tail."""
    rate, heavy = between(rng, 7, 18), rng.random()
    crack = between(rng, 0.0005, 0.002)
    shots = [
        blast(rng, crack, 0.01 + 0.02 * heavy, 0.04, between(rng, 1200, 6000)) for _ in range(4)
    ]
    action = metal(rng, between(rng, 1200, 3000), 0.006, 6)
    seconds = length(rng, 1.2, 4.0)
    marks = beats(rng, seconds, rate, 0.015, rng.uniform(0.02, 0.3))
    pauses = chance(rng, 0.5)
    if pauses:
        marks = marks[np.floor(marks * between(rng, 0.6, 1.4)).astype(int) % 2 == 0]
    x = place(seconds, marks, pick(rng, shots, len(marks)))
    x = x + 0.15 * place(seconds, marks + 0.4 / rate, lambda i: action)
    x = echoes(rng, x, int(rng.integers(2, 6)), 0.04, between(rng, 0.1, 0.6), rng.uniform(7, 12))
    tags: Tags = ("fast", "repeated", "harsh", "intermittent" if pauses else "continuous")
    return events(rng, x[: samples(MAX_SECONDS)], tags if pauses else (*tags, "regular"))


@sound("explosion")
def explosion(rng: Rng) -> Sound:
    """Explosion: a blow, a dark roar dying over seconds, and debris falling."""
    tail = between(rng, 0.35, 1.0)
    x = blast(
        rng, between(rng, 0.004, 0.02), between(rng, 0.05, 0.25), tail, between(rng, 150, 1200)
    )
    seconds = len(x) / 32000
    boom = thump(rng, min(seconds, 1.5), between(rng, 28, 70), between(rng, 0.15, 0.5), 0.3)
    x = x + rng.uniform(0.3, 1.0) * fit(boom, seconds)
    if chance(rng, 0.6):
        marks = rng.gamma(3.0, 0.2, int(between(rng, 20, 150)))
        debris = crackle(rng, seconds, marks, (500, 5000), (0.001, 0.012), 1.5)
        x = x + rng.uniform(0.05, 0.3) * debris
    if chance(rng, 0.5):
        x = echoes(rng, x, 4, 0.1, 0.8, rng.uniform(7, 12))
    return once(rng, x[: samples(MAX_SECONDS)], ("low", "fading", "harsh"))


@sound("cannon")
def cannon(rng: Rng) -> Sound:
    """Cannon: a deep boom without edge, rolling back from the distance."""
    low = between(rng, 32, 75)

    def shot(i: int) -> Array:
        roar = blast(
            rng, between(rng, 0.005, 0.015), 0.06, between(rng, 0.2, 0.6), between(rng, 150, 500)
        )
        boom = thump(rng, 1.2, low, between(rng, 0.12, 0.3), 0.3)
        x = mix(max(1.2, len(roar) / 32000), boom, 0.7 * roar)
        return unit(
            echoes(rng, lowpass(x, between(rng, 800, 4000)), 4, 0.2, 1.0, rng.uniform(7, 12))
        )

    return often(rng, shot, 0.4, 0.8, ("low", "fading"), 0.3, 0.75)


@sound("fireworks")
def fireworks(rng: Rng) -> Sound:
    """Fireworks: whistling rockets, far booms with echoes, and crackling stars."""
    seconds = length(rng, 3.0)
    parts = []
    if chance(rng, 0.5):
        span = between(rng, 0.6, 1.6)
        pitch = ramp(
            span, [(0, between(rng, 1500, 2500)), (span, between(rng, 2500, 5000))], log=True
        )
        parts.append(0.15 * noise_tone(rng, span, pitch, 60) * swell(span, 0.6))
    booms = np.sort(rng.uniform(0.1, 0.8 * seconds, int(rng.integers(1, 6))))
    kinds = [blast(rng, 0.004, 0.03, between(rng, 0.1, 0.4), between(rng, 300, 1500)) for _ in "ab"]
    sizes = rng.uniform(0.3, 1.0, len(booms))
    bang = place(seconds, booms, lambda i: sizes[i] * kinds[i % 2])
    parts.append(echoes(rng, bang, 5, 0.1, 0.8, 8))
    if chance(rng, 0.7):
        stars = np.concatenate(
            [b + 0.3 + rng.gamma(3, 0.15, int(between(rng, 30, 200))) for b in booms[-2:]]
        )
        spark = crackle(rng, seconds, stars, (1500, 7000), (0.0006, 0.004), 2.5)
        parts.append(rng.uniform(0.1, 0.5) * spark)
    tags: Tags = ("single",) if len(booms) == 1 else ("repeated", "irregular")
    return events(rng, mix(seconds, *parts), tags)


@sound("firecracker")
def firecracker(rng: Rng) -> Sound:
    """Firecrackers: sharp dry bangs, one or a string rattling off at random."""
    bangs = [
        blast(
            rng,
            between(rng, 0.0003, 0.001),
            0.006,
            between(rng, 0.02, 0.1),
            between(rng, 1500, 6000),
        )
        for _ in range(6)
    ]
    if chance(rng, 0.25):
        return once(rng, echoes(rng, bangs[0], 4, 0.02, 0.4, 8), ("short", "crisp", "harsh"))
    seconds, rate = length(rng, 1.5), between(rng, 5, 40)
    density = gusts(rng, seconds, 2, rng.uniform(1, 8))
    marks = np.append(denser(rng, rate, density), 0.1)
    sizes = np.exp(0.5 * rng.standard_normal(len(marks)))
    x = scatter(rng, seconds, marks, sizes, bangs)
    x = echoes(rng, x, 4, 0.02, between(rng, 0.1, 0.5), 8)[: len(x)]
    return events(
        rng, x, ("repeated", "irregular", "crisp", "harsh", *pole(rate, 5, 12, "slow", "fast"))
    )


@sound("bullet_ricochet")
def bullet_ricochet(rng: Rng) -> Sound:
    """Ricochet: a smack on stone or metal, then the whine of the tumbling bullet going away."""
    seconds = between(rng, 0.4, 1.4)
    high = between(rng, 1400, 5500)
    pitch = ramp(seconds, [(0, high), (seconds, high * rng.uniform(0.3, 0.7))], log=True)
    tumble = 1 + rng.uniform(0.02, 0.12) * sine(between(rng, 20, 70), seconds)
    amps = slope_amps(6, rng.uniform(8, 16))
    whine = harmonics(pitch * tumble, seconds, amps, rng) + 0.4 * noise_tone(
        rng, seconds, pitch, 150
    )
    whine = whine * np.exp(-times(seconds) / (seconds * 0.35)) * flutter(rng, seconds, 40, 0.3)
    smack = mix(
        0.15, burst(rng, 0.006, 900, 10000), 0.6 * metal(rng, between(rng, 700, 2500), 0.02)
    )
    x = mix(seconds, rng.uniform(0.3, 1.2) * smack, rng.uniform(0.3, 0.8) * unit(whine))
    if chance(rng, 0.3):
        x = in_a_row(0.9 * fit(_shot(rng, 0.3), 0.35), x)
    return once(rng, x, ("falling", "high", "metallic", "fading"))


@sound("rocket_launch")
def rocket_launch(rng: Rng) -> Sound:
    """Rocket: ignition, then a huge crackling roar that grows and goes away, or a short whoosh."""
    if chance(rng, 0.35):
        seconds = between(rng, 0.8, 2.2)
        air = hiss(rng, seconds, between(rng, 250, 900), between(rng, 4000, 11000))
        x = air * swell(seconds, rng.uniform(0.08, 0.3), 0.7) * flutter(rng, seconds, 50, 0.3)
        return once(rng, x, ("fading", "harsh"))
    seconds = length(rng, 3.0)
    roar = level(lowpass(coloured(rng, seconds, -3), between(rng, 500, 2500)))
    tears = np.maximum(
        level(highpass(white(rng, seconds), 200)) * flutter(rng, seconds, 30, 0.8), 0
    )
    start = rng.uniform(0.05, 0.8)
    shape = ramp(
        seconds, [(0, 0.01), (start, 0.02), (start + between(rng, 0.1, 1.2), 1), (seconds, 0.7)]
    )
    x = (roar + rng.uniform(0.2, 0.6) * level(tears)) * shape * flutter(rng, seconds, 12, 0.25)
    return events(rng, x, ("loud_growing", "low", "continuous", "harsh"))


# --- blades and whips ------------------------------------------------------------------------


@sound("sword_swing")
def sword_swing(rng: Rng) -> Sound:
    """Blade through air: a vortex whoosh that rises and falls with the speed of the tip."""
    top = between(rng, 450, 2600)

    def swing(i: int) -> Array:
        seconds = between(rng, 0.16, 0.55)
        speed = swell(seconds, rng.uniform(0.4, 0.75), 0.8)
        tone = noise_tone(rng, seconds, top * (0.25 + 0.75 * speed), top * rng.uniform(0.3, 0.9))
        wide = hiss(rng, seconds, top, min(top * 5, 13000))
        return unit((tone + rng.uniform(0.05, 0.4) * wide) * speed**1.6)

    tags: Tags = ("short", *pole(top, 800, 1500, "low", "high"))
    return often(rng, swing, 0.9, 3.0, tags, 0.35, 0.5)


@sound("sword_clash")
def sword_clash(rng: Rng) -> Sound:
    """Two blades meet: a hard clank with long inharmonic ring, maybe sliding along each other."""
    base, ring = between(rng, 500, 2400), between(rng, 0.08, 0.9)
    seconds = min(3.0, 0.2 + 4 * ring)
    one, two = bar_modes(base, 6), bar_modes(base * rng.uniform(1.05, 1.6), 6)
    modes = np.concatenate([one, two, plate_modes(rng, base * 2.3, 8, 0.3)])

    def clash(i: int) -> Array:
        hit = strike(rng, seconds, modes, ring, rng.uniform(-2, 3), 0.8)
        edge = burst(rng, 0.006, 2000, 13000)
        x = mix(seconds, hit, rng.uniform(0.3, 0.9) * edge)
        if chance(rng, 0.35):
            span = between(rng, 0.15, 0.5)
            slide = scrape(rng, span, 3000, 13000, 400) * swell(span, 0.3)
            return in_a_row(x[: samples(0.05)], mix(seconds, x[samples(0.05) :], 0.25 * slide))
        return x

    hits = [clash(i) for i in range(3)]
    tags: Tags = ("metallic", "bright", *pole(ring, 0.15, 0.5, "short", "long"))
    return often(rng, pick(rng, hits, 24), 0.9, 4.5, tags, 0.5, 0.4)


@sound("whip_crack")
def whip_crack(rng: Rng) -> Sound:
    """Whip: a rising swish, then the tip's tiny sonic boom."""
    span = between(rng, 0.12, 0.45)
    swish = hiss(rng, span, between(rng, 500, 1500), 9000) * ramp(span, [(0, 0), (span, 1)]) ** 2.5
    crack = blast(
        rng,
        between(rng, 0.0001, 0.0004),
        0.003,
        between(rng, 0.015, 0.08),
        between(rng, 2500, 8000),
    )
    x = in_a_row(rng.uniform(0.03, 0.2) * swish, crack)
    if chance(rng, 0.4):
        x = echoes(rng, x, 3, 0.05, 0.4, 10)
    if chance(rng, 0.75):
        return once(rng, x, ("crisp", "short", "harsh"))
    return often(rng, lambda i: x, 0.7, 1.8, ("crisp", "harsh"), 0.4, 0.0)


# --- smashing --------------------------------------------------------------------------------


@sound("wood_smash")
def wood_smash(rng: Rng) -> Sound:
    """Wood smashed: a heavy blow, splintering cracks, boards and splinters falling."""
    seconds = rng.uniform(0.7, 2.2)
    base = between(rng, 80, 280)
    blow = wooden(rng, base, between(rng, 0.025, 0.07), 1.2)
    span = between(rng, 0.08, 0.4)
    splinter = crackle(
        rng,
        span,
        denser(rng, 250, np.linspace(1, 0.1, samples(span))),
        (700, 5500),
        (0.001, 0.006),
        1.3,
    )
    boards = [
        wooden(rng, base * between(rng, 1.5, 7), between(rng, 0.008, 0.03), 0.7) for _ in range(8)
    ]
    marks = rng.gamma(1.8, seconds / 7, int(rng.integers(4, 28)))
    falling = scatter(
        rng,
        seconds,
        marks,
        np.exp(0.7 * rng.standard_normal(len(marks)) - 1.5 * marks / seconds),
        boards,
    )
    x = mix(seconds, blow, rng.uniform(0.4, 1) * splinter, rng.uniform(0.3, 0.8) * unit(falling))
    return once(rng, x, ("harsh", *pole(seconds, 1.0, 1.7, "short", "long")))


@sound("metal_smash")
def metal_smash(rng: Rng) -> Sound:
    """Metal crushed or crashing: a crunch, clanging sheets, parts that bounce and rattle on."""
    seconds = rng.uniform(0.9, 3.0)
    base = between(rng, 130, 600)
    crunch = burst(rng, between(rng, 0.03, 0.15), 200, 8000)
    sheet = metal(rng, base, between(rng, 0.08, 0.5), 22, rng.uniform(-3, 1))
    parts = [metal(rng, base * between(rng, 1.2, 7), between(rng, 0.02, 0.2), 10) for _ in range(6)]
    first = rng.gamma(1.5, seconds / 8, int(rng.integers(3, 14)))
    marks = np.concatenate([m + bounces(rng, between(rng, 0.05, 0.2), 0.6)[0][:5] for m in first])
    sizes = np.exp(0.6 * rng.standard_normal(len(marks)) - 2 * marks / seconds)
    x = mix(
        seconds,
        unit(crunch),
        sheet,
        rng.uniform(0.4, 0.9) * unit(scatter(rng, seconds, marks, sizes, parts)),
    )
    return once(rng, x, ("metallic", "harsh"))


@sound("metal_clang")
def metal_clang(rng: Rng) -> Sound:
    """A blow on a metal pipe, plate or anvil: hard contact and inharmonic ring, or a dull clank."""
    base, ring = between(rng, 150, 1500), between(rng, 0.03, 1.2)
    pipe = chance(rng, 0.5)
    modes = bar_modes(base, 8) if pipe else plate_modes(rng, base, 18, 0.2)
    seconds = min(3.0, 0.1 + 4 * ring)

    def hit(i: int) -> Array:
        body = strike(rng, seconds, modes, ring, rng.uniform(-4, 2), 0.6)
        return mix(seconds, body, rng.uniform(0.1, 0.7) * burst(rng, 0.004, 1200, 11000))

    hits = [hit(i) for i in range(2)]
    tags: Tags = ("metallic", *pole(ring, 0.1, 0.6, "short", "long"))
    tags += pole(base, 300, 700, "low", "high")
    return often(rng, lambda i: hits[i % 2], 0.7, 4.0, tags, None, 0.45)


@sound("object_drop_thud")
def object_drop_thud(rng: Rng) -> Sound:
    """Something heavy dropped on a floor: a dull low thud, perhaps a smaller second one."""
    freq, ring = between(rng, 45, 190), between(rng, 0.02, 0.09)
    hit = mix(
        0.1 + 6 * ring,
        thump(rng, 0.1 + 6 * ring, freq, ring, 0.4),
        rng.uniform(0.1, 0.6) * wooden(rng, freq * rng.uniform(1.5, 4), ring * 0.7, 0.2),
        rng.uniform(0.1, 0.5) * burst(rng, 0.012, 80, 1800),
    )
    marks, sizes = bounces(rng, between(rng, 0.06, 0.25), rng.uniform(0.2, 0.45))
    count = int(rng.integers(1, 4))
    x = place(float(marks[-1]) + len(hit) / 32000, marks[:count], lambda i: sizes[i] * hit)
    return once(rng, x, ("dull", "low", "short"))
