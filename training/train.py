"""Train the audio tower into the space of the text table.

    python -m training.train [--variant NAME] [--steps N]

Reads ``training/work/clips`` and the text table; writes ``training/work/models/NAME/audio.pt``,
from which it goes on when started again. ``variants.py`` says what each variant is trained without,
and which one it goes on from. Takes a GPU if torch finds one.

On a processor with several cores, processes side by side are quicker than threads. They share each
batch, and what they have learnt after every step:

    OMP_NUM_THREADS=1 torchrun --standalone --nproc-per-node 2 -m training.train
"""

import argparse
import math
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from anysound.models.bundled.text import TextTable
from training import augment
from training.audio_tower import AudioTower
from training.clips import MADE, SEED, Clip, drawn_row, read_clips
from training.phrases import EmbeddedBank, contrast
from training.pole_pairs import PolePairs
from training.precision import has_bfloat16
from training.tags import OF_TIME, TagDraw
from training.team import Team
from training.text_map import TextMap
from training.variants import VARIANTS, Variant

_CAPTION_SHARE = 0.6  # of the clips with qualifiers, which captions are learnt from
_BACKGROUNDS = (
    "white_noise",
    "pink_noise",
    "wind",
    "ventilation_noise",
    "traffic_noise",
    "city_ambience",
    "coffee_shop",
    "crowd_babble",
    "electrical_hum",
    "fan_hum",
    "rain",
)


@dataclass(frozen=True)
class Settings:
    """What the training run is made of."""

    steps: int = 4000
    batch: int = 144
    pairs: int = 24  # of clips edited both ways, in a batch
    rate: float = 2e-3
    warm_up: int = 200
    weight_decay: float = 0.05
    average: float = 0.998
    checkpoint_every: int = 250


LATER = replace(Settings(), steps=750, rate=6e-4, warm_up=50)
"""For a variant that goes on from another."""

_OF_THE_COSINE = 0.8
"""The running averages learn little from the steps after."""

_NEW_SHARE = 0.5  # of a concept's clips, for those that are new to a variant


