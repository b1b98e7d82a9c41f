"""From a waveform to the audio tower's input, as the reference makes it but without chance."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anysound.features import log_mel
from anysound.features.log_mel import Decibels
from anysound.models.clap.config import FrontConfig
from anysound.models.clap.salience import salient_starts
from anysound.models.protocol import Waveform

_CROPS = 3  # that a fused model sees of a long recording, beside the shrunk whole


@dataclass(frozen=True)
class ClapInput:
    """What the audio tower takes.

    Attributes:
        features: Log-mel spectrograms of the length of a clip, shape ``(4, frames, n_mels)`` for
            a fused model and ``(1, frames, n_mels)`` for others. Read-only where they are equal.
        is_longer: Whether a fused model is to look at the crops, ``features[1:]``.
    """

    features: NDArray[np.float32]
    is_longer: bool


def clip_input(
    waveform: Waveform,
    front: FrontConfig,
    *,
    is_fused: bool,
    starts: Sequence[int] | None = None,
    compat: str | None = None,
) -> ClapInput:
    """Make the audio tower's input of a waveform.

    A waveform of up to a clip's length is padded to a clip. A fused model gets it four times and
    marked as not longer, as in LAION's own inference. Of a longer one, a fused model gets the
    whole, shrunk to the frames of a clip, and one crop of each third; another model gets one
    crop. The crops are the most salient ones. What is longer by less than a frame isn't longer
    for a fused model.

    Args:
        waveform: At the model's rate, at least one sample.
        front: What the checkpoint asks for.
        is_fused: Whether the model takes a whole and three crops.
        starts: Of the crops, in place of the most salient ones; the first frames of three, or
            the first sample of one for a model that isn't fused. Ignored if there is no crop.
        compat: ``transformers`` marks a short waveform as longer for a fused model, as its
            pipeline does with a lone recording.

    Raises:
        ValueError: ``starts`` are not as many as there are crops, or don't lie in the waveform.
    """
    if not is_fused:
        return ClapInput(
            _single(waveform, front, starts)[np.newaxis], len(waveform) > front.samples
        )
    decibels = log_mel(_padded(waveform, front), front.mel)
    if len(decibels) == front.frames:
        shape = (1 + _CROPS, *decibels.shape)
        return ClapInput(np.broadcast_to(decibels, shape), compat == "transformers")
    if starts is None:
        starts = salient_starts(decibels, front.frames, _CROPS)
    _check(starts, _CROPS, len(decibels) - front.frames)
    crops = [decibels[start : start + front.frames] for start in starts]
    return ClapInput(np.stack([_shrunk(decibels, front.frames), *crops]), True)


def _single(waveform: Waveform, front: FrontConfig, starts: Sequence[int] | None) -> Decibels:
    """Return the spectrogram of the clip, or of one crop of it."""
    surplus = len(waveform) - front.samples
    if surplus <= 0:
        return log_mel(_padded(waveform, front), front.mel)
    if starts is None:
        (frame,) = salient_starts(log_mel(waveform, front.mel), front.frames, 1)
        starts = [min(frame * front.mel.hop, surplus)]
    _check(starts, 1, surplus)
    # Of the samples, not of the spectrogram: at its ends the crop is mirrored into itself.
    return log_mel(waveform[starts[0] : starts[0] + front.samples], front.mel)


def _padded(waveform: Waveform, front: FrontConfig) -> Waveform:
    """Fill a clip with a shorter waveform, as the checkpoint asks for it."""
    length = len(waveform)
    if length >= front.samples:
        return waveform
    filled = {
        "pad": length,
        "repeat": front.samples,
        "repeatpad": front.samples - front.samples % length,  # as often as it fits whole
    }[front.padding]
    padded = np.zeros(front.samples, dtype=np.float32)
    padded[:filled] = np.resize(waveform, filled)
    return padded


def _shrunk(decibels: Decibels, frames: int) -> Decibels:
    """Resize along time by linear interpolation between frames, without smoothing before.

    The same as PyTorch's ``interpolate(mode="bilinear", align_corners=False)``, in float32 with
    fused multiply-add as there: its rounding of the positions shows in a long recording.
    """
    ratio = np.float32(len(decibels)) / np.float32(frames)
    centres = np.arange(frames, dtype=np.float32) + np.float32(0.5)
    positions = (centres.astype(np.float64) * ratio - 0.5).astype(np.float32)
    before = np.floor(positions).astype(np.int64)
    after = np.minimum(before + 1, len(decibels) - 1)
    share = (positions - before.astype(np.float32))[:, np.newaxis]
    return (np.float32(1.0) - share) * decibels[before] + share * decibels[after]


def _check(starts: Sequence[int], count: int, last: int) -> None:
    if len(starts) != count or not all(0 <= start <= last for start in starts):
        raise ValueError(f"starts {list(starts)} are not {count} from 0 to {last}")
