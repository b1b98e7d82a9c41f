"""Copy recordings as they would sound over a bad telephone line from a hard room.

    python -m benchmarks.telephone FROM TO [--snr 3]

Each is put into half a second of reverberation and pink noise, and loses what is below 300 and
above 3400 Hz. What comes of a file depends on its name and on nothing else. A model that knows the
recordings doesn't know them so, which is what ``benchmarks.teaching --data TO`` is about.
"""

import argparse
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from anysound.audio import Clip, cut_clips, load

RATE = 16_000
_BAND = (300.0, 3400.0)  # Hz
_LOUDEST = 0.8


def over_the_line(waveform: NDArray[np.floating], snr: float, seed: int) -> NDArray[np.float32]:
    """Return a waveform, shape ``(n_samples,)`` at ``RATE``, as it arrives.

    Args:
        waveform: As it is.
        snr: Of sound to noise, in dB, before the line.
        seed: Of the room and the noise.
    """
    rng = np.random.default_rng(seed)
    count = len(waveform)
    room = rng.standard_normal(RATE // 2) * np.exp(-9 * np.arange(RATE // 2) / RATE)
    room[0] = 12.0
    heard = np.convolve(waveform, room)[:count]
    pink = np.fft.irfft(
        np.fft.rfft(rng.standard_normal(count)) / np.sqrt(np.maximum(1, np.arange(count // 2 + 1))),
        count,
    )
    pink *= np.sqrt(np.mean(heard**2) / np.mean(pink**2)) * 10 ** (-snr / 20)
    spectrum = np.fft.rfft(heard + pink)
    tones = np.fft.rfftfreq(count, 1 / RATE)
    spectrum[(tones < _BAND[0]) | (tones > _BAND[1])] = 0
    line = np.fft.irfft(spectrum, count)
    return np.asarray(_LOUDEST * line / max(float(np.abs(line).max()), 1e-9), dtype=np.float32)


def main() -> None:
    """Copy a folder of folders."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    parser.add_argument("--snr", type=float, default=3.0)
    asked = parser.parse_args()
    for path in sorted(asked.source.rglob("*.ogg")):
        target = asked.target / path.relative_to(asked.source).with_suffix(".wav")
        target.parent.mkdir(parents=True, exist_ok=True)
        sound = over_the_line(load(path, RATE).waveform, asked.snr, crc32(path.name.encode()))
        cut_clips((sound, RATE), [Clip(0.0, len(sound) / RATE, target)])


if __name__ == "__main__":
    main()
