"""What every audio-text model of anysound offers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from anysound.audio.waveform import Waveform as Waveform  # part of the protocol
from anysound.audio.window import WindowSpec
from anysound.errors import UsageError
from anysound.language import Language, Text

PrecisionOption: TypeAlias = Literal["auto", "fp32", "int8"]
Compat: TypeAlias = Literal["transformers"]

Embeddings: TypeAlias = NDArray[np.float32]
"""Unit-length rows, shape ``(n, dim)``."""

_DEVICE = re.compile(r"auto|cpu|mps|cuda(:\d{1,2})?")


@dataclass(frozen=True)
class Calibration:
    """How a model's similarities are read, measured when the model was made.

    Attributes:
        scale: Factor on a similarity before the softmax.
        none_below: A best similarity under this is no match.
        ambiguous_within: Two best probabilities closer than this are too close to call.
        none_rank: Of labels of all kinds of sounds, the share that the best label must fit better
            than, or it is no match; 0 asks nothing.
    """

    scale: float
    none_below: float
    ambiguous_within: float
    none_rank: float = 0.0

    def with_thresholds(
        self, none_below: float | None = None, ambiguous_within: float | None = None
    ) -> "Calibration":
        """Return it with thresholds in place of its own; one for ``none`` takes the rank's, too."""
        changed = self
        if none_below is not None:
            changed = replace(changed, none_below=none_below, none_rank=0.0)
        if ambiguous_within is not None:
            changed = replace(changed, ambiguous_within=ambiguous_within)
        return changed


@dataclass(frozen=True)
class ModelInfo:
    """What a model is and how it wants to be used.

    Attributes:
        id: ``bundled``, or the id on the hub.
        revision: Names these very weights.
        precision: ``fp32`` or ``int8``.
        dim: Length of an embedding.
        rate: Sampling rate of its waveforms, in Hz.
        window: Length of the windows that long recordings are cut into, in seconds.
        longest: Length of the longest waveform that it can embed as one unit, in seconds.
        unit: Length of the longest recording that is embedded as one unit, in seconds; a longer
            one is cut into windows.
        templates: Sentence that a phrase is put into, by language; ``{}`` is the phrase.
        languages: Languages in which it understands labels.
        calibration: How its similarities are read.
        license: SPDX expression of the weights' licence.
        device: Where it runs: ``cpu``, ``cuda:0`` or ``mps``.
        moments: Windows in which it tells best when a sound begins and ends.
        is_light: Whether it costs so little that processes serve a folder better than threads; it
            can be sent to them then.
        averages_wordings: Whether a qualifier is better heard by the mean of several words for it.
        hint: One line for the user about the model's limits, or None.
        notices: What the user should be told once about how it runs.
    """

    id: str
    revision: str
    precision: str
    dim: int
    rate: int
    window: float
    longest: float
    unit: float
    templates: dict[Language, str]
    languages: tuple[Language, ...]
    calibration: Calibration
    license: str
    moments: WindowSpec
    device: str = "cpu"
    is_light: bool = False
    averages_wordings: bool = False
    hint: Text | None = None
    notices: tuple[Text, ...] = ()

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
            "device": self.device,
        }


@dataclass(frozen=True)
class ModelOptions:
    """How a model is to be run.

    Attributes:
        precision: Which weights to run; ``auto`` is the model's own choice.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` or ``mps``; ``auto`` is a GPU if one can
            be used, or else the CPU.
        threads: Clips embedded side by side; None is one per core.
        fused: Whether a fused model embeds a recording of up to a minute as one unit, of which it
            sees three crops and the shrunken whole, in place of windows that see all of it.
        compat: ``transformers`` reproduces what its pipeline makes of a lone recording, for
            whoever must compare; None does it right.

    Raises:
        UsageError: There is no such device, precision or compatibility.
    """

    precision: PrecisionOption | str = "auto"
    device: str = "auto"
    threads: int | None = None
    fused: bool = False
    compat: Compat | str | None = None

    def __post_init__(self) -> None:
        if not _DEVICE.fullmatch(self.device):
            raise UsageError(
                Text(
                    en=f"There is no device {self.device!r}: it is auto, cpu, cuda, cuda:1 (a "
                    "certain GPU) or mps (Apple's).",
                    zh=f"没有设备 {self.device!r}：可选 auto、cpu、cuda、cuda:1（指定某块 GPU）"
                    "或 mps（苹果 GPU）。",
                )
            )
        if self.compat not in (None, *get_args(Compat)):
            raise UsageError(
                Text(
                    en=f"There is nothing called {self.compat!r} to be compatible with: it is "
                    "transformers, or left out.",
                    zh=f"不支持与 {self.compat!r} 兼容：只能是 transformers，或不填。",
                )
            )
        if self.precision not in get_args(PrecisionOption):
            raise UsageError(
                Text(
                    en=f"There is no precision {self.precision!r}: it is auto, fp32 or int8.",
                    zh=f"没有精度 {self.precision!r}：可选 auto、fp32 或 int8。",
                )
            )


class AudioTextModel(Protocol):
    """Embeds waveforms and texts into one space.

    Both methods are deterministic: an input's embedding does not depend on its neighbours in
    the call, to the bit. They may be called from several threads.
    """

    @property
    def info(self) -> ModelInfo:
        """What the model is."""

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        """Embed each waveform, of at most ``info.longest`` seconds, as one unit."""

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed each text as given; no template is applied."""
