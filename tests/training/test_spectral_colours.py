"""A spectrogram's colour is changed as the edit of the samples would have changed it."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

import training.synthesis  # noqa: E402, F401 - fills GENERATORS
from tests.training.making import seen  # noqa: E402
from training.effects import CLIP  # noqa: E402
from training.spectral_colours import POLES  # noqa: E402
from training.synthesis.registry import GENERATORS  # noqa: E402

from training import edits, effects  # noqa: E402

pytestmark = pytest.mark.parity

WITHIN = {"metallic": 6, "harsh": 5, "distant": 6, "noisy": 5, "reverberant": 4, "crisp": 3.5}
"""dB; all others within two. Noise and echoes are made of other random numbers."""


@pytest.fixture(scope="module")
def sounds() -> list[np.ndarray]:
    rng = np.random.default_rng(3)
    concepts = rng.choice(sorted(GENERATORS), 12, replace=False)
    made = [np.asarray(GENERATORS[name][0](rng).waveform, dtype=float) for name in concepts]
    return [whole(samples) for samples in made]


def whole(samples: np.ndarray) -> np.ndarray:
    return np.pad(samples[:CLIP], (0, max(0, CLIP - len(samples))))


def below_loudest(clip: torch.Tensor) -> torch.Tensor:
    return (clip - clip.max()).clamp(min=-70)


@pytest.mark.parametrize("name", sorted({name for poles in POLES for name in poles.names}))
def test_it_is_within_a_few_decibels_where_it_is_loud(
    name: str, sounds: list[np.ndarray], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(effects, "SLOPES", (0.5,))  # the same colour of noise in both
    of_samples, of_spectrogram = (
        next(e for p in poles for n, e in zip(p.names, p.edits, strict=True) if n == name)
        for poles in (edits.POLES, POLES)
    )
    apart = []
    for seed, samples in enumerate(sounds):
        expected = whole(of_samples(np.random.default_rng(seed), samples))
        expected = below_loudest(seen(expected))
        made = below_loudest(of_spectrogram(np.random.default_rng(seed), seen(samples)))
        apart.append(float((expected - made)[expected > -40].abs().mean()))
    assert np.mean(apart) < WITHIN.get(name, 2), name


def test_brown_noise_is_heard() -> None:
    """It was once normalised over rumble that no recording holds."""
    noise = effects.coloured(np.random.default_rng(1).standard_normal(CLIP), 1.0)
    power = np.abs(np.fft.rfft(noise)) ** 2
    hz = np.fft.rfftfreq(CLIP, 1 / effects.RATE)
    assert power[hz > 50].sum() > 0.4 * power.sum()
