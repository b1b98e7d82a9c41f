"""Streets, rails and harbours: wheels, engine faults, brakes, boats, wipers, a vending truck."""

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
    firings,
    gate,
    grain_cloud,
    harmonics,
    highpass,
    impulses,
    length,
    level,
    lowpass,
    modal,
    place,
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
)
from training.synthesis.finish import Tags, events, pace, pitch, regularity, running
from training.synthesis.registry import RATE, Sound, sound
from training.synthesis.sources import (
    airflow,
    combustion,
    envelope_of,
    knocks,
    pass_by,
    rumble,
)
from training.synthesis.vehicles import engine_kind, tyre_roar
from training.synthesis.worksite import stroke_shape


@sound("steam_locomotive")
def steam_locomotive(rng: Rng) -> Sound:
    """Steam engine at work: four exhaust blasts a turn, one stronger, rods clanking, getting on."""
    seconds = length(rng, 2.5)
    rate = between(rng, 1.2, 14)
    change = float(rng.choice([1.0, 1.0, rng.uniform(1.3, 2.2), rng.uniform(0.5, 0.8)]))
    chuffs = firings(
        ramp(seconds, [(0, rate), (seconds, rate * change)]), list(rng.uniform(0.5, 1, 4))
    )
    blast = np.minimum(convolve(chuffs, decay(0.8, rng.uniform(0.12, 0.5) / rate, 0.15 / rate)), 3)
    steam = airflow(rng, seconds, between(rng, 120, 450), between(rng, 600, 3500), -8.0)
    boom = convolve(chuffs, thump(rng, 0.3, between(rng, 50, 110), 0.06, 0.2))
    rods = knocks(rng, chuffs, 400, 3500, 0.02)
    x = level(steam * (blast + rng.uniform(0.01, 0.15))) + rng.uniform(0.1, 0.6) * level(boom)
    x = x + rng.uniform(0.02, 0.3) * rods + rng.uniform(0.05, 0.3) * rumble(rng, seconds, 200)
    even: Tags = ("regular",) if change == 1.0 else ()
    return running(
        rng, tint(rng, x, 3), ("repeated", *pace(rate * (1 + change) / 2), *even), steady=False
    )


@sound("train_brake_squeal")
def train_brake_squeal(rng: Rng) -> Sound:
    """Braking train or tram: wheel modes squealing over slowing wheels; air at the end."""
    seconds = length(rng, 2)
    stop = seconds * rng.uniform(0.6, 1.6)
    speed = np.clip(1 - times(seconds) / stop, 0, 1)
    base, sink = between(rng, 900, 5000), float(rng.choice([0.0, rng.uniform(0.1, 0.3)]))
    x = np.zeros(samples(seconds))
    for ratio in (1.0, *rng.uniform(1.15, 2.6, int(rng.integers(1, 4)))):
        freq = base * ratio * (1 - sink + sink * speed) * (1 + 0.006 * drift(rng, seconds, 15))
        grip = np.clip(0.5 + 0.9 * drift(rng, seconds, between(rng, 1, 6)), 0, 1)
        x += rng.uniform(0.3, 1) * harmonics(freq, seconds, [1, 0.3, 0.15], rng) * grip
    x = level(x * np.minimum(1, 6 * speed) + 1e-9)
    roll = airflow(rng, seconds, 80, between(rng, 400, 1800)) * (0.1 + 0.9 * speed)
    x = x + rng.uniform(0.1, 0.6) * level(roll)
    if stop < seconds - 0.2 and chance(rng, 0.7):
        puff = highpass(white(rng, 1.5), 1500) * decay(1.5, between(rng, 0.1, 0.5), 0.02)
        x = x + rng.uniform(0.3, 1) * place(seconds, [stop], lambda _: puff)
    tags: Tags = pitch(base) + (("falling",) if sink > 0.15 else ())
    return events(rng, fade(x, 0.03, 0.03), (*tags, "harsh", "metallic"))


