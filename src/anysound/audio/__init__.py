"""Recordings in, mono waveforms at the model's rate out."""

from anysound.audio.background import background_sounds
from anysound.audio.cut import Clip, clip_extension, cut_clips
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
    "Clip",
    "Loaded",
    "Part",
    "PartReader",
    "Recording",
    "RecordingStream",
    "UnitSpec",
    "Waveform",
    "Window",
    "WindowSpec",
    "background_sounds",
    "clip_extension",
    "cut_clips",
    "load",
    "open_recording",
    "recording_name",
    "windows",
]
