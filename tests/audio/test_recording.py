"""A recording may be given in many ways, and says so clearly when it can't be read."""

import os
import socket
import stat
import threading
import tracemalloc
from io import BytesIO, StringIO, UnsupportedOperation
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from anysound.audio import load, open_recording, recording_name
from anysound.errors import RecordingError
from anysound.language import use
from tests.audio.making import assert_tone, encode, encode_pictures, tone, wav

RATE = 16_000


def flac(seconds: float = 1.0, rate: int = 44_100) -> bytes:
    return encode("flac", "flac", tone(rate, seconds), rate)


def pcm(seconds: float = 1.0) -> bytes:
    return wav((tone(RATE, seconds) * 2**15).astype("<i2").tobytes(), 1, 16, RATE)


def refusal(recording: Any) -> str:
    """The English message; the Chinese one is checked to be Chinese and to name it too."""
    with pytest.raises(RecordingError) as caught:
        load(recording, RATE)
    text = caught.value.text
    name = recording_name(recording)
    assert text.en.startswith(f"{name}: ")
    assert text.zh.startswith(f"{name}：")
    assert any("\u4e00" <= character <= "\u9fff" for character in text.zh[len(name) :])
    return text.en


def warnings_of(recording: Any) -> list[str]:
    return [warning.en for warning in load(recording, RATE).warnings]


# --- The ways to give one


def test_path_bytes_and_file_give_the_same_samples(tmp_path: Path):
    data = flac()
    path = tmp_path / "a.flac"
    path.write_bytes(data)
    expected = load(path, RATE).waveform
    assert_tone(expected, RATE, 1.0)
    with path.open("rb") as file:
        for same in (str(path), data, BytesIO(data), file):
            np.testing.assert_array_equal(load(same, RATE).waveform, expected)


def test_loading_again_gives_the_same_bits():
    data = encode("mp3", "libmp3lame", tone(44_100, 2.0), 44_100)
    assert load(data, RATE).waveform.tobytes() == load(data, RATE).waveform.tobytes()


@pytest.mark.parametrize(
    "name", ["A.WAV", "wrong.mp3", "no extension", "my 录音 文件.m4a", "http:a|b.wav", "100%.wav"]
)
def test_the_name_means_nothing(tmp_path: Path, name: str):
    path = tmp_path / "文件 夹" / name
    path.parent.mkdir()
    path.write_bytes(pcm())
    assert_tone(load(path, RATE).waveform, RATE, 1.0)


def test_a_file_object_is_read_from_its_start_and_stays_open():
    file = BytesIO(flac())
    file.seek(100)
    first = load(file, RATE).waveform
    assert not file.closed
    np.testing.assert_array_equal(load(file, RATE).waveform, first)


def test_a_pipe_is_read_to_its_end():
    """An m4a keeps its table at the end: it needs to seek, a pipe can't."""
    data = encode("ipod", "aac", tone(44_100, 1.0), 44_100)
    reading, writing = os.pipe()
    writer = threading.Thread(target=lambda: os.fdopen(writing, "wb").write(data))
    writer.start()
    with os.fdopen(reading, "rb") as pipe:
        piped = load(pipe, RATE).waveform
    writer.join()
    np.testing.assert_array_equal(piped, load(data, RATE).waveform)


@pytest.mark.parametrize(
    ("recording", "name"),
    [
        ("a/b c.wav", "a/b c.wav"),
        (Path("录音.m4a"), "录音.m4a"),
        (b"RIFF", "<bytes>"),
        (BytesIO(), "<stream>"),
        ((np.zeros(1, np.float32), RATE), "<waveform>"),
        ("broken\udcff.wav", "broken?.wav"),
    ],
)
def test_names(recording: Any, name: str):
    assert recording_name(recording) == name


def test_name_of_a_file_object(tmp_path: Path):
    path = tmp_path / "a.wav"
    path.write_bytes(pcm())
    with path.open("rb") as file:
        assert recording_name(file) == str(path)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int16", "int32", "uint8", ">i2"])
