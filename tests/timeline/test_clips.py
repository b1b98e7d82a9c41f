"""Clips of events: names that every file system takes, and the sound they are named for."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.audio import load
from anysound.errors import OutputError, RecordingError, UsageError
from anysound.timeline import Event
from anysound.timeline.clips import ClipFolder, clip_name
from tests.audio.making import encode, tone, wav
from tests.batch.making import names_in

RATE = 16_000
RESERVED = {"CON", "PRN", "AUX", "NUL", *(f"{port}{n}" for port in ("COM", "LPT") for n in "123")}


def event(
    label: str, start: float = 0.5, end: float = 1.0, recording: str = "kitchen.m4a"
) -> Event:
    return Event(recording, label, start, end, 0.9)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "kitchen.wav"
    ramp = np.arange(2 * RATE, dtype="<i2")
    path.write_bytes(wav(ramp.tobytes(), 1, 16, RATE))
    return path


def first_and_last(path: Path) -> tuple[int, int]:
    waveform = load(path, RATE).waveform * 2**15
    return int(waveform[0]), int(waveform[-1])


@pytest.mark.parametrize(
    ("given_event", "name"),
    [
        (event("狗叫", 12.3, 14.1), "kitchen_12.30-14.10_狗叫.wav"),
        (event("a/b\\c:d*e?f"), "kitchen_0.50-1.00_a_b_c_d_e_f.wav"),
        (event('"<x>|\n\t\u202e.. '), "kitchen_0.50-1.00___x_____.wav"),
        (event("x", recording="a folder/con"), "con_0.50-1.00_x.wav"),
        (event("x", recording="con.2024.wav"), "_con.2024_0.50-1.00_x.wav"),
        (event("x", recording="<bytes>"), "_bytes__0.50-1.00_x.wav"),
        (event("x", recording="...wav"), "__0.50-1.00_x.wav"),
        (event("x", recording=".hidden.wav"), "hidden_0.50-1.00_x.wav"),
        (event("声" * 100), f"kitchen_0.50-1.00_{'声' * 40}.wav"),
    ],
)
def test_names(given_event: Event, name: str) -> None:
    assert clip_name(given_event, ".wav") == name


@given(
    label=st.text(min_size=1, max_size=300),
    recording=st.text(min_size=1, max_size=300)
    | st.sampled_from(sorted(RESERVED)).map(lambda name: f"{name.lower()} .1.wav"),
)
def test_any_name_is_one_on_every_file_system(label: str, recording: str) -> None:
    name = clip_name(event(label, 0.0, 1e6, recording), ".flac")
    assert len(name.encode()) < 240
    assert not set(name) & set('/\\:*?"<>|')
    assert not {"Cc", "Cf", "Cs"} & {unicodedata.category(char) for char in name}
    assert name.endswith(".flac")
    assert not name.startswith((" ", "."))
    assert name.split(".")[0].rstrip().upper() not in RESERVED


def test_each_event_is_cut_with_its_margin(recording: Path, tmp_path: Path) -> None:
    events = [event("雨", 1.0, 1.2), event("early", 0.1, 0.5), event("late", 1.75, 2.0)]
    paths = ClipFolder(tmp_path / "clips", margin=0.25).write(recording, events)
    assert [path.name for path in paths] == [
        "kitchen_1.00-1.20_雨.wav",
        "kitchen_0.10-0.50_early.wav",
        "kitchen_1.75-2.00_late.wav",
    ]
    assert names_in(tmp_path / "clips") == sorted(path.name for path in paths)
    assert [first_and_last(path) for path in paths] == [
        (12_000, 23_199),
        (0, 11_999),  # there is nothing before the recording
        (24_000, 31_999),  # nor after it
    ]


def test_half_a_second_is_added_unless_something_else_is_asked_for(
    recording: Path, tmp_path: Path
) -> None:
    (path,) = ClipFolder(tmp_path / "clips").write(recording, [event("x", 1.0, 1.25)])
    assert first_and_last(path) == (8000, 27_999)
    (path,) = ClipFolder(tmp_path / "clips", margin=0).write(recording, [event("x", 1.0, 1.25)])
    assert first_and_last(path) == (16_000, 19_999)
    assert names_in(tmp_path / "clips") == ["kitchen_1.00-1.25_x.wav"]  # replaced


def test_names_that_some_file_systems_hold_for_one_are_told_apart(
    recording: Path, tmp_path: Path
) -> None:
    events = [event("Dog"), event("dog"), event("a/b"), event("a:b"), event("e\u0301"), event("é")]
    paths = ClipFolder(tmp_path / "clips").write(recording, events)
    assert len({path.name.casefold() for path in paths}) == len(events)
    assert len(names_in(tmp_path / "clips")) == len(events)


def test_a_lossy_recording_gives_flac(tmp_path: Path) -> None:
    recording = tmp_path / "phone.mp3"
    recording.write_bytes(encode("mp3", "libmp3lame", tone(44_100, 2.0), 44_100))
    (path,) = ClipFolder(tmp_path / "clips").write(
        recording, [event("beep", recording="phone.mp3")]
    )
    assert path.name == "phone_0.50-1.00_beep.flac"


def test_an_event_beyond_the_end_has_no_clip(recording: Path, tmp_path: Path) -> None:
    assert ClipFolder(tmp_path / "clips").write(recording, [event("x", 7.0, 8.0)]) == []
    assert names_in(tmp_path / "clips") == []


@pytest.mark.parametrize("margin", [-1.0, float("nan"), float("inf")])
def test_a_margin_that_is_none(tmp_path: Path, margin: float) -> None:
    with pytest.raises(UsageError, match="margin"):
        ClipFolder(tmp_path / "clips", margin)


def test_a_folder_that_cannot_be(recording: Path, tmp_path: Path) -> None:
    for folder in (tmp_path / "no" / "clips", recording):
        with pytest.raises(OutputError, match="no folder for clips"):
            ClipFolder(folder)


def test_clips_of_many_recordings_lie_in_folders_of_their_own(
    recording: Path, tmp_path: Path
) -> None:
    clips = ClipFolder(tmp_path / "clips")
    (path,) = clips.write(recording, [event("x")], inside="a/kitchen.wav")
    assert path.parent == tmp_path / "clips" / "a" / "kitchen.wav"
    assert clips.write(recording, [], inside="b/kitchen.wav") == []
    assert names_in(tmp_path / "clips") == ["a"]


def test_a_recording_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(RecordingError):
        ClipFolder(tmp_path / "clips").write(tmp_path / "missing.wav", [event("x")])
    assert names_in(tmp_path / "clips") == []
