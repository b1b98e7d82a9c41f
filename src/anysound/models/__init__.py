"""Models: audio and text in one space."""

from anysound.models.load import load_model
from anysound.models.protocol import (
    AudioTextModel,
    Calibration,
    Embeddings,
    ModelInfo,
    ModelOptions,
    Waveform,
)

__all__ = [
    "AudioTextModel",
    "Calibration",
    "Embeddings",
    "ModelInfo",
    "ModelOptions",
    "Waveform",
    "load_model",
]
