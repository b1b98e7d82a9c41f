"""What each concept, and each qualifier of it, adds to a text: learnt from what a tower has heard.

By numbers, without any words: a qualifier adds the same to every concept, and something of its own
to each, which is kept small. So what is heard of one concept bears on the others, and a word that
is used in ten ways can't blur it. :mod:`training.text_head` teaches a layer to read the numbers out
of texts.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from training.clips import SEED
from training.descent import Losses, descend
from training.hearing import Captions, Heard
from training.phrases import contrast
from training.qualifiers import NAMES, opposites


@dataclass(frozen=True)
class ShiftSettings:
    """How shifts are learnt.

    Attributes:
        drawn: What is said of sounds is drawn so many times beforehand.
        steps: Of the training.
        batch: Learnt from in a step.
        rate: The highest rate; a cosine to zero.
        scale: Of the similarities, in the loss that tells opposites apart.
        contrast: Weight of the loss that tells what is said in a step apart.
        contrasted: Sounds of a step that are in that loss.
        keep: Weight of the mean square by which texts are moved.
        own: Weight of the mean square of what a qualifier adds to one concept alone.
    """

    drawn: int = 1_000_000
    steps: int = 2500
    batch: int = 2048
    rate: float = 3e-3
    scale: float = 40.0
    contrast: float = 0.3
    contrasted: int = 512
    keep: float = 0.5
    own: float = 3.0


class Shifts(nn.Module):
    """What is added to texts of concepts, given by their numbers; at first nothing."""

    def __init__(self, captions: Tensor) -> None:
        """Take the mean embeddings of captions, shape ``(n_concepts, n_qualifiers, dim)``."""
        super().__init__()
        concepts, qualifiers, dim = captions.shape
        self.register_buffer("captions", nn.functional.normalize(captions, dim=2))
        self.concept = nn.Parameter(torch.zeros(concepts, dim))
        self.qualifier = nn.Parameter(torch.zeros(qualifiers, dim))
        self.own = nn.Parameter(torch.zeros(concepts, qualifiers, dim))

    def forward(self, concepts: Tensor, qualifiers: Tensor) -> tuple[Tensor, Tensor]:
        """Return unit vectors of what is said, and by how much each was moved before."""
        moved = self.concept[concepts] + self.qualifier[qualifiers]
        moved = moved + self.own[concepts, qualifiers]
        return nn.functional.normalize(self.captions[concepts, qualifiers] + moved, dim=1), moved

    def table(self) -> Tensor:
        """Return what a concept adds, and then what each of its qualifiers adds.

        Of shape ``(n_concepts, 1 + n_qualifiers, dim)``.
        """
        return torch.cat([self.concept[:, None], self.qualifier + self.own], dim=1).detach()


def learnt(known: Heard, captions: Tensor, settings: ShiftSettings) -> Shifts:
    """Learn the shifts.

    Args:
        known: What a tower has heard.
        captions: See :class:`Shifts`.
        settings: How they are learnt.
    """
    torch.manual_seed(SEED)
    shifts, said = Shifts(captions), _drawn(known, settings)
    optimiser = torch.optim.Adam(shifts.parameters(), settings.rate)

    def losses() -> Losses:
        batch = said[torch.randint(len(said), (settings.batch,))]
        return _losses(shifts, known, batch, settings)

    descend(optimiser, settings.steps, losses, "shifts")
    return shifts


def _drawn(known: Heard, settings: ShiftSettings) -> Tensor:
    """Return rows of a sound, its concept, a qualifier that is true of it, and one that is not."""
    captions, rng = Captions(known.said), np.random.default_rng([SEED, 73])
    rows = []
    for _ in range(settings.drawn):
        said = captions.draw(rng)
        others = opposites(said.tag)
        other = others[int(rng.integers(len(others)))]
        rows.append((said.row, said.concept, NAMES.index(said.tag), NAMES.index(other)))
    return torch.tensor(rows)


def _losses(shifts: Shifts, known: Heard, said: Tensor, settings: ShiftSettings) -> Losses:
    rows, concepts, tags, others = said.T
    audio = known.audio[rows]
    (true, moved), (false, moved_off) = shifts(concepts, tags), shifts(concepts, others)
    apart = nn.functional.softplus(-settings.scale * (audio * (true - false)).sum(1))
    some = slice(settings.contrasted)
    logits = settings.scale / 2 * audio[some] @ true[some].T
    own = torch.cat([shifts.own[concepts, tags], shifts.own[concepts, others]])
    return {
        "opposite": apart.mean(),
        "batch": settings.contrast * contrast(logits, concepts[some]),
        "moved": settings.keep * torch.cat([moved, moved_off]).square().sum(1).mean(),
        "own": settings.own * own.square().sum(1).mean(),
    }
