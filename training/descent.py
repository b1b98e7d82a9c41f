"""The steps by which what is learnt about texts goes down its losses."""

from collections.abc import Callable

import torch
from torch import Tensor

_PRINTED_EVERY = 250  # steps

Losses = dict[str, Tensor]
"""What is lost, by name; a step goes down their sum."""


def descend(
    optimiser: torch.optim.Optimizer, steps: int, losses: Callable[[], Losses], name: str
) -> None:
    """Go down some losses, at a rate that falls to zero along a cosine.

    Args:
        optimiser: Holds what is learnt.
        steps: How many.
        losses: Draws what a step learns from, and returns what is lost by it.
        name: Of what is learnt, for the lines that are printed.
    """
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for step in range(steps):
        lost = losses()
        sum(lost.values(), torch.tensor(0.0)).backward()
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        if (step + 1) % _PRINTED_EVERY == 0:
            parts = "  ".join(f"{part} {float(value.detach()):.3f}" for part, value in lost.items())
            print(f"{name} {step + 1}  {parts}", flush=True)
