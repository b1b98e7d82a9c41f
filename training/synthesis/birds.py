"""Birds: calls, songs, drumming and wings."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    between,
    chance,
    gain,
    level,
    lowpass,
    mix,
    modal,
    place,
    sine,
    thump,
    unit,
    white,
)
from training.synthesis.calls import clip, paced, pick, pitched, rhythm_tags, series, surge
from training.synthesis.finish import Tags
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.voice import (
    ARCH,
    FALL,
    Points,
    Voice,
    call,
    chirp,
    hump,
    room_tail,
    scaled,
    tube,
)


def _sequence(parts: list[Array], gaps: list[float]) -> Array:
    """Parts one after another, each followed by its silence."""
    joined = [
        np.concatenate([p, np.zeros(int(g * RATE))]) for p, g in zip(parts, gaps, strict=True)
    ]
    return np.concatenate(joined)


# --- farmyard --------------------------------------------------------------------------------


@sound("rooster")
def rooster(rng: Rng) -> Sound:
    """Cock-a-doodle-doo: two or three short notes, a rise, and a long falling last one."""
    pitch, tone = pitched(rng, 380, 750)
    speed = rng.uniform(0.75, 1.3)
    throat = [(0.0, tube(rng.uniform(8, 12), 0.3)), (1.0, tube(rng.uniform(9, 13)))]
    voice = Voice(
        tilt=rng.uniform(4, 7), breath=rng.uniform(0.02, 0.15), rough=rng.uniform(0, 0.35)
    )
    plan: list[tuple[float, Points]] = [(0.16, [(0, 0.75), (0.3, 1.1), (1, 0.95)])]
    plan += [(0.13, [(0, 1.0), (0.4, 1.2), (1, 1.1)])] * int(rng.integers(1, 3))
    plan += [(0.32, [(0, 1.15), (0.5, 1.5), (1, 1.35)])]
    plan += [(rng.uniform(0.6, 1.4), [(0, 1.3), (0.15, 1.55), (0.6, 1.3), (1, 0.65)])]
    notes = [
        call(
            rng,
            each * speed,
            scaled(line, pitch),
            throat,
            [(0, 0), (0.1, 1), (0.7, 0.9), (1, 0)],
            voice,
        )
        for each, line in plan
    ]
    crow = _sequence(notes, [rng.uniform(0.02, 0.09) for _ in notes])
    again = chance(rng, 0.25) and len(crow) < 2.2 * RATE
    whole = _sequence([crow, crow], [rng.uniform(0.2, 0.5), 0.0]) if again else crow
    return clip(rng, whole, *tone, "repeated" if again else "single", "falling")


@sound("hen_cluck")
def hen_cluck(rng: Rng) -> Sound:
    """Hen: low short clucks, sometimes ending in a loud drawn-out cackle."""
    pitch, tone = pitched(rng, 260, 620)
    throat = [(0.0, tube(rng.uniform(7, 11))), (1.0, tube(rng.uniform(7, 11), 0.5))]
    voice = Voice(tilt=rng.uniform(6, 10), breath=0.15, rough=rng.uniform(0, 0.5))

    def cluck() -> Array:
        line = scaled([(0, 0.9), (0.35, 1.15), (1, 0.75)], pitch * rng.uniform(0.92, 1.08))
        return call(rng, rng.uniform(0.05, 0.11), line, throat, FALL, voice)

    track, tags = series(rng, cluck, (1.5, 6), single=0.05)
    if chance(rng, 0.45) and len(track) < 4 * RATE:
        line = scaled([(0, 1.0), (0.25, 1.8), (0.6, 1.7), (1, 1.1)], pitch)
        cackle = call(rng, rng.uniform(0.3, 0.6), line, throat, ARCH, voice)
        track = np.concatenate([0.4 * track, np.zeros(int(0.1 * RATE)), cackle])
        tags = ("repeated", "loud_growing")
    return clip(rng, track, *tone, *tags)


@sound("chick_peep")
def chick_peep(rng: Rng) -> Sound:
    """Chicks: thin falling peeps of distress or soft rising ones, one chick or a brood."""
    pitch, up = between(rng, 2600, 4600), chance(rng, 0.3)
    each = rng.uniform(0.07, 0.24)
    line: Points = [(0, 0.85), (1, 1.15)] if up else [(0, 1.0), (0.2, 1.22), (1, 0.72)]

    def peep() -> Array:
        return chirp(each, scaled(line, pitch * rng.uniform(0.95, 1.05)), ARCH, 0.15)

    track, tags = series(rng, peep, (1.5, 5), single=0.1)
    if chance(rng, 0.35):
        seconds = len(track) / RATE
        pitch *= rng.uniform(0.9, 1.15)
        more = [gain(-rng.uniform(3, 18)) * series(rng, peep, (2, 5))[0] for _ in range(2)]
        track, tags = mix(max(seconds, 2.0), track, *more), ("repeated", "irregular")
    return clip(rng, track, "high", "rising" if up else "falling", *tags)


@sound("duck_quack")
def duck_quack(rng: Rng) -> Sound:
    """Duck: nasal noisy quacks, often a fading falling row of them."""
    pitch, tone = pitched(rng, 170, 420)
    body = rng.uniform(0.85, 1.2)
    throat = [
        (0.0, np.array([700, 1300, 2300, 3400, 5200]) * body),
        (0.3, np.array([1050, 1750, 2700, 3900, 5600]) * body),
        (1.0, np.array([800, 1500, 2500, 3600, 5400]) * body),
    ]
    voice = Voice(tilt=rng.uniform(2, 5), breath=rng.uniform(0.1, 0.4), rough=rng.uniform(0.1, 0.6))
    each = rng.uniform(0.12, 0.34)

    def quack() -> Array:
        line = scaled([(0, 0.9), (0.25, 1.15), (1, 0.8)], pitch * rng.uniform(0.94, 1.06))
        return call(rng, each * rng.uniform(0.85, 1.1), line, throat, FALL, voice)

    track, tags = series(rng, quack, (1.2, 4.5), single=0.15)
    track, swelled = surge(rng, track, 0.12)
    return clip(rng, track, *tone, "harsh", *tags, *swelled)


@sound("goose_honk")
def goose_honk(rng: Rng) -> Sound:
    """Goose: loud nasal honks that break from a low to a high note."""
    pitch, tone = pitched(rng, 280, 620)
    break_up = chance(rng, 0.6)
    throat = [(0.0, tube(rng.uniform(10, 15))), (0.4, tube(rng.uniform(9, 13), 0.6))]
    voice = Voice(tilt=rng.uniform(2, 5), breath=0.08, rough=rng.uniform(0, 0.4))
    line: Points = [(0, 0.8), (0.25, 0.9), (0.32, 1.35), (0.8, 1.3), (1, 1.0)]
    line = line if break_up else [(0, 0.9), (0.2, 1.1), (0.7, 1.05), (1, 0.8)]

    def honk() -> Array:
        sung = scaled(line, pitch * rng.uniform(0.93, 1.07))
        return call(rng, rng.uniform(0.18, 0.45), sung, throat, ARCH, voice)

    track, tags = series(rng, honk, (0.7, 3.2))
    if chance(rng, 0.3):
        pitch *= rng.uniform(0.8, 1.2)
        other, _ = series(rng, honk, (0.7, 3.0))
        seconds = max(len(track), len(other)) / RATE
        track, tags = mix(seconds, track, 0.5 * other), ("repeated",)
    return clip(rng, track, *tone, "harsh", *tags)


@sound("turkey_gobble")
def turkey_gobble(rng: Rng) -> Sound:
    """Turkey: a fast rattling cascade of falling notes."""
    pitch = between(rng, 500, 900)
    throat = [(0.0, tube(rng.uniform(9, 13), 0.4))]
    voice = Voice(tilt=rng.uniform(4, 7), breath=0.15, rough=0.25)
    count, rate = int(rng.integers(7, 16)), rng.uniform(9, 15)
    line: Points = [(0, 1.25), (0.3, 1.1), (1, 0.6)]
    notes = [
        call(rng, 0.85 / rate, scaled(line, pitch * f), throat, FALL, voice)
        for f in np.linspace(1.1, 0.8, 5)
    ]
    marks = np.arange(count) / rate * np.exp(0.05 * rng.standard_normal(count))
    loud = np.sin(np.linspace(0.4, 2.7, count))
    gobble = place(
        float(count / rate + 0.2), marks, lambda i: notes[min(i * 5 // count, 4)] * loud[i]
    )
    return clip(rng, gobble, "falling", "fast", "trembling")


# --- town and field --------------------------------------------------------------------------


@sound("crow_caw")
def crow_caw(rng: Rng) -> Sound:
    """Crow: hoarse caws around 1 to 2 kHz, usually two to five in a row."""
    pitch, tone = pitched(rng, 260, 560)
    throat = [
        (0.0, tube(rng.uniform(7, 9), 0.2)),
        (0.3, tube(rng.uniform(6, 8), 0.6)),
        (1.0, tube(rng.uniform(7, 9), 0.1)),
    ]
    voice = Voice(tilt=rng.uniform(1, 4), breath=rng.uniform(0.25, 0.7), rough=rng.uniform(0.4, 1))
    each = rng.uniform(0.22, 0.6)

    def caw() -> Array:
        line = scaled([(0, 0.85), (0.3, 1.1), (0.7, 1.05), (1, 0.8)], pitch)
        return call(rng, each * rng.uniform(0.9, 1.1), line, throat, ARCH, voice)

    track, tags = series(rng, caw, (0.8, 2.4), most=6)
    return clip(rng, track, *tone, "harsh", *tags)


@sound("pigeon_coo")
def pigeon_coo(rng: Rng) -> Sound:
    """Pigeon or dove: soft low hollow coos in a set pattern, some rolling at 20 to 30 Hz."""
    pitch, _ = pitched(rng, 260, 560)
    rolling = chance(rng, 0.5)
    pattern = [[0.25, 0.6, 0.35], [0.35, 0.35, 0.7], [0.7], [0.2, 0.2, 0.5, 0.3]][rng.integers(4)]
    roll = between(rng, 16, 32)

    def coo() -> Array:
        notes = []
        for each in pattern:
            line = scaled([(0, 0.92), (0.4, 1.08), (1, 0.9)], pitch * rng.uniform(0.94, 1.06))
            note = chirp(each, line, ARCH, rng.uniform(0.05, 0.25))
            breath = 0.05 * bandpass(white(rng, each), pitch * 0.8, pitch * 2.5) * hump(each)
            shake = 1 - 0.75 * rolling * (0.5 + 0.5 * sine(roll, each))
            notes.append(lowpass(note + breath, 1400) * shake)
        return _sequence(notes, [rng.uniform(0.04, 0.12) for _ in notes])

    track, tags = series(rng, coo, (0.3, 0.8), single=0.3)
    return clip(rng, track, "low", "soft", *(("trembling",) if rolling else ()), *tags, hush=True)


@sound("owl_hoot")
def owl_hoot(rng: Rng) -> Sound:
    """Owl: nearly pure low hoots in the rhythm of a species, the last one often quavering."""
    pitch, tone = pitched(rng, 220, 900)
    rhythms = [[0.35, 0.18, 0.18, 0.5, 0.5], [0.6], [0.4, 0.9], [0.25, 0.25, 0.25, 0.6]]
    pattern = rhythms[rng.integers(len(rhythms))]
    quaver = rng.uniform(0.2, 0.6) if chance(rng, 0.35) else 0.0
    quick = rng.uniform(6, 14)

    def hoots() -> Array:
        notes = []
        for index, each in enumerate(pattern):
            line = scaled([(0, 0.93), (0.3, 1.03), (1, 0.9)], pitch)
            shake = quaver * (index == len(pattern) - 1)
            note = chirp(each, line, ARCH, rng.uniform(0.02, 0.15))
            notes.append(note * (1 - shake + shake * sine(quick, each)))
        return _sequence(notes, [rng.uniform(0.1, 0.4) for _ in notes])

    track, tags = series(rng, hoots, (0.15, 0.7), single=0.3)
    echoed = room_tail(rng, track, rng.uniform(0.8, 1.8), rng.uniform(0.05, 0.4))
    many: Tags = ("repeated",) if len(pattern) > 1 else tags
    return clip(rng, echoed, *tone, "soft", *(("trembling",) if quaver else ()), *many)


@sound("cuckoo")
def cuckoo(rng: Rng) -> Sound:
    """Cuckoo: two hollow notes, the second a third lower, again and again."""
    pitch, tone = pitched(rng, 540, 820)
    step = rng.uniform(0.76, 0.88)

    def pair() -> Array:
        first = chirp(
            rng.uniform(0.12, 0.2), scaled([(0, 0.97), (0.3, 1.02), (1, 0.96)], pitch), ARCH, 0.06
        )
        second = chirp(
            rng.uniform(0.2, 0.32), scaled([(0, 1.0), (1, 0.95)], pitch * step), ARCH, 0.06
        )
        return _sequence([first, second], [rng.uniform(0.12, 0.2), 0.0])

    track, tags = series(rng, pair, (0.6, 1.1), single=0.15)
    echoed = room_tail(rng, track, rng.uniform(0.5, 1.5), rng.uniform(0.02, 0.3))
    return clip(rng, echoed, *tone, "falling", *tags)


@sound("woodpecker")
def woodpecker(rng: Rng) -> Sound:
    """Woodpecker: a roll of 10 to 25 blows a second on a hollow trunk, dying away."""
    rate, tempo = pick(rng, 9, 26, "slow", "fast")
    length_of_roll = rng.uniform(0.4, 1.8)
    modes = (
        between(rng, 500, 1700) * np.array([1.0, 1.63, 2.41, 3.2, 4.6]) * rng.uniform(0.9, 1.1, 5)
    )
    ring = between(rng, 0.006, 0.025)
    knock = unit(modal(0.12, modes, ring / np.arange(1, 6) ** 0.5, rng.uniform(0.2, 1, 5), rng))
    knock[:40] += 0.4 * rng.standard_normal(40)
    speeding = rng.uniform(-0.1, 0.25)

    def roll() -> Array:
        count = int(length_of_roll * rate) + 3
        share = np.arange(count) / count
        marks = np.cumsum((1 - speeding * share) / rate * np.exp(0.03 * rng.standard_normal(count)))
        sizes = (1 - 0.75 * share) * np.exp(0.1 * rng.standard_normal(count))
        return place(float(marks[-1] + 0.12), marks - marks[0], lambda i: knock * sizes[i])

    track, tags = series(rng, roll, (0.2, 0.6), single=0.5)
    tempo = tempo if tempo == ("fast",) else ()
    rhythm: Tags = ("repeated", "intermittent") if "repeated" in tags else ("fading", "repeated")
    return clip(rng, track, "dull" if modes[0] < 800 else "crisp", *tempo, *rhythm)


@sound("seagull")
def seagull(rng: Rng) -> Sound:
    """Gull: loud wailing cries that jump up and fall, alone, in a laughing row or in a flock."""
    pitch, tone = pitched(rng, 620, 1400)
    throat = [(0.0, tube(rng.uniform(6, 9))), (0.4, tube(rng.uniform(5.5, 8), 0.5))]
    voice = Voice(tilt=rng.uniform(3, 7), breath=rng.uniform(0.03, 0.2), rough=rng.uniform(0, 0.5))
    each = between(rng, 0.2, 0.9)

    def cry() -> Array:
        line = scaled(
            [(0, 0.7), (0.15, 1.15), (0.45, 1.05), (1, 0.65)], pitch * rng.uniform(0.9, 1.08)
        )
        return call(rng, each * rng.uniform(0.8, 1.15), line, throat, ARCH, voice)

    track, tags = series(rng, cry, (0.5, 3.5))
    if chance(rng, 0.35):
        others = [gain(-rng.uniform(6, 18)) * series(rng, cry, (0.4, 2.5))[0] for _ in range(2)]
        track, tags = mix(max(len(track) / RATE, 2.5), track, *others), ("repeated", "irregular")
    return clip(rng, track, *tone, "falling", *tags)


@sound("sparrow_chirp")
def sparrow_chirp(rng: Rng) -> Sound:
    """Sparrows: short bent chirps of 3 to 6 kHz, from one bird or a bickering hedge."""
    track, tags = _chirping(rng, between(rng, 2600, 5600))
    if chance(rng, 0.45):
        others = [_chirping(rng, between(rng, 2600, 6000))[0] for _ in range(rng.integers(1, 4))]
        parts = [track, *(gain(-rng.uniform(2, 16)) * other for other in others)]
        track, tags = mix(max(len(p) for p in parts) / RATE, *parts), ("repeated", "irregular")
    short: Tags = ("short",) if "single" in tags else ()
    return clip(rng, track, "high", *short, *tags)


def _chirping(rng: Rng, pitch: float) -> tuple[Array, Tags]:
    each, bend = rng.uniform(0.05, 0.16), rng.uniform(0.1, 0.45)
    knots = [0.0, 0.2, 0.45, 0.7, 1.0]
    values = np.exp(bend * rng.uniform(-1, 1, 5))
    buzzing, rate = rng.uniform(0, 0.6) * chance(rng, 0.4), rng.uniform(80, 180)

    def note() -> Array:
        line = [
            (at, pitch * v * rng.uniform(0.96, 1.04)) for at, v in zip(knots, values, strict=True)
        ]
        return chirp(each, line, ARCH, rng.uniform(0.05, 0.3)) * (
            1 - buzzing * (0.5 + 0.5 * sine(rate, each))
        )

    return series(rng, note, (0.8, 5), single=0.12)


def _row(note: Array, marks: Array, sizes: Array) -> Array:
    """The same note at several times, each with its level."""
    return place(float(marks[-1]) + len(note) / RATE, marks, lambda i: note * sizes[i])


@sound("songbird_trill")
def songbird_trill(rng: Rng) -> Sound:
    """Songbird: whistled motifs, each repeated in a trill, put together into a song."""
    centre, motifs = between(rng, 2400, 5200), int(rng.integers(1, 6))
    parts, gaps, rates = [], [], []
    for _ in range(motifs):
        rate = between(rng, 4, 28)
        pitch = centre * np.exp(rng.normal(0, 0.18))
        knots = np.linspace(0, 1, 4)
        line = [(at, pitch * np.exp(rng.normal(0, 0.14))) for at in knots]
        note = chirp(rng.uniform(0.55, 0.95) / rate, line, ARCH, rng.uniform(0, 0.15))
        count = int(np.clip(rng.uniform(0.3, 1.3) * rate, 1, 30))
        slope = np.linspace(rng.uniform(0.5, 1), rng.uniform(0.5, 1), count)
        parts.append(_row(note, np.arange(count) / rate, slope))
        gaps.append(rng.uniform(0.02, 0.3))
        rates.append(rate)
    song = _sequence(parts, gaps)
    echoed = room_tail(rng, song, rng.uniform(0.3, 1.0), rng.uniform(0.02, 0.25))
    quick: Tags = ("trembling", "fast") if np.mean(rates) > 11 else ()
    return clip(rng, echoed, "high", *quick)


@sound("parrot_squawk")
def parrot_squawk(rng: Rng) -> Sound:
    """Parrot: raucous squawks, with now and then a whistle."""
    pitch, tone = pitched(rng, 480, 1500)
    throat = [
        (0.0, tube(rng.uniform(4, 6))),
        (0.4, tube(rng.uniform(3.5, 5.5), 0.6)),
        (1.0, tube(rng.uniform(4, 6))),
    ]
    voice = Voice(
        tilt=rng.uniform(0, 4), breath=rng.uniform(0.1, 0.5), jitter=0.04, rough=rng.uniform(0.5, 1)
    )
    each = between(rng, 0.12, 0.8)
    turn = np.exp(rng.normal(0, 0.25, 4))

    def squawk() -> Array:
        line = [
            (at, pitch * t * rng.uniform(0.92, 1.08))
            for at, t in zip((0, 0.3, 0.7, 1), turn, strict=True)
        ]
        return call(rng, each * rng.uniform(0.8, 1.2), line, throat, ARCH, voice)

    track, tags = series(rng, squawk, (0.6, 3))
    if chance(rng, 0.25) and len(track) < 4 * RATE:
        whistle = chirp(
            rng.uniform(0.2, 0.6), [(0, 1500), (0.5, between(rng, 1800, 3200)), (1, 1400)], ARCH
        )
        track, tags = np.concatenate([track, np.zeros(3000), 0.6 * whistle]), ("irregular",)
    return clip(rng, track, *tone, "harsh", *tags)


@sound("eagle_cry")
def eagle_cry(rng: Rng) -> Sound:
    """Bird of prey: thin yelping whistles in a row, or one long hoarse falling scream."""
    pitch = between(rng, 1700, 3400)
    if chance(rng, 0.5):
        each = rng.uniform(0.9, 2.0)
        line = scaled([(0, 0.85), (0.08, 1.1), (0.4, 1.0), (1, 0.68)], pitch)
        voice = Voice(
            tilt=rng.uniform(5, 10),
            breath=rng.uniform(0.2, 0.6),
            jitter=0.015,
            rough=rng.uniform(0.2, 0.7),
        )
        scream = call(
            rng, each, line, [(0.0, tube(4.0))], [(0, 0), (0.06, 1), (0.5, 0.8), (1, 0)], voice
        )
        echoed = room_tail(rng, scream, 1.2, rng.uniform(0.02, 0.2))
        return clip(rng, echoed, "high", "falling", "single", "harsh")
    each = rng.uniform(0.09, 0.25)

    def yelp() -> Array:
        line = scaled([(0, 0.8), (0.25, 1.1), (1, 0.75)], pitch * rng.uniform(0.93, 1.05))
        voice = Voice(tilt=11, breath=rng.uniform(0.05, 0.25))
        return call(rng, each, line, [(0.0, tube(4.5))], ARCH, voice)

    track, tags = series(rng, yelp, (2.5, 6.5), single=0.05)
    return clip(rng, track, "high", *tags)


@sound("wings_flapping")
def wings_flapping(rng: Rng) -> Sound:
    """Bird taking off or flying by: soft air strokes 3 to 14 a second, with feather claps."""
    rate, tempo = paced(rng, 3, 14)
    seconds = float(rng.uniform(0.8, 4.0))
    speeding = rng.uniform(-0.3, 0.3)
    count = int(seconds * rate) + 2
    marks = np.cumsum(
        (1 + speeding * np.linspace(-1, 1, count))
        / rate
        * np.exp(0.06 * rng.standard_normal(count))
    )
    marks = marks[marks < seconds] - marks[0]
    each = 0.8 / rate
    top = between(rng, 1200, 5000)
    strokes = []
    for _ in range(4):
        air = level(bandpass(white(rng, each), 120, top)) * hump(each, rng.uniform(0.25, 0.5)) ** 2
        clap = thump(rng, min(each, 0.06), between(rng, 90, 220), 0.015)
        strokes.append(unit(air) + rng.uniform(0, 0.7) * np.pad(clap, (0, len(air) - len(clap))))
    track = place(seconds, marks, lambda i: strokes[i % 4] * rng.uniform(0.7, 1.1))
    track, swelled = surge(rng, track, 0.3)
    return clip(rng, track, "soft", *tempo, *rhythm_tags(marks), *swelled, hush=True)
