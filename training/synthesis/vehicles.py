"""Vehicles on road, rail and in the air, heard outside and from inside."""

import numpy as np

from training.synthesis.blocks import (
    Array,
    Rng,
    beats,
    between,
    chance,
    click,
    coloured,
    convolve,
    drift,
    firings,
    flanger,
    gate,
    harmonics,
    impulses,
    length,
    level,
    lowpass,
    mix,
    phase,
    place,
    ramp,
    samples,
    shaped_noise,
    sine,
    slope_amps,
    strike,
    thump,
    times,
    tint,
    wobble,
)
from training.synthesis.finish import Tags, events, pole, running
from training.synthesis.materials import outdoors
from training.synthesis.registry import Sound, sound
from training.synthesis.sources import (
    airflow,
    blade_chop,
    combustion,
    knocks,
    pass_by,
    rumble,
    spin,
)


def wheel_joints(rng: Rng, seconds: float, pair: float, gap: float) -> Array:
    """Times of wheels crossing rail joints: two axles close together, again and again."""
    starts = np.arange(rng.uniform(-pair, 0), seconds, pair)
    axles = np.array([0.0, gap])
    return np.sort((starts[:, None] + axles).ravel() + 0.004 * rng.standard_normal(2 * len(starts)))


def rail_clacks(rng: Rng, seconds: float, marks: Array) -> Array:
    """Clack of a wheel on a rail joint at each time; RMS 1."""
    hits = impulses(seconds, marks, rng.uniform(0.6, 1, len(marks)))
    metal = knocks(rng, hits, 250, 2800, between(rng, 0.006, 0.02))
    body = convolve(hits, thump(rng, 0.2, between(rng, 60, 120), 0.03))
    return level(metal + level(body))


def tyre_roar(rng: Rng, seconds: float) -> Array:
    """Tyres and air of a car on asphalt; RMS 1."""
    return airflow(rng, seconds, between(rng, 300, 800), between(rng, 1200, 2500), -7.0)


def engine_kind(rng: Rng) -> int:
    """A usual number of cylinders."""
    return int(rng.choice([3, 4, 4, 4, 6, 8]))


@sound("car_engine_idle")
def car_engine_idle(rng: Rng) -> Sound:
    """Petrol car at idle: soft steady firing, belt and valve-gear ticking."""
    seconds = length(rng, 2)
    rpm = np.full(samples(seconds), between(rng, 580, 1050))
    rpm = rpm * (1 + rng.uniform(0.003, 0.03) * drift(rng, seconds, 3))
    engine = combustion(rng, rpm, engine_kind(rng), rng.uniform(0.05, 0.4), rng.uniform(0, 0.25))
    ticks = firings(rpm / 60 * 2, list(rng.uniform(0.5, 1, 8)))
    valves = knocks(rng, ticks, 1200, 5000, 0.003)
    fan = airflow(rng, seconds, 100, between(rng, 500, 2000))
    x = engine + rng.uniform(0.02, 0.25) * valves + rng.uniform(0.05, 0.3) * fan
    return running(rng, tint(rng, x, 3), ("low",))


@sound("car_engine_start")
def car_engine_start(rng: Rng) -> Sound:
    """Starting: starter gear cranking through compressions, then firing up and settling; or not."""
    seconds = length(rng, 2.5)
    start, crank = rng.uniform(0.02, 0.4), rng.uniform(0.5, 2.0)
    fires = chance(rng, 0.8)
    crank = crank if fires else seconds - start - rng.uniform(0.1, 0.5)
    caught = start + crank
    speed = between(rng, 2.5, 4.5)
    strain = 1 + 0.25 * np.sin(phase(2 * speed, seconds))
    cranking = gate(seconds, [(start, caught)], 0.02)
    starter = level(harmonics(speed * 42 * strain, seconds, slope_amps(30, 3), rng)) * cranking
    starter = starter * (0.7 + 0.5 * np.sin(phase(2 * speed, seconds)))
    idle = between(rng, 650, 1000)
    rpm = ramp(
        seconds,
        [(0, idle * 0.4), (caught, idle * 0.6), (caught + 0.35, idle * 2.1), (caught + 1.6, idle)],
    )
    engine = combustion(rng, rpm, engine_kind(rng), 0.3, 0.3)
    shape = ramp(seconds, [(0, 0), (caught - 0.05, 0.0), (caught + 0.2, 1.4), (caught + 1.5, 0.8)])
    x = rng.uniform(0.5, 1) * starter + (engine * shape if fires else 0.0)
    x = x + place(seconds, [start], lambda i: strike(rng, 0.1, rng.uniform(400, 3000, 6), 0.01))
    return events(rng, tint(rng, x, 3), ("harsh",))


