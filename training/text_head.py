"""Train the layer that a text goes through after its words have been summed.

    python -m training.text_head [--variant NAME]

Of "high" and "low" a sum of words says the same of every sound, while a tower hears a cricket's
high elsewhere than a thunder's. Asked which of two edits of one sound is the higher one, it is
right almost always, and yet a half of both may be called low. So this layer learns, for a tower
that is done and stays as it is, where each concept's qualifiers lie: from recordings, and from made
sounds that no tower was trained on. First by numbers (``shifts.py``), then to read the numbers out
of texts. And it learns to find a concept whose phrase stands among other words, as in what people
write, and to leave texts alone that name none.

Writes ``training/work/models/NAME/head.npz``. Twenty minutes on one core.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from anysound.models.bundled.head import LEAST, TextHead
from anysound.models.bundled.text import TextTable
from training.audio_tower import AudioTower
from training.clips import HEARD, MADE, SEED, UNHEARD, Clip, read_clips
from training.descent import Losses, descend
from training.hearing import Captions, Heard, Said, both, embedded, heard
from training.phrases import EmbeddedBank, contrast
from training.qualifiers import NAMES
from training.shifts import Shifts, ShiftSettings, learnt
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
        width: Of what reads qualifiers.
        hidden: Width of the residual layer.
        sharpness: Of reading concepts, at first.
        steps: Of the training.
        captions: Learnt from in a step.
        wordings: Learnt from in a step beside them.
        strangers: Texts of no concept in a step, which are to stay where they are.
        rate: The highest rate; a cosine to zero.
        scale: Of the similarities, in the loss that tells opposites apart.
        contrast: Weight of the loss that tells the captions of a step apart.
        keep: Weight of the mean square by which texts are moved.
        qualifiers: Weight of the loss by which qualifiers are read.
        concepts: Weight of the loss by which concepts are read.
    """

    recordings: int = 16_000
    pairs: int = 16_000
    width: int = 256
    hidden: int = 1024
    sharpness: float = 25.0
    steps: int = 3000
    captions: int = 192
    wordings: int = 96
    strangers: int = 64
    rate: float = 2e-3
    scale: float = 40.0
    contrast: float = 0.3
    keep: float = 0.5
    qualifiers: float = 0.5
    concepts: float = 0.15


@dataclass(frozen=True)
class Texts:
    """What embeds texts of concepts, which are given by their numbers.

    Attributes:
        captions: Embeds captions with qualifiers, and the same with opposite ones, which it names.
        wordings: Embeds wordings as people write them.
        strangers: Embeds some texts that name no concept.
    """

    captions: Callable[
        [np.random.Generator, list[int], list[str]], tuple[Tensor, Tensor, list[str]]
    ]
    wordings: Callable[[np.random.Generator, list[int]], Tensor]
    strangers: Callable[[np.random.Generator, int], Tensor]


@dataclass(frozen=True)
class Moved:
    """What the layer makes of some texts.

    Attributes:
        texts: Unit rows.
        by: How far each was moved before.
        concepts: Logits of the concepts that were read, and of none.
        qualifiers: Logits of the qualifiers, and of none.
    """

    texts: Tensor
    by: Tensor
    concepts: Tensor
    qualifiers: Tensor


class Head(nn.Module):
    """What :class:`anysound.models.bundled.head.TextHead` computes, with its parts' names."""

    shifts: Tensor

    def __init__(self, phrases: Tensor, shifts: Tensor, settings: Settings) -> None:
        """Make one that reads concepts where their phrases lie.

        Args:
            phrases: Mean embedding of each concept's phrases, shape ``(n_concepts, dim)``.
            shifts: See :meth:`training.shifts.Shifts.table`; they stay as they are.
            settings: How wide it is.
        """
        super().__init__()
        sharp = settings.sharpness
        self.concepts = nn.Parameter(sharp * nn.functional.normalize(phrases, dim=1))
        self.no_concept = nn.Parameter(torch.tensor(0.5 * sharp))
        self.qualifiers_inner = nn.Linear(DIM, settings.width, bias=False)
        self.qualifiers_outer = nn.Linear(settings.width, shifts.shape[1] - 1, bias=False)
        self.inner = nn.Linear(DIM, settings.hidden, bias=False)
        self.outer = nn.Linear(settings.hidden, DIM, bias=False)
        nn.init.normal_(self.qualifiers_inner.weight)
        nn.init.zeros_(self.outer.weight)
        self.register_buffer("shifts", shifts)

    def forward(self, text: Tensor) -> Moved:
        """Move unit rows."""
        none = self.no_concept.expand(len(text), 1)
        concepts = torch.cat([text @ self.concepts.T, none], dim=1)
        said = self.qualifiers_outer(torch.relu(self.qualifiers_inner(text)))
        qualifiers = torch.cat([said, torch.zeros_like(none)], dim=1)
        shares = torch.softmax(concepts, dim=1)[:, :-1]
        shares = shares * (shares > LEAST)
        whole = torch.cat([torch.ones_like(none), torch.softmax(qualifiers, dim=1)[:, :-1]], dim=1)
        weights = (shares[:, :, None] * whole[:, None]).flatten(1)
        by = weights @ self.shifts.flatten(0, 1) + self.outer(torch.relu(self.inner(text)))
        return Moved(nn.functional.normalize(text + by, dim=1), by, concepts, qualifiers)

    def runtime(self) -> TextHead:
        """Return what the package computes with; the shifts in eight bits."""
        scales = self.shifts.abs().amax(2) / 127
        shifts = torch.round(self.shifts / scales.clamp(min=1e-12)[:, :, None])
        return TextHead(
            concepts=self.concepts.detach().numpy(),
            no_concept=self.no_concept.detach().numpy(),
            qualifiers_inner=self.qualifiers_inner.weight.detach().numpy(),
            qualifiers_outer=self.qualifiers_outer.weight.detach().numpy(),
            shifts=shifts.to(torch.int8).numpy(),
            scales=scales.numpy(),
            inner=self.inner.weight.detach().numpy(),
            outer=self.outer.weight.detach().numpy(),
        )


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


