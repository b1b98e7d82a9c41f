"""The label pairs measure what the text table was not taught: none stands in the bank."""

import re
from pathlib import Path

import yaml

TRAINING = Path(__file__).parents[2] / "training"
LINES = (TRAINING / "label_pairs.tsv").read_text(encoding="utf-8").splitlines()
ROWS = [line.split("\t") for line in LINES if not line.startswith("#")]
PAIRS = ROWS[1:]
HAN = re.compile("[\u4e00-\u9fff]")


def test_columns_are_named_and_written_in_their_language() -> None:
    assert ROWS[0] == ["zh", "en"]
    for row in PAIRS:
        assert len(row) == 2, row
        assert all(text and text == text.strip() for text in row), row
        assert HAN.search(row[0]), row
        assert not HAN.search(row[1]), row


def test_there_are_two_halves_and_no_label_twice() -> None:
    assert len(PAIRS) == 240
    for column in zip(*PAIRS, strict=True):
        assert len({text.lower() for text in column}) == len(PAIRS)


def test_no_label_stands_in_the_bank() -> None:
    known = {
        phrase.lower()
        for path in (TRAINING / "bank").glob("*.yaml")
        for phrases in yaml.safe_load(path.read_text(encoding="utf-8")).values()
        for phrase in (*phrases["en"], *phrases["zh"])
    }
    assert [pair for pair in PAIRS if known & {text.lower() for text in pair}] == []


def test_the_blind_list_is_whole_and_names_nothing_twice() -> None:
    lines = (TRAINING / "label_pairs_blind.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert rows[0] == ["zh", "en"]
    assert len(rows) == 201
    for column in zip(*rows, strict=True):
        assert len({text.lower() for text in column}) == len(rows)
