"""Train the layer that a text goes through after its words have been summed.

    python -m training.text_head [--variant NAME]

Of "high" and "low" a sum of words says the same of every sound, while a tower hears a cricket's
high elsewhere than a thunder's. Asked which of two edits of one sound is the higher one, it is
right almost always, and yet a half of both may be called low. So this layer learns, for a tower
that is done and stays as it is, where each concept's qualifiers lie: from recordings, and from made
sounds that no tower was trained on.

Writes ``training/work/models/NAME/head.pt``. Twelve minutes on one core.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor, nn

from anysound.models.bundled.text import TextTable
from training.audio_tower import AudioTower
from training.clips import HEARD, MADE, SEED, UNHEARD, Clip, read_clips
from training.hearing import Captions, Heard, Said, both, embedded, heard
from training.phrases import EmbeddedBank, contrast
from training.text_map import TextMap
from training.text_teacher import DIM
from training.variants import VARIANTS, Variant


@dataclass(frozen=True)
class Settings:
    """How the layer is trained.

    Attributes:
        recordings: Clips of recordings that it learns from.
        pairs: Of recordings edited both ways that it learns from, and of made sounds.
        hidden: Width of the layer.
        steps: Of the training.
        captions: Learnt from in a step.
        rate: The highest rate; a cosine to zero.
        scale: Of the similarities, in the loss that tells opposites apart.
        contrast: Weight of the loss that tells the captions of a step apart.
        keep: Weight of the mean square by which texts are moved.
    """

    recordings: int = 16_000
    pairs: int = 16_000
    hidden: int = 1024
    steps: int = 8000
    captions: int = 192
    rate: float = 2e-3
    scale: float = 40.0
    contrast: float = 0.3
    keep: float = 0.5


EmbedCaptions: TypeAlias = Callable[
    [np.random.Generator, list[int], list[str]], tuple[Tensor, Tensor]
]
"""Embeds captions of concepts with qualifiers, and the same with the opposite ones."""


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


def heard_by(tower: AudioTower, variant: Variant, concepts: list[str], settings: Settings) -> Heard:
    """Let a tower hear recordings that it was trained on, and made sounds that it was not."""

    def heard_of(folder: Path, keeps: Callable[[Clip], bool], most: int | None) -> Heard:
        clips, features = read_clips(keeps, folder)
        rows = np.random.default_rng([SEED, 72]).permutation(len(clips))[:most]
        chosen = torch.from_numpy(features[rows])
        return heard(
            partial(embedded, tower), [clips[row] for row in rows], chosen, concepts, settings.pairs
        )

    real = heard_of(
        HEARD, lambda clip: variant.keeps(clip) and clip.source not in MADE, settings.recordings
    )
    return both(real, heard_of(UNHEARD, variant.keeps, None))


def train(known: Heard, embed: EmbedCaptions, settings: Settings) -> Head:
    """Train the layer on what a tower has heard."""
    torch.manual_seed(SEED)
    head, captions = Head(settings.hidden), Captions(known.said)
    optimiser = torch.optim.AdamW(head.parameters(), settings.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.steps)
    rng = np.random.default_rng([SEED, 71])
    for step in range(settings.steps):
        said = [captions.draw(rng) for _ in range(settings.captions)]
        true, false = embed(rng, [one.concept for one in said], [one.tag for one in said])
        losses = losses_of(
            head, known.audio[[one.row for one in said]], said, (true, false), settings
        )
        sum(losses.values(), torch.tensor(0.0)).backward()
        optimiser.step()
        optimiser.zero_grad()
        schedule.step()
        if (step + 1) % 250 == 0:
            parts = "  ".join(
                f"{name} {float(value.detach()):.3f}" for name, value in losses.items()
            )
            print(f"step {step + 1}  {parts}", flush=True)
    return head


def losses_of(
    head: Head,
    audio: Tensor,
    said: list[Said],
    texts: tuple[Tensor, Tensor],
    settings: Settings,
) -> dict[str, Tensor]:
    """Return the parts of the loss for some sounds.

    Args:
        head: The layer.
        audio: The sounds, unit rows.
        said: What is true of each.
        texts: Captions that say so, and such that say the opposite.
        settings: How the parts are weighed.
    """
    (true, moved), (false, _) = map(head, texts)
    apart = nn.functional.softplus(-settings.scale * (audio * (true - false)).sum(1))
    concepts = torch.tensor([one.concept for one in said])
    return {
        "opposite": apart.mean(),
        "batch": settings.contrast * contrast(settings.scale / 2 * audio @ true.T, concepts),
        "moved": settings.keep * moved.square().sum(1).mean(),
    }


def main() -> None:
    """Train the layer of a variant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=VARIANTS, default="shipped")
    variant = VARIANTS[parser.parse_args().variant]
    state = torch.load(variant.checkpoint, map_location="cpu")
    tower, text_map = AudioTower(DIM), TextMap(DIM)
    tower.load_state_dict(state["average"])
    text_map.load_state_dict(state["text_map"])
    settings = Settings()
    known = heard_by(tower.eval(), variant, state["concepts"], settings)
    print(f"{len(known.audio)} clips", flush=True)
    bank = EmbeddedBank(state["concepts"], TextTable.load(variant.text).embed)

    @torch.no_grad()
    def embed(
        rng: np.random.Generator, concepts: list[int], tags: list[str]
    ) -> tuple[Tensor, Tensor]:
        true, false = bank.captions(rng, concepts, tags)
        return text_map(true), text_map(false)

    torch.save(train(known, embed, settings).state_dict(), variant.head)


if __name__ == "__main__":
    main()
