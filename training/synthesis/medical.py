"""Medical listening (lungs, heart, unborn child) and devices of hospital and dentist."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    beats,
    between,
    chance,
    click,
    comb,
    drift,
    fade,
    gate,
    harmonics,
    highpass,
    level,
    lowpass,
    modal,
    noise_tone,
    place,
    samples,
    shaped_noise,
    sine,
    slope_amps,
    thump,
    times,
    tint,
    unit,
    white,
    wobble,
)
from training.synthesis.calls import clip, pitched, rhythm_tags, surge
from training.synthesis.finish import Tags, pole, running
from training.synthesis.lungs import breath_cycle
from training.synthesis.materials import bubble_cloud, flutter, stick_slip, through
from training.synthesis.registry import Sound, sound
from training.synthesis.sources import airflow, mains, spin
from training.synthesis.voice import Voice, formants, hump, source

# --- lungs -----------------------------------------------------------------------------------


def _tempo(period: float) -> Tags:
    return pole(period, 1.6, 3.2, "fast", "slow")


def _chest_noise(rng: Rng, seconds: float) -> Array:
    return shaped_noise(rng, seconds, [20, 90, 400, 3000], [0, -4, -25, -60])


@sound("rhonchi")
def rhonchi(rng: Rng) -> Sound:
    """Rhonchi: slime vibrates in the large airways, a low snore of 60 to 250 Hz in each breath."""
    seconds, period = rng.uniform(3, 5), between(rng, 1.4, 4.2)
    into, out = breath_cycle(rng, seconds, period, rng.uniform(0.38, 0.5), 0.1)
    strength = out * rng.uniform(0.5, 1) + into * rng.choice([0.1, 0.6, 1.0])
    pitch = between(rng, 60, 230) * (1 + 0.15 * (strength - 0.5) + 0.05 * drift(rng, seconds, 5))
    voice = Voice(tilt=rng.uniform(6, 12), breath=0.15, jitter=0.05, rough=rng.uniform(0.1, 0.9))
    tube = [(0.0, (between(rng, 150, 300), between(rng, 350, 600), 900))]
    snore = level(formants(source(rng, pitch, voice), tube, 0.3)) * strength**1.5
    snore = snore * np.clip(1 + 0.5 * drift(rng, seconds, 9), 0, 2)
    air = level(bandpass(white(rng, seconds), 120, 700)) * (into + 0.7 * out)
    whole = snore + rng.uniform(0.05, 0.4) * air + 0.05 * _chest_noise(rng, seconds)
    whole = lowpass(whole, between(rng, 500, 1500))
    return clip(rng, whole, "low", "harsh", *_tempo(period), "repeated", hush=True, ongoing=True)


@sound("stridor")
def stridor(rng: Rng) -> Sound:
    """Stridor: a narrowed windpipe crows on every breath in, harsh and high; out is quieter."""
    seconds, period = rng.uniform(2.5, 5), between(rng, 1.0, 3.6)
    into, out = breath_cycle(rng, seconds, period, rng.uniform(0.4, 0.6), 0.08)
    pitch, tone = pitched(rng, 280, 1300)
    strength = into**0.7 + rng.choice([0.0, 0.2, 0.6]) * out
    bend = pitch * (0.85 + 0.25 * strength + 0.04 * drift(rng, seconds, 8))
    voice = Voice(tilt=rng.uniform(3, 8), breath=0.5, jitter=0.03, rough=rng.uniform(0.1, 0.6))
    throat = [(0.0, (pitch * 1.1, 1600, 2900, 4200))]
    crow = level(formants(source(rng, bend, voice), throat, 0.25)) * strength**1.4
    air = level(formants(white(rng, seconds), throat, 0.4, 2)) * (into + 0.5 * out)
    whole = crow + rng.uniform(0.1, 0.6) * air
    return clip(rng, whole, *tone, "harsh", "repeated", *_tempo(period), ongoing=True)


@sound("pleural_rub")
def pleural_rub(rng: Rng) -> Sound:
    """Pleural rub: dry linings creak like leather, in jerks, while the chest moves in and out."""
    seconds, period = rng.uniform(3, 5), between(rng, 1.5, 4.0)
    into, out = breath_cycle(rng, seconds, period, 0.45, rng.uniform(0.08, 0.2))
    move = into + rng.uniform(0.3, 1) * out
    slips = stick_slip(rng, between(rng, 12, 60) * (0.4 + move), rng.uniform(0.2, 0.5), 0.9)
    grate = through(rng, slips, 90, between(rng, 350, 900), 6, rng.uniform(1.2, 4)) * move
    grain = level(bandpass(white(rng, seconds), 100, 600) * flutter(rng, seconds, 30, 1.0)) * move
    whole = grate + rng.uniform(0.1, 0.6) * grain + 0.08 * _chest_noise(rng, seconds)
    whole = lowpass(whole, between(rng, 700, 1800))
    return clip(rng, whole, "low", "harsh", "repeated", *_tempo(period), hush=True, ongoing=True)


# --- hearts ----------------------------------------------------------------------------------


def _heart_tone(rng: Rng, base: float, ring: float) -> Array:
    """One heart sound: a few strongly damped low modes."""
    steps = base * np.array([1, 1.55, 2.4])
    return unit(fade(modal(0.2, steps, [ring, 0.7 * ring, 0.4 * ring], [1, 0.6, 0.3], rng), 0.01))


@sound("heart_gallop")
def heart_gallop(rng: Rng) -> Sound:
    """Gallop rhythm: a third or fourth, dull heart sound makes three beats out of lub-dub."""
    seconds, rate = rng.uniform(2.5, 5), between(rng, 1.1, 2.6)
    systole = 0.32 * (1 / rate) ** 0.35
    lub = _heart_tone(rng, between(rng, 40, 80), 0.03)
    dub = rng.uniform(0.5, 0.9) * _heart_tone(rng, between(rng, 60, 130), 0.02)
    extra = rng.uniform(0.35, 0.9) * _heart_tone(rng, between(rng, 28, 55), 0.035)
    marks = beats(rng, seconds, rate, rng.uniform(0.005, 0.03), rng.uniform(0.15, 0.5))
    third = systole + rng.uniform(0.11, 0.16) if chance(rng, 0.6) else -rng.uniform(0.08, 0.13)
    track = place(seconds, marks, lambda i: lub)
    track = track + place(seconds, marks + systole, lambda i: dub)
    track = track + place(seconds, marks + third, lambda i: extra)
    whole = track + between(rng, 0.003, 0.05) * _chest_noise(rng, seconds)
    tags: Tags = ("low", "dull", *pole(rate, 1.3, 1.8, "slow", "fast"), *rhythm_tags(marks))
    return clip(rng, lowpass(whole, between(rng, 150, 600)), *tags, ongoing=True)


@sound("fetal_heartbeat")
def fetal_heartbeat(rng: Rng) -> Sound:
    """Fetal Doppler: each quick heartbeat a double whoosh of noise, over the hiss of the probe."""
    seconds, rate = rng.uniform(2.5, 5), between(rng, 1.7, 3.0)
    spread = rng.uniform(0.005, 0.03)
    marks = beats(rng, seconds, rate, spread, rng.uniform(0, 0.3))
    low, top = between(rng, 120, 450), between(rng, 600, 2000)
    share, gap = rng.uniform(0.35, 0.6), rng.uniform(0.35, 0.5)
    first, second = hump(share / rate, 0.35), rng.uniform(0.2, 0.9) * hump(0.8 * share / rate, 0.4)
    shape = place(seconds, marks, lambda i: first) + place(
        seconds, marks + gap / rate, lambda i: second
    )
    rush = level(bandpass(white(rng, seconds), low, top, 2)) * shape
    tone = noise_tone(rng, seconds, between(rng, 200, 600), between(rng, 40, 200)) * shape**2
    probe = level(highpass(lowpass(white(rng, seconds), between(rng, 1500, 6000)), 100))
    whole = rush + rng.uniform(0, 0.8) * tone + between(rng, 0.02, 0.35) * probe
    thud = rng.uniform(0, 0.5) * place(
        seconds, marks, lambda i: thump(rng, 0.15, between(rng, 70, 150), 0.03)
    )
    whole, swelled = surge(rng, whole + thud, 0.08)
    fast: Tags = ("fast",) if rate > 2 else ()
    return clip(rng, whole, *fast, *rhythm_tags(marks), *swelled, ongoing=True)


# --- devices ---------------------------------------------------------------------------------


@sound("ventilator_breathing")
def ventilator_breathing(rng: Rng) -> Sound:
    """Ventilator: a valve clicks, air is pressed in evenly, then let out with a dying hiss."""
    seconds, period = rng.uniform(3.5, 5), between(rng, 1.4, 4.2)
    share, start = rng.uniform(0.3, 0.48), rng.random()
    part = (times(seconds) / period + start) % 1
    into = np.interp(part, [0, 0.1 * share, 0.9 * share, share], [0, 0.8, 1, 0])
    late = (part - share) / (1 - share)
    out = np.interp(late, [0, 0.03, 0.25, 0.8], [0, 1, 0.4, 0])
    hose = between(rng, 1.5, 6)
    press = airflow(rng, seconds, 150 * hose, 500 * hose) * into
    release = airflow(rng, seconds, between(rng, 300, 900), between(rng, 2000, 7000))
    release = comb(release * out, 1 / between(rng, 120, 400), 0.4)
    speed = between(rng, 180, 700) * (1 + rng.uniform(0, 0.3) * into)
    turbine = level(harmonics(speed, seconds, slope_amps(6, 6), rng)) * (0.3 + into)
    clicks = [click(rng, between(rng, 500, 2500), 0.004, 0.5) for _ in range(2)]
    valves = (np.arange(10)[:, None] + np.array([0, share]) - start).ravel() * period
    ticks = place(seconds, valves[valves >= 0], lambda i: clicks[i % 2])
    x = level(press) + rng.uniform(0.4, 1.2) * level(release) + rng.uniform(0, 0.4) * turbine
    x = x + rng.uniform(0, 3) * ticks + rng.uniform(0.02, 0.2) * airflow(rng, seconds, 100, 800)
    return clip(
        rng, x, "repeated", "regular", *pole(period, 1.8, 2.6, "fast", "slow"), ongoing=True
    )


@sound("mri_scanner")
def mri_scanner(rng: Rng) -> Sound:
    """MRI scanner: gradient coils hammer in even rows, or drone like a siren, in bursts."""
    seconds = rng.uniform(2.5, 5)
    base, tone = pitched(rng, 90, 1500)
    rate = between(rng, 1.2, 16)
    amps = slope_amps(40, rng.uniform(1, 6)) * np.exp(0.7 * rng.standard_normal(40))
    coil = level(harmonics(base, seconds, amps, rng))
    marks = beats(rng, seconds, rate, 0.002, rng.uniform(0, 0.3))
    knocking = chance(rng, 0.5)
    share = rng.uniform(0.1, 0.4) if knocking else rng.uniform(0.5, 0.9)
    shape = gate(seconds, [(m, m + share / rate) for m in marks], 0.003)
    x = coil * shape
    if knocking:
        thud = thump(rng, 0.15, between(rng, 80, 250), 0.015)
        x = x + rng.uniform(0.5, 3) * place(seconds, marks, lambda i: thud)
    x = tint(rng, level(x), 5)
    pump = level(airflow(rng, seconds, 150, 1500)) * (0.3 + np.clip(sine(1.1, seconds), 0, 1) ** 2)
    x = x + rng.uniform(0.02, 0.25) * pump
    tags: Tags = ("harsh", *tone, *pole(rate, 2.5, 5, "slow", "fast"))
    return clip(rng, x, *tags, *rhythm_tags(marks), ongoing=True)


@sound("mri_scanner")
def mri_drone(rng: Rng) -> Sound:
    """MRI scanner in a fast sequence: one loud buzzing tone with side tones, changing in steps."""
    seconds = rng.uniform(2.5, 5)
    base, tone = pitched(rng, 250, 1600)
    step = np.repeat(rng.choice([1.0, 1.0, 1.06, 0.94], 8), samples(seconds / 8) + 1)
    amps = slope_amps(20, rng.uniform(1, 5)) * np.exp(0.6 * rng.standard_normal(20))
    x = level(harmonics(base * step[: samples(seconds)], seconds, amps, rng))
    x = x * wobble(rng, seconds, between(rng, 8, 60), rng.uniform(0.1, 0.7))
    pump = airflow(rng, seconds, 150, 1500)
    return running(rng, tint(rng, x, 5) + rng.uniform(0.02, 0.2) * pump, (*tone, "harsh"))


@sound("dental_drill")
def dental_drill(rng: Rng) -> Sound:
    """Dentist's drill: an air turbine whines at 3 to 8 kHz and sags when it bites, air hissing."""
    seconds = rng.uniform(2, 5)
    speed, tags = spin(rng, seconds, between(rng, 2600, 7500), 0.25)
    bite = np.clip(1.6 * drift(rng, seconds, between(rng, 0.7, 2.5)), 0, 1)
    speed = speed * (1 - rng.uniform(0.02, 0.25) * bite)
    whine = level(harmonics(speed, seconds, slope_amps(4, rng.uniform(6, 14)), rng))
    under = level(harmonics(speed / rng.integers(4, 9), seconds, slope_amps(6, 4), rng))
    hiss = airflow(rng, seconds, between(rng, 800, 2500), between(rng, 6000, 13_000))
    grind = hiss * flutter(rng, seconds, 120, 0.8) * bite
    x = whine + rng.uniform(0, 0.4) * under + rng.uniform(0.1, 0.9) * hiss
    return running(rng, x + rng.uniform(0.2, 1.0) * grind, ("high", "harsh", *tags))


