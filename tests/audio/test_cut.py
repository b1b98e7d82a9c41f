"""Clips hold the very samples that the recording decodes to."""

import gc
import tracemalloc
from contextlib import ExitStack
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from anysound.audio import Recording, load
from anysound.audio.cut import Clip, clip_extension, cut_clips
from anysound.audio.recording import open_sound
from anysound.errors import OutputError, RecordingError
from tests.audio.making import assert_tone, encode, tone, wav

RATE = 16_000


def noise(rate: int, seconds: float, seed: int = 0) -> np.ndarray:
    """What no two samples of are alike, so that a shift by one is seen."""
    return np.random.default_rng(seed).uniform(-0.9, 0.9, round(rate * seconds)).astype(np.float32)


def samples_of(recording: Recording) -> np.ndarray:
    """All samples as they are decoded, shape ``(channels, n)``."""
    with ExitStack() as stack:
        pieces = open_sound("it", recording, stack).pieces
        return np.concatenate([piece.samples for piece in pieces], axis=1)


def codec_of(path: Path) -> str:
    with av.open(path) as container:
        return container.streams.audio[0].codec_context.name


def cut_one(recording: Recording, start: float, end: float, folder: Path) -> Path:
    path = folder / f"clip{clip_extension(recording)}"
    assert cut_clips(recording, [Clip(start, end, path)]) == [path]
    return path


LOSSLESS = [
    *(("wav", f"pcm_{kind}", f"pcm_{kind}") for kind in ("u8", "s16le", "s24le", "s32le")),
    *(("wav", f"pcm_{kind}", f"pcm_{kind}") for kind in ("f32le", "f64le")),
    *(("aiff", f"pcm_{kind}be", f"pcm_{kind}le") for kind in ("s16", "s24", "f32")),
    ("aiff", "pcm_s8", "pcm_u8"),
    ("caf", "pcm_s24be", "pcm_s24le"),
    ("au", "pcm_s16be", "pcm_s16le"),
    ("w64", "pcm_s16le", "pcm_s16le"),
    ("mov", "pcm_s24be", "pcm_s24le"),
    ("wav", "pcm_mulaw", "pcm_s16le"),
    ("wv", "wavpack", "pcm_s16le"),
    ("ipod", "alac", "pcm_s32le"),  # of 24 bits
    ("flac", "flac", "flac"),
    ("ogg", "flac", "flac"),
]


@pytest.mark.parametrize("channels", [1, 2, 6])
@pytest.mark.parametrize(("container", "codec", "expected"), LOSSLESS)
def test_the_samples_and_their_format_stay(
    tmp_path: Path, container: str, codec: str, expected: str, channels: int
) -> None:
    recording = encode(container, codec, noise(RATE, 2.0), RATE, channels)
    clip = cut_one(recording, 0.3, 1.25, tmp_path)
    source, samples = samples_of(recording), samples_of(clip)
    assert codec_of(clip) == expected
    assert samples.dtype == source.dtype
    np.testing.assert_array_equal(samples, source[:, 4800:20_000])
    assert load(clip, RATE).warnings == ()


def encode_32(samples: np.ndarray, bits: int) -> bytes:
    """A FLAC file of up to 32 bits, from samples at the full scale of 32."""
    file = BytesIO()
    options = {"bits_per_raw_sample": str(bits), "strict": "experimental"}
    with av.open(file, "w", format="flac") as output:
        stream: Any = output.add_stream("flac", rate=RATE, layout="mono", options=options)
        stream.codec_context.format = "s32"
        frame = av.AudioFrame.from_ndarray(samples[np.newaxis], format="s32", layout="mono")
        frame.sample_rate = RATE
        output.mux(stream.encode(frame))
        output.mux(stream.encode(None))
    return file.getvalue()


