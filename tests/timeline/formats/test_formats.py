"""Every format, read back by a strict reader of its own kind."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anysound.errors import OutputError, UsageError
from anysound.timeline import Event
from anysound.timeline.formats import label_studio_config, open_events
from anysound.timeline.formats.csv_table import COLUMNS as CSV_COLUMNS
from anysound.timeline.formats.raven import COLUMNS as RAVEN_COLUMNS
from anysound.writing import armed
from tests.batch.making import names_in

DOG = Event("kitchen.m4a", "狗叫", 12.3, 14.1, 0.87654321)
BELL = Event("kitchen.m4a", "bell, & <ring>", 13.0, 15.25, 0.5)
STREET = Event("sub folder/街道.wav", "=1+1", 0.0, 1 / 3, 1.0)
EVENTS = [DOG, BELL, STREET]
ENDINGS = ["csv", "jsonl", "ndjson", "txt", "selections.txt", "tsv", "json"]

names = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
times = st.floats(0, 1e6)
events = st.builds(
    lambda recording, label, start, length, score: Event(
        recording, label, start, start + length, score
    ),
    names,
    names,
    times,
    times,
    st.floats(0, 1),
)
on_files = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def write(output: Path, given: list[Event]) -> str:
    with open_events(output) as writer:
        for event in given:
            writer.add(event)
    return output.read_bytes().decode("utf-8")


def read_csv(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    header, *rows = csv.reader(io.StringIO(text[1:], newline=""), strict=True)
    assert tuple(header) == CSV_COLUMNS
    return [dict(zip(header, row, strict=True)) for row in rows]


def read_raven(text: str) -> list[dict[str, str]]:
    """Read as Raven does: lines and tabs, and nothing is quoted."""
    header, *rows, last = re.split("\r\n|[\n\r]", text)
    assert last == ""
    assert tuple(header.split("\t")) == RAVEN_COLUMNS
    return [dict(zip(RAVEN_COLUMNS, row.split("\t"), strict=True)) for row in rows]


def read_audacity(text: str) -> list[tuple[float, float, str]]:
    *lines, last = text.split("\n")
    assert last == ""
    pattern = re.compile(r"(\d+\.\d{6})\t(\d+\.\d{6})\t([^\t\r\n]*)")
    matches = [pattern.fullmatch(line) for line in lines]
    return [(float(m[1]), float(m[2]), m[3]) for m in matches if m or pytest.fail("a bad line")]


def test_csv(tmp_path: Path) -> None:
    text = write(tmp_path / "out.csv", EVENTS)
    assert text.splitlines()[1] == "kitchen.m4a,12.300,14.100,狗叫,0.876543"
    rows = read_csv(text)
    assert rows[1]["label"] == BELL.label
    assert rows[2] == {
        "recording": "sub folder/街道.wav",
        "start": "0.000",
        "end": "0.333",
        "label": "'=1+1",  # a spreadsheet must not calculate it
        "score": "1",
    }


@on_files
@given(given_events=st.lists(events, max_size=4))
def test_csv_holds_any_event(tmp_path: Path, given_events: list[Event]) -> None:
    rows = read_csv(write(tmp_path / "out.csv", given_events))
    assert [armed(row["label"]) for row in rows] == [event.label for event in given_events]
    assert [row["recording"].removeprefix("./") for row in rows] == [
        event.recording.removeprefix("./") for event in given_events
    ]
    for row, event in zip(rows, given_events, strict=True):
        assert abs(float(row["start"]) - event.start) <= 0.0005001
        assert float(row["score"]) == pytest.approx(event.score, rel=1e-5)


@on_files
@given(given_events=st.lists(events, max_size=4))
def test_lines_of_json_hold_any_event_exactly(tmp_path: Path, given_events: list[Event]) -> None:
    *lines, last = write(tmp_path / "out.jsonl", given_events).split("\n")
    assert last == ""
    assert [json.loads(line) for line in lines] == [event.to_dict() for event in given_events]


def test_audacity(tmp_path: Path) -> None:
    text = write(tmp_path / "out.txt", [DOG, BELL])
    assert text == "12.300000\t14.100000\t狗叫\n13.000000\t15.250000\tbell, & <ring>\n"


@on_files
@given(event=events)
def test_no_label_breaks_an_audacity_track(tmp_path: Path, event: Event) -> None:
    ((start, end, label),) = read_audacity(write(tmp_path / "out.txt", [event]))
    assert start == pytest.approx(event.start, abs=1e-6)
    assert end == pytest.approx(event.end, abs=1e-6)
    assert len(label) == len(event.label)


def test_an_audacity_track_holds_one_recording(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"kitchen\.m4a and sub folder/街道\.wav"):
        write(tmp_path / "out.txt", EVENTS)
    assert names_in(tmp_path) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_writer_says_whether_it_holds_one_recording_only(tmp_path: Path, ending: str) -> None:
    with open_events(tmp_path / f"out.{ending}") as writer:
        assert writer.one_recording == (ending == "txt")


@pytest.mark.parametrize("ending", ["selections.txt", "tsv"])
def test_raven(tmp_path: Path, ending: str) -> None:
    rows = read_raven(write(tmp_path / f"out.{ending}", EVENTS))
    assert rows[0] == {
        "Selection": "1",
        "View": "Spectrogram 1",
        "Channel": "1",
        "Begin Time (s)": "12.300000",
        "End Time (s)": "14.100000",
        "Low Freq (Hz)": "0",
        "High Freq (Hz)": "4000",
        "Begin Path": "kitchen.m4a",
        "File Offset (s)": "12.300000",
        "Label": "狗叫",
        "Score": "0.876543",
    }
    assert [row["Selection"] for row in rows] == ["1", "2", "3"]
    assert rows[2]["Begin Path"] == "sub folder/街道.wav"
    assert rows[2]["File Offset (s)"] == "0.000000"


@on_files
@given(given_events=st.lists(events, max_size=4))
def test_nothing_breaks_a_raven_table(tmp_path: Path, given_events: list[Event]) -> None:
    rows = read_raven(write(tmp_path / "out.tsv", given_events))
    for row, event in zip(rows, given_events, strict=True):
        assert float(row["Begin Time (s)"]) == pytest.approx(event.start, abs=1e-6)
        assert float(row["End Time (s)"]) == pytest.approx(event.end, abs=1e-6)
        assert len(armed(row["Label"])) == len(event.label)


def read_label_studio(output: Path) -> list[dict[str, Any]]:
    """Check the tasks against their config as Label Studio does, and return them."""
    config = ElementTree.fromstring(Path(f"{output}.config.xml").read_bytes())
    (labels,), (audio,) = config.iter("Labels"), config.iter("Audio")
    known = [label.attrib["value"] for label in labels]
    tasks = json.loads(output.read_bytes())
    for task in tasks:
        assert audio.attrib["value"].removeprefix("$") in task["data"]
        (prediction,) = task["predictions"]
        regions = prediction["result"]
        assert len({region["id"] for region in regions}) == len(regions)
        for region in regions:
            assert region["from_name"] == labels.attrib["name"]
            assert region["to_name"] == labels.attrib["toName"] == audio.attrib["name"]
            assert region["type"] == "labels"
            assert set(region["value"]["labels"]) <= set(known)
    return tasks


def test_label_studio(tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    write(output, EVENTS)
    kitchen, street = read_label_studio(output)
    assert street["data"]["recording"] == STREET.recording
    audio = urlsplit(street["data"]["audio"])
    assert audio.path == "/data/local-files/"
    assert parse_qs(audio.query) == {"d": [STREET.recording]}
    (prediction,) = kitchen["predictions"]
    assert prediction["score"] == pytest.approx((DOG.score + BELL.score) / 2)
    assert prediction["result"][0] == {
        "id": "1-1",
        "from_name": "label",
        "to_name": "audio",
        "type": "labels",
        "value": {"start": 12.3, "end": 14.1, "labels": ["狗叫"]},
        "score": DOG.score,
    }


@on_files
@given(given_events=st.lists(events, max_size=4))
def test_label_studio_takes_any_event(tmp_path: Path, given_events: list[Event]) -> None:
    output = tmp_path / "out.json"
    write(output, sorted(given_events, key=lambda event: event.recording))
    tasks = read_label_studio(output)
    assert len(tasks) == len({event.recording for event in given_events})
    regions = [region for task in tasks for region in task["predictions"][0]["result"]]
    assert sorted(region["value"]["start"] for region in regions) == sorted(
        event.start for event in given_events
    )


def test_label_studio_offers_labels_that_were_not_heard(tmp_path: Path) -> None:
    output = tmp_path / "out.json"
    with open_events(output, ["glass", "狗叫"]) as writer:
        writer.add(DOG)
        writer.add(BELL)
    config = ElementTree.fromstring(Path(f"{output}.config.xml").read_bytes())
    offered = [label.attrib["value"] for label in config.iter("Label")]
    assert offered == ["glass", "狗叫", BELL.label]


def test_a_config_escapes_its_labels() -> None:
    labels = ['"a" & <b>', "it's", "狗叫"]
    config = ElementTree.fromstring(label_studio_config(labels))
    assert [label.attrib["value"] for label in config.iter("Label")] == labels


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_events_are_a_whole_file(tmp_path: Path, ending: str) -> None:
    output = tmp_path / f"out.{ending}"
    write(output, [])
    assert output.exists()
    if ending == "json":
        assert json.loads(output.read_bytes()) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_same_events_give_the_same_bytes(tmp_path: Path, ending: str) -> None:
    assert write(tmp_path / f"a.{ending}", [DOG, BELL]) == write(
        tmp_path / f"b.{ending}", [DOG, BELL]
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_interrupted_file_is_absent(tmp_path: Path, ending: str) -> None:
    writer = open_events(tmp_path / f"out.{ending}").__enter__()
    writer.add(DOG)
    writer.__exit__(KeyboardInterrupt, KeyboardInterrupt(), None)
    assert names_in(tmp_path) == []


def test_an_ending_in_capitals_is_one(tmp_path: Path) -> None:
    assert read_raven(write(tmp_path / "OUT.Selections.TXT", [DOG]))
    assert read_csv(write(tmp_path / "OUT.CSV", [DOG]))


@pytest.mark.parametrize("name", ["out", "out.xlsx", "csv"])
def test_other_endings_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match=r"\.csv \(a table\)"):
        open_events(tmp_path / name)
    assert names_in(tmp_path) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="can't be written"):
        open_events(tmp_path / "no" / "out.csv")


def test_a_config_that_cannot_be_written_leaves_no_tasks(tmp_path: Path) -> None:
    (tmp_path / "out.json.config.xml").mkdir()
    with pytest.raises(OutputError), open_events(tmp_path / "out.json") as writer:
        writer.add(DOG)
    assert names_in(tmp_path) == ["out.json.config.xml"]
