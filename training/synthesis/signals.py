"""Bells, buzzers and beeps that call for attention: doors, phones, timers, test tones."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    beats,
    between,
    chance,
    click,
    coloured,
    convolve,
    decay,
    drift,
    fade,
    fm,
    gate,
    grain_cloud,
    harmonics,
    impulses,
    length,
    level,
    lowpass,
    mix,
    modal,
    place,
    ramp,
    resonate,
    sine,
    slope_amps,
    square,
    strike,
    times,
    tint,
    unit,
    white,
)
from training.synthesis.finish import Tags, events, pace, pitch, pole, regularity, running
from training.synthesis.registry import Sound, sound
from training.synthesis.sources import airflow, mains


def voice_of(rng: Rng, freq: float | Array, seconds: float) -> Array:
    """An electronic tone with a random timbre: sine, soft square, or a shrill piezo."""
    kind = rng.random()
    if kind < 0.35:
        return harmonics(freq, seconds, [1, rng.uniform(0, 0.2), rng.uniform(0, 0.1)])
    if kind < 0.7:
        return square(freq, seconds, rng.uniform(0.2, 0.5)) * 0.7
    amps = slope_amps(12, rng.uniform(0, 9)) * np.exp(0.7 * rng.standard_normal(12))
    return unit(harmonics(freq, seconds, amps, rng))


def beeps(rng: Rng, seconds: float, freq: float | Array, starts: Array, on: float) -> Array:
    """One tone sounding for ``on`` seconds at each start."""
    spans = [(float(t), float(t) + on) for t in starts]
    return voice_of(rng, freq, seconds) * gate(seconds, spans, between(rng, 0.001, 0.006))


def grouped(rng: Rng, seconds: float, count: int, step: float, pause: float) -> Array:
    """Start times of groups of ``count`` events ``step`` apart, with a pause after each group."""
    period = count * step + pause
    groups = np.arange(rng.uniform(0, 0.4), seconds, period)
    marks = (groups[:, None] + step * np.arange(count)).ravel()
    return marks[marks < seconds - 0.02]


def chime(rng: Rng, freq: float, seconds: float, ring: float) -> Array:
    """A struck tone bar or its electronic imitation; peak 1."""
    kind = rng.random()
    if kind < 0.5:
        return strike(rng, seconds, freq * np.array([1, 2.76, 5.4]), ring, -5)
    if kind < 0.8:
        return unit(
            fm(freq, seconds, float(rng.choice([1.0, 2.0, 3.5])), 2 * decay(seconds, ring / 3))
            * decay(seconds, ring)
        )
    return unit(harmonics(freq, seconds, slope_amps(6, rng.uniform(6, 14))) * decay(seconds, ring))


@sound("microwave_beep")
def microwave_beep(rng: Rng) -> Sound:
    """Microwave done: a few equal beeps near 2 kHz, half a second to a second apart."""
    seconds = length(rng, 1.5)
    freq, step = between(rng, 1000, 3000), between(rng, 0.5, 1.2)
    on = step * rng.uniform(0.25, 0.75)
    starts = np.arange(rng.uniform(0.02, 0.4), seconds, step)[: int(rng.integers(1, 7))]
    x = beeps(rng, seconds, freq, starts, on)
    x = unit(x) + rng.uniform(0, 0.1) * mains(rng, seconds, 8)
    tags: Tags = ("single",) if len(starts) == 1 else ("repeated", "regular", "intermittent")
    return events(rng, x, (*tags, *pitch(freq)))


@sound("oven_timer")
def oven_timer(rng: Rng) -> Sound:
    """Kitchen timer: mechanical ticking and a bell, or fast electronic beeps in groups."""
    seconds = length(rng, 2)
    if chance(rng, 0.5):
        freq = between(rng, 1800, 4200)
        step = between(rng, 0.1, 0.3)
        starts = grouped(rng, seconds, int(rng.integers(2, 5)), step, rng.uniform(0.2, 0.9))
        x = beeps(rng, seconds, freq, starts, step * 0.5)
        return events(rng, x, ("repeated", "intermittent", "high", "regular"))
    end = rng.uniform(0.3, 0.75) * seconds
    tick_of = click(rng, between(rng, 1800, 4500), 0.002)
    ticks = place(end, np.arange(0, end, 1 / between(rng, 4, 9)), lambda i: 0.2 * tick_of)
    modes = between(rng, 1300, 2800) * np.array([1, 2.1, 3.3, 4.9])
    ring = between(rng, 0.15, 0.6)
    hits = [end] if chance(rng, 0.5) else list(np.arange(end, min(end + 1.2, seconds), 0.06))
    bell = place(seconds, hits, lambda i: strike(rng, 1.5, modes, ring))
    return events(rng, mix(seconds, ticks, bell), ("metallic", "bright"))


@sound("doorbell_dingdong")
def doorbell_dingdong(rng: Rng) -> Sound:
    """Two-tone door chime: ding, then dong about a major third lower; may ring again."""
    seconds = length(rng, 1.8)
    high = between(rng, 520, 1100)
    low = high / float(rng.choice([1.26, 1.26, 1.19, 1.335, 1.5]))
    gap, ring = between(rng, 0.3, 0.9), between(rng, 0.25, 0.9)
    start = rng.uniform(0.02, 0.4)
    kind = rng.integers(1 << 30)

    def note(index: int) -> Array:
        same = np.random.default_rng(kind)
        return chime(same, high if index % 2 == 0 else low, 2.5, ring * (1 + 0.3 * (index % 2)))

    again = start + gap * rng.uniform(2.5, 4)
    marks = [start, start + gap] + ([again, again + gap] if chance(rng, 0.3) else [])
    x = place(seconds, marks, note)
    return events(rng, x, ("falling", "bright"))


@sound("door_buzzer")
def door_buzzer(rng: Rng) -> Sound:
    """Door buzzer: harsh low mains buzz of an armature, in one or more presses."""
    seconds = length(rng, 1)
    base = float(rng.choice([50.0, 60.0, 100.0, 120.0])) * rng.uniform(0.98, 1.02)
    amps = slope_amps(90, rng.uniform(-1, 3)) * np.exp(0.6 * rng.standard_normal(90))
    buzz = harmonics(base, seconds, amps, rng) * (1 + 0.1 * drift(rng, seconds, 50))
    body = resonate(buzz, list(rng.uniform(400, 3500, 4)), [150.0] * 4, [1.0] * 4)
    x = np.tanh(1.5 * (level(buzz) + level(body)))
    start, on = rng.uniform(0.02, 0.4), between(rng, 0.3, 2.5)
    starts = np.arange(start, seconds, on + rng.uniform(0.15, 0.8))[: int(rng.integers(1, 4))]
    shape = gate(seconds, [(t, t + on) for t in starts], 0.01)
    tags: Tags = ("single",) if len(starts) == 1 else ("repeated", "intermittent")
    return events(rng, x * shape, (*tags, "harsh"))


def electric_bell(rng: Rng, seconds: float, rate: float, modes: Array, ring: float) -> Array:
    """Clapper hitting gongs ``rate`` times a second: harsh metallic trill; RMS 1."""
    marks = beats(rng, seconds, rate, 0.02)
    hits = impulses(seconds, marks, rng.uniform(0.7, 1, len(marks)))
    relative = modes / modes.min()
    sizes = np.exp(0.4 * rng.standard_normal(len(modes))) / relative**0.3
    kernel = modal(min(6 * ring, 2.0), modes, ring / relative**0.6, sizes, rng)
    tap = convolve(hits, click(rng, 3500, 0.002))
    return level(level(convolve(hits, kernel)) + 0.25 * level(tap))


@sound("phone_ring_classic")
def phone_ring_classic(rng: Rng) -> Sound:
    """Old telephone: two brass gongs struck at 20 to 25 Hz, ringing in one or two bursts."""
    seconds = length(rng, 2)
    base = between(rng, 900, 2000)
    modes = np.concatenate(
        [
            base * np.array([1, 2.4, 4.2, 6.3]),
            base * rng.uniform(1.1, 1.3) * np.array([1, 2.45, 4.1]),
        ]
    )
    bell = electric_bell(rng, seconds, between(rng, 18, 27), modes, between(rng, 0.06, 0.25))
    spans = _ring_spans(rng, seconds)
    x = bell * lowpass(gate(seconds, spans, 0.02), 12)
    return events(rng, x, ("metallic", "bright", "fast", "repeated", "intermittent"))


def _ring_spans(rng: Rng, seconds: float) -> list[tuple[float, float]]:
    start = rng.uniform(0.02, 0.5)
    if chance(rng, 0.4):  # British: two short bursts, then two seconds of rest
        firsts = np.arange(start, seconds, 3.0)
        return [(float(t + d), float(t + d + 0.4)) for t in firsts for d in (0.0, 0.6)]
    on = rng.uniform(0.8, 2.0)
    return [(float(t), float(t + on)) for t in np.arange(start, seconds, on + rng.uniform(1, 3))]


@sound("phone_ring_electronic")
def phone_ring_electronic(rng: Rng) -> Sound:
    """Electronic ringer: two or more tones warbling quickly, or a short repeated melody."""
    seconds = length(rng, 2)
    base = between(rng, 500, 1800)
    if chance(rng, 0.6):
        notes = base * np.array([1.0, rng.uniform(1.12, 1.5)])
        step = 1 / between(rng, 12, 40)
    else:
        scale = 2 ** (rng.choice([0, 2, 4, 5, 7, 9, 11, 12], int(rng.integers(3, 8))) / 12)
        notes, step = base * scale, between(rng, 0.07, 0.2)
    freq = notes[(times(seconds) / step).astype(int) % len(notes)]
    x = voice_of(rng, freq, seconds) * gate(seconds, _ring_spans(rng, seconds), 0.008)
    return events(rng, x, ("repeated", "intermittent", *pitch(base)))


@sound("phone_dial_tone")
def phone_dial_tone(rng: Rng) -> Sound:
    """Dial tone of a country: 350+440 (US), 425 (Europe), 450 (China), 400 (Japan); steady."""
    seconds = length(rng, 1.5)
    tones = [(350.0, 440.0), (425.0,), (450.0,), (400.0,), (350.0, 450.0)]
    chosen = tones[int(rng.integers(len(tones)))]
    x = np.sum([sine(freq, seconds, rng.uniform(0, 6)) for freq in chosen], axis=0)
    return running_line(rng, x, ("continuous", "steady"))


@sound("phone_busy_tone")
def phone_busy_tone(rng: Rng) -> Sound:
    """Busy tone: 480+620 at 0.5 s (US), 425 (Europe), 450 at 0.35 s (China), 400 (UK, Japan)."""
    seconds = length(rng, 2)
    kinds = [
        ((480.0, 620.0), 0.5),
        ((480.0, 620.0), 0.25),
        ((425.0,), 0.5),
        ((425.0,), 0.25),
        ((450.0,), 0.35),
        ((450.0,), 0.35),
        ((400.0,), 0.375),
        ((400.0,), 0.5),
    ]
    tones, on = kinds[int(rng.integers(len(kinds)))]
    x = np.sum([sine(freq, seconds, rng.uniform(0, 6)) for freq in tones], axis=0)
    starts = np.arange(rng.uniform(-on, on), seconds, 2 * on)
    x = x * gate(seconds, [(float(t), float(t + on)) for t in starts])
    return running_line(rng, x, ("repeated", "intermittent", "regular"))


def running_line(rng: Rng, x: Array, tags: Tags) -> Sound:
    """As heard in a handset: sometimes band-limited and a little distorted."""
    if chance(rng, 0.6):
        x = bandpass(np.tanh(rng.uniform(0.3, 2) * x), 300, 3400, 2)
    return events(rng, x, tags)


@sound("dtmf_tones")
def dtmf_tones(rng: Rng) -> Sound:
    """Touch-tone dialling: each key two real DTMF frequencies, by machine or by finger."""
    seconds = length(rng, 1)
    rows, columns = (697, 770, 852, 941), (1209, 1336, 1477)
    even = chance(rng, 0.5)
    rate = between(rng, 1.5, 9)
    marks = beats(rng, seconds, rate, 0.0 if even else 0.35, rng.uniform(0.02, 0.3))
    on = rng.uniform(0.35, 0.65) / rate

    def key(index: int) -> Array:
        held = on if even else on * rng.uniform(0.6, 1.2)
        low, high = float(rng.choice(rows)), float(rng.choice(columns))
        return fade(sine(low, held) + 1.1 * sine(high, held), 0.003, 0.003)

    x = place(seconds, marks, key)
    return running_line(rng, x, ("repeated", "intermittent", *pace(rate), *regularity(marks)))


@sound("notification_chime")
def notification_chime(rng: Rng) -> Sound:
    """Phone or desktop notification: one to four soft bell or synth notes, up or down."""
    seconds = length(rng, 1, 2.5)
    count = int(rng.integers(1, 5))
    base = between(rng, 450, 2200)
    up = chance(rng, 0.5)
    steps = np.cumsum(np.concatenate([[0], rng.choice([2, 3, 4, 5, 7], count - 1)]))
    notes = base * 2 ** ((steps if up else -steps) / 12)
    gap, ring = between(rng, 0.07, 0.25), between(rng, 0.06, 0.4)
    kind = rng.integers(1 << 30)
    x = place(
        seconds,
        rng.uniform(0.01, 0.3) + gap * np.arange(count),
        lambda i: chime(np.random.default_rng(kind), float(notes[i]), 1.2, ring),
    )
    tags: Tags = ("single", "short") if count == 1 else ("rising",) if up else ("falling",)
    return events(rng, x, (*tags, "bright"))


@sound("alarm_clock_beep")
def alarm_clock_beep(rng: Rng) -> Sound:
    """Digital alarm clock: groups of beeps at 1 to 4 kHz, often getting denser or louder."""
    seconds = length(rng, 2)
    freq, count = between(rng, 1000, 4200), int(rng.choice([1, 2, 3, 4, 4]))
    step = between(rng, 0.09, 0.3) if count > 1 else between(rng, 0.3, 1.0)
    starts = grouped(rng, seconds, count, step, 0.0 if count == 1 else rng.uniform(0.25, 0.8))
    x = beeps(rng, seconds, freq, starts, step * rng.uniform(0.4, 0.6))
    tags: Tags = ("repeated", "intermittent", "regular", *pitch(freq))
    if chance(rng, 0.2):
        x = x * ramp(seconds, [(0, 0.08), (seconds, 1)], log=True)
        tags = (*tags, "loud_growing")
    return events(rng, x, tags)


@sound("alarm_clock_bell")
def alarm_clock_bell(rng: Rng) -> Sound:
    """Twin-bell alarm clock: hammer rattling at 15 to 30 Hz between two small bells."""
    seconds = length(rng, 1.5)
    base = between(rng, 1700, 3600)
    modes = np.concatenate(
        [base * np.array([1, 2.3, 3.9]), base * rng.uniform(1.02, 1.2) * np.array([1, 2.35, 3.8])]
    )
    speed = between(rng, 12, 30)
    x = electric_bell(rng, seconds, speed, modes, between(rng, 0.03, 0.15))
    rattle = airflow(rng, seconds, 500, 4000) * 0.05
    if chance(rng, 0.3):
        x = x * ramp(seconds, [(0, 1), (seconds, 0.05)], log=True)
        return events(rng, x + rattle, ("continuous", "fast", "metallic", "high", "fading"))
    return events(rng, x + rattle, ("continuous", "fast", "metallic", "high", "steady"))


@sound("control_panel_beep")
def control_panel_beep(rng: Rng) -> Sound:
    """Equipment panel: key beeps, double beeps, or slow status beeps over cabinet hum."""
    seconds = length(rng, 1.2)
    freq, on = between(rng, 600, 4000), between(rng, 0.04, 0.35)
    count = int(rng.choice([1, 1, 2, 3]))
    starts = grouped(rng, seconds, count, on * 1.8, between(rng, 0.3, 2))
    if chance(rng, 0.3):
        starts = starts[:1]
    hum = mains(rng, seconds, 8) + airflow(rng, seconds, 80, 1500)
    x = unit(beeps(rng, seconds, freq, starts, on)) + rng.uniform(0.003, 0.1) * hum
    tags: Tags = ("single",) if len(starts) == 1 else ("repeated", "intermittent")
    return events(rng, x, (*tags, *pitch(freq)))


@sound("heart_monitor_beep")
def heart_monitor_beep(rng: Rng) -> Sound:
    """Bedside monitor: one soft beep a heartbeat, or the continuous tone of a flat line."""
    seconds = length(rng, 2)
    freq = between(rng, 440, 1300)
    if chance(rng, 0.15):
        return events(rng, voice_of(rng, freq, seconds), ("continuous", "steady"))
    rate = between(rng, 0.6, 2.7)
    uneven = chance(rng, 0.2)
    starts = beats(rng, seconds, rate, 0.3 if uneven else 0.02, rng.uniform(0, 0.5))
    x = beeps(rng, seconds, freq, starts, rng.uniform(0.06, 0.16))
    hiss = airflow(rng, seconds, 100, 1200) * rng.uniform(0, 0.03)
    tags = ("repeated", "intermittent", *regularity(starts))
    return events(rng, unit(x) + hiss, (*tags, *pole(rate, 1.0, 1.8, "slow", "fast")))


@sound("elevator_ding")
def elevator_ding(rng: Rng) -> Sound:
    """Lift arriving: one clear chime, or two (up: rising, down: falling)."""
    seconds = length(rng, 1, 3)
    freq, ring = between(rng, 500, 1600), between(rng, 0.25, 0.9)
    second = float(rng.choice([0.0, 0.8, 1.25]))
    kind, start = rng.integers(1 << 30), rng.uniform(0.02, 0.5)
    notes = [freq] + ([freq * second] if second else [])
    gap = rng.uniform(0.3, 0.7)
    x = place(
        seconds,
        start + gap * np.arange(len(notes)),
        lambda i: chime(np.random.default_rng(kind), notes[i], 2.5, ring),
    )
    tags: Tags = ("single",) if not second else ("rising",) if second > 1 else ("falling",)
    return events(rng, x + 0.01 * airflow(rng, seconds, 60, 500), (*tags, "bright"))


@sound("tone_pure")
def tone_pure(rng: Rng) -> Sound:
    """Test tone: a steady sine, whole or in even pulses."""
    seconds = length(rng, 1)
    freq = between(rng, 80, 9000)
    x = sine(freq, seconds)
    if chance(rng, 0.25):
        rate = between(rng, 0.7, 4)
        starts = np.arange(rng.uniform(0, 0.3), seconds, 1 / rate)
        x = x * gate(seconds, [(float(t), float(t + 0.5 / rate)) for t in starts], 0.005)
        return events(rng, x, ("repeated", "intermittent", "regular", *pitch(freq)))
    return events(rng, x, ("continuous", "steady", *pitch(freq)))


@sound("frequency_sweep")
def frequency_sweep(rng: Rng) -> Sound:
    """Sine sweep, logarithmic or straight, up or down, once or repeated."""
    seconds = length(rng, 1)
    low = between(rng, 40, 800)
    high = min(low * between(rng, 4, 60), 14000)
    turns = 1 if chance(rng, 0.6) else int(rng.integers(2, 6))
    part = times(seconds) * turns / seconds % 1
    up = chance(rng, 0.5)
    part = part if up else 1 - part
    log = chance(rng, 0.7)
    freq = low * (high / low) ** part if log else low + (high - low) * part
    tags: Tags = ("rising" if up else "falling", "single" if turns == 1 else "repeated")
    return events(rng, sine(freq, seconds), tags)


@sound("radio_static")
def radio_static(rng: Rng) -> Sound:
    """Radio between stations: fluttering hiss with crackles and faint heterodyne whistles."""
    seconds = length(rng)
    hiss = airflow(rng, seconds, between(rng, 150, 600), between(rng, 2500, 9000))
    fading = np.clip(1 + rng.uniform(0, 0.8) * drift(rng, seconds, between(rng, 1, 12)), 0.1, 2)
    crackle = grain_cloud(rng, seconds, between(rng, 5, 150), (600, 5000), (0.0003, 0.003), 6)
    drifting = between(rng, 300, 3500) * (1 + 0.5 * drift(rng, seconds, 0.8))
    whistle = sine(drifting, seconds) * rng.uniform(0, 0.4) * float(chance(rng, 0.4))
    x = hiss * fading + rng.uniform(0.1, 0.9) * crackle + whistle
    return running(rng, x, ("harsh",), steady=False)


@sound("white_noise")
def white_noise(rng: Rng) -> Sound:
    """White noise, straight to the ear: equal power at all frequencies."""
    x = white(rng, length(rng, 1))
    return running(rng, tint(rng, x, 1.0), ("bright",))


@sound("pink_noise")
def pink_noise(rng: Rng) -> Sound:
    """Pink noise: power falling by 3 dB an octave, a little more or less."""
    return running(rng, coloured(rng, length(rng, 1), rng.uniform(-3.6, -2.5)), ("soft",))
