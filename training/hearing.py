"""What a finished tower makes of sounds, and what is said of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from training import augment
from training.audio_tower import AudioTower
from training.clips import MADE, SEED, Clip
from training.edits import POLES
from training.pole_pairs import PolePairs
from training.precision import has_bfloat16

T = TypeVar("T")

Embed: TypeAlias = Callable[[Tensor], Tensor]
"""Embeds clips, shape ``(n, frames, mels)``, as unit rows."""

_AT_ONCE = 64  # clips or pairs


@dataclass(frozen=True)
class Said:
    """A qualifier that is true of a sound.

    Attributes:
        row: Of the sound, among those that were heard.
        concept: Its number.
        tag: The qualifier.
        made: Whether the sound is no recording.
    """

    row: int
    concept: int
    tag: str
    made: bool


class Captions:
    """Draws what is said of sounds, so that nothing is likely beforehand.

    First a pair of opposites, then recordings or made sounds, then a concept, then which of both is
    true, then a sound that it is true of: each as often as what stands beside it.
    """

    def __init__(self, said: Sequence[Said]) -> None:
        """Sort what may be drawn."""
        self._sorted: dict[tuple[str, ...], dict[bool, dict[int, dict[str, list[Said]]]]] = {}
        for poles in POLES:
            for one in said:
                if one.tag in poles.names:
                    origins = self._sorted.setdefault(poles.names, {})
                    concepts = origins.setdefault(one.made, {})
                    concepts.setdefault(one.concept, {}).setdefault(one.tag, []).append(one)

    def draw(self, rng: np.random.Generator) -> Said:
        """Return something that is true of a sound."""
        origins = _any(rng, list(self._sorted.values()))
        concepts = _any(rng, list(origins.values()))
        poles = _any(rng, list(concepts.values()))
        return _any(rng, _any(rng, list(poles.values())))


def _any(rng: np.random.Generator, among: Sequence[T]) -> T:
    return among[int(rng.integers(len(among)))]


@dataclass(frozen=True)
class Heard:
    """Sounds as a tower hears them.

    Attributes:
        audio: Unit rows.
        said: What is true of them.
    """

    audio: Tensor
    said: list[Said]


def heard(
    embed: Embed, clips: list[Clip], features: Tensor, concepts: list[str], pairs: int
) -> Heard:
    """Embed clips as they are, and some edited both ways.

    Args:
        embed: A tower.
        clips: All recordings, or all made.
        features: Of the clips, shape ``(n, frames, mels)``.
        concepts: The names by which they are numbered.
        pairs: How many are edited.
    """
    made = clips[0].source in MADE
    numbers = {name: number for number, name in enumerate(concepts)}
    audio = [embed(part.float()) for part in features.split(_AT_ONCE)]
    said = [
        Said(row, numbers[clip.concept], tag, made)
        for row, clip in enumerate(clips)
        for tag in clip.tags
    ]
    drawn_from, rng = PolePairs(clips, features, concepts), np.random.default_rng([SEED, 70])
    for first in range(len(clips), len(clips) + 2 * pairs, 2 * _AT_ONCE):
        edited, of, tags = drawn_from.draw(rng, _AT_ONCE)
        audio.append(embed(edited))
        said += [Said(first + row, int(of[row]), tag, made) for row, tag in enumerate(tags)]
    return Heard(torch.cat(audio), said)


@torch.no_grad()
def embedded(tower: AudioTower, decibels: Tensor) -> Tensor:
    """Return what a tower makes of some clips."""
    inputs = augment.scaled(decibels)[:, None].contiguous(memory_format=torch.channels_last)
    with torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16(torch.device("cpu"))):
        embeddings: Tensor = tower(inputs)
    return nn.functional.normalize(embeddings.float(), dim=1)


def both(one: Heard, other: Heard) -> Heard:
    """Put what was heard together."""
    moved = [replace(said, row=said.row + len(one.audio)) for said in other.said]
    return Heard(torch.cat([one.audio, other.audio]), one.said + moved)
