"""What every audio-text model of anysound offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anysound.audio.waveform import Waveform as Waveform  # part of the protocol
from anysound.language import Language, Text

Embeddings: TypeAlias = NDArray[np.float32]
"""Unit-length rows, shape ``(n, dim)``."""


@dataclass(frozen=True)
class Calibration:
    """How a model's similarities are read, measured when the model was made.

    Attributes:
        scale: Factor on a similarity before the softmax.
        none_below: A best similarity under this is no match.
        ambiguous_within: Two best probabilities closer than this are too close to call.
    """

    scale: float
    none_below: float
    ambiguous_within: float


@dataclass(frozen=True)
class ModelInfo:
    """What a model is and how it wants to be used.

    Attributes:
        id: ``bundled``, or the id on the hub.
        revision: Names these very weights.
        precision: ``fp32`` or ``int8``.
        dim: Length of an embedding.
        rate: Sampling rate of its waveforms, in Hz.
        window: Length that it embeds as one unit, in seconds.
        templates: Sentence that a phrase is put into, by language; ``{}`` is the phrase.
        languages: Languages in which it understands labels.
        calibration: How its similarities are read.
        license: SPDX expression of the weights' licence.
        hint: One line for the user about the model's limits, or None.
    """

    id: str
    revision: str
    precision: str
    dim: int
    rate: int
    window: float
    templates: dict[Language, str]
    languages: tuple[Language, ...]
    calibration: Calibration
    license: str
    hint: Text | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the facts a program may want, ready for JSON."""
        return {
            "id": self.id,
            "revision": self.revision,
            "precision": self.precision,
            "dim": self.dim,
            "rate": self.rate,
            "window": self.window,
            "languages": list(self.languages),
            "license": self.license,
        }


@dataclass(frozen=True)
class ModelOptions:
    """How a model is to be run.

    Attributes:
        precision: Which weights to run; ``auto`` is the model's own choice.
        device: ``auto`` or ``cpu``.
        threads: Clips embedded side by side; None is one per core.
    """

    precision: Literal["auto", "fp32", "int8"] = "auto"
    device: str = "auto"
    threads: int | None = None


class AudioTextModel(Protocol):
    """Embeds waveforms and texts into one space.

    Both methods are deterministic: an input's embedding does not depend on its neighbours in
    the call, to the bit. They may be called from several threads.
    """

    @property
    def info(self) -> ModelInfo:
        """What the model is."""

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        """Embed each waveform, of at most ``info.window`` seconds, as one unit."""

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed each text as given; no template is applied."""
