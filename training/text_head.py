"""Train the layer that a text goes through after its words have been summed.

    python -m training.text_head [--variant NAME]

Of "high" and "low" a sum of words says the same of every sound, while a tower hears a cricket's
high elsewhere than a thunder's. Asked which of two edits of one sound is the higher one, it is
right almost always, and yet a half of both may be called low. So this layer learns, for a tower
that is done and stays as it is, where each concept's qualifiers lie.

Writes ``training/work/models/NAME/head.pt``. Some minutes on one core.
"""

import argparse
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from anysound.models.bundled.text import TextTable
from training import augment
from training.audio_tower import AudioTower
from training.clips import SEED, Clip, read_clips
from training.phrases import EmbeddedBank
from training.pole_pairs import PolePairs
from training.precision import has_bfloat16
from training.tags import TagDraw
from training.text_map import TextMap
from training.text_teacher import DIM
from training.variants import VARIANTS, Variant


@dataclass(frozen=True)
class Settings:
    """How the layer is trained.

    Attributes:
        clips: Kept clips with qualifiers that it learns from.
        pairs: Clips edited both ways that it learns from.
        hidden: Width of the layer.
        steps: Of the training.
        captions: Learnt from in a step.
        rate: The highest rate; a cosine to zero.
        scale: Of the similarities, in the loss that tells opposites apart.
        contrast: Weight of the loss that tells the captions of a step apart.
        keep: Weight of the mean square by which texts are moved.
    """

    clips: int = 40_000
    pairs: int = 6_000
    hidden: int = 256
    steps: int = 4000
    captions: int = 192
    rate: float = 2e-3
    scale: float = 40.0
    contrast: float = 0.3
    keep: float = 0.5


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


@dataclass(frozen=True)
class Heard:
    """Clips with something to be said of them.

    Attributes:
        audio: Their embeddings, unit rows.
        concepts: The number of each one's concept.
        say: Draws a qualifier that is true of one, and what it counts.
    """

    audio: Tensor
    concepts: NDArray[np.int_]
    say: Callable[[np.random.Generator, int], tuple[str, float]]


Captions = Callable[[np.random.Generator, list[int], list[str]], tuple[Tensor, Tensor]]
"""Embeds captions of concepts with qualifiers, and the same with the opposite ones."""


@torch.no_grad()
def heard(tower: AudioTower, variant: Variant, concepts: list[str], settings: Settings) -> Heard:
    """Draw clips of the training set, edit some both ways, and embed all."""
    rng = np.random.default_rng([SEED, 70])
    clips, kept = read_clips(variant.keeps)
    features = torch.from_numpy(kept)
    numbers = {name: number for number, name in enumerate(concepts)}
    rows = drawn(rng, clips, settings.clips)
    audio = [embedded(tower, features[part].float()) for part in torch.tensor(rows).split(256)]
    of = [numbers[clips[row].concept] for row in rows]
    pairs, poles = PolePairs(clips, features, concepts), list[str]()
    for _ in range(settings.pairs // 64):
        edited, edited_of, edited_poles = pairs.draw(rng, 64)
        audio.append(embedded(tower, edited))
        of += edited_of.tolist()
        poles += edited_poles

    tags = TagDraw(clips)

    def say(rng: np.random.Generator, row: int) -> tuple[str, float]:
        if row < len(rows):
            return tags.draw(rng, clips[rows[row]])
        return poles[row - len(rows)], 1.0

    return Heard(torch.cat(audio), np.array(of), say)


def drawn(rng: np.random.Generator, clips: list[Clip], count: int) -> list[int]:
    """Draw clips with qualifiers, every concept as often as any other."""
    by_concept: dict[str, list[int]] = {}
    for row, clip in enumerate(clips):
        if clip.tags:
            by_concept.setdefault(clip.concept, []).append(row)
    each = math.ceil(count / len(by_concept))
    return [
        row
        for rows in by_concept.values()
        for row in rng.choice(rows, min(each, len(rows)), replace=False).tolist()
    ]


def embedded(tower: AudioTower, decibels: Tensor) -> Tensor:
    """Return what the tower makes of some clips."""
    inputs = augment.scaled(decibels)[:, None].contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16(torch.device("cpu"))):
        embeddings: Tensor = tower(inputs)
    return nn.functional.normalize(embeddings.float(), dim=1)


def train(known: Heard, captions: Captions, settings: Settings) -> Head:
    """Train the layer on what a tower has heard."""
    torch.manual_seed(SEED)
    head = Head(settings.hidden)
    optimiser = torch.optim.AdamW(head.parameters(), settings.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.steps)
    rng = np.random.default_rng([SEED, 71])
    for step in range(settings.steps):
        rows = rng.integers(len(known.audio), size=settings.captions)
        losses = losses_of(head, known, rows, captions, rng, settings)
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
    known: Heard,
    rows: NDArray[np.int_],
    captions: Captions,
    rng: np.random.Generator,
    settings: Settings,
) -> dict[str, Tensor]:
    """Return the parts of the loss for some clips."""
    concepts, said = known.concepts[rows], [known.say(rng, row) for row in rows]
    true, false = captions(rng, concepts.tolist(), [tag for tag, _ in said])
    (true, moved), (false, _) = head(true), head(false)
    audio, weights = known.audio[rows], torch.tensor([weight for _, weight in said])
    apart = nn.functional.softplus(-settings.scale * (audio * (true - false)).sum(1))
    same = torch.from_numpy(concepts[:, None] == concepts[None])
    logits = settings.scale / 2 * audio @ true.T
    logits = logits.masked_fill(same & ~torch.eye(len(rows), dtype=torch.bool), -1e4)
    return {
        "opposite": (weights * apart).sum() / weights.sum(),
        "batch": settings.contrast * nn.functional.cross_entropy(logits, torch.arange(len(rows))),
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
    known = heard(tower.eval(), variant, state["concepts"], settings)
    print(f"{len(known.audio)} clips", flush=True)
    bank = EmbeddedBank(state["concepts"], TextTable.load(variant.text).embed)

    @torch.no_grad()
    def captions(
        rng: np.random.Generator, concepts: list[int], tags: list[str]
    ) -> tuple[Tensor, Tensor]:
        true, false = bank.captions(rng, concepts, tags)
        return text_map(true), text_map(false)

    torch.save(train(known, captions, settings).state_dict(), variant.head)


if __name__ == "__main__":
    main()
