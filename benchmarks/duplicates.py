"""Measure from which similarity on two recordings are the same one, and how long comparing takes.

    pip install -e ".[index]"
    python -m benchmarks.duplicates FOLDER... [--most 400] [--windows 100000]

- Each recording of the folders is encoded anew, made louder or quieter, and cut at an end. For
  thresholds: how many of these would be in a group with their original, and how many pairs of
  different recordings would be, by whether they are of one folder, which holds one kind of sound.
  Clips that are called as those of ESC-50 say which source recording they were taken from: pairs of
  one source are counted apart, since they may be the same sound.
- Comparing all of made-up recordings: ordinary ones; and the worst case, in which every recording
  is so like every other that all windows must be compared.
"""

import argparse
import io
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import av
import numpy as np
from benchmarks.archive import fill

from anysound import Classifier
from anysound.audio import WHOLE, load, open_recording
from anysound.batch import SourceOptions, find_sources
from anysound.hearing import listen
from anysound.index.similar import Windows, similarities
from anysound.models import AudioTextModel, Waveform

RATE = 48_000
THRESHOLDS = (0.9, 0.93, 0.95, 0.96, 0.97, 0.98, 0.99)
_SHORTEST = 0.8
_SOURCE = re.compile(r"\d-(\d+)-[A-Z]")


def encoded(
    waveform: Waveform, container: str, codec: str, bits: int = 0, rate: int = RATE
) -> bytes:
    """Write a file in some format."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as output:
        stream = output.add_stream(codec, rate=rate, layout="mono")
        if bits:
            stream.bit_rate = bits
        frame = av.AudioFrame.from_ndarray(waveform[np.newaxis], format="flt", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, 0, Fraction(1, RATE)
        context = stream.codec_context
        context.open()
        size = context.frame_size or 1024
        fitting = av.AudioResampler(context.format, "mono", rate, size)
        for each in [*fitting.resample(frame), *fitting.resample(None), None]:
            output.mux(stream.encode(each))
    return file.getvalue()


def wav(waveform: Waveform) -> bytes:
    """Write 16 bits."""
    return encoded(np.clip(waveform, -1, 1), "wav", "pcm_s16le")


def mp3(waveform: Waveform, bits: int = 64_000) -> bytes:
    """Write MP3."""
    return encoded(waveform, "mp3", "libmp3lame", bits)


@dataclass(frozen=True)
class Variant:
    """What becomes of a recording.

    Attributes:
        make: Returns the file.
        start: Seconds that are cut off before.
        end: Seconds that are cut off behind.
    """

    make: Callable[[Waveform], bytes] = wav
    start: float = 0.0
    end: float = 0.0

    def of(self, waveform: Waveform) -> bytes | None:
        """Return the file, or None if more than a little of the recording would be cut off."""
        cut = waveform[round(self.start * RATE) : len(waveform) - round(self.end * RATE)]
        return self.make(cut) if len(cut) >= _SHORTEST * len(waveform) else None


VARIANTS: dict[str, Variant] = {
    "mp3, 128 kbit/s": Variant(lambda waveform: mp3(waveform, 128_000)),
    "mp3, 64 kbit/s": Variant(mp3),
    "opus, 32 kbit/s": Variant(lambda waveform: encoded(waveform, "ogg", "libopus", 32_000)),
    "aac, 96 kbit/s": Variant(lambda waveform: encoded(waveform, "mp4", "aac", 96_000)),
    "wav at 16 kHz": Variant(lambda waveform: encoded(waveform, "wav", "pcm_s16le", rate=16_000)),
    "12 dB quieter": Variant(lambda waveform: wav(0.25 * waveform)),
    "30 dB quieter": Variant(lambda waveform: wav(0.0316 * waveform)),
    "6 dB louder, clipped": Variant(lambda waveform: wav(2 * waveform)),
    "0.1 s off the start": Variant(start=0.1),
    "0.3 s off the start": Variant(start=0.3),
    "0.3 s off the end": Variant(end=0.3),
    "1 s off the start": Variant(start=1),
    "1 s off the end": Variant(end=1),
    "0.2 s off the start, 6 dB quieter, mp3": Variant(lambda cut: mp3(0.5 * cut), start=0.2),
}


@dataclass(frozen=True)
class Original:
    """A recording, and how like it its variants are.

    Attributes:
        path: Of the recording.
        duration: In seconds.
        heard: Its windows.
        variants: Similarity to each variant that isn't cut too much.
    """

    path: Path
    duration: float
    heard: Windows
    variants: dict[str, float]

    @property
    def source(self) -> str:
        """What the recording was taken from, as far as its name tells."""
        found = _SOURCE.match(self.path.name)
        return found[1] if found else str(self.path)


def heard(model: AudioTextModel, recording: Path | bytes) -> tuple[Windows, float, bool]:
    """Return a recording's windows as an index stores them, its duration, whether it is silent."""
    with open_recording(recording, model.info.rate) as stream:
        all_of_it = listen(model, stream, [WHOLE])
    values = all_of_it.parts[WHOLE].embeddings.astype(np.float16).astype(np.float32)
    values /= np.linalg.norm(values, axis=1, keepdims=True)
    counts = np.array([len(values)])
    return Windows(values, np.array([0]), counts), all_of_it.duration, all_of_it.is_silent