@sound("engine_knock")
def engine_knock(rng: Rng) -> Sound:
    """Engine knocking: pinging combustion under load, or a loose rod hitting once a turn."""
    seconds = length(rng, 2)
    deep = chance(rng, 0.5)
    kind = engine_kind(rng)
    base = between(rng, 600, 1600) if deep else between(rng, 1000, 3500)
    swing = 1 + rng.uniform(0.01, 0.25) * drift(rng, seconds, 1)
    rpm = base * swing
    engine = combustion(rng, rpm, kind, 0.25, rng.uniform(0, 0.4))
    pulses = firings(rpm / 60 * (1 if deep else kind / 2), list(rng.uniform(0.5, 1, 24)))
    if not deep:
        pulses = pulses * np.clip(0.3 + 1.2 * drift(rng, seconds, 4), 0, 1)
    low = between(rng, 180, 500) if deep else between(rng, 1500, 3500)
    knock = knocks(rng, pulses, low, low * rng.uniform(2.5, 5), between(rng, 0.002, 0.012))
    x = engine + rng.uniform(0.5, 1.6) * knock + rng.uniform(0.05, 0.3) * rumble(rng, seconds)
    tags: Tags = ("dull", "regular", *pace(base / 60)) if deep else ("metallic",)
    return running(rng, tint(rng, x, 3), ("repeated", *tags), steady=False)


@sound("engine_misfire")
def engine_misfire(rng: Rng) -> Sound:
    """Engine running on fewer cylinders: a gap in every cycle or now and then, shaking, pops."""
    seconds = length(rng, 2)
    kind = int(rng.choice([3, 4, 4, 6]))
    base, dead = between(rng, 550, 1500), chance(rng, 0.5)
    rpm = base * (1 + rng.uniform(0.02, 0.15) * drift(rng, seconds, 4))
    engine = combustion(rng, rpm, kind, 0.35, rng.uniform(0.1, 0.6))
    turn = np.cumsum(rpm / 120) / RATE
    gap = np.asarray(turn % 1 < 1.2 / kind, float)
    if not dead:
        missed = rng.random(int(turn[-1]) + 2) < rng.uniform(0.15, 0.6)
        gap = gap * missed[turn.astype(int)]
    x = engine * (1 - 0.9 * lowpass(gap, 60, 1))
    shake = sine(rpm / 120, seconds) * rng.uniform(0.1, 0.6)
    pops = scattered(rng, seconds, float(rng.choice([0.0, 1.5])))
    pop = lowpass(white(rng, 0.15), 2500) * decay(0.15, 0.02, 0.0005)
    x = x + shake + rng.uniform(1, 3) * place(seconds, pops, lambda i: unit(pop))
    tags: Tags = () if dead else ("irregular",)
    return running(rng, tint(rng, x, 3), ("low", *tags), steady=False)


@sound("flat_tyre")
def flat_tyre(rng: Rng) -> Sound:
    """Driving on a flat tyre: the slack rubber flops and slaps the road once or twice a turn."""
    seconds = length(rng, 2)
    rate = between(rng, 1.2, 14)
    marks = beats(rng, seconds, rate, rng.uniform(0.01, 0.06), rng.uniform(0, 0.3))
    body = between(rng, 60, 170)
    slap = bandpass(white(rng, 0.12), 250, between(rng, 1200, 3500)) * decay(0.12, 0.012)
    flop = thump(rng, 0.12, body, between(rng, 0.015, 0.04)) + rng.uniform(0.2, 0.9) * unit(slap)
    hits = impulses(seconds, marks, rng.uniform(0.7, 1, len(marks)))
    if chance(rng, 0.4):
        hits = hits + np.roll(hits, samples(rng.uniform(0.2, 0.4) / rate)) * rng.uniform(0.3, 0.8)
    road = tyre_roar(rng, seconds) * (0.6 + 0.4 * level(envelope_of(hits, 0.05)))
    engine = combustion(rng, np.full(samples(seconds), between(rng, 900, 2200)), 4, 0.2, 0.1)
    x = level(convolve(hits, flop)) + rng.uniform(0.1, 0.6) * level(road)
    x = x + rng.uniform(0.05, 0.4) * engine
    return running(rng, x, ("repeated", "regular", "dull", *pace(rate)), steady=False)


