"""Compare anysound with transformers' pipeline on a full-size CLAP checkpoint of random weights.

    pip install -e ".[parity]"
    python -m benchmarks.clap [--clips 500] [--pairs 15]

Prints a table of ratios, the pipeline's cost over anysound's: every figure is the median of pairs
that were run in turn, since the speed of a machine drifts. Needs a quarter of an hour on two cores.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import yaml
from benchmarks.reference import Answer, transformers_pipeline, write_wav
from numpy.typing import NDArray

from benchmarks import floor

if TYPE_CHECKING:
    from anysound import Classifier

WORK = Path(__file__).parent / "work"
BANK = Path(__file__).parents[1] / "training" / "bank"
KIND = "clap-htsat-fused"
RATE = 48_000
LABELS = ("dog barking", "rain falling", "a car horn", "glass breaking", "a baby crying")
PRECISIONS = ("fp32", "int8")

Table: TypeAlias = dict[str, dict[str, float]]
"""Ratios by what was measured and by precision."""


@dataclass(frozen=True)
class Cost:
    """What one process took."""

    seconds: float
    megabytes: float


def recording(seconds: float, seed: int = 0) -> NDArray[np.float32]:
    """Make noise bursts that fade, once a second."""
    random = np.random.default_rng(seed)
    place = np.arange(round(seconds * RATE)) / RATE
    return (random.normal(size=len(place)) * np.exp(-4 * (place % 1)) * 0.2).astype(np.float32)


def ratio(pairs: int, baseline: Callable[[], object], ours: Callable[[], object]) -> float:
    """Time two calls in turn and return the median of their ratios."""
    baseline(), ours()  # both warm
    return statistics.median(_time(baseline) / _time(ours) for _ in range(pairs))


def _time(call: Callable[[], object]) -> float:
    start = time.perf_counter()
    call()
    return time.perf_counter() - start


def fresh_labels() -> Iterator[list[str]]:
    """Yield five labels at a time that were not embedded before, as people write them."""
    concepts = [
        concept["en"]
        for path in sorted(BANK.glob("*.yaml"))
        for concept in yaml.safe_load(path.read_text(encoding="utf-8")).values()
    ]
    phrases = (phrase for some in zip_longest(*concepts) for phrase in some if phrase)
    while five := list(islice(phrases, 5)):
        yield five


def in_one_process(checkpoint: Path, pairs: int, clips: int, labels: Iterator[list[str]]) -> Table:
    """Measure calls of a loaded model: one thread, and then all cores on many clips."""
    import torch

    from anysound import Classifier

    torch.set_num_threads(1)
    baseline = transformers_pipeline(checkpoint)
    check_same_work(checkpoint, baseline)
    models = {p: Classifier(str(checkpoint), precision=p, threads=1) for p in PRECISIONS}  # type: ignore[arg-type]
    table = of_one_thread(baseline, models, pairs, labels)
    cores = os.cpu_count() or 1
    torch.set_num_threads(cores)
    some = [recording(10, seed) for seed in range(16)]
    row = table.setdefault(f"{clips} clips of 10 s, {cores} cores, text cached", {})
    part = max(1, clips // 10)  # ten pairs: the machine's speed drifts within minutes

    def baseline_clips() -> None:
        for i in range(part):
            baseline(some[i % 16], LABELS)

    for precision, model in models.items():

        def our_clips(model: Classifier = model) -> None:
            with ThreadPoolExecutor(cores) as pool:
                list(pool.map(lambda i: model.classify((some[i % 16], RATE), LABELS), range(part)))

        row[precision] = ratio(10, baseline_clips, our_clips)
    return table


def of_one_thread(
    baseline: Answer,
    models: "Mapping[str, Classifier]",
    pairs: int,
    labels: Iterator[list[str]],
) -> Table:
    """Measure one clip with five labels, that are new each time or known already."""
    clip = recording(5)
    table: Table = {}
    for precision, model in models.items():
        row = table.setdefault("5 s clip, 5 labels, one thread, text not cached", {})
        row[precision] = ratio(
            pairs,
            lambda: baseline(clip, next(labels)),
            lambda model=model: model.classify((clip, RATE), next(labels)),
        )
        row = table.setdefault("the same, text cached", {})
        row[precision] = ratio(
            pairs,
            lambda: baseline(clip, LABELS),
            lambda model=model: model.classify((clip, RATE), LABELS),
        )
    return table


def check_same_work(checkpoint: Path, baseline: Answer) -> None:
    """See that both compute the same thing, along the pipeline's own path.

    Raises:
        SystemExit: They don't.
    """
    from anysound import Classifier

    ours = Classifier(str(checkpoint), precision="fp32", compat="transformers")
    scores = ours.classify((recording(5), RATE), list(LABELS)).scores
    theirs = baseline(recording(5), LABELS)
    apart = max(abs(score.probability - theirs[score.label]) for score in scores)
    if apart > 1e-3:
        raise SystemExit(f"the two don't agree: probabilities differ by {apart:.4f}")


def of_processes(checkpoint: Path, pairs: int, labels: Iterator[list[str]]) -> Table:
    """Measure whole processes on one core, from start to the first result."""
    table: Table = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clip.wav"
        write_wav(path, recording(5), RATE)
        baseline = [sys.executable, "-m", "benchmarks.reference", str(checkpoint), str(path)]
        for precision in PRECISIONS:
            ours = [sys.executable, "-m", "anysound", "classify", str(path), "--json"]
            ours += ["--model", str(checkpoint), "--precision", precision, "--labels"]
            for cached in (False, True):
                words = (lambda: list(LABELS)) if cached else (lambda: next(labels))
                runs = []
                for number in range(pairs + 1):
                    theirs, mine = run([*baseline, *words()]), run([*ours, ", ".join(words())])
                    if number:  # the first warms the disk's cache
                        runs.append((theirs, mine))
                kind = "text cached" if cached else "text not cached"
                seconds = statistics.median(a.seconds / b.seconds for a, b in runs)
                memory = statistics.median(a.megabytes / b.megabytes for a, b in runs)
                table.setdefault(f"process start to first result, {kind}", {})[precision] = seconds
                table.setdefault(f"peak memory, {kind}", {})[precision] = memory
    return table


def run(command: Sequence[str]) -> Cost:
    """Run a command on one core.

    Raises:
        SystemExit: The command failed.
    """
    core = min(os.sched_getaffinity(0))
    start = time.perf_counter()
    with subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = status
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return Cost(seconds, usage.ru_maxrss / 1024)


def floors(checkpoint: Path) -> dict[str, float]:
    """Measure how near the audio tower comes to the processor's matrix rate, on one thread."""
    from anysound.models.clap.config import ClapConfig
    from anysound.models.load import load_model
    from anysound.models.protocol import ModelOptions

    todo = floor.operations(ClapConfig.read(checkpoint).audio)
    found = {"GFLOP of the audio tower, one clip": todo / 1e9}
    for precision in PRECISIONS:
        model = load_model(str(checkpoint), ModelOptions(precision=precision, threads=1))  # type: ignore[arg-type]
        clip = recording(10)
        model.embed_audio([clip])
        shares = []
        for _ in range(5):
            least = todo / floor.onnxruntime_rate(precision)
            shares.append(least / statistics.median(_embed_times(model, clip)))
        found[f"{precision}: least time the products need over time of the clip"] = max(shares)
    rate = floor.onnxruntime_rate("fp32")
    found["matrix rate of torch over onnxruntime's, fp32"] = floor.torch_rate() / rate
    found["matrix rate of int8 over fp32, onnxruntime"] = floor.onnxruntime_rate("int8") / rate
    return found


