"""Measure stored indexes: relabelling, search, their size, and what half precision costs.

    pip install -e ".[index]"
    python -m benchmarks.archive [--recordings FOLDER] [--windows 100000] [--many 1000000]

- Relabelling windows of made-up recordings, of ten windows and of one, with ten labels, once the
  labels are embedded, over embedding the same windows, which is measured on a few.
- The best ten of many windows: every one looked at, and by the search index, with its recall. Made
  embeddings lie in clusters, as real ones do; unclustered ones, where nothing is near to anything,
  are the worst case.
- Bytes a window, and bytes an hour of audio.
- On real recordings, if a folder is given: relabelling against the batch that would answer the
  same, and embeddings in half precision and in eight bits against those in full.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from anysound import Classifier
from anysound.audio import WHOLE, open_recording
from anysound.batch import BatchOptions, SourceOptions, find_sources, run_batch
from anysound.hearing import listen
from anysound.index import AddOptions, Index
from anysound.index.description import StoredModel
from anysound.index.hearing import checksum
from anysound.index.search import find_moments, make_search_index
from anysound.index.store import Store, StoredRecording, StoredWindows
from anysound.models import Embeddings, ModelInfo
from anysound.reading import unit
from anysound.scoring import probabilities

LABELS = (
    "dog barking, rain, sea waves, crying baby, ticking clock, "
    "sneezing, helicopter, chainsaw, rooster, crackling fire"
)
_PER_RECORDING = 10
_AT_ONCE = 100_000
_QUERIES = 50
_TOP = 10


def made_embeddings(count: int, dim: int, clusters: int, seed: int) -> Embeddings:
    """Make unit vectors around as many centres, or around none."""
    random = np.random.default_rng(seed)
    rows = random.standard_normal((count, dim), np.float32)
    if clusters:
        centres = np.random.default_rng(0).standard_normal((clusters, dim), np.float32)
        rows = centres[random.integers(clusters, size=count)] + 0.5 * rows
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def fill(folder: Path, info: ModelInfo, count: int, clusters: int, per_recording: int) -> Index:
    """Make an index of as many made-up windows."""
    store = Store(folder)
    store.create(StoredModel.of(info))
    hop = info.window / 2
    starts = np.arange(per_recording) * hop
    spans = np.stack([starts, starts + info.window], axis=1)
    for first in range(0, count, _AT_ONCE):
        rows = made_embeddings(min(_AT_ONCE, count - first), info.dim, clusters, first + 1)
        stored = rows.astype(np.float16).reshape(-1, per_recording, info.dim)
        with store.change() as tables:
            names = [f"{first + number:040x}" for number in range(len(stored))]
            duration = float(spans[-1, 1])
            recordings = [
                StoredRecording(
                    f"/made/{name}.wav",
                    "",
                    name,
                    duration,
                    False,
                    per_recording,
                    checksum(each),
                    (),
                )
                for name, each in zip(names, stored, strict=True)
            ]
            windows = [
                StoredWindows(name, spans, each) for name, each in zip(names, stored, strict=True)
            ]
            tables.add(recordings, windows)
    return Index(folder)


def measure_relabelling(
    classifier: Classifier, folder: Path, count: int, per_recording: int
) -> None:
    """Print how long relabelling takes, against embedding."""
    info = classifier.model.info
    index = fill(folder, info, count, 200, per_recording)
    classifier.read(LABELS)
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        rows = sum(1 for _ in index.label(classifier, LABELS))
        times.append(time.perf_counter() - begun)
    noise = np.random.default_rng(0).standard_normal(round(info.window * info.rate))
    waveform = (0.1 * noise).astype(np.float32)
    classifier.model.embed_audio([waveform])
    begun = time.perf_counter()
    classifier.model.embed_audio([waveform] * 16)
    embedding = (time.perf_counter() - begun) / 16 * count
    print(f"relabel {count} windows of {rows} recordings: {min(times):.2f} s (best of 3)")
    print(f"embedding them: {embedding:.0f} s, {embedding / min(times):.0f} times as long")
    facts = index.info()
    hours = facts.duration / 3600
    print(f"on disk: {facts.size / facts.windows:.0f} bytes a window, {info.dim} values each")
    print(f"on disk: {facts.size / hours / 1e6:.2f} MB an hour of audio")


def measure_search(info: ModelInfo, folder: Path, count: int, clusters: int) -> None:
    """Print how long a search takes, exact and approximate, and how much the latter finds."""
    fill(folder, info, count, clusters, _PER_RECORDING)
    store = Store(folder)
    queries = made_embeddings(_QUERIES, info.dim, clusters, seed=999_999_999)
    tables = store.open()
    exact, slow = _searched(tables, queries)
    kind = f"{count} windows, {'clusters' if clusters else 'no clusters'}"
    print(f"search {kind}, exact: {slow * 1000:.0f} ms")
    begun = time.perf_counter()
    with store.change() as changed:
        make_search_index(changed.windows, info.dim)
    built = time.perf_counter() - begun
    approximate, fast = _searched(store.open(), queries)
    found = sum(len(a & b) for a, b in zip(exact, approximate, strict=True))
    recall = found / sum(map(len, exact))
    print(f"search {kind}, approximate: {fast * 1000:.0f} ms, recall {recall:.3f}")
    print(f"its index was made in {built:.0f} s")


def _searched(tables, queries: Embeddings) -> tuple[list[set[tuple[str, float]]], float]:  # type: ignore[no-untyped-def]
    tables.by_sound  # noqa: B018 - read before the clock starts, as any search after the first
    find_moments(tables, queries[0], _TOP)
    begun = time.perf_counter()
    found = [find_moments(tables, query, _TOP) for query in queries]
    each = (time.perf_counter() - begun) / len(queries)
    return [{(m.recordings[0], m.start) for m in some} for some in found], each


def measure_real(classifier: Classifier, recordings: Path, work: Path) -> None:
    """Print relabelling against a batch, and what fewer bits a value change."""
    index = Index(work / "real")
    index.add(classifier, AddOptions((str(recordings),)))
    classifier.read(LABELS)
    begun = time.perf_counter()
    rows = {row.recording: row for row in index.label(classifier, LABELS)}
    relabelled = time.perf_counter() - begun
    begun = time.perf_counter()
    run_batch(classifier, BatchOptions((str(recordings),), LABELS, work / "batch.jsonl"))
    batch = time.perf_counter() - begun
    facts = index.info()
    print(f"{facts.recordings} recordings, {facts.windows} windows, {facts.size} bytes")
    print(f"relabel: {relabelled:.2f} s; batch: {batch:.1f} s, {batch / relabelled:.0f} times")
    same, apart, total = 0, 0.0, 0
    for path, row in rows.items():
        answer = classifier.classify(path, LABELS)
        same += (answer.label, answer.verdict) == (row.label, row.verdict)
        apart = max(apart, abs(answer.probability - (row.probability or 0.0)))
        total += 1
    print(f"relabel as classify: {same} of {total} labels and verdicts, probability {apart:.1e}")
    compare_precisions(classifier, list(real_windows(classifier, recordings)))


def real_windows(classifier: Classifier, recordings: Path) -> Iterator[Embeddings]:
    """Give the windows' embeddings of each recording in full precision."""
    found = find_sources([str(recordings)], SourceOptions())
    for name in found.names:
        with open_recording(found.root / name, classifier.model.info.rate) as stream:
            yield listen(classifier.model, stream, [WHOLE]).parts[WHOLE].embeddings


