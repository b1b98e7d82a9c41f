"""Gardens, building sites and factory floors: engines, impact tools, cutting, feeding, spraying."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    beats,
    between,
    chance,
    click,
    convolve,
    decay,
    drift,
    fade,
    gate,
    grain_cloud,
    harmonics,
    highpass,
    impulses,
    length,
    level,
    lowpass,
    place,
    plate_modes,
    ramp,
    resonate,
    samples,
    scattered,
    sine,
    slope_amps,
    strike,
    thump,
    times,
    tint,
    unit,
    white,
    wobble,
)
from training.synthesis.finish import Tags, events, pace, pitch, pole, rhythm, running
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.sources import (
    airflow,
    blade_chop,
    brushed_motor,
    casing,
    combustion,
    envelope_of,
    knocks,
    mains,
    rumble,
    spin,
)

Spans = list[tuple[float, float]]


def work_spans(
    rng: Rng, seconds: float, shortest: float, longest: float, pause: float = 0.8
) -> Spans:
    """Times of work with pauses between, as (start, end)."""
    now = float(rng.uniform(0.02, 0.3))
    spans = []
    while now < seconds - 0.2:
        end = min(now + float(rng.uniform(shortest, longest)), seconds - 0.02)
        spans.append((now, end))
        now = end + float(rng.uniform(0.15, pause))
    return spans


def span_tags(seconds: float, spans: Spans) -> Tags:
    """Repeated with pauses, one long run, or one shorter one."""
    if len(spans) > 1:
        return ("repeated", "intermittent")
    return ("continuous",) if spans[0][1] - spans[0][0] > 0.85 * seconds else ("single",)


def stroke_shape(seconds: float, marks: Array, stroke: float, power: float = 0.8) -> Array:
    """Level of a thing pushed along in strokes: a half sine from each time on."""
    bow = np.sin(np.pi * np.linspace(0, 1, samples(stroke))) ** power
    return place(seconds, marks, lambda i: bow)


@sound("lawn_mower")
def lawn_mower(rng: Rng) -> Sound:
    """Mower: one-cylinder or electric motor, chopping blade and its wind, slowed by thick grass."""
    seconds = length(rng, 2)
    speed, tags = spin(rng, seconds, between(rng, 2300, 3700), 0.2)
    grass = np.clip(0.4 + 0.8 * drift(rng, seconds, between(rng, 0.5, 2.5)), 0, 1)
    rpm = speed * (1 - rng.uniform(0.02, 0.15) * grass)
    bright = rng.uniform(0.2, 0.8)
    if chance(rng, 0.75):
        drive = combustion(rng, rpm, int(rng.choice([1, 1, 2])), rng.uniform(0.15, 0.5), bright)
    else:
        drive = brushed_motor(rng, seconds, rpm / 60 * rng.uniform(2, 6), bright)
    blade = blade_chop(rng, rpm / 60 * 2, rng.uniform(0.1, 0.6))
    wind = airflow(rng, seconds, 150, between(rng, 900, 5000)) * (0.6 + 0.6 * grass)
    x = drive + rng.uniform(0.2, 0.8) * blade + rng.uniform(0.2, 0.8) * wind
    return running(rng, tint(rng, x, 4), (*tags, *pole(bright, 0.35, 0.5, "low", "harsh")))


@sound("leaf_blower")
def leaf_blower(rng: Rng) -> Sound:
    """Leaf blower: whining fan and rushing nozzle air, driven by a two-stroke or electric motor."""
    seconds = length(rng, 2)
    speed, tags = spin(rng, seconds, between(rng, 85, 150), 0.2)
    throttle = np.ones(samples(seconds))
    if not tags and chance(rng, 0.6):
        throttle = np.clip(0.75 + 0.5 * drift(rng, seconds, between(rng, 0.5, 2)), 0.4, 1)
    turning = speed * lowpass(throttle - 1, 3) + speed
    if chance(rng, 0.6):
        drive = combustion(rng, turning * 60, 1, 0.25, rng.uniform(0.5, 1), strokes=2)
    else:
        drive = brushed_motor(rng, seconds, turning * rng.uniform(1.5, 3), 0.4)
    fan = level(harmonics(turning * float(rng.integers(7, 14)), seconds, slope_amps(5, 6), rng))
    air = airflow(rng, seconds, between(rng, 200, 700), between(rng, 2500, 9000))
    air = level(air * (turning / turning.max()) ** 1.5)
    x = air + rng.uniform(0.3, 1.2) * drive + rng.uniform(0.1, 0.5) * fan
    return running(rng, tint(rng, x, 3), (*tags, "harsh"), steady=bool(throttle.min() == 1))


@sound("lawn_sprinkler")
def lawn_sprinkler(rng: Rng) -> Sound:
    """Impact sprinkler: a jet of water cut by a spring arm, spurt after spurt, drops falling."""
    seconds = length(rng, 2)
    beat = rhythm(rng, seconds, 1.2, 12, float(rng.choice([0.01, 0.04, 0.3])))
    hits = impulses(seconds, beat.marks, rng.uniform(0.7, 1, len(beat.marks)))
    spurt = envelope_of(hits, between(rng, 0.015, 0.25) / max(1.0, beat.rate / 4))
    jet = airflow(rng, seconds, between(rng, 900, 3000), between(rng, 6000, 12000))
    arm = knocks(rng, hits, between(rng, 900, 2500), 7000, between(rng, 0.002, 0.008))
    drops = grain_cloud(rng, seconds, between(rng, 100, 1500), (1200, 7000), (0.0005, 0.003), 5)
    x = level(jet * (spurt + rng.uniform(0.02, 0.3))) + rng.uniform(0.05, 0.4) * arm
    x = x + rng.uniform(0.03, 0.3) * drops
    return running(rng, x, (*beat.tags, "high", "crisp"), steady=False)


@sound("pressure_washer")
def pressure_washer(rng: Rng) -> Sound:
    """Pressure washer: pump and motor drone; a hard spray roars while the trigger is held."""
    seconds = length(rng, 2)
    spans = work_spans(rng, seconds, 0.5, 4.5)
    spray = lowpass(gate(seconds, spans, 0.04), 15)
    aim = 1 + 0.3 * drift(rng, seconds, between(rng, 1, 6))
    jet = airflow(rng, seconds, between(rng, 700, 2500), between(rng, 6000, 13000)) * aim
    wall = grain_cloud(rng, seconds, between(rng, 500, 4000), (800, 7000), (0.0005, 0.004), 5)
    speed = between(rng, 45, 60) * (1 - 0.06 * spray)
    if chance(rng, 0.6):
        pump = level(harmonics(speed * 3, seconds, slope_amps(20, rng.uniform(3, 7)), rng))
        pump = pump + 0.5 * mains(rng, seconds, 7)
    else:
        pump = combustion(rng, speed * 60, 1, 0.2, 0.4)
    x = (level(jet) + rng.uniform(0.1, 0.5) * wall) * spray + rng.uniform(0.1, 0.5) * pump
    return events(rng, tint(rng, x, 3), (*span_tags(seconds, spans), "harsh"))


@sound("concrete_mixer")
def concrete_mixer(rng: Rng) -> Sound:
    """Mixer drum turning: stones and wet mass lifted and dropped each turn, motor, ring gear."""
    seconds = length(rng, 3)
    turn = between(rng, 0.25, 0.9) * float(rng.choice([1, 3]))
    fall = (0.5 + 0.5 * sine(turn, seconds, rng.uniform(0, 6))) ** rng.uniform(1, 3) + 0.15
    stones = grain_cloud(rng, seconds, between(rng, 60, 500), (250, 3500), (0.001, 0.01), 8, fall)
    base = between(rng, 90, 260)
    drum = resonate(stones, list(base * rng.uniform(1, 8, 6)), [base / 5] * 6, [1.0] * 6)
    wet = airflow(rng, seconds, 200, between(rng, 900, 3000)) * fall
    rpm = np.full(samples(seconds), between(rng, 900, 2200))
    drive = combustion(rng, rpm, int(rng.choice([1, 4, 6])), 0.3, 0.2)
    drive = drive if chance(rng, 0.5) else mains(rng, seconds, rng.uniform(4, 10))
    gear = level(harmonics(between(rng, 20, 120), seconds, slope_amps(30, 3), rng))
    x = level(drum) + rng.uniform(0.2, 0.8) * stones + rng.uniform(0.2, 0.9) * level(wet)
    x = x + rng.uniform(0.2, 0.8) * drive + rng.uniform(0.02, 0.25) * gear
    return running(rng, tint(rng, x, 3), ("harsh",), steady=False)


@sound("pile_driver")
def pile_driver(rng: Rng) -> Sound:
    """Pile driver: a huge ram slams a pile; ground thud, steel ring or dull concrete, exhaust."""
    seconds = length(rng, 2.5)
    beat = rhythm(rng, seconds, 0.5, 2.2, float(rng.choice([0.01, 0.04])), single=0.25)
    steel, ground = chance(rng, 0.65), between(rng, 38, 95)
    modes = np.abs(plate_modes(rng, between(rng, 140, 520), 14)) + 30
    ring, echo = (between(rng, 0.1, 0.5) if steel else 0.03), rng.uniform(0.12, 0.5)
    puff_size = float(rng.choice([0.0, rng.uniform(0.2, 0.8)]))

    def slam() -> Array:
        blow = strike(rng, 1.4, modes, ring, 2 if steel else -3)
        puff = lowpass(white(rng, 1.4), 1500) * decay(1.4, 0.12, 0.03)
        body = thump(rng, 1.4, ground, 0.06) + rng.uniform(1, 2.5) * blow + puff_size * puff * 0.3
        return body + 0.25 * place(1.4, [echo], lambda _: lowpass(body, 1200))

    hits = [slam() for _ in range(min(3, len(beat.marks)))]
    x = place(seconds, beat.marks, lambda i: rng.uniform(0.8, 1) * hits[i % len(hits)])
    motor = combustion(rng, np.full(samples(seconds), between(rng, 700, 1600)), 6, 0.3, 0.15)
    x = unit(x) + rng.uniform(0.005, 0.06) * motor
    return events(rng, x, (*beat.tags, "metallic" if steel else "dull"))


@sound("nail_gun")
def nail_gun(rng: Rng) -> Sound:
    """Nail gun: the piston's sharp bang, the thud of the wood, and a burst of exhaust air."""
    seconds = length(rng, 1.2, 4.5)
    beat = rhythm(rng, seconds, 0.5, 6, single=0.35)
    wood, air = between(rng, 110, 420), between(rng, 1200, 4000)
    puff_fall, puff_size = between(rng, 0.015, 0.09), rng.uniform(0.1, 0.6)

    def shot(index: int) -> Array:
        bang = highpass(white(rng, 0.5), 500) * decay(0.5, between(rng, 0.0015, 0.005), 0.0003)
        puff = bandpass(white(rng, 0.5), air, 11000) * decay(0.5, puff_fall, 0.006)
        metal = strike(rng, 0.5, rng.uniform(700, 5000, 8), 0.012)
        body = unit(bang) + rng.uniform(0.4, 0.9) * thump(rng, 0.5, wood, 0.02)
        return rng.uniform(0.8, 1) * (body + 0.5 * metal + puff_size * unit(puff))

    x = place(seconds, beat.marks, shot)
    x = x + rng.uniform(0.0005, 0.01) * mains(rng, seconds, 6)
    return events(rng, x, (*beat.tags, *(("short",) if beat.tags == ("single",) else ()), "harsh"))


