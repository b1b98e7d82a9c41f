"""Alarms, sirens, horns and warning bells."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    beats,
    between,
    chance,
    convolve,
    delayed,
    drift,
    fade,
    gate,
    harmonics,
    impulses,
    length,
    level,
    lowpass,
    phase,
    place,
    samples,
    slope_amps,
    square,
    strike,
    times,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pole, rhythm
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.signals import electric_bell, voice_of
from training.synthesis.sources import airflow, combustion, pass_by, rumble


def horn_speaker(rng: Rng, x: Array) -> Array:
    """Through a horn loudspeaker: middle frequencies only, a little overdriven; RMS 1."""
    driven = np.tanh(rng.uniform(0.8, 3) * unit(x))
    return level(bandpass(driven, between(rng, 250, 600), between(rng, 3000, 8000)))


def sweeping(
    low: float, high: float, rate: float, seconds: float, start: float, rise: float = 0.5
) -> Array:
    """Frequency going up for a share ``rise`` of each cycle and down for the rest."""
    part = (times(seconds) * rate + start) % 1
    up = np.where(part < rise, part / max(rise, 1e-3), (1 - part) / max(1 - rise, 1e-3))
    return low * (high / low) ** up


def alternating(first: float, second: float, step: float, seconds: float, start: float) -> Array:
    """Frequency switching between two values every ``step`` seconds."""
    which = ((times(seconds) / step + start).astype(int)) % 2
    return np.where(which == 0, first, second)


def siren_voice(rng: Rng, freq: Array, seconds: float) -> Array:
    """Electronic siren: square-like tone through its horn; RMS 1."""
    return horn_speaker(rng, square(freq, seconds, rng.uniform(0.3, 0.5)))


def street(rng: Rng, seconds: float) -> Array:
    """Faint traffic behind a siren."""
    return rng.uniform(0, 0.12) * rumble(rng, seconds, 600)


def passing(rng: Rng, x: Array) -> tuple[Array, Tags]:
    """Sometimes driving past."""
    return pass_by(rng, x) if chance(rng, 0.3) else (x, ())


def without_pitch(tags: Tags) -> Tags:
    """A siren's own rise and fall hides the Doppler shift."""
    return tuple(tag for tag in tags if tag != "falling")


