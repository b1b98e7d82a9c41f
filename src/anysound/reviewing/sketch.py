"""A spectrogram in characters, for a terminal without sound."""

import numpy as np

from anysound.features import LogMelSpec, log_mel
from anysound.reviewing.excerpt import RATE, Excerpt

_ROWS = 10
_RANGE = 50.0  # dB below the loudest that are still shown
_SPEC = LogMelSpec(RATE, n_fft=1024, hop=320, n_mels=40, f_min=50.0, f_max=14_000.0)
_MARGIN = 7  # characters, for the frequencies
_SILENT = -95.0  # dB


def draw(excerpt: Excerpt, width: int, shades: str = " ░▒▓█") -> list[str]:
    """Draw an excerpt: time to the right, frequency upwards (mel), louder is darker.

    Args:
        excerpt: What to draw.
        width: Of the drawing, in characters.
        shades: A character for each level, the quietest first.

    Returns:
        Lines of ``width`` characters at most, the last with the times; none if there is no sound.
    """
    if not len(excerpt.waveform):
        return []
    decibels = log_mel(excerpt.waveform, _SPEC)
    if decibels.max() < _SILENT:
        return []
    columns = min(max(width - _MARGIN, 10), len(decibels))
    parts = np.array_split(decibels, columns)
    bands = np.stack([part.max(axis=0) for part in parts]).reshape(columns, _ROWS, -1).max(axis=2)
    level = ((bands - bands.max()) / _RANGE + 1).clip(0, 1)
    shade = np.ceil(level * (len(shades) - 1)).astype(int)
    marks = {_ROWS - 1: "14 kHz", 0: "50 Hz"}
    lines = [
        f"{marks.get(row, ''):>{_MARGIN - 1}} " + "".join(shades[at] for at in shade[:, row])
        for row in reversed(range(_ROWS))
    ]
    start, end = f"{excerpt.start:.1f} s", f"{excerpt.end:.1f} s"
    return [*lines, " " * _MARGIN + f"{start}{end:>{max(columns - len(start), len(end) + 1)}}"]
