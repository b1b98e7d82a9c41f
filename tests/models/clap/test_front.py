"""From a waveform to the audio tower's input, against transformers' own extractor."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from anysound.features import LogMelSpec
from anysound.models.clap.config import FrontConfig
from anysound.models.clap.front import clip_input

RATE = 48_000
CLIP = 10 * RATE
CLOSE = 2e-4  # dB


def front(scale: Any = "htk", padding: Any = "repeatpad") -> FrontConfig:
    mel = LogMelSpec(RATE, 1024, 480, 64, 50.0, 14_000.0, scale)
    return FrontConfig(mel, CLIP, padding)


def noise(samples: int, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 0.1, samples).astype(np.float32)


def tone(samples: int, hertz: float, level: float) -> NDArray[np.float32]:
    return (level * np.sin(2 * np.pi * hertz * np.arange(samples) / RATE)).astype(np.float32)


SOUNDS = {
    "noise": noise,
    "tone": lambda n: tone(n, 1000, 1.0),
    "faint tone": lambda n: tone(n, 6543.2, 0.001),
    "silence": lambda n: np.zeros(n, np.float32),
    "impulse": lambda n: np.eye(1, n, n // 3, dtype=np.float32)[0],
}
SAMPLES = (RATE, 5 * RATE, CLIP, CLIP + 100, 30 * RATE)


def extractor(truncation: str, padding: str = "repeatpad") -> Any:
    transformers = pytest.importorskip("transformers")
    return transformers.ClapFeatureExtractor(
        frequency_min=50, truncation=truncation, padding=padding
    )


def reference(extract: Any, waveform: NDArray[np.float32]) -> NDArray[np.float32]:
    """What the extractor makes of a waveform, its random crops drawn from a fixed seed."""
    np.random.seed(7)
    return np.asarray(extract(waveform, sampling_rate=RATE)["input_features"][0], np.float32)


def drawn_frames(samples: int) -> list[int]:
    """The crops that the extractor draws in ``reference``."""
    np.random.seed(7)
    ranges = np.array_split(np.arange(samples // 480 + 1 - 1001 + 1), 3)
    return [int(np.random.choice(each if len(each) else [0])) for each in ranges]


@pytest.mark.parity
@pytest.mark.parametrize("samples", SAMPLES)
@pytest.mark.parametrize("sound", SOUNDS)
def test_a_fused_model_gets_what_the_reference_gives(sound: str, samples: int) -> None:
    waveform = SOUNDS[sound](samples)
    is_longer = samples // 480 + 1 > 1001
    starts = drawn_frames(samples) if is_longer else None
    found = clip_input(waveform, front(), is_fused=True, starts=starts)
    np.testing.assert_allclose(
        found.features, reference(extractor("fusion"), waveform), rtol=0, atol=CLOSE
    )
    assert found.is_longer == is_longer


@pytest.mark.parity
@pytest.mark.slow
def test_ten_minutes_are_shrunk_as_by_the_reference() -> None:
    waveform = noise(600 * RATE)
    starts = drawn_frames(len(waveform))
    found = clip_input(waveform, front(), is_fused=True, starts=starts)
    expected = reference(extractor("fusion"), waveform)
    np.testing.assert_allclose(found.features, expected, rtol=0, atol=CLOSE)


@pytest.mark.parity
@pytest.mark.parametrize("samples", SAMPLES)
@pytest.mark.parametrize("sound", SOUNDS)
def test_another_model_gets_what_the_reference_gives(sound: str, samples: int) -> None:
    waveform = SOUNDS[sound](samples)
    starts = None
    if samples > CLIP:
        np.random.seed(7)
        starts = [int(np.random.randint(0, samples - CLIP + 1))]
    found = clip_input(waveform, front("slaney"), is_fused=False, starts=starts)
    np.testing.assert_allclose(
        found.features, reference(extractor("rand_trunc"), waveform), rtol=0, atol=CLOSE
    )


@pytest.mark.parity
@pytest.mark.parametrize("padding", ["repeatpad", "repeat", "pad"])
@pytest.mark.parametrize("samples", [1, 4801, 7 * RATE])
def test_padding_is_that_of_the_reference(padding: str, samples: int) -> None:
    waveform = noise(samples)
    found = clip_input(waveform, front(padding=padding), is_fused=True)
    expected = reference(extractor("fusion", padding), waveform)
    np.testing.assert_allclose(found.features, expected, rtol=0, atol=CLOSE)


def test_a_short_recording_is_not_fused_but_in_compat() -> None:
    waveform = noise(3 * RATE)
    assert not clip_input(waveform, front(), is_fused=True).is_longer
    assert clip_input(waveform, front(), is_fused=True, compat="transformers").is_longer


def test_a_long_recording_gives_the_same_input_every_time() -> None:
    waveform = noise(40 * RATE)
    one, other = (clip_input(waveform, front(), is_fused=True) for _ in range(2))
    assert np.array_equal(one.features, other.features)
    assert one.is_longer


def test_starts_beyond_the_recording_are_refused() -> None:
    with pytest.raises(ValueError, match="starts"):
        clip_input(noise(20 * RATE), front(), is_fused=True, starts=[0, 0, 5000])
    with pytest.raises(ValueError, match="starts"):
        clip_input(noise(20 * RATE), front("slaney"), is_fused=False, starts=[0, 1])
