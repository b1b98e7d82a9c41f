"""Log-mel spectrograms, as the models' references make them."""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Decibels: TypeAlias = NDArray[np.float32]
"""A log-mel power spectrogram, shape ``(n_frames, n_mels)``, from -100 dB upwards."""

_POWER_FLOOR = 1e-10  # -100 dB, where the reference extractors stop too
_CHUNK = 64  # frames: their spectra and powers fit a core's second-level cache
_ROWS = 8  # of a chunk in one matrix product: too few for BLAS to start threads over


@dataclass(frozen=True)
class LogMelSpec:
    """How a log-mel spectrogram is made.

    Attributes:
        rate: Sampling rate of the waveform, in Hz.
        n_fft: Length of the Hann window and of its Fourier transform, in samples.
        hop: Step from frame to frame, in samples.
        n_mels: Number of mel bands.
        f_min: Lower edge of the lowest band, in Hz.
        f_max: Upper edge of the highest band, in Hz.
        scale: ``htk``: bands equally wide in O'Shaughnessy's mel, peak 1. ``slaney``: bands
            equally wide in Slaney's mel, equal areas (``norm="slaney"`` elsewhere).
    """

    rate: int
    n_fft: int
    hop: int
    n_mels: int
    f_min: float
    f_max: float
    scale: Literal["htk", "slaney"] = "htk"


def log_mel(waveform: NDArray[np.floating], spec: LogMelSpec) -> Decibels:
    """Return the log-mel power spectrogram in dB, shape ``(n_frames, n_mels)``.

    Frames are centred (reflect padding), so there are ``1 + n_samples // hop`` of them. The
    transform runs in float64: in float32 a pure tone's quiet bands are off by up to 0.5 dB.
    Beside the result it needs under 2 MB for frames of 1024 samples, however long the waveform.

    Args:
        waveform: Shape ``(n_samples,)``, at ``spec.rate``, at least one sample.
        spec: How the spectrogram is made.
    """
    window = _hann(spec.n_fft)
    bins, filters = _heard_bins(spec)
    n_frames = 1 + len(waveform) // spec.hop
    decibels = np.empty((n_frames, spec.n_mels), dtype=np.float32)
    frames = np.empty((_CHUNK, spec.n_fft))
    spectra = np.empty((_CHUNK, spec.n_fft // 2 + 1), dtype=np.complex128)
    for start in range(0, n_frames, _CHUNK):
        # The last chunk is a full one too, and cut afterwards: no frame's sum of products
        # depends on how many come after it.
        first = start * spec.hop - spec.n_fft // 2
        samples = _mirrored(waveform, first, first + (_CHUNK - 1) * spec.hop + spec.n_fft)
        overlapping = np.lib.stride_tricks.sliding_window_view(samples, spec.n_fft)[:: spec.hop]
        np.multiply(overlapping, window, out=frames)
        np.fft.rfft(frames, axis=1, out=spectra)
        power = np.square(spectra.real[:, bins])
        power += np.square(spectra.imag[:, bins])
        bands = (power.reshape(-1, _ROWS, len(filters)) @ filters).reshape(_CHUNK, -1)
        rows = decibels[start : start + _CHUNK]
        rows[:] = 10.0 * np.log10(np.maximum(bands, _POWER_FLOOR))[: len(rows)]
    return decibels


@lru_cache(maxsize=8)
def mel_filters(spec: LogMelSpec) -> NDArray[np.float64]:
    """Return the triangular mel filters, shape ``(n_fft // 2 + 1, n_mels)``."""
    bins = np.linspace(0.0, spec.rate / 2, spec.n_fft // 2 + 1)
    scale = _SlaneyMel if spec.scale == "slaney" else _HtkMel
    mels = np.linspace(scale.of_hz(spec.f_min), scale.of_hz(spec.f_max), spec.n_mels + 2)
    edges = scale.to_hz(mels)
    rising = (bins[:, None] - edges[None, :-2]) / np.diff(edges)[None, :-1]
    falling = (edges[None, 2:] - bins[:, None]) / np.diff(edges)[None, 1:]
    filters = np.maximum(0.0, np.minimum(rising, falling))
    if spec.scale == "slaney":
        filters *= 2.0 / (edges[2:] - edges[:-2])
    return filters


class _HtkMel:
    """O'Shaughnessy's mel (Speech Communication, 1987), which HTK uses."""

    @staticmethod
    def of_hz(hz: float) -> float:
        return float(2595.0 * np.log10(1.0 + hz / 700.0))

    @staticmethod
    def to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
        return 700.0 * (10.0 ** (mel / 2595.0) - 1.0)


class _SlaneyMel:
    """Slaney's mel (Auditory Toolbox, 1998): linear up to 1 kHz, logarithmic above."""

    @staticmethod
    def of_hz(hz: float) -> float:
        return 15.0 * hz / 1000.0 if hz < 1000.0 else float(15.0 + _LOG_STEPS * np.log(hz / 1000.0))

    @staticmethod
    def to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
        logarithmic = 1000.0 * np.exp((mel - 15.0) / _LOG_STEPS)
        return np.where(mel < 15.0, 1000.0 * mel / 15.0, logarithmic)


_LOG_STEPS = 27.0 / np.log(6.4)  # of Slaney's mel in a factor of e


@lru_cache(maxsize=8)
def _heard_bins(spec: LogMelSpec) -> tuple[slice, NDArray[np.float64]]:
    """Return the bins from ``f_min`` to ``f_max``, and the filters over them; others weigh 0."""
    width = spec.rate / spec.n_fft
    bins = slice(int(spec.f_min / width), math.ceil(spec.f_max / width) + 1)
    return bins, np.ascontiguousarray(mel_filters(spec)[bins])


@lru_cache(maxsize=8)
def _hann(n_fft: int) -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n_fft) / n_fft)


def _mirrored(waveform: NDArray[np.floating], start: int, stop: int) -> NDArray[np.float64]:
    """Return a span of a waveform, mirrored beyond its ends (``np.pad``'s ``reflect``)."""
    if start >= 0 and stop <= len(waveform):
        return np.asarray(waveform[start:stop], dtype=np.float64)
    period = max(2 * (len(waveform) - 1), 1)
    places = np.arange(start, stop) % period
    return np.asarray(waveform[np.minimum(places, period - places)], dtype=np.float64)
