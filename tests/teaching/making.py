"""Examples made for the tests: tones, which the fake model hears in octaves."""

from pathlib import Path

from tests.batch.making import write_tone

FREQUENCIES = {"low": 250, "middle": 1000, "high": 4000}


def write_examples(folder: Path, count: int = 5, **frequencies: int) -> Path:
    """Write a folder for each label, with tones beside its frequency."""
    for name, frequency in (frequencies or FREQUENCIES).items():
        for number in range(count):
            write_tone(folder / name / f"{number}.wav", frequency + number, seconds=0.2)
    return folder
