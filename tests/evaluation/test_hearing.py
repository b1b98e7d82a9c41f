"""A recording heard once is answered about as ``classify`` answers, by the model that ships."""

from pathlib import Path

import numpy as np
import pytest

from anysound import Classifier
from anysound.evaluation.hearing import answer, hear
from anysound.evaluation.wordings import read_wordings
from anysound.labels import read_labels
from tests.fakes import tone, wav_file

LABEL_SETS = [
    "white noise, 狗叫声, telephone busy tone *3",
    "hiss=white noise|rain|!wind, tone(high)=beep, tone(low)=hum",
    "last=beep, 下雨",
    "beep(last 2 s), 雨声(开头 3 秒), hiss=white noise",
]


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier("bundled", threads=1)


def test_several_label_sets_of_one_hearing(classifier: Classifier, tmp_path: Path) -> None:
    noise = np.random.default_rng(2).normal(0, 0.1, 150_000).clip(-1, 1)
    (tmp_path / "long.wav").write_bytes(wav_file(np.concatenate([noise, tone(880, 3.0)])))
    label_sets = [read_labels(each) for each in LABEL_SETS]
    hearing = hear(classifier, tmp_path / "long.wav", label_sets)
    for labels in label_sets:
        assert answer(classifier, hearing, labels) == classifier.classify(
            tmp_path / "long.wav", labels
        )


def test_a_template_takes_the_place_of_the_models_own(classifier: Classifier) -> None:
    plain, sentence = read_wordings(["rain, 下雨"], ["a recording of {}"])
    spelled = read_labels("rain=a recording of rain, 下雨")
    recording = (tone(440), 16_000)
    hearing = hear(classifier, recording, [plain.labels])
    given = answer(sentence.classifier(classifier), hearing, sentence.labels)
    expected = classifier.classify(recording, spelled)
    assert [(s.label, s.similarity) for s in given.scores] == [
        (s.label, s.similarity) for s in expected.scores
    ]
