"""Machines that turn, pump and blow, and their faults."""

import numpy as np

from training.synthesis.blocks import (
    Rng,
    bandpass,
    beats,
    between,
    chance,
    coloured,
    comb,
    convolve,
    drift,
    grain_cloud,
    harmonics,
    highpass,
    impulses,
    length,
    level,
    place,
    resonate,
    scattered,
    sine,
    slope_amps,
    thump,
    times,
    tint,
    white,
    wobble,
)
from training.synthesis.finish import Tags, pace, pitch, rhythm, running
from training.synthesis.registry import Sound, sound
from training.synthesis.sources import (
    airflow,
    casing,
    combustion,
    envelope_of,
    knocks,
    mains,
    rumble,
    spin,
)


@sound("bearing_squeal")
def bearing_squeal(rng: Rng) -> Sound:
    """Dry bearing: stick-slip squeal swelling and bending once a turn, over machine rumble."""
    seconds = length(rng)
    base, shaft = between(rng, 700, 5500), between(rng, 2, 28)
    speed, tags = spin(rng, seconds, 1.0, 0.2)
    turn = 0.5 + 0.5 * sine(shaft * speed, seconds, rng.uniform(0, 6))
    bend = 1 + rng.uniform(0.002, 0.03) * turn + 0.015 * drift(rng, seconds, 8)
    amps = slope_amps(8, rng.uniform(3, 14)) * np.exp(0.5 * rng.standard_normal(8))
    squeal = harmonics(base * bend * speed**0.3, seconds, amps, rng)
    grip = turn ** rng.uniform(0.3, 4) * np.clip(0.6 + 0.8 * drift(rng, seconds, 6), 0, 1)
    rough = 1 + 0.4 * drift(rng, seconds, 250)
    x = level(squeal * grip * rough) + rng.uniform(0.05, 0.6) * rumble(rng, seconds, 500)
    return running(rng, x, tags + pitch(base) + ("harsh", "metallic"), steady=False)


@sound("bearing_grinding")
def bearing_grinding(rng: Rng) -> Sound:
    """Worn bearing: rough metallic grinding with ball-pass impacts, modulated by the shaft."""
    seconds = length(rng)
    shaft = between(rng, 4, 35)
    balls = shaft * rng.uniform(2.8, 6)
    hits = impulses(seconds, beats(rng, seconds, balls, 0.06), 1.0)
    hits = hits * (1 + 0.8 * sine(shaft, seconds))
    ring = knocks(rng, hits, 900, 6500, between(rng, 0.002, 0.012))
    gritty = grain_cloud(rng, seconds, between(rng, 300, 3000), (700, 7000), (0.0003, 0.003), 6)
    gritty = gritty * wobble(rng, seconds, shaft, rng.uniform(0.3, 0.9))
    x = level(ring) + rng.uniform(0.4, 1.5) * gritty + rng.uniform(0.3, 1) * rumble(rng, seconds)
    return running(rng, tint(rng, x, 4), ("harsh", "metallic"), steady=False)


@sound("gear_knock")
def gear_knock(rng: Rng) -> Sound:
    """Chipped tooth or backlash: a hard knock once a turn over gear rumble."""
    seconds = length(rng, 2)
    beat = rhythm(rng, seconds, 1.2, 14, float(rng.choice([0.01, 0.04, 0.3])))
    sizes = np.exp(0.3 * rng.standard_normal(len(beat.marks)))
    hits = impulses(seconds, beat.marks, sizes)
    low = between(rng, 150, 700)
    knock = knocks(rng, hits, low, low * 8, between(rng, 0.008, 0.04))
    gears = casing(rng, white(rng, seconds), between(rng, 100, 400))
    hum = harmonics(between(rng, 15, 60), seconds, slope_amps(12, 4), rng)
    x = knock + rng.uniform(0.05, 0.3) * gears + rng.uniform(0.05, 0.3) * level(hum)
    return running(rng, x, (*beat.tags, "metallic"), steady=False)