@sound("car_engine_rev")
def car_engine_rev(rng: Rng) -> Sound:
    """Revving in neutral: engine speed swinging up and falling back, once or several times."""
    seconds = length(rng, 2)
    idle, top = between(rng, 750, 1100), between(rng, 3000, 7500)
    marks = [0.0]
    points = [(0.0, idle)]
    now = rng.uniform(0, 0.5)
    while now < seconds:
        peak = idle + (top - idle) * rng.uniform(0.5, 1)
        up, fall = rng.uniform(0.25, 0.9), rng.uniform(0.5, 1.3)
        points += [(now, idle), (now + up, peak), (now + up + fall, idle)]
        marks.append(now)
        now += up + fall + rng.uniform(0.05, 0.9)
    rpm = lowpass(ramp(seconds, points) - idle, 4) + idle
    engine = combustion(rng, rpm, engine_kind(rng), rng.uniform(0.05, 0.3), rng.uniform(0.3, 0.9))
    effort = (rpm / rpm.max()) ** 0.8
    rush = airflow(rng, seconds, 400, 4000) * effort
    x = engine * effort + rng.uniform(0.05, 0.3) * rush
    tags: Tags = ("repeated",) if len(marks) > 2 else ("single",)
    return events(rng, tint(rng, x, 4), (*tags, "harsh"))


@sound("car_passing")
def car_passing(rng: Rng) -> Sound:
    """Car driving by: tyre roar swelling and sinking, a little engine, Doppler drop."""
    seconds = length(rng, 2.5)
    rpm = np.full(samples(seconds), between(rng, 1400, 4500))
    engine = combustion(rng, rpm, engine_kind(rng), 0.15, rng.uniform(0.1, 0.5))
    wet = airflow(rng, seconds, 2500, 9000) * float(chance(rng, 0.25))
    x = tyre_roar(rng, seconds) + rng.uniform(0.1, 0.6) * engine + rng.uniform(0.2, 0.9) * wet
    y, tags = pass_by(rng, x)
    return events(rng, y, tuple(tag for tag in tags if tag != "falling"))


@sound("motorcycle")
def motorcycle(rng: Rng) -> Sound:
    """Motorcycle: open exhaust of one to four cylinders; accelerating, idling or passing."""
    seconds = length(rng, 2)
    cylinders = int(rng.choice([1, 2, 2, 4]))
    kind = int(rng.integers(3))
    tags: Tags = ()
    if kind == 0:
        low, high = between(rng, 1500, 3000), between(rng, 4500, 10000)
        shifts = np.sort(rng.uniform(0.4, 1.0, int(rng.integers(0, 3)))) * seconds
        part = times(seconds) / seconds
        rpm = low + (high - low) * part**0.7
        for shift in shifts:
            rpm = np.where(times(seconds) > shift, rpm * 0.75, rpm)
        rpm = lowpass(rpm - low, 6) + low
        tags = () if len(shifts) else ("rising",)
    else:
        base = between(rng, 900, 1600) if kind == 1 else between(rng, 3000, 8000)
        rpm = base * (1 + 0.03 * drift(rng, seconds, 3)) * np.ones(samples(seconds))
    engine = combustion(rng, rpm, cylinders, rng.uniform(0.1, 0.5), rng.uniform(0.5, 1))
    chain = airflow(rng, seconds, 900, 5000)
    x = tint(rng, engine + rng.uniform(0.02, 0.2) * chain, 4)
    if kind == 2:
        y, tags = pass_by(rng, x)
        return events(rng, y, (*tags, "harsh"))
    return running(rng, x, (*tags, "harsh"), steady=kind == 1)


