"""Clips as spectrograms: what they hold, and what can be asked of them.

All functions take and return decibels, from -100 dB upwards, of shape ``(frames, mels)`` for one
clip or ``(batch, frames, mels)`` for many.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from anysound.models.bundled.model import SPEC
from training import edits
from training.effects import CLIP
from training.synthesis.registry import Qualifier

FRAMES = 1 + CLIP // SPEC.hop
SECOND = SPEC.rate / SPEC.hop  # in frames
SILENT = -100.0  # dB
HEARD = -30.0  # dB below the loudest frame, from which on a sound has begun

LOWEST, HIGHEST = (2595 * np.log10(1 + hz / 700) for hz in (SPEC.f_min, SPEC.f_max))
MEL_STEP = (HIGHEST - LOWEST) / (SPEC.n_mels + 1)  # from band to band (HTK)
CENTRES = 700 * (
    10 ** (torch.arange(1, SPEC.n_mels + 1, dtype=torch.float64) * MEL_STEP + LOWEST).div(2595) - 1
)
"""Hz."""

Edit: TypeAlias = Callable[[np.random.Generator, Tensor], Tensor]
"""Alters one clip, shape ``(frames, mels)``."""

Kind: TypeAlias = Callable[[Tensor], Tensor]
"""Tells which clips an edit makes sense for, shape ``(batch,)``."""


@dataclass(frozen=True)
class Poles:
    """Two opposite qualifiers, what makes each true of a clip, and which clips it fits."""

    names: tuple[Qualifier, Qualifier]
    edits: tuple[Edit, Edit]
    fits: Kind


def power_of(decibels: Tensor) -> Tensor:
    """Return the power of decibels."""
    return 10 ** (decibels / 10)


def decibels_of(power: Tensor) -> Tensor:
    """Return power in decibels."""
    return 10 * torch.log10(power + 1e-10)


def repeated(power: Tensor, weights: Tensor) -> Tensor:
    """Add up what is heard again after each frame: echoes, a ring that decays, blows in a row.

    Args:
        power: Shape ``(frames, bands)``, at most ``FRAMES`` long.
        weights: Share of the power that is heard after each frame, shape ``(FRAMES,)``.
    """
    size = 2 * FRAMES
    spectrum = torch.fft.rfft(power, size, dim=0) * torch.fft.rfft(weights, size)[:, None]
    return torch.fft.irfft(spectrum, size, dim=0)[:FRAMES].clamp(min=0)


def levels(clips: Tensor) -> Tensor:
    """Return the level of each frame in dB below the loudest, shape ``(..., frames)``."""
    of_frames = decibels_of(power_of(clips).sum(-1))
    return of_frames - of_frames.amax(-1, keepdim=True)


def span(clip: Tensor, least: float = HEARD) -> tuple[int, int]:
    """Return the first frame of a sound, and the one after its last, in dB below its loudest."""
    heard = torch.nonzero(levels(clip) > least)[:, 0]
    return int(heard[0]), int(heard[-1]) + 1


# Which sounds an edit makes sense for. ``edits.py`` asks the same of samples.


def any_clip(clips: Tensor) -> Tensor:
    """Every clip."""
    return torch.ones(len(clips), dtype=torch.bool)


def _lengths(clips: Tensor, least: float = HEARD) -> Tensor:
    """Return how many frames lie from the first of each sound to its last."""
    heard = levels(clips) > least
    place = torch.arange(clips.shape[1])
    first = torch.where(heard, place, clips.shape[1]).amin(1)
    return torch.where(heard, place, -1).amax(1) + 1 - first


def is_event(clips: Tensor) -> Tensor:
    """One short event."""
    return _lengths(clips) <= edits.EVENT * SECOND


def has_gaps(clips: Tensor) -> Tensor:
    """Room for noise and echoes: quiet for a tenth of the time, as every short event is."""
    return levels(clips).quantile(0.1, dim=1) < _GAP


_GAP = -24.0  # dB


def goes_on(clips: Tensor) -> Tensor:
    """A sound that lasts: hardly ever 20 dB below its loudest."""
    lengths = _lengths(clips)
    loud = (levels(clips) > -20.0).sum(1)
    return (lengths >= 2 * edits.EVENT * SECOND) & (loud > 0.8 * lengths)


def is_unbroken(clips: Tensor) -> Tensor:
    """A sound that lasts without a break: hardly ever 15 dB below its loudest."""
    loud = (levels(clips) > -15.0).sum(1)
    return goes_on(clips) & (loud > 0.95 * _lengths(clips))


def is_even(clips: Tensor) -> Tensor:
    """A sound that lasts at one level."""
    smooth = torch.nn.functional.avg_pool1d(power_of(clips).sum(-1)[:, None], 3, 1)[:, 0]
    of_frames = decibels_of(smooth / smooth.amax(1, keepdim=True))
    heard = of_frames > HEARD
    mean = (of_frames * heard).sum(1) / heard.sum(1)
    spread = ((of_frames - mean[:, None]).square() * heard).sum(1) / heard.sum(1)
    return goes_on(clips) & (spread.sqrt() < edits.EVEN_WITHIN)


def is_pitched(clips: Tensor) -> Tensor:
    """Tell whether the bands of the loud frames are far from their smoothed neighbourhood."""
    around = torch.nn.functional.avg_pool1d(clips, 9, 1, 4, count_include_pad=False)
    peaks = (clips - around)[:, :, 4:56].std(dim=2)
    loud = levels(clips) > -14.0
    return (peaks * loud).sum(1) / loud.sum(1) > _PEAKS


def is_gliding(clips: Tensor) -> Tensor:
    """A sound with a pitch, and loud for long enough that one hears it glide."""
    return is_pitched(clips) & (_lengths(clips, -edits.LOUD) >= edits.GLIDE * SECOND)


_PEAKS = 4.0  # dB; see the test that compares it with ``edits.pitched``