class Sampler:
    """Draws batches in which every concept is as frequent as any other."""

    def __init__(
        self, clips: list[Clip], concepts: list[str], is_known: Callable[[Clip], bool]
    ) -> None:
        """Sort the clips.

        Args:
            clips: All that may be drawn.
            concepts: Their names, by number.
            is_known: Tells which clips the tower has heard; the others are drawn more often.
        """
        rows: dict[tuple[str, bool], list[int]] = defaultdict(list)
        new: dict[str, list[int]] = defaultdict(list)
        for row, clip in enumerate(clips):
            rows[clip.concept, clip.source not in MADE].append(row)
            if not is_known(clip):
                new[clip.concept].append(row)
        self.rows, self.new = dict(rows), dict(new)
        self.concepts = concepts

    def draw(self, rng: np.random.Generator, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return clip rows and concept numbers."""
        picked = rng.integers(len(self.concepts), size=count)
        rows = []
        for number in picked:
            concept = self.concepts[number]
            new = self.new.get(concept)
            if new and rng.random() < _NEW_SHARE:
                rows.append(new[rng.integers(len(new))])
                continue
            real, made = self.rows.get((concept, True), []), self.rows.get((concept, False), [])
            rows.append(drawn_row(rng, real, made))
        return np.array(rows), picked


@dataclass(frozen=True)
class Caption:
    """What is said of a clip of a batch.

    Attributes:
        place: Of the clip.
        tag: A qualifier that is true of it.
        weight: What it counts.
    """

    place: int
    tag: str
    weight: float = 1.0


def prepared(
    decibels: Tensor, noises: Tensor, chances: augment.Chances, captions: list[Caption]
) -> tuple[Tensor, Tensor, Tensor]:
    """Augment a batch and scale it as the runtime does.

    What is said of a clip must stay true. So one that is called regular isn't rolled nor blanked,
    one that is called bright isn't tilted, cut or put into noise, and neither is mixed with
    another.

    Args:
        decibels: The clips.
        noises: Clips to take backgrounds from.
        chances: How often each augmentation is applied.
        captions: What is said of which clips.
    """
    timed, coloured = torch.zeros(len(decibels)), torch.zeros(len(decibels))
    for caption in captions:
        (timed if caption.tag in OF_TIME else coloured)[caption.place] = 1.0
    decibels = augment.roll(decibels, chances.roll * (1 - timed))
    decibels = augment.mix_style(decibels, chances.style * (1 - coloured))
    decibels = augment.shift(decibels, chances.shift * (1 - 0.5 * coloured))
    decibels = augment.equalise(decibels, chances.equalise * (1 - coloured))
    decibels, partner, share = augment.mix(decibels, chances.mix * (1 - timed - coloured))
    decibels = augment.background(decibels, noises, chances.background * (1 - coloured))
    decibels = augment.narrow(decibels, chances.narrow * (1 - coloured))
    return augment.mask(augment.scaled(decibels), chances.mask * (1 - timed)), partner, share


class Trainer:
    """The state of a run: towers, their running averages, and where it stands."""

    def __init__(self, settings: Settings, variant: Variant, team: Team) -> None:
        torch.manual_seed(SEED)
        self.settings = settings
        self.team = team
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self.clips, features = read_clips(variant.keeps)
        self.features = torch.from_numpy(features)
        self.concepts = sorted({clip.concept for clip in self.clips})
        self.bank = EmbeddedBank(self.concepts, TextTable.load(variant.text).embed)
        is_known = VARIANTS[variant.after].keeps if variant.after else variant.keeps
        self.sampler = Sampler(self.clips, self.concepts, is_known)
        self.tags = TagDraw(self.clips)
        self.pairs = PolePairs(self.clips, self.features, self.concepts)
        noisy = [i for i, clip in enumerate(self.clips) if clip.concept in _BACKGROUNDS]
        self.noises = self.features[noisy].float()
        self.tower = AudioTower().to(self.device, memory_format=torch.channels_last)
        self.text_map = TextMap(self.bank.means.shape[1])  # small: stays with the phrases, as does
        # all that is done with embeddings; only the tower's work is worth a GPU.
        self.average = {k: v.clone() for k, v in self.tower.state_dict().items()}
        parameters = [*self.tower.parameters(), *self.text_map.parameters()]
        self.optimiser = torch.optim.AdamW(
            parameters, settings.rate, weight_decay=settings.weight_decay
        )
        self.step = 0

    def learning_rate(self) -> float:
        """Return the rate of the current step: a warm-up, then a cosine until near zero."""
        settings = self.settings
        if self.step < settings.warm_up:
            return settings.rate * (self.step + 1) / settings.warm_up
        until_zero = settings.steps / _OF_THE_COSINE
        done = (self.step - settings.warm_up) / max(1, until_zero - settings.warm_up)
        return settings.rate * 0.5 * (1 + math.cos(math.pi * done))

    def losses(self, rng: np.random.Generator) -> dict[str, Tensor]:
        """Return the parts of the loss for one batch."""
        pairs = self.settings.pairs // self.team.size
        kept = self.settings.batch // self.team.size - 2 * pairs
        rows, concepts = self.sampler.draw(rng, kept)
        captions = [
            Caption(place, tag, weight)
            for place, row in enumerate(rows)
            if self.clips[row].tags and rng.random() < _CAPTION_SHARE
            for tag, weight in self.tags.draw(rng, self.clips[row])
        ]
        edited, of_edited, tags = self.pairs.draw(rng, pairs)
        captions += [Caption(kept + place, tag) for place, tag in enumerate(tags)]
        decibels = torch.cat([self.features[rows].float(), edited])
        concepts = np.concatenate([concepts, of_edited])
        inputs, partner, share = prepared(decibels, self.noises, augment.Chances(), captions)
        inputs = inputs[:, None].to(self.device).contiguous(memory_format=torch.channels_last)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=has_bfloat16(self.device)):
            audio = self.tower(inputs)
        audio = nn.functional.normalize(audio.float().cpu(), dim=1)
        numbers = torch.from_numpy(concepts)
        return {
            "concept": self._concept_loss(rng, audio, numbers, partner, share),
            "caption": self._caption_loss(rng, audio, concepts, captions),
            "near": 0.02 * self.text_map.change.square().sum(),
        }

    def _concept_loss(
        self,
        rng: np.random.Generator,
        audio: Tensor,
        numbers: Tensor,
        partner: Tensor,
        share: Tensor,
    ) -> Tensor:
        """Cross-entropy over concept prototypes; siblings in meaning share some of the target."""
        prototypes = self.text_map(self.bank.prototypes(rng))
        logits = self.text_map.scale * audio @ prototypes.T
        with torch.no_grad():
            means = self.text_map(nn.functional.normalize(self.bank.means, dim=1))
            kinship = torch.softmax(25.0 * means @ means.T, dim=1)
            soft = 0.8 * torch.eye(len(means)) + 0.2 * kinship
            target = (1 - share)[:, None] * soft[numbers] + share[:, None] * soft[numbers[partner]]
        return -(target * torch.log_softmax(logits, dim=1)).sum(1).mean()

    def _caption_loss(
        self, rng: np.random.Generator, audio: Tensor, concepts: np.ndarray, captions: list[Caption]
    ) -> Tensor:
        """Captions with qualifiers: the true one against its opposite, and against the batch's."""
        places = [caption.place for caption in captions]
        of, tags = concepts[places], [caption.tag for caption in captions]
        weights = torch.tensor([caption.weight for caption in captions])
        true, false, _ = self.bank.captions(rng, of.tolist(), tags)
        true, false = self.text_map(true), self.text_map(false)
        heard, scale = audio[places], self.text_map.scale
        apart = nn.functional.softplus(-2 * scale * (heard * (true - false)).sum(1))
        opposite = (weights * apart).sum() / len(set(places))
        return opposite + 0.3 * contrast(scale * heard @ true.T, torch.from_numpy(of))

    def advance(self) -> dict[str, float]:
        """Do one step and return the parts of its loss."""
        rng = np.random.default_rng([SEED, 9, self.step, self.team.rank])
        torch.manual_seed(SEED + self.step * self.team.size + self.team.rank)
        for group in self.optimiser.param_groups:
            group["lr"] = self.learning_rate()
        self.tower.train()
        losses = self.losses(rng)
        loss = sum(losses.values(), torch.tensor(0.0))
        if not torch.isfinite(loss):
            raise FloatingPointError(f"step {self.step}: the loss is {float(loss)}")
        loss.backward()
        self.team.share([*self.tower.parameters(), *self.text_map.parameters()])
        nn.utils.clip_grad_norm_(self.tower.parameters(), 2.0)
        self.optimiser.step()
        self.optimiser.zero_grad()
        keep = min(self.settings.average, (self.step + 1) / (self.step + 10))
        for name, value in self.tower.state_dict().items():
            if value.is_floating_point():
                self.average[name].lerp_(value, 1 - keep)
        self.step += 1
        return {name: float(value.detach()) for name, value in losses.items()}

    def save(self, path: Path) -> None:
        """Write everything that is needed to go on, or to export."""
        state = {
            "step": self.step,
            "tower": self.tower.state_dict(),
            "average": self.average,
            "text_map": self.text_map.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "concepts": self.concepts,
        }
        path.parent.mkdir(parents=True, exist_ok=True)
        torch.save(state, path.with_suffix(".part"))
        path.with_suffix(".part").replace(path)

    def resume(self, path: Path) -> None:
        """Go on from a file that :meth:`save` wrote."""
        state = torch.load(path, map_location=self.device)
        self.step = state["step"]
        self.tower.load_state_dict(state["tower"])
        self.average = state["average"]
        self.text_map.load_state_dict(state["text_map"])
        self.optimiser.load_state_dict(state["optimiser"])

    def take_over(self, path: Path) -> None:
        """Begin where another variant's training ended."""
        state = torch.load(path, map_location=self.device)
        self.tower.load_state_dict(state["average"])
        self.average = state["average"]
        self.text_map.load_state_dict(state["text_map"])


def main() -> None:
    """Train from where the last run stopped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--variant", choices=VARIANTS, default="shipped")
    parser.add_argument("--steps", type=int)
    options = parser.parse_args()
    variant = VARIANTS[options.variant]
    settings = LATER if variant.after else Settings()
    settings = replace(settings, steps=options.steps or settings.steps)
    checkpoint = variant.checkpoint
    team = Team.joined()
    trainer = Trainer(settings, variant, team)
    if checkpoint.exists():
        trainer.resume(checkpoint)
    elif variant.after:
        trainer.take_over(VARIANTS[variant.after].checkpoint)
    team.say(f"{len(trainer.clips)} clips, {len(trainer.concepts)} concepts")
    started, first = time.monotonic(), trainer.step
    while trainer.step < settings.steps:
        losses = trainer.advance()
        if trainer.step % 50 == 0:
            pace = (trainer.step - first) * trainer.settings.batch / (time.monotonic() - started)
            parts = "  ".join(f"{name} {value:.3f}" for name, value in losses.items())
            team.say(f"step {trainer.step}  {pace:.0f} clips/s  {parts}")
        if trainer.step % settings.checkpoint_every == 0 and team.leads:
            trainer.save(checkpoint)
    if team.leads:
        trainer.save(checkpoint)
    team.leave()


if __name__ == "__main__":
    main()
