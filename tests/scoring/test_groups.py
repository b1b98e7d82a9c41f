import pytest

from anysound.scoring import GroupScore, find_clear_group, score_groups

RANKED = [("f(a)", 0.36), ("f(b)", 0.34), ("x", 0.12), ("g(a)", 0.1), ("g(b)", 0.08)]
GROUP_OF = {"f(a)": "f", "f(b)": "f", "x": None, "g(a)": "g", "g(b)": "g"}


def test_a_group_is_the_sum_of_its_labels_best_first() -> None:
    f, g = score_groups(RANKED, GROUP_OF)
    assert (f.group, f.labels) == ("f", ("f(a)", "f(b)"))
    assert f.probability == pytest.approx(0.7)
    assert g.probability == pytest.approx(0.18)
    assert g.to_dict() == {"group": "g", "probability": g.probability, "labels": ["g(a)", "g(b)"]}


def test_a_group_may_beat_the_best_label() -> None:
    ranked = [("x", 0.4), ("f(a)", 0.3), ("f(b)", 0.3)]
    (group,) = score_groups(ranked, {"x": None, "f(a)": "f", "f(b)": "f"})
    assert group.probability == pytest.approx(0.6)


def test_no_groups() -> None:
    assert score_groups([("x", 1.0)], {"x": None}) == ()


def clear(ranked: list[tuple[str, float]], verdict: str = "ambiguous") -> str | None:
    return find_clear_group(verdict, ranked, score_groups(ranked, GROUP_OF), 0.1)  # type: ignore[arg-type]


def test_a_group_is_clear_where_only_its_members_are_not() -> None:
    assert clear(RANKED) == "f"
    assert clear(RANKED, "match") is None
    assert clear(RANKED, "none") is None


@pytest.mark.parametrize(
    "ranked",
    [
        [("f(a)", 0.36), ("x", 0.34), ("f(b)", 0.3)],  # one of the two is no member
        [("f(a)", 0.26), ("f(b)", 0.26), ("g(a)", 0.24), ("g(b)", 0.24)],  # another group is close
        [("f(a)", 0.36), ("g(a)", 0.34), ("f(b)", 0.2), ("g(b)", 0.1)],  # two groups
    ],
)
def test_a_group_is_not_clear_if_anything_else_is_close(ranked: list[tuple[str, float]]) -> None:
    assert clear(ranked) is None


def test_without_groups_none_is_clear() -> None:
    assert find_clear_group("ambiguous", [("x", 0.5), ("y", 0.5)], (), 0.1) is None


def test_a_group_score_is_frozen() -> None:
    with pytest.raises(AttributeError):
        GroupScore("f", 0.5, ("f(a)",)).probability = 1.0  # type: ignore[misc]
