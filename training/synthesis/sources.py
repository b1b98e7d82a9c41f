"""What drives most machines: rotation, electric motors, combustion engines, moving air."""

import numpy as np
from scipy import signal

from training.synthesis.blocks import (
    Array,
    Rng,
    bandpass,
    between,
    coloured,
    convolve,
    delayed,
    drift,
    firings,
    harmonics,
    highpass,
    level,
    lowpass,
    modal,
    plate_modes,
    resonate,
    samples,
    shaped_noise,
    slope_amps,
    times,
    white,
    wobble,
)
from training.synthesis.finish import Tags
from training.synthesis.registry import RATE


def spin(rng: Rng, seconds: float, base: float, moving: float = 0.3) -> tuple[Array, Tags]:
    """Rotation speed over time around ``base``: even, or (with a chance) running up or down."""
    wander = 1 + rng.uniform(0.001, 0.012) * drift(rng, seconds, 2)
    kind = rng.random()
    axis = times(seconds)
    constant = seconds * rng.uniform(0.2, 0.6)
    start = rng.uniform(0.15, 0.5)
    if kind < moving / 2:
        return base * wander * (1 - (1 - start) * np.exp(-axis / constant)), ("rising",)
    if kind < moving:
        return base * wander * (start + (1 - start) * np.exp(-axis / constant)), ("falling",)
    return base * wander, ()


def mains(rng: Rng, seconds: float, buzz: float) -> Array:
    """Mains hum at 50 or 60 Hz, mostly even harmonics; RMS 1.

    Args:
        rng: Source of randomness.
        seconds: Length.
        buzz: Fall of the harmonics in dB an octave: 18 a soft hum, 3 a harsh buzz.
    """
    base = float(rng.choice([50.0, 60.0]))
    amps = slope_amps(60, buzz) * np.exp(0.5 * rng.standard_normal(60))
    amps[0::2] *= rng.uniform(0.02, 0.4)
    return level(harmonics(base, seconds, amps, rng))


def airflow(rng: Rng, seconds: float, low: float, high: float, slope: float = -9.0) -> Array:
    """Rushing air: noise flat between two frequencies, falling on both sides; RMS 1."""
    edges = [20, low, high, RATE / 2]
    up, down = np.log2(low / 20), np.log2(RATE / 2 / high)
    bumps = rng.uniform(-3, 3, 4)
    return shaped_noise(rng, seconds, edges, np.array([-6 * up, 0, 0, slope * down]) + bumps)


def casing(rng: Rng, x: Array, base: float, count: int = 5, share: float = 0.7) -> Array:
    """Through the random resonances of a housing of a given lowest mode; RMS 1."""
    modes = np.abs(plate_modes(rng, base, count, 0.2)) + 20
    body = resonate(x, list(modes), list(modes / rng.uniform(6, 25)), [1.0] * count)
    return level(share * level(body) + (1 - share) * level(x))


def brushed_motor(rng: Rng, seconds: float, speed: Array, load: float = 0.5) -> Array:
    """Universal (brushed) motor of tools and kitchen appliances; RMS 1.

    Args:
        rng: Source of randomness.
        seconds: Length.
        speed: Turns a second over time (100 to 600).
        load: 0 smooth and light, 1 rough, growling and noisy.
    """
    bars = int(rng.integers(8, 25))
    amps = slope_amps(24, rng.uniform(3, 9)) * np.exp(0.6 * rng.standard_normal(24))
    shaft = level(harmonics(speed, seconds, amps, rng))
    teeth = level(harmonics(speed * bars, seconds, slope_amps(4, rng.uniform(3, 9)), rng))
    twice_mains = wobble(rng, seconds, float(rng.choice([100.0, 120.0])), 0.6)
    brushes = level(highpass(white(rng, seconds), between(rng, 700, 3000)) * twice_mains)
    once_a_turn = 1 + 0.5 * load * harmonics(speed, seconds, [1.0, 0.5], rng)
    mixed = shaft + rng.uniform(0.15, 0.8) * teeth + (0.2 + load) * brushes * once_a_turn
    return level(mixed * (1 + 0.15 * load * drift(rng, seconds, 12)))