@pytest.mark.parametrize("shape", ["mono", "channels first", "channels last"])
def test_arrays(dtype: str, shape: str):
    samples = tone(48_000, 1.0).astype(np.float64)
    if np.dtype(dtype).kind != "f":
        full_scale = 2 ** (8 * np.dtype(dtype).itemsize - 1)
        samples = np.round(samples * full_scale) + (128 if dtype == "uint8" else 0)
    array = samples.astype(dtype)
    if shape != "mono":
        array = np.stack([array, array], axis=0 if shape == "channels first" else 1)
    loaded = load((array, 48_000), RATE)
    assert_tone(loaded.waveform, RATE, 1.0)
    assert loaded.duration == 1.0


def test_an_array_at_the_asked_rate_passes_unchanged():
    waveform = tone(RATE, 2.5)
    np.testing.assert_array_equal(load((waveform, RATE), RATE).waveform, waveform)


# --- What it refuses


@pytest.mark.parametrize(
    ("array", "rate", "reason"),
    [
        (np.zeros(100, np.int64), RATE, "int64"),
        (np.zeros(100, np.complex64), RATE, "complex64"),
        (np.zeros(100, bool), RATE, "bool"),
        (np.array(["a"]), RATE, "<U1"),
        ([0.0, 0.1], RATE, "list"),
        (None, RATE, "NoneType"),
        (np.zeros(0, np.float32), RATE, "length is zero"),
        (np.zeros((2, 0), np.float32), RATE, "length is zero"),
        (np.ones(1, np.float32), 48_000, "length is zero"),  # less than a sample at 16 kHz
        (np.zeros((), np.float32), RATE, "shape ()"),
        (np.zeros((2, 2), np.float32), RATE, "shape (2, 2)"),
        (np.zeros((100, 100), np.float32), RATE, "shape (100, 100)"),
        (np.zeros((1, 2, 100), np.float32), RATE, "shape (1, 2, 100)"),
        (np.zeros(100, np.float32), 0, "0 Hz"),
        (np.zeros(100, np.float32), -16000, "-16000 Hz"),
        (np.zeros(100, np.float32), 10**9, "1000000000 Hz"),
        (np.zeros(100, np.float32), 16000.5, "16000.5 Hz"),
        (np.zeros(100, np.float32), float("nan"), "nan Hz"),
        (np.zeros(100, np.float32), "16000", "'16000' Hz"),
        (np.zeros(100, np.float32), True, "True Hz"),
        (np.full(100, np.nan, np.float32), RATE, "finite"),
    ],
)
def test_bad_arrays(array: Any, rate: Any, reason: str):
    assert reason in refusal((array, rate))


def test_other_bad_values():
    assert "(waveform, rate)" in refusal((np.zeros(100, np.float32),))
    assert "no recording" in refusal(42)
    assert "no recording" in refusal(np.zeros(100, np.float32))
    assert "binary mode" in refusal(StringIO("text"))


def test_bad_paths(tmp_path: Path):
    assert "no such file" in refusal(tmp_path / "missing.wav")
    assert "no such file" in refusal("")
    assert "folder" in refusal(tmp_path)
    assert "can't be read" in refusal("null\0byte.wav")
    assert "can't be read" in refusal("x" * 5000)
    file = tmp_path / "a.wav"
    file.write_bytes(pcm())
    assert "no such file" in refusal(file / "b.wav")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_hang(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe.wav")
    assert "device or a pipe" in refusal(tmp_path / "pipe.wav")


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "a.wav"
    path.write_bytes(pcm())
    path.chmod(0)
    if os.access(path, os.R_OK):  # root reads everything

        def forbidden(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", forbidden)
    assert "permission" in refusal(path)
    path.chmod(stat.S_IRUSR | stat.S_IWUSR)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        ("狗叫, dog barking\n".encode() * 300, "not a sound or video file"),
        (np.random.default_rng(0).bytes(100_000), "not a sound or video file"),
        (bytes(100_000), "not a sound or video file"),
        (pcm()[:30], "not a sound or video file"),
        (pcm(0.0), "length is zero"),
        (encode_pictures("mp4", 25), "only pictures"),
        (pcm().replace(RATE.to_bytes(4, "little"), b"\1\0\0\0", 1), "1 Hz"),
        (wav(np.full(100, np.nan, "<f4").tobytes(), 3, 32, RATE), "finite"),
    ],
    ids=["empty", "text", "noise", "zeros", "head", "no data", "video", "rate", "nan"],
)
def test_bad_files(tmp_path: Path, data: bytes, reason: str):
    path = tmp_path / "a.wav"
    path.write_bytes(data)
    with pytest.raises(RecordingError) as caught:
        load(path, RATE)
    assert str(path) in caught.value.text.en
    assert reason in caught.value.text.en
    with use("zh"):
        assert str(caught.value) == caught.value.text.zh


