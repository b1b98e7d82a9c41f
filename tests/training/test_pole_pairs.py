"""Both poles of a qualifier are made of one clip."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from tests.training.making import knock, noise, seen, tone  # noqa: E402
from training.clips import Clip  # noqa: E402
from training.effects import CLIP  # noqa: E402
from training.pole_pairs import POLES, PolePairs  # noqa: E402
from training.qualifiers import opposites  # noqa: E402
from training.spectral import FRAMES  # noqa: E402

from training import edits, pole_pairs  # noqa: E402

pytestmark = pytest.mark.parity


def test_every_edit_of_samples_has_its_edit_of_spectrograms() -> None:
    assert [poles.names for poles in POLES] == [poles.names for poles in edits.POLES]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([tone(300, 0.9), noise(2.0), knock(), tone(70)]))
def test_any_edit_of_any_clip_is_a_clip(seed: int, samples: np.ndarray) -> None:
    rng = np.random.default_rng(seed)
    start = rng.integers(CLIP - len(samples) + 1)
    clip = seen(np.pad(samples, (start, CLIP - start - len(samples))))
    for poles in POLES:
        for edit in poles.edits:
            made = pole_pairs._over_noise(rng, edit(rng, clip))
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
