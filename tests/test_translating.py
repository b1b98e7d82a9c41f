from dataclasses import replace

import pytest

import anysound.translating
from anysound import Classifier, LabelError
from anysound.labels.translation import LexiconTranslator, ModelTranslator
from anysound.translating import open_translator
from tests.fakes import RATE, FakeModel, tone


class EnglishOnly(FakeModel):
    info = replace(FakeModel.info, languages=("en",))


class Octaves:
    """A translation model that knows two words."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def translate(self, text: str) -> str | None:
        self.asked.append(text)
        return {"高音": "A 4000 Hz tone.", "低音": "250 Hz"}.get(text)


@pytest.fixture
def octaves(monkeypatch: pytest.MonkeyPatch) -> Octaves:
    model = Octaves()
    monkeypatch.setattr(anysound.translating, "load_translator", lambda name, *_: model)
    return model


def test_a_translator_goes_by_its_name(octaves: Octaves) -> None:
    assert isinstance(open_translator("lexicon"), LexiconTranslator)
    assert isinstance(open_translator("some/translator"), ModelTranslator)


def test_labels_are_heard_by_what_the_model_made_of_them(octaves: Octaves) -> None:
    classifier = Classifier(EnglishOnly(), translator="some/translator")
    for _ in range(3):
        found = classifier.classify((tone(4000), RATE), "高音, 低音, 1000 Hz")
        assert found.label == "高音"
        assert found.scores[0].phrases == ("a 4000 Hz tone",)
    assert octaves.asked == ["高音", "低音"]  # each once


def test_what_it_cannot_translate_is_refused_by_name(octaves: Octaves) -> None:
    classifier = Classifier(EnglishOnly(), translator="some/translator")
    with pytest.raises(LabelError, match="怪声"):
        classifier.classify((tone(250), RATE), "低音, 怪声")
