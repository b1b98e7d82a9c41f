"""Tables of recordings made for the tests."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from anysound.classifier import Classifier
from anysound.evaluation.run import Asked, ask_all
from anysound.evaluation.table import TrueRow, read_table
from anysound.evaluation.wordings import Wording, read_wordings
from anysound.labels import read_labels
from tests.batch.making import write_tone
from tests.fakes import FakeModel, wav_file

LABELS = "low=250 Hz, middle=1000 Hz, high=4000 Hz"
FREQUENCIES = {"low": 250, "middle": 1000, "high": 4000, "": 2000}


def write_table(folder: Path, names: Sequence[str] = ("low", "middle", "high", "")) -> Path:
    """Write a tone for each name, and the table that says so."""
    lines = ["recording,label"]
    for number, name in enumerate(names):
        write_tone(folder / f"{number}.wav", FREQUENCIES[name], seconds=0.2)
        lines.append(f"{number}.wav,{name}")
    path = folder / "truth.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def wording(labels: str = LABELS) -> Wording:
    (read,) = read_wordings([read_labels(labels)])
    return read


def asked_on(
    table: Path, given: Wording, classifier: Classifier | None = None
) -> tuple[Asked, ...]:
    """Ask about a table's recordings, and keep what was heard."""
    classifier = classifier or Classifier(FakeModel())
    return ask_all(classifier, read_table(table).rows, [given], keep_hearings=True)


def row(label: str, line: int = 2, group: str = "") -> TrueRow:
    return TrueRow(f"{line}.wav", Path(f"{line}.wav"), label, group, line)


def noises(rng: np.random.Generator, folder: Path, names: Sequence[str]) -> Path:
    """Write a noise for each name, which has nothing to do with it, and the table."""
    lines = ["recording,label"]
    for number, name in enumerate(names):
        noise = rng.normal(0, 0.1, 3_200).clip(-1, 1)
        (folder / f"{number}.wav").write_bytes(wav_file(noise))
        lines.append(f"{number}.wav,{name}")
    path = folder / "truth.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path
