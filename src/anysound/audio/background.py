"""Sounds that hold nothing to name: what is heard where nothing happens."""

import numpy as np

from anysound.audio.waveform import Waveform

_SEED = 20261125
_COLOURS = (0.0, 0.5, 1.0)
"""Exponents of 1/f of the amplitude spectrum: white, pink and brown noise."""
_MAINS = (50.0, 60.0)  # Hz
_FLOOR = 1e-3


def background_sounds(rate: int, seconds: float) -> list[Waveform]:
    """Return noises of three colours and hums of the mains, the same ones every time.

    Args:
        rate: Samples a second.
        seconds: Length of each.
    """
    rng = np.random.default_rng(_SEED)
    count = round(rate * seconds)
    time = np.arange(count) / rate
    sounds = [_coloured(rng.standard_normal(count), exponent) for exponent in _COLOURS]
    for mains in _MAINS:
        hum = sum(np.sin(2 * np.pi * mains * n * time) / n for n in range(1, 6))
        sounds.append(hum + 0.05 * rng.standard_normal(count))
    loud = [sound / np.abs(sound).max() * 0.5 for sound in sounds]
    faint = [loud[0] * _FLOOR, loud[1] * _FLOOR]
    return [sound.astype(np.float32) for sound in (*loud, *faint)]


def _coloured(white: np.ndarray, exponent: float) -> np.ndarray:
    spectrum = np.fft.rfft(white)
    spectrum /= np.maximum(1, np.arange(len(spectrum))) ** exponent
    return np.fft.irfft(spectrum, len(white))
