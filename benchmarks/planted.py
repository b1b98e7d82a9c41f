"""Measure how well sounds are found that were planted in long recordings.

    python -m benchmarks.planted --data ../shared/data/esc10 [--pattern '3-*'] [--model NAME]

DATA has one folder a sound, named as a label that the model understands. Every recording is made of
pink noise and of whole sounds from there at 5 to 20 dB above it, so that it is known what is to be
heard where. A model is measured only on what it was not trained on.

Prints two tables. The events of ``anysound timeline`` in recordings of two minutes with ten sounds,
one after another and overlapping, by window and hop: an event counts if it shares a third of the
time that it and the sound take together. And what ``anysound classify`` says of two and a half
minutes that hold a single sound at 0 to 15 dB: with windows and, for a fused CLAP model, fused.
"""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from anysound import Classifier
from anysound.audio import Waveform, load
from anysound.errors import AnysoundError
from anysound.models import ModelOptions, load_model
from anysound.timeline import Event, TimelineOptions

RATE = 32_000
_FLOOR = 0.01  # of the noise, root mean square
_SHARED = 1 / 3

Pool = Mapping[str, Sequence[Waveform]]
"""Sounds by label."""


@dataclass(frozen=True)
class Planted:
    """A recording, and what was put where."""

    waveform: Waveform
    events: tuple[Event, ...]


@dataclass
class Found:
    """How the events that were found agree with those that were planted."""

    right: int = 0
    missed: int = 0
    wrong: int = 0
    edges: tuple[float, ...] = ()

    def add(self, planted: Sequence[Event], found: Sequence[Event]) -> None:
        """Pair the events of one recording, each with the one that shares the most."""
        left = list(found)
        for event in planted:
            best = max(left, key=lambda each: _shared(event, each), default=None)
            if best is None or _shared(event, best) < _SHARED:
                self.missed += 1
                continue
            left.remove(best)
            self.right += 1
            self.edges += (abs(best.start - event.start), abs(best.end - event.end))
        self.wrong += len(left)

    @property
    def f1(self) -> float:
        """Twice the right ones, of all that were planted and all that were found."""
        return 2 * self.right / max(1, 2 * self.right + self.missed + self.wrong)


def read_pool(folder: Path, pattern: str) -> Pool:
    """Read the sounds, each without the silence around it."""
    kinds = sorted(path for path in folder.iterdir() if path.is_dir())
    pool = {
        kind.name: [_trimmed(load(path, RATE).waveform) for path in sorted(kind.glob(pattern))]
        for kind in kinds
    }
    return {name: sounds for name, sounds in pool.items() if sounds}


def plant(
    rng: np.random.Generator,
    pool: Pool,
    seconds: float,
    count: int,
    apart: tuple[float, float],
    louder: tuple[float, float],
) -> Planted:
    """Make a recording.

    Args:
        rng: Draws everything.
        pool: What to plant.
        seconds: Its length.
        count: Sounds to plant, if there is room.
        apart: Seconds from the end of one sound to the start of the next; less than 0 overlaps.
        louder: dB above the noise.
    """
    waveform = _pink_noise(rng, round(seconds * RATE))
    kinds = sorted(pool)
    events: list[Event] = []
    at = float(rng.uniform(2, 8))
    while at < seconds - 8 and len(events) < count:
        kind = kinds[rng.integers(len(kinds))]
        sound = pool[kind][rng.integers(len(pool[kind]))]
        first = round(at * RATE)
        sound = sound[: len(waveform) - first]
        gain = _FLOOR * 10 ** (rng.uniform(*louder) / 20) / (np.sqrt(np.mean(sound**2)) + 1e-12)
        waveform[first : first + len(sound)] += sound * np.float32(gain)
        end = at + len(sound) / RATE
        events.append(Event("planted", kind, at, end, 1.0))
        at = max(0.0, end + float(rng.uniform(*apart)))
    return Planted(waveform / max(1.0, float(np.abs(waveform).max())), tuple(events))


def _shared(one: Event, other: Event) -> float:
    if one.label != other.label:
        return 0.0
    both = min(one.end, other.end) - max(one.start, other.start)
    return max(0.0, both) / (max(one.end, other.end) - min(one.start, other.start))