@sound("impact_wrench")
def impact_wrench(rng: Rng) -> Sound:
    """Impact wrench: the motor whirrs up, then the hammer rattles on the nut, in bursts."""
    seconds = length(rng, 1.5)
    spans = work_spans(rng, seconds, 0.5, 2.2)
    on = lowpass(gate(seconds, spans, 0.03), 6)
    free = between(rng, 0.05, 0.5)
    hammering = gate(seconds, [(a + min(free, (b - a) / 2), b) for a, b in spans], 0.02)
    rate = between(rng, 13, 50)
    hits = impulses(seconds, beats(rng, seconds, rate, 0.03)) * hammering
    base = between(rng, 350, 1500)
    steel = knocks(rng, hits, base, base * 6, between(rng, 0.004, 0.02))
    speed = between(rng, 180, 650) * (0.15 + on) * (1 - 0.35 * lowpass(hammering, 10))
    whirr = level(harmonics(speed, seconds, slope_amps(20, rng.uniform(1, 6)), rng) * on)
    air = level(airflow(rng, seconds, between(rng, 500, 2000), 10000) * on)
    x = steel + rng.uniform(0.15, 0.7) * whirr + rng.uniform(0.05, 0.9) * air
    return events(rng, tint(rng, x, 3), (*span_tags(seconds, spans), "harsh", "metallic"))