@sound("dental_drill")
def dental_low_speed(rng: Rng) -> Sound:
    """Slow dental handpiece: a geared motor hums at some hundred turns a second and rattles."""
    seconds = rng.uniform(2, 5)
    speed, tags = spin(rng, seconds, between(rng, 250, 900), 0.3)
    bite = np.clip(1.6 * drift(rng, seconds, 2), 0, 1)
    amps = slope_amps(20, rng.uniform(2, 7)) * np.exp(0.6 * rng.standard_normal(20))
    motor = level(harmonics(speed * (1 - 0.2 * bite), seconds, amps, rng))
    rattle = airflow(rng, seconds, 700, 5000) * flutter(rng, seconds, 70, 1.0) * (0.2 + bite)
    return running(rng, motor + rng.uniform(0.2, 1.0) * rattle, (*tags, "harsh"), steady=False)


@sound("medical_suction")
def medical_suction(rng: Rng) -> Sound:
    """Suction tube: rushing air through a thin pipe, gurgling and slurping when it meets fluid."""
    seconds = rng.uniform(2, 5)
    wet = np.clip(1.5 * drift(rng, seconds, between(rng, 1.5, 5)) + rng.uniform(-0.4, 0.6), 0, 1)
    air = airflow(rng, seconds, between(rng, 400, 1200), between(rng, 3500, 9000))
    pipe = comb(air * (1 - 0.6 * wet), 1 / between(rng, 300, 1100), rng.uniform(0.2, 0.7))
    slurp = (
        airflow(rng, seconds, 300, 2500) * flutter(rng, seconds, between(rng, 20, 60), 1.0) * wet
    )
    drops = bubble_cloud(rng, seconds, between(rng, 30, 140), (250, 1600), 0.15, wet + 0.01)
    x = level(pipe) + rng.uniform(0.5, 1.6) * level(slurp) + rng.uniform(0.1, 0.8) * drops
    x = x + rng.uniform(0, 0.4) * mains(rng, seconds, 12)
    return running(rng, tint(rng, x, 3), ("harsh",), steady=False)


