"""Measure how soon ``anysound listen`` tells of a sound, at what load, and in how much memory.

    python -m benchmarks.live delay --data ../shared/data/esc10 [--pattern '3-*'] [--model NAME]
    python -m benchmarks.live pace [--model NAME] [--window 5 --hop 1]
    python -m benchmarks.live day [--hours 24] [--model NAME]

``delay`` plants whole sounds of DATA, whose folders are named as labels, in pink noise, 5 to 20 dB
above it and some seconds apart, and pipes that into a listener in real time, 40 ms at once. The
delay of an event is from the planted sound's beginning to the moment at which its start is told. A
start counts if it is told while the sound that it names lasts, or 3 s later; what is told else is
wrong. A model is measured only on what it was not trained on.

``pace`` measures how many seconds the model takes for a second of sound: windows as they come, one
at a time, after a few to warm up. With random weights the time is the same.

``day`` listens to a day of sound as fast as it can be, and prints the memory after each two hours.
"""

import argparse
import os
import resource
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
    delays, processing = [], []
    planted = missed = wrong = left_out = 0
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
        for sound in made.events:
            found = [each for each in told if _names(sound, each[1].label, each[0])]
            planted += 1
            missed += not found
            if found:
                delays.append(found[0][0] - sound.start)
        wrong += sum(
            not any(_names(sound, event.label, at) for sound in made.events) for at, event in told
        )
        left_out += listening.left_out
    some = np.percentile(delays or [np.nan], [10, 50, 90])
    print(f"planted {planted}, told {planted - missed}, told wrongly {wrong}, left out {left_out}")
    print("delay from a sound's beginning: " + _of(some))
    print(
        "of which from a window's last sample to its scores: "
        + _of(np.percentile(processing, [10, 50, 90]))
    )


def _names(sound: Event, label: str, at: float) -> bool:
    return sound.label == label and sound.start <= at <= sound.end + _LATE


def _of(percentiles: np.ndarray) -> str:
    low, middle, high = percentiles
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
    hour = (rng.normal(size=600 * RATE) * 0.02).astype(np.float32)
    for second in range(20, 600, 60):  # something happens every minute
        at = second * RATE
        hour[at : at + 4 * RATE] += 0.5 * np.sin(np.arange(4 * RATE) * 0.05).astype(np.float32)
    began, events, told = time.monotonic(), 0, 0.0
    tape = Tape(hour, round(arguments.hours * 6), in_real_time=False)

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
    parser.add_argument("what", choices=["delay", "pace", "day"])
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--window", type=float)
    parser.add_argument("--hop", type=float)
    parser.add_argument("--data", type=Path, help="for delay")
    parser.add_argument("--pattern", default="*", help="for delay: which files of each folder")
    parser.add_argument("--recordings", type=int, default=6, help="for delay: of two minutes each")
    parser.add_argument("--seconds", type=float, default=60.0, help="for pace: of sound")
    parser.add_argument("--hours", type=float, default=24.0, help="for day")
    arguments = parser.parse_args()
    if arguments.what == "delay" and arguments.data is None:
        parser.error("delay needs --data")
    classifier = Classifier(load_model(arguments.model))
    measure = {"delay": measure_delay, "pace": measure_pace, "day": measure_day}
    measure[arguments.what](classifier, arguments)


if __name__ == "__main__":
    main()