@sound("bicycle_freewheel")
def bicycle_freewheel(rng: Rng) -> Sound:
    """Coasting bicycle: pawls ticking over the freewheel's teeth, slowing down; tyres and wind."""
    seconds = length(rng, 1.5)
    rate = between(rng, 7, 130)
    end = float(rng.choice([1.0, rng.uniform(0.15, 0.7)]))
    pawls = list(np.exp(0.25 * rng.standard_normal(int(rng.integers(2, 5)))))
    hits = firings(ramp(seconds, [(0, rate), (seconds, rate * end)]), pawls)
    kernel = click(
        rng, between(rng, 1800, 6500), between(rng, 0.0006, 0.003), rng.uniform(0.2, 0.7)
    )
    ticks = level(convolve(hits, kernel))
    tyres = airflow(rng, seconds, 200, between(rng, 900, 4000))
    chain = grain_cloud(rng, seconds, between(rng, 10, 150), (1500, 6000), (0.0005, 0.003), 4)
    x = ticks + rng.uniform(0.02, 0.35) * tyres + rng.uniform(0, 0.2) * chain
    tags: Tags = ("repeated", "metallic", "crisp") + (("fast",) if rate * end > 8 else ())
    return running(rng, x, (*tags, *(("regular",) if end == 1.0 else ())), steady=False)


@sound("skateboard")
def skateboard(rng: Rng) -> Sound:
    """Skateboard: hard wheels roar on the ground, clack over joints; the tail pops, wheels land."""
    seconds = length(rng, 2)
    flight = seconds * rng.uniform(0.2, 0.6)
    jump = (flight, flight + rng.uniform(0.25, 0.6)) if chance(rng, 0.45) else None
    roll = airflow(rng, seconds, between(rng, 180, 600), between(rng, 1500, 5000), -7.0)
    rough = grain_cloud(rng, seconds, between(rng, 200, 2500), (500, 5000), (0.0005, 0.003), 5)
    on = 1 - (gate(seconds, [jump], 0.02) if jump else np.zeros(samples(seconds)))
    joints = beats(rng, seconds, between(rng, 0.5, 5), rng.uniform(0.03, 0.3), 0.1)
    pairs = np.sort(np.concatenate([joints, joints + rng.uniform(0.04, 0.12)]))
    clacks = knocks(rng, impulses(seconds, pairs, 1.0) * on, 250, 2500, between(rng, 0.006, 0.02))
    x = (roll + rng.uniform(0.2, 0.8) * rough) * on + rng.uniform(0, 1.2) * clacks
    if jump:
        crack = [strike(rng, 0.3, rng.uniform(300, 3500, 9), 0.02) for _ in range(2)]
        x = x + rng.uniform(3, 8) * place(seconds, list(jump), lambda i: crack[i])
    return events(rng, fade(tint(rng, x, 3), 0.02, 0.02), ("harsh",))


@sound("shopping_cart")
def shopping_cart(rng: Rng) -> Sound:
    """Shopping cart: castors rumbling and fluttering, the wire basket jangling with each bump."""
    seconds = length(rng, 2)
    push = np.clip(0.6 + 0.5 * drift(rng, seconds, 1.2), 0.08, 1)
    modes = np.abs(rng.uniform(600, 5500, 12))
    bumps = impulses(seconds, scattered(rng, seconds, between(rng, 15, 90))) * push
    bumps = bumps * np.exp(0.8 * rng.standard_normal(len(bumps)))
    kernel = modal(0.3, modes, between(rng, 0.01, 0.06), rng.uniform(0.2, 1, 12), rng)
    jangle = level(convolve(bumps, kernel))
    flutter = impulses(seconds, beats(rng, seconds, between(rng, 5, 16), 0.1)) * push
    castor = knocks(rng, flutter, 250, 2200, 0.008)
    roll = airflow(rng, seconds, 150, between(rng, 800, 3000)) * push
    squeak = harmonics(between(rng, 900, 2800), seconds, [1, 0.5, 0.3], rng)
    squeak = squeak * np.clip(2 * sine(between(rng, 0.8, 3), seconds) - 1, 0, 1)
    x = jangle + rng.uniform(0.2, 0.9) * castor + rng.uniform(0.3, 1) * level(roll)
    x = x + float(rng.choice([0.0, rng.uniform(0.2, 0.8)])) * squeak
    return running(rng, tint(rng, x, 3), ("metallic", "irregular"), steady=False)