@sound("gear_whine")
def gear_whine(rng: Rng) -> Sound:
    """Gear mesh tone with sidebands at the shaft rate, following the speed."""
    seconds = length(rng)
    mesh = between(rng, 250, 3200)
    speed, tags = spin(rng, seconds, 1.0, 0.55)
    shaft = mesh / float(rng.integers(15, 60))
    side = 1 + rng.uniform(0.1, 0.6) * sine(shaft * speed, seconds)
    amps = slope_amps(6, rng.uniform(4, 12)) * np.exp(0.4 * rng.standard_normal(6))
    whine = level(harmonics(mesh * speed, seconds, amps, rng) * side)
    drive = level(harmonics(shaft * speed, seconds, slope_amps(10, 4), rng))
    x = whine + rng.uniform(0.1, 0.6) * drive + rng.uniform(0.05, 0.4) * rumble(rng, seconds, 600)
    return running(rng, x, tags + pitch(mesh) + ("metallic",))


@sound("motor_hum")
def motor_hum(rng: Rng) -> Sound:
    """Healthy induction motor: mains hum, slight slip beat, rotor tone and cooling fan."""
    seconds = length(rng)
    hum = mains(rng, seconds, rng.uniform(7, 18)) * wobble(rng, seconds, between(rng, 0.3, 4), 0.15)
    rotor = between(rng, 22, 60)
    slots = harmonics(rotor * float(rng.integers(18, 40)), seconds, [1, 0.3, 0.1], rng)
    fan = airflow(rng, seconds, 80, between(rng, 400, 2500))
    x = level(hum) + rng.uniform(0.02, 0.3) * level(slots) + rng.uniform(0.05, 0.5) * fan
    return running(rng, casing(rng, x, between(rng, 60, 250), share=0.4), ("low",))


@sound("motor_overload_growl")
def motor_overload_growl(rng: Rng) -> Sound:
    """Overloaded or stalling motor: harsh hum, beating with the slip, speed sagging."""
    seconds = length(rng)
    slip = between(rng, 1.5, 12)
    hum = mains(rng, seconds, rng.uniform(1, 5))
    struggle = 1 + rng.uniform(0.3, 0.9) * sine(slip * (1 + 0.2 * drift(rng, seconds, 3)), seconds)
    sag = between(rng, 20, 48) * (1 - rng.uniform(0, 0.5) * times(seconds) / seconds)
    rotor = harmonics(sag, seconds, slope_amps(50, rng.uniform(1, 4)), rng)
    x = np.tanh(1.5 * level(hum * struggle) + rng.uniform(0.4, 1.2) * level(rotor))
    x = level(x) + rng.uniform(0.1, 0.4) * airflow(rng, seconds, 100, 800)
    tags: Tags = ("low", "harsh")
    return running(rng, casing(rng, x, between(rng, 80, 300), share=0.4), tags, steady=False)


@sound("belt_squeal")
def belt_squeal(rng: Rng) -> Sound:
    """Slipping drive belt: bright squeal with many harmonics in bursts, over an idling engine."""
    seconds = length(rng)
    base = between(rng, 600, 2600)
    fall = rng.uniform(-0.25, 0.15) * times(seconds) / seconds
    freq = base * (1 + fall + 0.04 * drift(rng, seconds, 9) + 0.008 * drift(rng, seconds, 60))
    squeal = harmonics(freq, seconds, slope_amps(14, rng.uniform(1, 6)), rng)
    chirps = between(rng, 2, 12)
    grip = np.clip(
        0.5 + rng.uniform(0.3, 1.2) * sine(chirps, seconds) + drift(rng, seconds, 4), 0.02, 1
    )
    scrape = bandpass(white(rng, seconds), base * 1.5, base * 4)
    rpm = np.full(len(freq), between(rng, 600, 1500))
    motor = combustion(rng, rpm, 4, 0.2, 0.2) if chance(rng, 0.6) else rumble(rng, seconds)
    x = level(squeal * grip) + 0.3 * level(scrape * grip) + rng.uniform(0.1, 0.5) * motor
    return running(rng, x, (*pitch(base), "harsh"), steady=False)


