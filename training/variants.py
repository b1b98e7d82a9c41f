"""The models that the recipe trains: the one that is shipped, and two that are only measured.

A model can't be measured on what it was trained on, so each measured one leaves something out.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from anysound.models.bundled.head import FILE
from training.clips import WORK, Clip

EVALUATION: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "evaluation.yaml").read_text(encoding="utf-8")
)

LEFT_OUT = frozenset(EVALUATION["left_out"])
"""Concepts that the model which is asked for them knows nothing of."""


def series(recording: str) -> str:
    """Return what the takes of one series have in common: ``dog/Bark2`` gives ``dog/Bark``."""
    return re.sub(r"[\W_\d]+$", "", recording)


def everyday_name(entry: dict[str, Any]) -> str:
    """Return the name that a clip of an everyday recording has in the training set."""
    path = Path(entry["file"])
    return f"{path.parts[0]}/{path.stem}"


@dataclass(frozen=True)
class Variant:
    """What a model is trained without.

    Attributes:
        name: Names its folder in ``training/work/models``.
        folds: Folds of ESC-10 that it isn't trained on.
        everyday: Whether the everyday recordings and their series are left out.
        concepts: Concepts left out altogether, phrases and all.
        after: The variant that it goes on from, which was trained on a part of the same.
    """

    name: str
    folds: str = ""
    everyday: bool = True
    concepts: frozenset[str] = frozenset()
    after: str | None = None

    @property
    def folder(self) -> Path:
        """Where its checkpoint and its exported files lie."""
        return WORK / "models" / self.name

    @property
    def checkpoint(self) -> Path:
        """Its audio tower, and the map of its text table."""
        return self.folder / "audio.pt"

    @property
    def head(self) -> Path:
        """The layer that its texts go through."""
        return self.folder / FILE

    @property
    def text(self) -> Path:
        """Its text table."""
        return WORK / "text" if not self.concepts else WORK / f"text-{self.name}"

    def keeps(self, clip: Clip) -> bool:
        """Tell whether a clip is trained on."""
        if clip.concept in self.concepts:
            return False
        if clip.source == "esc10":
            return clip.recording.removeprefix("esc10/")[0] not in self.folds
        return not self.everyday or series(clip.recording) not in _EVERYDAY


_EVERYDAY = {series(everyday_name(entry)) for entry in EVALUATION["everyday"]}

VARIANTS = {
    variant.name: variant
    for variant in (
        Variant("zero-shot", folds="123", concepts=LEFT_OUT),
        Variant("fold-3", folds="3", after="zero-shot"),
        Variant("shipped", everyday=False, after="fold-3"),
    )
}
