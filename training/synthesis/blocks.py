"""Building blocks of the generators: noise, oscillators, filters, envelopes, events.

Signals are float64 arrays at ``RATE``; times are in seconds and frequencies in Hz. A frequency
may be a number or an array with one value per sample. Nothing here loops over samples.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import fft, signal

from training.synthesis.registry import RATE

Array: TypeAlias = NDArray[np.float64]
Rng: TypeAlias = np.random.Generator
Frequency: TypeAlias = float | Array

NYQUIST = RATE / 2


# --- amounts of time and of chance -----------------------------------------------------------


def samples(seconds: float) -> int:
    """Number of samples in a duration, at least one."""
    return max(1, round(seconds * RATE))


def times(seconds: float) -> Array:
    """Time axis: shape (samples,), in seconds from 0."""
    return np.arange(samples(seconds)) / RATE


def length(rng: Rng, shortest: float = 1.5, longest: float = 5.0) -> float:
    """A random clip length in seconds."""
    return float(rng.uniform(shortest, longest))


def between(rng: Rng, low: float, high: float) -> float:
    """A random number, even on a logarithmic scale: right for pitches, rates and decays."""
    return float(np.exp(rng.uniform(np.log(low), np.log(high))))


def chance(rng: Rng, probability: float) -> bool:
    """True with the given probability."""
    return bool(rng.random() < probability)


def gain(decibels: float) -> float:
    """Decibels as an amplitude factor."""
    return float(10 ** (decibels / 20))


# --- levels ----------------------------------------------------------------------------------


def rms(x: Array) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(x * x)))


def unit(x: Array) -> Array:
    """Scaled to a peak of 1; silence stays silence."""
    peak = float(np.max(np.abs(x), initial=0.0))
    return x / peak if peak > 0 else x


def level(x: Array) -> Array:
    """Scaled to an RMS of 1; silence stays silence."""
    size = rms(x)
    return x / size if size > 0 else x


def fit(x: Array, seconds: float) -> Array:
    """Cut or padded with silence at the end to a duration."""
    count = samples(seconds)
    return x[:count] if len(x) >= count else np.pad(x, (0, count - len(x)))


def mix(seconds: float, *parts: Array) -> Array:
    """Sum of parts, each cut or padded to a duration."""
    return np.asarray(np.sum([fit(part, seconds) for part in parts], axis=0))


# --- noise -----------------------------------------------------------------------------------


def white(rng: Rng, seconds: float) -> Array:
    """White noise with an RMS of 1."""
    return rng.standard_normal(samples(seconds))


def shaped_noise(rng: Rng, seconds: float, freqs: ArrayLike, decibels: ArrayLike) -> Array:
    """Noise whose spectrum follows (freqs, decibels) points, straight in log frequency; RMS 1."""
    count = samples(seconds)
    size = fft.next_fast_len(count, real=True)
    pairs = rng.standard_normal(2 * (size // 2 + 1), dtype=np.float32)
    spectrum = pairs.view(np.complex64) * _curve(size, freqs, decibels).astype(np.float32)
    return level(fft.irfft(spectrum, size)[:count].astype(float))


def coloured(rng: Rng, seconds: float, slope: float) -> Array:
    """Noise falling by ``slope`` dB an octave above 20 Hz (negative falls); RMS 1."""
    return shaped_noise(rng, seconds, [20, NYQUIST], [0, slope * np.log2(NYQUIST / 20)])


def brown(rng: Rng, seconds: float) -> Array:
    """Brown noise (-6 dB an octave), RMS 1."""
    return coloured(rng, seconds, -6.02)


def noise_tone(rng: Rng, seconds: float, freq: Frequency, bandwidth: float) -> Array:
    """Narrow noise around a frequency that may move: whistles, wind howl, breath tones. RMS 1."""
    slow = _lowpass_complex(rng, seconds, bandwidth / 2)
    return level(np.real(slow * np.exp(1j * phase(freq, seconds))))


def _lowpass_complex(rng: Rng, seconds: float, cutoff: float) -> NDArray[np.complex128]:
    sos = signal.butter(2, max(cutoff, 0.5), fs=RATE, output="sos")
    pair = rng.standard_normal((2, samples(seconds)))
    real, imaginary = signal.sosfilt(sos, pair, axis=1)
    return np.asarray(real + 1j * imaginary)


def _curve(size: int, freqs: ArrayLike, decibels: ArrayLike) -> Array:
    bands = np.geomspace(1.0, NYQUIST, 600)
    at = np.log(np.asarray(freqs, float))
    bend = np.interp(np.log(bands), at, np.asarray(decibels, float))
    grid = np.arange(size // 2 + 1) * (RATE / size)
    return np.asarray(np.interp(grid, bands, 10 ** (bend / 20)))


# --- filters ---------------------------------------------------------------------------------


def lowpass(x: Array, cutoff: float, order: int = 2) -> Array:
    """Butterworth low-pass."""
    sos = signal.butter(order, _safe(cutoff), "low", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, x))


def highpass(x: Array, cutoff: float, order: int = 2) -> Array:
    """Butterworth high-pass."""
    sos = signal.butter(order, _safe(cutoff), "high", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, x))


def bandpass(x: Array, low: float, high: float, order: int = 1) -> Array:
    """Butterworth band-pass."""
    edges = [_safe(low), max(_safe(high), _safe(low) * 1.01)]
    sos = signal.butter(order, edges, "band", fs=RATE, output="sos")
    return np.asarray(signal.sosfilt(sos, x))


def resonate(
    x: Array, freqs: Sequence[float], widths: Sequence[float], gains: Sequence[float]
) -> Array:
    """Parallel resonators: centre frequencies and -3 dB widths in Hz, linear gains.

    Give it noise or impulses and it makes formants, bodies and pipes. An impulse in rings with
    a time constant of ``1 / (pi * width)`` seconds.
    """
    out = np.zeros_like(x)
    for freq, width, size in zip(freqs, widths, gains, strict=True):
        if freq < NYQUIST * 0.98:
            b, a = _resonator(freq, width)
            out += size * signal.lfilter(b, a, x)
    return out


def equalise(x: Array, freqs: ArrayLike, decibels: ArrayLike) -> Array:
    """Filtered by a spectrum curve through (freqs, decibels) points."""
    size = fft.next_fast_len(len(x), real=True)
    spectrum = fft.rfft(x, size) * _curve(size, freqs, decibels)
    return np.asarray(fft.irfft(spectrum, size)[: len(x)])


def tint(rng: Rng, x: Array, depth: float = 6.0, points: int = 8) -> Array:
    """Coloured by a random smooth spectrum curve, ``depth`` dB deep: no two devices sound alike."""
    freqs = np.geomspace(60, NYQUIST, points)
    return equalise(x, freqs, rng.uniform(-depth, depth, points))


def comb(x: Array, delay: float, feedback: float) -> Array:
    """Feedback comb filter with a fixed delay in seconds: tubes and ducts."""
    step = samples(delay)
    rows = -(-len(x) // step)
    table = np.pad(x, (0, rows * step - len(x))).reshape(rows, step)
    return np.asarray(signal.lfilter([1.0], [1.0, -feedback], table, axis=0)).ravel()[: len(x)]


def delayed(x: Array, delay: Array) -> Array:
    """Read with a moving delay in seconds (one value per sample): flangers and Doppler shifts."""
    position = np.arange(len(x)) - delay * RATE
    return np.interp(position, np.arange(len(x)), x, left=0.0, right=0.0)


def flanger(rng: Rng, x: Array, delay: float = 0.003, speed: float = 0.3) -> Array:
    """Added to a copy of itself whose delay swings slowly."""
    seconds = len(x) / RATE
    swing = delay * (1 + 0.8 * np.sin(2 * np.pi * speed * times(seconds) + rng.uniform(0, 6)))
    return x + delayed(x, swing[: len(x)])


def _resonator(freq: float, width: float) -> tuple[list[float], list[float]]:
    radius = float(np.exp(-np.pi * width / RATE))
    angle = 2 * np.pi * freq / RATE
    scale = (1 - radius) * 2
    return [scale, 0.0, -scale * radius], [1.0, -2 * radius * float(np.cos(angle)), radius**2]


def _safe(freq: float) -> float:
    return float(np.clip(freq, 2.0, NYQUIST * 0.98))


# --- slow curves -----------------------------------------------------------------------------


def drift(rng: Rng, seconds: float, speed: float) -> Array:
    """Smooth random curve within -1..1, with ``speed`` (up to 1000) new values a second."""
    step = 16
    count = samples(seconds)
    knots = rng.uniform(-1, 1, int(seconds * speed) + 4)
    position = np.arange(count // step + 2) * (step * speed / RATE) + rng.random()
    index = np.minimum(position.astype(int), len(knots) - 2)
    part = position - index
    curve = knots[index] + (knots[index + 1] - knots[index]) * part * part * (3 - 2 * part)
    return np.asarray(np.interp(np.arange(count), np.arange(len(curve)) * step, curve))


def wobble(rng: Rng, seconds: float, rate: float, depth: float) -> Array:
    """Factor around 1 swinging as a sine of a given rate and relative depth, at random phase."""
    return 1 + depth * np.sin(2 * np.pi * rate * times(seconds) + rng.uniform(0, 2 * np.pi))


def ramp(seconds: float, points: Sequence[tuple[float, float]], log: bool = False) -> Array:
    """Curve through (time, value) points; straight in the logarithm of value if ``log``."""
    at = [point[0] for point in points]
    values = np.asarray([point[1] for point in points], float)
    axis = times(seconds)
    if log:
        return np.asarray(np.exp(np.interp(axis, at, np.log(values))))
    return np.asarray(np.interp(axis, at, values))


# --- oscillators -----------------------------------------------------------------------------


def phase(freq: Frequency, seconds: float, start: float = 0.0) -> Array:
    """Phase in radians of an oscillator of fixed or moving frequency."""
    count = samples(seconds)
    if np.ndim(freq) == 0:
        step = 2 * np.pi * float(np.asarray(freq)) / RATE
        return np.arange(count, dtype=float) * step + start
    return 2 * np.pi / RATE * np.cumsum(np.asarray(freq)[:count]) + start


def sine(freq: Frequency, seconds: float, start: float = 0.0) -> Array:
    """Sine wave."""
    return np.sin(phase(freq, seconds, start))


def harmonics(freq: Frequency, seconds: float, amps: ArrayLike, rng: Rng | None = None) -> Array:
    """Sum of harmonics 1, 2, 3... with the given amplitudes, up to the Nyquist frequency.

    Phases are random with ``rng``, and otherwise all sines. Costs the same for any number.
    """
    sizes = np.asarray(amps, float)
    top = float(np.max(freq))
    count = int(np.clip(NYQUIST * 0.95 / max(top, 1e-3), 1, min(len(sizes), 1000)))
    turn = rng.uniform(0, 2 * np.pi, count) if rng is not None else np.full(count, -np.pi / 2)
    size = 4096
    table = np.zeros(size // 2 + 1, complex)
    table[1 : count + 1] = sizes[:count] * np.exp(1j * turn)
    wave = np.fft.irfft(table, size) * (size / 2)
    position = phase(freq, seconds) * (size / (2 * np.pi))
    index = position.astype(np.int64)
    part = position - index
    index &= size - 1
    return wave[index] * (1 - part) + np.append(wave[1:], wave[0])[index] * part


def slope_amps(count: int, decibels: float) -> Array:
    """Amplitudes of ``count`` harmonics falling by ``decibels`` an octave (give it positive)."""
    return np.asarray(10 ** (-decibels / 20 * np.log2(np.arange(1, count + 1))))


def saw(freq: Frequency, seconds: float) -> Array:
    """Sawtooth without aliasing."""
    return harmonics(freq, seconds, 0.64 / np.arange(1, 400))


def square(freq: Frequency, seconds: float, duty: float = 0.5) -> Array:
    """Pulse wave without aliasing, of a given duty cycle."""
    order = np.arange(1, 400)
    return harmonics(freq, seconds, 1.27 / order * np.sin(np.pi * order * duty))


def fm(carrier: Frequency, seconds: float, ratio: float, index: Frequency) -> Array:
    """Frequency modulation: modulator at ``ratio`` times the carrier, with a modulation index."""
    base = phase(carrier, seconds)
    return np.sin(base + index * np.sin(base * ratio))


# --- envelopes -------------------------------------------------------------------------------


def decay(seconds: float, constant: float, attack: float = 0.001) -> Array:
    """Quick attack, then exponential decay with a time constant in seconds."""
    axis = times(seconds)
    return np.minimum(axis / max(attack, 1e-5), 1) * np.exp(-axis / constant)


def fade(x: Array, attack: float = 0.005, release: float = 0.005) -> Array:
    """With smooth (raised cosine) beginning and end."""
    out = np.array(x, float)
    head, tail = min(samples(attack), len(x)), min(samples(release), len(x))
    out[:head] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(head) / head)
    out[len(x) - tail :] *= 0.5 + 0.5 * np.cos(np.pi * np.arange(tail) / tail)
    return out


def gate(seconds: float, spans: Sequence[tuple[float, float]], edge: float = 0.004) -> Array:
    """1 inside (start, end) spans and 0 outside, with soft edges ``edge`` seconds long."""
    points: list[tuple[float, float]] = [(-1.0, 0.0)]
    for start, end in spans:
        soft = min(edge, (end - start) / 2.5)
        points += [(start, 0.0), (start + soft, 1.0), (end - soft, 1.0), (end, 0.0)]
    return ramp(seconds, points)


# --- events ----------------------------------------------------------------------------------


def beats(rng: Rng, seconds: float, rate: float, jitter: float = 0.0, start: float = 0.0) -> Array:
    """Times of events ``rate`` a second; ``jitter`` is a relative spread (0.1 human, 1 random)."""
    count = int((seconds - start) * rate * 1.5) + 8
    steps = np.maximum(1 + jitter * rng.standard_normal(count), 0.05) / rate
    marks = start + np.concatenate([[0.0], np.cumsum(steps)])
    return marks[marks < seconds]


def scattered(rng: Rng, seconds: float, rate: float) -> Array:
    """Times of independent (Poisson) events, ``rate`` a second on average, in order."""
    return np.sort(rng.uniform(0, seconds, rng.poisson(rate * seconds)))


def impulses(seconds: float, marks: Array, amps: ArrayLike = 1.0) -> Array:
    """Single-sample pulses at given times; amplitudes are one number or one for each."""
    count = samples(seconds)
    index = (np.asarray(marks) * RATE).astype(int)
    sizes = np.broadcast_to(np.asarray(amps, float), index.shape)
    inside = (index >= 0) & (index < count)
    return np.asarray(np.bincount(index[inside], sizes[inside], count), float)


def firings(freq: Array, amps: Sequence[float]) -> Array:
    """Pulse at each turn of an oscillator of moving frequency, sizes cycling through ``amps``.

    With the firing frequency of an engine, ``amps`` are its cylinders.
    """
    turns = np.floor(np.cumsum(freq) / RATE).astype(int)
    hits = np.flatnonzero(np.diff(turns, prepend=0) > 0)
    out = np.zeros(len(freq))
    out[hits] = np.asarray(amps)[turns[hits] % len(amps)]
    return out


def place(seconds: float, marks: ArrayLike, make: Callable[[int], Array]) -> Array:
    """Track with ``make(i)`` (a waveform) starting at the i-th time; what runs over is cut."""
    out = np.zeros(samples(seconds))
    for i, mark in enumerate(np.atleast_1d(np.asarray(marks, float))):
        start = int(mark * RATE)
        if 0 <= start < len(out):
            clip = make(i)[: len(out) - start]
            out[start : start + len(clip)] += clip
    return out


def convolve(x: Array, kernel: Array) -> Array:
    """Each pulse of ``x`` becomes a copy of ``kernel``; same length as ``x``."""
    return np.asarray(signal.oaconvolve(x, kernel)[: len(x)])


# --- struck things ---------------------------------------------------------------------------


def modal(
    seconds: float, freqs: ArrayLike, decays: ArrayLike, amps: ArrayLike, rng: Rng | None = None
) -> Array:
    """Sum of decaying sinusoids: a struck thing.

    ``freqs`` in Hz, ``decays`` time constants in seconds, ``amps`` linear, all of one length
    (decays and amps may be single numbers). Random phases with ``rng``, else sines. Cheap for
    dozens of modes.
    """
    pitch = np.asarray(freqs, float)
    keep = (pitch > 0) & (pitch < NYQUIST * 0.98)
    fall = np.broadcast_to(np.asarray(decays, float), pitch.shape)[keep]
    size = np.broadcast_to(np.asarray(amps, float), pitch.shape)[keep]
    pitch = pitch[keep]
    turn = rng.uniform(0, 2 * np.pi, len(pitch)) if rng is not None else np.zeros(len(pitch))
    rate = (2j * np.pi * pitch - 1 / fall) / RATE
    count = samples(seconds)
    step = int(np.ceil(np.sqrt(count)))
    # exp(rate * (block + offset)) is a product, so the whole sum is one matrix product.
    blocks = np.exp(np.outer(np.arange(step) * step, rate)) * (size * np.exp(1j * turn))
    offsets = np.exp(np.outer(rate, np.arange(step)))
    return np.ascontiguousarray((blocks @ offsets).imag.ravel()[:count])


def bar_modes(base: float, count: int = 6) -> Array:
    """Mode frequencies of a free bar (metal rod, key, tool): 1, 2.76, 5.40, 8.93..."""
    order = np.arange(1, count + 1, dtype=float) + 0.5
    return np.asarray(base * (order / 1.5) ** 2)


def plate_modes(rng: Rng, base: float, count: int = 16, spread: float = 0.15) -> Array:
    """Mode frequencies of a plate or casing: irregular and ever denser."""
    order = np.arange(count)
    return base * (1 + 0.62 * order) * (1 + spread * rng.standard_normal(count))


def strike(
    rng: Rng,
    seconds: float,
    freqs: ArrayLike,
    ring: float,
    brightness: float = 0.0,
    spread: float = 0.4,
) -> Array:
    """One random hit on a thing with the given modes; peak 1.

    Args:
        rng: Source of randomness.
        seconds: Length.
        freqs: Mode frequencies.
        ring: Time constant of the lowest mode; higher modes die sooner.
        brightness: dB an octave added to the modes (negative: dull).
        spread: Random relative spread of mode amplitudes.
    """
    pitch = np.abs(np.asarray(freqs, float)) + 1.0
    relative = pitch / pitch.min()
    sizes = gain(1) * 10 ** (brightness * np.log2(relative) / 20)
    sizes = sizes * np.exp(spread * rng.standard_normal(len(pitch)))
    return unit(modal(seconds, pitch, ring / relative**0.7, sizes, rng))


def thump(rng: Rng, seconds: float, freq: float, constant: float, drop: float = 0.5) -> Array:
    """Low thud: a sine falling in pitch by a share ``drop``, with a soft noise knock; peak 1."""
    axis = times(seconds)
    pitch = freq * (1 - drop + drop * np.exp(-axis / (constant * 0.5)))
    knock = lowpass(white(rng, seconds), freq * 6) * np.exp(-axis / (constant * 0.15))
    return unit(sine(pitch, seconds) * decay(seconds, constant) + 0.5 * knock)


def click(rng: Rng, freq: float, constant: float, noise: float = 0.5) -> Array:
    """Short click: a damped tone and a damped noise burst; peak 1, about 8 constants long."""
    seconds = 8 * constant + 0.002
    tone = modal(seconds, [freq, freq * rng.uniform(1.5, 2.8)], constant, [1.0, 0.5], rng)
    burst = highpass(white(rng, seconds), min(freq, 6000.0), 1) * decay(
        seconds, constant / 2, 0.0002
    )
    return unit((1 - noise) * unit(tone) + noise * unit(burst))


# --- grain clouds ----------------------------------------------------------------------------


def grain_cloud(
    rng: Rng,
    seconds: float,
    rate: float,
    freqs: tuple[float, float],
    ring: tuple[float, float],
    kinds: int = 10,
    density: Array | None = None,
    spread: float = 1.0,
) -> Array:
    """Many short random grains: rain, crackle, fizz, gravel. RMS 1.

    Args:
        rng: Source of randomness.
        seconds: Length.
        rate: Grains a second, from a few to tens of thousands.
        freqs: Range of grain pitches.
        ring: Range of grain time constants, in seconds.
        kinds: How many different grains are mixed.
        density: Relative density over time (one value per sample); even if None.
        spread: Spread of the logarithm of grain sizes: 0 all equal, 1.5 few big, many small.
    """
    count = samples(seconds)
    out = np.zeros(count)
    for _ in range(kinds):
        marks = _grain_marks(rng, seconds, rate / kinds, density)
        sizes = np.exp(spread * rng.standard_normal(len(marks))) * rng.choice([-1, 1], len(marks))
        b, a = _resonator(between(rng, *freqs), 1 / (np.pi * between(rng, *ring)))
        grains = signal.lfilter(b, a, impulses(seconds, marks, sizes))
        out += grains / (abs(b[0]) + 1e-9) * rng.uniform(0.5, 1)
    return level(out)


def _grain_marks(rng: Rng, seconds: float, rate: float, density: Array | None) -> Array:
    if density is None:
        return scattered(rng, seconds, rate)
    weight = np.cumsum(np.maximum(density, 0) + 1e-9)
    draws = rng.uniform(0, weight[-1], rng.poisson(rate * seconds))
    return np.searchsorted(weight, draws) / RATE


# --- finishing -------------------------------------------------------------------------------


def with_floor(rng: Rng, x: Array, lowest: float = -60.0, highest: float = -30.0) -> Array:
    """With a steady dull noise floor, a random number of dB under the loud part of ``x``."""
    warmth = between(rng, 0.002, 0.5)
    noise = rng.standard_normal(len(x), dtype=np.float32)
    floor = level(np.asarray(signal.lfilter([1.0], [1.0, warmth - 1.0], noise), float))
    power = x[::16] ** 2
    loudest = max(1, len(power) // 5)
    loud = np.sqrt(np.mean(np.partition(power, -loudest)[-loudest:]))
    size = float(loud) * gain(float(rng.uniform(lowest, highest)))
    return np.asarray(x + floor * size)
