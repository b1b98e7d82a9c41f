"""What is done to a spectrogram makes a qualifier true of it, as the edit of samples does."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from tests.training.making import knock, noise, seen, tone  # noqa: E402
from training.spectral_edits import POLES  # noqa: E402

from training import edits, spectral, spectral_edits  # noqa: E402

pytestmark = pytest.mark.parity

FRAME = 0.02  # seconds


def loudest_bands(clip: torch.Tensor) -> np.ndarray:
    return clip.argmax(1).numpy()


def edit_of(name: str) -> spectral.Edit:
    return next(e for p in POLES for n, e in zip(p.names, p.edits, strict=True) if n == name)


def onsets(clip: torch.Tensor) -> np.ndarray:
    levels = spectral.levels(clip).numpy()
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
        start, stop = spectral.span(faster)
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
        levels = spectral.levels(edit_of(name)(rng, seen(noise()))).numpy()
        return float(levels[-50:].mean() - levels[:50].mean())

    assert change("loud_growing") > 10
    assert change("fading") < -10
    assert abs(change("continuous")) < 1
    for name, quiet in (("continuous", 0.0), ("intermittent", 0.25), ("short", 0.85)):
        levels = spectral.levels(edit_of(name)(rng, seen(noise()))).numpy()
        assert (levels < -20).mean() >= quiet, name
    steady = spectral.levels(edit_of("steady")(rng, seen(noise()))).std()
    assert spectral.levels(edit_of("trembling")(rng, seen(noise()))).std() > 2 * steady


def test_which_sounds_an_edit_fits() -> None:
    clips = torch.stack([seen(tone(440)), seen(noise()), seen(knock())])
    assert spectral.is_pitched(clips).tolist()[:2] == [True, False]
    assert spectral.goes_on(clips).tolist() == [True, True, False]
    assert spectral.is_event(clips).tolist() == [False, False, True]