@sound("smoke_alarm")
def smoke_alarm(rng: Rng) -> Sound:
    """Smoke alarm: piercing 2.9 to 3.4 kHz in the three-beep (T3) pattern, or fast chirps."""
    seconds = length(rng, 2)
    freq = between(rng, 2850, 3450)
    amps = [1, rng.uniform(0, 0.3), rng.uniform(0, 0.4), 0.1, 0.1]
    tone = harmonics(freq * (1 + 0.002 * drift(rng, seconds, 5)), seconds, amps, rng)
    if chance(rng, 0.75):
        marks = np.arange(12) * 1.0
        marks = (marks + np.arange(12) // 3 * 1.0) - rng.uniform(0, 1.5)
        on = 0.5
    else:
        step = between(rng, 0.09, 0.4)
        marks, on = np.arange(rng.uniform(0, 0.2), seconds, step), step * 0.6
    x = tone * gate(seconds, [(float(t), float(t + on)) for t in marks], 0.004)
    return events(rng, x, ("high", "harsh", "repeated", "intermittent", "regular"))


@sound("gas_alarm")
def gas_alarm(rng: Rng) -> Sound:
    """Gas or carbon monoxide alarm: four quick beeps and a long rest (T4), or sharp warbling."""
    seconds = length(rng, 2.5)
    freq = between(rng, 2300, 3600)
    tone = harmonics(freq, seconds, [1, 0.2, rng.uniform(0, 0.5), 0.1])
    if chance(rng, 0.7):
        start = rng.uniform(0, 1.2)
        marks = np.concatenate([start + 0.2 * np.arange(4), start + 5.7 + 0.2 * np.arange(4)])
        x = tone * gate(seconds, [(float(t), float(t + 0.1)) for t in marks], 0.003)
        return events(rng, x, ("high", "intermittent", "repeated", "regular"))
    warble = sweeping(freq * 0.8, freq, between(rng, 2, 8), seconds, rng.random(), 0.9)
    x = harmonics(warble, seconds, [1, 0.2, 0.4])
    return events(rng, x, ("high", "harsh", "continuous"))


@sound("fire_alarm_bell")
def fire_alarm_bell(rng: Rng) -> Sound:
    """Fire bell: motor hammer on a 15 to 25 cm steel gong, 8 to 18 strokes a second, unbroken."""
    seconds = length(rng, 2)
    base = between(rng, 450, 1300)
    modes = base * np.array([1, 1.9, 2.75, 3.9, 5.1, 6.6]) * rng.uniform(0.97, 1.03, 6)
    bell = electric_bell(rng, seconds, between(rng, 8, 18), modes, between(rng, 0.15, 0.6))
    return events(rng, fade(bell, 0.05, 0.05), ("continuous", "metallic", "harsh", "fast"))


@sound("fire_alarm_siren")
def fire_alarm_siren(rng: Rng) -> Sound:
    """Fire sounder: fast sweep 800 to 970 Hz, alternating pair, slow whoop or coded pulses."""
    seconds = length(rng, 2)
    kind = int(rng.integers(4))
    scale = rng.uniform(0.85, 1.2)
    start = rng.random()
    tags: Tags = ("continuous",)
    if kind == 0:
        freq = sweeping(800 * scale, 970 * scale, between(rng, 1, 9), seconds, start)
    elif kind == 1:
        freq = alternating(800 * scale, 970 * scale, between(rng, 0.2, 0.6), seconds, start)
    elif kind == 2:  # the German DIN tone
        freq = sweeping(500 * scale, 1200 * scale, 1.0, seconds, start, 0.01)
    else:
        freq = np.full(samples(seconds), between(rng, 500, 3000))
        tags = ("intermittent", "repeated", "regular")
    x = horn_speaker(rng, voice_of(rng, freq, seconds))
    if kind == 3:
        step = between(rng, 0.25, 1.0)
        starts = np.arange(rng.uniform(-step, step), seconds, step)
        x = x * gate(seconds, [(float(t), float(t + step / 2)) for t in starts])
    return events(rng, x, (*tags, "harsh"))


@sound("evacuation_whoop")
def evacuation_whoop(rng: Rng) -> Sound:
    """Evacuation signal: tone whooping upward 500 to 1200 Hz again and again, with a short gap."""
    seconds = length(rng, 2.5)
    rise, gap = between(rng, 0.4, 3.5), rng.uniform(0, 0.5)
    low = between(rng, 350, 700)
    part = (times(seconds) + rng.uniform(0, rise)) % (rise + gap)
    freq = low * between(rng, 1.7, 3) ** np.clip(part / rise, 0, 1)
    sounding = lowpass((part < rise).astype(float), 60)
    x = horn_speaker(rng, voice_of(rng, freq, seconds)) * sounding
    return events(rng, x, ("rising", "repeated", *pole(rise, 0.8, 2, "fast", "slow")))


@sound("industrial_alarm_two_tone")
def industrial_alarm_two_tone(rng: Rng) -> Sound:
    """Factory alarm: two fixed pitches alternating without pause, over plant noise."""
    seconds = length(rng, 2)
    first, step = between(rng, 400, 1800), between(rng, 0.12, 0.8)
    freq = alternating(first, first * rng.uniform(1.15, 1.6), step, seconds, rng.random())
    x = horn_speaker(rng, voice_of(rng, freq, seconds))
    x = x + rng.uniform(0, 0.3) * airflow(rng, seconds, 60, 1000)
    return events(rng, x, ("regular", "harsh", *pole(step, 0.25, 0.5, "fast", "slow")))


@sound("police_siren")
def police_siren(rng: Rng) -> Sound:
    """Police: wail (3 to 6 s), yelp (2.5 to 4 a second), piercer (10 a second), or changes."""
    seconds = length(rng, 2.5)
    low, high = between(rng, 500, 800), between(rng, 1150, 1750)
    rates = (between(rng, 0.16, 0.35), between(rng, 2.3, 4.2), between(rng, 9, 16))
    kind = int(rng.choice(3, p=[0.45, 0.4, 0.15]))
    freq = sweeping(low, high, rates[kind], seconds, rng.random(), rng.uniform(0.35, 0.65))
    if chance(rng, 0.25):
        other = sweeping(low, high, rates[(kind + 1) % 3], seconds, 0.0)
        freq = np.where(times(seconds) < rng.uniform(0.35, 0.65) * seconds, freq, other)
        kind = -1
    x, tags = passing(rng, siren_voice(rng, freq, seconds))
    speed: Tags = () if kind < 0 else ("slow",) if kind == 0 else ("fast",)
    x = x + street(rng, seconds)
    return events(rng, x, (*without_pitch(tags), *speed, "continuous", "repeated"))


@sound("ambulance_siren")
def ambulance_siren(rng: Rng) -> Sound:
    """Ambulance: two-tone hi-lo (960/770 Hz in Japan, 700/950 in Asia and America), softer."""
    seconds = length(rng, 2.5)
    pairs = [(960.0, 770.0), (950.0, 700.0), (880.0, 660.0), (800.0, 600.0)]
    high, low = pairs[int(rng.integers(4))]
    scale, step = rng.uniform(0.92, 1.08), between(rng, 0.35, 0.85)
    freq = alternating(high * scale, low * scale, step, seconds, rng.uniform(0, 2))
    freq = lowpass(freq - freq[0], between(rng, 8, 80)) + freq[0]
    x = (
        siren_voice(rng, freq, seconds)
        if chance(rng, 0.6)
        else level(harmonics(freq, seconds, slope_amps(8, rng.uniform(5, 12)), rng))
    )
    x, tags = passing(rng, x)
    tags = (*without_pitch(tags), "continuous", "repeated", "regular")
    return events(rng, x + street(rng, seconds), tags)


@sound("fire_truck_siren")
def fire_truck_siren(rng: Rng) -> Sound:
    """Fire engine: air-horn two-tone (435/580 Hz, Martin horn) or growling mechanical siren."""
    seconds = length(rng, 3)
    if chance(rng, 0.5):
        low = between(rng, 360, 470)
        high = low * rng.uniform(1.24, 1.36)
        freq = alternating(low, high, between(rng, 0.35, 1.0), seconds, rng.uniform(0, 2))
        x = np.tanh(2 * harmonics(freq, seconds, slope_amps(24, rng.uniform(1, 4)), rng))
        x = level(bandpass(x, 300, 5000))
        tags: Tags = ("continuous", "repeated", "regular")
    else:
        turn = np.clip(times(seconds) / rng.uniform(1.5, 4), 0, 1)
        top = between(rng, 700, 1150)
        shape = turn if chance(rng, 0.6) else 1 - 0.6 * turn
        tags = ("rising", "continuous") if shape[-1] > shape[0] else ("falling", "continuous")
        x = rotor_siren(rng, top * (0.25 + 0.75 * shape**0.6), 1.0)
    if chance(rng, 0.35):
        x = x + 1.2 * _air_horn(rng, seconds, between(rng, 180, 330), rng.uniform(0.3, 2), 0.7)
    y, more = passing(rng, x)
    return events(rng, y + street(rng, seconds), tuple({*tags, *without_pitch(more)}))


def rotor_siren(rng: Rng, freq: Array, growl: float) -> Array:
    """Mechanical siren: air chopped by a rotor, rich and a little noisy; RMS 1."""
    seconds = len(freq) / RATE
    tone = harmonics(freq, seconds, slope_amps(30, rng.uniform(3, 7)), rng)
    air = bandpass(white(rng, seconds), 400, 4000) * (1 + harmonics(freq, seconds, [1.0]))
    return level(level(tone) * (freq / freq.max()) + 0.1 * growl * level(air))


@sound("civil_defense_siren")
def civil_defense_siren(rng: Rng) -> Sound:
    """Air-raid siren: big rotor climbing slowly to 300 to 600 Hz, holding, or sinking; echoes."""
    seconds = length(rng, 4)
    top = between(rng, 280, 620)
    kind = int(rng.integers(4))
    part = times(seconds) / seconds
    shapes = (
        0.35 + 0.65 * np.sin(np.pi / 2 * part),
        np.ones_like(part),
        1 - 0.65 * part,
        0.75 + 0.25 * np.sin(phase(between(rng, 0.15, 0.4), seconds, rng.uniform(0, 6))),
    )
    freq = top * shapes[kind]
    x = rotor_siren(rng, freq, 0.5)
    if chance(rng, 0.6):
        x = x + rotor_siren(rng, freq * float(rng.choice([1.2, 1.25, 1.333])), 0.5)
    for _ in range(2):
        x = x + rng.uniform(0.1, 0.5) * delayed(x, np.full(len(x), rng.uniform(0.15, 0.7)))
    tags: tuple[Tags, ...] = (("rising",), ("steady",), ("falling",), ("slow",))
    return events(rng, x, (*tags[kind], "continuous", "long"))


@sound("car_horn")
def car_horn(rng: Rng) -> Sound:
    """Car horn: two reedy notes about a third apart (400/500 Hz), honked short or long."""
    seconds = length(rng, 1, 4)
    base = between(rng, 330, 520)
    notes = [base, base * rng.uniform(1.18, 1.28)] if chance(rng, 0.75) else [base]
    amps = slope_amps(30, rng.uniform(0, 4)) * np.exp(0.4 * rng.standard_normal(30))
    x = np.sum([harmonics(note, seconds, amps, rng) for note in notes], axis=0)
    x = level(bandpass(x, 350, between(rng, 3500, 7000)))
    spans, tags = _honks(rng, seconds, 0.12, 1.5)
    return events(rng, x * gate(seconds, spans, 0.012) + street(rng, seconds), (*tags, "harsh"))


def _honks(
    rng: Rng, seconds: float, short: float, long: float
) -> tuple[list[tuple[float, float]], Tags]:
    start = rng.uniform(0.02, 0.4)
    if chance(rng, 0.4):
        on = between(rng, short, long)
        size = pole(on, 0.3, 1.0, "short", "long")
        return [(start, min(start + on, seconds))], ("single", *size)
    spans = []
    while start < seconds - 0.05:
        on = between(rng, short, long)
        spans.append((start, min(start + on, seconds)))
        start += on + between(rng, 0.08, 0.6)
    return spans, ("repeated", "intermittent") if len(spans) > 1 else ("single",)


def _air_horn(rng: Rng, seconds: float, base: float, start: float, on: float) -> Array:
    notes = base * np.array([1.0, rng.uniform(1.18, 1.35)])
    amps = slope_amps(60, rng.uniform(0, 3)) * np.exp(0.4 * rng.standard_normal(60))
    swell = 1 - 0.06 * np.exp(-np.clip(times(seconds) - start, 0, None) / 0.05)
    tone = np.sum([harmonics(note * swell, seconds, amps, rng) for note in notes], axis=0)
    air = airflow(rng, seconds, 500, 6000)
    shape = lowpass(gate(seconds, [(start, min(start + on, seconds))], 0.04), 15)
    return (level(tone) + rng.uniform(0.05, 0.2) * air) * shape


@sound("truck_air_horn")
def truck_air_horn(rng: Rng) -> Sound:
    """Lorry air horn: loud low brassy chord of two trumpets, swelling in, air hissing."""
    seconds = length(rng, 1.2)
    base = between(rng, 140, 330)
    on = between(rng, 0.3, 2.5)
    start = rng.uniform(0.02, 0.4)
    x = _air_horn(rng, seconds, base, start, on)
    again = start + on + rng.uniform(0.1, 0.5)
    tags: Tags = ("single",)
    if chance(rng, 0.4) and again < seconds - 0.2:
        x, tags = x + _air_horn(rng, seconds, base, again, on), ("repeated", "intermittent")
    return events(rng, x + street(rng, seconds), (*tags, "harsh"))


@sound("ship_horn")
def ship_horn(rng: Rng) -> Sound:
    """Ship's horn: one very low long blast (70 to 200 Hz), with echo from the shore."""
    seconds = length(rng, 3)
    base = between(rng, 65, 210)
    amps = slope_amps(40, rng.uniform(2, 6)) * np.exp(0.4 * rng.standard_normal(40))
    start = rng.uniform(0.02, 0.6)
    on = rng.uniform(0.5, 0.95) * (seconds - start)
    tone = harmonics(base * (1 + 0.004 * drift(rng, seconds, 3)), seconds, amps, rng)
    x = level(tone) * lowpass(gate(seconds, [(start, start + on)], 0.25), 6)
    for _ in range(2):
        echo = delayed(lowpass(x, 900), np.full(len(x), rng.uniform(0.3, 1.2)))
        x = x + rng.uniform(0.05, 0.4) * echo
    sea = airflow(rng, seconds, 100, 900) * rng.uniform(0, 0.06)
    return events(rng, x + sea, ("low", "long", "single"))


@sound("train_horn")
def train_horn(rng: Rng) -> Sound:
    """Train horn: chord of three to five trumpets (250 to 700 Hz), or a two-note hi-lo."""
    seconds = length(rng, 2)
    base = between(rng, 220, 420)
    chord = base * np.array([1, 1.19, 1.335, 1.5, 1.89])[: int(rng.integers(2, 6))]
    amps = slope_amps(30, rng.uniform(1, 5)) * np.exp(0.3 * rng.standard_normal(30))
    spans, tags = _honks(rng, seconds, 0.4, 2.5)
    if chance(rng, 0.25):
        freq = alternating(base * 1.25, base, between(rng, 0.4, 0.9), seconds, 0.0)
        x = level(harmonics(freq, seconds, amps, rng))
    else:
        x = level(np.sum([harmonics(note, seconds, amps, rng) for note in chord], axis=0))
    air = airflow(rng, seconds, 400, 5000)
    x = (x + rng.uniform(0.03, 0.15) * air) * lowpass(gate(seconds, spans, 0.05), 12)
    if chance(rng, 0.25):
        x, more = pass_by(rng, x)
        tags = tuple({*tags, *more})
    return events(rng, x + rng.uniform(0, 0.3) * rumble(rng, seconds, 300), tags)


@sound("reversing_beeper")
def reversing_beeper(rng: Rng) -> Sound:
    """Lorry backing up: even beeps of 1 to 1.4 kHz about once a second, engine idling behind."""
    seconds = length(rng, 2)
    freq, step = between(rng, 950, 1450), between(rng, 0.6, 1.2)
    starts = np.arange(rng.uniform(-0.3, 0.4), seconds, step)
    tone = harmonics(freq, seconds, [1, 0.2, rng.uniform(0.1, 0.5), 0.1, 0.15], rng)
    if chance(rng, 0.2):  # the newer broadband kind: bursts of hiss
        tone = airflow(rng, seconds, 900, 6000)
    x = level(tone) * gate(seconds, [(float(t), float(t + step / 2)) for t in starts])
    rpm = np.full(samples(seconds), between(rng, 550, 900)) * (1 + 0.02 * drift(rng, seconds, 2))
    x = x + rng.uniform(0, 0.4) * combustion(rng, rpm, 6, 0.3, 0.1)
    return events(rng, x, ("repeated", "intermittent", "regular"))


@sound("car_alarm")
def car_alarm(rng: Rng) -> Sound:
    """Car alarm: a siren changing pattern every second or so, or the horn hooting evenly."""
    seconds = length(rng, 2.5)
    if chance(rng, 0.25):
        step = between(rng, 0.35, 1.0)
        starts = np.arange(rng.uniform(0, 0.3), seconds, step)
        base = between(rng, 350, 500)
        both = harmonics(base, seconds, slope_amps(20, 2)) + harmonics(
            base * 1.22, seconds, slope_amps(20, 2)
        )
        x = both * gate(seconds, [(float(t), float(t + step / 2)) for t in starts], 0.01)
        return events(rng, x, ("repeated", "intermittent", "regular", "harsh"))
    low, high = between(rng, 600, 1200), between(rng, 1500, 3000)
    step = between(rng, 0.7, 2.0)
    kinds = [
        sweeping(low, high, between(rng, 2, 5), seconds, 0.0, float(rng.choice([0.05, 0.5, 0.95]))),
        sweeping(low, high, between(rng, 6, 14), seconds, 0.0),
        alternating(low, high, between(rng, 0.08, 0.3), seconds, 0.0),
        sweeping(low, high, between(rng, 0.5, 1.2), seconds, 0.0, 0.9),
    ]
    which = rng.permutation(4)[(times(seconds) / step).astype(int) % 4]
    x = siren_voice(rng, np.choose(which, kinds), seconds)
    return events(rng, x + street(rng, seconds), ("continuous", "harsh"))


@sound("bicycle_bell")
def bicycle_bell(rng: Rng) -> Sound:
    """Bicycle bell: bright steel dome, one ting, or the tring of its spinning clappers."""
    seconds = length(rng, 1, 3.5)
    base = between(rng, 1800, 4200)
    modes = base * np.array([1, 1.01, 1.9, 2.7, 3.3]) * rng.uniform(0.99, 1.01, 5)
    ring = between(rng, 0.15, 0.9)
    if chance(rng, 0.4):
        marks = rng.uniform(0.02, 0.4) + np.cumsum(rng.uniform(0.12, 0.6, int(rng.integers(1, 5))))
        x = place(seconds, marks, lambda i: strike(rng, 2.5, modes, ring))
        return events(
            rng, x, ("metallic", "high", "bright", "repeated" if len(marks) > 1 else "single")
        )
    trings = np.arange(rng.uniform(0.02, 0.4), seconds, rng.uniform(0.4, 0.9))
    trings = trings[: int(rng.integers(1, 6))]
    steps = np.cumsum(np.linspace(0.018, 0.05, int(rng.integers(5, 11))))
    marks = (trings[:, None] + steps).ravel()
    hits = impulses(seconds, marks, rng.uniform(0.4, 1, len(marks)))
    x = convolve(hits, strike(rng, 2.0, modes, ring))
    return events(rng, x, ("metallic", "high", "bright", "fast", "repeated"))


@sound("tram_bell")
def tram_bell(rng: Rng) -> Sound:
    """Tram gong: two to many quick strokes on a mid-pitched bell, rail rumble beneath."""
    seconds = length(rng, 1.5)
    base = between(rng, 500, 1300)
    modes = base * np.array([1, 1.5, 2.1, 2.9, 4.0]) * rng.uniform(0.97, 1.03, 5)
    beat = rhythm(rng, seconds, 1.8, 9, 0.05)
    hits = impulses(seconds, beat.marks, rng.uniform(0.6, 1, len(beat.marks)))
    x = convolve(hits, strike(rng, 2.5, modes, between(rng, 0.2, 0.8)))
    x = unit(x) + rng.uniform(0, 0.06) * rumble(rng, seconds, 500)
    return events(rng, x, (*beat.tags, "metallic"))


@sound("railway_crossing_bell")
def railway_crossing_bell(rng: Rng) -> Sound:
    """Level crossing: even dinging, two to four strokes a second, mechanical or electronic."""
    seconds = length(rng, 2)
    rate = between(rng, 1.6, 4.5)
    marks = beats(rng, seconds, rate, 0.01, rng.uniform(0, 0.4))
    base = between(rng, 550, 1500)
    modes = base * np.array([1, 1.08 if chance(rng, 0.4) else 2.0, 2.7, 3.6, 5.0])
    hits = impulses(seconds, marks, np.where(np.arange(len(marks)) % 2, rng.uniform(0.6, 1), 1.0))
    x = unit(convolve(hits, strike(rng, 1.5, modes, between(rng, 0.1, 0.5), -2)))
    x = x + rng.uniform(0, 0.06) * rumble(rng, seconds, 400)
    return events(rng, x, ("repeated", "regular", "metallic", "intermittent"))
