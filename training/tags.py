"""Which of its qualifiers a clip stands for in a batch, and how much each counts."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from training.clips import MADE, Clip
from training.qualifiers import opposites

OF_TIME = frozenset(
    (
        *("rising", "falling", "loud_growing", "fading", "fast", "slow", "long", "short"),
        *("continuous", "intermittent", "single", "repeated", "steady", "trembling"),
        *("regular", "irregular"),
    )
)
"""Qualifiers of how a sound goes on in time; all others are of its colour, or of where it is."""

_KINDS = True, False  # of time, of colour
_LEAST, _MOST = 0.5, 3.0


class TagDraw:
    """Draws those of a clip's qualifiers that it stands for, and weighs each.

    Helicopters are mostly tagged low, and recordings are more often made reverberant than left dry.
    Left to itself, a model learns that helicopters are low and recordings reverberant, whatever it
    hears. So a qualifier counts for less the more it outweighs its opposite among the recordings,
    or the made sounds, of its concept.
    """

    def __init__(self, clips: Sequence[Clip]) -> None:
        """Count the qualifiers of all clips."""
        self._counts = Counter(
            (clip.concept, clip.source in MADE, tag) for clip in clips for tag in clip.tags
        )

    def draw(self, rng: np.random.Generator, clip: Clip) -> list[tuple[str, float]]:
        """Return a clip's qualifiers of time, or else those of colour, each with its weight.

        All of one kind, since they bear the same augmentations. What is said of a clip counts for
        more the more there is to say, but not by as much.
        """
        kinds = [[tag for tag in clip.tags if (tag in OF_TIME) is of_time] for of_time in _KINDS]
        kinds = [tags for tags in kinds if tags]
        tags = kinds[rng.integers(len(kinds))]
        return [(tag, self.weight(clip, tag) / len(tags) ** 0.5) for tag in tags]

    def weight(self, clip: Clip, tag: str) -> float:
        """Return what a qualifier of a clip counts: 1 where its opposite is as frequent."""
        kind = clip.concept, clip.source in MADE
        own = self._counts[*kind, tag]
        other = float(np.mean([self._counts[*kind, pole] for pole in opposites(tag)]))
        return float(np.clip(2 * other / (own + other), _LEAST, _MOST))
