"""Log-mel spectrograms, as the models' references make them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

_POWER_FLOOR = 1e-10  # -100 dB, where the reference extractors stop too


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
    """

    rate: int
    n_fft: int
    hop: int
    n_mels: int
    f_min: float
    f_max: float


def _hz_to_mel(frequency: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Convert Hz to mel by the HTK formula (O'Shaughnessy 1987)."""
    return np.asarray(2595.0 * np.log10(1.0 + np.asarray(frequency) / 700.0), dtype=np.float64)


def _mel_to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(700.0 * (10.0 ** (mel / 2595.0) - 1.0), dtype=np.float64)


@lru_cache(maxsize=8)
def mel_filters(spec: LogMelSpec) -> NDArray[np.float64]:
    """Return the triangular mel filters, shape ``(n_fft // 2 + 1, n_mels)``, peak 1."""
    bins = np.linspace(0.0, spec.rate / 2, spec.n_fft // 2 + 1)
    mels = np.linspace(_hz_to_mel(spec.f_min), _hz_to_mel(spec.f_max), spec.n_mels + 2)
    edges = _mel_to_hz(mels)
    rising = (bins[:, None] - edges[None, :-2]) / np.diff(edges)[None, :-1]
    falling = (edges[None, 2:] - bins[:, None]) / np.diff(edges)[None, 1:]
    return np.maximum(0.0, np.minimum(rising, falling))


@lru_cache(maxsize=8)
def _hann(n_fft: int) -> NDArray[np.float64]:
    return 0.5 - 0.5 * np.cos(2.0 * np.pi * np.arange(n_fft) / n_fft)


def log_mel(waveform: NDArray[np.floating], spec: LogMelSpec) -> NDArray[np.float32]:
    """Return the log-mel power spectrogram in dB, shape ``(n_frames, n_mels)``.

    Frames are centred (reflect padding), so there are ``1 + n_samples // hop`` of them. The
    transform runs in float64: in float32 a pure tone's quiet bands are off by up to 0.5 dB.

    Args:
        waveform: Shape ``(n_samples,)``, at ``spec.rate``, at least one sample.
        spec: How the spectrogram is made.
    """
    half = spec.n_fft // 2
    padded = np.pad(np.asarray(waveform, dtype=np.float64), half, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, spec.n_fft)[:: spec.hop]
    spectrum = np.fft.rfft(frames * _hann(spec.n_fft), axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    bands = power @ mel_filters(spec)
    decibels = 10.0 * np.log10(np.maximum(bands, _POWER_FLOOR))
    return decibels.astype(np.float32)
