"""Wordings are phrases among other words."""

import numpy as np
import pytest
from training.wordings import Wordings

from anysound.models.bundled.text import Vocabulary

TOKENS = ("the", "postman", "x1", "的", "邮差", "tea")
COSTS = (100, 700, 700, 100, 700, 900)
PHRASES = [{"en": ["a dog barks"], "zh": ["狗叫"]}, {"en": ["rain"], "zh": ["下雨"]}]


@pytest.fixture
def wordings() -> Wordings:
    return Wordings(PHRASES, Vocabulary(TOKENS, COSTS, {}))


@pytest.fixture
def drawn(wordings: Wordings) -> list[str]:
    rng = np.random.default_rng(1)
    return [wordings.draw(rng, 0) for _ in range(400)]


def test_the_phrase_stands_in_each_as_it_is(drawn: list[str]) -> None:
    assert all("a dog barks" in text or "狗叫" in text for text in drawn)
    assert {"a dog barks", "狗叫"} <= set(drawn)  # now and then alone


def test_the_words_beside_it_are_of_its_language_and_before_or_after_it(drawn: list[str]) -> None:
    english = [text for text in drawn if "dog" in text]
    beside = {word for text in english for word in text.split()} - {"a", "dog", "barks"}
    assert beside == {"the", "postman", "tea"}
    assert any(text.startswith("a dog") and text != "a dog barks" for text in english)
    assert any(text.endswith("barks") and text != "a dog barks" for text in english)
    chinese = "".join(text.replace("狗叫", "") for text in drawn if "狗" in text)
    assert set(chinese) == set("的邮差")


def test_frequent_words_come_more_often(drawn: list[str]) -> None:
    words = " ".join(drawn).split()
    assert words.count("the") > 3 * words.count("postman") > 0


def test_words_of_no_concept_come_by_themselves(wordings: Wordings) -> None:
    rng = np.random.default_rng(2)
    unrelated = [wordings.unrelated(rng) for _ in range(200)]
    assert all(1 <= len(text.split()) <= 3 for text in unrelated)
    assert {"the", "的", "tea"} <= set(unrelated)
    assert not any("dog" in text or "狗" in text for text in unrelated)


def test_a_character_that_is_read_as_another_is_never_drawn() -> None:
    vocabulary = Vocabulary((*TOKENS, "宁"), (*COSTS, 1), {ord("宁"): "寧"})
    assert not vocabulary.cut("宁")
    wordings, rng = Wordings(PHRASES, vocabulary), np.random.default_rng(3)
    assert all(vocabulary.cut(wordings.unrelated(rng)) for _ in range(200))
