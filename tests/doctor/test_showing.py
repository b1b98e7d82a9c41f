"""Chinese in pictures and in the terminal, and the clock."""

import io
import sys
from datetime import UTC, datetime

import pytest

from anysound.doctor import DoctorOptions, showing
from anysound.language import use

OPTIONS = DoctorOptions()


def test_fonts_without_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anysound.drawing.fonts._CHINESE", ())
    found = showing.fonts(OPTIONS)
    assert found.verdict == "warn"
    assert found.facts["draws_chinese"] is False
    assert found.advice
    assert "fonts-noto-cjk" in found.advice.zh


def test_fonts_with_chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("anysound.drawing.undrawable", lambda _: set())
    assert showing.fonts(OPTIONS).verdict == "ok"


def test_no_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    found = showing.fonts(OPTIONS)
    assert found.verdict == "skipped"
    assert found.advice
    assert 'pip install "anysound[plot]"' in found.advice.en


@pytest.mark.parametrize(
    ("encoding", "verdict"),
    [("utf-8", "ok"), ("gbk", "ok"), ("ascii", "warn"), ("cp1252", "warn")],
)
def test_what_a_terminal_can_show(
    monkeypatch: pytest.MonkeyPatch, encoding: str, verdict: str
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    found = showing.terminal(OPTIONS)
    assert found.verdict == verdict
    assert found.facts["output"] == encoding
    if verdict == "warn":
        assert found.advice
        assert "PYTHONUTF8=1" in found.advice.en


def test_the_language_is_told() -> None:
    with use("zh"):
        assert showing.terminal(OPTIONS).facts["language"] == "zh"


def test_a_clock_that_is_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    assert showing.clock(OPTIONS).verdict == "ok"
    monkeypatch.setattr(showing, "_WRITTEN", datetime(2999, 1, 1, tzinfo=UTC))
    found = showing.clock(OPTIONS)
    assert found.verdict == "warn"
    assert found.advice
    assert "timedatectl" in found.advice.zh
