"""Which of its qualifiers a clip stands for in a batch, and how much that counts."""

from collections import Counter, defaultdict

import numpy as np
from numpy.typing import NDArray

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

_LEAST, _MOST = 0.5, 3.0


class TagDraw:
    """Draws one of a clip's qualifiers, and weighs it so that no pole is learnt to be likely.

    Helicopters are mostly tagged low, and recordings are more often made reverberant than left dry.
    Left to itself, a model learns that helicopters are low and recordings reverberant, whatever it
    hears. So the rarer of a clip's qualifiers is drawn more often, and a qualifier counts for less
    the more it outweighs its opposite among the recordings, or the made sounds, of its concept.
    """

    def __init__(self, clips: list[Clip]) -> None:
        """Count the qualifiers of all clips."""
        counts = Counter(tag for clip in clips for tag in clip.tags)
        self._rarity = {tag: 1 / count for tag, count in counts.items()}
        self._drawn: dict[tuple[str, bool, str], float] = defaultdict(float)
        for clip in clips:
            for tag, chance in zip(clip.tags, self._chances(clip), strict=True):
                self._drawn[clip.concept, clip.source in MADE, tag] += chance

    def _chances(self, clip: Clip) -> NDArray[np.float64]:
        rarity = np.array([self._rarity[tag] for tag in clip.tags])
        return np.asarray(rarity / rarity.sum())

    def draw(self, rng: np.random.Generator, clip: Clip) -> tuple[str, float]:
        """Return a qualifier of a clip and its weight."""
        tag = str(rng.choice(clip.tags, p=self._chances(clip)))
        return tag, self.weight(clip, tag)

    def weight(self, clip: Clip, tag: str) -> float:
        """Return what a qualifier of a clip counts: 1 where its opposite is as frequent."""
        kind = clip.concept, clip.source in MADE
        own = self._drawn[*kind, tag]
        other = float(np.mean([self._drawn.get((*kind, pole), 0.0) for pole in opposites(tag)]))
        return float(np.clip(2 * other / (own + other), _LEAST, _MOST))
