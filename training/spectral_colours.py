"""Edits of spectrograms that change the colour of a sound, and the place it is heard in.

They are those of ``edits.py`` and ``effects.py``, for clips of shape ``(frames, mels)``: filters by
their response at the middle of each band, echoes and resonances by what power they leave, and
overdrive by the law of limited Gaussian noise. Within one to five decibels of what the edits of
samples do; see the tests.
"""

from functools import lru_cache
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import signal
from torch import Tensor

from anysound.features import log_mel, mel_filters
from anysound.models.bundled.model import SPEC
from training import effects
from training.clips import SEED
from training.effects import CLIP
from training.spectral import (
    CENTRES,
    FRAMES,
    SECOND,
    SILENT,
    Edit,
    Poles,
    any_clip,
    decibels_of,
    has_gaps,
    levels,
    power_of,
    repeated,
)
from training.synthesis.registry import RATE

Response: TypeAlias = NDArray[np.complex128]
"""Of a filter at the middle of each band."""

_HZ = CENTRES.numpy()


def _response(kind: str, edge: float | tuple[float, float], order: int) -> Response:
    """Return the response of :func:`effects.filtered`."""
    sections = signal.butter(order, edge, kind, fs=RATE, output="sos")
    return np.asarray(signal.sosfreqz(sections, _HZ, fs=RATE)[1])


def _gain(response: Response) -> Tensor:
    """Return the gain of a filter in dB, for each band."""
    return torch.from_numpy(20 * np.log10(np.abs(response) + 1e-6)).float()


def _through(power: Tensor, response: Response) -> Tensor:
    return power * torch.from_numpy(np.abs(response) ** 2).float()


def _loudness(power: Tensor) -> float:
    """Return the root mean square of a clip, but for a factor that all clips share."""
    return float(power.sum(-1).mean().sqrt()) + 1e-12


def _smooth(amplitude: Tensor, hz: float) -> Tensor:
    """Return the level of each frame through a low pass of first order."""
    sections = signal.butter(1, hz, fs=SECOND, output="sos")
    return torch.from_numpy(signal.sosfilt(sections, amplitude.numpy())).float()


# Filters.


