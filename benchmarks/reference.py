"""What anysound is measured against: the usual Python way of running CLAP.

The baseline is a function that makes a callable ``(waveform, labels) -> {label: probability}``
from a checkpoint. Run as a script it is a whole process: one recording, first result, end.

    python -m benchmarks.reference CHECKPOINT RECORDING.wav LABEL…
"""

import json
import sys
import wave
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Answer: TypeAlias = Callable[[NDArray[np.float32], Sequence[str]], dict[str, float]]


def transformers_pipeline(checkpoint: Path) -> Answer:
    """Make transformers' ``zero-shot-audio-classification`` pipeline, as its page shows it."""
    from transformers import pipeline

    classify = pipeline("zero-shot-audio-classification", model=str(checkpoint))

    def answer(waveform: NDArray[np.float32], labels: Sequence[str]) -> dict[str, float]:
        found = classify(waveform, candidate_labels=list(labels))
        return {each["label"]: each["score"] for each in found}

    return answer


def read_wav(path: Path) -> NDArray[np.float32]:
    """Read a 16-bit mono wav file."""
    with wave.open(str(path), "rb") as file:
        frames = file.readframes(file.getnframes())
    return np.frombuffer(frames, dtype="<i2").astype(np.float32) / 32768


def write_wav(path: Path, waveform: NDArray[np.float32], rate: int) -> None:
    """Write a 16-bit mono wav file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((waveform.clip(-1, 1) * 32767).astype("<i2").tobytes())


if __name__ == "__main__":
    _, folder, recording, *words = sys.argv
    print(json.dumps(transformers_pipeline(Path(folder))(read_wav(Path(recording)), words)))