def originals(model: AudioTextModel, folders: list[str], most: int) -> Iterator[Original]:
    """Give recordings of the folders, evenly chosen, with their variants."""
    found = find_sources(folders, SourceOptions())
    for name in list(found.names)[:: max(1, len(found.names) // most)]:
        path = Path(found.root) / name
        own, duration, is_silent = heard(model, path)
        if is_silent:
            continue
        waveform = load(path, RATE).waveform
        variants = {}
        for variant, made in VARIANTS.items():
            file = made.of(waveform)
            if file:
                again, _, _ = heard(model, file)
                variants[variant] = float(similarities(own, again)[0, 0])
        yield Original(path, duration, own, variants)


def measure_variants(held: list[Original]) -> None:
    """Print how many variants each threshold finds."""
    print(f"{len(held)} recordings; share of their variants found, from each similarity on")
    print(f"{'':40}" + "".join(f"{each:>8}" for each in THRESHOLDS) + f"{'lowest':>9}")
    for variant in VARIANTS:
        found = np.array([each.variants[variant] for each in held if variant in each.variants])
        if len(found):
            shares = "".join(f"{np.mean(found >= each):8.3f}" for each in THRESHOLDS)
            print(f"{variant:40}{shares}{found.min():9.3f}")


def measure_pairs(held: list[Original]) -> None:
    """Print how many pairs of different recordings each threshold takes for one."""
    apart: dict[str, list[float]] = {"one source": [], "one folder": [], "other folders": []}
    for one, other in combinations(held, 2):
        shorter, longer = sorted((one.duration, other.duration))
        if shorter < _SHORTEST * longer:
            continue
        kind = "one folder" if one.path.parent == other.path.parent else "other folders"
        kind = "one source" if one.source == other.source else kind
        apart[kind].append(float(similarities(one.heard, other.heard)[0, 0]))
    print("pairs of different recordings taken for one")
    for kind, found in apart.items():
        if found:
            counts = "".join(f"{np.sum(np.array(found) >= each):8}" for each in THRESHOLDS)
            print(f"{f'{kind}, of {len(found)}':40}{counts}{max(found):9.3f} (highest)")


def measure_speed(classifier: Classifier, count: int) -> None:
    """Print how long comparing takes."""
    info = classifier.model.info
    cases = {
        "ten windows each, of mixed kinds": (200, 10),
        "one window each": (200, 1),
        "ten windows each, all alike (worst case)": (1, 10),
    }
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, (clusters, per_recording)) in enumerate(cases.items()):
            index = fill(Path(folder) / str(number), info, count, clusters, per_recording)
            begun = time.perf_counter()
            compared = index.similar()
            took = time.perf_counter() - begun
            print(f"{count} windows, {name}: {took:.1f} s, {len(compared.groups)} groups")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*")
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--most", type=int, default=400)
    parser.add_argument("--windows", type=int, default=100_000)
    asked = parser.parse_args()
    classifier = Classifier(asked.model)
    if asked.folders:
        held = list(originals(classifier.model, asked.folders, asked.most))
        measure_variants(held)
        measure_pairs(held)
    if asked.windows:
        measure_speed(classifier, asked.windows)


if __name__ == "__main__":
    main()