def _trimmed(waveform: Waveform) -> Waveform:
    """Cut off what is 30 dB below the loudest hundredth of a second, before and after."""
    size = RATE // 100
    power = (waveform[: len(waveform) // size * size].reshape(-1, size) ** 2).mean(axis=1)
    loud = np.flatnonzero(power > power.max() * 1e-3)
    return waveform[loud[0] * size : (loud[-1] + 1) * size]


def _pink_noise(rng: np.random.Generator, samples: int) -> Waveform:
    spectrum = np.fft.rfft(rng.normal(size=samples))
    spectrum /= np.sqrt(np.maximum(np.arange(len(spectrum)), 1))
    noise = np.fft.irfft(spectrum, samples)
    return (noise * _FLOOR / np.sqrt(np.mean(noise**2))).astype(np.float32)


def events_table(classifier: Classifier, pool: Pool, recordings: int) -> Iterator[str]:
    """Yield a line for each window and hop."""
    own = classifier.model.info.moments
    spans = [(length, own.hop) for length in (1.0, 2.0, 3.0, 5.0, 10.0)]
    spans += [(own.length, own.hop * 2), (own.length, own.hop * 3)]
    fitting = [span for span in spans if span[0] <= classifier.model.info.window]
    yield "| window | hop | sounds | F1 | found | wrong | edges off by (median) |"
    yield "|---|---|---|---|---|---|---|"
    for length, hop in fitting:
        for name, apart, seed in (("in turn", (1, 10), 0), ("overlapping", (-3, 4), 100)):
            found = Found()
            for number in range(recordings):
                rng = np.random.default_rng(seed + number)
                made = plant(rng, pool, 120, 10, apart, (5, 20))
                options = TimelineOptions(window=length, hop=hop)
                heard = classifier.timeline((made.waveform, RATE), sorted(pool), options)
                found.add(made.events, list(heard))
            share = found.right / (found.right + found.missed)
            yield (
                f"| {length:g} s | {hop:g} s | {name} | {found.f1:.3f} | {share:.0%} "
                f"| {found.wrong} | {np.median(found.edges or (np.nan,)):.2f} s |"
            )


def telling_table(classifiers: Mapping[str, Classifier], pool: Pool, count: int) -> Iterator[str]:
    """Yield a line for each way of hearing a long recording with one sound in it."""
    kinds = sorted(pool)
    yield "| heard | right | right and a match | false match | telling window holds it |"
    yield "|---|---|---|---|---|"
    for way, classifier in classifiers.items():
        tally = []
        for number in range(count):
            rng = np.random.default_rng([12, number])
            kind = kinds[number % len(kinds)]
            # A fused model takes a minute at most.
            seconds = min(150.0, classifier.model.info.longest if way == "fused" else 150.0)
            made = plant(rng, {kind: pool[kind]}, seconds, 1, (0, 0), (0, 15))
            answer = classifier.classify((made.waveform, RATE), kinds)
            others = [each for each in kinds if each != kind]
            without = classifier.classify((made.waveform, RATE), others[:5])
            is_right = answer.label == kind
            tally.append(
                (
                    is_right,
                    is_right and answer.verdict == "match",
                    without.verdict == "match",
                    is_right and bool(answer.telling) and _holds(answer.telling, made.events[0]),
                )
            )
        right, match, false, told = np.mean(tally, axis=0)
        yield f"| {way} | {right:.1%} | {match:.1%} | {false:.1%} | {told:.1%} |"


def _holds(window: tuple[float, float] | None, event: Event) -> bool:
    """Whether a window and an event share half of the shorter one."""
    if window is None:
        return False
    both = min(window[1], event.end) - max(window[0], event.start)
    return both >= 0.5 * min(window[1] - window[0], event.end - event.start)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pattern", default="*", help="which files of each folder")
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--recordings", type=int, default=12, help="of the first table")
    parser.add_argument("--single", type=int, default=240, help="recordings of the second table")
    options = parser.parse_args()
    pool = read_pool(options.data, options.pattern)
    classifier = Classifier(load_model(options.model))
    print("\n".join(events_table(classifier, pool, options.recordings)), "\n", flush=True)
    ways = {"windows": classifier}
    try:
        fused = load_model(options.model, replace(ModelOptions(), fused=True))
        ways["fused"] = Classifier(fused)
    except AnysoundError as error:
        print(error, "\n")
    print("\n".join(telling_table(ways, pool, options.single)))


if __name__ == "__main__":
    main()
