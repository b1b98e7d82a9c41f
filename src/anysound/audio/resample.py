"""Change the sampling rate of a stream of blocks."""

from collections.abc import Iterable, Iterator

import numpy as np
import soxr

from anysound.audio.waveform import Waveform


def resample(
    waveforms: Iterable[Waveform], source_rate: int, rate: int, passed_on: float = 1.0
) -> Iterator[Waveform]:
    """Resample one continuous sound, as it comes.

    The samples don't depend on how the sound is cut into waveforms, nor on ``passed_on``: it is
    cut anew. At the rate that is asked for already, samples pass unchanged.

    Args:
        waveforms: The sound, in waveforms of any length.
        source_rate: Its rate, in Hz.
        rate: The rate to change it to, in Hz.
        passed_on: Seconds of sound that are gathered before they are passed on.
    """
    blocks = _recut(waveforms, max(1, round(source_rate * passed_on)))
    if source_rate == rate:
        yield from blocks
        return
    resampler = soxr.ResampleStream(source_rate, rate, 1, dtype="float32", quality="HQ")
    for block in blocks:
        yield from _unless_empty(resampler.resample_chunk(block))
    yield from _unless_empty(resampler.resample_chunk(np.empty(0, np.float32), last=True))


def _recut(waveforms: Iterable[Waveform], size: int) -> Iterator[Waveform]:
    held: list[Waveform] = []
    missing = size
    for waveform in waveforms:
        while waveform.size >= missing:
            yield np.concatenate([*held, waveform[:missing]])
            waveform = waveform[missing:]
            held, missing = [], size
        if waveform.size:
            held.append(waveform)
            missing -= waveform.size
    if held:
        yield np.concatenate(held)


def _unless_empty(block: Waveform) -> Iterator[Waveform]:
    if block.size:
        yield block
