"""What the dictionary says of Chinese words and characters."""

import pytest
from training.text_data import Dictionary, read_dictionary


@pytest.fixture(scope="module")
def dictionary() -> Dictionary:
    return read_dictionary()


@pytest.mark.parametrize(("old", "new"), ["聲声", "響响", "車车", "鐘钟", "風风"])
def test_a_traditional_character_has_a_simplified_one(
    dictionary: Dictionary, old: str, new: str
) -> None:
    assert dictionary.simplified[old] == new


@pytest.mark.parametrize("character", "宁么爿苧声")
def test_what_is_a_simplified_character_as_well_stands_for_itself(
    dictionary: Dictionary, character: str
) -> None:
    assert character not in dictionary.simplified


def test_names_come_after_what_a_word_commonly_means(dictionary: Dictionary) -> None:
    assert dictionary.senses["声音"][0] == "voice"
    assert "声音" not in dictionary.names
    assert "北京" in dictionary.names
