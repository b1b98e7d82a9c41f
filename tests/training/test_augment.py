"""Augmentation leaves a clip a clip, whatever it holds."""

import pytest

torch = pytest.importorskip("torch")

from training import augment  # noqa: E402

pytestmark = pytest.mark.parity


def test_a_band_that_moves_but_once_is_not_blown_up() -> None:
    """It made one loss infinite, and all that was learnt after it was lost."""
    torch.manual_seed(0)
    still = torch.full((64, 251, 64), -100.0)
    still[:, 100, 5] = -99.0
    lively = torch.randn(64, 251, 64) * 20 - 40
    clips = torch.cat([still, lively])
    always = torch.ones(len(clips))
    styled = augment.mix_style(clips, always)
    assert float(styled.max()) <= 60.0
    mixed, _, _ = augment.mix(styled, always)
    assert bool(torch.isfinite(augment.scaled(mixed)).all())
