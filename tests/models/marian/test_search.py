from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from anysound.models.marian.config import SearchConfig
from anysound.models.marian.search import Logits, Tokens, search

START, END, PAD = 9, 0, 9
TOKENS = Tokens(START, END)
CONFIG = SearchConfig(
    beams=3,
    length_penalty=1.0,
    stops_early=False,
    renormalises=True,
    banned=(PAD,),
    longest=8,
)


class Table:
    """Gives logits by the last token alone, and keeps what it was asked."""

    def __init__(self, rows: np.ndarray) -> None:
        self.rows = rows.astype(np.float32)
        self.asked: list[tuple[list[int], list[int]]] = []

    def __call__(self, followed: Sequence[int], ids: Sequence[int]) -> Logits:
        self.asked.append((list(followed), list(ids)))
        return self.rows[list(ids)].copy()


def table(seed: int = 0) -> Table:
    return Table(np.random.default_rng(seed).normal(0, 2, (10, 10)))


def log_probability(model: Table, ids: Sequence[int]) -> float:
    rows = model.rows.astype(np.float64).copy()
    rows[:, PAD] = -np.inf
    rows -= np.log(np.exp(rows).sum(axis=1, keepdims=True))
    return sum(rows[last, id] for last, id in zip((START, *ids), ids, strict=False))


@pytest.mark.parametrize("beams", [1, 2, 3, 4])
def test_padding_is_never_generated_and_the_end_comes_last(beams: int) -> None:
    for seed in range(20):
        model = table(seed)
        model.rows[:, PAD] += 20
        ids = search(model, TOKENS, replace(CONFIG, beams=beams))
        assert PAD not in ids
        assert ids.count(END) <= 1
        assert len(ids) < CONFIG.longest
        if beams > 1:
            assert ids[-1] == END


def test_more_beams_find_what_is_at_least_as_probable() -> None:
    for seed in range(20):
        found = [
            search(table(seed), TOKENS, replace(CONFIG, beams=beams, longest=5)) for beams in (2, 4)
        ]
        scores = [log_probability(table(seed), ids) / len(ids) for ids in found]
        assert scores[1] >= scores[0] - 1e-6


def test_what_never_ends_is_cut() -> None:
    model = table()
    model.rows[:, END] = -100
    for beams in (1, 3):
        ids = search(model, TOKENS, replace(CONFIG, beams=beams))
        assert len(ids) == CONFIG.longest - 1
        assert ids[-1] == END


def test_numbers_that_are_none_come_to_an_end() -> None:
    model = Table(np.full((10, 10), np.nan))
    for beams in (1, 3):
        assert len(search(model, TOKENS, replace(CONFIG, beams=beams))) < CONFIG.longest


def test_the_first_step_has_one_beam_and_the_next_follow_theirs() -> None:
    model = table()
    search(model, TOKENS, CONFIG)
    assert model.asked[0] == ([0], [START])
    for (followed, ids), (_, before) in zip(model.asked[1:], model.asked, strict=False):
        assert len(followed) == len(ids) == CONFIG.beams
        assert all(0 <= beam < len(before) for beam in followed)
