"""Measure what one ``anysound classify`` costs, from process start to exit, on one core.

    python benchmarks/one_recording.py [--runs N]

Prints wall time and peak memory of classifying one five-second recording, and of a Python process
that only imports numpy and onnxruntime. The two run in turn, so that their ratio means something
on a machine whose speed drifts.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

RATE = 44_100


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    seconds: float
    megabytes: float


def write_recording(path: Path) -> None:
    """Write five seconds of falling noise bursts."""
    rng = np.random.default_rng(0)
    time_axis = np.arange(5 * RATE) / RATE
    samples = rng.standard_normal(len(time_axis)) * np.exp(-4 * (time_axis % 1.0)) * 0.2
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())


def run(command: list[str]) -> Cost:
    """Run a command on one core, its output thrown away.

    Raises:
        SystemExit: The command failed.
    """
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.execv(command[0], command)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        raise SystemExit(f"{' '.join(command)} failed")
    return Cost(seconds, usage.ru_maxrss / 1024)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        recording = Path(folder) / "five-seconds.wav"
        write_recording(recording)
        labels = "dog barking, hand clapping, door knock, rain, 雷声"
        commands = {
            "anysound classify": [
                *(sys.executable, "-m", "anysound", "classify"),
                *(str(recording), "-l", labels, "--json"),
            ],
            "import numpy, onnxruntime": [sys.executable, "-c", "import numpy, onnxruntime"],
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for turn in range(options.runs + 1):
            for name, command in commands.items():
                cost = run(command)
                if turn > 0:  # the first warms the disk cache
                    costs[name].append(cost)
    print("| process, one core | median wall | peak memory |\n|---|---|---|")
    for name, values in costs.items():
        wall = statistics.median(cost.seconds for cost in values)
        print(f"| `{name}` | {wall:.2f} s | {max(c.megabytes for c in values):.0f} MB |")
    ours, bare = costs.values()
    ratios = [a.seconds / b.seconds for a, b in zip(ours, bare, strict=True)]
    print(f"\nratio, median of pairs: {statistics.median(ratios):.2f}")


if __name__ == "__main__":
    main()
