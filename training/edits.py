"""Edits that make a qualifier true of a recording, and its opposite true of the same recording.

A pair of poles made from one sound differs in nothing else, so that the words mean what was done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import soxr
from scipy import ndimage

from training import effects
from training.effects import CLIP, Samples, filtered, loudness
from training.synthesis.registry import RATE, Qualifier

Edit: TypeAlias = Callable[[np.random.Generator, Samples], Samples]
"""Alters samples of at most a clip's length; the result is no longer than a clip either."""

EVENT = 1.3
"""Seconds; a recording up to this long is taken for one event, from twice it may be going on."""

_UNEVEN = 0.35  # standard deviation of the gaps between sounds over their mean

EVEN_WITHIN = 2.5  # dB, standard deviation of the level

GLIDE = 0.3
"""Seconds that a sound must last for a glide to be heard in it."""

LOUD = 20.0
"""dB below the loudest, up to which a glide is heard: a blow dies away before it has risen."""

APART = 0.3
"""Seconds that a sound may last that comes again and again, each to be heard by itself."""

Kind: TypeAlias = Callable[[Samples], bool]
"""Tells whether an edit makes sense for a sound."""


def any_sound(samples: Samples) -> bool:
    """Every sound."""
    return True


def event(samples: Samples) -> bool:
    """One short event."""
    return len(samples) / RATE <= EVENT


def going_on(samples: Samples) -> bool:
    """A sound that lasts: hardly ever 20 dB below its loudest."""
    levels = _levels(samples)
    return len(samples) / RATE >= 2 * EVENT and float((levels < 0.1 * levels.max()).mean()) < 0.2


def unbroken(samples: Samples) -> bool:
    """A sound that lasts without a break: hardly ever 15 dB below its loudest."""
    levels = _levels(samples)
    return going_on(samples) and float((levels < 0.18 * levels.max()).mean()) < 0.05


def even(samples: Samples) -> bool:
    """A sound that lasts at one level, so that it may be called steady as it is."""
    return going_on(samples) and float(np.std(20 * np.log10(_levels(samples)))) < EVEN_WITHIN


def with_gaps(samples: Samples) -> bool:
    """A sound that leaves room for noise and echoes: short, or quiet for a tenth of its time."""
    levels = _levels(samples)
    return event(samples) or float(np.quantile(levels, 0.1)) < 0.06 * levels.max()


def pitched(samples: Samples) -> bool:
    """A sound with peaks in its spectrum, which noise such as rain doesn't have.

    In half of the loud frames, the power from 100 Hz to 8 kHz is far from flat (spectral flatness,
    the geometric over the arithmetic mean).
    """
    frames = _frames(samples, 0.064)
    loud = frames[_levels(samples, 0.064) > 0.2 * _levels(samples, 0.064).max()]
    power = np.abs(np.fft.rfft(loud * np.hanning(frames.shape[1]))) ** 2 + 1e-12
    frequency = np.fft.rfftfreq(frames.shape[1], 1 / RATE)
    band = power[:, (frequency > 100) & (frequency < 8000)]
    flatness = np.exp(np.log(band).mean(axis=1)) / band.mean(axis=1)
    return float(np.median(flatness)) < 0.1


def gliding(samples: Samples) -> bool:
    """A sound with a pitch, and loud for long enough that one hears it glide."""
    start, stop = _loud(samples)
    return (stop - start) / RATE >= GLIDE and pitched(samples)


def _loud(samples: Samples) -> tuple[int, int]:
    """Return the first sample of what is heard of a sound, and the one after its last."""
    hop = 0.02
    levels = _levels(samples, hop)
    heard = np.flatnonzero(levels > levels.max() * 10 ** (-LOUD / 20))
    width = int(hop * RATE)
    return int(heard[0]) * width, min(int(heard[-1] + 1) * width, len(samples))


def _frames(samples: Samples, seconds: float) -> Samples:
    hop = int(seconds * RATE)
    whole = np.pad(samples, (0, -len(samples) % hop))
    return whole.reshape(-1, hop)


def _levels(samples: Samples, seconds: float = 0.05) -> Samples:
    return np.sqrt(np.mean(_frames(samples, seconds) ** 2, axis=1)) + 1e-12


