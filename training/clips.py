"""The training set on disk: five-second clips as log-mel spectrograms, with concept and tags."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anysound.features import log_mel
from anysound.models.bundled.model import SPEC
from training.effects import CLIP
from training.synthesis.registry import Sound

WORK = Path(__file__).parent / "work"

HEARD = WORK / "clips"
"""What towers are trained on."""

UNHEARD = WORK / "unheard"
"""What no tower hears: of what it was trained on, a tower tells more than of what is new."""

SEED = 20261122

MADE = ("synthesis", "fluidsynth", "espeak-ng")
"""Sources of clips that are no recordings."""

Spectrogram = NDArray[np.float16]


@dataclass(frozen=True)
class Clip:
    """What is known about one clip.

    Attributes:
        concept: What is heard.
        tags: Qualifiers that are true of it.
        source: Collection or generator that it comes from.
        recording: Names the recording; clips of one recording never stand in two splits.
    """

    concept: str
    tags: tuple[str, ...]
    source: str
    recording: str


Made = tuple[Clip, Spectrogram]

_REAL_SHARE = 0.65  # of the clips of a concept that has real recordings


def spectrogram(sound: Sound) -> Spectrogram:
    """Return the clip's log-mel in dB below its loudest sample's scale, shape ``(251, 64)``."""
    samples = np.asarray(sound.waveform, dtype=np.float64)[:CLIP]
    samples = np.pad(samples, (0, CLIP - len(samples)))
    return log_mel(samples / (np.abs(samples).max() + 1e-12), SPEC).astype(np.float16)


def store(part: str, made: Iterator[Made], folder: Path) -> int:
    """Write one part of the set and return its number of clips."""
    clips, spectrograms = [], []
    for clip, features in made:
        clips.append(asdict(clip))
        spectrograms.append(features)
    np.save(folder / f"{part}.npy", np.stack(spectrograms))
    (folder / f"{part}.json").write_text(json.dumps(clips), encoding="utf-8")
    return len(clips)


def rows_by_concept(clips: Sequence[Clip]) -> dict[str, list[int]]:
    """Return the places of each concept's clips, in their order."""
    rows = defaultdict(list)
    for row, clip in enumerate(clips):
        rows[clip.concept].append(row)
    return dict(rows)


def drawn_row(rng: np.random.Generator, real: Sequence[int], made: Sequence[int]) -> int:
    """Draw one of a concept's clips: a recording more often than not, where there are both."""
    use_real = not len(made) or (len(real) > 0 and rng.random() < _REAL_SHARE)
    rows = real if use_real else made
    return rows[rng.integers(len(rows))]


def read_clips(
    keeps: Callable[[Clip], bool] = lambda clip: True, folder: Path = HEARD
) -> tuple[list[Clip], Spectrogram]:
    """Read the clips of all parts that have been made; features have shape ``(n, 251, 64)``."""
    clips: list[Clip] = []
    spectrograms = []
    for index in sorted(folder.glob("*.json")):
        entries = json.loads(index.read_text(encoding="utf-8"))
        part = [Clip(**{**entry, "tags": tuple(entry["tags"])}) for entry in entries]
        kept = [row for row, clip in enumerate(part) if keeps(clip)]
        clips += [part[row] for row in kept]
        spectrograms.append(np.load(index.with_suffix(".npy"), mmap_mode="r")[kept])
    return clips, np.concatenate(spectrograms)
