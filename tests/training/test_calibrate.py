"""The calibration, on a made-up space in which the right answer is known."""

from typing import cast

import numpy as np
from tests.fakes import FakeModel
from training.calibrate import calibrate
from training.text_data import read_bank

from anysound.models.bundled import BundledModel

BANK = read_bank()
PLACES = {
    phrase: place
    for place, entry in enumerate(BANK.values())
    for phrase in entry["en"] + entry["zh"]
}


class Space:
    """A text side in which every concept has a direction of its own."""

    info = FakeModel.info

    def __init__(self) -> None:
        rows = np.random.default_rng(0).standard_normal((len(BANK), 128))
        self.rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def embed_text(self, texts: list[str]) -> np.ndarray:
        return self.rows[[PLACES[text] for text in texts]]

    def heard(self, names: list[str], spread: float) -> np.ndarray:
        own = self.rows[[list(BANK).index(name) for name in names]]
        noisy = own + spread * np.random.default_rng(1).standard_normal(own.shape) / np.sqrt(128)
        unit: np.ndarray = noisy / np.linalg.norm(noisy, axis=1, keepdims=True)
        return unit.astype(np.float32)


NAMES = list(BANK)[:40]


def chosen(spread: float) -> dict[str, float]:
    space = Space()
    return calibrate(cast(BundledModel, space), space.heard(NAMES, spread), NAMES)


def test_none_lies_between_what_is_there_and_what_is_not() -> None:
    # A true label is at about 0.7 here, another concept's at 0 give or take 0.09.
    assert 0.2 < chosen(1.0)["none_below"] < 0.7
    assert 0.9 < chosen(1.0)["none_rank"] <= 1.0


def test_where_the_right_label_is_one_among_many_less_is_asked_of_it() -> None:
    assert 0.5 < chosen(8.0)["none_rank"] < 0.97


def test_a_model_that_hears_less_well_is_less_sure() -> None:
    sure, unsure = chosen(0.5), chosen(4.0)
    assert sure["scale"] > unsure["scale"]
    assert sure["ambiguous_within"] <= unsure["ambiguous_within"]
