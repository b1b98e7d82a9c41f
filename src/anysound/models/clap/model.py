"""CLAP at run time, without torch: recordings and texts to embeddings by onnxruntime."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np

from anysound.audio.window import WindowSpec
from anysound.errors import ModelError
from anysound.language import Text
from anysound.models.clap.config import ClapConfig
from anysound.models.clap.family import TEMPLATE, member
from anysound.models.clap.front import ClapInput, clip_input
from anysound.models.clap.text_cache import TextCache
from anysound.models.clap.texts import TextSide
from anysound.models.clap.towers import AudioTower
from anysound.models.graphs.sessions import has_cuda, int8_is_exact
from anysound.models.protocol import Calibration, Embeddings, ModelInfo, ModelOptions, Waveform
from anysound.models.side_by_side import SideBySide

Precision: TypeAlias = Literal["fp32", "int8"]

FUSED_UP_TO = 60.0
"""Seconds of the longest recording that a fused model embeds as one unit, if that is asked for.

Its three crops then still hold half of the sound. Windows are the default, since they hold all of
it and tell where it was heard. Both are choices, not measurements: no real weights were at hand;
``benchmarks/planted.py`` measures them once there are.
"""

_CLAP_MOMENTS = WindowSpec(length=5.0, hop=1.0)
"""Clips of five seconds are what these models are usually measured on. Not measured here, for want
of real weights."""

_CLAP_NONE_BELOW = 0.0
"""A sound that is nearer to the opposite of every label matches none.

The least that can be said without real weights to measure a better threshold with.
"""

_CLAP_NONE_RANK = 0.95
"""A label must fit better than nineteen in twenty labels of other sounds.

