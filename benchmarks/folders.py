"""Measure batches: against a loop over transformers' pipeline, core by core, and what they add.

    pip install -e ".[parity]"
    python -m benchmarks.folders [--clips 200] [--pairs 5] [--hours 10]

Every figure is a ratio of two runs in turn, each in a process of its own on the cores that it is
given, the median of pairs. Loading the model and the first clip are not counted: a folder is long.

- The pipeline over `anysound batch`, all cores, on clips of 10 s; torch takes all cores too.
- One core over two, the same batch.
- `anysound batch` over the model alone, which embeds the same clips from memory, all cores:
  what walking, decoding, judging and writing add.
- The peak memory of `anysound timeline` and `anysound classify` on a minute, an hour and ten.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import wave
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.clap import LABELS, RATE, WORK, pulled_checkpoint, recording
from benchmarks.reference import read_wav, transformers_pipeline, write_wav

from anysound.cli.memory import keep_freed_memory

_KINDS = 16  # different clips of a folder
_MORE = 32  # times as many for the bundled model: its processes start within what is measured
_WARM = 2
_BLOCK = 60  # seconds of a long recording that are written at once


def pipeline_loop(checkpoint: str, folder: Path) -> Callable[[], object]:
    """Make a loop over transformers' pipeline, as people write it."""
    import torch

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    answer = transformers_pipeline(Path(checkpoint))
    paths = sorted(folder.glob("*.wav"))
    for path in paths[:_WARM]:
        answer(read_wav(path), LABELS)
    return lambda: [answer(read_wav(path), LABELS) for path in paths]


def whole_batch(model: str, precision: str, folder: Path) -> Callable[[], object]:
    """Make a batch over a folder."""
    from anysound import Classifier
    from anysound.batch import BatchOptions, run_batch

    cores = len(os.sched_getaffinity(0))
    classifier = Classifier(model, precision=precision, threads=cores)  # type: ignore[arg-type]
    classifier.classify(sorted(folder.glob("*.wav"))[0], LABELS)
    output = folder.with_suffix(".csv")
    options = BatchOptions(
        sources=(str(folder),),
        labels=LABELS,
        output=output,
        workers=cores,
        resume=False,
        processes=True,
    )
    return lambda: run_batch(classifier, options)


def model_alone(model: str, precision: str, folder: Path) -> Callable[[], object]:
    """Make the model embed the same clips, which are in memory at its rate already."""
    from anysound.audio import load
    from anysound.models import ModelOptions, load_model

    cores = len(os.sched_getaffinity(0))
    loaded = load_model(model, ModelOptions(precision, threads=cores))
    units = []
    for path in sorted(folder.glob("*.wav"))[:_KINDS]:
        waveform = load(path, loaded.info.rate).waveform
        size = round(loaded.info.window * loaded.info.rate)
        hop = size // 2
        starts = range(0, max(1, len(waveform) - size + 1), hop)
        units += [waveform[start : start + size] for start in starts]
    times = len(list(folder.glob("*.wav"))) // _KINDS
    loaded.embed_audio(units[:_WARM])
    return lambda: loaded.embed_audio(units * times)


JOBS = {
    "pipeline": lambda model, _, folder: pipeline_loop(model, folder),
    "batch": whole_batch,
    "model": model_alone,
}


def seconds(job: str, model: str, precision: str, folder: Path, cores: int) -> float:
    """Run a job in a process of its own and return what a clip took when it was warm."""
    command = [sys.executable, "-m", "benchmarks.folders", "--job", job]
    command += ["--model", model, "--precision", precision, "--folder", str(folder)]
    given = sorted(os.sched_getaffinity(0))[:cores]
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        env={**os.environ, "HF_HUB_OFFLINE": "1"},
        preexec_fn=lambda: os.sched_setaffinity(0, given),
    )
    return float(done.stdout.split()[-1]) / len(list(folder.glob("*.wav")))


def ratio(pairs: int, one: Sequence[object], other: Sequence[object]) -> float:
    """Run two jobs in turn and return the median of their ratios."""
    ratios = [seconds(*one) / seconds(*other) for _ in range(pairs)]  # type: ignore[arg-type]
    return statistics.median(ratios)


