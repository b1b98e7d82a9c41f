"""What the page on labels says of them is so."""

import re

import numpy as np
import pytest

from anysound import Classifier
from anysound.labels import parse_labels
from anysound.labels.lint import check_wording
from anysound.labels.translation import LexiconTranslator
from tests.docs.blocks import ROOT, blocks

PAGES = ("docs/labels.md", "docs/labels.zh-CN.md")


@pytest.mark.parametrize("name", PAGES)
def test_label_examples_parse(name: str) -> None:
    (block,) = blocks(name, "text")
    for line in block.text.splitlines():
        assert len(parse_labels(line)) >= 2, line


@pytest.mark.parametrize("name", PAGES)
def test_label_examples_are_answered(name: str) -> None:
    """By the model that ships; and each has English for a model that reads no Chinese."""
    noise = np.random.default_rng(0).standard_normal(64_000).astype(np.float32) * 0.1
    (block,) = blocks(name, "text")
    classifier, translate = Classifier("bundled"), LexiconTranslator().translate
    for line in block.text.splitlines():
        labels = parse_labels(line)
        answer = classifier.classify((noise, 32_000), labels)
        assert {score.label for score in answer.scores} == {label.name for label in labels}
        assert not [f for f in check_wording(labels) if f.labels], line
        for phrase in [phrase for label in labels for phrase in (*label.phrases, *label.avoid)]:
            assert translate(phrase).unknown == (), phrase


@pytest.mark.parametrize("name", PAGES)
def test_placed_and_avoiding_labels_are_read_as_the_table_says(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*) \| .* \|$", text, flags=re.M)
    placed, avoiding, grouped = (re.findall(r"`([^`]+)`", row) for row in rows[:3])
    for example in placed[:4]:
        (label,) = parse_labels(example)
        assert label.when, example
    (label,) = parse_labels(avoiding[0])
    assert label.avoid
    assert all(label.group for label in parse_labels(grouped[0]))