def combustion(
    rng: Rng, rpm: Array, cylinders: int, rough: float, bright: float, strokes: int = 4
) -> Array:
    """Piston engine heard at its exhaust; RMS 1.

    Args:
        rng: Source of randomness.
        rpm: Crankshaft speed over time.
        cylinders: Their number.
        rough: 0 even firing, 1 very uneven cylinders.
        bright: 0 dull exhaust boom, 1 open and rasping.
        strokes: 2 or 4.
    """
    seconds = len(rpm) / RATE
    freq = rpm / 60 * cylinders * (2 / strokes)
    pattern = np.exp(0.5 * rough * rng.standard_normal(cylinders))
    sizes = np.tile(pattern, 24) * np.exp(0.3 * rough * rng.standard_normal(24 * cylinders))
    pulses = firings(freq, list(sizes))
    axis = times(0.03)
    kernel = np.exp(-axis / between(rng, 0.001, 0.006)) * (1 - np.exp(-axis / 0.0006))
    blast = convolve(pulses, kernel)
    pipes = between(rng, 55, 160) * np.array([1.0, 2.1, 3.3, 5.2, 8.4]) * rng.uniform(0.8, 1.2, 5)
    gains = list(np.exp(-np.arange(5) * (1.0 - 0.8 * bright)))
    tone = level(resonate(blast, list(pipes), list(pipes * rng.uniform(0.2, 0.7)), gains))
    opening = envelope_of(pulses, between(rng, 0.004, 0.012))
    hiss = level(bandpass(white(rng, seconds), 300, 1500 + 5000 * bright) * opening)
    return level(tone + (0.08 + 0.5 * bright) * hiss + 0.3 * level(lowpass(blast, 120)))


def envelope_of(pulses: Array, constant: float) -> Array:
    """Each pulse as a jump that dies with a time constant."""
    return np.asarray(signal.lfilter([1.0], [1.0, -np.exp(-1 / (constant * RATE))], pulses))


def knocks(rng: Rng, pulses: Array, low: float, high: float, ring: float) -> Array:
    """Each pulse as a knock on metal, with modes between two frequencies; RMS 1."""
    modes = rng.uniform(low, high, 8)
    kernel = modal(6 * ring, modes, rng.uniform(0.3, 1, 8) * ring, rng.uniform(0.2, 1, 8), rng)
    return level(convolve(pulses, kernel))


def rumble(rng: Rng, seconds: float, top: float = 200.0) -> Array:
    """Low uneven rumble below ``top``; RMS 1."""
    return level(lowpass(coloured(rng, seconds, -4.0), top) * (1 + 0.3 * drift(rng, seconds, 6)))


def pass_by(rng: Rng, x: Array) -> tuple[Array, Tags]:
    """Heard from beside its road: Doppler shift, and louder and brighter when near."""
    seconds = len(x) / RATE
    nearest, speed = rng.uniform(4, 14), rng.uniform(8, 32)
    place = rng.choice([rng.uniform(0.3, 0.7), 0.06, 0.95], p=[0.6, 0.2, 0.2])
    moment = seconds * float(place)
    distance = np.hypot(nearest, speed * (times(seconds) - moment))[: len(x)]
    late = (distance - distance.min()) / 343.0
    closeness = distance.min() / distance
    lead = x[: samples(late.max())][::-1]  # what was on its way when the clip began
    heard = delayed(np.concatenate([lead, x]), np.pad(late, (len(lead), 0)))[len(lead) :]
    dull = lowpass(heard, 900)
    y = (dull + (heard - dull) * closeness) * closeness
    if moment < 0.15 * seconds:
        return y, ("fading", "falling")
    return y, ("loud_growing",) if moment > 0.85 * seconds else ("falling",)


def blade_chop(rng: Rng, freq: Array, sharp: float) -> Array:
    """Pressure thump of rotor blades: a pulse train, ``sharp`` 0 round to 1 slapping; RMS 1."""
    seconds = len(freq) / RATE
    amps = slope_amps(int(6 + 30 * sharp), 6 - 3 * sharp)
    amps = amps * np.exp(0.2 * rng.standard_normal(len(amps)))
    return level(harmonics(freq, seconds, amps))
