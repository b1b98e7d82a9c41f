import io
from dataclasses import replace
from pathlib import Path

import pytest

from anysound import Classifier
from anysound.errors import AnysoundError, LabelError, UsageError
from anysound.labels import read_label_text, read_labels
from anysound.teaching import TeachOptions, label_text, teach, write_labels
from tests.batch.making import write_tone
from tests.fakes import FakeModel, tone, wav_file
from tests.teaching.making import FREQUENCIES, write_examples

NAMED = "low=250 Hz, middle=1000 Hz, high=4000 Hz"


class OtherModel(FakeModel):
    info = replace(FakeModel.info, revision="1")


@pytest.fixture
def clf() -> Classifier:
    return Classifier(FakeModel())


def test_examples_say_what_phrases_cant(clf: Classifier, tmp_path: Path) -> None:
    taught = teach(clf, TeachOptions(write_examples(tmp_path)))
    assert taught.helped
    assert taught.held_out is not None
    assert taught.held_out.taught.count == 15 > taught.held_out.alone.count
    for name, frequency in FREQUENCIES.items():
        assert clf.classify((tone(frequency), 16_000), taught.labels).label == name


def test_phrases_that_are_right_stay_alone_if_examples_are_no_better(
    clf: Classifier, tmp_path: Path
) -> None:
    examples = write_examples(tmp_path)
    for index, frequency in enumerate((250, 1000, 4000)):  # one of each is in the wrong folder
        name = list(FREQUENCIES)[(index + 1) % 3]
        write_tone(examples / name / "wrong.wav", frequency + 9)
    taught = teach(clf, TeachOptions(examples, labels=NAMED))
    held_out = taught.held_out
    assert held_out is not None
    assert held_out.alone.count == 15
    if taught.helped:
        assert held_out.taught.count >= held_out.alone.count
    assert sum("Is it where it belongs?" in each.en for each in taught.warnings) == 3


def test_phrases_that_contradict_the_examples_are_named(clf: Classifier, tmp_path: Path) -> None:
    swapped = "low=1000 Hz, middle=250 Hz, high=4000 Hz"
    taught = teach(clf, TeachOptions(write_examples(tmp_path), labels=swapped))
    said = [each.en for each in taught.warnings if "phrases alone" in each.en]
    assert [each.split(":")[0] for each in said] == ["low", "middle"]
    assert "5 of its 5 examples" in said[0]


def test_a_label_file_is_small_and_reads_back(clf: Classifier, tmp_path: Path) -> None:
    taught = teach(clf, TeachOptions(write_examples(tmp_path / "examples")))
    for name in ("labels.yaml", "labels.json"):
        path = tmp_path / name
        write_labels(path, taught.labels, taught.model)
        assert read_labels(str(path)) == taught.labels
        assert path.stat().st_size < 2000
    sound = (tone(250), 16_000)
    by_file = clf.classify(sound, str(tmp_path / "labels.yaml"))
    assert by_file.to_dict() == clf.classify(sound, taught.labels).to_dict()


def test_another_models_examples_are_refused(clf: Classifier, tmp_path: Path) -> None:
    taught = teach(clf, TeachOptions(write_examples(tmp_path)))
    with pytest.raises(LabelError, match="taught by examples for the model fake 0, and fake 1"):
        Classifier(OtherModel()).classify((tone(250), 16_000), taught.labels)


def test_background_is_none(clf: Classifier, tmp_path: Path) -> None:
    examples = write_examples(tmp_path / "examples")
    background = write_examples(tmp_path / "background", x=2000).joinpath("x")
    taught = teach(clf, TeachOptions(examples, background=background))
    assert taught.background == 5
    assert clf.classify((tone(2000), 16_000), taught.labels).verdict == "none"
    assert clf.classify((tone(250), 16_000), taught.labels).label == "low"


def test_a_folder_called_none_is_background(clf: Classifier, tmp_path: Path) -> None:
    examples = write_examples(tmp_path, **FREQUENCIES, none=2000)
    taught = teach(clf, TeachOptions(examples))
    assert [label.name for label in taught.labels] == ["high", "low", "middle"]
    assert taught.background == 5


def test_one_example_a_label_is_taken_and_said_to_be_unchecked(
    clf: Classifier, tmp_path: Path
) -> None:
    taught = teach(clf, TeachOptions(write_examples(tmp_path, count=1)))
    assert taught.held_out is None
    assert all(label.examples and label.examples.recordings == 1 for label in taught.labels)