@sound("infusion_pump_alarm")
def infusion_pump_alarm(rng: Rng) -> Sound:
    """Bedside alarm: groups of two, three or five beeps with the pauses that the standard asks."""
    base, tone = pitched(rng, 350, 1500)
    group = [(0, 1), (0, 1, 2), (0, 1, 2, 4.5, 5.5)][rng.integers(3)]
    each = between(rng, 0.08, 0.28)
    gap = each * rng.uniform(1.2, 2.2)
    tune = base * 2 ** (rng.choice([0, 0, 3, 4, 7, -3], len(group)) / 12)
    if chance(rng, 0.5):
        tune[:] = base
    amps = slope_amps(7, rng.uniform(2, 10)) * np.exp(0.4 * rng.standard_normal(7))
    beeps = [fade(level(harmonics(f, each, amps)), 0.012, 0.02) for f in tune]
    span = (group[-1] + 1) * gap
    wait = between(rng, 0.35, 2.2)
    seconds = rng.uniform(2.5, 5)
    starts = np.arange(rng.uniform(0.05, 0.5), seconds, span + wait)
    marks = (starts[:, None] + gap * np.array(group)[None, :]).ravel()
    track = place(seconds, marks, lambda i: beeps[i % len(beeps)])
    tags: Tags = ("intermittent", "repeated", *pole(1 / gap, 3, 5, "slow", "fast"))
    return clip(rng, track, *tone, *tags, ongoing=True)
