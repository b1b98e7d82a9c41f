"""Folders of recordings made for the tests."""

from pathlib import Path

import numpy as np

from tests.audio.making import wav
from tests.fakes import RATE, tone

LABELS = "low=250 Hz, middle=1000 Hz, 高音=4000 Hz"
TONES = {"a.wav": 250, "中文/狗 叫.WAV": 4000, "b/-10 dB.wav": 1000, "b/z.wav": 2000}


def write_tone(path: Path, *frequencies: float, seconds: float = 0.5) -> None:
    """Write a wav file of one tone, or of several at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    mixed = sum(tone(frequency, seconds) for frequency in frequencies) / len(frequencies)
    samples = np.round(mixed * 32767).astype("<i2")
    path.write_bytes(wav(samples.tobytes(), 1, 16, RATE))


def write_folder(folder: Path) -> Path:
    """Write the tones, two files that can't be read, and a file that is no recording."""
    for name, frequency in TONES.items():
        write_tone(folder / name, frequency)
    (folder / "empty.flac").touch()
    (folder / "text.wav").write_text("no sound at all")
    (folder / "notes.txt").write_text("the microphone was on the left")
    return folder


def names_in(folder: Path) -> list[str]:
    """What a folder holds, hidden files too."""
    return sorted(path.name for path in folder.iterdir())
