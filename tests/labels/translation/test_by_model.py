import pytest

from anysound.errors import LabelError, ModelError
from anysound.labels.translation import ModelTranslator
from anysound.language import Text


class Said:
    """A translation model that says what it is told to, and keeps what it was asked."""

    def __init__(self, **english: str | None) -> None:
        self.english = english
        self.asked: list[str] = []

    def translate(self, text: str) -> str | None:
        self.asked.append(text)
        return self.english[text]


def test_a_sentence_becomes_a_phrase() -> None:
    model = Said(狗叫="Dogs are  barking.", 我="I am here!", 空调="HVAC noise", 猫='"Cat?"')
    translator = ModelTranslator(model)
    for text, english in (
        ("狗叫", "dogs are barking"),
        ("我", "I am here"),
        ("空调", "HVAC noise"),
        ("猫", "cat"),
    ):
        translation = translator.translate(text)
        assert (translation.text, translation.phrases) == (text, (english,))
        assert translation.unknown == ()


def test_english_stays() -> None:
    model = Said()
    assert ModelTranslator(model).translate("Dog (loud).").phrases == ("Dog (loud).",)
    assert model.asked == []


def test_the_name_and_its_brackets_are_translated_one_by_one() -> None:
    model = Said(鸟叫="birds", 清脆="crisp", 带颤音="with a trill", 低沉="low")
    translator = ModelTranslator(model)
    assert translator.translate("鸟叫（清脆，带颤音）").phrases == ("birds, crisp, with a trill",)
    assert translator.translate("“鸟叫”(低沉, loud)").phrases == ("birds, low, loud",)
    assert translator.translate("（低沉）").phrases == ("low",)
    assert model.asked == ["鸟叫", "清脆", "带颤音", "低沉"]  # each once


@pytest.mark.parametrize("answer", [None, "", " . ", "…", "12", "狗 barking", "犬が吠える"])
def test_what_is_no_english_is_named(answer: str | None) -> None:
    translation = ModelTranslator(Said(鸟叫="birds", 怪声=answer)).translate("鸟叫(怪声)")
    assert translation.phrases == ()
    assert translation.unknown == ("怪声",)


def test_nothing_comes_back_empty() -> None:
    for text in ("狗", "（）狗", "【】", "()", "", "狗()"):
        translation = ModelTranslator(Said(狗="dog")).translate(text)
        assert translation.phrases or translation.unknown
        assert "" not in translation.unknown or text == ""


def test_a_text_that_the_model_cannot_read_is_a_fault_of_the_label() -> None:
    class Refusing:
        def translate(self, text: str) -> str | None:
            raise ModelError(Text(en="too long", zh="过长"))

    with pytest.raises(LabelError, match="too long"):
        ModelTranslator(Refusing()).translate("狗叫")