@dataclass(frozen=True)
class Poles:
    """Two opposite qualifiers and the edits that make them true.

    Attributes:
        names: The qualifiers.
        edits: What makes each true.
        fits: Which sounds the edits make sense for.
    """

    names: tuple[Qualifier, Qualifier]
    edits: tuple[Edit, Edit]
    fits: Kind = any_sound


def _whole(samples: Samples) -> Samples:
    return np.pad(samples[:CLIP], (0, max(0, CLIP - len(samples))))


def _resampled(samples: Samples, factor: float) -> Samples:
    faster = soxr.resample(samples, RATE * factor, RATE, quality="MQ")
    return np.asarray(faster, dtype=np.float64)[:CLIP]


def _higher(rng: np.random.Generator, samples: Samples) -> Samples:
    return _resampled(samples, rng.uniform(1.4, 2.0))


def _lower(rng: np.random.Generator, samples: Samples) -> Samples:
    return _resampled(samples, rng.uniform(0.5, 0.71))


def _glide(samples: Samples, octaves: float) -> Samples:
    """Play a sound with its speed changing by some octaves while it is loud, on a log scale."""
    count, (start, stop) = len(samples), _loud(samples)
    along = np.clip((np.arange(count) - start) / (stop - start), 0, 1)
    speed = 2 ** ((along - 0.5) * octaves)
    place = np.cumsum(speed)
    return np.interp(place / place[-1] * (count - 1), np.arange(count), samples)


def _rising(rng: np.random.Generator, samples: Samples) -> Samples:
    return _glide(samples, rng.uniform(0.7, 1.6))


def _falling(rng: np.random.Generator, samples: Samples) -> Samples:
    return _glide(samples, -rng.uniform(0.7, 1.6))


def _growing(rng: np.random.Generator, samples: Samples) -> Samples:
    whole = samples[:CLIP]
    return whole * 10 ** (np.linspace(-rng.uniform(18, 34), 0, len(whole)) / 20)


def _fading(rng: np.random.Generator, samples: Samples) -> Samples:
    whole = samples[:CLIP]
    return whole * 10 ** (np.linspace(0, -rng.uniform(18, 34), len(whole)) / 20)


def _as_it_is(rng: np.random.Generator, samples: Samples) -> Samples:
    return samples[:CLIP] * rng.uniform(0.5, 1.0)


def _gated(rng: np.random.Generator, samples: Samples) -> Samples:
    """Let a sound through in bursts."""
    whole = _whole(samples)
    gate = np.zeros(CLIP)
    at, period = rng.uniform(0, 0.4), rng.uniform(0.5, 1.6)
    while at < CLIP / RATE:
        length = period * rng.uniform(0.3, 0.65)
        gate[int(at * RATE) : int((at + length) * RATE)] = 1.0
        at += period * rng.uniform(0.8, 1.2)
    ramp = np.hanning(int(0.03 * RATE))
    return whole * np.convolve(gate, ramp / ramp.sum(), "same")


def _tremolo(rng: np.random.Generator, samples: Samples) -> Samples:
    """Shake level and pitch some times a second."""
    whole = samples[:CLIP]
    time = np.arange(len(whole)) / RATE
    wave = np.sin(2 * np.pi * rng.uniform(4.5, 9) * time + rng.uniform(0, 6))
    bent = np.arange(len(whole)) + rng.uniform(0.0005, 0.002) * RATE * wave
    shaken = np.interp(bent, np.arange(len(whole)), whole)
    return shaken * (1 + rng.uniform(0.55, 0.9) * wave)


def onsets(rng: np.random.Generator, gap: float, jitter: float) -> list[float]:
    """Draw when in a clip a sound begins, in seconds, about ``gap`` seconds apart."""
    times, at = [], rng.uniform(0.02, min(0.4, gap))
    while at < CLIP / RATE - 0.05:
        times.append(at)
        at += gap * float(np.clip(1 + jitter * rng.standard_normal(), 0.25, 2.5))
    return times


def uneven_onsets(rng: np.random.Generator) -> list[float]:
    """Draw times that are uneven to the ear: by chance, a few gaps may come out nearly equal."""
    while True:
        times = onsets(rng, rng.uniform(APART, 0.9), rng.uniform(0.5, 0.8))
        gaps = np.diff(times)
        if len(gaps) > 2 and gaps.std() > _UNEVEN * gaps.mean():
            return times