def test_a_file_object_that_fails():
    class Failing(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 100_000:
                raise OSError(5, "Input/output error")
            return super().read(size)

    assert "Input/output error" in refusal(Failing(pcm(20.0)))
    closed = BytesIO(pcm())
    closed.close()
    assert "can't be read" in refusal(closed)


# --- What it warns of


@pytest.mark.parametrize(
    ("container", "codec", "options"),
    [
        ("wav", "pcm_s16le", {}),
        ("wav", "pcm_f32le", {}),
        ("aiff", "pcm_s16be", {}),
        ("caf", "pcm_s16be", {}),
        ("mp3", "libmp3lame", {}),
        ("flac", "flac", {}),
        ("ogg", "libopus", {}),
        ("ogg", "flac", {}),
        ("webm", "libopus", {}),
        ("adts", "aac", {}),
        ("mp4", "aac", {"movflags": "frag_keyframe+empty_moov", "frag_duration": "500000"}),
    ],
)
def test_a_truncated_file_gives_what_is_there(container: str, codec: str, options: dict[str, str]):
    data = encode(container, codec, tone(48_000, 6.0), 48_000, options=options)
    assert warnings_of(data) == []
    loaded = load(data[: len(data) // 2 - 1], RATE)
    assert 2.0 < loaded.duration < 3.6
    assert_tone(loaded.waveform, RATE, loaded.duration, level_error=0.06)
    assert len(loaded.warnings) == 1
    assert "cut off" in loaded.warnings[0].en
    assert "不完整" in loaded.warnings[0].zh


def test_an_m4a_without_its_table_is_refused():
    data = encode("ipod", "aac", tone(44_100, 5.0), 44_100)
    assert "never finished" in refusal(data[: len(data) // 2])


@pytest.mark.parametrize("size", [b"\0\0\0\0", b"\xff\xff\xff\xff"])
def test_a_streamed_wav_is_not_called_truncated(size: bytes):
    plain = pcm(1.23)
    data = plain.index(b"data")
    streamed = plain[:4] + size + plain[8 : data + 4] + size + plain[data + 8 :]
    assert warnings_of(streamed) == []
    assert_tone(load(streamed, RATE).waveform, RATE, 1.23)


@pytest.mark.parametrize(
    ("container", "codec", "size"),
    [("flac", "flac", 4000), ("ogg", "flac", 4000), ("ipod", "aac", 4000), ("ipod", "aac", 50)],
)
def test_damage_in_the_middle_is_left_out(container: str, codec: str, size: int):
    data = bytearray(encode(container, codec, tone(48_000, 10.0), 48_000))
    middle = len(data) // 2
    data[middle : middle + size] = b"\xff" * size
    loaded = load(bytes(data), RATE)
    assert 8.0 < loaded.duration < 10.0
    assert [warning.en.split(":")[0] for warning in loaded.warnings] == ["The file is damaged"]
    assert_tone(loaded.waveform[: 4 * RATE], RATE, 4.0, level_error=0.05)
    assert_tone(loaded.waveform[-4 * RATE :], RATE, 4.0, level_error=0.05)


def test_silence_is_said():
    assert warnings_of(wav(bytes(32_000), 1, 16, RATE)) == [
        "The recording is silent. Check the microphone and its level."
    ]
    assert warnings_of((tone(RATE, 1.0, level=1e-3), RATE)) == []


def test_samples_that_are_no_numbers_become_zeros():
    waveform = tone(RATE, 3.0)
    waveform[[20_000, 40_000]] = np.nan  # in the second block and in the third
    waveform[40_002:40_004] = np.inf, -np.inf
    waveform[40_005] = 1e30
    for recording in ((waveform, RATE), wav(waveform.astype("<f4").tobytes(), 3, 32, RATE)):
        loaded = load(recording, RATE)
        assert loaded.warnings[0].en.startswith("5 samples were no usable numbers")
        assert "the first is at 1.250 s" in loaded.warnings[0].en
        assert "1.250 秒" in loaded.warnings[0].zh
        assert not loaded.waveform[[20_000, 40_000, 40_002, 40_003, 40_005]].any()
        assert np.isfinite(loaded.waveform).all()
        np.testing.assert_array_equal(loaded.waveform[:20_000], waveform[:20_000])


def test_a_float64_too_large_for_float32():
    waveform = tone(RATE, 1.0).astype(np.float64)
    waveform[7] = 1e300
    assert "1 samples" in warnings_of((waveform, RATE))[0]


def test_nan_in_one_channel_keeps_the_other():
    waveform = tone(RATE, 1.0)
    both = np.stack([waveform, np.full_like(waveform, np.nan)])
    np.testing.assert_array_equal(load((both, RATE), RATE).waveform, waveform / 2)


# --- Hostile files


def test_playlists_are_refused_and_open_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "secret.wav").write_bytes(pcm())
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        url = f"http://127.0.0.1:{server.getsockname()[1]}/a.wav"
        for target in (url, "secret.wav", f"file:{tmp_path / 'secret.wav'}"):
            for playlist in (
                f"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{target}\n#EXT-X-ENDLIST\n",
                f"ffconcat version 1.0\nfile '{target}'\n",
                f'<?xml version="1.0"?><MPD><Period><BaseURL>{target}</BaseURL></Period></MPD>',
                f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\na={target}\n"
                "t=0 0\nm=audio 5004 RTP/AVP 0\n",
            ):
                path = tmp_path / "a.mp3"
                path.write_text(playlist)
                assert "not a sound or video file" in refusal(path)
                assert "not a sound or video file" in refusal(playlist.encode())
        with pytest.raises(TimeoutError):
            server.accept()


# --- Streams


def test_a_long_recording_is_streamed_in_little_memory():
    rate, minutes = 8_000, 20
    data = encode("flac", "flac", np.tile(tone(rate, 60.0), minutes), rate)
    tracemalloc.start()
    with open_recording(data, rate) as stream:
        sizes = [len(block) for block in stream.blocks()]
        _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert sum(sizes) == minutes * 60 * rate
    assert stream.duration == minutes * 60
    assert max(sizes) <= 2 * rate
    assert peak < 1_000_000  # the whole is 38 MB


def test_nothing_is_decoded_before_it_is_asked_for():
    with open_recording(pcm(60.0), RATE) as stream:
        assert stream.duration == 0
        blocks = stream.blocks()
        next(blocks)
        assert 0 < stream.duration < 5
        assert sum(len(block) for block in blocks) == 59 * RATE
        assert stream.duration == 60


def test_blocks_are_given_once():
    with open_recording(pcm(), RATE) as stream:
        list(stream.blocks())
        with pytest.raises(RuntimeError, match="only once"):
            next(stream.blocks())


def test_a_stream_left_early_ends(tmp_path: Path):
    path = tmp_path / "a.flac"
    path.write_bytes(flac(5.0))
    with open_recording(path, RATE) as stream:
        blocks = stream.blocks()
        next(blocks)
    assert sum(len(block) for block in blocks) < 4 * RATE  # and no crash in the decoder


def test_unseekable_is_asked_politely():
    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise UnsupportedOperation("seek")

    assert_tone(load(Pipe(pcm()), RATE).waveform, RATE, 1.0)
