"""Shares, their intervals, and the file that keeps them."""

from pathlib import Path

import pytest
from training.figures import Figure, count, keep, kept, table

from training import figures


def test_the_interval_is_wilsons() -> None:
    # Wilson's interval for 8 of 10, as statsmodels gives it: 0.4902, 0.9433.
    low, high = Figure("x", 8, 10).interval
    assert (low, high) == pytest.approx((0.4902, 0.9433), abs=2e-4)


def test_a_table_names_count_share_and_interval() -> None:
    text = table("ESC-10", [count("labels, en", [True, True, False, True])])
    assert "| labels, en | 3 of 4 | 75.0% | 30% - 95% |" in text


def test_what_is_kept_of_one_model_leaves_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(figures, "KEPT", tmp_path / "figures.json")
    assert kept("fold-3") == {}
    keep("fold-3", "abc", {"ESC-10": [Figure("labels", 1, 2)]})
    keep("zero-shot", "def", {"ESC-10": [Figure("labels", 2, 2)]})
    keep("fold-3", "abd", {"ESC-10": [Figure("labels", 0, 2)]})
    assert kept("fold-3") == {"ESC-10": [Figure("labels", 0, 2)]}
    assert kept("zero-shot") == {"ESC-10": [Figure("labels", 2, 2)]}
