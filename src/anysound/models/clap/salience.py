"""Where in a long recording one would listen more closely: where crops are taken from.

A sound is salient as far as it stands out, in some band of pitch, from what the recording sounds
like most of the time. Loudness alone doesn't count: a hum that never stops is background however
loud it is, and a quiet whistle over it is not.
"""

import numpy as np
from numpy.typing import NDArray

from anysound.features.log_mel import Decibels

_SMOOTHED = 11  # frames, a tenth of a second: noise then wavers by 2 dB at most, not by 6
_MIRRORED = 2  # frames at each end hold mirrored sound: the kink rings in all bands
_AUDIBLE = 80.0  # dB below the loudest spot; what is quieter counts as silence
_UNREMARKABLE = (1.0, 6.0)
_SIGMAS = 3
_ONE_SIGMA_BELOW = 0.16
_STRIKING = 30.0  # dB above the background; what is louder strikes no more than this
_CENTRING = 0.1  # by how much less a sound counts at the edges of a crop than in its middle


def salience(decibels: Decibels) -> NDArray[np.float32]:
    """Return how much each frame of a recording stands out, shape ``(n_frames,)``.

    The power of each band is averaged over a tenth of a second. A band's background is its
    median over the recording. What exceeds it by more than 6 dB counts, up to 30 dB. A frame's
    salience is the root of the sum of squares over the bands, in dB: a click, which fills all
    bands, then doesn't outweigh a tone, which fills one but lasts.

    Args:
        decibels: Log-mel spectrogram of the whole recording, shape ``(n_frames, n_mels)``.
    """
    inner = decibels[_MIRRORED:-_MIRRORED] if len(decibels) > 2 * _MIRRORED else decibels
    width = min(_SMOOTHED, len(inner))
    smoothed = _smoothed(inner, width)
    sample = smoothed[:: (width + 1) // 2]  # the spans overlap; half of them tell as much
    usually_over, background = np.quantile(sample, (_ONE_SIGMA_BELOW, 0.5), axis=0)
    unremarkable = np.clip(_SIGMAS * (background - usually_over), *_UNREMARKABLE)
    excess = np.minimum(smoothed - background, _STRIKING) - unremarkable
    spans = np.sqrt(np.square(np.maximum(excess, 0.0)).sum(axis=1))
    missing = len(decibels) - len(spans)
    return np.pad(spans, (missing // 2, missing - missing // 2), mode="edge")


def salient_starts(decibels: Decibels, frames: int, parts: int) -> tuple[int, ...]:
    """Return the first frame of the most salient crop of each part of a recording.

    The possible starts are split into ``parts`` as the reference splits them. In each part that
    start is taken whose crop sums up the most salience, where a sound counts a tenth less at the
    edges of the crop than in its middle: it comes to lie in the middle if it can. Among equals
    the middle one is taken, so in silence the crops are spread evenly. A part without starts, in
    a recording hardly longer than a crop, gives 0, as in the reference.

    Args:
        decibels: Log-mel spectrogram of the whole recording, shape ``(n_frames, n_mels)``.
        frames: Length of a crop, at most ``n_frames``.
        parts: Number of crops.
    """
    weights = 1.0 - _CENTRING * np.linspace(-1.0, 1.0, frames) ** 2
    sums = np.correlate(salience(decibels), weights, mode="valid")
    starts = []
    first = 0
    for part in np.array_split(sums, parts):
        starts.append(first + _middle_maximum(part) if len(part) else 0)
        first += len(part)
    return tuple(starts)


def _smoothed(decibels: Decibels, width: int) -> NDArray[np.float32]:
    """Average the power over all spans of ``width`` frames; in dB, 0 being the loudest spot."""
    relative = np.maximum(decibels - decibels.max(), np.float32(-_AUDIBLE))
    power = np.exp(relative * np.float32(np.log(10.0) / 10.0))
    sums = np.zeros((len(power) + 1, power.shape[1]))
    np.cumsum(power, axis=0, out=sums[1:])
    means = (sums[width:] - sums[:-width]) / width
    return np.float32(10.0) * np.log10(means.astype(np.float32))


def _middle_maximum(values: NDArray[np.float64]) -> int:
    places = np.flatnonzero(values == values.max())
    return int(places[len(places) // 2])
