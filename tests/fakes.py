"""A model that needs no weights: it hears in octave bands and reads frequencies."""

import re
import time
from collections.abc import Sequence

import numpy as np

from anysound.audio import WindowSpec
from anysound.models import Calibration, Embeddings, ModelInfo, Waveform
from tests.audio.making import wav

RATE = 16_000
WINDOW = 2.0
BANDS = (125, 250, 500, 1000, 2000, 4000)


class FakeModel:
    """Embeds a waveform as its energy by octave, and ``"1000 Hz"`` as that octave.

    Any other text lies between all octaves, so it fits everything equally badly.
    """

    info = ModelInfo(
        id="fake",
        revision="0",
        precision="fp32",
        dim=len(BANDS),
        rate=RATE,
        window=WINDOW,
        longest=WINDOW,
        unit=WINDOW,
        templates={"en": "{}", "zh": "{}"},
        languages=("en", "zh"),
        calibration=Calibration(scale=10.0, none_below=0.6, ambiguous_within=0.1),
        license="Apache-2.0",
        moments=WindowSpec(length=1.0, hop=0.25),
    )

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        return np.stack([self._hear(waveform) for waveform in waveforms])

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        return np.stack([self._read(text) for text in texts])

    def _hear(self, waveform: Waveform) -> Embeddings:
        power = np.abs(np.fft.rfft(waveform, RATE)) ** 2
        edges = [(round(band / 1.414), round(band * 1.414)) for band in BANDS]
        energy = np.array([power[low:high].sum() for low, high in edges]) + 1e-9
        return (energy / np.linalg.norm(energy)).astype(np.float32)

    def _read(self, text: str) -> Embeddings:
        found = re.search(r"(\d+) Hz", text)
        vector = np.ones(len(BANDS))
        if found:
            vector = np.array([float(band == int(found[1])) for band in BANDS])
        return (vector / np.linalg.norm(vector)).astype(np.float32)


class SlowModel(FakeModel):
    """Takes its time, on whatever machine it is, so that one can die in the middle."""

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        time.sleep(0.1)
        return super().embed_audio(waveforms)


def tone(frequency: float, seconds: float = 1.0, rate: int = RATE) -> np.ndarray:
    """A sine at half of full scale."""
    time = np.arange(round(seconds * rate)) / rate
    return (0.5 * np.sin(2 * np.pi * frequency * time)).astype(np.float32)


def wav_file(waveform: np.ndarray) -> bytes:
    """A waveform as a 16-bit wav file."""
    return wav((waveform * 32767).astype("<i2").tobytes(), 1, 16, RATE)
