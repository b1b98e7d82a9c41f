"""Edits of spectrograms that change how a sound goes on in time, and how fast it is played.

They are those of ``edits.py``, for clips of shape ``(frames, mels)``.
"""

import numpy as np
import torch
from torch import Tensor

from anysound.models.bundled.model import SPEC
from training import edits
from training.spectral import (
    CENTRES,
    FRAMES,
    LOWEST,
    MEL_STEP,
    SECOND,
    SILENT,
    Poles,
    decibels_of,
    goes_on,
    is_even,
    is_event,
    is_gliding,
    is_pitched,
    is_unbroken,
    power_of,
    repeated,
    span,
)


def played(clip: Tensor, time: Tensor, speed: Tensor) -> Tensor:
    """Play a clip as a tape is played: where it runs faster, it sounds higher.

    Args:
        clip: Shape ``(frames, mels)``.
        time: The frame of the clip that each frame is taken from; outside the clip is silence.
        speed: Factor on all frequencies in each frame.
    """
    mel = 2595 * torch.log10(1 + CENTRES / speed[:, None].double() / 700)
    band = ((mel - LOWEST) / MEL_STEP - 1).float()
    across = 2 * band / (SPEC.n_mels - 1) - 1
    along = (2 * time / (len(clip) - 1) - 1)[:, None].expand_as(across)
    grid = torch.stack([across, along.float()], dim=-1)[None]
    above = torch.nn.functional.grid_sample((clip - SILENT)[None, None], grid, align_corners=True)
    return above[0, 0] + SILENT


def _at_speed(rng: np.random.Generator, clip: Tensor, speed: float) -> Tensor:
    start, stop = span(clip)
    frames = torch.arange(FRAMES, dtype=torch.float32)
    seen = speed * FRAMES  # frames of the clip that fit into one as long
    if seen > stop - start:
        first = rng.uniform(stop - seen, start)
    else:
        first = rng.uniform(start, stop - seen)
    return played(clip, first + speed * frames, torch.full((FRAMES,), speed))


