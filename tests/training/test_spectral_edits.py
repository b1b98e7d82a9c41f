"""What is done to a spectrogram makes a qualifier true of it, as the edit of samples does."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.clips import Clip, spectrogram  # noqa: E402
from training.effects import CLIP  # noqa: E402
from training.qualifiers import opposites  # noqa: E402
from training.spectral_edits import FRAMES, POLES, PolePairs  # noqa: E402
from training.synthesis.registry import RATE, Sound  # noqa: E402

from training import edits, spectral_edits  # noqa: E402

pytestmark = pytest.mark.parity

FRAME = 0.02  # seconds


def tone(hz: float, seconds: float = 5.0) -> np.ndarray:
    time = np.arange(int(seconds * RATE)) / RATE
    return sum(np.sin(2 * np.pi * hz * n * time) / n for n in (1, 2, 3))


def noise(seconds: float = 5.0) -> np.ndarray:
    return np.random.default_rng(1).standard_normal(int(seconds * RATE))


def knock() -> np.ndarray:
    time = np.arange(int(0.2 * RATE)) / RATE
    return np.exp(-30 * time) * np.sin(2 * np.pi * 800 * time)


def seen(samples: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(spectrogram(Sound(samples))).float()


def loudest_bands(clip: torch.Tensor) -> np.ndarray:
    return clip.argmax(1).numpy()


def edit_of(name: str) -> spectral_edits.Edit:
    return next(e for p in POLES for n, e in zip(p.names, p.edits, strict=True) if n == name)


def onsets(clip: torch.Tensor) -> np.ndarray:
    levels = spectral_edits._levels(clip).numpy()
    rises = (levels[1:] > -8) & (levels[:-1] <= -8)
    return np.flatnonzero(rises) * FRAME


def test_a_glide_is_that_of_the_samples() -> None:
    wave = tone(400)
    for octaves in (-1.2, 1.2):
        of_samples = loudest_bands(seen(edits._glide(wave, octaves)))
        of_spectrogram = loudest_bands(spectral_edits._glide(seen(wave), octaves))
        assert np.abs(of_samples - of_spectrogram)[3:-3].max() <= 1
        assert np.sign(of_spectrogram[-5] - of_spectrogram[5]) == np.sign(octaves)


def test_speed_is_that_of_the_samples() -> None:
    wave = tone(800, 2.0)
    for speed in (0.6, 1.8):
        of_samples = loudest_bands(seen(edits._resampled(wave, speed)))
        faster = spectral_edits._at_speed(np.random.default_rng(2), seen(wave), speed)
        start, stop = spectral_edits._span(faster)
        middle = loudest_bands(faster)[(start + stop) // 2]
        assert abs(int(middle) - int(of_samples[20])) <= 1
        assert (stop - start) * FRAME == pytest.approx(2.0 / speed, abs=0.1)


def test_what_is_repeated_evenly_comes_at_even_times() -> None:
    rng = np.random.default_rng(3)
    even = [np.diff(onsets(edit_of("regular")(rng, seen(knock())))) for _ in range(10)]
    uneven = [np.diff(onsets(edit_of("irregular")(rng, seen(knock())))) for _ in range(10)]
    assert all(gaps.std() < 0.06 * gaps.mean() + FRAME for gaps in even)
    assert all(gaps.std() > 0.2 * gaps.mean() for gaps in uneven)
    assert len(onsets(edit_of("single")(rng, seen(knock())))) == 1
    assert len(onsets(edit_of("repeated")(rng, seen(knock())))) > 2
    assert len(onsets(edit_of("slow")(rng, seen(knock())))) <= 6


def test_levels_move_as_is_said() -> None:
    rng = np.random.default_rng(4)

    def change(name: str) -> float:
        levels = spectral_edits._levels(edit_of(name)(rng, seen(noise()))).numpy()
        return float(levels[-50:].mean() - levels[:50].mean())

    assert change("loud_growing") > 10
    assert change("fading") < -10
    assert abs(change("continuous")) < 1
    for name, quiet in (("continuous", 0.0), ("intermittent", 0.25), ("short", 0.85)):
        levels = spectral_edits._levels(edit_of(name)(rng, seen(noise()))).numpy()
        assert (levels < -20).mean() >= quiet, name
    steady = spectral_edits._levels(edit_of("steady")(rng, seen(noise()))).std()
    assert spectral_edits._levels(edit_of("trembling")(rng, seen(noise()))).std() > 2 * steady


def test_which_sounds_an_edit_fits() -> None:
    clips = torch.stack([seen(tone(440)), seen(noise()), seen(knock())])
    assert spectral_edits._is_pitched(clips).tolist()[:2] == [True, False]
    assert spectral_edits._goes_on(clips).tolist() == [True, True, False]
    assert spectral_edits._is_event(clips).tolist() == [False, False, True]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([tone(300, 0.9), noise(2.0), knock(), tone(70)]))
def test_any_edit_of_any_clip_is_a_clip(seed: int, samples: np.ndarray) -> None:
    rng = np.random.default_rng(seed)
    start = rng.integers(CLIP - len(samples) + 1)
    clip = seen(np.pad(samples, (start, CLIP - start - len(samples))))
    for poles in POLES:
        for edit in poles.edits:
            made = spectral_edits._over_noise(rng, edit(rng, clip))
            assert made.shape == (FRAMES, 64)
            assert bool(torch.isfinite(made).all())
            assert float(made.max()) > -60


def test_pairs_are_of_one_sound_and_of_none_that_is_one_pole_already() -> None:
    clips = [Clip("hum", (), "esc10", "a"), Clip("hiss", ("steady",), "synthesis", "b")]
    features = torch.stack([seen(tone(200)), seen(noise())]).half()
    pairs = PolePairs(clips, features, ["hiss", "hum"])
    rng = np.random.default_rng(5)
    made, numbers, tags = pairs.draw(rng, 40)
    assert made.shape == (80, FRAMES, 64)
    assert {(a, b) for a, b in zip(tags[::2], tags[1::2], strict=True)} <= {p.names for p in POLES}
    assert all(b in opposites(a) for a, b in zip(tags[::2], tags[1::2], strict=True))
    assert (numbers[::2] == numbers[1::2]).all()
    of_hiss = {tag for tag, number in zip(tags, numbers, strict=True) if number == 0}
    assert "trembling" not in of_hiss
    assert "fading" in of_hiss
