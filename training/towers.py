"""The audio towers of a variant as they came out of their training."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from training.audio_tower import AudioTower
from training.text_map import TextMap
from training.text_teacher import DIM
from training.variants import TOWERS, Variant


class Towers(nn.Module):
    """Towers that learnt apart, in one space; what they hear is the mean direction.

    Each errs in its own way, so together they err less: trained on no recording like those that
    they are asked for, two are right where one is not (deep ensembles, Lakshminarayanan et al.
    2017).
    """

    def __init__(self, towers: Sequence[nn.Module]) -> None:
        """Put towers together, which return unit vectors."""
        super().__init__()
        self.towers = nn.ModuleList(towers)

    def forward(self, spectrograms: Tensor) -> Tensor:
        """Return unit vectors of shape ``(batch, dim)``."""
        heard = torch.stack([tower(spectrograms) for tower in self.towers])
        return nn.functional.normalize(heard.sum(0), dim=1)


@dataclass(frozen=True)
class Trained:
    """What the towers of a variant have learnt.

    Attributes:
        towers: All of them.
        text_map: What text embeddings go through to lie in their space.
        concepts: Names of the concepts, as they are numbered.
    """

    towers: Towers
    text_map: TextMap
    concepts: list[str]


def trained(variant: Variant) -> Trained:
    """Read the towers of a variant."""
    towers, text_map = [AudioTower(DIM) for _ in TOWERS], TextMap(DIM)
    for tower, number in zip(towers, TOWERS, strict=True):
        state = torch.load(variant.checkpoint(number), map_location="cpu")
        tower.load_state_dict(state["average"])
    text_map.load_state_dict(state["text_map"])  # the first one's: the others left it as it was
    return Trained(Towers(towers).eval(), text_map, state["concepts"])
