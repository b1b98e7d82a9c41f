"""Decoding in processes of their own: the same sound, and hostile files that harm nobody."""

import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np
import pytest

from anysound.audio import open_recording
from anysound.audio.decoders import Decoders, DecodingError, Limits, pool
from anysound.audio.decoders.problems import Reason
from anysound.errors import RecordingError
from tests.audio.making import encode, tone
from tests.fakes import RATE, wav_file
from tests.fakes import tone as quiet_tone

HOSTILE = """
import os, threading
from anysound.audio.decoders import worker

def hostile(file, rate):
    match file.name:
        case "crash": os.abort()
        case "loop":
            while True: pass
        case "hang": threading.Event().wait()
        case "bomb": bytearray(8 << 30)
        case "write": open(os.environ["PATH"].split(os.pathsep)[0], "wb", 0).write(b"x")
    return usual(file, rate)

usual, worker.open_recording = worker.open_recording, hostile
worker.main()
"""


@pytest.fixture(scope="module")
def decoders() -> Iterator[Decoders]:
    with Decoders(Limits(duration=30.0)) as decoders:
        yield decoders


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Decoders, list[Reason]]]:
    """Decoders that some names of files make misbehave, as a fault in a decoder would."""
    monkeypatch.setattr(pool, "_COMMAND", (sys.executable, "-c", HOSTILE))
    failures: list[Reason] = []
    with Decoders(Limits(patience=5.0, cpu=60), failures.append) as decoders:
        yield decoders, failures


def sound(recording: object, rate: int = RATE) -> tuple[np.ndarray, float, bool, list[str]]:
    with open_recording(recording, rate) as stream:  # type: ignore[arg-type]
        blocks = list(stream.blocks())
        whole = np.concatenate(blocks)
        return whole, stream.duration, stream.is_silent, [str(each) for each in stream.warnings]


def apart(decoders: Decoders, content: bytes, name: str = "it.wav") -> object:
    return decoders.recording(name, cast(BinaryIO, BytesIO(content)))


@pytest.mark.parametrize(
    ("container", "codec", "source_rate"),
    [("flac", "flac", 44100), ("mp3", "libmp3lame", 44100), ("mp4", "aac", 48000)],
)
@pytest.mark.parametrize("torn", [False, True])
def test_gives_the_sound_that_is_decoded_here(
    decoders: Decoders, container: str, codec: str, source_rate: int, torn: bool
) -> None:
    content = encode(container, codec, tone(source_rate, 3.0), source_rate)
    if torn and container != "mp4":  # whose headers stand at its end
        content = content[: len(content) * 2 // 3]
    here, there = sound(content), sound(apart(decoders, content))
    assert np.array_equal(here[0], there[0])
    assert here[1:] == there[1:]


def test_says_silence_and_names(decoders: Decoders) -> None:
    silent = apart(decoders, wav_file(np.zeros(RATE)), "静.wav")
    with open_recording(silent, RATE) as stream:  # type: ignore[arg-type]
        assert stream.name == "静.wav"
    assert sound(apart(decoders, wav_file(np.zeros(RATE))))[2]
    assert not sound(apart(decoders, wav_file(quiet_tone(500))))[2]


@pytest.mark.parametrize("content", [b"", b"not a sound", wav_file(np.zeros(0))])
def test_what_is_no_recording_is_said_as_ever(decoders: Decoders, content: bytes) -> None:
    file = BytesIO(content)
    file.name = "it.wav"  # type: ignore[attr-defined]
    with pytest.raises(RecordingError) as here:
        sound(file)
    with pytest.raises(DecodingError) as there:
        sound(apart(decoders, content))
    assert there.value.text == here.value.text
    assert there.value.reason == "unreadable"


def test_a_recording_that_swells_is_cut_off(decoders: Decoders) -> None:
    """An hour of silence is some kilobytes of FLAC."""
    content = encode("flac", "flac", np.zeros(31 * 8000, np.float32), 8000)
    assert len(content) < 100_000
    with pytest.raises(DecodingError, match=r"0\.5 minutes") as caught:
        sound(apart(decoders, content))
    assert caught.value.reason == "too-long"
    assert sound(apart(decoders, wav_file(quiet_tone(500))))[1] == 1.0


@pytest.mark.parametrize(
    ("name", "reason"), [("crash", "crashed"), ("bomb", "crashed"), ("loop", "stalled")]
)
def test_a_hostile_file_takes_only_its_decoder_down(
    hostile: tuple[Decoders, list[Reason]], name: str, reason: Reason
) -> None:
    decoders, failures = hostile
    content = wav_file(quiet_tone(500))
    with pytest.raises(DecodingError, match=f"{name}: it could not be decoded") as caught:
        sound(apart(decoders, content, name))
    assert caught.value.reason == reason
    assert failures == [reason]
    assert sound(apart(decoders, content))[1] == 1.0
    assert failures == [reason]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_decoder_cannot_write_files(
    hostile: tuple[Decoders, list[Reason]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = tmp_path / "written"
    monkeypatch.setenv("PATH", str(written))
    with pytest.raises(DecodingError):
        sound(apart(hostile[0], wav_file(quiet_tone(500)), "write"))
    assert not written.exists() or written.stat().st_size == 0


def test_a_decoder_sees_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYSOUND_TOKEN", "secret")
    code = "import os; assert 'ANYSOUND_TOKEN' not in os.environ\n" + HOSTILE
    monkeypatch.setattr(pool, "_COMMAND", (sys.executable, "-c", code))
    with Decoders() as decoders:
        assert sound(apart(decoders, wav_file(quiet_tone(500))))[1] == 1.0


def test_stops_when_nobody_wants_it_any_more(hostile: tuple[Decoders, list[Reason]]) -> None:
    decoders, failures = hostile
    stop = threading.Event()
    recording = decoders.recording("hang", BytesIO(wav_file(quiet_tone(500))), stop)
    timer = threading.Timer(0.3, stop.set)
    timer.start()
    started = time.monotonic()
    with pytest.raises(DecodingError):
        sound(recording)
    assert time.monotonic() - started < 4
    assert failures == ["stopped"]


def test_a_recording_left_in_the_middle_does_not_spoil_the_next(decoders: Decoders) -> None:
    content = wav_file(quiet_tone(500, 20.0))
    with open_recording(apart(decoders, content), RATE) as stream:  # type: ignore[arg-type]
        next(iter(stream.blocks()))
    assert sound(apart(decoders, content))[1] == 20.0


def test_many_at_once(decoders: Decoders) -> None:
    lengths = [0.5 + index / 4 for index in range(12)]
    heard: dict[float, float] = {}

    def hear(seconds: float) -> None:
        heard[seconds] = sound(apart(decoders, wav_file(quiet_tone(500, seconds))))[1]

    threads = [threading.Thread(target=hear, args=(seconds,)) for seconds in lengths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heard == {seconds: seconds for seconds in lengths}


def test_processes_end_with_the_pool() -> None:
    with Decoders() as decoders:
        decoders.start()
        sound(apart(decoders, wav_file(quiet_tone(500))))
        (process,) = [decoder._process for decoder in decoders._idle]
        assert process.poll() is None
    assert process.poll() is not None
