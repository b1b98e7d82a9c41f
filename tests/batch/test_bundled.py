"""A batch with the model that ships: the same bits, whoever computes them and in what company."""

import csv
from pathlib import Path

import numpy as np

from anysound import Classifier
from anysound.batch import BatchOptions, run_batch
from tests.fakes import wav_file

LABELS = "white noise, 狗叫声, telephone busy tone"


def test_alone_or_among_others_with_one_worker_or_two(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    folder = tmp_path / "recordings"
    folder.mkdir()
    for number in range(6):
        noise = rng.normal(0, 0.1, int(rng.integers(3_000, 200_000))).clip(-1, 1)
        (folder / f"{number}.wav").write_bytes(wav_file(noise))
    tables = []
    for workers in (1, 2):
        output = tmp_path / f"{workers}.csv"
        run_batch(Classifier(), BatchOptions((str(folder),), LABELS, output, workers))
        tables.append(output.read_bytes())
    assert tables[0] == tables[1]
    rows = list(csv.DictReader(tables[0].decode("utf-8-sig").splitlines()))
    assert [row["recording"] for row in rows] == [f"{number}.wav" for number in range(6)]
    for row in reversed(rows):
        alone = Classifier(threads=1).classify(folder / row["recording"], LABELS)
        assert row["label"] == alone.label
        assert float(row["probability"]) == float(f"{alone.probability:.6g}")
    together = Classifier()
    for row in reversed(rows):
        path = folder / row["recording"]
        assert together.classify(path, LABELS) == Classifier().classify(path, LABELS)
