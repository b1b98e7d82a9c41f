import hashlib

import numpy as np
import pytest

from anysound.models.clap.canonical import CANONICAL_TEXTS, _noise, _sine, canonical_audio
from anysound.models.clap.family import TEMPLATE

SHA256 = {  # of the clips at 48 kHz as 16-bit samples; references made with others are void
    "beep": "47191b2270a0579f7fa83154eb6fc7e42f482b2941b5c5b32d3a3d153ca02aff",
    "footsteps": "c9192349775c5d389f445adf41a78436e5e86dd48b74a0b1f957a027c31e2642",
    "dog": "4df2f46b833f8bf1738f8691e4cfb504cc7e8ba21e2eddf4fa2237dd64ac4224",
    "siren": "c9eb7ff80bcbf547a87844d477ede732fc3d6398aa51837ac6c837964b6c45cc",
    "bell": "4e2e163d5609e934d28145b61c275054ea4f6bba384b3fcff747115aef3af8f1",
    "motor": "b147fa1faec2349fdd10a6206001ec88e121fb6f2d5d5cd3843a2e4f00fc7be0",
    "rain": "32f2806a1a75f2bfb66c37b7d876ea378aef7ff891e87cb6f62281d33949d3e5",
    "street": "213f79921f3e436996651ad0bbcb3b86bcafc878967c45f0bdc24becd92de7a5",
}


def test_the_clips_are_these_to_the_bit() -> None:
    clips = canonical_audio(48_000)
    steps = {name: clip * 32768 for name, clip in clips.items()}
    assert all((step == np.rint(step)).all() for step in steps.values())
    digests = {
        name: hashlib.sha256(step.astype("<i2").tobytes()).hexdigest()
        for name, step in steps.items()
    }
    assert digests == SHA256


@pytest.mark.parametrize("rate", [16_000, 44_100, 48_000])
def test_clips_are_loud_and_of_the_lengths_that_matter(rate: int) -> None:
    clips = canonical_audio(rate)
    assert [len(clip) / rate for clip in clips.values()] == [1, 1, 5, 5, 5, 10, 10, 25]
    for clip in clips.values():
        assert clip.dtype == np.float32
        assert np.abs(clip).max() == pytest.approx(0.5, abs=1e-4)
        assert 0.02 < np.sqrt(np.mean(clip.astype(np.float64) ** 2)) < 0.4


def test_clips_that_are_too_long_are_left_out() -> None:
    assert "street" not in canonical_audio(48_000, longest=10.0)
    assert {"motor", "rain"} <= canonical_audio(48_000, longest=10.0).keys()
    assert canonical_audio(48_000, longest=9.0).keys() == {
        *("beep", "footsteps", "dog", "siren", "bell")
    }


def test_each_clip_has_a_text_in_the_usual_template() -> None:
    before, after = TEMPLATE.split("{}")
    assert len(CANONICAL_TEXTS) == len(set(CANONICAL_TEXTS)) == len(SHA256)
    assert all(text.startswith(before) and text.endswith(after) for text in CANONICAL_TEXTS)


def test_noise_is_splitmix64() -> None:
    # The first outputs of the published generator for the seed 0.
    published = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F]
    assert _noise(3, seed=0).tolist() == [(z >> 11) / 2.0**52 - 1.0 for z in published]


def test_the_sine_is_close_to_a_sine() -> None:
    turns = np.linspace(-3.0, 3.0, 10_001)
    assert np.abs(_sine(turns) - np.sin(2 * np.pi * turns)).max() < 2e-3
