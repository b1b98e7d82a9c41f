import json
from dataclasses import replace
from pathlib import Path

import pytest

from anysound import Classifier, OutputError
from anysound.batch import BatchOptions, EventOptions, SourceOptions, run_batch
from anysound.batch.settings import digest, settings_of, write_parameters
from anysound.labels import read_labels
from tests.batch.making import LABELS, names_in, write_folder
from tests.fakes import FakeModel


@pytest.fixture
def options(tmp_path: Path) -> BatchOptions:
    folder = write_folder(tmp_path / "recordings")
    return BatchOptions((str(folder),), LABELS, tmp_path / "results.csv")


def digest_of(options: BatchOptions) -> str:
    return digest(settings_of(Classifier(FakeModel()), read_labels(options.labels), options))


def test_the_same_question_has_the_same_digest_however_it_is_asked(
    options: BatchOptions, tmp_path: Path
) -> None:
    (tmp_path / "labels.txt").write_text(LABELS.replace(", ", "\n"), encoding="utf-8")
    assert digest_of(replace(options, labels=f"@{tmp_path}/labels.txt")) == digest_of(options)
    elsewhere = replace(options, sources=("x",), workers=3, take=SourceOptions(recursive=False))
    assert digest_of(elsewhere) == digest_of(options)


def test_events_are_a_setting_and_their_file_is_none(options: BatchOptions) -> None:
    first = replace(options, events=EventOptions(Path("a.csv")))
    assert digest_of(first) != digest_of(options)
    assert digest_of(first) == digest_of(replace(options, events=EventOptions(Path("b.json"))))


def test_a_folder_of_clips_is_meant_from_where_the_batch_runs(
    options: BatchOptions, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = replace(options, events=EventOptions(clips=Path("clips")))
    monkeypatch.chdir(tmp_path)
    first = digest_of(options)
    monkeypatch.chdir(tmp_path / "recordings")
    assert digest_of(options) != first


def test_the_parameters_stand_beside_the_results(options: BatchOptions, tmp_path: Path) -> None:
    take = SourceOptions(exclude=("*.flac",))
    run_batch(Classifier(FakeModel()), replace(options, take=take))
    text = (tmp_path / "results.csv.params.json").read_text(encoding="utf-8")
    parameters = json.loads(text)
    assert parameters["sources"] == list(options.sources)
    assert parameters["take"]["exclude"] == ["*.flac"]
    assert parameters["model"]["id"] == "fake"
    assert parameters["calibration"]["none_below"] == 0.6
    assert [label["name"] for label in parameters["labels"]] == ["low", "middle", "高音"]
    assert "高音" in text


def test_parameters_are_whole_or_absent(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        write_parameters(tmp_path / "results.csv", {"no JSON": object()})
    with pytest.raises(OutputError):
        write_parameters(tmp_path / "nowhere/results.csv", {})
    assert names_in(tmp_path) == []
