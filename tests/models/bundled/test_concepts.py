"""Free wordings are drawn towards the concepts that the model knows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from anysound.models.bundled.concepts import Concepts

PROTOTYPES = np.eye(8)[:3]
TARGETS = np.eye(8)[3:6]


def unit(row: list[float]) -> np.ndarray:
    return np.array(row, np.float32) / np.linalg.norm(row)


def test_a_text_moves_towards_the_concept_that_it_is_most_similar_to() -> None:
    text = unit([0.6, 0.3, 0.0, 0.7, 0, 0, 0, 0])
    drawn = Concepts(PROTOTYPES, PROTOTYPES, share=0.5, temperature=0.05).draw(text[None])[0]
    assert drawn @ PROTOTYPES[0] > text @ PROTOTYPES[0]
    assert drawn[3] < text[3]


def test_what_it_is_moved_to_is_the_target_of_that_concept() -> None:
    text = unit([0.1, 0.9, 0.0, 0, 0, 0, 0, 0.2])
    drawn = Concepts(PROTOTYPES, TARGETS, share=0.5, temperature=0.05).draw(text[None])[0]
    assert drawn @ TARGETS[1] == pytest.approx(1 / np.sqrt(2), abs=0.01)
    assert drawn @ TARGETS[0] < 0.01


def test_at_share_nought_a_text_stays_where_it_is() -> None:
    text = unit([0.6, 0.3, 0.0, 0.7, 0, 0, 0, 0])
    drawn = Concepts(PROTOTYPES, TARGETS, share=0.0, temperature=0.1).draw(text[None])
    assert drawn[0] == pytest.approx(text, abs=1e-6)


def test_no_texts_give_no_rows() -> None:
    assert Concepts(PROTOTYPES, TARGETS, 0.5, 0.1).draw(np.zeros((0, 8), np.float32)).shape == (
        0,
        8,
    )


@given(arrays(np.float64, (5, 8), elements=st.floats(-1, 1)))
def test_rows_are_unit_and_independent_of_their_neighbours(rows: np.ndarray) -> None:
    units = np.stack([unit([*row[:7], row[7] + 3]) for row in rows])
    concepts = Concepts(PROTOTYPES, TARGETS, share=0.5, temperature=0.1)
    together = concepts.draw(units)
    assert np.linalg.norm(together, axis=1) == pytest.approx(1.0, abs=1e-5)
    alone = np.concatenate([concepts.draw(row[None]) for row in units])
    np.testing.assert_array_equal(together, alone)
