"""Standard input and streams at URLs."""

import io
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anysound import RecordingError, UsageError
from anysound.language import Text
from anysound.live import (
    Backoff,
    ListenOptions,
    Microphone,
    RawFormat,
    StandardInput,
    UrlSource,
    open_source,
)
from anysound.live.stopping import Stopping
from tests.audio.making import encode
from tests.fakes import RATE, tone, wav_file
from tests.live import rtsp
from tests.live.making import LABELS, classifier, joined, quiet, serving, threads, wait_for
from tests.live.rtsp import camera
from tests.patience import PATIENCE

QUICK = ListenOptions(backoff=Backoff(first=0.01, most=0.02))
SOUND = joined(quiet(3), tone(1000, 4), quiet(3))


def heard(source: Any, options: ListenOptions = QUICK) -> list[tuple[str, str]]:
    return [(each.phase, each.label) for each in classifier().listen(source, LABELS, options)]


def headless(wav: bytes) -> bytes:
    """A wav file whose writer could not know its size, as it is piped."""
    at = wav.index(b"data")
    return wav[:4] + b"\xff" * 4 + wav[8 : at + 4] + b"\xff" * 4 + wav[at + 8 :]


@pytest.mark.parametrize(
    "content",
    [
        wav_file(SOUND),
        headless(wav_file(SOUND)),
        encode("flac", "flac", SOUND, RATE),
        encode("mp3", "mp3", SOUND, RATE),
    ],
    ids=["wav", "wav without a size", "flac", "mp3"],
)
def test_what_says_itself_what_it_is(content: bytes) -> None:
    assert heard(StandardInput(file=io.BytesIO(content))) == [("start", "mid"), ("end", "mid")]


@pytest.mark.parametrize("rate", [8_000, 44_100, 48_000])
def test_at_any_rate_the_events_are_those_of_a_timeline_to_the_bit(rate: int) -> None:
    sound = joined(tone(250, 3, rate), np.zeros(rate * 2), tone(1000, 4, rate), np.zeros(rate * 3))
    content = encode("wav", "pcm_s16le", sound, rate, 2)
    known = [each.to_dict() for each in classifier().timeline(content, LABELS)]
    events = classifier().listen(StandardInput(file=io.BytesIO(content)), LABELS)
    ends = [each for each in events if each.phase == "end"]
    assert [(each.label, each.start, each.end, each.score) for each in ends] == [
        (each["label"], each["start"], each["end"], each["score"]) for each in known
    ]
    assert len(ends) == 2


@pytest.mark.parametrize(
    ("format_", "samples"),
    [
        ("s16le", (SOUND * 32767).astype("<i2")),
        ("s16be", (SOUND * 32767).astype(">i2")),
        ("s32le", (SOUND * 2147483000).astype("<i4")),
        ("u8", (SOUND * 127 + 128).astype("u1")),
        ("f32le", SOUND.astype("<f4")),
        ("f64le", SOUND.astype("<f8")),
    ],
)
def test_raw_samples(format_: str, samples: np.ndarray) -> None:
    stereo = np.repeat(samples, 2).tobytes()
    for channels, content in ((1, samples.tobytes()), (2, stereo)):
        source = StandardInput(RawFormat(RATE, channels, format_), io.BytesIO(content))
        assert heard(source) == [("start", "mid"), ("end", "mid")]


def test_raw_samples_that_make_no_sense() -> None:
    with pytest.raises(RecordingError, match="sampling rate of 3 Hz"):
        RawFormat(3)
    with pytest.raises(UsageError, match="99 channels"):
        RawFormat(16_000, 99)
    with pytest.raises(UsageError, match="no format 'mp3'"):
        RawFormat(16_000, 1, "mp3")
    with pytest.raises(UsageError, match="give them with -"):
        open_source("http://radio/live", raw=RawFormat(16_000))


def test_a_pipe_that_is_empty_or_full_of_garbage() -> None:
    rng = np.random.default_rng(1)
    for content in (b"", b"no sound at all", rng.bytes(300_000), wav_file(SOUND)[:20]):
        with pytest.raises(RecordingError, match="stream") as caught:
            heard(StandardInput(file=io.BytesIO(content)))
        assert "--rate" in str(caught.value)


def test_garbage_as_raw_samples_is_noise_and_no_error() -> None:
    content = np.random.default_rng(1).bytes(RATE * 2 * 5 + 1)
    # Which label the fake gives noise makes no difference.
    phases = [phase for phase, _ in heard(StandardInput(RawFormat(RATE), io.BytesIO(content)))]
    assert phases.count("start") == phases.count("end")


def test_garbage_amid_a_stream_is_left_out() -> None:
    content = bytearray(encode("mp3", "mp3", joined(tone(1000, 6), quiet(3)), RATE))
    content[8000:9000] = np.random.default_rng(1).bytes(1000)
    assert ("start", "mid") in heard(StandardInput(file=io.BytesIO(bytes(content))))


