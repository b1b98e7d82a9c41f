"""Augmentation leaves a clip a clip, whatever it holds."""

import pytest

torch = pytest.importorskip("torch")

from training.spectral import CENTRES, SILENT  # noqa: E402

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


def test_what_a_telephone_cuts_off_is_gone_and_the_rest_is_as_it_was() -> None:
    torch.manual_seed(0)
    clips = torch.randn(200, 251, 64) * 10 - 40
    narrow = augment.narrow(clips, torch.ones(200))
    gone = (narrow == SILENT).all(dim=1)
    assert bool((narrow == clips).transpose(1, 2)[~gone].all())
    assert bool(gone[:, CENTRES > 12000].all())
    assert not bool(gone[:, CENTRES < 3000][:, -1].any())
    assert 0.3 < float((~gone[:, 0]).float().mean()) < 0.7  # half keep the lowest
    assert torch.equal(augment.narrow(clips, torch.zeros(200)), clips)
