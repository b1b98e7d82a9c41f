"""What models are asked about is never trained on."""

import pytest
from training.packages import asked_about, packages
from training.variants import EVALUATION


def test_no_package_that_models_are_asked_about_is_trained_on() -> None:
    assert len(asked_about()) > 30
    assert asked_about().isdisjoint(packages())


@pytest.mark.parametrize("entry", EVALUATION["elsewhere"], ids=lambda entry: entry["en"][0])
def test_each_kind_of_sound_is_one_of_five_labels(entry: dict[str, list[str]]) -> None:
    assert len(set(entry["en"])) == len(set(entry["zh"])) == 5
    assert entry["recordings"]