@sound("electric_scooter_whine")
def electric_scooter_whine(rng: Rng) -> Sound:
    """Electric scooter or moped: motor whine gliding with speed, inverter tone, soft tyres."""
    seconds = length(rng, 2)
    top = between(rng, 500, 2600)
    kind = int(rng.integers(3))
    part = times(seconds) / seconds
    shape = (0.2 + 0.8 * np.clip(part * 1.4, 0, 1) ** 0.7, 1 - 0.8 * part, np.ones_like(part))[kind]
    freq = top * shape * (1 + 0.01 * drift(rng, seconds, 4))
    whine = level(harmonics(freq, seconds, slope_amps(7, rng.uniform(4, 12)), rng) * (0.3 + shape))
    side = level(sine(freq * rng.uniform(1.4, 2.6), seconds))
    inverter = level(sine(between(rng, 6000, 12000), seconds)) * rng.uniform(0, 0.15)
    tyres = airflow(rng, seconds, 200, 1500) * shape
    x = whine + rng.uniform(0.05, 0.4) * side + inverter + rng.uniform(0.1, 0.7) * tyres
    tags: tuple[Tags, ...] = (("rising",), ("falling",), ())
    return running(rng, x, (*tags[kind], "soft"))


@sound("turn_signal")
def turn_signal(rng: Rng) -> Sound:
    """Indicator relay in a car: tick, tock, about 1.4 pairs a second, cabin noise behind."""
    seconds = length(rng, 2)
    rate = between(rng, 1.2, 2.1)
    tone, fall = between(rng, 900, 3500), between(rng, 0.002, 0.006)
    body, lower = between(rng, 250, 700), rng.uniform(0.65, 0.95)
    tick = mix(0.1, click(rng, tone, fall, 0.3), 0.5 * click(rng, body, 0.01, 0.1))
    tock = 0.8 * mix(0.1, click(rng, tone * lower, fall, 0.3), 0.5 * click(rng, body, 0.01, 0.1))
    marks = beats(rng, seconds, 2 * rate, 0.0, rng.uniform(0.02, 0.3))
    x = place(seconds, marks, lambda i: (tick, tock)[i % 2])
    x = x + rng.uniform(0.003, 0.04) * rumble(rng, seconds, 250)
    return events(rng, x, ("repeated", "regular", "crisp", "intermittent"))


@sound("traffic_noise")
def traffic_noise(rng: Rng) -> Sound:
    """Busy road: many passing swells of tyre noise over a low roar, an engine, a far horn."""
    seconds = length(rng, 3)
    bed = airflow(rng, seconds, 60, between(rng, 300, 1200), -8.0)
    cars = tyre_roar(rng, seconds) * np.clip(
        drift(rng, seconds, between(rng, 0.4, 1.5)) + 0.3, 0, 1
    )
    rpm = between(rng, 900, 2400) * (1 + 0.25 * drift(rng, seconds, 0.6))
    lorry = combustion(rng, rpm, int(rng.choice([4, 6])), 0.3, 0.15)
    lorry = lorry * np.clip(drift(rng, seconds, 0.7), 0, 1)
    x = bed + rng.uniform(0.4, 1.5) * cars + rng.uniform(0, 1) * lorry
    if chance(rng, 0.25):
        at = rng.uniform(0, 0.8) * seconds
        honk = harmonics(between(rng, 380, 480), seconds, slope_amps(12, 4))
        honk = honk + harmonics(between(rng, 480, 560), seconds, slope_amps(12, 4))
        x = x + 0.3 * honk * gate(seconds, [(at, min(at + rng.uniform(0.2, 0.7), seconds))], 0.03)
    return events(rng, x, ("continuous", "long") if seconds > 4 else ("continuous",))


