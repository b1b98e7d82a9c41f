import numpy as np
import pytest

from anysound.features import LogMelSpec, log_mel, mel_filters

SPEC = LogMelSpec(rate=32_000, n_fft=1024, hop=640, n_mels=64, f_min=50.0, f_max=14_000.0)


def test_a_frame_every_hop_centred_on_it() -> None:
    assert log_mel(np.zeros(5 * 32_000, np.float32), SPEC).shape == (251, 64)
    assert log_mel(np.zeros(1, np.float32), SPEC).shape == (1, 64)


def test_silence_is_at_the_floor() -> None:
    np.testing.assert_array_equal(log_mel(np.zeros(3200, np.float32), SPEC), -100.0)


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


def test_filters_are_triangles_that_overlap_by_half() -> None:
    filters = mel_filters(LogMelSpec(48_000, 8192, 480, 64, 50.0, 14_000.0))
    inner = filters[200:2200].sum(axis=1)
    assert filters.min() == 0.0
    assert filters.max() <= 1.0
    np.testing.assert_allclose(inner, 1.0, atol=1e-9)