def _muffled(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return clip + _gain(_response("lowpass", rng.uniform(350, 1300), 3))


def _bright(rng: np.random.Generator, clip: Tensor) -> Tensor:
    treble, power = _response("highpass", rng.uniform(1500, 4000), 2), power_of(clip)
    mixed = 0.4 / _loudness(power) + treble / _loudness(_through(power, treble))
    return clip + _gain(mixed * _loudness(power))


def _dull(rng: np.random.Generator, clip: Tensor) -> Tensor:
    low = _response("lowpass", rng.uniform(250, 900), 2)
    return clip + _gain(low * (1 + 0.4 * _response("lowpass", 180, 1)))


def _near(rng: np.random.Generator, clip: Tensor) -> Tensor:
    bass = _response("lowpass", rng.uniform(150, 300), 1)
    presence = _response("highpass", rng.uniform(2500, 5000), 1)
    return clip + _gain(1 + rng.uniform(0.3, 1.0) * bass + rng.uniform(0.1, 0.5) * presence)


# Levels.


def _crisp(rng: np.random.Generator, clip: Tensor) -> Tensor:
    treble, power = _response("highpass", rng.uniform(1800, 4000), 2), power_of(clip)
    amplitude = power.sum(1).sqrt()
    slow = _smooth(amplitude, 4.0)
    attack = amplitude / (slow + 0.02 * amplitude.max() + 1e-9)
    share = rng.uniform(0.6, 1.5)
    mixed = 1 + share * treble * _loudness(power) / _loudness(_through(power, treble))
    return clip + _gain(mixed) + 2 * decibels_of(attack.clamp(0.15, 4.0))[:, None]


def _soft(rng: np.random.Generator, clip: Tensor) -> Tensor:
    mild = clip + _gain(_response("lowpass", rng.uniform(1200, 3000), 1))
    level = _smooth(power_of(mild).sum(1).sqrt(), 3.0)
    return mild - decibels_of(torch.maximum(level, 0.05 * level.max()))[:, None]


@lru_cache(maxsize=4)
def _noise_of(slope: float) -> Tensor:
    """Return the power of coloured noise whose samples have a mean square of one."""
    white = np.random.default_rng([SEED, 10]).standard_normal(CLIP)
    noise = effects.coloured(white, slope)
    return power_of(torch.from_numpy(log_mel(noise / effects.loudness(noise), SPEC)))


@lru_cache(maxsize=1)
def _per_square() -> float:
    """Return the power of a frame whose samples have a mean square of one."""
    heard = (SPEC.f_max - SPEC.f_min) / (SPEC.rate / 2)
    return float(_noise_of(0.0).sum(1).mean()) / heard


def _amplitude(clip: Tensor) -> Tensor:
    """Return the root mean square of each frame's samples, which are one at their highest."""
    return (power_of(clip).sum(1) / _per_square()).sqrt()


def _expanded(clip: Tensor, limit: Tensor | float) -> Tensor:
    """Double in decibels what lies below a limit."""
    below = _amplitude(clip) / (limit + 1e-12)
    return clip + 2 * decibels_of(below.clamp(max=1.0))[:, None]


def _clean(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return _expanded(clip, rng.uniform(0.03, 0.1))


def _dry(rng: np.random.Generator, clip: Tensor) -> Tensor:
    amplitude = _amplitude(clip)
    highest = amplitude / amplitude.max()  # of the samples, were all frames as peaky
    past = int(0.5 * SECOND)
    padded = torch.nn.functional.pad(highest, (past - 1, 0))
    loudest = padded.unfold(0, past, 1).amax(1).clamp(min=0.1)
    return _expanded(clip, loudest * rng.uniform(0.1, 0.25))


# Overdrive.

_FILTERS = torch.from_numpy(mel_filters(SPEC)).float()  # (bins, mels)
_BIN_HZ = np.linspace(0, SPEC.rate / 2, SPEC.n_fft // 2 + 1)
_WIDTHS = _FILTERS.sum(0).clamp(min=0.5)
_LIMIT = np.sqrt(2 / np.pi)  # where erf(x / sqrt(2) / limit) rises from 0 as tanh(x) does


def _harsh(rng: np.random.Generator, clip: Tensor) -> Tensor:
    driven = _driven(clip, rng.uniform(8, 40))
    edge, power = _response("bandpass", (2000.0, 6000.0), 1), power_of(driven)
    share = rng.uniform(0.5, 2.0) * _loudness(power) / _loudness(_through(power, edge))
    return driven + _gain(1 + share * edge)


def _driven(clip: Tensor, drive: float) -> Tensor:
    """Overdrive a clip as ``tanh`` does, were each frame Gaussian noise of its spectrum.

    A limiter that is shaped like the error function leaves the autocorrelation
    ``2 / pi * arcsin(r * s ** 2 / (s ** 2 + limit ** 2))`` of one ``r`` with deviation ``s``
    (Baum 1957, The correlation function of smoothly limited Gaussian noise).
    """
    density = power_of(clip) / _WIDTHS
    place = np.interp(_BIN_HZ, _HZ, np.arange(SPEC.n_mels))
    below = torch.from_numpy(place).long().clamp(max=SPEC.n_mels - 2)
    rest = torch.from_numpy(place).float() - below
    spectra = density[:, below] * (1 - rest) + density[:, below + 1] * rest
    correlation = torch.fft.irfft(spectra, SPEC.n_fft, dim=1)
    correlation = correlation / correlation[:, :1].clamp(min=1e-20)
    square = (drive * _amplitude(clip)).square()[:, None]
    limited = 2 / np.pi * torch.arcsin((correlation * square / (square + _LIMIT**2)).clamp(-1, 1))
    out = torch.fft.rfft(limited, dim=1).real.clamp(min=0) @ _FILTERS
    # Of white noise at a mean square of one, a frame's correlation is one at its middle alone.
    return decibels_of(out * _per_square() / (SPEC.n_fft / 2))


# Echoes and resonances.


def _echoes(rng: np.random.Generator, power: Tensor, seconds: float, wet: float) -> Tensor:
    frames = torch.arange(FRAMES) / SECOND
    decay = 10 ** (-6 * frames / seconds) * (frames < seconds)
    tail = _through(repeated(power, decay), _response("lowpass", rng.uniform(2500, 9000), 1))
    return power / _loudness(power) ** 2 + tail * (wet / _loudness(tail)) ** 2


def _reverberant(rng: np.random.Generator, clip: Tensor) -> Tensor:
    power = power_of(clip)
    return decibels_of(_echoes(rng, power, rng.uniform(0.6, 2.8), rng.uniform(0.5, 1.5)))


def _metallic(rng: np.random.Generator, clip: Tensor) -> Tensor:
    power = power_of(clip)
    density, frames = power / _WIDTHS, torch.arange(FRAMES) / SECOND
    length, rung = rng.uniform(0.3, 1.2), torch.zeros_like(power)
    for _ in range(int(rng.integers(5, 10))):
        place = float(np.interp(rng.uniform(700, 7000), _HZ, np.arange(SPEC.n_mels)))
        rng.uniform(0, 6)  # the phase, which is not seen here
        amplitude, rate = rng.uniform(0.3, 1), rng.uniform(4, 18)
        band, rest = int(place), place % 1
        heard = density[:, band] * (1 - rest) + density[:, band + 1] * rest
        ring = torch.exp(-2 * frames * rate) * (frames < length)
        tone = amplitude**2 * repeated(heard[:, None], ring)[:, 0]
        rung[:, band] += (1 - rest) * tone
        rung[:, band + 1] += rest * tone
    dry = rng.uniform(0.2, 0.6)
    return decibels_of(rung / _loudness(rung) ** 2 + power * (dry / _loudness(power)) ** 2)


# Noise.


def _with_noise(rng: np.random.Generator, power: Tensor, ratio_db: float) -> Tensor:
    noise = _noise_of(float(rng.choice(effects.SLOPES)))
    active = power[levels(decibels_of(power)) > _ACTIVE].sum(1).mean() / _per_square()
    return power + noise.roll(int(rng.integers(FRAMES)), 0) * active * 10 ** (-ratio_db / 10)


_ACTIVE = -28.0
"""dB below the loudest frame, from which on samples count by which noise is measured."""


def _noisy(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return decibels_of(_with_noise(rng, power_of(clip), rng.uniform(-3, 8)))


def _distant(rng: np.random.Generator, clip: Tensor) -> Tensor:
    dull = _through(power_of(clip), _response("lowpass", rng.uniform(1500, 4000), 1))
    diffuse = _echoes(rng, dull, rng.uniform(0.5, 2.0), rng.uniform(1.0, 2.5))
    return decibels_of(_with_noise(rng, diffuse, rng.uniform(8, 20)))


def _normal(edit: Edit) -> Edit:
    """Bring what an edit makes to where clips lie: its loudest spot is that of a loud clip."""

    def edited(rng: np.random.Generator, clip: Tensor) -> Tensor:
        made = edit(rng, clip)
        return (made - made.max() + clip.max()).clamp(min=SILENT)

    return edited


POLES: tuple[Poles, ...] = tuple(
    Poles(names, (_normal(edits[0]), _normal(edits[1])), fits)
    for names, edits, fits in (
        (("metallic", "dull"), (_metallic, _dull), any_clip),
        (("crisp", "dull"), (_crisp, _dull), any_clip),
        (("harsh", "soft"), (_harsh, _soft), any_clip),
        (("bright", "muffled"), (_bright, _muffled), any_clip),
        (("dry", "reverberant"), (_dry, _reverberant), has_gaps),
        (("near", "distant"), (_near, _distant), has_gaps),
        (("clean", "noisy"), (_clean, _noisy), has_gaps),
    )
)