@sound("car_skid")
def car_skid(rng: Rng) -> Sound:
    """Tyres skidding: rough harmonic squeal wavering and sinking over rubbing noise."""
    seconds = length(rng, 1.2, 4)
    base = between(rng, 500, 1500)
    start, on = rng.uniform(0.02, 0.3), rng.uniform(0.5, 0.9) * seconds
    sink = 1 - rng.uniform(0, 0.35) * times(seconds) / seconds
    freq = base * sink * (1 + 0.06 * drift(rng, seconds, 8) + 0.012 * drift(rng, seconds, 120))
    squeal = harmonics(freq, seconds, slope_amps(14, rng.uniform(3, 8)), rng)
    second = harmonics(freq * rng.uniform(1.15, 1.4), seconds, slope_amps(10, 5), rng)
    grip = np.clip(0.7 + 0.6 * drift(rng, seconds, between(rng, 4, 15)), 0.05, 1)
    scrub = airflow(rng, seconds, 500, 4500)
    x = level((squeal + rng.uniform(0, 0.8) * second) * grip) + rng.uniform(0.1, 0.6) * scrub
    x = x * gate(seconds, [(start, min(start + on, seconds))], rng.uniform(0.03, 0.25))
    return events(rng, x, ("harsh", "single", *pole(base, 600, 1100, "low", "high")))


@sound("train_passing")
def train_passing(rng: Rng) -> Sound:
    """Train going by: heavy rolling roar, clacks over joints, wheel hiss; swells and sinks."""
    seconds = length(rng, 3)
    pair = between(rng, 0.35, 1.3)
    clacks = rail_clacks(
        rng, seconds, wheel_joints(rng, seconds, pair, pair * rng.uniform(0.12, 0.25))
    )
    roar = airflow(rng, seconds, 80, between(rng, 500, 2000), -7.0)
    hiss = airflow(rng, seconds, 2000, 7000) * wobble(rng, seconds, 1 / pair, 0.4)
    x = roar + rng.uniform(0.3, 1.2) * clacks + rng.uniform(0.05, 0.4) * hiss
    x = x + rng.uniform(0.2, 0.8) * rumble(rng, seconds, 120)
    kind = int(rng.integers(4))
    if kind == 0:
        x = x * ramp(seconds, [(0, 0.05), (seconds, 1)], log=True)
        return events(rng, x, ("loud_growing", "regular"))
    if kind == 1:
        x = x * ramp(seconds, [(0, 1), (seconds, 0.05)], log=True)
        return events(rng, x, ("fading", "regular"))
    return events(rng, x, ("continuous", "regular"))


@sound("subway_train")
def subway_train(rng: Rng) -> Sound:
    """Underground train: tunnel roar, motor whine gliding on start or braking, flange squeal."""
    seconds = length(rng, 3)
    kind = int(rng.integers(3))
    part = times(seconds) / seconds
    shape = (0.1 + 0.9 * part, 1 - 0.9 * part, np.ones_like(part))[kind]
    whine = harmonics(
        between(rng, 300, 1100) * shape, seconds, slope_amps(10, rng.uniform(3, 8)), rng
    )
    roar = airflow(rng, seconds, 90, between(rng, 400, 1500), -7.0) * (0.3 + 0.7 * shape)
    pair = between(rng, 0.5, 1.5)
    clacks = rail_clacks(rng, seconds, wheel_joints(rng, seconds, pair, pair * 0.2))
    squeal = harmonics(
        between(rng, 1800, 4200) * (1 + 0.01 * drift(rng, seconds, 4)),
        seconds,
        [1, 0.4, 0.3, 0.1],
        rng,
    )
    squeal = squeal * np.clip(2 * drift(rng, seconds, 0.9), 0, 1)
    x = roar + rng.uniform(0.1, 0.7) * level(whine) + rng.uniform(0.1, 0.6) * clacks
    x = x + rng.uniform(0, 0.6) * squeal
    tags: tuple[Tags, ...] = (("rising", "loud_growing"), ("falling", "fading"), ())
    return events(rng, tint(rng, x, 3), (*tags[kind], "continuous"))