@sound("metal_filing")
def metal_filing(rng: Rng) -> Sound:
    """File on metal: rasping strokes, teeth catching fast, the clamped workpiece ringing along."""
    seconds = length(rng, 2)
    beat = rhythm(rng, seconds, 0.7, 4, float(rng.choice([0.03, 0.08, 0.35])))
    stroke = rng.uniform(0.45, 0.9) / max(beat.rate, 0.8)
    push = stroke_shape(seconds, beat.marks, stroke)
    teeth = harmonics(between(rng, 150, 900) * (0.4 + push), seconds, slope_amps(12, 3), rng)
    low = between(rng, 900, 3000)
    rasp = bandpass(white(rng, seconds), low, low * rng.uniform(2.5, 5)) * (1 + 0.7 * teeth) * push
    modes = between(rng, 700, 2500) * rng.uniform(1, 5, 5)
    ring = resonate(rasp, list(modes), list(modes / rng.uniform(20, 90)), [1.0] * 5)
    x = level(rasp) + rng.uniform(0.2, 1.5) * level(ring)
    return events(rng, tint(rng, x, 4), (*beat.tags, "harsh", "metallic"))


@sound("lathe_cutting")
def lathe_cutting(rng: Rng) -> Sound:
    """Machine tool cutting steel: hiss of the chip, tool chatter or squeal, spindle and gears."""
    seconds = length(rng, 2)
    spindle = between(rng, 3, 45)
    bite = np.clip(0.7 + 0.4 * drift(rng, seconds, between(rng, 1, 5)), 0.05, 1)
    if chance(rng, 0.3):  # interrupted cut: a flat on the workpiece or the teeth of a mill
        bite = bite * np.clip(0.5 + sine(spindle * float(rng.integers(1, 5)), seconds), 0, 1)
    chip = airflow(rng, seconds, between(rng, 800, 2500), between(rng, 5000, 12000)) * bite
    squeal_at, squeal_size = between(rng, 350, 4500), rng.uniform(0, 1.4)
    freq = squeal_at * (1 + 0.01 * drift(rng, seconds, 20))
    squeal = level(harmonics(freq, seconds, slope_amps(10, rng.uniform(2, 9)), rng) * bite)
    shavings = grain_cloud(rng, seconds, between(rng, 20, 300), (1500, 8000), (0.0005, 0.003), 5)
    gears = level(harmonics(spindle * 12, seconds, slope_amps(20, 5), rng))
    x = level(chip) + squeal_size * squeal + rng.uniform(0.05, 0.3) * shavings
    x = x + rng.uniform(0.1, 0.5) * gears + rng.uniform(0.1, 0.5) * mains(rng, seconds, 8)
    tags: Tags = pitch(squeal_at) if squeal_size > 0.7 else ()
    return running(rng, tint(rng, x, 3), (*tags, "harsh", "metallic"), steady=False)


