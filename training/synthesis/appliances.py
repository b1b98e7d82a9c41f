"""Household appliances."""

import numpy as np

from training.synthesis.blocks import (
    Rng,
    beats,
    between,
    chance,
    comb,
    drift,
    firings,
    grain_cloud,
    harmonics,
    highpass,
    impulses,
    length,
    level,
    lowpass,
    phase,
    place,
    resonate,
    samples,
    sine,
    slope_amps,
    strike,
    thump,
    times,
    tint,
    wobble,
)
from training.synthesis.finish import Tags, events, pole, running
from training.synthesis.registry import Sound, sound
from training.synthesis.sources import airflow, brushed_motor, casing, knocks, mains, rumble, spin


@sound("air_conditioner")
def air_conditioner(rng: Rng) -> Sound:
    """Air conditioner: soft wide air, blower tone and compressor hum."""
    seconds = length(rng)
    air = airflow(rng, seconds, between(rng, 80, 200), between(rng, 500, 3500))
    blower = level(harmonics(between(rng, 60, 300), seconds, slope_amps(4, 9), rng))
    hum = mains(rng, seconds, rng.uniform(8, 16)) * wobble(rng, seconds, between(rng, 0.2, 2), 0.2)
    x = air + rng.uniform(0.05, 0.4) * blower + rng.uniform(0.1, 0.9) * hum
    return running(rng, tint(rng, x, 3), ("low", "soft"))


@sound("refrigerator_hum")
def refrigerator_hum(rng: Rng) -> Sound:
    """Refrigerator: low compressor hum with slow beating, faint gurgle, sometimes a buzz."""
    seconds = length(rng, 2)
    hum = mains(rng, seconds, rng.uniform(6, 16))
    compressor = harmonics(between(rng, 46, 58), seconds, slope_amps(14, rng.uniform(5, 11)), rng)
    beat = wobble(rng, seconds, between(rng, 0.3, 3), rng.uniform(0, 0.4))
    gurgle = grain_cloud(rng, seconds, between(rng, 2, 15), (250, 900), (0.01, 0.03), 4)
    air = airflow(rng, seconds, 60, 600)
    x = level((level(compressor) + rng.uniform(0.3, 1) * hum) * beat)
    x = x + rng.uniform(0, 0.15) * gurgle + rng.uniform(0.05, 0.3) * air
    return running(rng, casing(rng, x, between(rng, 60, 160), share=0.4), ("low", "dull"))


@sound("washing_machine")
def washing_machine(rng: Rng) -> Sound:
    """Washing: drum turning one way, then the other; sloshing water, thumps of wet clothes."""
    seconds = length(rng, 3)
    turn = np.clip(3 * np.sin(phase(between(rng, 0.12, 0.4), seconds, rng.uniform(0, 6))), -1, 1)
    going = lowpass(np.abs(turn), 4)
    motor = (
        level(
            harmonics(between(rng, 120, 420) * (0.4 + 0.6 * going), seconds, slope_amps(12, 5), rng)
        )
        * going
    )
    slosh = airflow(rng, seconds, 200, between(rng, 1200, 4000))
    slosh = slosh * np.clip(drift(rng, seconds, between(rng, 1.5, 5)) + 0.3, 0.03, 1) * going
    drops = grain_cloud(rng, seconds, between(rng, 15, 120), (350, 1800), (0.004, 0.015), 6)
    thuds = place(
        seconds,
        beats(rng, seconds, between(rng, 0.7, 2), 0.15, 0.3),
        lambda i: rng.uniform(0.3, 1) * thump(rng, 0.3, between(rng, 55, 100), 0.05),
    )
    x = level(motor) + rng.uniform(0.4, 1.2) * level(slosh) + rng.uniform(0.1, 0.5) * drops * going
    return running(rng, x + rng.uniform(0.3, 1) * level(thuds), ("dull",), steady=False)


