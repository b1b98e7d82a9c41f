"""Label sets and templates, as they are named and put together."""

from pathlib import Path

import pytest

from anysound.classifier import Classifier
from anysound.errors import LabelError, UsageError
from anysound.evaluation.wordings import read_wordings
from tests.fakes import FakeModel


def test_each_label_set_by_itself_and_in_each_template(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("[dog, cat]")
    wordings = read_wordings([str(path), "dog, " + "cat " * 20], ["a {}", "the {}"])
    assert [each.name for each in wordings[:3]] == [
        "mine.yaml",
        "mine.yaml · a {}",
        "mine.yaml · the {}",
    ]
    assert wordings[3].name.endswith("…")
    assert [each.template for each in wordings] == [None, "a {}", "the {}"] * 2


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("a {}", {"en": "a {}", "zh": "{}"}),
        ("{}的声音", {"en": "{}", "zh": "{}的声音"}),
        ("{}!", {"en": "{}!", "zh": "{}!"}),
    ],
)
def test_a_template_is_for_its_language(template: str, expected: dict[str, str]) -> None:
    wording = read_wordings(["dog, 猫"], [template])[1]
    assert wording.classifier(Classifier(FakeModel())).model.info.templates == expected


@pytest.mark.parametrize("template", ["", "a dog", "{} and {}", "{}的声音"])
def test_a_template_that_does_nothing_is_refused(template: str) -> None:
    with pytest.raises(UsageError):
        read_wordings(["dog, cat"], [template])


def test_labels_that_cannot_be_understood() -> None:
    with pytest.raises(LabelError):
        read_wordings(["dog (", "cat"])
