"""What the tower measures of how a sound's level and its pitch move."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from tests.training.making import knock, seen  # noqa: E402
from training.audio_tower import AudioTower, Modulation, Motion  # noqa: E402
from training.augment import scaled  # noqa: E402
from training.effects import CLIP  # noqa: E402
from training.synthesis.registry import RATE  # noqa: E402

pytestmark = pytest.mark.parity


def knocks(times: np.ndarray) -> torch.Tensor:
    track, blow = np.zeros(CLIP), knock()[: RATE // 20]
    for time in times:
        start = int(time * RATE)
        track[start : start + len(blow)] += blow[: CLIP - start]
    return scaled(seen(track)[None].float())[:, None]


def even(rate: float) -> np.ndarray:
    return np.arange(0.1, 4.9, 1 / rate)


@pytest.mark.parametrize("rate", [1.5, 4.0, 9.0])
def test_it_counts_what_comes_again_and_again(rate: float) -> None:
    measure = Modulation(8)
    rates = np.geomspace(measure._LOWEST, measure._HIGHEST, measure._RATES)
    shares, correlation = (each[0].numpy() for each in measure.measured(knocks(even(rate))))
    fundamental = rates < 1.5 * rate
    peak = rates[fundamental][shares[-1][fundamental].argmax()]
    assert peak == pytest.approx(rate, rel=0.12)
    lags = np.geomspace(measure._SHORTEST, measure._LONGEST, measure._RATES)
    once = np.interp(1 / rate, lags, correlation[-1])
    assert once > 0.5
    assert once > np.interp(0.5 / rate, lags, correlation[-1]) + 0.3


def test_an_even_rhythm_correlates_with_itself_and_an_uneven_one_does_not() -> None:
    times = even(4.0)
    jitter = np.random.default_rng(1).uniform(-0.08, 0.08, len(times))
    lag = int(np.argmin(np.abs(np.geomspace(0.04, 2.8, 48) - 0.25)))
    regular, uneven = (
        float(Modulation(8).measured(knocks(at))[1][0, -1, lag - 1 : lag + 2].max())
        for at in (times, times + jitter)
    )
    assert regular > uneven + 0.2


@pytest.mark.parametrize("octaves", [1.0, -1.0])
@pytest.mark.parametrize(("start", "seconds"), [(0.0, 5.0), (2.0, 0.4)])
def test_it_tells_which_way_a_pitch_moves(octaves: float, start: float, seconds: float) -> None:
    time = np.arange(CLIP) / RATE
    along = (time - start) / seconds
    sounding = (along >= 0) & (along < 1)
    hertz = np.where(sounding, 600 * 2 ** (octaves * (along - 0.5)), 600)
    track = np.sin(2 * np.pi * np.cumsum(hertz) / RATE) * sounding
    track += 1e-3 * np.random.default_rng(1).standard_normal(CLIP)
    clip = scaled(seen(track)[None].float())[:, None]
    shares = Motion(8).measured(clip)[0].numpy()
    assert shares.sum(1) == pytest.approx(np.ones(len(shares)), abs=0.02)
    fitting = [lag for lag, frames in enumerate(Motion._LAGS) if frames * 0.02 < seconds / 2]
    middle = Motion._SHIFTS
    near = shares[fitting, middle - 4 : middle + 5].sum(0)  # farther lie other harmonics
    upwards = near[5:].sum() - near[:4].sum()
    assert upwards * np.sign(octaves) > 0.2


def test_a_clip_is_embedded_as_a_unit_vector_whatever_is_beside_it() -> None:
    tower = AudioTower(16).eval()
    clips = torch.cat([knocks(even(2.0)), knocks(even(7.0))])
    with torch.no_grad():
        together, alone = tower(clips), tower(clips[1:])
    assert together.norm(dim=1).numpy() == pytest.approx([1.0, 1.0], abs=1e-5)
    np.testing.assert_allclose(together[1], alone[0], atol=1e-5)
