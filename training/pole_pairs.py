"""Both poles of a qualifier, made of one clip anew in every step of the training.

A sound that is altered once and kept is soon learnt by heart: 90 % of the kept clips were told
rising from falling, and 70 % of new ones. Altered in each step by other amounts, it can't be.
"""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anysound.features import log_mel
from anysound.models.bundled.model import SPEC
from training import spectral_colours, spectral_edits
from training.clips import MADE, SEED, Clip, drawn_row
from training.effects import CLIP
from training.spectral import FRAMES, Kind, Poles, decibels_of, power_of

POLES = (*spectral_edits.POLES, *spectral_colours.POLES)

_HARD = ("high", "rising", "fast", "regular", "harsh")
"""The first of each pair that was told apart least well; drawn twice as often as the others."""

_ROWS_AT_ONCE = 512


class PolePairs:
    """Draws clips of the training set, and makes both poles of a qualifier true of each.

    A pair is drawn by its qualifier first, then by its concept.
    """

    def __init__(self, clips: list[Clip], features: Tensor, concepts: list[str]) -> None:
        """Find the clips that each pair of poles fits."""
        self._features = features
        self._numbers = {name: number for number, name in enumerate(concepts)}
        fitting = {kind: _fitting(features, kind) for kind in {poles.fits for poles in POLES}}
        found = [(poles, _by_concept(clips, fitting[poles.fits], poles)) for poles in POLES]
        found = [(poles, concepts) for poles, concepts in found if concepts]
        hard = [(poles, concepts) for poles, concepts in found if poles.names[0] in _HARD]
        self._drawn_from = found + hard

    def draw(
        self, rng: np.random.Generator, count: int
    ) -> tuple[Tensor, NDArray[np.int_], list[str]]:
        """Return ``2 * count`` clips, their concepts, and the qualifiers that are true of them."""
        made, numbers, tags = [], [], []
        for _ in range(count):
            poles, concepts = self._drawn_from[rng.integers(len(self._drawn_from))]
            concept = list(concepts)[rng.integers(len(concepts))]
            clip = self._features[drawn_row(rng, *concepts[concept])].float()
            for name, edit in zip(poles.names, poles.edits, strict=True):
                made.append(_over_noise(rng, edit(rng, clip)))
                numbers.append(self._numbers[concept])
                tags.append(name)
        return torch.stack(made), np.array(numbers), list(tags)


def _fitting(features: Tensor, kind: Kind) -> NDArray[np.intp]:
    """Return the rows of the clips that are of a kind."""
    are = [kind(part.float()) for part in features.split(_ROWS_AT_ONCE)]
    return np.flatnonzero(torch.cat(are).numpy())


def _by_concept(
    clips: list[Clip], rows: NDArray[np.intp], poles: Poles
) -> dict[str, tuple[list[int], list[int]]]:
    """Return rows of recordings and of made sounds by concept, without those of either pole."""
    found: dict[str, tuple[list[int], list[int]]] = {}
    for row in rows.tolist():
        clip = clips[row]
        if not set(poles.names) & set(clip.tags):
            found.setdefault(clip.concept, ([], []))[clip.source in MADE].append(row)
    return found


def _noise_floor() -> Tensor:
    noise = np.random.default_rng([SEED, 10]).standard_normal(CLIP)
    return torch.from_numpy(log_mel(noise, SPEC))


_FLOOR = _noise_floor()


def _over_noise(rng: np.random.Generator, clip: Tensor) -> Tensor:
    """Put a clip over a faint noise floor, as ``effects.placed`` does."""
    if rng.random() >= 0.7:
        return clip
    floor = _FLOOR.roll(int(rng.integers(FRAMES)), dims=0) + 20 * rng.uniform(-4.5, -2.5)
    return decibels_of(power_of(clip) + power_of(floor))
