"""Pets and farm animals. Birds, insects and wild animals have modules of their own."""

import numpy as np

from training.synthesis import birds, insects, wild  # noqa: F401 - their generators register
from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    between,
    chance,
    drift,
    fade,
    firings,
    gain,
    mix,
    place,
    resonate,
    samples,
    strike,
    thump,
    unit,
    white,
)
from training.synthesis.calls import clip, pitched, series, surge
from training.synthesis.finish import Tags
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.voice import (
    ARCH,
    FALL,
    FLAT,
    GROW,
    Points,
    Tract,
    Voice,
    call,
    formants,
    hump,
    room_tail,
    scaled,
    source,
    swell,
    tube,
)

# --- dogs ------------------------------------------------------------------------------------


@sound("dog_bark")
def dog_bark(rng: Rng) -> Sound:
    """Dog: short noisy harmonic bursts, pitch up and down, deep in large dogs."""
    pitch, tone = pitched(rng, 220, 1000)
    throat = 24 * (220 / pitch) ** 0.6
    shut, wide = tube(throat * rng.uniform(0.9, 1.1)), tube(throat * 0.85, rng.uniform(0.3, 0.9))
    tract: Tract = [(0.0, shut), (0.3, wide), (1.0, shut)]
    voice = Voice(
        tilt=rng.uniform(3, 8),
        breath=rng.uniform(0.1, 0.6),
        jitter=0.03,
        rough=rng.uniform(0.1, 0.9),
    )
    each = between(rng, 0.09, 0.3)
    line: Points = [(0, 0.75), (0.3, rng.uniform(1.1, 1.4)), (1, rng.uniform(0.55, 0.8))]

    def bark() -> Array:
        sung = scaled(line, pitch * rng.uniform(0.92, 1.08))
        one = call(rng, each * rng.uniform(0.85, 1.15), sung, tract, FALL, voice)
        return one if chance(rng, 0.75) else np.concatenate([0.3 * one[: len(one) // 2], one])

    track, tags = series(rng, bark, (0.8, 4.5), single=0.2)
    echoed = room_tail(rng, track, rng.uniform(0.15, 0.6), rng.uniform(0, 0.2))
    kind: Tags = ("harsh",) if voice.rough > 0.6 else ()
    kind += ("short",) if "single" in tags else ()
    return clip(rng, echoed, *tone, *kind, *tags)


@sound("dog_growl")
def dog_growl(rng: Rng) -> Sound:
    """Dog growling: rough low pulses behind closed teeth, swelling with the breath."""
    pitch = between(rng, 45, 140)
    seconds = rng.uniform(1.0, 4.5)
    flow = 1 + 0.25 * drift(rng, seconds, 2)
    voice = Voice(tilt=rng.uniform(4, 8), breath=rng.uniform(0.2, 0.7), jitter=0.06, rough=1.0)
    raw = source(rng, pitch * flow, voice)
    tract = [(0.0, tube(rng.uniform(14, 24))), (1.0, tube(rng.uniform(12, 22), 0.3))]
    growl = formants(raw, tract) * (0.7 + 0.3 * drift(rng, seconds, 8))
    if chance(rng, 0.4):
        shape = swell(seconds, GROW)
        more: Tags = ("loud_growing",)
    elif chance(rng, 0.4):
        shape = 0.15 + 0.85 * np.abs(np.sin(np.pi * np.linspace(0, seconds / 1.3, len(growl))))
        more = ("intermittent", "repeated")
    else:
        shape, more = swell(seconds, FLAT), ("continuous",)
    return clip(rng, fade(growl * shape, 0.05, 0.1), "low", "harsh", "trembling", *more)


@sound("dog_whine")
def dog_whine(rng: Rng) -> Sound:
    """Dog whining: thin wavering tones through the nose, rising or falling."""
    pitch, tone = pitched(rng, 550, 1900)
    turn = rng.choice([-1, 1])
    bend = rng.uniform(0.15, 0.5)
    voice = Voice(
        tilt=rng.uniform(9, 16),
        breath=rng.uniform(0.03, 0.2),
        jitter=0.02,
        tremor=rng.uniform(6, 11),
        depth=rng.uniform(0, 0.03),
    )
    each = between(rng, 0.25, 1.5)
    line: Points = [(0, 1 - turn * bend / 2), (0.5, rng.uniform(0.95, 1.15)), (1, 1 + turn * bend)]

    def whine() -> Array:
        sung = scaled(line, pitch * rng.uniform(0.9, 1.1))
        tract = [(0.0, (pitch, 2600, 4200))]
        return call(rng, each * rng.uniform(0.8, 1.2), sung, tract, ARCH, voice)

    track, tags = series(rng, whine, (0.5, 2))
    shaking: Tags = ("trembling",) if voice.depth > 0.015 else ()
    return clip(rng, track, *tone, "rising" if turn > 0 else "falling", *shaking, *tags)


@sound("dog_howl")
def dog_howl(rng: Rng) -> Sound:
    """Dog howling: a bark-like onset that slides up into a long note and sinks at the end."""
    pitch, tone = pitched(rng, 280, 850)
    seconds = rng.uniform(1.2, 4)
    line = [(0, 0.6), (0.15, 1.0), (0.6, rng.uniform(0.95, 1.12)), (1, 0.68)]
    throat = tube(rng.uniform(13, 20))
    tract: Tract = [(0.0, tube(13, 0.6)), (0.2, throat), (1.0, throat)]
    voice = Voice(tilt=rng.uniform(7, 12), breath=0.08, rough=rng.uniform(0, 0.3), depth=0.006)
    howl = call(rng, seconds, scaled(line, pitch), tract, ARCH, voice)
    echoed = room_tail(rng, howl, 1.0, rng.uniform(0, 0.3))
    return clip(rng, echoed, *tone, *(("long",) if seconds > 2.5 else ()), "single")


@sound("puppy_yelp")
def puppy_yelp(rng: Rng) -> Sound:
    """Puppy: sharp high yelps that shoot up and fall, alone or in a flurry."""
    pitch, tone = pitched(rng, 750, 1900)
    voice = Voice(
        tilt=rng.uniform(5, 10), breath=rng.uniform(0.03, 0.25), rough=rng.uniform(0, 0.4)
    )
    throat: Tract = [(0.0, tube(8)), (0.3, tube(7, 0.7)), (1.0, tube(8))]

    def yelp() -> Array:
        line = scaled([(0, 0.75), (0.2, 1.25), (1, 0.6)], pitch * rng.uniform(0.9, 1.1))
        return call(rng, rng.uniform(0.07, 0.28), line, throat, FALL, voice)

    track, tags = series(rng, yelp, (1, 5))
    brief: Tags = ("short",) if "single" in tags else ()
    return clip(rng, track, *tone, "falling", *brief, *tags)


# --- cats ------------------------------------------------------------------------------------


@sound("cat_meow")
def cat_meow(rng: Rng) -> Sound:
    """Cat: a pitch arch while the mouth opens and closes, m-i-a-u."""
    pitch, tone = pitched(rng, 330, 1050)
    size = rng.uniform(0.9, 1.25)
    mouth = [(300, 1500, 2800, 4300), (420, 2500, 3400, 5000), (1050, 1900, 3200, 4800)]
    close = (480, 1000, 2700, 4200)
    steps = [np.array(m) * size for m in (*mouth, close)]
    tract = list(zip((0.0, 0.15, 0.5, 1.0), steps, strict=True))
    voice = Voice(
        tilt=rng.uniform(5, 10), breath=rng.uniform(0.02, 0.15), rough=rng.uniform(0, 0.4)
    )
    each = between(rng, 0.35, 1.6)
    fall = rng.uniform(0.65, 1.0)
    line: Points = [(0, 0.8), (rng.uniform(0.2, 0.6), rng.uniform(1.05, 1.4)), (1, fall)]

    def meow() -> Array:
        sung = scaled(line, pitch * rng.uniform(0.93, 1.07))
        return call(rng, each * rng.uniform(0.85, 1.15), sung, tract, ARCH, voice)

    track, tags = series(rng, meow, (0.4, 1.6), single=0.35)
    size_tag: Tags = ("long",) if each > 1 else ("short",) if each < 0.5 else ()
    return clip(rng, track, *tone, *size_tag, *tags)


@sound("cat_purr")
def cat_purr(rng: Rng) -> Sound:
    """Cat purring: 20 to 32 muscle pulses a second, breathing in and out without a break."""
    seconds = rng.uniform(2.5, 5)
    rate, breath = between(rng, 20, 32), between(rng, 0.6, 1.2)
    side = np.sin(
        2 * np.pi * breath * np.linspace(0, seconds, samples(seconds)) + rng.uniform(0, 6)
    )
    pulses = firings(rate * (1 + 0.04 * side + 0.03 * drift(rng, seconds, 6)), [1.0])
    noisy = white(rng, seconds) * 0.002 * rng.uniform(0.3, 1.5)
    body = [between(rng, 60, 120), between(rng, 180, 320), between(rng, 450, 900), 1800.0]
    purr = resonate(pulses + noisy, body, [60, 120, 300, 900], [1, 0.8, 0.5, 0.25])
    loud = (0.75 + 0.3 * side * rng.uniform(0.3, 1)) * np.clip(8 * np.abs(side), 0.25, 1)
    return clip(
        rng, fade(purr * loud, 0.1, 0.1), "low", "soft", "continuous", "trembling", hush=True
    )


@sound("cat_hiss")
def cat_hiss(rng: Rng) -> Sound:
    """Cat hissing or spitting: a sudden blast of breath through bared teeth."""
    each = between(rng, 0.25, 1.6)
    size = rng.uniform(0.85, 1.2)
    wide = size * np.array([1600, 3600, 5600, 8200])
    tract: Tract = [(0.0, wide), (1.0, wide - 500 * size)]

    def hiss() -> Array:
        air = formants(white(rng, each), tract, width=0.25, fall=rng.uniform(-1, 3))
        shaken = 1 + 0.3 * drift(rng, each, 30)
        return unit(air * shaken * swell(each, [(0, 0), (0.06, 1), (0.5, 0.7), (1, 0)]))

    track, tags = series(rng, hiss, (0.4, 1.2), single=0.6, most=3)
    alone: Tags = ("fading", "short") if each < 0.4 else ("fading",)
    return clip(rng, track, "harsh", *(alone if "single" in tags else ()), *tags)


# --- cattle, sheep, pigs ---------------------------------------------------------------------


@sound("cow_moo")
def cow_moo(rng: Rng) -> Sound:
    """Cow: a long low call that starts through the nose and opens, pitch up then down."""
    pitch = between(rng, 75, 190)
    each = between(rng, 0.9, 2.8)
    throat = rng.uniform(34, 50)
    tract: Tract = [
        (0.0, tube(throat)),
        (0.3, tube(throat * 0.9, 0.4)),
        (1.0, tube(throat * 0.85, 0.9)),
    ]
    voice = Voice(tilt=rng.uniform(4, 8), breath=rng.uniform(0.03, 0.2), rough=rng.uniform(0, 0.5))
    line: Points = [(0, 0.75), (rng.uniform(0.4, 0.7), 1.2), (1, rng.uniform(0.75, 1.1))]
    level_line: Points = [(0, 0), (0.1, 0.35), (0.45, 1), (0.85, 0.7), (1, 0)]

    def moo() -> Array:
        sung = scaled(line, pitch * rng.uniform(0.95, 1.05))
        return call(rng, each, sung, tract, level_line, voice)

    track, tags = series(rng, moo, (0.3, 0.6), single=0.65)
    return clip(rng, track, "low", *(("long",) if each > 1.8 else ()), *tags)


@sound("calf_bleat")
def calf_bleat(rng: Rng) -> Sound:
    """Calf: a shorter, higher, more nasal moo with a cracking voice."""
    pitch, tone = pitched(rng, 180, 420)
    each = between(rng, 0.4, 1.3)
    throat = rng.uniform(20, 28)
    tract: Tract = [(0.0, tube(throat)), (0.35, tube(throat * 0.9, 0.8)), (1.0, tube(throat, 0.5))]
    voice = Voice(tilt=rng.uniform(4, 7), breath=0.1, jitter=0.02, rough=rng.uniform(0.1, 0.6))
    line: Points = [(0, 0.8), (0.4, 1.2), (1, rng.uniform(0.7, 1))]

    def bleat() -> Array:
        sung = scaled(line, pitch * rng.uniform(0.95, 1.05))
        return call(rng, each * rng.uniform(0.85, 1.15), sung, tract, ARCH, voice)

    track, tags = series(rng, bleat, (0.4, 1.2), single=0.45)
    return clip(rng, track, *tone, *tags)


def _baa(
    rng: Rng, pitch: float, throat: float, depth: float, rate: float, each: float
) -> tuple[Array, Tags]:
    """Nasal open call shaken by the breath: what sheep and goats have in common."""
    voice = Voice(
        tilt=rng.uniform(3, 6),
        breath=rng.uniform(0.05, 0.25),
        rough=rng.uniform(0, 0.5),
        tremor=rate,
        depth=depth,
    )
    tract: Tract = [(0.0, tube(throat * 1.1)), (0.12, tube(throat, 0.9)), (1.0, tube(throat, 0.5))]
    line: Points = [(0, 0.9), (0.2, 1.08), (0.7, 1.0), (1, 0.85)]

    def bleat() -> Array:
        sung = scaled(line, pitch * rng.uniform(0.94, 1.06))
        return call(rng, each * rng.uniform(0.8, 1.2), sung, tract, ARCH, voice)

    return series(rng, bleat, (0.4, 1.4), single=0.3)


@sound("sheep_bleat")
def sheep_bleat(rng: Rng) -> Sound:
    """Sheep or lamb: a trembling nasal baa, alone or with others of the flock."""
    pitch, tone = pitched(rng, 130, 480)
    throat = 17 * (200 / pitch) ** 0.4
    each = between(rng, 0.45, 1.3)
    track, tags = _baa(rng, pitch, throat, rng.uniform(0.02, 0.06), rng.uniform(5, 9), each)
    if chance(rng, 0.3):
        far = [
            gain(-rng.uniform(6, 20)) * _baa(rng, pitch * f, throat / f**0.3, 0.04, 7, each)[0]
            for f in rng.uniform(0.6, 1.7, 2)
        ]
        seconds = max(len(p) for p in (track, *far)) / RATE
        track, tags, tone = mix(seconds, track, *far), ("repeated", "irregular"), ()
    return clip(rng, track, *tone, "trembling", *tags)


@sound("goat_bleat")
def goat_bleat(rng: Rng) -> Sound:
    """Goat or kid: higher and more shaken than a sheep, close to laughing or screaming."""
    pitch, tone = pitched(rng, 240, 700)
    each = between(rng, 0.35, 1.4)
    depth, rate = rng.uniform(0.05, 0.12), rng.uniform(8, 14)
    track, tags = _baa(rng, pitch, rng.uniform(11, 16), depth, rate, each)
    return clip(rng, track, *tone, "trembling", *tags)


@sound("pig_grunt")
def pig_grunt(rng: Rng) -> Sound:
    """Pig: short low snorting grunts, a pulse train in a long snout."""
    pitch = between(rng, 45, 130)
    throat = rng.uniform(18, 32)
    voice = Voice(tilt=rng.uniform(3, 6), breath=rng.uniform(0.3, 1.0), jitter=0.08, rough=1.0)
    each = between(rng, 0.12, 0.5)

    def grunt() -> Array:
        line = scaled([(0, 0.9), (0.4, 1.15), (1, 0.8)], pitch * rng.uniform(0.85, 1.15))
        tract: Tract = [(0.0, tube(throat)), (1.0, tube(throat * 0.9, rng.uniform(0, 0.6)))]
        return call(rng, each * rng.uniform(0.7, 1.2), line, tract, ARCH, voice)

    track, tags = series(rng, grunt, (0.9, 4), single=0.12)
    return clip(rng, track, "low", "harsh", *tags)


@sound("pig_squeal")
def pig_squeal(rng: Rng) -> Sound:
    """Pig squealing: long piercing screams that turn hoarse."""
    pitch, tone = pitched(rng, 700, 2200)
    each = between(rng, 0.35, 2.2)
    voice = Voice(
        tilt=rng.uniform(1, 5),
        breath=rng.uniform(0.05, 0.4),
        jitter=0.04,
        rough=rng.uniform(0.3, 1.0),
    )
    throat: Tract = [(0.0, tube(14, 0.3)), (0.4, tube(12, 0.9)), (1.0, tube(14, 0.4))]

    def squeal() -> Array:
        bends = np.exp(rng.normal(0, 0.15, 3))
        line = [(0, 0.6), (0.2, bends[0]), (0.5, bends[1]), (0.8, bends[2]), (1, 0.6)]
        return call(rng, each * rng.uniform(0.7, 1.2), scaled(line, pitch), throat, ARCH, voice)

    track, tags = series(rng, squeal, (0.5, 1.6), single=0.35)
    return clip(rng, track, *tone, "harsh", *(("long",) if each > 1.5 else ()), *tags)


# --- horses and donkeys ----------------------------------------------------------------------


@sound("horse_neigh")
def horse_neigh(rng: Rng) -> Sound:
    """Horse: a squealing start that shakes its way down and ends in a low snort."""
    pitch = between(rng, 650, 1250)
    seconds = rng.uniform(1.1, 2.8)
    voice = Voice(
        tilt=rng.uniform(2, 6),
        breath=rng.uniform(0.1, 0.35),
        jitter=0.02,
        rough=rng.uniform(0.2, 0.7),
        tremor=rng.uniform(8, 13),
        depth=rng.uniform(0.04, 0.09),
    )
    line = [(0, 0.6), (0.12, 1.0), (0.35, 1.05), (0.7, 0.7), (1, 0.32)]
    tract: Tract = [(0.0, tube(20, 0.8)), (0.5, tube(22, 0.6)), (1.0, tube(30))]
    neigh = call(rng, seconds, scaled(line, pitch), tract, ARCH, voice)
    if chance(rng, 0.4):
        low = Voice(tilt=6, breath=0.7, rough=1.0)
        snort = call(rng, 0.5, [(0, 60), (1, 38)], [(0.0, tube(28))], FALL, low)
        neigh = np.concatenate([neigh, 0.4 * snort])
    return clip(rng, neigh, "falling", "trembling", "single")


@sound("horse_gallop")
def horse_gallop(rng: Rng) -> Sound:
    """Hooves in the beats of a gait: gallop, canter, trot or walk, on turf or on stone."""
    seconds = rng.uniform(2, 5)
    gaits = [(1.9, 2.5, (0, 0.16, 0.32, 0.46)), (1.6, 2.0, (0, 0.24, 0.44))]
    slow, quick, beats_of = gaits[int(chance(rng, 0.4))]
    stride = between(rng, slow, quick)
    starts = np.arange(0, seconds, 1 / stride)
    marks = (starts[:, None] + np.array(beats_of)[None, :] / stride).ravel()
    marks = np.sort(marks + 0.008 * rng.standard_normal(len(marks)))
    stone = chance(rng, 0.5)
    hooves = [_hoof(rng, stone) for _ in range(6)]
    accents = rng.uniform(0.5, 1, len(beats_of))
    track = place(
        seconds, np.maximum(marks, 0), lambda i: hooves[i % 6] * accents[i % len(accents)]
    )
    track, swelled = surge(rng, track, 0.25)
    return clip(rng, track, "crisp" if stone else "dull", "fast", "repeated", *swelled)


def _hoof(rng: Rng, stone: bool) -> Array:
    if stone:
        clop = strike(rng, 0.12, between(rng, 600, 1300) * np.array([1, 1.7, 2.6, 3.9]), 0.018, -3)
        return clop + 0.6 * thump(rng, 0.12, between(rng, 90, 180), 0.02)
    thud = thump(rng, 0.2, between(rng, 50, 110), between(rng, 0.02, 0.05))
    dirt = bandpass(white(rng, 0.2), 200, 2500) * hump(0.2, 0.15) ** 2
    return thud + rng.uniform(0.03, 0.2) * dirt


@sound("donkey_bray")
def donkey_bray(rng: Rng) -> Sound:
    """Donkey: hee-haw, a wheezing high breath in and a hoarse low breath out, over and over."""
    high, low = between(rng, 480, 950), between(rng, 180, 380)
    period = rng.uniform(0.9, 1.6)
    count = int(rng.integers(2, max(3, int(5 / period) + 1)))
    parts = []
    for index in range(count):
        inward = Voice(tilt=rng.uniform(2, 5), breath=0.6, jitter=0.03, rough=0.5)
        outward = Voice(tilt=rng.uniform(2, 5), breath=0.25, jitter=0.03, rough=rng.uniform(0.4, 1))
        hee = call(
            rng,
            period * rng.uniform(0.38, 0.46),
            scaled([(0, 0.8), (0.5, 1.05), (1, 1.1)], high),
            [(0.0, tube(20))],
            ARCH,
            inward,
        )
        haw = call(
            rng,
            period * rng.uniform(0.42, 0.5),
            scaled([(0, 1.1), (0.4, 1.0), (1, 0.8)], low),
            [(0.0, tube(24, 1.0)), (1.0, tube(26, 0.6))],
            ARCH,
            outward,
        )
        tired = 1 - 0.5 * index / count
        parts += [0.5 * tired * hee, np.zeros(samples(0.05 * period)), tired * haw]
    return clip(rng, np.concatenate(parts), "harsh", "repeated")