@sound("vibrating_feeder")
def vibrating_feeder(rng: Rng) -> Sound:
    """Vibrating sieve or feeder: an exciter buzzes and the parts or stones dance on its pan."""
    seconds = length(rng, 2)
    rate = (
        float(rng.choice([50.0, 60.0, 100.0, 120.0])) if chance(rng, 0.6) else between(rng, 12, 35)
    )
    speed, tags = spin(rng, seconds, rate, 0.15)
    shake = harmonics(speed, seconds, slope_amps(40, rng.uniform(1, 7)), rng)
    hop = np.clip(0.4 + sine(speed, seconds), 0, 1)
    metal = chance(rng, 0.6)
    tones = (1500.0, 8000.0) if metal else (250.0, 2500.0)
    ring = (0.001, 0.012) if metal else (0.0005, 0.004)
    pieces = grain_cloud(rng, seconds, between(rng, 150, 2500), tones, ring, 8, hop)
    pan = casing(rng, pieces, between(rng, 120, 500), share=0.6)
    x = pan + rng.uniform(0.2, 1.2) * level(shake) + rng.uniform(0.05, 0.4) * rumble(rng, seconds)
    return running(rng, x, (*tags, "harsh", "metallic" if metal else "dull"))


@sound("bottling_line")
def bottling_line(rng: Rng) -> Sound:
    """Bottling line: glass jostling on a chain conveyor, filler puffs, motors of the hall."""
    seconds = length(rng, 2)
    bottles = rng.uniform(1800, 4800, 6)
    clinks = [
        strike(rng, 0.25, freq * np.array([1, 1.6, 2.3, 3.1]), between(rng, 0.008, 0.06))
        for freq in bottles
    ]
    rate = between(rng, 4, 45)
    crowd = np.clip(0.6 + 0.6 * drift(rng, seconds, 2), 0.1, 1)
    marks = scattered(rng, seconds, rate)
    sizes = np.exp(0.7 * rng.standard_normal(len(marks)))
    sizes = sizes * crowd[(marks * RATE).astype(int) % len(crowd)]
    glass = place(seconds, marks, lambda i: sizes[i] * clinks[i % len(clinks)])
    puffs = impulses(seconds, beats(rng, seconds, between(rng, 0.8, 5), 0.02, 0.1))
    filler = airflow(rng, seconds, 1200, 9000) * envelope_of(puffs, between(rng, 0.03, 0.12))
    hall = airflow(rng, seconds, 100, between(rng, 600, 2500)) + mains(rng, seconds, 9)
    x = level(glass) + rng.uniform(0, 0.5) * level(filler) + rng.uniform(0.05, 0.5) * hall
    return running(rng, x, ("crisp", "bright", "repeated", "irregular"), steady=False)