def test_what_cant_be_heard_is_left_out(clf: Classifier, tmp_path: Path) -> None:
    examples = write_examples(tmp_path)
    (examples / "low" / "text.wav").write_text("no sound at all")
    write_tone(examples / "low" / "silent.wav", 0)
    (examples / "high" / "copy.wav").write_bytes((examples / "low" / "0.wav").read_bytes())
    (examples / "high" / "again.wav").write_bytes((examples / "high" / "1.wav").read_bytes())
    (examples / "empty").mkdir()
    write_tone(examples / "loose.wav", 500)
    taught = teach(clf, TeachOptions(examples))
    failed, notes = " ".join(map(str, taught.failed)), " ".join(map(str, taught.notes))
    assert "low/text.wav" in failed
    assert "low/silent.wav: it is silent" in failed
    assert "high/copy.wav = low/0.wav" in failed
    assert "empty: there is no recording" in notes
    assert "not used: 1 recording (loose.wav)" in notes
    assert "counted once: 1 recording." in notes
    assert [each.recordings for each in taught.by_label] == [5, 4, 5]


def test_a_label_without_a_sound_stops_it(clf: Classifier, tmp_path: Path) -> None:
    examples = write_examples(tmp_path)
    (examples / "broken").mkdir()
    (examples / "broken" / "text.wav").write_text("no sound at all")
    with pytest.raises(UsageError, match="No recording of broken can be heard"):
        teach(clf, TeachOptions(examples))


def test_more_than_twenty_are_thinned_out(clf: Classifier, tmp_path: Path) -> None:
    taught = teach(clf, TeachOptions(write_examples(tmp_path, count=24)))
    assert [each.recordings for each in taught.by_label] == [20, 20, 20]
    assert "20 of its 24 recordings are taken" in str(taught.notes[0])


@pytest.mark.parametrize(
    ("frequencies", "message"),
    [({}, "no examples in it"), ({"low": 250}, "one label only"), ({"none": 250}, "none of the")],
)
def test_nothing_to_learn_from(
    clf: Classifier, tmp_path: Path, frequencies: dict[str, int], message: str
) -> None:
    if frequencies:
        write_examples(tmp_path, **frequencies)
    with pytest.raises(AnysoundError, match=message):
        teach(clf, TeachOptions(tmp_path))