def compare_precisions(classifier: Classifier, windows: list[Embeddings]) -> None:
    """Print how far answers on single windows are apart, by how embeddings are kept."""
    full = np.concatenate(windows)
    texts = classifier.read(LABELS).embeddings.own.astype(np.float64)
    scale = classifier.calibration.scale

    def answers(kept: Embeddings) -> NDArray[np.float64]:
        fits = kept.astype(np.float64) @ texts.T
        return np.stack([probabilities(row, np.ones(len(texts)), scale) for row in fits])

    def in_eight_bits(row: Embeddings) -> Embeddings:
        step = np.abs(row).max() / 127
        return unit(np.round(row / step).astype(np.int8).astype(np.float32))

    reference = answers(full)
    kept = {
        "half precision": full.astype(np.float16),
        "eight bits": np.stack([in_eight_bits(row) for row in full]),
    }
    for name, rows in kept.items():
        found = answers(rows)
        agree = int(np.sum(found.argmax(axis=1) == reference.argmax(axis=1)))
        apart = np.abs(found - reference).max()
        print(
            f"{name}: {agree} of {len(full)} best labels the same, probability within {apart:.1e}"
        )


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--model", default="bundled")
    parser.add_argument("--recordings", type=Path)
    parser.add_argument("--windows", type=int, default=100_000)
    parser.add_argument("--many", type=int, default=1_000_000)
    asked = parser.parse_args()
    classifier = Classifier(asked.model)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for each in (_PER_RECORDING, 1):
            measure_relabelling(classifier, work / f"relabel-{each}", asked.windows, each)
        for count in (asked.windows, asked.many):
            for clusters in (200, 0):
                if count:
                    place = work / f"search-{count}-{clusters}"
                    measure_search(classifier.model.info, place, count, clusters)
        if asked.recordings:
            measure_real(classifier, asked.recordings, work)


if __name__ == "__main__":
    main()
