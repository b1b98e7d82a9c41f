import importlib
import tracemalloc
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anysound.features import LogMelSpec, log_mel, mel_filters

SPEC = LogMelSpec(rate=32_000, n_fft=1024, hop=640, n_mels=64, f_min=50.0, f_max=14_000.0)
CLAP = LogMelSpec(rate=48_000, n_fft=1024, hop=480, n_mels=64, f_min=50.0, f_max=14_000.0)

SCALES: list[Literal["htk", "slaney"]] = ["htk", "slaney"]


def on_scale(scale: Literal["htk", "slaney"], f_min: float = 50.0, n_fft: int = 1024) -> LogMelSpec:
    return LogMelSpec(48_000, n_fft, 480, 64, f_min, 14_000.0, scale)


def noise(length: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal(length).astype(np.float32)


def by_the_book(waveform: NDArray[np.floating], spec: LogMelSpec) -> NDArray[np.float64]:
    """Frame by frame, in float64, with all bins."""
    padded = np.pad(waveform.astype(np.float64), spec.n_fft // 2, mode="reflect")
    window = np.hanning(spec.n_fft + 1)[:-1]
    frames = [
        padded[start : start + spec.n_fft] * window
        for start in range(0, len(waveform) + 1, spec.hop)
    ]
    bands = np.abs(np.fft.rfft(frames)) ** 2 @ mel_filters(spec)
    return np.asarray(10 * np.log10(np.maximum(bands, 1e-10)))


def test_a_frame_every_hop_centred_on_it() -> None:
    assert log_mel(np.zeros(5 * 32_000, np.float32), SPEC).shape == (251, 64)
    assert log_mel(np.zeros(1, np.float32), SPEC).shape == (1, 64)


def test_silence_is_at_the_floor() -> None:
    np.testing.assert_array_equal(log_mel(np.zeros(3200, np.float32), SPEC), -100.0)


@settings(max_examples=50)
@given(
    length=st.integers(1, 2000) | st.integers(60, 70).map(lambda frames: frames * 480),
    seed=st.integers(0, 9),
)
def test_equals_the_definition(length: int, seed: int) -> None:
    waveform = noise(length, seed)
    np.testing.assert_allclose(log_mel(waveform, CLAP), by_the_book(waveform, CLAP), atol=2e-5)


@pytest.mark.parametrize("frequency", [200.0, 1000.0, 5000.0])
def test_a_tone_is_loudest_in_the_band_that_holds_it(frequency: float) -> None:
    waveform = np.sin(2 * np.pi * frequency * np.arange(32_000) / 32_000)
    loudest = int(log_mel(waveform, SPEC)[25].argmax())
    bins = np.linspace(0, 16_000, 513)
    weights = mel_filters(SPEC)[:, loudest]
    assert bins[weights > 0].min() - 40 <= frequency <= bins[weights > 0].max() + 40


def test_power_of_a_tone_by_hand() -> None:
    # A sine at a bin's centre puts (n_fft * mean(window) / 2)^2 = 256^2 into that bin and
    # half the amplitude into its neighbours.
    frequency = 32 * 32_000 / 1024
    waveform = np.sin(2 * np.pi * frequency * np.arange(32_000) / 32_000)
    power = np.zeros(513)
    power[31:34] = np.array([0.25, 1.0, 0.25]) * 256.0**2
    expected = 10 * np.log10(np.maximum(power @ mel_filters(SPEC), 1e-10))
    audible = expected > 0
    measured = log_mel(waveform, SPEC)[25]
    np.testing.assert_allclose(measured[audible], expected[audible], atol=1e-3)


@pytest.mark.parametrize("frames", [1, 63, 64, 65, 200])
@pytest.mark.parametrize("chunk", [8, 16, 128, 512])
def test_same_bits_in_chunks_of_any_size(
    chunk: int, frames: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    waveform = noise((frames - 1) * CLAP.hop + 17)
    expected = log_mel(waveform, CLAP)
    monkeypatch.setattr(importlib.import_module("anysound.features.log_mel"), "_CHUNK", chunk)
    np.testing.assert_array_equal(log_mel(waveform, CLAP), expected)


def test_memory_does_not_grow_with_the_waveform() -> None:
    waveform = noise(120 * 48_000)
    log_mel(waveform[:1000], CLAP)  # what is kept from call to call
    tracemalloc.start()
    result = log_mel(waveform, CLAP)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak - result.nbytes < 2_500_000


def test_a_span_between_two_bins_is_silent() -> None:
    narrow = LogMelSpec(48_000, 1024, 480, 4, 50.0, 60.0)
    np.testing.assert_array_equal(log_mel(noise(4800), narrow), -100.0)


def test_filters_are_triangles_that_overlap_by_half() -> None:
    filters = mel_filters(LogMelSpec(48_000, 8192, 480, 64, 50.0, 14_000.0))
    inner = filters[200:2200].sum(axis=1)
    assert filters.min() == 0.0
    assert filters.max() <= 1.0
    np.testing.assert_allclose(inner, 1.0, atol=1e-9)


def test_slaney_filters_have_equal_areas() -> None:
    filters = mel_filters(on_scale("slaney", n_fft=65_536))
    np.testing.assert_allclose(filters.sum(axis=0) * 48_000 / 65_536, 1.0, rtol=1e-3)


def test_slaney_bands_are_equally_wide_to_1_khz_and_grow_evenly_above() -> None:
    peaks = mel_filters(on_scale("slaney", n_fft=65_536)).argmax(axis=0) * 48_000 / 65_536
    steps = np.diff(peaks)
    low, high = peaks[1:] < 1000, peaks[:-1] > 1000
    np.testing.assert_allclose(steps[low], steps[0], atol=1.5)
    np.testing.assert_allclose((peaks[1:] / peaks[:-1])[high], peaks[-1] / peaks[-2], rtol=2e-3)


# Parity with transformers.


def tone(frequency: float, level: float, length: int) -> NDArray[np.float32]:
    """Make a sine; ``level`` in dB of full scale."""
    seconds = np.arange(length) / 48_000
    return (10 ** (level / 20) * np.sin(2 * np.pi * frequency * seconds)).astype(np.float32)


def chirp(length: int) -> NDArray[np.float32]:
    phase = np.cumsum(np.geomspace(20.0, 23_000.0, length)) / 48_000
    return np.sin(2 * np.pi * phase).astype(np.float32)


def impulse(length: int) -> NDArray[np.float32]:
    waveform = np.zeros(length, dtype=np.float32)
    waveform[length // 3] = 1.0
    return waveform


SIGNALS: dict[str, Any] = {
    "noise": noise,
    "loud noise": lambda length: noise(length, 1) * np.float32(100),
    "quiet noise": lambda length: noise(length, 2) * np.float32(1e-4),
    **{
        f"{frequency:g} Hz at {level:g} dB": lambda length, f=frequency, level=level: tone(
            f, level, length
        )
        for frequency in (50.0, 440.0, 1000.0, 4123.4, 13_900.0, 20_000.0)
        for level in (0.0, -60.0)
    },
    "chirp": chirp,
    "silence": lambda length: np.zeros(length, dtype=np.float32),
    "impulse": impulse,
}
SECOND = 48_000


@pytest.mark.parity
@pytest.mark.parametrize("f_min", [0.0, 50.0])
@pytest.mark.parametrize("scale", SCALES)
def test_filters_equal_the_reference(scale: Literal["htk", "slaney"], f_min: float) -> None:
    reference = pytest.importorskip("transformers.audio_utils")
    expected = reference.mel_filter_bank(
        513, 64, f_min, 14_000.0, 48_000, "slaney" if scale == "slaney" else None, scale
    )
    np.testing.assert_allclose(mel_filters(on_scale(scale, f_min)), expected, rtol=0, atol=1e-12)


def assert_equals_the_reference(signal: str, length: int, spec: LogMelSpec) -> None:
    transformers = pytest.importorskip("transformers")
    extractor = transformers.ClapFeatureExtractor(frequency_min=50)
    filters = extractor.mel_filters_slaney if spec.scale == "slaney" else extractor.mel_filters
    waveform = SIGNALS[signal](length)
    expected = extractor._np_extract_fbank_features(waveform, filters)
    np.testing.assert_allclose(log_mel(waveform, spec), expected, rtol=0, atol=2e-4)


@pytest.mark.parity
@pytest.mark.parametrize("length", [SECOND, 5 * SECOND, 10 * SECOND, 10 * SECOND + 100])
@pytest.mark.parametrize("signal", SIGNALS)
@pytest.mark.parametrize("scale", SCALES)
def test_decibels_equal_the_reference(
    scale: Literal["htk", "slaney"], signal: str, length: int
) -> None:
    assert_equals_the_reference(signal, length, on_scale(scale))


@pytest.mark.parity
@pytest.mark.parametrize("signal", SIGNALS)
def test_decibels_of_half_a_minute_equal_the_reference(signal: str) -> None:
    assert_equals_the_reference(signal, 30 * SECOND, CLAP)


@pytest.mark.parity
@pytest.mark.slow
@pytest.mark.parametrize(
    "signal", ["noise", "440 Hz at 0 dB", "13900 Hz at -60 dB", "chirp", "silence", "impulse"]
)
def test_decibels_of_ten_minutes_equal_the_reference(signal: str) -> None:
    assert_equals_the_reference(signal, 600 * SECOND, CLAP)