def of_batches(checkpoint: str, few: Path, pairs: int) -> dict[str, dict[str, float]]:
    """Return the ratios by model; the bundled one, which is quick, is given more clips."""
    cores = len(os.sched_getaffinity(0))
    table: dict[str, dict[str, float]] = {}
    models = {
        "bundled": ("bundled", "auto"),
        "CLAP fp32": (checkpoint, "fp32"),
        "CLAP int8": (checkpoint, "int8"),
    }
    for name, (model, precision) in models.items():
        folder = few.with_name("many") if name == "bundled" else few
        batch = ("batch", model, precision, folder, cores)
        table[name] = {
            "pipeline": ratio(pairs, ("pipeline", checkpoint, "fp32", few, cores), batch),
            "cores": ratio(pairs, ("batch", model, precision, folder, 1), batch),
            "added": ratio(pairs, batch, ("model", model, precision, folder, cores)) - 1,
        }
        row = table[name]
        print(
            f"| {name} | {row['pipeline']:.1f}x | {row['cores']:.2f}x | {row['added']:.0%} |",
            flush=True,
        )
    return table


def write_clips(folder: Path, count: int) -> None:
    """Write clips of 10 s, a few different ones over and over."""
    folder.mkdir()
    clips = [recording(10, seed) for seed in range(_KINDS)]
    for number in range(count // _KINDS * _KINDS):
        write_wav(folder / f"{number:05}.wav", clips[number % _KINDS], RATE)


def write_long(path: Path, hours: float) -> None:
    """Write a recording of noise bursts, 16 kHz mono, one minute over and over."""
    minute = recording(_BLOCK)[:: RATE // 16_000]
    frames = (minute.clip(-1, 1) * 32767).astype("<i2").tobytes()
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        for _ in range(round(hours * 3600 / _BLOCK)):
            file.writeframesraw(frames)


def megabytes(arguments: Sequence[str]) -> float:
    """Run anysound and return its peak memory."""
    with subprocess.Popen(
        [sys.executable, "-m", "anysound", *arguments],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
    if status:
        raise SystemExit(f"failed: {' '.join(arguments)}")
    return usage.ru_maxrss / 1024


def of_lengths(checkpoint: str, folder: Path, hours: float) -> None:
    """Print the peak memory by length."""
    print(f"\n| peak memory | 1 min | 1 h | {hours:g} h |\n|---|---|---|---|")
    full_size = ("--model", checkpoint, "--precision", "int8")
    jobs = {
        "timeline, bundled": ["timeline", "--model", "bundled"],
        "classify, bundled": ["classify", "--model", "bundled"],
        "timeline --hop 5, CLAP int8": ["timeline", "--hop", "5", *full_size],
        "classify, CLAP int8": ["classify", *full_size],
    }
    for name, arguments in jobs.items():
        cells = []
        for length in (1 / 60, 1.0, hours):
            path = folder / "long.wav"
            write_long(path, length)
            used = megabytes([*arguments, str(path), "-l", ", ".join(LABELS)])
            cells.append(f"{used:.0f} MB")
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


def main() -> None:
    """Measure everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--clips", type=int, default=208)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--hours", type=float, default=10.0, help="0 leaves memory out")
    parser.add_argument("--job", choices=JOBS)
    parser.add_argument("--model")
    parser.add_argument("--precision")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    if options.job:
        keep_freed_memory()  # as the command line does
        job = JOBS[options.job](options.model, options.precision, options.folder)
        start = time.perf_counter()
        job()
        print(time.perf_counter() - start)
        return
    os.environ["ANYSOUND_HOME"] = str(WORK / "home")
    checkpoint = str(pulled_checkpoint())
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "few"
        write_clips(folder, options.clips)
        write_clips(folder.with_name("many"), _MORE * options.clips)
        print("| | pipeline over batch | one core over two | batch over the model alone |")
        print("|---|---|---|---|")
        table = of_batches(checkpoint, folder, options.pairs)
        if options.hours:
            of_lengths(checkpoint, Path(place), options.hours)
    (WORK / "folders.json").write_text(json.dumps(table, indent=1))


if __name__ == "__main__":
    main()