@sound("washing_machine_spin")
def washing_machine_spin(rng: Rng) -> Sound:
    """Spin cycle: drum whirring up or down, unbalance thumping once a turn, whole body shaking."""
    seconds = length(rng, 2)
    speed, tags = spin(rng, seconds, between(rng, 9, 24), 0.6)
    amps = slope_amps(30, rng.uniform(2, 5))
    drum = level(harmonics(speed, seconds, amps, rng))
    motor = level(harmonics(speed * rng.uniform(11, 14), seconds, slope_amps(8, 5), rng))
    whine = level(sine(speed * rng.uniform(70, 130), seconds))
    air = airflow(rng, seconds, 100, 1500) * (1 + 0.5 * harmonics(speed, seconds, [1.0]))
    x = drum + rng.uniform(0.3, 1) * motor + rng.uniform(0.05, 0.5) * whine + 0.5 * air
    x = x * (0.4 + 0.6 * speed / speed.max())
    return running(rng, casing(rng, x, between(rng, 70, 200), share=0.4), tags)


@sound("vacuum_cleaner")
def vacuum_cleaner(rng: Rng) -> Sound:
    """Vacuum cleaner: strong wide suction noise, motor whine, pitch rising when blocked."""
    seconds = length(rng, 2)
    speed, tags = spin(rng, seconds, between(rng, 220, 580), 0.25)
    blocked = np.clip(2.5 * drift(rng, seconds, 1) - 1.2, 0, 1) * rng.uniform(0, 0.25)
    motor = brushed_motor(rng, seconds, speed * (1 + blocked), rng.uniform(0.1, 0.5))
    suction = airflow(rng, seconds, between(rng, 150, 500), between(rng, 2500, 8000))
    hose = comb(suction * (1 - 2 * blocked), 1 / between(rng, 150, 500), rng.uniform(0.2, 0.6))
    x = level(hose) + rng.uniform(0.3, 1.1) * motor
    return running(rng, tint(rng, x, 4), (*tags, "harsh"))


@sound("hair_dryer")
def hair_dryer(rng: Rng) -> Sound:
    """Hair dryer: wide hot-air rush with a high fan whine; speeds may switch."""
    seconds = length(rng)
    speed, tags = spin(rng, seconds, between(rng, 160, 330), 0.25)
    blades = float(rng.integers(5, 12))
    whine = level(harmonics(speed * blades, seconds, slope_amps(4, 8), rng))
    air = airflow(rng, seconds, between(rng, 300, 800), between(rng, 3000, 9000)) * speed
    motor = brushed_motor(rng, seconds, speed, 0.2)
    x = level(air) + rng.uniform(0.1, 0.6) * whine + rng.uniform(0.1, 0.4) * motor
    return running(rng, x, tags)


@sound("blender")
def blender(rng: Rng) -> Sound:
    """Blender: loud brushed motor in pulses, chunks knocking the jar, pitch sagging with load."""
    seconds = length(rng)
    speed, tags = spin(rng, seconds, between(rng, 170, 380), 0.35)
    load = np.clip(0.5 + drift(rng, seconds, 3), 0, 1)
    motor = brushed_motor(rng, seconds, speed * (1 - 0.15 * load), rng.uniform(0.5, 1))
    chunks = grain_cloud(rng, seconds, between(rng, 10, 90), (300, 3000), (0.003, 0.015), 6)
    liquid = airflow(rng, seconds, 150, 1200) * (0.5 + load)
    x = motor + rng.uniform(0.1, 0.7) * chunks + rng.uniform(0.2, 0.8) * liquid
    return running(rng, casing(rng, x, between(rng, 150, 500), share=0.4), (*tags, "harsh"))


@sound("coffee_grinder")
def coffee_grinder(rng: Rng) -> Sound:
    """Coffee grinder: motor and crunching beans, rattle thinning as they become powder."""
    seconds = length(rng)
    left = np.exp(-times(seconds) / between(rng, 1.5, 20))
    speed = between(rng, 140, 330) * (1 - 0.2 * left) * (1 + 0.01 * drift(rng, seconds, 3))
    motor = brushed_motor(rng, seconds, speed, 0.6)
    beans = grain_cloud(
        rng, seconds, between(rng, 120, 900), (700, 7000), (0.0008, 0.005), 8, density=left
    )
    x = motor + rng.uniform(0.6, 1.8) * beans * left
    return running(rng, tint(rng, x, 4), ("harsh",))