@sound("belt_flapping")
def belt_flapping(rng: Rng) -> Sound:
    """Loose or frayed belt slapping its guard once a revolution."""
    seconds = length(rng, 2)
    rate = between(rng, 3, 18)
    marks = beats(rng, seconds, rate, 0.05)
    size = between(rng, 90, 260)
    sizes = rng.uniform(0.5, 1, len(marks))
    smack = bandpass(white(rng, 0.05), 400, 4500) * np.exp(-times(0.05) / 0.006)
    kernel = 0.8 * thump(rng, 0.05, size, 0.012) + rng.uniform(0.3, 1) * smack
    slap = convolve(impulses(seconds, marks, sizes), kernel)
    motor = level(mains(rng, seconds, 10)) + airflow(rng, seconds, 80, 700)
    x = level(slap) + rng.uniform(0.05, 0.35) * motor
    return running(rng, tint(rng, x, 4), ("repeated", "regular", *pace(rate)), steady=False)


@sound("fan_hum")
def fan_hum(rng: Rng) -> Sound:
    """Household or industrial fan: blade-pass hum with harmonics in broadband air."""
    seconds = length(rng)
    speed, tags = spin(rng, seconds, between(rng, 12, 45), 0.25)
    blades = int(rng.integers(3, 8))
    tone = level(harmonics(speed * blades, seconds, slope_amps(8, rng.uniform(5, 12)), rng))
    air = airflow(rng, seconds, 60, between(rng, 300, 2500)) * wobble(rng, seconds, 0.5, 0.1)
    motor = mains(rng, seconds, 15)
    x = air + rng.uniform(0.3, 1.5) * tone + rng.uniform(0.05, 0.5) * motor
    return running(rng, x, (*tags, "low", "soft"))


@sound("fan_rattle")
def fan_rattle(rng: Rng) -> Sound:
    """Fan with a loose or touching blade: ticks at the turn rate over the fan's air."""
    seconds = length(rng, 2)
    turn = between(rng, 4, 28)
    marks = beats(rng, seconds, turn, rng.uniform(0.01, 0.1))
    sizes = np.exp(0.5 * rng.standard_normal(len(marks)))
    sizes *= 0.4 + 0.6 * (rng.random(len(marks)) > rng.uniform(0, 0.3))
    low = between(rng, 500, 2500)
    tick = knocks(rng, impulses(seconds, marks, sizes), low, low * 5, between(rng, 0.002, 0.012))
    hum = level(harmonics(turn * 4, seconds, slope_amps(6, 8), rng))
    x = tick + rng.uniform(0.1, 0.6) * airflow(rng, seconds, 80, 1500) + rng.uniform(0.1, 0.4) * hum
    return running(rng, x, ("repeated", *pace(turn)), steady=False)


@sound("pump_running")
def pump_running(rng: Rng) -> Sound:
    """Pump at work: motor hum, pulsing flow at the vane or piston rate, water in pipes."""
    seconds = length(rng)
    pulse = between(rng, 2, 60)
    beat = harmonics(pulse, seconds, slope_amps(10, rng.uniform(3, 8)), rng)
    flow = airflow(rng, seconds, 150, between(rng, 600, 3000)) * np.clip(1 + 0.6 * beat, 0.1, 3)
    motor = mains(rng, seconds, rng.uniform(5, 12))
    wet = comb(flow, 1 / between(rng, 90, 400), rng.uniform(0.3, 0.8))
    x = level(wet) + rng.uniform(0.4, 1.2) * motor + rng.uniform(0.3, 1) * level(beat)
    return running(rng, casing(rng, x, between(rng, 80, 300), share=0.5), pace(pulse))