@sound("weaving_loom")
def weaving_loom(rng: Rng) -> Sound:
    """Loom: the reed beats up, the shuttle is thrown and caught, shafts clatter, pick by pick."""
    seconds = length(rng, 2)
    beat = rhythm(rng, seconds, 1.0, 9, 0.01)
    period = 1 / max(beat.rate, 1.0)
    reed_base, wood = between(rng, 70, 220), between(rng, 250, 1100)
    offset = rng.uniform(0.3, 0.6) * period

    def pick(index: int) -> Array:
        reed = rng.uniform(0.2, 0.8) * thump(rng, 0.3, reed_base, 0.02) + strike(
            rng, 0.3, rng.uniform(500, 6000, 9), 0.015, 2
        )
        shuttle = strike(rng, 0.15, wood * rng.uniform(1, 6, 6), 0.012)
        return reed + rng.uniform(0.4, 0.9) * place(0.9, [offset], lambda _: shuttle)[: len(reed)]

    picks = [pick(i) for i in range(min(4, len(beat.marks)))]
    x = place(seconds, beat.marks, lambda i: rng.uniform(0.8, 1) * picks[i % len(picks)])
    rattle = grain_cloud(rng, seconds, between(rng, 30, 300), (600, 5000), (0.001, 0.006), 6)
    drive = level(harmonics(between(rng, 20, 70), seconds, slope_amps(20, 4), rng))
    x = level(x) + rng.uniform(0.05, 0.4) * rattle + rng.uniform(0.05, 0.4) * drive
    return running(rng, tint(rng, x, 3), beat.tags, steady=False)


@sound("gas_burner")
def gas_burner(rng: Rng) -> Sound:
    """Big burner: turbulent flame roar with a furnace hum, gas hiss; lit in blasts or steadily."""
    seconds = length(rng, 2)
    flame = airflow(rng, seconds, between(rng, 40, 120), between(rng, 180, 900), -7.0)
    flame = flame * (1 + 0.35 * drift(rng, seconds, between(rng, 6, 30)))
    chamber = between(rng, 45, 220)
    hum = resonate(flame, [chamber, 2.1 * chamber], [chamber / 8, chamber / 4], [1.0, 0.4])
    hiss = airflow(rng, seconds, between(rng, 1500, 4000), 11000)
    x = level(flame) + rng.uniform(0.1, 1) * level(hum) + rng.uniform(0.02, 0.2) * hiss
    if chance(rng, 0.5):
        return running(rng, x, ("low",))
    spans = work_spans(rng, seconds, 0.7, 3.5, 1.2)
    shape = lowpass(gate(seconds, spans, 0.08), 12)
    lit = np.array([start for start, _ in spans])
    whoomp = place(seconds, lit, lambda i: thump(rng, 0.6, between(rng, 45, 90), 0.12))
    x = x * (shape + rng.uniform(0, 0.05)) + rng.uniform(0.3, 1.5) * whoomp
    return events(rng, x, (*span_tags(seconds, spans), "low"))