@sound("microwave_hum")
def microwave_hum(rng: Rng) -> Sound:
    """Microwave oven running: transformer hum, fan, turntable creak."""
    seconds = length(rng, 2)
    hum = mains(rng, seconds, rng.uniform(4, 10))
    fan = airflow(rng, seconds, 150, between(rng, 800, 3000))
    blades = level(harmonics(between(rng, 120, 260), seconds, slope_amps(4, 8), rng))
    plate = wobble(rng, seconds, between(rng, 0.3, 2), rng.uniform(0.02, 0.2))
    x = (hum + rng.uniform(0.4, 1.3) * fan + rng.uniform(0.05, 0.4) * blades) * plate
    return running(rng, casing(rng, x, between(rng, 90, 250), share=0.4), ("low",))


@sound("kettle_whistle")
def kettle_whistle(rng: Rng) -> Sound:
    """Whistling kettle: steam whistle rising unsteadily to a loud high tone with hiss."""
    seconds = length(rng, 2)
    base = between(rng, 1500, 3800)
    rising = chance(rng, 0.5)
    grow = np.clip(times(seconds) / (seconds * rng.uniform(0.3, 0.9)), 0, 1) if rising else 1.0
    shape = 0.75 + 0.25 * np.asarray(grow) ** 0.6
    freq = base * shape * (1 + 0.01 * drift(rng, seconds, 9))
    tone = harmonics(freq, seconds, [1, rng.uniform(0.1, 0.5), rng.uniform(0.02, 0.3), 0.05], rng)
    second = sine(freq * rng.uniform(1.15, 1.5), seconds) * rng.uniform(0, 0.6)
    flutter = 1 + rng.uniform(0.05, 0.4) * drift(rng, seconds, between(rng, 10, 40))
    steam = airflow(rng, seconds, 1500, 9000)
    boil = rumble(rng, seconds, 500)
    x = level((tone + second) * flutter) * np.asarray(grow) ** 1.5
    x = x + rng.uniform(0.05, 0.4) * steam * (0.4 + 0.6 * np.asarray(grow))
    tags: Tags = ("high", "bright", "rising", "loud_growing") if rising else ("high", "bright")
    x = x + rng.uniform(0.02, 0.3) * boil
    return events(rng, x, (*tags, "continuous")) if rising else running(rng, x, tags)


@sound("kettle_boiling")
def kettle_boiling(rng: Rng) -> Sound:
    """Electric kettle: sizzling rush of small bubbles, then a rolling rumble; click at the end."""
    seconds = length(rng, 2)
    stage = np.clip(rng.uniform(-0.3, 1) + times(seconds) / seconds * rng.uniform(0, 1), 0, 1)
    sing = airflow(rng, seconds, between(rng, 400, 1200), between(rng, 2500, 6000)) * (1.1 - stage)
    roll = airflow(rng, seconds, 120, between(rng, 500, 1200)) * (0.2 + stage)
    roll = roll * (1 + 0.5 * drift(rng, seconds, 12))
    bubbles = grain_cloud(rng, seconds, between(rng, 60, 400), (200, 1500), (0.003, 0.012), 8)
    x = level(sing + roll) + rng.uniform(0.2, 1) * bubbles * (0.2 + stage)
    if chance(rng, 0.25):
        off = place(
            seconds,
            [seconds * rng.uniform(0.6, 0.9)],
            lambda i: 8 * strike(rng, 0.08, rng.uniform(700, 4000, 6), 0.006),
        )
        x = x + off
    return running(rng, x)


