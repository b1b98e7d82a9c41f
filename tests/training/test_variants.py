"""What each model is trained without."""

import pytest
from training.clips import Clip
from training.text_data import read_bank
from training.variants import EVALUATION, VARIANTS, Variant, everyday_name, series


def clip(concept: str, source: str, recording: str) -> Clip:
    return Clip(concept, (), source, recording)


FOLD_1 = clip("dog_bark", "esc10", "esc10/1-100032-A")
FOLD_3 = clip("dog_bark", "esc10", "esc10/3-100032-A")
EVERYDAY = clip("dog_bark", "lugaru", "lugaru/Bark")
SAME_SERIES = clip("dog_bark", "lugaru", "lugaru/Bark2")
OTHER = clip("dog_bark", "scratch", "scratch/Dog1")


def test_the_shipped_model_is_trained_on_all_there_is() -> None:
    shipped = VARIANTS["shipped"]
    assert all(map(shipped.keeps, (FOLD_1, FOLD_3, EVERYDAY, SAME_SERIES, OTHER)))


def test_a_model_that_is_measured_on_a_fold_never_heard_it() -> None:
    kept = [c for c in (FOLD_1, FOLD_3, EVERYDAY, OTHER) if VARIANTS["fold-3"].keeps(c)]
    assert kept == [FOLD_1, OTHER]


def test_other_takes_of_an_everyday_recording_are_left_out_too() -> None:
    assert not VARIANTS["fold-3"].keeps(SAME_SERIES)


def test_the_zero_shot_model_hears_no_esc10_and_none_of_the_concepts_left_out() -> None:
    variant = VARIANTS["zero-shot"]
    assert not variant.keeps(FOLD_1)
    assert len(variant.concepts) == 16
    for concept in variant.concepts:
        assert not variant.keeps(clip(concept, "synthesis", "x/1"))
    assert variant.text != VARIANTS["shipped"].text


def test_concepts_left_out_and_everyday_recordings_exist() -> None:
    assert set(EVALUATION["left_out"]) < set(read_bank())
    for entry in EVALUATION["everyday"]:
        assert len(entry["en"]) == len(entry["zh"]) == len(set(entry["zh"])) == 5


def test_a_series_is_a_name_without_its_number() -> None:
    assert series("zero-ad/cattle_03") == series("zero-ad/cattle_01") == "zero-ad/cattle"
    assert everyday_name({"file": "flare/a/b/rain.ogg"}) == "flare/rain"


@pytest.mark.parametrize("variant", [v for v in VARIANTS.values() if v.after])
def test_no_variant_goes_on_from_one_that_heard_what_it_must_not_know(variant: Variant) -> None:
    before = VARIANTS[variant.after or ""]
    left_out = clip(next(iter(VARIANTS["zero-shot"].concepts)), "scratch", "scratch/x")
    for each in (FOLD_1, FOLD_3, EVERYDAY, SAME_SERIES, OTHER, left_out):
        assert variant.keeps(each) or not before.keeps(each)