def _higher(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return _at_speed(rng, clip, rng.uniform(1.4, 2.0))


def _lower(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return _at_speed(rng, clip, rng.uniform(0.5, 0.71))


def _glide(clip: Tensor, octaves: float) -> Tensor:
    start, stop = span(clip)
    frames = torch.arange(FRAMES, dtype=torch.float32)
    speed = 2 ** ((_along(*span(clip, -edits.LOUD)) - 0.5) * octaves)
    sounding = (frames >= start) & (frames < stop)
    speed = speed / speed[sounding].mean()
    place = torch.cumsum(speed, 0)
    time = place - place[start] + start
    return played(clip, torch.where(sounding, time, frames), speed)


def _rising(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return _glide(clip, rng.uniform(0.7, 1.6))


def _falling(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return _glide(clip, -rng.uniform(0.7, 1.6))


def _along(start: int, stop: int) -> Tensor:
    """Return where each frame lies in a sound, from 0 at its start to 1 at its end."""
    return ((torch.arange(FRAMES) - start) / max(1, stop - start)).clamp(0, 1)


def _growing(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return clip - rng.uniform(18, 34) * (1 - _along(*span(clip)))[:, None]


def _fading(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return clip - rng.uniform(18, 34) * _along(*span(clip))[:, None]


def _as_it_is(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return clip


def _gated(rng: np.random.Generator, clip: Tensor) -> Tensor:
    fine = 8  # to a frame
    gate = np.zeros(FRAMES * fine)
    at, period = rng.uniform(0, 0.4), rng.uniform(0.5, 1.6)
    while at < FRAMES / SECOND:
        length = period * rng.uniform(0.3, 0.65)
        gate[int(at * SECOND * fine) : int((at + length) * SECOND * fine)] = 1.0
        at += period * rng.uniform(0.8, 1.2)
    share = torch.from_numpy(gate.reshape(FRAMES, fine).mean(axis=1)).float()
    return clip + decibels_of(share)[:, None]


def _tremolo(rng: np.random.Generator, clip: Tensor) -> Tensor:
    frames = torch.arange(FRAMES, dtype=torch.float32)
    shakes = rng.uniform(4.5, 9)  # a second
    phase = 2 * np.pi * shakes * frames / SECOND + rng.uniform(0, 6)
    bend = rng.uniform(0.0005, 0.002)  # seconds
    shaken = played(clip, frames, 1 + bend * 2 * np.pi * shakes * torch.cos(phase))
    level = 1 + rng.uniform(0.55, 0.9) * torch.sin(phase)
    return shaken + 2 * decibels_of(level)[:, None]


def _alone(clip: Tensor) -> Tensor:
    """Return the sound from its first frame to its last."""
    start, stop = span(clip)
    return clip[max(0, start - 1) : stop + 1]


def _set_off(sound: Tensor, times: list[float], gains: list[float]) -> Tensor:
    """Let a sound begin at some times, in seconds; all that overlaps adds up."""
    train = torch.zeros(FRAMES)
    for time, gain in zip(times, gains, strict=True):
        frame, rest = divmod(time * SECOND, 1)
        frame = int(frame)
        if frame < FRAMES:
            train[frame] += (1 - rest) * gain**2
        if frame + 1 < FRAMES:
            train[frame + 1] += rest * gain**2
    return decibels_of(repeated(power_of(sound), train))


def _once(rng: np.random.Generator, sound: Tensor) -> Tensor:
    return _set_off(sound, [rng.uniform(0, max(1, FRAMES - len(sound))) / SECOND], [1.0])


def _again(rng: np.random.Generator, sound: Tensor, times: list[float]) -> Tensor:
    return _set_off(sound, times, [rng.uniform(0.7, 1.0) for _ in times])


def _repeats(rng: np.random.Generator, sound: Tensor, gap: float, jitter: float) -> Tensor:
    """Set a sound off again and again, ``gap`` seconds apart."""
    return _again(rng, sound, edits.onsets(rng, gap, jitter))


def _single(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return _once(rng, _alone(clip))


def _repeated(rng: np.random.Generator, clip: Tensor) -> Tensor:
    sound = _alone(clip)
    shortest = max(0.15, 0.9 * len(sound) / SECOND)
    gap = rng.uniform(shortest, max(1.3, shortest))
    return _repeats(rng, sound, gap, rng.uniform(0, 0.4))


def _cut(sound: Tensor, seconds: float) -> Tensor:
    """Cut a sound short, fading it out."""
    cut = sound[: max(2, int(seconds * SECOND))]
    return cut + decibels_of(torch.linspace(1, 0, len(cut)))[:, None]


def _fast(rng: np.random.Generator, clip: Tensor) -> Tensor:
    gap = rng.uniform(0.1, 0.2)
    return _repeats(rng, _cut(_alone(clip), gap), gap, rng.uniform(0, 0.3))


def _slow(rng: np.random.Generator, clip: Tensor) -> Tensor:
    sound = _alone(clip)
    gap = max(rng.uniform(0.9, 1.9), 1.1 * len(sound) / SECOND)
    return _repeats(rng, sound, gap, rng.uniform(0, 0.15))


def _evenly(rng: np.random.Generator, clip: Tensor) -> Tensor:
    sound = _cut(_alone(clip), edits.APART)
    return _repeats(rng, sound, rng.uniform(edits.APART, 0.9), rng.uniform(0, 0.03))


def _unevenly(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return _again(rng, _cut(_alone(clip), edits.APART), edits.uneven_onsets(rng))


def _brief(rng: np.random.Generator, clip: Tensor) -> Tensor:
    """Cut a short piece out of where a clip is loudest."""
    length = int(rng.uniform(0.15, 0.6) * SECOND)
    energy = power_of(clip).sum(1).unfold(0, length, 1).sum(1)
    start = int(energy.argmax())
    return _once(rng, clip[start : start + length])


POLES: tuple[Poles, ...] = (
    Poles(("high", "low"), (_higher, _lower), is_pitched),
    Poles(("rising", "falling"), (_rising, _falling), is_gliding),
    Poles(("loud_growing", "fading"), (_growing, _fading), goes_on),
    Poles(("continuous", "intermittent"), (_as_it_is, _gated), is_unbroken),
    Poles(("steady", "trembling"), (_as_it_is, _tremolo), is_even),
    Poles(("long", "short"), (_as_it_is, _brief), goes_on),
    Poles(("single", "repeated"), (_single, _repeated), is_event),
    Poles(("fast", "slow"), (_fast, _slow), is_event),
    Poles(("regular", "irregular"), (_evenly, _unevenly), is_event),
)