@sound("airplane_jet")
def airplane_jet(rng: Rng) -> Sound:
    """Jet overhead or taking off: broad roar with comb-like ground reflection and a fan whine."""
    seconds = length(rng, 3)
    roar = airflow(rng, seconds, between(rng, 60, 200), between(rng, 400, 1800), -5.0)
    roar = roar * (1 + 0.35 * drift(rng, seconds, 5))
    swept = flanger(rng, roar, between(rng, 0.001, 0.004), rng.uniform(0.03, 0.12))
    whine_freq = between(rng, 900, 3800) * ramp(seconds, [(0, rng.uniform(1, 1.2)), (seconds, 1)])
    whine = harmonics(whine_freq, seconds, [1, 0.3, 0.2], rng)
    buzz = harmonics(between(rng, 60, 140), seconds, slope_amps(40, 2), rng)
    x = level(swept) + rng.uniform(0.02, 0.5) * level(whine) + rng.uniform(0, 0.3) * level(buzz)
    return running(rng, x)


@sound("propeller_plane")
def propeller_plane(rng: Rng) -> Sound:
    """Light aircraft: strong blade-rate drone with many harmonics, engine and air; may pass."""
    seconds = length(rng, 3)
    rpm = between(rng, 1800, 2700) * (1 + 0.01 * drift(rng, seconds, 1.5))
    blades = int(rng.choice([2, 2, 3, 4]))
    drone = blade_chop(rng, rpm / 60 * blades, rng.uniform(0.3, 0.9))
    engine = combustion(rng, rpm, int(rng.choice([4, 6])), 0.15, 0.4)
    air = airflow(rng, seconds, 150, 1800)
    x = drone + rng.uniform(0.3, 1) * engine + rng.uniform(0.1, 0.6) * air
    if chance(rng, 0.3):
        second = blade_chop(rng, rpm / 60 * blades * rng.uniform(1.005, 1.03), 0.6)
        x = x + second
    if chance(rng, 0.4):
        y, tags = pass_by(rng, x)
        return events(rng, y, (*tags, "continuous"))
    return running(rng, x, ("low",))


@sound("helicopter")
def helicopter_slapping(rng: Rng) -> Sound:
    """Helicopter with few blades: each meets the last one's wake with a crack; passing or not."""
    seconds = length(rng, 4)
    marks = beats(rng, seconds, between(rng, 8, 20), 0.02)
    strength = np.interp(marks, times(seconds), 1 + 0.7 * drift(rng, seconds, 2))
    span = between(rng, 0.004, 0.02)
    crack = shaped_noise(rng, 6 * span, [40, 200, 1000, 8000], [-3, 0, -12, -40])
    crack = crack * np.exp(-times(6 * span) / span)
    slaps = level(convolve(impulses(seconds, marks, strength), crack))
    turbine = harmonics(between(rng, 700, 5000), seconds, [1, 0.4, 0.2], rng)
    wash = airflow(rng, seconds, 60, between(rng, 500, 3000))
    x = slaps + rng.uniform(0.3, 1.5) * wash + rng.uniform(0, 0.2) * turbine
    x = outdoors(rng, flanger(rng, x, between(rng, 0.002, 0.01), rng.uniform(0.05, 0.3)))
    if chance(rng, 0.3):
        x, tags = pass_by(rng, x)
        return events(rng, x, (*tags, "low"))
    return running(rng, x, ("repeated", "regular", "fast", "low"), False)