def _set_off(rng: np.random.Generator, samples: Samples, times: list[float]) -> Samples:
    whole = np.zeros(CLIP)
    for at in times:
        start = int(at * RATE)
        piece = samples[: CLIP - start] * rng.uniform(0.7, 1.0)
        whole[start : start + len(piece)] += piece
    return whole


def _repeats(rng: np.random.Generator, samples: Samples, gap: float, jitter: float) -> Samples:
    """Set an event off again and again, ``gap`` seconds apart."""
    return _set_off(rng, samples, onsets(rng, gap, jitter))


def _repeated(rng: np.random.Generator, samples: Samples) -> Samples:
    shortest = max(0.15, 0.9 * len(samples) / RATE)
    return _repeats(rng, samples, rng.uniform(shortest, max(1.3, shortest)), rng.uniform(0, 0.4))


def _cut(samples: Samples, seconds: float) -> Samples:
    """Cut a sound short, fading it out."""
    cut = samples[: int(seconds * RATE)]
    return cut * np.linspace(1, 0, len(cut)) ** 0.5


def _fast(rng: np.random.Generator, samples: Samples) -> Samples:
    """Set off an event five and more times a second, cut short where it would run together."""
    gap = rng.uniform(0.1, 0.2)
    return _repeats(rng, _cut(samples, gap), gap, rng.uniform(0, 0.3))


def _slow(rng: np.random.Generator, samples: Samples) -> Samples:
    gap = max(rng.uniform(0.9, 1.9), 1.1 * len(samples) / RATE)
    return _repeats(rng, samples, gap, rng.uniform(0, 0.15))


def _evenly(rng: np.random.Generator, samples: Samples) -> Samples:
    return _repeats(rng, _cut(samples, APART), rng.uniform(APART, 0.9), rng.uniform(0, 0.03))


def _unevenly(rng: np.random.Generator, samples: Samples) -> Samples:
    return _set_off(rng, _cut(samples, APART), uneven_onsets(rng))


def _brief(rng: np.random.Generator, samples: Samples) -> Samples:
    """Cut a short piece out of the loudest second."""
    whole = samples[:CLIP]
    length = int(rng.uniform(0.15, 0.6) * RATE)
    energy = np.cumsum(whole**2)
    within = energy[length:] - energy[:-length]
    start = int(within.argmax()) if len(within) else 0
    piece = whole[start : start + length]
    ramp = np.minimum(1, np.minimum(np.arange(len(piece)), np.arange(len(piece))[::-1]) / 320)
    return piece * ramp


def _metallic(rng: np.random.Generator, samples: Samples) -> Samples:
    """Let a sound ring in a piece of metal: a few inharmonic modes that last."""
    length = int(rng.uniform(0.3, 1.2) * RATE)
    time = np.arange(length) / RATE
    ring = np.zeros(length)
    for _ in range(int(rng.integers(5, 10))):
        tone = np.sin(2 * np.pi * rng.uniform(700, 7000) * time + rng.uniform(0, 6))
        ring += rng.uniform(0.3, 1) * tone * np.exp(-time * rng.uniform(4, 18))
    rung = effects.convolved(samples, ring)
    return rung / loudness(rung) + rng.uniform(0.2, 0.6) * _fitted(samples, len(rung))


def _fitted(samples: Samples, count: int) -> Samples:
    fitted = np.pad(samples[:count], (0, max(0, count - len(samples))))
    return fitted / loudness(fitted)


def _dull(rng: np.random.Generator, samples: Samples) -> Samples:
    """Take away the treble and boost what is left at the bottom, as wood or cloth would."""
    low = filtered(samples, "lowpass", rng.uniform(250, 900), 2)
    return low + 0.4 * filtered(low, "lowpass", 180, 1)


def _crisp(rng: np.random.Generator, samples: Samples) -> Samples:
    """Sharpen the attacks and lift the treble."""
    treble = filtered(samples, "highpass", rng.uniform(1800, 4000), 2)
    slow = filtered(np.abs(samples), "lowpass", 4.0, 1)
    quick = filtered(np.abs(samples), "lowpass", 60.0, 1)
    attack = np.clip(quick / (slow + 0.02 * quick.max() + 1e-9), 0.15, 4.0)
    return attack * (
        samples / loudness(samples) + rng.uniform(0.6, 1.5) * treble / loudness(treble)
    )


