"""One question answered in another way than the classifier's usual one."""

from dataclasses import replace
from typing import Any

import pytest

from anysound import Classifier
from anysound.errors import LabelError, UsageError
from anysound.options import ClassifyOptions
from tests.fakes import RATE, FakeModel, tone

SOUND = (tone(1000, 2.0) + 0.3 * tone(4000, 2.0), RATE)
LABELS = "1000 Hz, 4000 Hz, 250 Hz"
CLASSIFIER = Classifier(FakeModel())


class EnglishModel(FakeModel):
    """Reads no Chinese."""

    info = replace(FakeModel.info, languages=("en",))


def test_thresholds_decide_the_verdict_alone() -> None:
    usual = CLASSIFIER.classify(SOUND, LABELS)
    assert usual.verdict == "match"
    strict = CLASSIFIER.classify(SOUND, LABELS, ClassifyOptions(none_below=1.0))
    assert (strict.verdict, strict.needed) == ("none", 1.0)
    unsure = CLASSIFIER.classify(SOUND, LABELS, ClassifyOptions(ambiguous_within=1.0))
    assert unsure.verdict == "ambiguous"
    assert usual.scores == strict.scores == unsure.scores
    assert CLASSIFIER.classify(SOUND, LABELS) == usual  # nothing is left of it


def test_a_rank_among_all_sounds_gives_way_to_a_threshold() -> None:
    classifier = Classifier("bundled")
    assert classifier.calibration.none_rank > 0
    result = classifier.classify(SOUND, "beep, rain", ClassifyOptions(none_below=-1.0))
    assert result.needed == -1.0


def test_the_best_labels_alone() -> None:
    usual = CLASSIFIER.classify(SOUND, LABELS)
    best = CLASSIFIER.classify(SOUND, LABELS, ClassifyOptions(top=1))
    assert best.scores == usual.scores[:1]
    assert (best.margin, best.verdict) == (usual.margin, usual.verdict)


def test_a_label_without_english_is_kept_if_that_is_wanted() -> None:
    classifier = Classifier(EnglishModel())
    labels = "噼哩噼哩啪, 1000 Hz"
    for _ in range(2):  # what was read last is not taken for the other
        kept = classifier.classify(SOUND, labels, ClassifyOptions(untranslated="keep"))
        assert kept.label == "1000 Hz"
        with pytest.raises(LabelError):
            classifier.classify(SOUND, labels)


@pytest.mark.parametrize(
    "options",
    [
        *({"none_below": 1.5}, {"none_below": float("nan")}, {"ambiguous_within": -0.1}),
        *({"top": 0}, {"untranslated": "guess"}),
    ],
)
def test_options_that_make_no_sense(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        ClassifyOptions(**options)
