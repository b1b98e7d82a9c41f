"""Augmentation of log-mel spectrograms, a whole batch at once.

All functions take and return decibels of shape ``(batch, frames, mels)``; chances are one a clip,
shape ``(batch,)``.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from anysound.models.bundled.model import RANGE
from training.spectral import CENTRES, SILENT

_LOUDEST = 60.0  # dB; no log-mel of a clip reaches 50


@dataclass(frozen=True)
class Chances:
    """How often each augmentation is applied to a clip."""

    mix: float = 0.35
    background: float = 0.5
    narrow: float = 0.3
    style: float = 0.3
    equalise: float = 0.6
    shift: float = 0.3
    roll: float = 0.6
    mask: float = 0.5


def _some(chance: Tensor) -> Tensor:
    return (torch.rand(len(chance)) < chance)[:, None, None]


def _level(decibels: Tensor) -> Tensor:
    """Return the mean power of each clip, in dB, shape ``(batch, 1, 1)``."""
    return 10 * torch.log10(torch.mean(10 ** (decibels / 10), dim=(1, 2), keepdim=True) + 1e-10)


def _added(first: Tensor, second: Tensor) -> Tensor:
    return torch.logaddexp(first * 0.2302585, second * 0.2302585) / 0.2302585  # ln(10) / 10


def mix(decibels: Tensor, chance: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Add to some clips another clip of the batch, up to 12 dB weaker or 3 dB stronger.

    Returns:
        The clips; the index of the clip added to each; the share of the label that it takes,
        shape ``(batch,)``, 0 where nothing was added.
    """
    count = len(decibels)
    partner = torch.randperm(count)
    gain = torch.empty(count, 1, 1).uniform_(-12.0, 3.0)
    other = decibels[partner] - _level(decibels[partner]) + _level(decibels) + gain
    chosen = _some(chance)
    share = torch.sigmoid(gain * 0.2302585) * chosen
    return torch.where(chosen, _added(decibels, other), decibels), partner, share[:, 0, 0]


def background(decibels: Tensor, noises: Tensor, chance: Tensor) -> Tensor:
    """Add a background sound to some clips, 20 dB below the clip's level to 3 dB above it."""
    count = len(decibels)
    picked = noises[torch.randint(len(noises), (count,))].roll(
        int(torch.randint(decibels.shape[1], ())), dims=1
    )
    gain = torch.empty(count, 1, 1).uniform_(-20.0, 3.0)
    other = picked - _level(picked) + _level(decibels) + gain
    return torch.where(_some(chance), _added(decibels, other), decibels)


def narrow(decibels: Tensor, chance: Tensor) -> Tensor:
    """Leave nothing above 3 to 12 kHz of some clips, and of half of these nothing below 400 Hz.

    So do telephones, voice messages, and files of a low sample rate.
    """
    count = len(decibels)
    highest = torch.empty(count, 1, 1).uniform_(math.log(3000), math.log(12000)).exp()
    lowest = torch.empty(count, 1, 1).uniform_(0, 400) * (torch.rand(count, 1, 1) < 0.5)
    gone = (highest < CENTRES) | (lowest > CENTRES)
    return decibels.masked_fill(gone & _some(chance), SILENT)


def mix_style(decibels: Tensor, chance: Tensor) -> Tensor:
    """Move level and spread of each band of some clips towards another clip's.

    What remains is how the bands move in time, however a microphone or a generator colours them
    (Freq-MixStyle, Kim et al. 2022; mixing weights from Beta(0.3, 0.3)).
    """
    count = len(decibels)
    mean = decibels.mean(dim=1, keepdim=True)
    spread = decibels.std(dim=1, keepdim=True) + 1e-3
    partner = torch.randperm(count)
    own = torch.distributions.Beta(0.3, 0.3).sample((count, 1, 1))
    own = torch.maximum(own, 1 - own)  # the clip's own style weighs more
    to_mean = own * mean + (1 - own) * mean[partner]
    to_spread = own * spread + (1 - own) * spread[partner]
    styled = (decibels - mean) / spread * to_spread + to_mean
    # A band that hardly moves but once could be blown up beyond all that is heard.
    return torch.where(_some(chance), styled.clamp(max=_LOUDEST), decibels)


def equalise(decibels: Tensor, chance: Tensor) -> Tensor:
    """Tilt the spectrum of some clips by a smooth curve of some decibels."""
    points = torch.randn(len(decibels), 1, 5) * 5.0
    curve = torch.nn.functional.interpolate(
        points, size=decibels.shape[2], mode="linear", align_corners=True
    )
    return decibels + curve * _some(chance)


def shift(decibels: Tensor, chance: Tensor) -> Tensor:
    """Move some clips up or down by one or two mel bands."""
    moved = decibels.clone()
    for step in (-2, -1, 1, 2):
        rows = torch.rand(len(decibels)) < chance / 4
        moved[rows] = decibels[rows].roll(step, dims=2)
        edge = slice(0, step) if step > 0 else slice(step, None)
        moved[rows, :, edge] = decibels[rows].amin(dim=2, keepdim=True)
    return moved


def roll(decibels: Tensor, chance: Tensor) -> Tensor:
    """Rotate some clips in time."""
    frames = decibels.shape[1]
    start = torch.randint(frames, (len(decibels), 1)) * _some(chance)[:, :, 0]
    index = (torch.arange(frames)[None] + start) % frames
    return torch.gather(decibels, 1, index[:, :, None].expand_as(decibels))


def scaled(decibels: Tensor) -> Tensor:
    """Scale clips to [-1, 1] below their own loudest spot, as the runtime's ``tower_input``."""
    relative = decibels - decibels.amax(dim=(1, 2), keepdim=True)
    return relative.clamp(min=-RANGE) / (RANGE / 2) + 1.0


def mask(clips: Tensor, chance: Tensor) -> Tensor:
    """Blank a stretch of time and a band of some scaled clips (SpecAugment, Park et al. 2019)."""
    count, frames, mels = clips.shape
    for axis, length, longest in ((1, frames, 50), (2, mels, 10)):
        start = torch.randint(length, (count, 1))
        width = torch.randint(1, longest, (count, 1))
        place = torch.arange(length)[None]
        inside = (place >= start) & (place < start + width) & (torch.rand(count) < chance)[:, None]
        clips = clips.masked_fill(inside.unsqueeze(3 - axis), -1.0)
    return clips
