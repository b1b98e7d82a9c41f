"""``anysound listen``, mostly in a process of its own, as a pipe and signals want it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import Result

from tests.cli.running import start
from tests.fakes import RATE, tone, wav_file
from tests.live.test_sources import headless
from tests.patience import PATIENCE

Run = Callable[..., Result]
LABELS = "low=250 Hz, 火警=4000 Hz"
QUIET = np.zeros(RATE * 3, np.float32)
SOUND = np.concatenate([QUIET, tone(250, 2.0), QUIET, tone(4000, 4.0), QUIET])
RAW = (SOUND * 32767).astype("<i2").tobytes()


def test_standard_input_to_its_end(run: Run) -> None:
    result = run("listen", "-", "-l", LABELS, stdin=wav_file(SOUND))
    assert result.exit_code == 0
    lines = [line.split() for line in result.stdout.splitlines()]
    assert [(line[2], line[4]) for line in lines] == [
        ("begins", "low"),
        ("ends", "low"),
        ("begins", "火警"),
        ("ends", "火警"),
    ]
    notes = result.stderr.splitlines()
    assert notes[0] == "Listening to -; Ctrl-C ends it."
    assert notes[1] == "0:00:15.0 heard: low 1, 火警 1"
    assert notes[2] == "Answered by a fake."


def test_json_lines_of_raw_samples_as_timeline_finds_them(run: Run, tmp_path: Path) -> None:
    options = ["--json", "--rate", RATE, "--format", "s16le", "--channels", 1]
    result = run("listen", "-", "-l", LABELS, *options, stdin=RAW)
    events = [json.loads(line) for line in result.stdout.splitlines()]
    keys = {"event", "number", "recording", "time", "start", "end", "label", "score"}
    assert all(set(event) == keys for event in events)
    (tmp_path / "a.wav").write_bytes(wav_file(SOUND))
    known = run("timeline", tmp_path / "a.wav", "-l", LABELS, "--json").stdout.splitlines()
    ends = [event for event in events if event["event"] == "end"]
    for end, line in zip(ends, known, strict=True):
        event = json.loads(line)
        assert [end[key] for key in ("label", "start", "end")] == [
            event[key] for key in ("label", "start", "end")
        ]


def test_an_event_is_printed_while_the_stream_goes_on_and_ctrl_c_ends_it_well(
    tmp_path: Path,
) -> None:
    clips = tmp_path / "clips"
    process = start(["listen", "-", "-l", LABELS, "--json", "--record", clips])
    assert process.stdin
    assert process.stdout
    process.stdin.write(headless(wav_file(np.concatenate([QUIET, tone(250, 8)]))))
    process.stdin.flush()  # and is left open
    first = json.loads(process.stdout.readline())
    assert (first["event"], first["label"]) == ("start", "low")
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    assert [json.loads(line)["event"] for line in out.splitlines()] == ["end"]
    assert b"heard: low 1" in error
    assert b"Traceback" not in error
    assert len(list(clips.iterdir())) == 1
    assert b"Clips in" in error


def test_a_service_that_is_stopped_ends_well() -> None:
    process = start(["listen", "-", "-l", LABELS, "--rate", str(RATE)])
    assert process.stdin
    assert process.stdout
    process.stdin.write(RAW[: RATE * 2 * 6])
    process.stdin.flush()
    process.stdout.readline()
    process.terminate()
    _, error = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, error
    assert b"heard: low 1" in error


def test_each_label_has_its_command_and_webhooks_and_clips_go_with_it(
    run: Run, tmp_path: Path
) -> None:
    script = "import os, sys; open(sys.argv[1] + os.environ['ANYSOUND_LABEL'], 'w').close()"
    command = f'"{sys.executable}" -c "{script}" "{tmp_path}/'
    both = ["--on", "low", "--run", f'{command}a-"', "--on", "火警", "--run", f'{command}b-"']
    clips = ["--record", tmp_path / "clips", "--margin", "0.2"]
    result = run("listen", "-", "-l", LABELS, *both, *clips, stdin=wav_file(SOUND))
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "a-low").exists()
    assert (tmp_path / "b-火警").exists()
    assert not (tmp_path / "a-火警").exists()
    assert len(list((tmp_path / "clips").glob("*.wav"))) == 2
    assert f"Clips in {tmp_path / 'clips'}: 2" in result.stderr.replace("\n", "")


def test_commands_say_what_they_like_and_the_events_stay_whole() -> None:
    arguments = ["listen", "-", "-l", LABELS, "--json", "--run", "cat"]
    out, error = start(arguments).communicate(wav_file(SOUND), timeout=PATIENCE)
    assert len([json.loads(line) for line in out.splitlines()]) == 4
    assert error.count(b'"event": "start"') == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["kitchen.wav"], "this is a file"),
        (["http://radio/a", "--device", "1"], "not to both"),
        (["http://radio/a", "--rate", "16000"], "give them with -"),
        (["-", "--channels", "2"], "give their --rate too"),
        (["-", "--on", "bell", "--run", "true"], "none of the labels: low, 火警"),
        (["-", "--on", "low"], "give --run or --webhook too"),
        (["-", "--on", "low", "--run", "true", "--run", "true"], "one for each"),
        (["-", "--run", "no-such-program"], "no such program"),
        (["-", "--webhook", "radio"], "no URL of a web server"),
        (["-", "--cooldown", "-1"], "makes no sense"),
        (["-", "--hold", "-1"], "before it counts"),
        (["-", "--threshold", "2"], "makes no sense"),
        (["-", "--rate", "16000", "--format", "mp3"], "no format 'mp3'"),
    ],
)
def test_wrong_usage_is_said_before_anything_is_opened(
    run: Run, arguments: list[str], reason: str
) -> None:
    result = run("listen", *arguments, "-l", LABELS, stdin=b"")
    assert result.exit_code == 2, result.stderr
    assert reason in result.stderr
    assert result.stdout == ""


def test_what_is_no_sound_and_nobody_there(run: Run) -> None:
    for arguments, stdin, reason in (
        (["-"], b"hello", "no sound that anysound can read"),
        (["-"], b"", "no sound that anysound can read"),
        (["http://127.0.0.1:9/live"], b"", "can't be reached"),
    ):
        result = run("listen", *arguments, "-l", LABELS, stdin=stdin)
        assert result.exit_code == 1
        assert reason in result.stderr
        assert "Traceback" not in result.stderr


def test_no_microphones_are_listed_or_heard(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.live.test_microphone import Library

    monkeypatch.setitem(sys.modules, "sounddevice", Library([], ()))
    listed = run("listen", "--list-devices")
    assert listed.exit_code == 0
    assert listed.stdout.startswith("No microphone was found")
    heard = run("listen", "-l", LABELS)
    assert heard.exit_code == 1
    assert "no microphone that can be used" in heard.stderr
    monkeypatch.setitem(sys.modules, "sounddevice", Library([], ("USB mic", "webcam")))
    lines = run("listen", "--list-devices").stdout.splitlines()
    assert lines[0].split("  ")[-2:] == ["USB mic", "(2 channels, 16000 Hz, default)"]
    assert len(lines) == 2


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal of the system's")
def test_a_terminal_has_a_meter() -> None:
    main, terminal = os.openpty()
    script = (
        "import sys; sys.path.insert(0, sys.argv.pop(1)); sys.argv.insert(0, '');"
        "import anysound.models; from tests.cli.running import HintingModel;"
        "anysound.models.load_model = lambda *_: HintingModel();"
        "sys.argv[:2] = ['anysound']; from anysound.cli import main; main()"
    )
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen(
        [sys.executable, "-c", script, root, "listen", "-", "-l", LABELS, "--rate", str(RATE)],
        stdin=subprocess.PIPE,
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "ANYSOUND_LANG": "en", "TERM": "xterm", "COLUMNS": "100"},
    )
    os.close(terminal)
    assert process.stdin
    process.stdin.write(RAW)
    process.stdin.close()
    shown = b""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            some = os.read(main, 65536)
        except OSError:
            break
        if not some:
            break
        shown += some
    assert process.wait(PATIENCE) == 0, shown
    text = shown.decode()
    assert "-9 dB" in text
    assert " silent" in text
    assert "-120 dB" not in text
    assert "█" in text or "#" in text
    assert "begins" in text
    assert "heard: low 1" in text
