"""``anysound teach``, and the labels that it writes at every door that takes labels."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import yaml
from typer.testing import Result

from tests.batch.making import write_tone
from tests.fakes import tone, wav_file
from tests.teaching.making import FREQUENCIES, write_examples

Run = Callable[..., Result]


@pytest.fixture
def labels(run: Run, tmp_path: Path) -> Path:
    """Labels whose names say nothing to the model: what it knows of them is from examples."""
    output = tmp_path / "labels.yaml"
    assert run("teach", write_examples(tmp_path / "examples"), "-o", output).exit_code == 0
    return output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Recordings, each named as the label it should get."""
    for name, frequency in FREQUENCIES.items():
        write_tone(tmp_path / "new" / f"{name}.wav", frequency + 7)
    return tmp_path / "new"


def of_other_model(labels: Path) -> Path:
    """Write the labels as another revision of the model would have learnt them."""
    content = yaml.safe_load(labels.read_text(encoding="utf-8"))
    for entry in content["labels"]:
        entry["examples"]["revision"] = "other"
    other = labels.with_name("other.json")
    other.write_text(json.dumps(content), encoding="utf-8")
    return other


def table_of(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return {Path(row["recording"]).stem: row["label"] for row in csv.DictReader(file)}


KNOWN = {name: name for name in FREQUENCIES}


def test_a_person_is_told_what_was_learnt(run: Run, tmp_path: Path) -> None:
    write_examples(tmp_path / "examples", **FREQUENCIES, none=2000)
    (tmp_path / "examples" / "low" / "text.wav").write_text("no sound at all")
    result = run("teach", tmp_path / "examples", "-o", tmp_path / "labels.yaml")
    assert result.exit_code == 1
    assert result.stdout.startswith("15 recordings of 3 labels, 5 of background. Model: fake (0, ")
    assert "15 / 15 = 100%" in result.stdout
    assert "Left out: low/text.wav" in result.stderr
    assert f"Written: {tmp_path / 'labels.yaml'}" in result.stderr


def test_a_program_gets_json(run: Run, tmp_path: Path) -> None:
    examples = write_examples(tmp_path / "examples")
    result = run("teach", examples, "-o", tmp_path / "labels.json", "--json")
    report = json.loads(result.stdout)
    assert report["held_out"]["taught"]["count"] == 15
    assert [each["label"] for each in report["labels"]] == ["high", "low", "middle"]


def test_classify(run: Run, labels: Path, folder: Path) -> None:
    results = run("classify", *sorted(folder.iterdir()), "-l", labels, "--json")
    found = [json.loads(line) for line in results.stdout.splitlines()]
    assert {Path(each["recording"]).stem: each["label"] for each in found} == KNOWN


def test_batch_and_another_teaching_is_another_batch(
    run: Run, labels: Path, folder: Path, tmp_path: Path
) -> None:
    output = tmp_path / "results.csv"
    command = ("batch", folder, "-l", labels, "-o", output)
    assert run(*command).exit_code == 0
    assert table_of(output) == KNOWN
    parameters = json.loads((tmp_path / "results.csv.params.json").read_text(encoding="utf-8"))
    assert all(label["examples"]["model"] == "fake" for label in parameters["labels"])

    write_tone(folder / "high.wav", 250)  # of a finished batch, only what changed is done again
    assert "2 had been finished by an earlier run" in run(*command).stderr
    assert table_of(output)["high"] == "low"

    swapped = {"low": 1000, "middle": 250, "high": 4000}
    run("teach", write_examples(tmp_path / "swapped", **swapped), "-o", labels)
    said = run(*command).stderr
    assert "with other labels" in said
    assert "had been finished" not in said
    assert table_of(output) == {"low": "middle", "middle": "low", "high": "middle"}


def test_timeline(run: Run, labels: Path, tmp_path: Path) -> None:
    sound = np.concatenate([tone(frequency, 4.0) for frequency in FREQUENCIES.values()])
    (tmp_path / "a.wav").write_bytes(wav_file(sound))
    events = run("timeline", tmp_path / "a.wav", "-l", labels, "--json").stdout.splitlines()
    assert [json.loads(event)["label"] for event in events] == list(FREQUENCIES)


def test_index(run: Run, labels: Path, folder: Path, tmp_path: Path) -> None:
    run("index", "add", tmp_path / "index", folder)
    output = tmp_path / "out.csv"
    assert run("index", "label", tmp_path / "index", "-l", labels, "-o", output).exit_code == 0
    assert table_of(output) == KNOWN


def test_listen(run: Run, labels: Path) -> None:
    quiet = np.zeros(48_000, np.float32)
    pieces = [piece for each in FREQUENCIES.values() for piece in (tone(each, 4.0), quiet)]
    sound = wav_file(np.concatenate(pieces))
    lines = run("listen", "-", "-l", labels, "--json", stdin=sound).stdout.splitlines()
    starts = [event["label"] for event in map(json.loads, lines) if event["event"] == "start"]
    assert starts == list(FREQUENCIES)


def test_eval(run: Run, labels: Path, folder: Path, tmp_path: Path) -> None:
    table = tmp_path / "truth.csv"
    rows = [f"new/{name}.wav,{name}" for name in FREQUENCIES]
    table.write_text("\n".join(["recording,label", *rows]), encoding="utf-8")
    report = json.loads(
        run("eval", table, "-l", labels, "-l", "low, middle, high", "--json").stdout
    )
    taught, plain = (each["accuracy"]["count"] for each in report["wordings"])
    assert taught == 3 > plain


def test_labels_check(run: Run, labels: Path) -> None:
    result = run("labels", "check", labels, "--json")
    assert result.exit_code in (0, 1)
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "command",
    [
        ("classify", "new/low.wav"),
        ("batch", "new", "-o", "out.csv"),
        ("timeline", "new/low.wav"),
        ("listen", "-"),
        ("eval", "truth.csv"),
        ("index", "label", "index", "-o", "labelled.csv"),
        ("labels", "check"),
    ],
    ids=lambda command: command[0],
)
def test_what_another_model_learnt_is_refused(
    run: Run,
    labels: Path,
    folder: Path,
    tmp_path: Path,
    command: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("truth.csv").write_text("recording,label\nnew/low.wav,low\n", encoding="utf-8")
    run("index", "add", "index", "new")
    other = of_other_model(labels)
    given = ("labels", "check", other) if command[0] == "labels" else (*command, "-l", other)
    result = run(*given, stdin=wav_file(tone(250)))
    assert result.exit_code == 2
    assert "was taught by examples for the model fake other, and fake 0 answers" in result.stderr
    assert not Path("out.csv").exists()


def test_wrong_usage(run: Run, tmp_path: Path) -> None:
    examples = write_examples(tmp_path / "examples")
    for output, message in (("labels.txt", "YAML or JSON"), ("nowhere/l.yaml", "nowhere")):
        result = run("teach", examples, "-o", tmp_path / output)
        assert result.exit_code != 0
        assert message in result.stderr
    result = run("teach", tmp_path / "none", "-o", tmp_path / "l.yaml")
    assert result.exit_code == 2
    assert "can't be read" in result.stderr
