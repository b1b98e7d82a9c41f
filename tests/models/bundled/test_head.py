"""The layer moves texts by what their words mean together."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anysound.models.bundled.head import TextHead

DIM = 8
THUNDER, CRICKET, HIGH, LOW, STRANGE = np.eye(DIM, dtype=np.float32)[:5]
DEEPER, SHRILLER = np.eye(DIM, dtype=np.float32)[5:7]
rng = np.random.default_rng(1)

SHIFTS = np.zeros((2, 3, DIM), np.int8)  # of thunder and cricket: themselves, high, low
SHIFTS[0, 0] = 50 * STRANGE
SHIFTS[0, 1], SHIFTS[1, 1] = 100 * DEEPER, 100 * SHRILLER
SCALES = np.full((2, 3), 0.01, np.float32)

HEAD = TextHead(
    concepts=40 * np.stack([THUNDER, CRICKET]),
    no_concept=np.float32(16),
    qualifiers_inner=40 * np.stack([HIGH, LOW]) - 16 * np.stack([THUNDER + CRICKET] * 2),
    qualifiers_outer=np.eye(2, dtype=np.float32),
    shifts=SHIFTS,
    scales=SCALES,
    inner=rng.normal(size=(16, DIM)).astype(np.float32),
    outer=np.zeros((DIM, 16), np.float32),
)


def unit(row: np.ndarray) -> np.ndarray:
    return np.asarray(row, np.float32) / np.linalg.norm(row)


def moved(*words: np.ndarray, head: TextHead = HEAD) -> np.ndarray:
    """By how much a text is moved; its length aside."""
    text = unit(np.sum(words, axis=0))
    (row,) = head(text[None])
    return row / (row @ text) - text


def test_a_qualifier_adds_another_thing_to_each_concept() -> None:
    thunder, cricket = moved(THUNDER, HIGH), moved(CRICKET, HIGH)
    assert thunder[5] > 0.3 > 0.05 > abs(thunder[6])
    assert cricket[6] > 0.3 > 0.05 > abs(cricket[5])


def test_a_concept_adds_something_of_its_own_whatever_is_said_of_it() -> None:
    assert moved(THUNDER)[4] > 0.2
    assert moved(THUNDER, LOW)[4] > 0.2
    assert abs(moved(CRICKET)[4]) < 0.05


def test_what_names_no_concept_stays() -> None:
    assert moved(STRANGE, DEEPER) == pytest.approx(np.zeros(DIM), abs=1e-2)


def test_the_residual_layer_adds_to_it() -> None:
    head = replace(HEAD, outer=0.2 * rng.normal(size=(DIM, 16)).astype(np.float32))
    assert np.abs(moved(STRANGE, DEEPER, head=head)).max() > 0.05


def test_no_texts_give_no_rows() -> None:
    assert HEAD(np.zeros((0, DIM), np.float32)).shape == (0, DIM)


def test_it_is_kept_in_its_folder(tmp_path: Path) -> None:
    HEAD.save(tmp_path)
    texts = np.stack([unit(row) for row in rng.normal(size=(5, DIM))])
    np.testing.assert_allclose(TextHead.load(tmp_path)(texts), HEAD(texts), atol=2e-2)


@given(arrays(np.float64, (5, DIM), elements=st.floats(-1, 1)))
def test_rows_are_unit_and_independent_of_their_neighbours(rows: np.ndarray) -> None:
    units = np.stack([unit(np.append(row[:7], row[7] + 3)) for row in rows])
    together = HEAD(units)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    np.testing.assert_array_equal(together, np.concatenate([HEAD(row[None]) for row in units]))