@sound("helicopter")
def helicopter_in_the_sky(rng: Rng) -> Sound:
    """Helicopter from the ground: tail rotor drone and chopped rush, the ground's echo sweeping."""
    seconds = length(rng, 3.5)
    moving = (
        1 + rng.uniform(-0.04, 0.04) * times(seconds) / seconds + 0.004 * drift(rng, seconds, 2)
    )
    rate = between(rng, 9, 26) * moving
    chop = 0.5 + 0.5 * np.sin(phase(rate, seconds, rng.uniform(0, 6)))
    depth = rng.uniform(0.1, 0.9)
    rush = level(coloured(rng, seconds, rng.uniform(-5, -1))) * (1 - depth + depth * chop**2)
    drone = harmonics(rate * rng.uniform(4.0, 6.5), seconds, slope_amps(24, rng.uniform(2, 5)), rng)
    x = rush + rng.uniform(0.1, 1.2) * level(drone)
    x = x + rng.uniform(0.05, 0.8) * blade_chop(rng, rate, rng.uniform(0, 0.8))
    x = flanger(rng, x, between(rng, 0.002, 0.012), rng.uniform(0.05, 0.3))
    air = 1 + rng.uniform(0.1, 0.45) * drift(rng, seconds, rng.uniform(0.5, 4))
    far = lowpass(x, between(rng, 300, 5000), 1)
    return running(rng, outdoors(rng, far * air), ("repeated", "regular", "fast", "low"), False)


@sound("drone_quadcopter")
def drone_quadcopter(rng: Rng) -> Sound:
    """Quadcopter: four small rotors buzzing at nearby pitches, wandering as it corrects."""
    seconds = length(rng, 2)
    base, tags = spin(rng, seconds, between(rng, 140, 420), 0.25)
    amps = slope_amps(40, rng.uniform(0.5, 4)) * np.exp(0.4 * rng.standard_normal(40))
    rotors = [
        harmonics(
            base * rng.uniform(0.94, 1.06) * (1 + 0.03 * drift(rng, seconds, 6)), seconds, amps, rng
        )
        for _ in range(4)
    ]
    motors = harmonics(base * 7, seconds, [1, 0.4, 0.2], rng)
    air = airflow(rng, seconds, 500, between(rng, 2500, 8000))
    x = level(np.sum(rotors, axis=0)) + rng.uniform(0.05, 0.3) * level(motors)
    x = x + rng.uniform(0.1, 0.6) * air
    return running(rng, tint(rng, x, 4), (*tags, "harsh"))


@sound("elevator_moving")
def elevator_moving(rng: Rng) -> Sound:
    """Inside a lift: motor hum gliding up, holding and gliding down, cable rumble, brake clunk."""
    seconds = length(rng, 3)
    start, end = rng.uniform(-1, 0.3), seconds + rng.uniform(-0.25, 1)
    speed = ramp(seconds, [(start - 0.01, 0.05), (start + 1.2, 1), (end - 1.2, 1), (end, 0.05)])
    motor = harmonics(
        between(rng, 90, 420) * (0.3 + 0.7 * speed), seconds, slope_amps(14, rng.uniform(4, 9)), rng
    )
    inverter = harmonics(between(rng, 700, 2500) * (0.3 + 0.7 * speed), seconds, [1, 0.2], rng)
    cable = rumble(rng, seconds, between(rng, 150, 500)) * speed
    stops = np.array([t for t in (start, end) if 0 < t < seconds - 0.1])
    clunks = place(
        seconds,
        stops,
        lambda i: (
            thump(rng, 0.4, 70, 0.05) + 0.4 * strike(rng, 0.4, rng.uniform(150, 1500, 7), 0.03)
        ),
    )
    air = airflow(rng, seconds, 80, 900)
    x = level(motor) * (0.2 + 0.8 * speed) + rng.uniform(0, 0.2) * level(inverter) * speed
    x = x + rng.uniform(0.3, 1) * cable + rng.uniform(0.5, 2) * clunks
    return events(rng, x + rng.uniform(0.1, 0.5) * air, ("low", "soft", "continuous"))
