"""The audio tower: a small residual CNN on a log-mel spectrogram."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from anysound.models.bundled.model import RANGE, SPEC
from training.spectral import FRAMES, SECOND

_MODULATION, _MOTION = 128, 64  # values that the side branches add


class Block(nn.Module):
    """Two 3x3 convolutions with a shortcut; divides time and frequency by ``stride``."""

    def __init__(self, inputs: int, outputs: int, stride: tuple[int, int] = (1, 1)) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != (1, 1) or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride, stride, ceil_mode=True) if stride != (1, 1) else nn.Identity(),
                nn.Conv2d(inputs, outputs, 1, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return shape ``(batch, outputs, time, mels)``."""
        return torch.relu(self.body(x) + self.shortcut(x))


class Modulation(nn.Module):
    """How often and how evenly the level comes and goes, in a few bands and over all.

    The stages see time in steps too coarse to count what comes ten times a second. So each band's
    level, and by how much it rises, is told by its spectrum and its autocorrelation, at rates and
    lags on a log scale, whatever the sound is.
    """

    _BANDS = 8
    _RATES = 48  # and as many lags
    _LOWEST, _HIGHEST = 0.4, 24.0  # a second
    _SHORTEST, _LONGEST = 0.04, 2.8  # seconds
    _STEP = 0.1  # Hz of the spectrum

    def __init__(self, features: int) -> None:
        """Make it; ``features`` is how many values it returns."""
        super().__init__()
        time = torch.arange(FRAMES) / SECOND
        hertz = torch.arange(0, SECOND / 2, self._STEP)
        turns = 2 * math.pi * hertz[:, None] * time
        window = torch.hann_window(FRAMES, periodic=False) / math.sqrt(FRAMES)
        self.register_buffer("cosines", turns.cos() * window, persistent=False)
        self.register_buffer("sines", turns.sin() * window, persistent=False)
        rates = torch.logspace(math.log10(self._LOWEST), math.log10(self._HIGHEST), self._RATES)
        width = (0.08 * rates).clamp(min=0.12)
        near = torch.exp(-0.5 * ((hertz[:, None] - rates) / width).square())
        self.register_buffer("near", near / near.sum(0), persistent=False)
        lags = torch.logspace(math.log10(self._SHORTEST), math.log10(self._LONGEST), self._RATES)
        after = torch.cos(2 * math.pi * hertz[:, None] * lags)
        self.register_buffer("after", after, persistent=False)
        values = 2 * (self._BANDS + 1) * 2 * self._RATES
        self.project = nn.Sequential(
            nn.BatchNorm1d(values), nn.Dropout(0.1), nn.Linear(values, features), nn.ReLU()
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return shape ``(batch, features)``, of scaled log-mel spectrograms."""
        return self.project(torch.cat(self.measured(x), dim=2).flatten(1))

    def measured(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Return log shares of power at each rate, and correlation at each lag.

        Both of shape ``(batch, 2 * bands, rates)``: of the bands' levels, the level over all being
        the last, then of how each rises.
        """
        x = x[:, 0]
        bands = x.unflatten(2, (self._BANDS, SPEC.n_mels // self._BANDS)).mean(3)
        level = torch.cat([bands, x.mean(2, keepdim=True)], dim=2)
        rise = nn.functional.pad(torch.relu(level[:, 2:] - level[:, :-2]), (0, 0, 1, 1))
        moving = torch.cat([level, rise], dim=2)
        moving = (moving - moving.mean(1, keepdim=True)).transpose(1, 2)
        power = (moving @ self.cosines.T).square() + (moving @ self.sines.T).square()
        power = power / (power.sum(2, keepdim=True) + 1e-3)
        return torch.log(power @ self.near + 1e-4), power @ self.after


class Motion(nn.Module):
    """Which way what sounds moves along the mel axis, over a few spans of time.

    A glide of a third of a second is over within one step of the last stage. So what stands out of
    each frame is correlated with what stands out of a later one, shifted by some bands: a pitch
    that rises lies higher a moment later, wherever it lies.
    """

    _LAGS = (2, 4, 8, 16, 32, 64)  # frames
    _SHIFTS = 8  # bands, both ways
    _AROUND = 9  # bands that a band must stand out of
    _FALL = 0.25  # exponent of a frame's power: 20 dB below the loudest it counts for a third

    def __init__(self, features: int) -> None:
        """Make it; ``features`` is how many values it returns."""
        super().__init__()
        values = len(self._LAGS) * (2 * self._SHIFTS + 1)
        self.project = nn.Sequential(
            nn.BatchNorm1d(values), nn.Dropout(0.1), nn.Linear(values, features), nn.ReLU()
        )

    def forward(self, x: Tensor) -> Tensor:
        """Return shape ``(batch, features)``, of scaled log-mel spectrograms."""
        return self.project(self.measured(x).flatten(1))

    def measured(self, x: Tensor) -> Tensor:
        """Return what share of each lag's correlation lies at which shift, upward ones last.

        Of shape ``(batch, lags, 2 * shifts + 1)``.
        """
        x = x[:, 0]
        power = torch.exp((x - 1) * (RANGE / 2 * math.log(10) / 10)).sum(2, keepdim=True)
        weight = (power / power.amax(1, keepdim=True)) ** self._FALL
        around = nn.functional.avg_pool1d(x, self._AROUND, 1, self._AROUND // 2)
        peaks = torch.relu(x - around) * weight
        frames, bands = peaks.shape[1:]
        shares = []
        for lag in self._LAGS:
            earlier, later = peaks[:, : frames - lag], peaks[:, lag:]
            moved = earlier.transpose(1, 2) @ later  # (batch, from band, to band)
            # Padded to twice its width and read in rows one longer: a diagonal becomes a column.
            rows = nn.functional.pad(moved, (0, bands)).flatten(1)
            rows = nn.functional.pad(rows, (0, bands)).unflatten(1, (bands, 2 * bands + 1))
            shifted = rows.sum(1)  # by 0, 1, 2, ... bands, and then by ..., -2, -1
            shifts = torch.cat([shifted[:, -self._SHIFTS :], shifted[:, : self._SHIFTS + 1]], dim=1)
            shares.append(shifts / (shifts.sum(1, keepdim=True) + 1e-3))
        return torch.stack(shares, dim=1)


class AudioTower(nn.Module):
    """Embeds ``(batch, 1, 251, 64)`` scaled log-mel spectrograms as unit vectors."""

    def __init__(self, dim: int = 128, widths: tuple[int, ...] = (24, 48, 96, 192)) -> None:
        """Make a tower.

        Args:
            dim: Length of the embedding.
            widths: Channels of the stages; each after the first halves time and frequency.
        """
        super().__init__()
        first = widths[0] * 2 // 3
        self.stem = nn.Sequential(
            nn.Conv2d(1, first, (7, 5), (2, 2), (3, 2), bias=False),
            nn.BatchNorm2d(first),
            nn.ReLU(inplace=True),
        )
        stages: list[nn.Module] = [Block(first, widths[0], (2, 1))]
        for inputs, outputs in pairwise(widths):
            stages += [Block(inputs, outputs, (2, 2)), Block(outputs, outputs)]
        self.stages = nn.Sequential(*stages)
        self.modulation, self.motion = Modulation(_MODULATION), Motion(_MOTION)
        # Four bands of 16 mel bins are left: kept apart, since pitch is where energy stands.
        features = widths[-1] * 4
        self.attention = nn.Linear(features, 1)
        self.project = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(5 * features + _MODULATION + _MOTION, dim)
        )

    def forward(self, spectrograms: Tensor) -> Tensor:
        """Return unit vectors of shape ``(batch, dim)``."""
        x = self.stages(self.stem(spectrograms))  # (batch, channels, time, 4)
        x = x.permute(0, 2, 1, 3).flatten(2)  # (batch, time, features)
        weight = torch.softmax(self.attention(x), dim=1)
        mean = x.mean(1)
        away = x - mean[:, None]
        spread = (away.square().mean(1) + 1e-4).sqrt()  # what comes unevenly differs in time
        ramp = torch.linspace(-1, 1, x.shape[1], dtype=x.dtype, device=x.device)
        trend = (away * ramp[:, None]).mean(1)  # what rises is another thing at the end
        pooled = [mean, x.amax(1), (weight * x).sum(1), spread, trend]
        pooled += [self.modulation(spectrograms), self.motion(spectrograms)]
        return nn.functional.normalize(self.project(torch.cat(pooled, dim=1)), dim=1)