def _embed_times(model: object, clip: NDArray[np.float32]) -> list[float]:
    embed = model.embed_audio  # type: ignore[attr-defined]
    return [_time(lambda: embed([clip])) for _ in range(7)]


def main() -> None:
    """Measure everything and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clips", type=int, default=500)
    parser.add_argument("--pairs", type=int, default=15)
    options = parser.parse_args()
    os.environ["ANYSOUND_HOME"] = str(WORK / "home")
    os.environ["OMP_NUM_THREADS"] = str(os.cpu_count() or 1)
    checkpoint = pulled_checkpoint()
    labels = fresh_labels()
    processes = of_processes(checkpoint, max(5, options.pairs // 3), labels)
    table = {**in_one_process(checkpoint, options.pairs, options.clips, labels), **processes}
    found = floors(checkpoint)
    show("transformers' pipeline over anysound", table)
    for name, value in found.items():
        print(f"- {name}: {value:.2f}")
    (WORK / "clap.json").write_text(json.dumps({"table": table, "floor": found}, indent=1))


def pulled_checkpoint() -> Path:
    """Write the checkpoint and build its model, unless both are there; no text is known yet."""
    checkpoint = WORK / KIND
    if not (checkpoint / "config.json").exists():
        from tools.random_checkpoint import write_checkpoint

        write_checkpoint(checkpoint, KIND)
    from anysound.models.store import pull

    pull(str(checkpoint))
    shutil.rmtree(WORK / "home" / "cache" / "texts", ignore_errors=True)
    return checkpoint


def show(title: str, table: Table) -> None:
    """Print a table."""
    print(f"| {title} | fp32 | int8 |\n|---|---|---|")
    for name, row in table.items():
        print(f"| {name} | {row['fp32']:.1f}x | {row['int8']:.1f}x |")
    print()


if __name__ == "__main__":
    main()
