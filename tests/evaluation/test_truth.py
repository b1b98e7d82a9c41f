"""True labels found among the labels of a set."""

import pytest

from anysound.errors import UsageError
from anysound.evaluation.truth import find_truth, read_map
from anysound.labels import parse_labels
from anysound.language import use

LABELS = parse_labels("Dog=dog barking, 下雨, Horn (car)")


def found(*labels: str, mapped: tuple[str, ...] = ()) -> tuple[int | None, ...]:
    return find_truth(labels, LABELS, "labels.yaml", read_map(mapped))


def test_by_name_whatever_the_case_and_width() -> None:
    assert found("Dog", "dog", " ＤＯＧ ", "下雨", "horn  (car)") == (0, 0, 0, 1, 2)


def test_none_of_them() -> None:
    assert found("", "none", "None", "无") == (None, None, None, None)


def test_a_label_may_be_called_none() -> None:
    labels = parse_labels("none=silence, dog")
    assert find_truth(["none", ""], labels, "x", {}) == (0, None)


def test_names_that_differ_in_case_only() -> None:
    labels = parse_labels("Dog=one, dog=two")
    assert find_truth(["dog", "Dog", "DOG"], labels, "x", {}) == (1, 0, 0)


def test_mapped_names() -> None:
    mapped = ("hound=dog", "hound=another", "hiss=none", "rain = 下雨")
    assert found("Hound", "hiss", "rain", mapped=mapped) == (0, None, 1)


def test_an_unknown_label_is_named_with_the_nearest() -> None:
    with use("en"), pytest.raises(UsageError) as caught:
        found("dgo", "Dog", "dgo", "zebra")
    said = str(caught.value)
    assert "labels.yaml" in said
    assert "'dgo' (2 rows; nearest: Dog)" in said
    assert "'zebra' (1 rows)" in said
    assert "--map" in said


def test_many_unknown_labels_are_counted() -> None:
    with use("en"), pytest.raises(UsageError, match="15 more"):
        found(*(f"unknown {n}" for n in range(20)))


@pytest.mark.parametrize("entry", ["dog", "=dog", "dog= ", ""])
def test_what_maps_nothing_is_refused(entry: str) -> None:
    with pytest.raises(UsageError):
        read_map([entry])