A rank needs no measuring of a model's similarities. The bundled model's, which was measured, asks
for more; with real weights at hand, measure this one.
"""

_CLAP_AMBIGUOUS_WITHIN = 0.1


@dataclass(frozen=True)
class ClapFolder:
    """A built model on disk.

    Attributes:
        path: Of the folder.
        id: On the hub, or ``local/…``.
        revision: Names these very weights.
        license: Of the weights; None if not known.
        facts: What the builder found out; see ``build``.
        cache: Folder of text embeddings; None keeps none.
    """

    path: Path
    id: str
    revision: str
    license: str | None
    facts: dict[str, Any]
    cache: Path | None = None


class ClapModel:
    """One of LAION's CLAP models, run by onnxruntime."""

    def __init__(self, folder: ClapFolder, options: ModelOptions) -> None:
        """Load a built model.

        Raises:
            ModelError: It is damaged, or can't be run as asked.
        """
        device, notices = _choose_device(folder, options)
        precision = _choose_precision(folder, options, device)
        config = ClapConfig.read(folder.path)
        self._config = config
        self._folder = folder
        self._options = options
        self._side_by_side = SideBySide(options.threads or os.cpu_count() or 1)
        self._audio = AudioTower(folder.path / f"audio.{precision}.onnx", config.audio, device)
        self._text = TextSide(folder.path, f"text.{precision}.onnx", config.text, device)
        self._cache: TextCache | None = None
        if folder.cache is not None:
            self._cache = TextCache(folder.cache, f"{folder.id}@{folder.revision} {precision}")
        self._info = clap_info(folder, config, precision, device, notices, options)

    def __reduce__(self) -> tuple[Any, ...]:
        """Be loaded anew in the process that it is sent to, one of as many as there are cores."""
        return ClapModel, (self._folder, replace(self._options, threads=1))

    @property
    def info(self) -> ModelInfo:
        """What the model is."""
        return self._info

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        """Embed each waveform, of at most ``info.longest`` seconds, as one unit."""
        rows = self._side_by_side(self._embed_clip, waveforms)
        return np.concatenate(rows) if rows else self._no_rows()

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed each text as given, in English; texts that were embedded before are looked up.

        Raises:
            ModelError: A text is too long for the model.
        """
        known: dict[str, Embeddings] = {}
        if self._cache is not None:
            found = zip(texts, self._cache.get(texts), strict=True)
            known = {text: row for text, row in found if row is not None}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            rows = self._text.embed(missing)
            if self._cache is not None:
                self._cache.put(missing, rows)
            known.update(zip(missing, rows, strict=True))
        return np.stack([known[text] for text in texts]) if texts else self._no_rows()

    def _embed_clip(self, waveform: Waveform) -> Embeddings:
        return self._audio.embed([self._listen(waveform)])

    def _listen(self, waveform: Waveform) -> ClapInput:
        limit = self._info.longest * self._info.rate
        if len(waveform) > limit:
            raise ValueError(f"a unit of {len(waveform)} samples; at most {limit:.0f} fit")
        is_fused = self._config.audio.is_fused
        compat = self._options.compat
        return clip_input(waveform, self._config.front, is_fused=is_fused, compat=compat)

    def _no_rows(self) -> Embeddings:
        return np.zeros((0, self._info.dim), dtype=np.float32)


def clap_info(
    folder: ClapFolder,
    config: ClapConfig,
    precision: str,
    device: str,
    notices: tuple[Text, ...],
    options: ModelOptions,
) -> ModelInfo:
    """Describe a CLAP model, whatever runs it.

    Raises:
        ModelError: It can't be run as asked.
    """
    known = member(folder.id)
    longest = config.front.seconds
    if options.compat:  # the pipeline embeds any recording as one unit
        longest = float("inf")
    elif config.audio.is_fused:
        longest = max(FUSED_UP_TO, config.front.seconds)
    elif options.fused:
        raise ModelError(
            Text(
                en=f"{folder.id} is no fused model: it hears a long recording in windows only. "
                "Leave out --fused.",
                zh=f"{folder.id} 不是融合（fused）模型，长录音只能分窗识别。请去掉 --fused。",
            )
        )
    return ModelInfo(
        id=folder.id,
        revision=folder.revision,
        precision=precision,
        dim=config.dim,
        rate=config.front.mel.rate,
        window=config.front.seconds,
        longest=longest,
        unit=longest if options.fused or options.compat else config.front.seconds,
        templates={"en": TEMPLATE, "zh": TEMPLATE},
        languages=("en",),
        calibration=Calibration(
            scale=float(folder.facts["scale"]),
            none_below=_CLAP_NONE_BELOW,
            ambiguous_within=_CLAP_AMBIGUOUS_WITHIN,
            none_rank=_CLAP_NONE_RANK,
        ),
        license=folder.license or "unknown",
        moments=_CLAP_MOMENTS,
        device=device,
        hint=known.warning if known else None,
        notices=notices,
    )


def _choose_device(folder: ClapFolder, options: ModelOptions) -> tuple[str, tuple[Text, ...]]:
    """Settle on a device, and on what there is to say about it."""
    if options.device != "auto":
        return options.device, ()
    if not has_cuda() or options.precision == "int8":
        return "cpu", ()
    try:
        AudioTower(folder.path / "audio.fp32.onnx", ClapConfig.read(folder.path).audio, "cuda")
    except ModelError:
        return "cpu", (
            Text(
                en="No GPU can be used (CUDA did not start): running on the CPU.",
                zh="没有可用的 GPU（CUDA 启动失败）：改用 CPU 运行。",
            ),
        )
    return "cuda", ()


def _choose_precision(folder: ClapFolder, options: ModelOptions, device: str) -> Precision:
    """Settle on weights: int8 where it is asked for, or where it has proved itself."""
    if device != "cpu":
        if options.precision == "int8":
            raise ModelError(
                Text(
                    en="int8 runs on the CPU only: leave the precision at 'auto' on a GPU.",
                    zh="int8 只能在 CPU 上运行：使用 GPU 时精度请选 auto。",
                )
            )
        return "fp32"
    if options.precision == "fp32":
        return "fp32"
    is_exact = int8_is_exact(folder.path / "probe.onnx")
    if options.precision == "auto":
        return "int8" if is_exact and folder.facts["int8"]["passed"] else "fp32"
    if not is_exact:
        raise ModelError(
            Text(
                en="This processor can't multiply int8 exactly: use --precision fp32.",
                zh="此处理器无法精确进行 int8 乘法：请使用 --precision fp32。",
            )
        )
    return "int8"
