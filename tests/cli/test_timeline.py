import csv
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result

from tests.cli.running import start
from tests.fakes import RATE, tone, wav_file
from tests.patience import PATIENCE

Run = Callable[..., Result]
LABELS = "low=250 Hz, 高音=4000 Hz"
QUIET = np.zeros(RATE * 3, np.float32)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "street.wav"
    sounds = [QUIET, tone(250, 2.0), QUIET, tone(4000, 2.0), QUIET, tone(250, 2.0), QUIET]
    path.write_bytes(wav_file(np.concatenate(sounds)))
    return path


def test_a_line_an_event_and_what_came_of_it(run: Run, recording: Path) -> None:
    result = run("timeline", recording, "-l", LABELS)
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split()[-1] for line in lines] == ["low", "高音", "low"]
    assert lines[0].startswith("0:00:03.0 – 0:00:05.") or lines[0].startswith("0:00:02.")
    notes = result.stderr.splitlines()
    assert notes[0] == "0:00:18.0 heard: low 2, 高音 1"
    assert notes[1] == "Answered by a fake."


def test_json_is_one_object_a_line(run: Run, recording: Path) -> None:
    result = run("timeline", recording, "-l", LABELS, "--json")
    events = [json.loads(line) for line in result.stdout.splitlines()]
    assert [event["label"] for event in events] == ["low", "高音", "low"]
    assert set(events[0]) == {"recording", "start", "end", "label", "score"}


def test_json_is_printed_while_the_rest_is_still_being_read(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    path.write_bytes(wav_file(np.concatenate([tone(250, 2.0), np.tile(QUIET, 10), tone(4000, 60)])))
    slow = """
import time
def embed_audio(self, waveforms, hear=HintingModel.embed_audio):
    time.sleep(0.5)
    return hear(self, waveforms)
HintingModel.embed_audio = embed_audio
"""
    process = start(["timeline", path, "-l", LABELS, "--json"], slow)
    assert process.stdout
    first = json.loads(process.stdout.readline())
    at_first = time.monotonic()
    process.communicate(timeout=PATIENCE)
    assert first["label"] == "low"
    assert time.monotonic() - at_first > 2.0


def test_files_clips_and_the_best_moments(run: Run, recording: Path, tmp_path: Path) -> None:
    table, track, clips = tmp_path / "e.csv", tmp_path / "e.txt", tmp_path / "clips"
    options = ["-o", table, "-o", track, "--clips", clips, "--margin", "0.25"]
    result = run("timeline", recording, "-l", LABELS, *options)
    assert result.exit_code == 0
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["label"] for row in rows] == ["low", "高音", "low"]
    assert len(track.read_text(encoding="utf-8").splitlines()) == 3
    assert len(list(clips.glob("street_*.wav"))) == 3
    assert "Clips in" in result.stderr
    best = run("timeline", recording, "-l", LABELS, "--top", "1", "--json")
    assert [json.loads(line)["label"] for line in best.stdout.splitlines()] == ["low", "高音"]


def test_a_picture(run: Run, recording: Path, tmp_path: Path) -> None:
    picture = tmp_path / "scores.svg"
    result = run("timeline", recording, "-l", LABELS, "--picture", picture)
    assert result.exit_code == 0
    assert "高音" in picture.read_text(encoding="utf-8")


def test_standard_input_can_be_cut_too(run: Run, recording: Path, tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    piped = run("timeline", "-", "-l", LABELS, "--clips", clips, stdin=recording.read_bytes())
    assert piped.exit_code == 0
    assert len(list(clips.iterdir())) == 3


def test_nothing_heard_is_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "other.wav"
    path.write_bytes(wav_file(tone(1000, 4.0)))
    result = run("timeline", path, "-l", LABELS)
    assert (result.exit_code, result.stdout) == (0, "")
    assert "none of the labels was heard" in result.stderr


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["-o", "events.doc"], 2, "events.doc"),
        (["-o", "nowhere/events.csv"], 1, "can't be written"),
        (["--picture", "scores.gif"], 2, "scores.gif"),
        (["--threshold", "2"], 2, "threshold"),
        (["--window", "60"], 2, "too long"),
        (["--clips", "nowhere/clips"], 1, "nowhere"),
        (["--margin", "-1", "--clips", "clips"], 2, "margin"),
    ],
)
def test_bad_options_are_told_before_the_recording_is_read(
    run: Run,
    recording: Path,
    options: list[str],
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(recording.parent)
    result = run("timeline", recording, "-l", LABELS, *options)
    assert result.exit_code == code
    assert words in result.stderr
    assert result.stdout == ""


def test_a_recording_that_is_not_there(run: Run, tmp_path: Path) -> None:
    result = run("timeline", tmp_path / "no.wav", "-l", LABELS, "-o", tmp_path / "e.csv")
    assert result.exit_code == 1
    assert "no such file" in result.stderr
    assert list(tmp_path.iterdir()) == []
