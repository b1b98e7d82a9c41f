"""Recordings in, mono waveforms at the model's rate out."""

from anysound.audio.parts import WHOLE, Part, PartReader, UnitSpec
from anysound.audio.recording import (
    Loaded,
    Recording,
    RecordingStream,
    load,
    open_recording,
    recording_name,
)
from anysound.audio.waveform import Waveform
from anysound.audio.window import Window, WindowSpec, windows

__all__ = [
    "WHOLE",
    "Loaded",
    "Part",
    "PartReader",
    "Recording",
    "RecordingStream",
    "UnitSpec",
    "Waveform",
    "Window",
    "WindowSpec",
    "load",
    "open_recording",
    "recording_name",
    "windows",
]