@sound("suitcase_wheels")
def suitcase_wheels(rng: Rng) -> Sound:
    """Suitcase rolling: small hard wheels drone in the shell and tap over every paving joint."""
    seconds = length(rng, 2)
    rate = between(rng, 1.2, 14)
    jitter = float(rng.choice([0.02, 0.06, 0.4]))
    joints = beats(rng, seconds, rate, jitter, rng.uniform(0, 0.3))
    pairs = np.concatenate([joints, joints + rng.uniform(0.15, 0.4) / rate])
    shell = between(rng, 130, 420)
    taps = knocks(rng, impulses(seconds, pairs), shell, shell * 8, between(rng, 0.004, 0.014))
    roll = airflow(rng, seconds, between(rng, 120, 400), between(rng, 1000, 3500), -8.0)
    grit = grain_cloud(rng, seconds, between(rng, 200, 2000), (400, 3500), (0.0005, 0.004), 5)
    drone = resonate(roll + 0.5 * grit, [shell, 2.3 * shell], [shell / 6, shell / 3], [1.0, 0.5])
    bumpy = rng.uniform(0.3, 1.6)
    x = roll + 0.4 * grit + rng.uniform(0.3, 1.2) * level(drone) + bumpy * taps
    tags: Tags = ("repeated", *pace(rate), *regularity(joints))
    return running(rng, tint(rng, x, 3), tags if bumpy > 0.6 else (), steady=False)


@sound("truck_passing")
def truck_passing(rng: Rng) -> Sound:
    """Lorry driving by: diesel at work, many big tyres, body rattle, swelling and sinking."""
    seconds = length(rng, 3)
    rpm = between(rng, 900, 2000) * (1 + rng.uniform(0, 0.12) * drift(rng, seconds, 0.8))
    engine = combustion(rng, rpm, int(rng.choice([4, 6, 6, 8])), 0.3, rng.uniform(0.1, 0.35))
    clatter = knocks(rng, np.clip(engine - 1.2, 0, None), 900, 4000, 0.004)
    tyres = airflow(rng, seconds, between(rng, 150, 500), between(rng, 900, 2200), -7.0)
    bumps = impulses(seconds, scattered(rng, seconds, between(rng, 2, 20)))
    rattle = knocks(rng, bumps, 250, 3000, 0.03)
    x = engine + rng.uniform(0.1, 0.5) * clatter + rng.uniform(0.3, 1.2) * tyres
    x = x + rng.uniform(0, 0.5) * rattle + rng.uniform(0.3, 1) * rumble(rng, seconds, 110)
    y, tags = pass_by(rng, x)
    return events(rng, y, ("low", *(tag for tag in tags if tag != "falling")))


@sound("motorboat")
def motorboat(rng: Rng) -> Sound:
    """Outboard boat: buzzing engine, hull slapping waves, spray and gurgling exhaust; may pass."""
    seconds = length(rng, 2.5)
    slow = chance(rng, 0.3)
    rpm = (between(rng, 700, 1400) if slow else between(rng, 2500, 5800)) * np.ones(
        samples(seconds)
    )
    rpm = rpm * (1 + rng.uniform(0.01, 0.06) * drift(rng, seconds, 2))
    engine = combustion(
        rng, rpm, int(rng.integers(1, 5)), 0.2, rng.uniform(0.2, 0.8), int(rng.choice([2, 4]))
    )
    under = lowpass(grain_cloud(rng, seconds, 120, (150, 900), (0.004, 0.02), 6), 1500)
    waves = impulses(seconds, scattered(rng, seconds, 0.5 if slow else between(rng, 0.5, 4)))
    slaps = convolve(waves, thump(rng, 0.3, between(rng, 60, 140), 0.05))
    spray = airflow(rng, seconds, 700, 6000) * (0.3 + np.minimum(envelope_of(waves, 0.15), 2))
    x = engine + rng.uniform(0.1, 0.8) * under + rng.uniform(0.1, 0.6) * level(spray)
    x = tint(rng, x + rng.uniform(0.1, 0.6) * level(slaps + 1e-9), 3)
    if not slow and chance(rng, 0.4):
        y, tags = pass_by(rng, x)
        return events(rng, y, tags)
    return running(rng, x, ("low",) if slow else (), steady=False)