def train(known: Heard, phrases: Tensor, shifts: Shifts, texts: Texts, settings: Settings) -> Head:
    """Train the layer on what a tower has heard.

    Args:
        known: What was heard.
        phrases: Mean embedding of each concept's phrases.
        shifts: What was learnt from the same.
        texts: Embeds what is said of it.
        settings: How it is trained.
    """
    torch.manual_seed(SEED)
    head, captions = Head(phrases, shifts.table(), settings), Captions(known.said)
    optimiser = torch.optim.AdamW(head.parameters(), settings.rate, weight_decay=0.01)
    rng = np.random.default_rng([SEED, 71])

    def losses() -> Losses:
        said = [captions.draw(rng) for _ in range(settings.captions)]
        drawn = texts.captions(rng, [one.concept for one in said], [one.tag for one in said])
        lost = told_apart(head, known, said, drawn, settings)
        named = [captions.draw(rng) for _ in range(settings.wordings)]
        wordings = texts.wordings(rng, [one.concept for one in named])
        lost |= found(head, known, named, wordings, settings)
        return lost | left_alone(head, texts.strangers(rng, settings.strangers), settings)

    descend(optimiser, settings.steps, losses, "step")
    return head


def sounds_of(known: Heard, said: list[Said]) -> tuple[Tensor, list[int]]:
    """Return the sounds that something is said of, unit rows, and their concepts."""
    return known.audio[[one.row for one in said]], [one.concept for one in said]


def told_apart(
    head: Head,
    known: Heard,
    said: list[Said],
    captions: tuple[Tensor, Tensor, list[str]],
    settings: Settings,
) -> Losses:
    """Return what is lost by captions with qualifiers.

    Args:
        head: The layer.
        known: The sounds.
        said: What is true of some.
        captions: Such that say so, such that say the opposite, and those qualifiers.
        settings: How the parts are weighed.
    """
    audio, concepts = sounds_of(known, said)
    true, false, opposites = head(captions[0]), head(captions[1]), captions[2]
    apart = nn.functional.softplus(-settings.scale * (audio * (true.texts - false.texts)).sum(1))
    tags = [NAMES.index(one.tag) for one in said]
    others = [NAMES.index(tag) for tag in opposites]
    read = _read(true, concepts, tags, settings) + _read(false, concepts, others, settings)
    return {
        "opposite": apart.mean(),
        "batch": _contrast(audio, concepts, true, settings),
        "moved": settings.keep * true.by.square().sum(1).mean(),
        "read": read / 2,
    }


def found(
    head: Head, known: Heard, said: list[Said], wordings: Tensor, settings: Settings
) -> Losses:
    """Return what is lost by wordings that name a concept among other words.

    Without them the layer learns of captions alone, and free wordings are found less well than
    by the sum of their words.
    """
    audio, concepts = sounds_of(known, said)
    moved = head(wordings)
    return {
        "wordings": _contrast(audio, concepts, moved, settings),
        "wordings moved": settings.keep / 2 * moved.by.square().sum(1).mean(),
        "wordings read": _read(moved, concepts, [len(NAMES)] * len(said), settings),
    }


def left_alone(head: Head, strangers: Tensor, settings: Settings) -> Losses:
    """Return what is lost by texts that are moved and name no concept.

    Words beside a phrase are left aside; by themselves they may be what a user asks for.
    """
    moved, count = head(strangers), len(strangers)
    no_concepts, no_qualifiers = [len(head.concepts)] * count, [len(NAMES)] * count
    return {
        "strangers": 2 * settings.keep * moved.by.square().sum(1).mean(),
        "strangers read": _read(moved, no_concepts, no_qualifiers, settings),
    }


def _contrast(audio: Tensor, concepts: list[int], moved: Moved, settings: Settings) -> Tensor:
    logits = settings.scale / 2 * audio @ moved.texts.T
    return settings.contrast * contrast(logits, torch.tensor(concepts))


def _read(moved: Moved, concepts: list[int], qualifiers: list[int], settings: Settings) -> Tensor:
    """Return what is lost by reading others out of texts than they were made of."""
    lost = nn.functional.cross_entropy
    return settings.concepts * lost(
        moved.concepts, torch.tensor(concepts)
    ) + settings.qualifiers * lost(moved.qualifiers, torch.tensor(qualifiers))


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
    ) -> tuple[Tensor, Tensor, list[str]]:
        true, false, opposites = bank.captions(rng, concepts, tags)
        return text_map(true), text_map(false), opposites

    @torch.no_grad()
    def embed_wordings(rng: np.random.Generator, concepts: list[int]) -> Tensor:
        texts = [wordings.draw(rng, concept) for concept in concepts]
        embeddings: Tensor = text_map(bank.embed(texts))
        return embeddings

    @torch.no_grad()
    def embed_strangers(rng: np.random.Generator, count: int) -> Tensor:
        embeddings: Tensor = text_map(bank.embed([wordings.unrelated(rng) for _ in range(count)]))
        return embeddings

    with torch.no_grad():
        phrases = torch.stack([text_map(vectors).mean(0) for vectors in bank.vectors])
        captions = bank.mean_captions(np.random.default_rng([SEED, 74]), text_map)
    shifts = learnt(known, captions, ShiftSettings())
    texts = Texts(embed_captions, embed_wordings, embed_strangers)
    train(known, phrases, shifts, texts, settings).runtime().save(variant.folder)


if __name__ == "__main__":
    main()
