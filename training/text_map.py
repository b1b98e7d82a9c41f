"""What text embeddings go through: a linear map, and a layer for what is said of sounds."""

import math

import torch
from torch import Tensor, nn

from training.text_teacher import DIM

HIDDEN = 1024
"""Width of the layer."""


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


class Head(nn.Module):
    """What :class:`anysound.models.bundled.head.TextHead` computes; at first it moves nothing."""

    def __init__(self, hidden: int) -> None:
        super().__init__()
        self.inner = nn.Linear(DIM, hidden, bias=False)
        self.outer = nn.Linear(hidden, DIM, bias=False)
        nn.init.zeros_(self.outer.weight)

    def forward(self, text: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit vectors, and by how much each text was moved before."""
        moved = self.outer(torch.relu(self.inner(text)))
        return nn.functional.normalize(text + moved, dim=1), moved
