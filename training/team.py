"""Processes that train one model together."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import torch
from torch import distributed, nn


@dataclass(frozen=True)
class Team:
    """The processes that ``torchrun`` started, or this one alone.

    Attributes:
        rank: Of this process.
        size: How many they are.
    """

    rank: int = 0
    size: int = 1

    @classmethod
    def joined(cls) -> Self:
        """Join the others, if there are any."""
        if int(os.environ.get("WORLD_SIZE", "1")) == 1:
            return cls()
        distributed.init_process_group("gloo")
        return cls(distributed.get_rank(), distributed.get_world_size())

    @property
    def leads(self) -> bool:
        """Whether this process is the one that writes and tells."""
        return self.rank == 0

    def share(self, parameters: Sequence[nn.Parameter]) -> None:
        """Give every process the mean of all gradients."""
        if self.size == 1:
            return
        gradients = [p.grad for p in parameters if p.grad is not None]
        flat = torch.cat([gradient.flatten() for gradient in gradients])
        distributed.all_reduce(flat)
        flat /= self.size
        parts = flat.split([gradient.numel() for gradient in gradients])
        for gradient, part in zip(gradients, parts, strict=True):
            gradient.copy_(part.view_as(gradient))

    def say(self, text: str) -> None:
        """Print a line, once for all."""
        if self.leads:
            print(text, flush=True)

    def leave(self) -> None:
        """Part from the others."""
        if self.size > 1:
            distributed.destroy_process_group()
