"""Chinese labels in English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.labels.lexicon import concepts, labels, synonyms, words
from anysound.labels.translation import LexiconTranslator
from anysound.labels.translation.dictionary import gerund, look_up

translate = LexiconTranslator().translate

TRANSLATED = [
    ("狗叫声", "dog barking"),
    ("婴儿哭声", "baby crying"),
    ("轴承干摩擦尖啸声(高频持续)", "continuous high-frequency bearing dry friction squealing"),
    ("齿轮断齿撞击声", "gear broken tooth impact"),
    ("电机绕组过热嗡鸣(低频沉闷)", "low-frequency dull"),
    ("菜市场叫卖声", "in the food market"),
    ("深夜楼道脚步声(穿拖鞋)", "wearing slippers"),
    ("打印机工作声", "printer running"),
    ("有人在敲门", "someone knocking on the door"),
    ("钢琴的声音", "piano"),
    ("HVAC噪音", "HVAC noise"),
    ("嬰兒哭聲", "baby crying"),
    ("宁静的夜晚", "tranquil"),  # 宁 is a rare traditional character as well
    ("没什么声音", "nothing"),
    ("鸟叫（清脆短促，带颤音）", "with trills"),
]


@pytest.mark.parametrize(("chinese", "english"), TRANSLATED)
def test_translations(chinese: str, english: str) -> None:
    translation = translate(chinese)
    assert translation.unknown == ()
    assert any(english in phrase for phrase in translation.phrases), translation.phrases


def test_english_stays_as_it_is() -> None:
    assert translate("dog (small) barking").phrases == ("dog (small) barking",)


def test_what_is_no_word_is_named() -> None:
    translation = translate("㑇㑊声")
    assert translation.unknown
    assert all(word in "㑇㑊声" for word in translation.unknown)


@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=12))
def test_any_chinese_gives_english_or_says_what_it_does_not_know(text: str) -> None:
    translation = translate(text)
    assert translation == translate(text)
    assert (
        translation.phrases
        or translation.unknown
        or set(text)
        <= set("的了着地得是有被把给将会在里内中上旁边时让正又还都就才过来去出起声音响")
    )
    for phrase in translation.phrases:
        assert not any("\u3400" <= character <= "\u9fff" for character in phrase)


@pytest.mark.parametrize(
    ("verb", "expected"),
    [
        ("knock on", "knocking on"),
        ("close", "closing"),
        ("run", "running"),
        ("tie", "tying"),
        ("see", "seeing"),
        ("play music", "playing music"),
        ("mix", "mixing"),
        ("scream", "screaming"),
    ],
)
def test_gerund(verb: str, expected: str) -> None:
    assert gerund(verb) == expected


def test_dictionary_prefers_what_is_done_for_verbs() -> None:
    assert look_up("敲", is_verb=True) is not None
    assert (look_up("敲", is_verb=True) or "").split()[0].endswith("ing")
    assert look_up("㑇㑊", is_verb=False) is None


def test_synonyms_are_phrases_of_the_same_sound() -> None:
    concept = concepts()[0]
    assert set(synonyms(concept.en[0])) == set(concept.en[1:])
    assert set(synonyms(concept.zh[0])) == set(concept.zh[1:])
    assert synonyms("no such sound") == ()


def test_the_lexicon_is_english() -> None:
    for zh, word in words().items():
        assert word.en.isascii() or "é" in word.en, zh
        assert zh == zh.strip()
    for name in labels().values():
        assert name.en


def test_a_vague_verb_adds_nothing_to_the_name_of_a_sound() -> None:
    assert translate("狗叫").phrases == ("dog barking",)
    assert translate("讨价还价声").phrases[1:] == ("haggling",)
