"""The list of sound generators, and what each must return."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

RATE = 32_000
"""Sampling rate of every generated waveform, in Hz."""

MAX_SECONDS = 5.0

Qualifier: TypeAlias = Literal[
    "high",
    "low",
    "rising",
    "falling",
    "fast",
    "slow",
    "continuous",
    "intermittent",
    "single",
    "repeated",
    "short",
    "long",
    "loud_growing",
    "fading",
    "steady",
    "trembling",
    "regular",
    "irregular",
    "metallic",
    "dull",
    "crisp",
    "harsh",
    "soft",
    "bright",
    "muffled",
    "dry",
    "reverberant",
    "near",
    "distant",
    "clean",
    "noisy",
]
"""Words for how a sound sounds. The room, distance and noise poles are made by the caller's
effects, not by generators."""

QUALIFIERS: tuple[str, ...] = get_args(Qualifier)


@dataclass(frozen=True)
class Sound:
    """One generated sound.

    Attributes:
        waveform: Mono, at ``RATE``, any level, at most ``MAX_SECONDS`` long.
        tags: Qualifiers that are true of this very sound.
    """

    waveform: NDArray[np.floating]
    tags: tuple[Qualifier, ...] = ()


Generator: TypeAlias = Callable[[np.random.Generator], Sound]

GENERATORS: dict[str, list[Generator]] = {}
"""Generators by concept id, in the order of their definition."""


def sound(concept: str) -> Callable[[Generator], Generator]:
    """Register a generator for a concept; one concept may have several."""

    def register(generator: Generator) -> Generator:
        GENERATORS.setdefault(concept, []).append(generator)
        return generator

    return register
