"""Every kind of file that a phone, a recorder or a browser makes gives its sound back."""

from dataclasses import dataclass

import numpy as np
import pytest

from anysound.audio import load
from tests.audio.making import assert_tone, encode, rf64, tone, wav

RATE = 16_000
SECONDS = 2.0


@dataclass(frozen=True)
class Case:
    container: str
    codec: str
    rate: int = 48_000
    channels: int = 1
    late: float = 0.0
    level_error: float = 0.02

    def __str__(self) -> str:
        return f"{self.container}-{self.codec}-{self.rate}-{self.channels}"


CASES = [
    *(Case("wav", f"pcm_{kind}") for kind in ("u8", "s16le", "s24le", "s32le", "f32le", "f64le")),
    *(Case("wav", f"pcm_{kind}", 8_000) for kind in ("alaw", "mulaw")),
    Case("wav", "adpcm_ima_wav", late=0.05),
    Case("wav", "adpcm_ms", late=0.05),
    Case("w64", "pcm_s16le"),
    *(Case("aiff", f"pcm_{kind}") for kind in ("s16be", "s24be", "f32be")),
    Case("caf", "pcm_s16be"),
    Case("caf", "adpcm_ima_qt", 44_100, late=0.01),
    Case("caf", "alac", late=0.05),
    Case("au", "pcm_s16be"),
    Case("mp3", "libmp3lame", 44_100, 2, level_error=0.05),
    Case("mp3", "libmp3lame", 16_000, level_error=0.06),  # LAME turns mono down by 5 %
    Case("flac", "flac", 44_100, 2),
    Case("ogg", "vorbis", 48_000, 2, late=0.1, level_error=0.05),
    Case("ogg", "flac"),
    Case("ogg", "libopus", level_error=0.05),
    Case("opus", "libopus", 48_000, 2, level_error=0.05),
    Case("webm", "libopus", level_error=0.05),
    Case("ipod", "aac", 44_100, 2, late=0.05, level_error=0.05),  # m4a
    Case("ipod", "alac"),
    Case("mp4", "aac", late=0.05, level_error=0.05),
    Case("adts", "aac", late=0.1, level_error=0.05),
    Case("mov", "pcm_s16le"),
    Case("3gp", "aac", 16_000, late=0.15, level_error=0.05),
    Case("3gp", "libopencore_amrnb", 8_000, late=0.05, level_error=0.2),
    Case("amr", "libopencore_amrnb", 8_000, late=0.05, level_error=0.2),
    Case("avi", "pcm_s16le"),
    Case("mpegts", "aac", late=0.1, level_error=0.05),
    *(Case("wav", "pcm_s16le", rate) for rate in (8_000, 11_025, 22_050, 44_100, 96_000, 192_000)),
    *(Case("flac", "flac", rate) for rate in (8_000, 192_000)),
    *(Case("wav", "pcm_s16le", channels=channels) for channels in (2, 6, 8)),
    *(Case("flac", "flac", channels=channels) for channels in (6, 8)),
    Case("mp4", "aac", channels=6, late=0.05, level_error=0.2),  # one is bass only
    Case("ogg", "libopus", channels=6, level_error=0.05),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_tone_comes_out_again(case: Case):
    waveform = tone(case.rate, SECONDS)
    file = encode(case.container, case.codec, waveform, case.rate, case.channels)
    loaded = load(file, RATE)
    assert_tone(loaded.waveform, RATE, SECONDS, case.late, case.level_error)
    assert abs(loaded.duration - len(loaded.waveform) / RATE) <= 1 / RATE
    assert loaded.warnings == ()


@pytest.mark.parametrize("container", ["mp4", "matroska", "avi", "mov"])
def test_sound_of_a_video(container: str):
    file = encode(container, "aac", tone(48_000, SECONDS), 48_000, pictures=40)
    loaded = load(file, RATE)
    assert_tone(loaded.waveform, RATE, SECONDS, late=0.1, level_error=0.05)
    assert loaded.warnings == ()


def test_handmade_wav_of_each_width():
    samples = tone(RATE, SECONDS).astype(np.float64)
    files = [
        wav(np.round(samples * 128 + 128).astype("u1").tobytes(), 1, 8, RATE),
        wav(np.round(samples * 2**15).astype("<i2").tobytes(), 1, 16, RATE),
        wav(np.round(samples * 2**31).astype("<i4").tobytes(), 1, 32, RATE),
        wav(samples.astype("<f4").tobytes(), 3, 32, RATE),
        wav(samples.astype("<f8").tobytes(), 3, 64, RATE),
        rf64(np.round(samples * 2**15).astype("<i2").tobytes(), 16, RATE),
    ]
    for file, error in zip(files, (2**-7, 2**-15, 1e-7, 1e-7, 1e-7, 2**-15), strict=True):
        loaded = load(file, RATE)
        assert loaded.warnings == ()
        np.testing.assert_allclose(loaded.waveform, samples, atol=error)


@pytest.mark.parametrize(("code", "decoded"), [(6, [-8, 8, -32256]), (7, [-32124, 32124, 0])])
def test_a_law_and_mu_law_bytes_mean_what_g711_says(code: int, decoded: list[int]):
    coded = {6: b"\x55\xd5\x2a", 7: b"\x00\x80\xff"}[code]
    waveform = load(wav(coded * 800, code, 8, 8_000), 8_000).waveform
    np.testing.assert_array_equal(waveform[:3] * 2**15, decoded)


def test_amr_wb_frames_by_their_layout():
    frame = bytes([0 << 3 | 4]) + bytes(17)  # mode 0: 6.6 kbit/s, 17 bytes each 20 ms
    loaded = load(b"#!AMR-WB\n" + frame * 100, RATE)
    assert loaded.duration == 2.0
    assert loaded.waveform.shape == (2 * RATE,)


def test_channels_are_mixed_down_to_their_mean():
    left = tone(RATE, 1.0)
    interleaved = np.stack([left, np.zeros_like(left)], axis=1)
    mixed = load(wav(interleaved.astype("<f4").tobytes(), 3, 32, RATE, channels=2), RATE).waveform
    np.testing.assert_allclose(mixed, left / 2, atol=1e-7)


def test_peaks_above_one_are_kept():
    waveform = tone(RATE, 1.0, level=3.0)
    loaded = load(wav(waveform.astype("<f4").tobytes(), 3, 32, RATE), RATE)
    np.testing.assert_array_equal(loaded.waveform, waveform)
    assert loaded.warnings == ()


def test_tags_in_another_charset_do_no_harm():
    name = "中文歌".encode("gbk")
    tag = b"LIST" + (12 + len(name)).to_bytes(4, "little") + b"INFOINAM"
    tag += len(name).to_bytes(4, "little") + name
    plain = wav((tone(RATE, SECONDS) * 2**15).astype("<i2").tobytes(), 1, 16, RATE)
    data = plain.index(b"data")
    assert_tone(load(plain[:data] + tag + plain[data:], RATE).waveform, RATE, SECONDS)


@pytest.mark.parametrize(("container", "codec"), [("adts", "aac"), ("mp3", "libmp3lame")])
def test_a_rate_that_changes_on_the_way(container: str, codec: str):
    """Two files put one after the other are one recording."""
    halves = [encode(container, codec, tone(rate, SECONDS), rate) for rate in (16_000, 48_000)]
    waveform = load(b"".join(halves), RATE).waveform
    second = round(SECONDS * RATE)
    assert_tone(waveform[:second], RATE, SECONDS, level_error=0.06)
    assert_tone(waveform[-second:], RATE, SECONDS, level_error=0.06)
    assert len(waveform) / RATE == pytest.approx(2 * SECONDS, abs=0.15)