@sound("pump_cavitation")
def pump_cavitation(rng: Rng) -> Sound:
    """Cavitating pump: gravel-like crackle of collapsing bubbles on the pump's hum."""
    seconds = length(rng)
    surge = np.clip(0.7 + 0.5 * drift(rng, seconds, 5), 0.1, 2)
    crackle = grain_cloud(rng, seconds, between(rng, 400, 4000), (500, 6000), (0.0003, 0.004), 8)
    pipe = comb(crackle * surge, 1 / between(rng, 100, 500), rng.uniform(0.2, 0.7))
    hiss = airflow(rng, seconds, 800, 6000) * surge
    vane = harmonics(between(rng, 60, 350), seconds, slope_amps(6, 6), rng)
    x = level(pipe) + rng.uniform(0.1, 0.5) * hiss + rng.uniform(0.2, 0.7) * level(vane)
    x = x + rng.uniform(0.1, 0.6) * mains(rng, seconds, 9)
    return running(rng, tint(rng, x, 4), ("harsh", "irregular"), steady=False)


@sound("air_compressor")
def air_compressor(rng: Rng) -> Sound:
    """Piston compressor: fast chugging strokes, valve clatter and motor; may start up."""
    seconds = length(rng, 2)
    speed, tags = spin(rng, seconds, between(rng, 8, 28), 0.25)
    strokes = combustion(rng, speed * 60, int(rng.integers(1, 3)), 0.15, 0.5, strokes=2)
    motor = mains(rng, seconds, rng.uniform(4, 9))
    clatter = knocks(rng, np.clip(strokes - 1.5, 0, None), 800, 5000, 0.003)
    x = strokes + rng.uniform(0.1, 0.5) * clatter + rng.uniform(0.2, 0.7) * motor
    return running(rng, casing(rng, x, between(rng, 100, 300), share=0.4), (*tags, "harsh"))


@sound("transformer_hum")
def transformer_hum(rng: Rng) -> Sound:
    """Power transformer: pure steady even mains harmonics (100 or 120 Hz and up)."""
    seconds = length(rng)
    base = float(rng.choice([100.0, 120.0]))
    amps = slope_amps(10, rng.uniform(2, 10)) * np.exp(0.6 * rng.standard_normal(10))
    hum = harmonics(base, seconds, amps, rng) * wobble(rng, seconds, 0.4, rng.uniform(0, 0.2))
    x = level(hum) + rng.uniform(0.003, 0.08) * coloured(rng, seconds, -4)
    return running(rng, x, ("low",))


@sound("electric_arc")
def electric_arc(rng: Rng) -> Sound:
    """Electric sparking: snaps bunched at mains half-cycles, sizzle and bright crackle."""
    seconds = length(rng)
    cycle = 0.5 + 0.5 * sine(float(rng.choice([100.0, 120.0])), seconds)
    bursts = np.clip(rng.uniform(-0.4, 0.6) + 1.2 * drift(rng, seconds, between(rng, 2, 15)), 0, 1)
    arc = cycle ** rng.uniform(2, 8) * bursts
    buzz = level(highpass(white(rng, seconds), between(rng, 600, 2500)) * arc + 1e-9)
    snaps = impulses(seconds, scattered(rng, seconds, between(rng, 4, 60)))
    snaps = snaps * np.exp(0.8 * rng.standard_normal(len(snaps)))
    crack = level(highpass(white(rng, seconds), 1000) * envelope_of(snaps, 0.002) + 1e-9)
    x = rng.uniform(0.4, 1.5) * buzz + crack + rng.uniform(0.02, 0.2) * mains(rng, seconds, 4)
    return running(rng, x, ("harsh", "crisp", "irregular"), steady=False)


@sound("diesel_engine")
def diesel_engine(rng: Rng) -> Sound:
    """Diesel: heavy uneven firing with hard combustion clatter."""
    seconds = length(rng, 2)
    cylinders = int(rng.choice([1, 2, 3, 4, 4, 6, 6, 8]))
    speed, tags = spin(rng, seconds, between(rng, 350, 1900), 0.3)
    exhaust = combustion(rng, speed, cylinders, rng.uniform(0.2, 0.6), rng.uniform(0.05, 0.3))
    fires = np.clip(exhaust - 1.2, 0, None)
    clatter = knocks(rng, fires * white(rng, seconds) ** 2, 900, 4500, between(rng, 0.002, 0.006))
    x = exhaust + rng.uniform(0.15, 0.6) * clatter + 0.3 * rumble(rng, seconds, 120)
    return running(rng, tint(rng, x, 3), (*tags, "low"))


