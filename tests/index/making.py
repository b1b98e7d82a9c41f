"""Indexes of recordings made for the tests."""

import os
import subprocess
import sys
from pathlib import Path

from anysound.classifier import Classifier
from anysound.index import AddOptions, AddSummary, Index
from tests.batch.making import write_tone
from tests.fakes import FakeModel

ROOT = Path(__file__).parents[2]

# A process that adds to an index; ``{more}`` may change the model before.
_ADDING = """
import sys
sys.path.insert(0, {root!r})
import anysound.index.adding as adding
from anysound.classifier import Classifier
from anysound.index import AddOptions, Index
from tests.fakes import FakeModel
{more}
print(Index({index!r}).add(Classifier(FakeModel()), AddOptions(({source!r},), 2)).added)
"""


def add(index: Index, *sources: Path | str, workers: int = 2) -> AddSummary:
    """Add recordings with the fake model."""
    options = AddOptions(tuple(map(str, sources)), workers)
    return index.add(Classifier(FakeModel()), options)


def start_adding(index: Path | str, source: Path, more: str = "") -> "subprocess.Popen[bytes]":
    """Add recordings in a process of its own, which prints how many are new."""
    script = _ADDING.format(root=str(ROOT), more=more, index=str(index), source=str(source))
    return subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "ANYSOUND_LANG": "en"},
    )


def write_many(folder: Path, count: int) -> Path:
    """Write recordings of one to five windows, no two the same."""
    for number in range(count):
        write_tone(folder / f"{number:03d}.wav", 200 + 40 * number, seconds=1 + number % 5)
    return folder


def content(index: Path | str, output: Path) -> list[tuple[str, ...]]:
    """All that is in an index, in an order of its own: each path with each of its windows."""
    import pyarrow.parquet

    Index(index).export(output)
    rows = pyarrow.parquet.read_table(output).to_pylist()
    return sorted(
        (path, str(row["start"]), str(row["end"]), str(row["embedding"]))
        for row in rows
        for path in row["recordings"]
    )
