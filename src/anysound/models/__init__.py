"""Models: audio and text in one space."""

from anysound.models.load import load_model, load_translator
from anysound.models.protocol import (
    AudioTextModel,
    Calibration,
    Compat,
    Embeddings,
    ModelInfo,
    ModelOptions,
    PrecisionOption,
    Waveform,
)

__all__ = [
    "AudioTextModel",
    "Calibration",
    "Compat",
    "Embeddings",
    "ModelInfo",
    "ModelOptions",
    "PrecisionOption",
    "Waveform",
    "load_model",
    "load_translator",
]