@sound("conveyor_belt")
def conveyor_belt(rng: Rng) -> Sound:
    """Conveyor: rolling rumble, roller clicks at a steady rate, motor whir, joints passing."""
    seconds = length(rng, 2)
    rate = between(rng, 4, 22)
    clicks = impulses(seconds, beats(rng, seconds, rate, rng.uniform(0.03, 0.3)))
    rollers = knocks(rng, clicks * rng.uniform(0.4, 1, len(clicks)), 300, 2800, 0.008)
    joint = place(
        seconds,
        beats(rng, seconds, between(rng, 0.4, 1.5), 0.02, 0.2),
        lambda i: thump(rng, 0.15, 110, 0.03),
    )
    whir = level(harmonics(between(rng, 150, 600), seconds, slope_amps(6, 6), rng))
    roll = rumble(rng, seconds, between(rng, 250, 900))
    x = roll + rng.uniform(0.2, 0.8) * rollers + rng.uniform(0, 0.8) * level(joint)
    x = x + rng.uniform(0.05, 0.3) * whir + 0.2 * mains(rng, seconds, 10)
    return running(rng, tint(rng, x, 4), ("dull", "regular"))


@sound("loose_part_rattle")
def loose_part_rattle(rng: Rng) -> Sound:
    """A loose screw or panel bouncing on a vibrating machine: uneven metallic rattle."""
    seconds = length(rng, 2)
    shake = between(rng, 12, 60)
    marks = beats(rng, seconds, shake, rng.uniform(0.1, 0.5))
    bursts = np.clip(0.4 + drift(rng, seconds, between(rng, 2, 8)), 0.03, 1)
    hits = impulses(seconds, marks, np.exp(0.6 * rng.standard_normal(len(marks)))) * bursts
    low = between(rng, 600, 2500)
    rattle = knocks(rng, hits, low, low * 4, between(rng, 0.003, 0.03))
    hum = mains(rng, seconds, rng.uniform(6, 12)) + 0.5 * rumble(rng, seconds)
    x = rattle + rng.uniform(0.05, 0.5) * hum
    return running(rng, x, ("metallic", "irregular", "repeated"), steady=False)


@sound("turbine_whine")
def turbine_whine(rng: Rng) -> Sound:
    """Turbine or turbocharger: high pure whine with a few related tones and rushing air."""
    seconds = length(rng, 2)
    base = between(rng, 1200, 7000)
    speed, tags = spin(rng, seconds, 1.0, 0.6)
    ratios = np.concatenate([[1.0], rng.uniform(0.4, 1.9, int(rng.integers(1, 4)))])
    whine = np.sum([rng.uniform(0.2, 1) * sine(base * r * speed, seconds) for r in ratios], axis=0)
    air = airflow(rng, seconds, 300, between(rng, 2000, 9000)) * speed
    x = level(whine) + rng.uniform(0.2, 1.2) * level(air) + 0.2 * rumble(rng, seconds)
    return running(rng, x, (*tags, "high", "bright"))


@sound("ventilation_noise")
def ventilation_noise(rng: Rng) -> Sound:
    """Air duct: low broadband rush with duct resonances and no pulse."""
    seconds = length(rng)
    air = airflow(rng, seconds, between(rng, 40, 120), between(rng, 200, 1500), -6.0)
    duct = resonate(air, [90, 180, 310, 520], [30, 40, 60, 90], list(rng.uniform(0, 2, 4)))
    hum = level(harmonics(between(rng, 25, 120), seconds, slope_amps(4, 8), rng))
    x = air + 0.5 * level(duct) + rng.uniform(0, 0.4) * hum
    return running(rng, x, ("soft", "dull"))
