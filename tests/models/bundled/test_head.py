"""The layer that texts go through moves each by what its words mean together."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anysound.models.bundled.head import INNER, OUTER, TextHead

rng = np.random.default_rng(1)
INNER_WEIGHTS, OUTER_WEIGHTS = rng.normal(size=(16, 8)), 0.2 * rng.normal(size=(8, 16))
HEAD = TextHead(INNER_WEIGHTS, OUTER_WEIGHTS)


def unit(row: np.ndarray) -> np.ndarray:
    return np.asarray(row, np.float32) / np.linalg.norm(row)


def test_a_layer_of_nothing_moves_nothing() -> None:
    text = unit(np.arange(1.0, 9.0))
    moved = TextHead(INNER_WEIGHTS, np.zeros((8, 16)))(text[None])
    assert moved[0] == pytest.approx(text, abs=1e-6)


def test_it_is_more_than_a_sum() -> None:
    """What "high" adds to one kind of sound may be another thing than what it adds to another."""
    thunder, cricket, high = np.eye(8)[:3]
    plain, qualified = (
        HEAD(np.stack(list(map(unit, (thunder, cricket))))),
        HEAD(np.stack([unit(thunder + high), unit(cricket + high)])),
    )
    added = qualified - plain
    assert np.abs(added[0] - added[1]).max() > 0.05


def test_no_texts_give_no_rows() -> None:
    assert HEAD(np.zeros((0, 8), np.float32)).shape == (0, 8)


def test_it_is_read_from_its_folder(tmp_path: Path) -> None:
    np.save(tmp_path / INNER, INNER_WEIGHTS.astype(np.float16))
    np.save(tmp_path / OUTER, OUTER_WEIGHTS.astype(np.float16))
    text = unit(np.arange(1.0, 9.0))[None]
    np.testing.assert_allclose(TextHead.load(tmp_path)(text), HEAD(text), atol=2e-3)


@given(arrays(np.float64, (5, 8), elements=st.floats(-1, 1)))
def test_rows_are_unit_and_independent_of_their_neighbours(rows: np.ndarray) -> None:
    units = np.stack([unit(np.append(row[:7], row[7] + 3)) for row in rows])
    together = HEAD(units)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_array_equal(together, np.concatenate([HEAD(row[None]) for row in units]))
