"""The bank of phrases, as files: what the training recipe relies on."""

import re
from collections import Counter
from pathlib import Path

import yaml

TRAINING = Path(__file__).parents[2] / "training"
BANK = {
    path.stem: yaml.safe_load(path.read_text(encoding="utf-8"))
    for path in sorted((TRAINING / "bank").glob("*.yaml"))
}
CONCEPTS = {concept: entry for entries in BANK.values() for concept, entry in entries.items()}


def read(name: str) -> dict:
    return yaml.safe_load((TRAINING / name).read_text(encoding="utf-8"))


def test_every_concept_stands_once_with_phrases_in_both_languages() -> None:
    assert sum(map(len, BANK.values())) == len(CONCEPTS) >= 500
    for concept, entry in CONCEPTS.items():
        assert set(entry) == {"en", "zh"}, concept
        assert len(entry["en"]) >= 8, concept
        assert len(entry["zh"]) >= 8, concept
        assert all(re.search("[\u4e00-\u9fff]", phrase) for phrase in entry["zh"]), concept
        assert not any(re.search("[\u4e00-\u9fff]", phrase) for phrase in entry["en"]), concept


def test_no_phrase_stands_for_two_concepts() -> None:
    counts = Counter(
        phrase.lower() for entry in CONCEPTS.values() for phrase in entry["en"] + entry["zh"]
    )
    assert [phrase for phrase, count in counts.items() if count > 1] == []


def test_recordings_belong_to_concepts_of_the_bank() -> None:
    for name, source in read("sources.yaml").items():
        assert set(source["concepts"]) <= set(CONCEPTS), name
        assert source["license"], name


def test_the_test_folds_are_not_trained_on() -> None:
    for patterns in read("sources.yaml")["esc10"]["concepts"].values():
        assert all(re.search(r"/\[123\]-\*$", pattern) for pattern in patterns)


def test_paraphrases_of_the_evaluation_are_not_trained_on() -> None:
    known = {p.lower() for entry in CONCEPTS.values() for p in entry["en"] + entry["zh"]}
    for prompts in read("evaluation.yaml")["paraphrases"].values():
        assert [p for p in prompts.values() if p.lower() in known] == []


def test_qualifiers_have_an_opposite_and_words_in_both_languages() -> None:
    qualifiers = read("qualifiers.yaml")
    for name, entry in qualifiers.items():
        assert set(entry["opposite"]) <= set(qualifiers) - {name}, name
        assert entry["en"], name
        assert entry["zh"], name
