"""Measure how soon ``anysound listen`` tells of a sound, at what load, and in how much memory.

    python -m benchmarks.live delay --data ../shared/data/esc10 [--pattern '3-*'] [--model NAME]
    python -m benchmarks.live rules --data ../shared/data/esc10 [--pattern '3-*'] [--model NAME]
    python -m benchmarks.live pace [--model NAME] [--window 5 --hop 1]
    python -m benchmarks.live day [--hours 24] [--model NAME]

``delay`` plants whole sounds of DATA, whose folders are named as labels, in pink noise, 5 to 20 dB
above it and some seconds apart, and pipes that into a listener in real time, 40 ms at once. The
delay of an event is from the planted sound's beginning to the moment at which its start is told. A
start counts if it is told while the sound that it names lasts, or 3 s later; what is told else is
wrong. A model is measured only on what it was not trained on.

``rules`` compares when a start could be told, on the same recordings as fast as they can be heard:
as it is told, or as soon as the mean of the last one, two or three windows reaches the threshold.

``pace`` measures how many seconds the model takes for a second of sound: windows as they come, one
at a time, after a few to warm up. With random weights the time is the same.

``day`` listens to a day of sound as fast as it can be, and prints the memory after each two hours.
"""

import argparse
import os
import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from benchmarks.planted import RATE, plant, read_pool

from anysound import Classifier
from anysound.audio.decode import Coding
from anysound.audio.waveform import Piece
from anysound.live import ListenOptions, LiveSound, Moment
from anysound.live.stopping import Stopping
from anysound.models import load_model
from anysound.timeline import Event, TimelineOptions

_CHUNK = 0.04  # seconds
_LATE = 3.0  # seconds after a sound in which its start may still be told


class Tape:
    """A live source that plays a waveform, in real time or as fast as it is taken."""

    name = "tape"

    def __init__(self, waveform: np.ndarray, times: int = 1, *, in_real_time: bool) -> None:
        self.began = 0.0
        self._waveform = waveform
        self._times = times
        self._in_real_time = in_real_time

    @contextmanager
    def open(self, stopping: Stopping) -> Iterator[LiveSound]:
        """Begin to play."""
        yield LiveSound(self._pieces(), Coding("pcm_f32le"), True, self._in_real_time)

    def _pieces(self) -> Iterator[Piece]:
        size = round(_CHUNK * RATE) if self._in_real_time else RATE
        self.began, played = time.monotonic(), 0
        for _ in range(self._times):
            for start in range(0, len(self._waveform), size):
                chunk = self._waveform[start : start + size]
                played += len(chunk)
                if self._in_real_time:
                    time.sleep(max(0.0, self.began + played / RATE - time.monotonic()))
                yield Piece(chunk[np.newaxis], RATE)


def measure_delay(classifier: Classifier, arguments: argparse.Namespace) -> None:
    """Print the delays of starts that were told of planted sounds."""
    pool = read_pool(arguments.data, arguments.pattern)
    tally, processing, left_out = _Tally(), list[float](), 0
    print(f"{classifier.model.info.id}: {options_of(classifier, arguments)}")
    for number in range(arguments.recordings):
        rng = np.random.default_rng([30, number])
        made = plant(rng, pool, 120, 10, (5, 8), (5, 20))
        tape = Tape(made.waveform, in_real_time=True)
        listening = classifier.listen(
            tape,
            sorted(pool),
            ListenOptions(TimelineOptions(arguments.window, arguments.hop)),
            on_moment=lambda moment: processing.append(moment.behind),
        )
        told = [
            (time.monotonic() - tape.began, event) for event in listening if event.phase == "start"
        ]
        tally.add(made.events, told)
        left_out += listening.left_out
    print(
        f"planted {tally.planted}, told {len(tally.delays)}, told wrongly {tally.wrong}, windows "
        f"left out {left_out}"
    )
    print(f"from a sound's beginning to the telling: {_of(tally.delays)}")
    print(f"of which from a window's last sample to its scores: {_of(processing)}")


def compare_rules(classifier: Classifier, arguments: argparse.Namespace) -> None:
    """Print what would be told how soon, and how much wrongly, by each rule."""
    pool = read_pool(arguments.data, arguments.pattern)
    options = ListenOptions(TimelineOptions(arguments.window, arguments.hop))
    tallies = {rule: _Tally() for rule in ("as it is", *range(1, 4))}
    for number in range(arguments.recordings):
        made = plant(np.random.default_rng([30, number]), pool, 120, 10, (5, 8), (5, 20))
        moments: list[Moment] = []
        tape = Tape(made.waveform, in_real_time=False)
        listening = classifier.listen(tape, sorted(pool), options, moments.append)
        told = [(moments[-1].time, each.label) for each in listening if each.phase == "start"]
        tallies["as it is"].add(made.events, told)
        for count in range(1, 4):
            told = [
                (at, label)
                for label in sorted(pool)
                for at in _by_last_windows(moments, label, count, options.timeline)
            ]
            tallies[count].add(made.events, told)
    print("| a start is told | sounds | wrongly | delay in the median | 80 % within |")
    print("|---|---|---|---|---|")
    for rule, tally in tallies.items():
        name = rule if isinstance(rule, str) else f"by the last {rule} windows"
        low, middle, high = np.percentile(tally.delays, [10, 50, 90])
        print(
            f"| {name} | {len(tally.delays)} of {tally.planted} | {tally.wrong} | {middle:.2f} s "
            f"| {low:.2f}-{high:.2f} s |"
        )


