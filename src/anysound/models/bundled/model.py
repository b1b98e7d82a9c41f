"""The bundled model at run time: a small CNN for audio, a table of word vectors for text."""

import json
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from anysound.audio.window import WindowSpec
from anysound.features import LogMelSpec, log_mel
from anysound.language import Text
from anysound.models.bundled.concepts import Concepts
from anysound.models.bundled.head import TextHead
from anysound.models.bundled.text import TextTable
from anysound.models.protocol import Calibration, Embeddings, ModelInfo, ModelOptions, Waveform
from anysound.models.side_by_side import SideBySide

WEIGHTS = Path(__file__).parent / "weights"

SPEC = LogMelSpec(rate=32_000, n_fft=1024, hop=640, n_mels=64, f_min=50.0, f_max=14_000.0)
WINDOW = 5.0  # seconds

MOMENTS = WindowSpec(length=3.0, hop=0.5)
"""In windows of three seconds more planted sounds are found than in those of five, two or one, and
every half second rather than every second where they overlap (benchmarks/planted.py)."""

RANGE = 80.0
"""dB below the loudest spot of a window that the tower sees."""


def tower_input(decibels: NDArray[np.floating]) -> NDArray[np.float32]:
    """Scale a log-mel spectrogram to [-1, 1], where 1 is its own loudest spot.

    Recordings are made at any level, so only differences within the window count.

    Args:
        decibels: Shape ``(n_frames, n_mels)``.
    """
    relative = np.asarray(decibels, dtype=np.float32) - np.float32(decibels.max())
    scaled = np.maximum(relative, -RANGE) / (RANGE / 2) + 1.0
    return np.asarray(scaled, dtype=np.float32)


class BundledModel:
    """The small model that anysound ships."""

    def __init__(
        self,
        info: ModelInfo,
        audio: ort.InferenceSession,
        text: TextTable,
        head: TextHead,
        concepts: Concepts,
        source: tuple[ModelOptions, Path],
    ) -> None:
        """Assemble a model from its parts; users call :meth:`load`."""
        self._info = info
        self._audio = audio
        self._text = text
        self._head = head
        self._concepts = concepts
        self._source = source
        self._side_by_side = SideBySide(source[0].threads or os.cpu_count() or 1)

    def __reduce__(self) -> tuple[Any, ...]:
        """Be loaded anew in the process that it is sent to, one of as many as there are cores."""
        options, folder = self._source
        return BundledModel.load, (replace(options, threads=1), folder)

    @classmethod
    def load(cls, options: ModelOptions, folder: Path = WEIGHTS) -> "BundledModel":
        """Load the model from a folder; by default the one in the package."""
        facts = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        session_options = ort.SessionOptions()
        # One thread a clip: the same bits however many cores there are.
        session_options.intra_op_num_threads = 1
        session_options.inter_op_num_threads = 1
        session = ort.InferenceSession(
            folder / "audio.onnx", session_options, providers=["CPUExecutionProvider"]
        )
        concepts = Concepts.load(folder, **facts["wordings"])
        text, head = TextTable.load(folder), TextHead.load(folder)
        return cls(_info(facts), session, text, head, concepts, (options, folder))

    @property
    def info(self) -> ModelInfo:
        """What the model is."""
        return self._info

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        """Embed each waveform, of at most five seconds, as one unit; shape ``(n, dim)``."""
        rows = self._side_by_side(self._embed_clip, waveforms)
        return np.stack(rows) if rows else np.zeros((0, self._info.dim), dtype=np.float32)

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed each text as given, English or Chinese; shape ``(n, dim)``."""
        return self._concepts.draw(self._head(self._text.embed(texts)))

    def _embed_clip(self, waveform: Waveform) -> Embeddings:
        length = round(WINDOW * SPEC.rate)
        if len(waveform) > length:
            raise ValueError(f"a window of {len(waveform)} samples; at most {length} fit")
        padded = np.zeros(length, dtype=np.float32)
        padded[: len(waveform)] = waveform
        return self.embed_log_mel(log_mel(padded, SPEC))

    def embed_log_mel(self, decibels: NDArray[np.floating]) -> Embeddings:
        """Embed one window's log-mel spectrogram, shape ``(n_frames, n_mels)``, as one row."""
        (embedding,) = self._audio.run(None, {"log_mel": tower_input(decibels)[None, None]})
        return np.asarray(embedding[0], dtype=np.float32)


def _info(facts: dict[str, Any]) -> ModelInfo:
    return ModelInfo(
        id="bundled",
        revision=facts["revision"],
        precision=facts["precision"],
        dim=facts["dim"],
        rate=SPEC.rate,
        window=WINDOW,
        longest=WINDOW,
        unit=WINDOW,
        templates={"en": facts["templates"]["en"], "zh": facts["templates"]["zh"]},
        languages=("en", "zh"),
        calibration=Calibration(**facts["calibration"]),
        license=facts["license"],
        moments=MOMENTS,
        is_light=True,
        averages_wordings=True,
        hint=Text(
            en=f"Answered by the small bundled model, which knows {facts['concepts']} kinds of "
            "sound. For the full model: anysound models pull laion/clap-htsat-fused",
            zh=f"本结果来自自带的小模型，它只认识 {facts['concepts']} 种声音。"
            "获取完整模型：anysound models pull laion/clap-htsat-fused",
        ),
    )