@sound("rigging_clank")
def rigging_clank(rng: Rng) -> Sound:
    """Halyards in a marina: ropes tapping hollow aluminium masts in the gusts, several at once."""
    seconds = length(rng, 2.5)
    gusts = np.clip(0.6 + 0.5 * drift(rng, seconds, 1), 0.1, 1)
    x = np.zeros(samples(seconds))
    for _ in range(int(rng.integers(1, 6))):
        base = between(rng, 350, 2200)
        tube = base * np.array([1, 1.51, 2.03, 2.76, 3.4, 5.4]) * rng.uniform(0.95, 1.05, 6)
        taps = beats(rng, seconds, between(rng, 0.6, 6), rng.uniform(0.15, 0.6), rng.uniform(0, 1))
        hits = impulses(seconds, taps, np.exp(0.5 * rng.standard_normal(len(taps)))) * gusts
        ring = strike(rng, 0.6, tube, between(rng, 0.02, 0.18))
        x += rng.uniform(0.3, 1) * convolve(hits, ring)
    wind = airflow(rng, seconds, 100, between(rng, 300, 900)) * gusts
    water = grain_cloud(rng, seconds, between(rng, 2, 20), (200, 900), (0.005, 0.03), 4)
    x = level(x + 1e-9) + rng.uniform(0.05, 0.5) * wind + rng.uniform(0, 0.15) * water
    return events(rng, x, ("metallic", "irregular", "repeated", "bright"))


@sound("windshield_wiper")
def windshield_wiper(rng: Rng) -> Sound:
    """Wipers: rubber sweeps there and back, thuds at the ends, motor whirr; dry ones judder."""
    seconds = length(rng, 2.5)
    rate = between(rng, 0.8, 3.2)
    marks = beats(rng, seconds, rate, 0.01, rng.uniform(0.02, 0.4))
    sweep = stroke_shape(seconds, marks, rng.uniform(0.6, 0.95) / rate)
    low = between(rng, 300, 1500)
    swish = bandpass(white(rng, seconds), low, low * rng.uniform(3, 6)) * sweep
    dry = chance(rng, 0.4)
    judder = harmonics(
        between(rng, 25, 900) * (0.6 + 0.5 * sweep), seconds, slope_amps(25, rng.uniform(2, 6)), rng
    )
    ends = place(seconds, marks, lambda i: thump(rng, 0.15, between(rng, 80, 170), 0.02))
    motor = level(
        harmonics(between(rng, 90, 260) * (0.9 + 0.1 * sweep), seconds, slope_amps(10, 5))
    )
    rain = grain_cloud(rng, seconds, between(rng, 50, 2500), (500, 5000), (0.0005, 0.004), 5)
    x = level(swish) + rng.uniform(0.2, 1) * level(ends) + rng.uniform(0.05, 0.5) * motor
    x = x + (rng.uniform(0.4, 1.3) * level(judder * sweep) if dry else 0.0)
    x = x + rng.uniform(0, 0.4) * (0.2 if dry else 1) * rain
    return events(rng, x, ("repeated", "regular", *pace(rate), "harsh" if dry else "soft"))


@sound("ice_cream_truck")
def ice_cream_truck(rng: Rng) -> Sound:
    """Vending or sprinkler truck: a simple chime melody from a horn loudspeaker, engine below."""
    seconds = length(rng, 3)
    rate = between(rng, 2.2, 7)
    marks = beats(rng, seconds, rate, 0.0, rng.uniform(0, 0.2))
    marks = marks[rng.random(len(marks)) > 0.15]
    scale = np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16])
    steps = np.clip(np.cumsum(rng.integers(-2, 3, len(marks))) + 4, 0, 9)
    notes = between(rng, 420, 1050) * 2 ** (scale[steps] / 12)
    chime, ring = chance(rng, 0.6), between(rng, 0.08, 0.5)

    def note(index: int) -> Array:
        if chime:
            partials = notes[index] * np.array([1, 2, 3.01, 5.4])
            return modal(0.8, partials, [ring, ring / 2, ring / 3, ring / 6], [1, 0.4, 0.3, 0.2])
        return fade(harmonics(notes[index], 0.9 / rate, 1 / np.arange(1, 12)), 0.005, 0.03)

    song = bandpass(place(seconds, marks, note), between(rng, 250, 700), between(rng, 2500, 6000))
    song = np.tanh(rng.uniform(0.5, 3) * level(song))
    engine = combustion(rng, np.full(len(song), between(rng, 650, 1300)), 4, 0.3, 0.15)
    x = level(song) + rng.uniform(0.01, 0.35) * engine
    if chance(rng, 0.3):
        x = x + 0.3 * airflow(rng, seconds, 800, 8000)  # its water jets
    return events(rng, tint(rng, x, 4), ("bright", "repeated"))
