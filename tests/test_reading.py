"""What a model makes of labels."""

from dataclasses import replace

import numpy as np
import pytest

from anysound import Classifier
from anysound.errors import LabelError
from anysound.labels import parse_labels
from anysound.labels.translation import Translation
from anysound.reading import LabelReader
from tests.fakes import RATE, FakeModel, tone


class EnglishModel(FakeModel):
    """A fake that reads no Chinese, and remembers what it was given to read."""

    info = replace(FakeModel.info, languages=("en",), templates={"en": "a sound of {}", "zh": "{}"})

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed_text(self, texts):
        self.texts += texts
        return super().embed_text(texts)


class Octaves:
    """Translates the names of octaves."""

    def translate(self, text: str) -> Translation:
        english = {"高音": "4000 Hz", "低音": "125 Hz"}.get(text)
        return Translation(text, (english,)) if english else Translation(text, (), (text,))


def test_a_model_without_chinese_is_given_english() -> None:
    model = EnglishModel()
    answer = Classifier(model).classify(
        (tone(1000), RATE), "狗叫声(非猫叫声), 雨声, rain on a roof"
    )
    assert "a sound of dog barking" in model.texts
    assert "a sound of cat meowing" in model.texts
    assert all(text.isascii() for text in model.texts)
    assert {score.label for score in answer.scores} == {
        "狗叫声(非猫叫声)",
        "雨声",
        "rain on a roof",
    }
    dog = next(score for score in answer.scores if score.label.startswith("狗"))
    assert dog.phrases == ("dog barking",)
    assert answer.warnings == ()


def test_a_model_with_chinese_is_given_chinese() -> None:
    answer = Classifier(FakeModel()).classify((tone(1000), RATE), "狗叫声, 雨声")
    assert {score.phrases for score in answer.scores} == {("狗叫声",), ("雨声",)}


def test_a_translator_of_ones_own() -> None:
    classifier = Classifier(EnglishModel(), translator=Octaves())
    answer = classifier.classify((tone(4000), RATE), "低音, 高音")
    assert answer.label == "高音"
    assert answer.scores[0].phrases == ("4000 Hz",)


def test_a_label_without_english_is_refused() -> None:
    classifier = Classifier(EnglishModel(), translator=Octaves())
    with pytest.raises(LabelError, match="中音"):
        classifier.classify((tone(4000), RATE), "低音, 高音, 中音")


def test_a_label_without_english_can_be_kept() -> None:
    classifier = Classifier(EnglishModel(), translator=Octaves(), untranslated="keep")
    answer = classifier.classify((tone(4000), RATE), "低音, 高音, 中音")
    assert answer.label == "高音"
    assert "中音" in answer.warnings[0].en


def test_several_wordings_are_one_direction() -> None:
    reader = LabelReader(FakeModel())
    (own,) = reader.read(parse_labels("both=125 Hz|4000 Hz")).embeddings.own
    low, high = reader.embed_phrases(["125 Hz", "4000 Hz"])
    assert np.allclose(own, (low + high) / np.sqrt(2))


def test_labels_are_checked_against_the_model() -> None:
    found = Classifier(FakeModel()).check_labels("hum=1000 Hz, tone=1000 Hz, beep=4000 Hz")
    (finding,) = [each for each in found if each.kind == "alike"]
    assert finding.labels == ("hum", "tone")
    assert "1.00" in finding.what.en


def test_labels_without_english_are_found_for_a_model_that_needs_it() -> None:
    line = "㑇㑊声, 狗叫声, 雨声"
    needed = Classifier(EnglishModel()).check_labels(line)
    assert [f.labels for f in needed if f.kind == "untranslatable"] == [("㑇㑊声",)]
    assert not [f for f in Classifier(FakeModel()).check_labels(line) if f.kind == "untranslatable"]


def test_a_label_set_that_is_asked_again_is_not_read_again() -> None:
    model, labels = EnglishModel(), parse_labels("狗叫声, rain")
    reader = LabelReader(model)
    first = reader.read(labels)
    assert reader.read(parse_labels("狗叫声, rain")) is first
    assert reader.read(parse_labels("rain, 狗叫声")) is not first
