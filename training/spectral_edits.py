"""The edits of ``edits.py`` that a spectrogram can take, made anew in every step of the training.

A sound that is altered once and kept is soon learnt by heart: 90 % of the kept clips were told
rising from falling, and 70 % of new ones. Altered in each step by other amounts, it can't be.

All functions take and return decibels of shape ``(batch, frames, mels)``, from -100 dB upwards.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from anysound.features import log_mel
from anysound.models.bundled.model import SPEC
from training import edits
from training.clips import MADE, SEED, Clip, drawn_row
from training.effects import CLIP
from training.synthesis.registry import Qualifier

FRAMES = 1 + CLIP // SPEC.hop
_SECOND = SPEC.rate / SPEC.hop  # in frames
_SILENT = -100.0  # dB
_HEARD = -30.0  # dB below the loudest frame, from which on a sound has begun

Edit: TypeAlias = Callable[[np.random.Generator, Tensor], Tensor]
"""Alters one clip, shape ``(frames, mels)``."""

Kind: TypeAlias = Callable[[Tensor], Tensor]
"""Tells which clips an edit makes sense for, shape ``(batch,)``."""


def _power(decibels: Tensor) -> Tensor:
    return 10 ** (decibels / 10)


def _decibels(power: Tensor) -> Tensor:
    return 10 * torch.log10(power + 1e-10)


def _levels(clips: Tensor) -> Tensor:
    """Return the level of each frame in dB below the loudest, shape ``(..., frames)``."""
    levels = _decibels(_power(clips).sum(-1))
    return levels - levels.amax(-1, keepdim=True)


def _span(clip: Tensor) -> tuple[int, int]:
    """Return the first frame of a sound, and the one after its last."""
    heard = torch.nonzero(_levels(clip) > _HEARD)[:, 0]
    return int(heard[0]), int(heard[-1]) + 1


# Which sounds an edit makes sense for. ``edits.py`` asks the same of samples.


def _lengths(clips: Tensor) -> Tensor:
    """Return how many frames lie from the first of each sound to its last."""
    heard = _levels(clips) > _HEARD
    place = torch.arange(clips.shape[1])
    first = torch.where(heard, place, clips.shape[1]).amin(1)
    return torch.where(heard, place, -1).amax(1) + 1 - first


def _is_event(clips: Tensor) -> Tensor:
    return _lengths(clips) <= edits.EVENT * _SECOND


def _goes_on(clips: Tensor) -> Tensor:
    lengths = _lengths(clips)
    loud = (_levels(clips) > -20.0).sum(1)
    return (lengths >= 2 * edits.EVENT * _SECOND) & (loud > 0.8 * lengths)


def _is_unbroken(clips: Tensor) -> Tensor:
    loud = (_levels(clips) > -15.0).sum(1)
    return _goes_on(clips) & (loud > 0.95 * _lengths(clips))


def _is_even(clips: Tensor) -> Tensor:
    smooth = torch.nn.functional.avg_pool1d(_power(clips).sum(-1)[:, None], 3, 1)[:, 0]
    levels = _decibels(smooth / smooth.amax(1, keepdim=True))
    heard = levels > _HEARD
    mean = (levels * heard).sum(1) / heard.sum(1)
    spread = ((levels - mean[:, None]).square() * heard).sum(1) / heard.sum(1)
    return _goes_on(clips) & (spread.sqrt() < edits.EVEN_WITHIN)


def _is_pitched(clips: Tensor) -> Tensor:
    """Tell whether the bands of the loud frames are far from their smoothed neighbourhood."""
    around = torch.nn.functional.avg_pool1d(clips, 9, 1, 4, count_include_pad=False)
    peaks = (clips - around)[:, :, 4:56].std(dim=2)
    loud = _levels(clips) > -14.0
    return (peaks * loud).sum(1) / loud.sum(1) > _PEAKS


_PEAKS = 4.0  # dB; see the test that compares it with ``edits.pitched``


# What is done to a clip.

_LOWEST, _HIGHEST = (2595 * np.log10(1 + hz / 700) for hz in (SPEC.f_min, SPEC.f_max))
_STEP = (_HIGHEST - _LOWEST) / (SPEC.n_mels + 1)  # mel from band to band (HTK)
_CENTRES = 700 * (
    10 ** (torch.arange(1, SPEC.n_mels + 1, dtype=torch.float64) * _STEP + _LOWEST).div(2595) - 1
)


def played(clip: Tensor, time: Tensor, speed: Tensor) -> Tensor:
    """Play a clip as a tape is played: where it runs faster, it sounds higher.

    Args:
        clip: Shape ``(frames, mels)``.
        time: The frame of the clip that each frame is taken from; outside the clip is silence.
        speed: Factor on all frequencies in each frame.
    """
    mel = 2595 * torch.log10(1 + _CENTRES / speed[:, None].double() / 700)
    band = ((mel - _LOWEST) / _STEP - 1).float()
    across = 2 * band / (SPEC.n_mels - 1) - 1
    along = (2 * time / (len(clip) - 1) - 1)[:, None].expand_as(across)
    grid = torch.stack([across, along.float()], dim=-1)[None]
    above = torch.nn.functional.grid_sample((clip - _SILENT)[None, None], grid, align_corners=True)
    return above[0, 0] + _SILENT


def _at_speed(rng: np.random.Generator, clip: Tensor, speed: float) -> Tensor:
    start, stop = _span(clip)
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
    start, stop = _span(clip)
    frames = torch.arange(FRAMES, dtype=torch.float32)
    speed = 2 ** ((_along(start, stop) - 0.5) * octaves)
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
    return clip - rng.uniform(18, 34) * (1 - _along(*_span(clip)))[:, None]


def _fading(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return clip - rng.uniform(18, 34) * _along(*_span(clip))[:, None]


def _as_it_is(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return clip


def _gated(rng: np.random.Generator, clip: Tensor) -> Tensor:
    fine = 8  # to a frame
    gate = np.zeros(FRAMES * fine)
    at, period = rng.uniform(0, 0.4), rng.uniform(0.5, 1.6)
    while at < FRAMES / _SECOND:
        length = period * rng.uniform(0.3, 0.65)
        gate[int(at * _SECOND * fine) : int((at + length) * _SECOND * fine)] = 1.0
        at += period * rng.uniform(0.8, 1.2)
    share = torch.from_numpy(gate.reshape(FRAMES, fine).mean(axis=1)).float()
    return clip + _decibels(share)[:, None]


def _tremolo(rng: np.random.Generator, clip: Tensor) -> Tensor:
    frames = torch.arange(FRAMES, dtype=torch.float32)
    shakes = rng.uniform(4.5, 9)  # a second
    phase = 2 * np.pi * shakes * frames / _SECOND + rng.uniform(0, 6)
    bend = rng.uniform(0.0005, 0.002)  # seconds
    shaken = played(clip, frames, 1 + bend * 2 * np.pi * shakes * torch.cos(phase))
    level = 1 + rng.uniform(0.55, 0.9) * torch.sin(phase)
    return shaken + 2 * _decibels(level)[:, None]


def _alone(clip: Tensor) -> Tensor:
    """Return the sound from its first frame to its last."""
    start, stop = _span(clip)
    return clip[max(0, start - 1) : stop + 1]


def _set_off(sound: Tensor, times: list[float], gains: list[float]) -> Tensor:
    """Let a sound begin at some times, in seconds; all that overlaps adds up."""
    train = torch.zeros(FRAMES)
    for time, gain in zip(times, gains, strict=True):
        frame, rest = divmod(time * _SECOND, 1)
        frame = int(frame)
        if frame < FRAMES:
            train[frame] += (1 - rest) * gain**2
        if frame + 1 < FRAMES:
            train[frame + 1] += rest * gain**2
    size = 2 * FRAMES
    spectrum = torch.fft.rfft(_power(sound), size, dim=0) * torch.fft.rfft(train, size)[:, None]
    return _decibels(torch.fft.irfft(spectrum, size, dim=0)[:FRAMES].clamp(min=0))


def _once(rng: np.random.Generator, sound: Tensor) -> Tensor:
    return _set_off(sound, [rng.uniform(0, max(1, FRAMES - len(sound))) / _SECOND], [1.0])


def _again(rng: np.random.Generator, sound: Tensor, times: list[float]) -> Tensor:
    return _set_off(sound, times, [rng.uniform(0.7, 1.0) for _ in times])


def _repeats(rng: np.random.Generator, sound: Tensor, gap: float, jitter: float) -> Tensor:
    """Set a sound off again and again, ``gap`` seconds apart."""
    return _again(rng, sound, edits.onsets(rng, gap, jitter))


def _single(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return _once(rng, _alone(clip))


def _repeated(rng: np.random.Generator, clip: Tensor) -> Tensor:
    sound = _alone(clip)
    shortest = max(0.15, 0.9 * len(sound) / _SECOND)
    gap = rng.uniform(shortest, max(1.3, shortest))
    return _repeats(rng, sound, gap, rng.uniform(0, 0.4))


def _cut(sound: Tensor, seconds: float) -> Tensor:
    """Cut a sound short, fading it out."""
    cut = sound[: max(2, int(seconds * _SECOND))]
    return cut + _decibels(torch.linspace(1, 0, len(cut)))[:, None]


def _fast(rng: np.random.Generator, clip: Tensor) -> Tensor:
    gap = rng.uniform(0.1, 0.2)
    return _repeats(rng, _cut(_alone(clip), gap), gap, rng.uniform(0, 0.3))


def _slow(rng: np.random.Generator, clip: Tensor) -> Tensor:
    sound = _alone(clip)
    gap = max(rng.uniform(0.9, 1.9), 1.1 * len(sound) / _SECOND)
    return _repeats(rng, sound, gap, rng.uniform(0, 0.15))


def _evenly(rng: np.random.Generator, clip: Tensor) -> Tensor:
    sound = _cut(_alone(clip), edits.APART)
    return _repeats(rng, sound, rng.uniform(edits.APART, 0.9), rng.uniform(0, 0.03))


def _unevenly(rng: np.random.Generator, clip: Tensor) -> Tensor:
    return _again(rng, _cut(_alone(clip), edits.APART), edits.uneven_onsets(rng))


def _brief(rng: np.random.Generator, clip: Tensor) -> Tensor:
    """Cut a short piece out of where a clip is loudest."""
    length = int(rng.uniform(0.15, 0.6) * _SECOND)
    energy = _power(clip).sum(1).unfold(0, length, 1).sum(1)
    start = int(energy.argmax())
    return _once(rng, clip[start : start + length])


def _noise_floor() -> Tensor:
    noise = np.random.default_rng([SEED, 10]).standard_normal(CLIP)
    return torch.from_numpy(log_mel(noise, SPEC))


_FLOOR = _noise_floor()


def _over_noise(rng: np.random.Generator, clip: Tensor) -> Tensor:
    """Put a clip over a faint noise floor, as ``effects.placed`` does."""
    if rng.random() >= 0.7:
        return clip
    floor = _FLOOR.roll(int(rng.integers(FRAMES)), dims=0) + 20 * rng.uniform(-4.5, -2.5)
    return _decibels(_power(clip) + _power(floor))


# Both poles of a sound.


@dataclass(frozen=True)
class Poles:
    """Two opposite qualifiers, what makes each true of a clip, and which clips it fits."""

    names: tuple[Qualifier, Qualifier]
    edits: tuple[Edit, Edit]
    fits: Kind


POLES: tuple[Poles, ...] = (
    Poles(("high", "low"), (_higher, _lower), _is_pitched),
    Poles(("rising", "falling"), (_rising, _falling), _is_pitched),
    Poles(("loud_growing", "fading"), (_growing, _fading), _goes_on),
    Poles(("continuous", "intermittent"), (_as_it_is, _gated), _is_unbroken),
    Poles(("steady", "trembling"), (_as_it_is, _tremolo), _is_even),
    Poles(("long", "short"), (_as_it_is, _brief), _goes_on),
    Poles(("single", "repeated"), (_single, _repeated), _is_event),
    Poles(("fast", "slow"), (_fast, _slow), _is_event),
    Poles(("regular", "irregular"), (_evenly, _unevenly), _is_event),
)

_ROWS_AT_ONCE = 512


class PolePairs:
    """Draws clips of the training set, and makes both poles of a qualifier true of each.

    A pair is drawn by its qualifier first, then by its concept, so that all are as frequent.
    """

    def __init__(self, clips: list[Clip], features: Tensor, concepts: list[str]) -> None:
        """Find the clips that each pair of poles fits."""
        self._features = features
        self._numbers = {name: number for number, name in enumerate(concepts)}
        fitting = {kind: _fitting(features, kind) for kind in {poles.fits for poles in POLES}}
        found = [(poles, _by_concept(clips, fitting[poles.fits], poles)) for poles in POLES]
        self._drawn_from = [(poles, concepts) for poles, concepts in found if concepts]

    def draw(
        self, rng: np.random.Generator, count: int
    ) -> tuple[Tensor, NDArray[np.int_], list[str]]:
        """Return ``2 * count`` clips, their concepts, and the qualifiers that are true of them."""
        made, numbers, tags = [], [], []
        for _ in range(count):
            poles, concepts = self._drawn_from[rng.integers(len(self._drawn_from))]
            concept = list(concepts)[rng.integers(len(concepts))]
            clip = self._features[drawn_row(rng, *concepts[concept])].float()
            for name, edit in zip(poles.names, poles.edits, strict=True):
                made.append(_over_noise(rng, edit(rng, clip)))
                numbers.append(self._numbers[concept])
                tags.append(name)
        return torch.stack(made), np.array(numbers), list(tags)


def _fitting(features: Tensor, kind: Kind) -> NDArray[np.intp]:
    """Return the rows of the clips that are of a kind."""
    are = [kind(part.float()) for part in features.split(_ROWS_AT_ONCE)]
    return np.flatnonzero(torch.cat(are).numpy())


def _by_concept(
    clips: list[Clip], rows: NDArray[np.intp], poles: Poles
) -> dict[str, tuple[list[int], list[int]]]:
    """Return rows of recordings and of made sounds by concept, without those of either pole."""
    found: dict[str, tuple[list[int], list[int]]] = {}
    for row in rows.tolist():
        clip = clips[row]
        if not set(poles.names) & set(clip.tags):
            found.setdefault(clip.concept, ([], []))[clip.source in MADE].append(row)
    return found
