"""What the text table is made of."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")  # so it runs with the other tests that need it

from training.text_table import without_unknown  # noqa: E402

from anysound.models.bundled.text import Vocabulary  # noqa: E402

pytestmark = pytest.mark.parity


def test_a_word_that_nothing_was_told_of_is_cut_into_its_parts() -> None:
    words = Vocabulary(("净化", "器", "净化器", "dog"), (500, 300, 600, 400), {})
    rows = np.array([[1.0, 0.0], [0.2, 0.1], [0.0, 0.0], [0.0, 1.0]], np.float32)
    assert words.cut("净化器") == [2]
    kept, left = without_unknown(words, rows)
    assert [kept.tokens[place] for place in kept.cut("净化器")] == ["净化", "器"]
    assert kept.costs == (500, 300, 400)
    np.testing.assert_array_equal(left, rows[[0, 1, 3]])
