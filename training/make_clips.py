"""Make the training set.

    python -m training.make_clips --data FOLDER [--per-concept N] [PART ...]

Each part (real, synthesis, instruments, voices, keyboards) is made once and kept in
``training/work/clips``, and what no tower hears, for the layer over the words, in
``training/work/unheard``; run again after deleting a part's files to remake it. Seeds are fixed:
the same sources give the same clips.
"""

import argparse
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

import training.synthesis  # noqa: F401 - fills GENERATORS
from anysound.audio import load
from training.clips import HEARD, SEED, UNHEARD, Clip, Made, spectrogram, store
from training.edits import poles_for
from training.effects import CLIP, mildly, placed, recorded, repitched
from training.instruments import instruments
from training.keyboards import typed
from training.recordings import RealRecording, licence_table, sources
from training.synthesis.registry import GENERATORS, RATE, Sound
from training.voices import voices

Job = TypeVar("Job")
Result = TypeVar("Result")


def _seconds_with_sound(samples: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Cut a recording into five-second pieces, every 2.5 s, without the silent ones."""
    if len(samples) <= CLIP:
        return [samples]
    starts = range(0, len(samples) - CLIP + 1, CLIP // 2)
    loudest = np.abs(samples).max()
    pieces = [samples[start : start + CLIP] for start in starts]
    return [piece for piece in pieces if np.abs(piece).max() > 0.05 * loudest]


def _both_poles(
    rng: np.random.Generator, samples: NDArray[np.float64], tags: Iterable[str] = ()
) -> list[Sound]:
    """Return a sound edited so that a qualifier is true of it, and so that its opposite is.

    A sound that is low as it is may still be low once it was raised: where there is a choice, pairs
    that its ``tags`` are of are passed over.
    """
    fitting = poles_for(samples)
    fitting = [poles for poles in fitting if not set(poles.names) & set(tags)] or fitting
    poles = fitting[rng.integers(len(fitting))]
    edited = [edit(rng, samples) for edit in poles.edits]
    return [
        Sound(placed(rng, mildly(rng, one)), (name,))
        for one, name in zip(edited, poles.names, strict=True)
    ]


def _altered(rng: np.random.Generator, samples: NDArray[np.float64], count: int) -> list[Sound]:
    """Return about ``count`` altered copies of a recording."""
    sounds: list[Sound] = []
    while len(sounds) < count:
        if rng.random() < 0.5:
            sounds += _both_poles(rng, samples)
        else:
            shifted = repitched(rng, samples) if rng.random() < 0.5 else samples
            sounds.append(recorded(rng, Sound(placed(rng, shifted))))
    return sounds


def _real_variants(job: tuple[RealRecording, int, int]) -> list[Made]:
    """Return a recording's pieces as they are, and about ``variants`` altered copies in all."""
    recording, number, variants = job
    rng = np.random.default_rng([SEED, 1, number])
    samples = load(recording.path, RATE).waveform.astype(np.float64)
    name = f"{recording.source}/{recording.path.stem}"
    made = []
    pieces = _seconds_with_sound(samples)
    for piece in pieces:
        sounds = [Sound(placed(rng, piece))]
        sounds += _altered(rng, piece, max(1, variants // len(pieces)))
        for sound in sounds:
            clip = Clip(recording.concept, sound.tags, recording.source, name)
            made.append((clip, spectrogram(sound)))
    return made


def _real(options: argparse.Namespace) -> Iterator[Made]:
    found = [recording for source in sources(options.data) for recording in source.recordings()]
    counts = Counter(recording.concept for recording in found)
    jobs = [
        (recording, number, int(np.clip(options.per_concept // counts[recording.concept], 4, 24)))
        for number, recording in enumerate(found)
    ]
    yield from (made for some in _parallel(_real_variants, jobs) for made in some)


def _synthesised(job: tuple[str, int, int]) -> Made:
    concept, index, seed = job
    rng = np.random.default_rng([SEED, seed, crc32(concept.encode()), index])
    generators = GENERATORS[concept]
    generator = generators[index % len(generators)]
    sound = generator(rng)
    kind = rng.random()
    if kind < 0.35:
        sound = recorded(rng, sound)
    elif kind < 0.65:
        samples = np.asarray(sound.waveform, dtype=np.float64)
        sound = _both_poles(rng, samples, sound.tags)[rng.integers(2)]
    else:
        sound = Sound(sound.waveform, (*sound.tags, "clean", "dry"))
    clip = Clip(concept, sound.tags, "synthesis", f"{generator.__name__}/{index}")
    return clip, spectrogram(Sound(placed(rng, np.asarray(sound.waveform)), sound.tags))


def _synthesis(options: argparse.Namespace) -> Iterator[Made]:
    yield from _generated(options.per_concept, seed=2)


def _unheard(options: argparse.Namespace) -> Iterator[Made]:
    yield from _generated(4 * options.per_concept // 3, seed=6)


def _generated(per_concept: int, seed: int) -> Iterator[Made]:
    jobs = [
        (concept, index, seed) for concept in sorted(GENERATORS) for index in range(per_concept)
    ]
    yield from _parallel(_synthesised, jobs)


def _played(named: Iterator[tuple[str, Sound]], source: str, seed: int) -> Iterator[Made]:
    rng = np.random.default_rng([SEED, seed])
    for index, (concept, sound) in enumerate(named):
        altered = recorded(rng, sound) if rng.random() < 0.5 else sound
        clip = Clip(concept, altered.tags, source, f"{source}/{index}")
        yield clip, spectrogram(altered)


def _instruments(options: argparse.Namespace) -> Iterator[Made]:
    rng = np.random.default_rng([SEED, 3])
    yield from _played(instruments(rng, options.per_concept // 2), "fluidsynth", 4)


def _voices(options: argparse.Namespace) -> Iterator[Made]:
    yield from _played(voices(SEED, options.per_concept), "espeak-ng", 5)


def _keyboards(options: argparse.Namespace) -> Iterator[Made]:
    yield from _played(typed(SEED, options.per_concept), "kbsim", 8)


def _parallel(make: Callable[[Job], Result], jobs: list[Job]) -> Iterator[Result]:
    with ProcessPoolExecutor() as pool:
        yield from pool.map(make, jobs, chunksize=16)


PARTS = {
    "unheard": _unheard,
    "real": _real,
    "synthesis": _synthesis,
    "instruments": _instruments,
    "voices": _voices,
    "keyboards": _keyboards,
}


def main() -> None:
    """Make the parts that are missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=[], metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--per-concept", type=int, default=90)
    options = parser.parse_args()
    print(licence_table(sources(options.data)))
    for part in options.parts or PARTS:
        folder = UNHEARD if part == "unheard" else HEARD
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / f"{part}.json").exists():
            print(f"{part}: kept")
            continue
        print(f"{part}: {store(part, PARTS[part](options), folder)} clips")


if __name__ == "__main__":
    main()