@pytest.mark.parametrize("bits", [24, 32])
def test_flac_keeps_its_depth(tmp_path: Path, bits: int) -> None:
    samples = np.random.default_rng(0).integers(-(2**31), 2**31, RATE).astype(np.int32)
    recording = encode_32(samples >> (32 - bits) << (32 - bits), bits)
    clip = cut_one(recording, 0.25, 0.75, tmp_path)
    np.testing.assert_array_equal(samples_of(clip), samples_of(recording)[:, 4000:12_000])
    depth = (int.from_bytes(clip.read_bytes()[18:26]) >> 36 & 31) + 1  # STREAMINFO
    assert depth == bits


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        ("mp3", "libmp3lame", 44_100),
        ("ipod", "aac", 44_100),
        ("amr", "libopencore_amrnb", 8_000),
        ("ogg", "libopus", 48_000),
        ("wav", "adpcm_ima_wav", 16_000),
    ],
)
def test_other_sound_becomes_flac_of_16_bits(
    tmp_path: Path, container: str, codec: str, rate: int
) -> None:
    recording = encode(container, codec, tone(rate, 2.0), rate)
    clip = cut_one(recording, 0.5, 1.5, tmp_path)
    assert clip.suffix == ".flac"
    source, samples = samples_of(recording)[:, rate // 2 : rate * 3 // 2], samples_of(clip)
    assert samples.dtype == np.int16
    scale = 2.0**15 if source.dtype.kind == "f" else 1.0
    np.testing.assert_allclose(samples, source * scale, atol=0.5)


def test_peaks_above_one_of_a_lossy_file_are_clipped_and_do_not_wrap(tmp_path: Path) -> None:
    square = np.sign(tone(44_100, 1.0)) * 0.99  # overshoots when it is coded
    recording = encode("mp3", "libmp3lame", square.astype(np.float32), 44_100)
    source = samples_of(recording)[0, :44_100]
    assert np.abs(source).max() > 1.0
    clip = samples_of(cut_one(recording, 0.0, 1.0, tmp_path))[0]
    assert np.abs(clip / 2.0**15 - np.clip(source, -1, 1)).max() <= 2**-15


def test_the_sound_of_a_video(tmp_path: Path) -> None:
    recording = encode("mp4", "aac", tone(48_000, 2.0), 48_000, pictures=40)
    clip = load(cut_one(recording, 0.5, 1.5, tmp_path), 48_000)
    assert_tone(clip.waveform, 48_000, 1.0, level_error=0.05)


@pytest.mark.parametrize("dtype", ["u1", "<i2", ">i2", "<i4", "<f4", "<f8"])
def test_an_array(tmp_path: Path, dtype: str) -> None:
    kind = np.dtype(dtype)
    drawn = np.random.default_rng(0).uniform(-1, 1, (2, RATE))
    scale = 2 ** (8 * kind.itemsize - 1) - 1 if kind.kind in "iu" else 1
    array = (drawn * scale + (128 if dtype == "u1" else 0)).astype(dtype)
    clip = cut_one((array, RATE), 0.25, 0.5, tmp_path)
    np.testing.assert_array_equal(samples_of(clip), array[:, 4000:8000])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(spans=st.lists(st.tuples(st.floats(-1, 3), st.floats(-1, 3)), max_size=6))
def test_any_spans(tmp_path: Path, spans: list[tuple[float, float]]) -> None:
    """Overlapping, empty, outside, in any order: each is the slice it names."""
    source = (noise(8_000, 1.7) * 2**15).astype("<i2")
    recording = wav(source.tobytes(), 1, 16, 8_000)
    clips = [Clip(*span, tmp_path / f"{index}.wav") for index, span in enumerate(spans)]
    expected = {}
    for clip in clips:
        clip.path.unlink(missing_ok=True)
        first, last = (int(np.floor(8_000 * at + 0.5)) for at in (clip.start, clip.end))
        if len(held := source[max(first, 0) : max(last, 0)]):
            expected[clip.path] = held
    assert cut_clips(recording, clips) == list(expected)
    for clip in clips:
        assert clip.path.exists() == (clip.path in expected)
    for path, held in expected.items():
        np.testing.assert_array_equal(samples_of(path)[0], held)


def test_clips_side_by_side_miss_and_repeat_nothing(tmp_path: Path) -> None:
    source = (noise(44_100, 3.0) * 2**15).astype("<i2")
    recording = wav(source.tobytes(), 1, 16, 44_100)
    times = [0.0, 0.1, 0.333333, 1 / 3 + 0.5, 1.7, 2.999999, 99.0]
    clips = [Clip(start, end, tmp_path / f"{start}.wav") for start, end in pairwise(times)]
    joined = np.concatenate([samples_of(path)[0] for path in cut_clips(recording, clips)])
    np.testing.assert_array_equal(joined, source)


@pytest.mark.parametrize(("container", "codec"), [("adts", "aac"), ("mp3", "libmp3lame")])
def test_a_rate_and_channels_that_change_inside_a_clip(
    tmp_path: Path, container: str, codec: str
) -> None:
    first = encode(container, codec, tone(16_000, 2.0), 16_000)
    second = encode(container, codec, tone(48_000, 2.0), 48_000, channels=2)
    recording = first + second
    path = cut_one(recording, 1.0, 3.5, tmp_path)
    clip = load(path, 16_000)
    assert samples_of(path).shape[0] == 1
    assert clip.duration == pytest.approx(2.5, abs=0.01)
    assert_tone(clip.waveform[:15_000], 16_000, 15 / 16, level_error=0.06)
    assert_tone(clip.waveform[-15_000:], 16_000, 15 / 16, level_error=0.06)


def test_after_a_change_of_rate_times_go_on(tmp_path: Path) -> None:
    halves = [encode("adts", "aac", tone(rate, 2.0), rate) for rate in (16_000, 48_000)]
    first, second = (load(half, RATE).duration for half in halves)
    path = cut_one(b"".join(halves), first + 0.5, 99.0, tmp_path)
    assert load(path, 48_000).duration == pytest.approx(second - 0.5, abs=0.05)


def test_damage_in_the_middle_is_left_out_as_it_is_in_the_waveform(tmp_path: Path) -> None:
    whole = encode("flac", "flac", noise(RATE, 4.0), RATE)
    hole = slice(len(whole) // 2, len(whole) // 2 + 3000)
    damaged = whole[: hole.start] + bytes(3000) + whole[hole.stop :]
    loaded = load(damaged, RATE)
    assert loaded.duration < 4.0
    clip = load(cut_one(damaged, 1.0, loaded.duration, tmp_path), RATE)
    np.testing.assert_array_equal(clip.waveform, loaded.waveform[RATE:])


def test_what_follows_the_last_clip_is_not_decoded(tmp_path: Path) -> None:
    class Counting(BytesIO):
        furthest = 0

        def read(self, size: int | None = -1) -> bytes:
            data = super().read(size)
            self.furthest = max(self.furthest, self.tell())
            return data

    recording = Counting(wav(bytes(2 * 48_000 * 60), 1, 16, 48_000))
    cut_clips(recording, [Clip(1.0, 2.0, tmp_path / "clip.wav")])
    assert recording.furthest < 700_000  # of six million


def test_a_long_clip_takes_little_memory(tmp_path: Path) -> None:
    recording = tmp_path / "long.wav"
    recording.write_bytes(wav(bytes(2 * 48_000 * 600), 1, 16, 48_000))
    gc.collect()
    tracemalloc.start()
    cut_clips(recording, [Clip(1.0, 599.0, tmp_path / "clip.wav")])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4 << 20


def test_the_same_clip_is_the_same_bytes(tmp_path: Path) -> None:
    recording = encode("mp3", "libmp3lame", tone(44_100, 2.0), 44_100)
    first = cut_one(recording, 0.5, 1.0, tmp_path).read_bytes()
    assert cut_one(recording, 0.5, 1.0, tmp_path).read_bytes() == first
    assert b"Lavf6" not in first  # of no version of FFmpeg


def test_a_recording_that_cannot_be_read(tmp_path: Path) -> None:
    clip = Clip(0, 1, tmp_path / "clip.wav")
    for call in (clip_extension, lambda recording: cut_clips(recording, [clip])):
        with pytest.raises(RecordingError, match="no such file"):
            call(tmp_path / "missing.wav")
        with pytest.raises(RecordingError, match="length is zero"):
            call(wav(b"", 1, 16, RATE))
    assert list(tmp_path.iterdir()) == []


def test_a_recording_that_fails_on_the_way_leaves_whole_files_only(tmp_path: Path) -> None:
    class Failing(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 1_000_000:
                raise OSError("the disk is gone")
            return super().read(size)

    recording = Failing(wav(bytes(2 * 48_000 * 60), 1, 16, 48_000))
    clips = [Clip(0, 1, tmp_path / "early.wav"), Clip(2, 59, tmp_path / "late.wav")]
    with pytest.raises(RecordingError, match="the disk is gone"):
        cut_clips(recording, clips)
    assert [path.name for path in tmp_path.iterdir()] == ["early.wav"]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    recording = wav(bytes(2 * RATE), 1, 16, RATE)
    with pytest.raises(OutputError, match="can't be written"):
        cut_clips(recording, [Clip(0, 1, tmp_path / "no" / "clip.wav")])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device")
def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recording = wav(bytes(2 * 48_000 * 60), 1, 16, 48_000)
    real_open = Path.open

    def full(self: Path, mode: str = "r", *rest: Any) -> Any:
        return real_open(Path("/dev/full"), "wb") if mode == "xb" else real_open(self, mode, *rest)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OutputError, match="space"):
        cut_clips(recording, [Clip(0, 60, tmp_path / "clip.wav")])
    assert list(tmp_path.iterdir()) == []
