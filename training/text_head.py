"""Train the layer that a text goes through after its words have been summed.

    python -m training.text_head [--variant NAME]

Of "high" and "low" a sum of words says the same of every sound, while a tower hears a cricket's
high elsewhere than a thunder's. Asked which of two edits of one sound is the higher one, it is
right almost always, and yet a half of both may be called low. So this layer learns, for a tower
that is done and stays as it is, where each concept's qualifiers lie: from recordings, and from made
sounds that no tower was trained on. And it learns to find a concept whose phrase stands among other
words, as in what people write, and to leave texts alone that name none.

Writes ``training/work/models/NAME/head.pt``. Twelve minutes on one core.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

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
from training.wordings import Wordings


@dataclass(frozen=True)
class Settings:
    """How the layer is trained.

    Attributes:
        recordings: Clips of recordings that it learns from.
        pairs: Of recordings edited both ways that it learns from, and of made sounds.
        hidden: Width of the layer.
        steps: Of the training.
        captions: Learnt from in a step.
        wordings: Learnt from in a step beside them.
        strangers: Texts of no concept in a step, which are to stay where they are.
        rate: The highest rate; a cosine to zero.
        scale: Of the similarities, in the loss that tells opposites apart.
        contrast: Weight of the loss that tells the captions of a step apart.
        keep: Weight of the mean square by which texts are moved.
    """

    recordings: int = 16_000
    pairs: int = 16_000
    hidden: int = 1024
    steps: int = 12_000
    captions: int = 192
    wordings: int = 96
    strangers: int = 64
    rate: float = 2e-3
    scale: float = 40.0
    contrast: float = 0.3
    keep: float = 0.5


@dataclass(frozen=True)
class Texts:
    """What embeds texts of concepts, which are given by their numbers.

    Attributes:
        captions: Embeds captions with qualifiers, and the same with the opposite ones.
        wordings: Embeds wordings as people write them.
        strangers: Embeds some texts that name no concept.
    """

    captions: Callable[[np.random.Generator, list[int], list[str]], tuple[Tensor, Tensor]]
    wordings: Callable[[np.random.Generator, list[int]], Tensor]
    strangers: Callable[[np.random.Generator, int], Tensor]


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


def train(known: Heard, texts: Texts, settings: Settings) -> Head:
    """Train the layer on what a tower has heard."""
    torch.manual_seed(SEED)
    head, captions = Head(settings.hidden), Captions(known.said)
    optimiser = torch.optim.AdamW(head.parameters(), settings.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, settings.steps)
    rng = np.random.default_rng([SEED, 71])
    for step in range(settings.steps):
        said = [captions.draw(rng) for _ in range(settings.captions)]
        true, false = texts.captions(rng, [one.concept for one in said], [one.tag for one in said])
        losses = told_apart(head, sounds_of(known, said), said, (true, false), settings)
        named = [captions.draw(rng) for _ in range(settings.wordings)]
        wordings = texts.wordings(rng, [one.concept for one in named])
        losses |= found(head, sounds_of(known, named), named, wordings, settings)
        losses |= left_alone(head, texts.strangers(rng, settings.strangers), settings)
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


def sounds_of(known: Heard, said: list[Said]) -> Tensor:
    """Return the sounds that something is said of, unit rows."""
    return known.audio[[one.row for one in said]]


def told_apart(
    head: Head,
    audio: Tensor,
    said: list[Said],
    captions: tuple[Tensor, Tensor],
    settings: Settings,
) -> dict[str, Tensor]:
    """Return what is lost by captions with qualifiers.

    Args:
        head: The layer.
        audio: The sounds, unit rows.
        said: What is true of each.
        captions: Such that say so, and such that say the opposite.
        settings: How the parts are weighed.
    """
    (true, moved), (false, _) = map(head, captions)
    apart = nn.functional.softplus(-settings.scale * (audio * (true - false)).sum(1))
    return {
        "opposite": apart.mean(),
        "batch": _contrast(audio, said, true, settings),
        "moved": settings.keep * moved.square().sum(1).mean(),
    }


def found(
    head: Head, audio: Tensor, said: list[Said], wordings: Tensor, settings: Settings
) -> dict[str, Tensor]:
    """Return what is lost by wordings that name a concept among other words.

    Without them the layer learns of captions alone, and free wordings are found less well than
    by the sum of their words.
    """
    texts, moved = head(wordings)
    return {
        "wordings": _contrast(audio, said, texts, settings),
        "wordings moved": settings.keep / 2 * moved.square().sum(1).mean(),
    }


def left_alone(head: Head, strangers: Tensor, settings: Settings) -> dict[str, Tensor]:
    """Return what is lost by texts that are moved and name no concept.

    Words beside a phrase are left aside; by themselves they may be what a user asks for.
    """
    _, moved = head(strangers)
    return {"strangers": 2 * settings.keep * moved.square().sum(1).mean()}


def _contrast(audio: Tensor, said: list[Said], texts: Tensor, settings: Settings) -> Tensor:
    concepts = torch.tensor([one.concept for one in said])
    return settings.contrast * contrast(settings.scale / 2 * audio @ texts.T, concepts)


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
    table = TextTable.load(variant.text)
    bank = EmbeddedBank(state["concepts"], table.embed)
    wordings = Wordings(bank.phrases, table.vocabulary)

    @torch.no_grad()
    def embed_captions(
        rng: np.random.Generator, concepts: list[int], tags: list[str]
    ) -> tuple[Tensor, Tensor]:
        true, false = bank.captions(rng, concepts, tags)
        return text_map(true), text_map(false)

    @torch.no_grad()
    def embed_wordings(rng: np.random.Generator, concepts: list[int]) -> Tensor:
        texts = [wordings.draw(rng, concept) for concept in concepts]
        embeddings: Tensor = text_map(bank.embed(texts))
        return embeddings

    @torch.no_grad()
    def embed_strangers(rng: np.random.Generator, count: int) -> Tensor:
        embeddings: Tensor = text_map(bank.embed([wordings.unrelated(rng) for _ in range(count)]))
        return embeddings

    texts = Texts(embed_captions, embed_wordings, embed_strangers)
    torch.save(train(known, texts, settings).state_dict(), variant.head)


if __name__ == "__main__":
    main()
