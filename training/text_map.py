"""The linear map that text embeddings go through, learnt with the audio tower."""

import math

import torch
from torch import Tensor, nn


class TextMap(nn.Module):
    """A linear map on text embeddings that starts as the identity and is kept near it."""

    def __init__(self, dim: int) -> None:
        super().__init__()
        self.change = nn.Parameter(torch.zeros(dim, dim))
        self.log_scale = nn.Parameter(torch.tensor(math.log(15.0)))

    def forward(self, text: Tensor) -> Tensor:
        """Return unit vectors."""
        return nn.functional.normalize(text + text @ self.change.T, dim=-1)

    @property
    def scale(self) -> Tensor:
        """Factor on similarities, at most 40."""
        return self.log_scale.exp().clamp(max=40.0)
