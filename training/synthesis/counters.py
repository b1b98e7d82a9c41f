"""Office and shop counter machines, and keyed signals: modem, sonar, Morse."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    beats,
    between,
    chance,
    click,
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
    resonate,
    samples,
    sine,
    slope_amps,
    strike,
    times,
    tint,
    unit,
    white,
    wobble,
)
from training.synthesis.finish import Tags, events, pitch, pole, rhythm
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.sources import (
    airflow,
    brushed_motor,
    envelope_of,
    knocks,
    mains,
    rumble,
)
from training.synthesis.worksite import span_tags, work_spans


@sound("paper_shredder")
def paper_shredder(rng: Rng) -> Sound:
    """Shredder: geared motor strains while the cutters crackle through the sheets, run by run."""
    seconds = length(rng, 2)
    spans = work_spans(rng, seconds, 0.8, 4, 0.6)
    on = lowpass(gate(seconds, spans, 0.05), 8)
    feed = np.clip(0.6 + 0.8 * drift(rng, seconds, 1.5), 0, 1) * on
    motor = brushed_motor(rng, seconds, between(rng, 90, 260) * (0.2 + on - 0.2 * feed), 0.5)
    gears = harmonics(between(rng, 150, 700) * (0.2 + on), seconds, slope_amps(10, 4), rng)
    cut = grain_cloud(rng, seconds, between(rng, 500, 4000), (1200, 7500), (0.0004, 0.003), 7)
    rip = airflow(rng, seconds, between(rng, 600, 1500), between(rng, 4000, 9000))
    x = (motor + rng.uniform(0.1, 0.6) * level(gears)) * on
    x = x + rng.uniform(0.4, 1.6) * (cut + rng.uniform(0.2, 0.8) * rip) * feed
    return events(rng, tint(rng, x, 3), (*span_tags(seconds, spans), "harsh"))


@sound("stapler")
def stapler(rng: Rng) -> Sound:
    """Stapler: lever pressed, the staple punches through with a crack, the spring returns."""
    seconds = length(rng, 1.2, 4)
    beat = rhythm(rng, seconds, 0.5, 3, single=0.45)
    metal, table = between(rng, 900, 3500), between(rng, 110, 350)
    travel, back = rng.uniform(0.03, 0.12), rng.uniform(0.08, 0.25)

    def press(index: int) -> Array:
        touch = 0.25 * click(rng, metal * 1.4, 0.002)
        crack = click(rng, metal, between(rng, 0.0015, 0.005), 0.5) * rng.uniform(0.8, 1)
        body = strike(rng, 0.2, table * rng.uniform(1, 6, 6), 0.015)
        spring = 0.4 * strike(rng, 0.15, metal * rng.uniform(0.8, 3, 6), 0.012)
        parts = (touch, crack, 0.5 * body, spring)
        starts = np.array([0, travel, travel, travel + back])
        return place(0.7, starts, lambda i: parts[i])

    x = place(seconds, beat.marks, press)
    return events(rng, x, (*beat.tags, "crisp", *(("short",) if beat.rate == 0 else ())))


@sound("money_counter")
def money_counter(rng: Rng) -> Sound:
    """Banknote counter: motor whirr, a stream of notes flicked through, beeps at the end."""
    seconds = length(rng, 1.8)
    spans = work_spans(rng, seconds, 0.8, 3.5, 1.0)
    on = gate(seconds, spans, 0.03)
    rate = between(rng, 11, 32)
    flicks = impulses(seconds, beats(rng, seconds, rate, 0.03)) * on
    low = between(rng, 800, 2500)
    paper = bandpass(white(rng, seconds), low, low * 4) * envelope_of(
        flicks, rng.uniform(0.1, 0.5) / rate
    )
    snap = knocks(rng, flicks, low, low * 3, 0.002)
    speed = between(rng, 120, 420) * (0.3 + 0.7 * lowpass(on, 10))
    whirr = level(harmonics(speed, seconds, slope_amps(14, 4), rng)) * lowpass(on, 10)
    x = level(paper) + rng.uniform(0.1, 0.6) * snap + rng.uniform(0.15, 0.7) * whirr
    if chance(rng, 0.4):
        beep = fade(harmonics(between(rng, 1800, 3600), 0.12, [1, 0.2, 0.2]))
        x = x + place(seconds, [end + 0.05 for _, end in spans], lambda i: beep)
    return events(rng, tint(rng, x, 3), ("fast", *span_tags(seconds, spans)))


@sound("dot_matrix_printer")
def dot_matrix_printer(rng: Rng) -> Sound:
    """Needle printer: pins rasp a line at a time, the head turns, the paper feed zips on."""
    seconds = length(rng, 2)
    spans = work_spans(rng, seconds, 0.2, between(rng, 0.4, 1.2), 0.3)
    letters = np.clip(0.7 + 0.7 * drift(rng, seconds, between(rng, 15, 40)), 0.1, 1)
    on = gate(seconds, spans, 0.005)
    pins = harmonics(between(rng, 350, 1500), seconds, slope_amps(20, rng.uniform(0, 4)), rng)
    pins = level(pins * letters) + level(highpass(white(rng, seconds), 1500) * (1 + pins) * letters)
    box = between(rng, 500, 1500)
    body = resonate(pins * on, list(box * rng.uniform(1, 4, 4)), [box / 5] * 4, [1.0] * 4)
    head = harmonics(between(rng, 90, 300), seconds, slope_amps(8, 5), rng) * on
    zips = fade(harmonics(between(rng, 150, 500), 0.1, slope_amps(12, 3), rng))
    feeds = place(seconds, [end + 0.01 for _, end in spans], lambda i: zips)
    x = level(pins * on) + rng.uniform(0.3, 1) * level(body) + rng.uniform(0.05, 0.4) * head
    x = x + rng.uniform(0.2, 0.8) * unit(feeds) + rng.uniform(0, 0.05) * mains(rng, seconds, 8)
    return events(rng, x, (*span_tags(seconds, spans), "harsh", "high"))


@sound("modem_handshake")
def modem_handshake(rng: Rng) -> Sound:
    """Dial-up modem or fax on the line: answer tone, warbling data tones, then hissing carriers."""
    seconds = length(rng, 2.5)
    pairs = [(980, 1180), (1650, 1850), (1070, 1270), (2025, 2225), (1300, 2100)]

    def data(span: float) -> Array:
        pair = pairs[int(rng.integers(len(pairs)))]
        hold = samples(1 / between(rng, 25, 300))
        bits = rng.integers(0, 2, samples(span) // hold + 1).repeat(hold)[: samples(span)]
        return sine(np.asarray(pair, float)[bits], span)

    def carrier(span: float) -> Array:
        hash_ = airflow(rng, span, 500, 3000) * wobble(rng, span, between(rng, 3, 600), 0.4)
        return 0.6 * hash_ + rng.uniform(0, 0.6) * sine(1800.0, span)

    def answer(span: float) -> Array:
        tone = float(rng.choice([1100.0, 2100.0, 2225.0]))
        return sine(tone, span) * np.sign(sine(1.11, span, 0.5) + 0.9)

    parts, left = [], seconds
    kinds = (answer, data, data, carrier)
    step = int(rng.integers(0, 3))
    while left > 0.05:
        span = min(left, float(rng.uniform(0.25, 1.3)))
        parts.append(fade(kinds[step](span)) * rng.uniform(0.5, 1))
        left -= span
        step = min(step + 1, 3) if chance(rng, 0.6) else int(rng.integers(1, 4))
    line = bandpass(np.concatenate(parts), 300, between(rng, 2800, 3600), 2)
    x = line + rng.uniform(0.003, 0.05) * white(rng, len(line) / RATE)[: len(line)]
    return events(rng, tint(rng, x, 4), ("high", "harsh", "continuous"))


@sound("sonar_ping")
def sonar_ping(rng: Rng) -> Sound:
    """Sonar: a pure ping sent out, ringing on in the water with echoes, over a deep sea murmur."""
    seconds = length(rng, 2.5)
    beat = rhythm(rng, seconds, 0.35, 2.2, 0.01, single=0.5)
    tone, slide = between(rng, 450, 4500), rng.uniform(-0.08, 0.08)
    tail, echo = between(rng, 0.15, 1.4), rng.uniform(0.25, 1.1)
    span = float(rng.uniform(2.2, 3.5))
    freq = tone * (1 + slide * np.minimum(times(span) / 0.15, 1))
    ping = sine(freq, span) * decay(span, tail, between(rng, 0.003, 0.03))
    smear = bandpass(white(rng, span), tone * 0.96, tone * 1.04) * decay(span, tail * 1.3, 0.1)
    ping = ping + rng.uniform(0, 0.4) * unit(smear)
    size = rng.uniform(0.05, 0.5)
    ping = ping + size * place(span, [echo, 1.9 * echo], lambda i: ping / (i + 1))
    sea = rumble(rng, seconds, between(rng, 120, 600))
    x = unit(place(seconds, beat.marks, lambda i: ping)) + rng.uniform(0.001, 0.05) * sea
    return events(rng, x, (*beat.tags, *pitch(tone), *(("long",) if tail > 0.7 else ())))


@sound("morse_code")
def morse_code(rng: Rng) -> Sound:
    """Morse: dots and dashes of one keyed tone, letters and words spaced, with radio noise."""
    seconds = length(rng, 2)
    unit_time = 1.2 / between(rng, 7, 35)
    tone = between(rng, 350, 1600)
    spans, now = [], float(rng.uniform(0.02, 0.3))
    while now < seconds:
        for sign in rng.choice([1, 3], int(rng.integers(1, 5))):
            spans.append((now, now + sign * unit_time))
            now += (sign + 1) * unit_time
        now += float(rng.choice([2, 2, 2, 6])) * unit_time
    keyed = gate(seconds, [s for s in spans if s[1] < seconds], between(rng, 0.002, 0.012))
    wave = harmonics(tone, seconds, slope_amps(8, rng.uniform(6, 40)))
    noise = bandpass(white(rng, seconds), 250, between(rng, 1500, 4000))
    fading = 1 + rng.uniform(0, 0.4) * drift(rng, seconds, 2)
    x = wave * keyed * fading + between(rng, 0.002, 0.2) * level(noise)
    tags: Tags = (
        "repeated",
        "intermittent",
        "irregular",
        *pole(unit_time, 0.06, 0.12, "fast", "slow"),
    )
    return events(rng, x, (*tags, *pitch(tone)))