def test_a_folder_that_is_no_label(clf: Classifier, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no label: high\. The labels are low, middle"):
        teach(clf, TeachOptions(write_examples(tmp_path), labels="low=250 Hz, middle=1000 Hz"))


def test_labels_without_examples_stay(clf: Classifier, tmp_path: Path) -> None:
    labels = NAMED + ", other=2000 Hz"
    taught = teach(clf, TeachOptions(write_examples(tmp_path), labels=labels))
    assert taught.labels[3].examples is None
    assert "other" in str(taught.notes[0])


def test_a_table_teaches_too(clf: Classifier, tmp_path: Path) -> None:
    write_examples(tmp_path)
    names = [(f"{name}/{number}.wav", name) for name in FREQUENCIES for number in range(5)]
    table = tmp_path / "truth.csv"
    table.write_text("\n".join(["recording,label", *map(",".join, names)]), encoding="utf-8")
    assert teach(clf, TeachOptions(table)).helped


def test_the_same_examples_teach_the_same(clf: Classifier, tmp_path: Path) -> None:
    examples = write_examples(tmp_path)
    one = teach(clf, TeachOptions(examples, workers=1))
    assert one == teach(clf, TeachOptions(examples, workers=4))


def test_damage_is_told(clf: Classifier) -> None:
    examples = {"recordings": 1, "model": "fake", "revision": "0", "learnt": "a?"}
    with pytest.raises(LabelError, match=r"labels\[0\].examples: What was learnt .* is damaged"):
        clf.classify((tone(250), 16_000), [{"name": "low", "examples": examples}])


def sounds(frequency: int, count: int = 5) -> list[bytes]:
    return [wav_file(tone(frequency + number, 0.2)) for number in range(count)]


def test_recordings_of_a_program_teach_as_those_of_a_folder(
    clf: Classifier, tmp_path: Path
) -> None:
    by_folder = teach(clf, TeachOptions(write_examples(tmp_path)))
    files = {
        name: [path.read_bytes() for path in sorted((tmp_path / name).iterdir())]
        for name in sorted(FREQUENCIES)
    }
    by_bytes = teach(clf, TeachOptions(files))
    assert by_bytes == by_folder
    opened = {name: [io.BytesIO(each) for each in every] for name, every in files.items()}
    assert teach(clf, TeachOptions(opened)).labels == by_folder.labels
    paths = {name: sorted((tmp_path / name).iterdir()) for name in files}
    assert teach(clf, TeachOptions(paths)).labels == by_folder.labels


def test_a_program_keeps_the_labels_as_text(clf: Classifier) -> None:
    taught = teach(clf, TeachOptions({"low": sounds(250), "high": sounds(4000)}))
    assert taught.held_out is not None
    assert taught.held_out.taught.count == 10
    for suffix in (".yaml", ".json"):
        text = label_text(taught.labels, taught.model, suffix)
        assert read_label_text(text) == taught.labels


def test_background_of_a_program(clf: Classifier) -> None:
    examples = {"low": sounds(250), "high": sounds(4000), "none": sounds(2000, 2)}
    waveforms = [(tone(2010 + number, 0.2), 16_000) for number in range(3)]
    taught = teach(clf, TeachOptions(examples, background=waveforms))
    assert taught.background == 5
    assert clf.classify((tone(2000), 16_000), taught.labels).verdict == "none"


def test_wrong_recordings_of_a_program_are_named(clf: Classifier, tmp_path: Path) -> None:
    low = sounds(250)
    upload = (tmp_path / "upload.wav").open("w+b")
    upload.write(b"no sound at all")
    waveform = (tone(300), 16_000)
    examples = {
        "low": [*low, b"", upload],
        "high": [*sounds(4000), low[0], b"", waveform, waveform],
    }
    with upload:
        taught = teach(clf, TeachOptions(examples))
    failed = " ".join(map(str, taught.failed))
    assert "low/6: the file is empty" in failed
    assert "high/7: the file is empty" in failed
    assert "low/upload.wav" in failed
    assert "low/1 = high/6" in failed
    assert "1 recording." in str(taught.notes[0])
    assert [each.recordings for each in taught.by_label] == [4, 6]


def test_a_program_without_recordings(clf: Classifier) -> None:
    with pytest.raises(UsageError, match="The examples: there is no recording"):
        teach(clf, TeachOptions({}))
    with pytest.raises(UsageError, match="no recording"):
        teach(clf, TeachOptions({"low": [], "high": []}, labels="low, high"))


@pytest.mark.parametrize("more", ["", ",verdict", ",notes"])
def test_a_batchs_own_answers_are_refused_and_a_persons_are_not(
    clf: Classifier, tmp_path: Path, more: str
) -> None:
    write_examples(tmp_path)
    rows = [f"{name}/{number}.wav,{name}" for name in FREQUENCIES for number in range(5)]
    guesses, truth = tmp_path / "results.csv", tmp_path / "truth.csv"
    guesses.write_text("\n".join(["recording,label,probability,verdict", *rows]), encoding="utf-8")
    with pytest.raises(UsageError, match=r"own answers.*anysound review .*results\.csv"):
        teach(clf, TeachOptions(guesses))
    truth.write_text("\n".join([f"recording,label{more}", *rows]), encoding="utf-8")
    assert teach(clf, TeachOptions(truth)).helped


def test_all_recordings_below_a_labels_folder_are_its_examples_and_other_files_are_none(
    clf: Classifier, tmp_path: Path
) -> None:
    examples = write_examples(tmp_path, count=3)
    for number in range(3, 5):
        write_tone(examples / "low" / "monday" / "night" / f"{number}.wav", 250 + number)
    (examples / "low" / "notes.txt").write_text("the microphone was on the left")
    (examples / "low" / "cover.jpg").write_bytes(b"\xff\xd8\xff")
    (examples / ".cache").mkdir()
    taught = teach(clf, TeachOptions(examples))
    assert [each.recordings for each in taught.by_label] == [3, 5, 3]
    assert taught.failed == ()


def test_one_label_with_one_example_among_others(clf: Classifier, tmp_path: Path) -> None:
    examples = write_examples(tmp_path, low=250, high=4000)
    write_tone(examples / "middle" / "only.wav", 1000, seconds=0.2)
    taught = teach(clf, TeachOptions(examples))
    assert [each.recordings for each in taught.by_label] == [5, 5, 1]
    assert taught.by_label[2].taught.total == 0  # there is nothing to check it by
    assert clf.classify((tone(1000), 16_000), taught.labels).label == "middle"


def test_empty_files_are_not_the_same_recording(clf: Classifier, tmp_path: Path) -> None:
    examples = write_examples(tmp_path)
    for name in ("low", "high"):
        (examples / name / "empty.wav").touch()
    said = [str(each) for each in teach(clf, TeachOptions(examples)).failed]
    assert [each.partition(":")[0] for each in said] == ["high/empty.wav", "low/empty.wav"]
    assert all("the file is empty" in each for each in said)


def test_a_folder_of_recordings_alone_is_told_what_to_do(clf: Classifier, tmp_path: Path) -> None:
    write_tone(tmp_path / "a.wav", 250)
    with pytest.raises(UsageError, match="Make a folder for each label"):
        teach(clf, TeachOptions(tmp_path))


def test_labels_that_no_example_changed_are_a_plain_label_file(clf: Classifier) -> None:
    text = label_text(read_labels("low, high"), clf.model.info)
    assert "#" not in text
    assert read_label_text(text) == read_labels("low, high")