def _harsh(rng: np.random.Generator, samples: Samples) -> Samples:
    """Overdrive a sound and raise where the ear is most easily hurt."""
    driven = np.tanh(rng.uniform(8, 40) * samples / (np.abs(samples).max() + 1e-9))
    edge = filtered(driven, "bandpass", (2000.0, 6000.0), 1)
    return driven + rng.uniform(0.5, 2.0) * edge / loudness(edge) * loudness(driven)


def _soft(rng: np.random.Generator, samples: Samples) -> Samples:
    """Round the treble and the attacks off."""
    mild = filtered(samples, "lowpass", rng.uniform(1200, 3000), 1)
    level = filtered(np.abs(mild), "lowpass", 3.0, 1)
    return mild / np.sqrt(np.maximum(level, 0.05 * level.max()) + 1e-9)


def _bright(rng: np.random.Generator, samples: Samples) -> Samples:
    return effects.brighten(rng, samples)[0]


def _muffled(rng: np.random.Generator, samples: Samples) -> Samples:
    return effects.muffle(rng, samples)[0]


def _expanded(samples: Samples, limit: Samples) -> Samples:
    """Double in decibels what lies below a limit, as a studio's downward expander does."""
    power = ndimage.uniform_filter1d(samples**2, int(0.01 * RATE))
    level = np.sqrt(np.maximum(power, 0.0)) + 1e-12  # a running sum of silence may be below 0
    return samples * np.minimum(1.0, level / (limit + 1e-12))


def _dry(rng: np.random.Generator, samples: Samples) -> Samples:
    """Let a sound fall off quickly from where it was loudest in the last half second."""
    whole = samples[:CLIP]
    past = int(0.5 * RATE)
    loudest = ndimage.maximum_filter1d(np.abs(whole), past, origin=(past - 1) // 2)
    loudest = np.maximum(loudest, 0.1 * loudest.max())
    return _expanded(whole, loudest * rng.uniform(0.1, 0.25))


def _clean(rng: np.random.Generator, samples: Samples) -> Samples:
    """Weaken what is far below the loudest: between its sounds a recording has only noise."""
    whole = samples[:CLIP]
    return _expanded(whole, np.abs(whole).max() * rng.uniform(0.03, 0.1))


def _reverberant(rng: np.random.Generator, samples: Samples) -> Samples:
    return effects.room(rng, samples)[0]


def _near(rng: np.random.Generator, samples: Samples) -> Samples:
    """Hold the microphone close: more bass and presence, no room, hardly any noise."""
    bass = filtered(samples, "lowpass", rng.uniform(150, 300), 1)
    presence = filtered(samples, "highpass", rng.uniform(2500, 5000), 1)
    return samples + rng.uniform(0.3, 1.0) * bass + rng.uniform(0.1, 0.5) * presence


def _distant(rng: np.random.Generator, samples: Samples) -> Samples:
    return effects.distance(rng, samples)[0]


def _noisy(rng: np.random.Generator, samples: Samples) -> Samples:
    return effects.noise(rng, samples)[0]


POLES: tuple[Poles, ...] = (
    Poles(("high", "low"), (_higher, _lower), pitched),
    Poles(("rising", "falling"), (_rising, _falling), gliding),
    Poles(("loud_growing", "fading"), (_growing, _fading), going_on),
    Poles(("continuous", "intermittent"), (_as_it_is, _gated), unbroken),
    Poles(("steady", "trembling"), (_as_it_is, _tremolo), even),
    Poles(("long", "short"), (_as_it_is, _brief), going_on),
    Poles(("single", "repeated"), (_as_it_is, _repeated), event),
    Poles(("fast", "slow"), (_fast, _slow), event),
    Poles(("regular", "irregular"), (_evenly, _unevenly), event),
    Poles(("metallic", "dull"), (_metallic, _dull)),
    Poles(("crisp", "dull"), (_crisp, _dull)),
    Poles(("harsh", "soft"), (_harsh, _soft)),
    Poles(("bright", "muffled"), (_bright, _muffled)),
    Poles(("dry", "reverberant"), (_dry, _reverberant), with_gaps),
    Poles(("near", "distant"), (_near, _distant), with_gaps),
    Poles(("clean", "noisy"), (_clean, _noisy), with_gaps),
)


def poles_for(samples: Samples) -> list[Poles]:
    """Return the pairs of edits that make sense for a sound."""
    return [poles for poles in POLES if poles.fits(samples)]