@pytest.fixture
def pipe(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A pipe of the system as standard input; gives the end to write to."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as file:
        monkeypatch.setattr(sys, "stdin", file)
        yield writing


def test_a_pipe_is_heard_as_it_fills_and_a_silent_writer_does_not_hold_up_the_end(
    pipe: int,
) -> None:
    # The pipe stays open: whatever waits for its end, or for a full buffer, waits forever.
    # (What does not fit in it, 64 kB, is written by a thread.)
    content = (joined(tone(1000, 3)) * 32767).astype("<i2").tobytes()
    writer = threading.Thread(target=os.write, args=(pipe, content), daemon=True)
    writer.start()
    listening = classifier().listen(StandardInput(RawFormat(RATE)), LABELS)
    events = iter(listening)
    assert next(events).label == "mid"
    listening.stop()
    assert [event.phase for event in events] == ["end"]
    wait_for(lambda: not threads())
    os.close(pipe)


def test_a_window_of_a_wav_stream_comes_with_its_sound(pipe: int) -> None:
    moments: list[float] = []
    listening = classifier().listen("-", LABELS, on_moment=lambda each: moments.append(each.time))
    thread = threading.Thread(target=lambda: list(listening), daemon=True)
    thread.start()
    # FFmpeg looks at the first 100 kB of wav before it gives any of it; then it keeps up.
    content = headless(wav_file(tone(1000, 5.2)))
    for start in range(0, len(content), 8192):
        os.write(pipe, content[start : start + 8192])
    wait_for(lambda: moments and moments[-1] == 5.0)
    assert len(moments) == 17
    os.close(pipe)
    thread.join(PATIENCE)


def test_the_keyboard_is_no_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    class Keyboard(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Keyboard())
    with pytest.raises(UsageError, match="keyboard"):
        heard("-")


def test_which_source_is_meant() -> None:
    assert isinstance(open_source(None), Microphone)
    assert open_source("rtsp://me:secret@camera/live").name == "rtsp://camera/live"
    with pytest.raises(UsageError, match="not to both"):
        open_source("http://radio/live", device="2")
    with pytest.raises(UsageError, match="no stream that can be listened to"):
        UrlSource("ftp://radio/live")
    with pytest.raises(UsageError, match="no stream that can be listened to"):
        open_source("file:///etc/passwd")


def send(handler: BaseHTTPRequestHandler, content: bytes, length: int | None = None) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "audio/mpeg")
    if length is not None:
        handler.send_header("Content-Length", str(length))
    handler.end_headers()
    with suppress(OSError):  # whoever listens may have heard enough
        handler.wfile.write(content)


def test_a_recording_on_a_web_server_is_heard_once_to_its_end() -> None:
    content = wav_file(SOUND)
    with serving(lambda handler: send(handler, content, len(content))) as url:
        assert heard(f"{url}/a.wav") == [("start", "mid"), ("end", "mid")]


def test_a_radio_station_that_drops_its_listeners_is_tuned_in_again() -> None:
    content = encode("mp3", "mp3", joined(quiet(2), tone(1000, 4), quiet(2)), RATE)
    notices: list[Text] = []
    with serving(lambda handler: send(handler, content)) as url:
        listening = classifier().listen(f"{url}/live", LABELS, QUICK, on_notice=notices.append)
        starts = 0
        for event in listening:
            starts += event.phase == "start"
            if starts == 3:
                break
    assert event.number == 3
    assert "Listening goes on as soon as it is back" in notices[0].en
    assert "back after" in notices[1].en


def test_a_station_that_sends_garbage_when_it_is_back_is_tried_again() -> None:
    good = encode("mp3", "mp3", joined(tone(1000, 4), quiet(2)), RATE)
    answers = [good, np.random.default_rng(3).bytes(50_000), b"", good]
    with serving(lambda handler: send(handler, answers.pop(0))) as url:
        starts = 0
        for event in classifier().listen(f"{url}/live", LABELS, QUICK):
            starts += event.phase == "start"
            if starts == 2:
                break
    assert starts == 2


def test_a_camera_that_hangs_up_is_called_again() -> None:
    low, mid = (rtsp_tone(frequency) for frequency in (250, 1000))
    notices: list[Text] = []
    ended = []
    with camera([low, mid]) as (url, requests):
        listening = classifier().listen(url, LABELS, QUICK, on_notice=notices.append)
        for event in listening:
            ended += [event.label] if event.phase == "end" else []
            if len(ended) == 2:
                break
    assert ended == ["low", "mid"]
    assert requests[:4] == ["OPTIONS", "DESCRIBE", "SETUP", "PLAY"]
    assert any("back after" in notice.en for notice in notices)


def rtsp_tone(frequency: float) -> np.ndarray:
    return joined(tone(frequency, 4.0, rtsp.RATE), np.zeros(rtsp.RATE * 3, np.float32))


def test_a_server_that_is_not_there_or_has_no_sound() -> None:
    with pytest.raises(RecordingError, match="can't be reached"):
        heard("http://127.0.0.1:9/live")
    with (
        serving(lambda handler: handler.send_error(404)) as url,
        pytest.raises(RecordingError, match="can't be reached"),
    ):
        heard(f"{url}/live")
    with (
        serving(lambda handler: send(handler, b"<html>no radio</html>" * 100)) as url,
        pytest.raises(RecordingError, match="no sound"),
    ):
        heard(f"{url}/live")


def test_a_playlist_names_no_file_of_this_machine(tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(wav_file(SOUND))
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://{secret}\n#EXT-X-ENDLIST\n"
    with (
        serving(lambda handler: send(handler, playlist.encode())) as url,
        pytest.raises(RecordingError),
    ):
        heard(f"{url}/live.m3u8")


def test_a_server_that_falls_silent_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anysound.audio.incoming._READ", 0.5)
    content = encode("mp3", "mp3", joined(tone(1000, 4)), RATE)
    done = threading.Event()

    def stall(handler: BaseHTTPRequestHandler) -> None:
        send(handler, content)
        handler.wfile.flush()
        done.wait(PATIENCE)

    notices: list[Text] = []
    with serving(stall) as url:
        began = time.monotonic()
        for _ in classifier().listen(f"{url}/live", LABELS, QUICK, on_notice=notices.append):
            if notices:
                break
        done.set()
    assert time.monotonic() - began < 15
    assert notices[0].en.startswith(url)
    assert "it broke off" in notices[0].en


def test_an_unused_stopping_waits_its_time() -> None:
    began = time.monotonic()
    assert not Stopping().wait(0.1)
    assert time.monotonic() - began >= 0.1