@dataclass
class _Tally:
    """What was told of planted sounds."""

    planted: int = 0
    wrong: int = 0
    delays: list[float] = field(default_factory=list)

    def add(self, sounds: Sequence[Event], told: Sequence[tuple[float, str]]) -> None:
        """Take what was told of one recording, and when."""
        self.planted += len(sounds)
        for sound in sounds:
            fitting = [at for at, label in told if _names(sound, label, at)]
            if fitting:
                self.delays.append(min(fitting) - sound.start)
        self.wrong += sum(
            not any(_names(sound, label, at) for sound in sounds) for at, label in told
        )


def _by_last_windows(
    moments: Sequence[Moment], label: str, count: int, options: TimelineOptions
) -> Iterator[float]:
    """Give when a start would be told by the mean of the last windows, with the same hysteresis."""
    scores = [dict(moment.scores)[label] for moment in moments]
    over_since: float | None = -np.inf  # when it fell below; None while it goes on
    for index, moment in enumerate(moments):
        mean = sum(scores[max(0, index - count + 1) : index + 1]) / count
        if over_since is not None:
            if mean >= options.threshold:
                if moment.time - over_since > options.gap:
                    yield moment.time
                over_since = None
        elif mean < options.threshold * options.hold:
            over_since = moment.time


def _names(sound: Event, label: str, at: float) -> bool:
    return sound.label == label and sound.start <= at <= sound.end + _LATE


def _of(seconds: Sequence[float]) -> str:
    low, middle, high = np.percentile(seconds or [np.nan], [10, 50, 90])
    return f"{middle:.2f} s in the median, 80 % within {low:.2f} to {high:.2f} s"


def measure_pace(classifier: Classifier, arguments: argparse.Namespace) -> None:
    """Print how long the model takes for a second of sound."""
    rng = np.random.default_rng(0)
    seconds = arguments.seconds
    noise = (rng.normal(size=round(seconds * RATE)) * 0.1).astype(np.float32)
    at: list[float] = []
    listening = classifier.listen(
        Tape(noise, in_real_time=False),
        "dog barking, rain, siren, door bell, baby crying",
        ListenOptions(TimelineOptions(arguments.window, arguments.hop), behind=0.1),
        on_moment=lambda _: at.append(time.perf_counter()),
    )
    cpu = time.process_time()
    for _ in listening:
        pass
    cpu = time.process_time() - cpu
    took = np.diff(at)[3:]
    hop = listening.windows.hop
    print(
        f"{classifier.model.info.id} ({classifier.model.info.precision}), windows of "
        f"{listening.windows.length:g} s every {hop:g} s: real-time factor "
        f"{took.mean() / hop:.4f} (a window {took.mean() * 1000:.1f} ms in the mean, "
        f"{np.percentile(took, 95) * 1000:.1f} ms in the 95th percentile); processor time "
        f"{cpu / seconds:.4f} of a core"
    )


def measure_day(classifier: Classifier, arguments: argparse.Namespace) -> None:
    """Print the memory while a day passes."""
    rng = np.random.default_rng(0)
    minute = rng.standard_normal(60 * RATE, np.float32) * np.float32(0.02)
    minute[20 * RATE : 24 * RATE] += 0.5 * np.sin(np.arange(4 * RATE) * 0.05).astype(np.float32)
    began, events, told = time.monotonic(), 0, 0.0
    tape = Tape(minute, round(arguments.hours * 60), in_real_time=False)

    def on_moment(moment: Moment) -> None:
        nonlocal told
        if moment.time >= told:
            print(f"{moment.time / 3600:5.1f} h  {_memory():7.1f} MB", flush=True)
            told += arguments.hours * 300

    options = ListenOptions(TimelineOptions(arguments.window, arguments.hop))
    listening = classifier.listen(tape, "siren, dog barking, rain", options, on_moment)
    for _ in listening:
        events += 1
    took = time.monotonic() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{listening.duration / 3600:5.1f} h  {_memory():7.1f} MB, at most {peak:.1f} MB")
    print(f"{events} starts and ends; {took:.0f} s, {listening.duration / took:.0f} x real time")


def _memory() -> float:
    """Return what this process has in memory, in MB (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 2**20


def options_of(classifier: Classifier, arguments: argparse.Namespace) -> str:
    """Say how the windows lie."""
    moments = classifier.model.info.moments
    length, hop = arguments.window or moments.length, arguments.hop or moments.hop
    return f"windows of {length:g} s every {hop:g} s, in real time"


def main() -> None:
    """Print what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["delay", "rules", "pace", "day"])
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--window", type=float)
    parser.add_argument("--hop", type=float)
    parser.add_argument("--data", type=Path, help="for delay and rules")
    parser.add_argument(
        "--pattern", default="*", help="for delay and rules: which files of each folder"
    )
    parser.add_argument(
        "--recordings", type=int, default=6, help="for delay and rules: of two minutes each"
    )
    parser.add_argument("--seconds", type=float, default=60.0, help="for pace: of sound")
    parser.add_argument("--hours", type=float, default=24.0, help="for day")
    arguments = parser.parse_args()
    if arguments.what in ("delay", "rules") and arguments.data is None:
        parser.error(f"{arguments.what} needs --data")
    classifier = Classifier(load_model(arguments.model))
    measure = {
        "delay": measure_delay,
        "rules": compare_rules,
        "pace": measure_pace,
        "day": measure_day,
    }
    measure[arguments.what](classifier, arguments)


if __name__ == "__main__":
    main()
