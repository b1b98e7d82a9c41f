"""Typing, put together from recordings of single keys of mechanical keyboards.

The recordings are those of kbsim by Thomas Lai (MIT), which the PyPI package ``keyboardsounds``
holds. Of its other keyboards the licence isn't told: they are not used.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from anysound.audio import load
from training.packages import UNPACKED
from training.synthesis.blocks import Array, Rng, length, place
from training.synthesis.finish import events, rhythm
from training.synthesis.registry import RATE, Sound

_PROFILES = UNPACKED / "keyboardsounds" / "keyboardsounds" / "profiles"
_CONCEPTS = ("keyboard_typing", "mechanical_keyboard")
_WIDE_SHARE = 0.15  # space, return and backspace among the keys


@dataclass(frozen=True)
class Keyboard:
    """What its keys sound like, going down and coming up again."""

    keys: list[Array]
    wide: list[Array]
    releases: list[Array]


def typed(seed: int, count: int) -> Iterator[tuple[str, Sound]]:
    """Yield ``count`` stretches of typing for each concept, with its name.

    Raises:
        SystemExit: The recordings haven't been fetched.
    """
    keyboards = [_keyboard(path.parent) for path in sorted(_PROFILES.glob("*/LICENSE"))]
    if not keyboards:
        raise SystemExit(f"no keyboard lies in {_PROFILES}: run python -m training.packages")
    rng = np.random.default_rng([seed, 7])
    for concept in _CONCEPTS:
        for index in range(count):
            yield concept, _typing(rng, keyboards[index % len(keyboards)])


def _keyboard(folder: Path) -> Keyboard:
    def read(pattern: str) -> list[Array]:
        return [
            load(path, RATE).waveform.astype(np.float64) for path in sorted(folder.glob(pattern))
        ]

    keys = read("press_key*.mp3")
    return Keyboard(keys, read("press_[!k]*.mp3") or keys, read("release*.mp3"))


def _typing(rng: Rng, keyboard: Keyboard) -> Sound:
    seconds = length(rng, 1.5)
    beat = rhythm(rng, seconds, 2, 15, rng.uniform(0.35, 0.7))  # a key a hand, at the fastest

    def stroke(index: int) -> Array:
        keys = keyboard.wide if rng.random() < _WIDE_SHARE else keyboard.keys
        parts = [_any(rng, keys), _any(rng, keyboard.releases)]
        return rng.uniform(0.5, 1) * place(0.5, [0, rng.uniform(0.05, 0.13)], lambda i: parts[i])

    return events(rng, place(seconds, beat.marks, stroke), beat.tags)


def _any(rng: Rng, among: list[Array]) -> Array:
    return among[rng.integers(len(among))]
