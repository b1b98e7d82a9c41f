"""Whole label sets in English."""

import pytest

from anysound.errors import LabelError
from anysound.labels import parse_labels
from anysound.labels.translation import LexiconTranslator, in_english

TRANSLATOR = LexiconTranslator()


def test_phrases_and_what_to_avoid_are_translated_and_names_stay() -> None:
    (label, other) = in_english(
        parse_labels("打印机工作声(非激光,无风扇噪音) * 2, rain on a roof"), TRANSLATOR
    ).labels
    assert label.name == "打印机工作声(非激光,无风扇噪音)"
    assert "printer running" in label.phrases
    assert label.avoid == ("laser", "fan noise")
    assert label.weight == 2.0
    assert other.phrases == ("rain on a roof",)


def test_the_users_own_english_is_taken_as_it_is() -> None:
    (label,) = in_english(parse_labels("㑇㑊声=high squeal|metal scraping"), TRANSLATOR).labels
    assert label.phrases == ("high squeal", "metal scraping")


def test_words_without_english_are_refused_by_name() -> None:
    with pytest.raises(LabelError) as caught:
        in_english(parse_labels("狗叫声, 㑇㑊声"), TRANSLATOR)
    assert "㑇㑊声" in caught.value.text.en
    assert "--untranslated keep" in caught.value.text.en
    assert "狗叫声" not in caught.value.text.zh


def test_words_without_english_can_be_passed_on() -> None:
    result = in_english(parse_labels("狗叫声, 㑇㑊声"), TRANSLATOR, keep=True)
    assert [label.phrases for label in result.labels] == [("dog barking",), ("㑇㑊声",)]
    assert len(result.warnings) == 1
    assert "㑇㑊声" in result.warnings[0].zh