@sound("stepper_motor")
def stepper_motor(rng: Rng) -> Sound:
    """Stepper motor: its step rate sings, ramping from speed to speed, with stops between moves."""
    seconds = length(rng, 1.5)
    low, high = between(rng, 70, 350), between(rng, 500, 2600)
    tags: Tags = ()
    if chance(rng, 0.3):
        up = chance(rng, 0.5)
        ends = (low, high) if up else (high, low)
        freq = ramp(seconds, [(0, ends[0]), (seconds, ends[1])], log=True)
        moves = np.ones(len(freq))
        tags = ("rising",) if up else ("falling",)
    else:
        spans = work_spans(rng, seconds, 0.08, between(rng, 0.3, 1.5), 0.35)
        points: list[tuple[float, float]] = [(0.0, low)]
        for start, end in spans:
            top, soft = between(rng, low, high), min(0.06, (end - start) / 3)
            points += [(start, low), (start + soft, top), (end - soft, top), (end, low)]
        freq, moves = ramp(seconds, points), gate(seconds, spans, 0.006)
        tags = span_tags(seconds, spans)
    amps = slope_amps(14, rng.uniform(1, 8)) * np.exp(0.5 * rng.standard_normal(14))
    tone = harmonics(freq, seconds, amps, rng) * moves
    belt = airflow(rng, seconds, 300, 4000) * moves
    x = casing(rng, level(tone) + rng.uniform(0.03, 0.4) * belt, between(rng, 150, 600), share=0.5)
    fan = airflow(rng, seconds, 200, 2500)
    return events(rng, fade(x + rng.uniform(0.005, 0.12) * fan, 0.01, 0.01), tags)


@sound("geiger_counter")
def geiger_counter(rng: Rng) -> Sound:
    """Geiger counter: dry clicks at random moments, few or in a crackling stream."""
    seconds = length(rng, 2)
    rate = between(rng, 1.5, 130)
    part = times(seconds) / seconds
    trend = (np.ones_like(part), 0.05 + part**2, 0.05 + (1 - part) ** 2)[int(rng.integers(3))]
    marks = scattered(rng, seconds, rate)
    marks = marks[rng.random(len(marks)) < trend[(marks * RATE).astype(int) % len(trend)]]
    marks = np.append(marks, rng.uniform(0, 0.9) * seconds)
    kernel = click(rng, between(rng, 1200, 5500), between(rng, 0.0004, 0.003), rng.uniform(0, 0.8))
    x = convolve(impulses(seconds, marks, rng.uniform(0.8, 1, len(marks))), kernel)
    if chance(rng, 0.25):
        x = x + 0.05 * level(sine(between(rng, 2000, 4500), seconds)) * wobble(rng, seconds, 1, 0.5)
    tags: Tags = ("repeated", "irregular", *pace(len(marks) / seconds)) if len(marks) > 3 else ()
    return events(rng, x, (*tags, "crisp", "high"))


@sound("coil_whine")
def coil_whine(rng: Rng) -> Sound:
    """Coil whine: chokes and ceramics of a supply singing high and thin, jumping with the load."""
    seconds = length(rng, 2)
    base, jumps = between(rng, 1800, 9500), between(rng, 0.5, 12)
    load = np.clip(np.round(1.5 * drift(rng, seconds, jumps)), -1, 1)
    freq = base * (1 + rng.uniform(0, 0.2) * lowpass(load, 40) + 0.003 * drift(rng, seconds, 30))
    buzz_rate, depth = between(rng, 40, 400), rng.uniform(0, 0.8)
    buzz = 1 + depth * harmonics(buzz_rate, seconds, slope_amps(12, 4), rng)
    whine = harmonics(freq, seconds, [1, rng.uniform(0, 0.6), rng.uniform(0, 0.4)], rng) * buzz
    other = sine(freq * rng.uniform(0.55, 1.8), seconds) * np.clip(0.4 + load, 0, 1)
    sizzle = highpass(white(rng, seconds), base) * np.clip(buzz, 0, 3)
    x = level(whine * (0.8 + 0.3 * load)) + rng.uniform(0, 0.6) * other
    x = x + rng.uniform(0.02, 0.3) * level(sizzle)
    x = x + rng.uniform(0, 0.3) * airflow(rng, seconds, 150, 1500)
    return running(rng, x, ("high", *(("harsh",) if depth > 0.4 else ())), steady=jumps < 1)
