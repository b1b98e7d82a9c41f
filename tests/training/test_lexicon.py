"""The lexicon, as a file: what composing labels from it relies on."""

import re
from itertools import chain
from pathlib import Path

import pytest
import yaml

LEXICON = Path(__file__).parents[2] / "training" / "lexicon.yaml"
CONTENT = yaml.safe_load(LEXICON.read_text(encoding="utf-8"))
HAN = re.compile("[\u4e00-\u9fff]")
TERMS = [
    *chain.from_iterable(kind.items() for kind in CONTENT["sources"].values()),
    *chain.from_iterable(kind.items() for kind in CONTENT["actions"].values()),
    *CONTENT["places"].items(),
    *CONTENT["noises"].items(),
]


class UniqueKeys(yaml.SafeLoader):
    """Refuses a key that stands twice in a mapping, of which the last would win."""


def _mapping(loader: UniqueKeys, node: yaml.MappingNode) -> dict:
    keys = [loader.construct_object(key) for key, _ in node.value]
    twice = {key for key in keys if keys.count(key) > 1}
    if twice:
        raise ValueError(f"twice in a mapping: {twice}")
    return loader.construct_mapping(node)


UniqueKeys.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def test_no_word_stands_twice_in_a_kind() -> None:
    yaml.load(LEXICON.read_text(encoding="utf-8"), UniqueKeys)


def test_a_word_that_stands_twice_is_found() -> None:
    with pytest.raises(ValueError, match="twice"):
        yaml.load("{狗: dog, 狗: hound}", UniqueKeys)


def test_every_term_has_wordings_in_both_languages() -> None:
    for zh, en in TERMS:
        assert isinstance(zh, str), zh
        assert isinstance(en, str), zh
        assert all(HAN.search(word) for word in zh.split("/")), zh
        assert all(word == word.strip() != "" for word in en.split("/")), zh
        assert not HAN.search(en), zh


def test_every_kind_of_source_has_actions() -> None:
    assert set(CONTENT["combinations"]) == set(CONTENT["sources"])
    named = set(chain.from_iterable(CONTENT["combinations"].values()))
    assert named == set(CONTENT["actions"])
