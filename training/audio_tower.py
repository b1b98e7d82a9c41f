"""The audio tower: a small residual CNN on a log-mel spectrogram."""

from itertools import pairwise

import torch
from torch import Tensor, nn


class Block(nn.Module):
    """Two 3x3 convolutions with a shortcut; halves time and frequency if ``stride`` is 2."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
            nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or inputs != outputs:
            self.shortcut = nn.Sequential(
                nn.AvgPool2d(stride, stride, ceil_mode=True) if stride != 1 else nn.Identity(),
                nn.Conv2d(inputs, outputs, 1, bias=False),
                nn.BatchNorm2d(outputs),
            )

    def forward(self, x: Tensor) -> Tensor:
        """Return shape ``(batch, outputs, time, mels)``."""
        return torch.relu(self.body(x) + self.shortcut(x))


class AudioTower(nn.Module):
    """Embeds ``(batch, 1, 251, 64)`` scaled log-mel spectrograms as unit vectors."""

    def __init__(self, dim: int = 128, widths: tuple[int, ...] = (24, 48, 96, 192)) -> None:
        """Make a tower.

        Args:
            dim: Length of the embedding.
            widths: Channels of the stages; each after the first halves time and frequency.
        """
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, widths[0], (7, 5), (4, 2), (3, 2), bias=False),
            nn.BatchNorm2d(widths[0]),
            nn.ReLU(inplace=True),
        )
        stages: list[nn.Module] = [Block(widths[0], widths[0], 1)]
        for inputs, outputs in pairwise(widths):
            stages += [Block(inputs, outputs, 2), Block(outputs, outputs, 1)]
        self.stages = nn.Sequential(*stages)
        # Four bands of 16 mel bins are left: kept apart, since pitch is where energy stands.
        features = widths[-1] * 4
        self.attention = nn.Linear(features, 1)
        self.project = nn.Sequential(nn.Dropout(0.2), nn.Linear(5 * features, dim))

    def forward(self, x: Tensor) -> Tensor:
        """Return unit vectors of shape ``(batch, dim)``."""
        x = self.stages(self.stem(x))  # (batch, channels, time, 4)
        x = x.permute(0, 2, 1, 3).flatten(2)  # (batch, time, features)
        weight = torch.softmax(self.attention(x), dim=1)
        mean = x.mean(1)
        away = x - mean[:, None]
        spread = (away.square().mean(1) + 1e-4).sqrt()  # what comes unevenly differs in time
        ramp = torch.linspace(-1, 1, x.shape[1], dtype=x.dtype, device=x.device)
        trend = (away * ramp[:, None]).mean(1)  # what rises is another thing at the end
        pooled = torch.cat([mean, x.amax(1), (weight * x).sum(1), spread, trend], dim=1)
        return nn.functional.normalize(self.project(pooled), dim=1)