@sound("electric_shaver")
def electric_shaver(rng: Rng) -> Sound:
    """Electric shaver: thin bright buzz at mains or motor rate, rasping on stubble."""
    seconds = length(rng)
    base = between(rng, 90, 260)
    freq = base * (1 + 0.02 * drift(rng, seconds, 2))
    amps = slope_amps(80, rng.uniform(0.5, 4)) * np.exp(0.7 * rng.standard_normal(80))
    buzz = level(highpass(harmonics(freq, seconds, amps, rng), between(rng, 150, 800)))
    whir = airflow(rng, seconds, 2000, 9000)
    stubble = grain_cloud(rng, seconds, between(rng, 50, 500), (2000, 9000), (0.0003, 0.0015), 5)
    rub = np.clip(drift(rng, seconds, 2), 0, 1) * rng.uniform(0, 1)
    pressed = 1 + 0.3 * drift(rng, seconds, 3)
    x = (buzz + rng.uniform(0.1, 0.4) * whir) * pressed + stubble * rub
    return running(rng, tint(rng, x, 6), ("bright",))


@sound("electric_toothbrush")
def electric_toothbrush(rng: Rng) -> Sound:
    """Electric toothbrush: soft buzz at 80 or 250 Hz, damped and shifted as it is pressed."""
    seconds = length(rng)
    base = between(rng, 65, 110) if chance(rng, 0.4) else between(rng, 220, 300)
    press = lowpass(np.clip(0.5 + drift(rng, seconds, between(rng, 1, 4)), 0, 1), 10)
    freq = base * (1 - 0.08 * press)
    amps = slope_amps(40, rng.uniform(4, 9)) * np.exp(0.6 * rng.standard_normal(40))
    buzz = level(harmonics(freq, seconds, amps, rng))
    mouth = resonate(buzz, [500, between(rng, 900, 1800), 2600], [120, 180, 250], [1, 1, 0.6])
    foam = airflow(rng, seconds, 1500, 7000) * press
    x = buzz * (1 - 0.5 * press) + level(mouth) * press + rng.uniform(0.02, 0.3) * foam
    return running(rng, x, pole(base, 200, 5000, "low", "high"))


@sound("sewing_machine")
def sewing_machine(rng: Rng) -> Sound:
    """Sewing machine: rapid needle clatter speeding up and slowing with the pedal, motor whir."""
    seconds = length(rng, 2)
    pedal = np.clip(0.6 + drift(rng, seconds, between(rng, 0.5, 2)), 0, 1)
    rate = between(rng, 8, 17) * (0.15 + 0.85 * pedal)
    hits = firings(rate, [1.0, 0.95, 1.05]) + 0.6 * np.roll(firings(rate, [1.0]), samples(0.02))
    low = between(rng, 400, 1500)
    needle = knocks(rng, hits * rng.uniform(0.7, 1, len(hits)), low, low * 6, 0.006)
    motor = brushed_motor(rng, seconds, rate * rng.uniform(9, 14), 0.3) * pedal
    x = needle + rng.uniform(0.15, 0.6) * motor
    return running(rng, x, ("fast", "repeated", "metallic"), steady=False)


@sound("escalator")
def escalator(rng: Rng) -> Sound:
    """Escalator: low motor drone, steps rolling over the comb with soft periodic clunks."""
    seconds = length(rng, 2)
    rate = between(rng, 1.0, 2.2)
    drone = level(harmonics(between(rng, 40, 130), seconds, slope_amps(20, 4), rng))
    roll = rumble(rng, seconds, between(rng, 250, 800)) * wobble(rng, seconds, rate, 0.3)
    hits = impulses(seconds, beats(rng, seconds, rate, 0.03, rng.uniform(0, 0.4)))
    chain = impulses(seconds, beats(rng, seconds, rate * float(rng.integers(4, 9)), 0.05))
    steps = knocks(rng, hits + 0.2 * chain, 120, 1800, 0.012)
    squeak = harmonics(
        between(rng, 700, 1800) * (1 + 0.03 * drift(rng, seconds, 4)), seconds, [1, 0.4, 0.2], rng
    ) * np.clip(np.sin(phase(rate, seconds)) - 0.6, 0, 1)
    x = drone + rng.uniform(0.4, 1) * roll + rng.uniform(0.3, 0.9) * steps
    x = x + float(rng.choice([0, rng.uniform(0.2, 1)])) * squeak
    return running(rng, tint(rng, x, 3), ("low", "regular"))
