"""Checks that go wrong in every way are told like any other."""

import os
from collections.abc import Iterator

import pytest

from anysound.doctor import CHECKS, Check, DoctorOptions, examine, worst
from anysound.doctor.apart import apart
from anysound.doctor.examine import checked
from anysound.language import Text, use
from tests.cli.running import ROOT
from tests.doctor import misbehaving

OPTIONS = DoctorOptions(port=4711)


@pytest.fixture(autouse=True)
def _found_by_children(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = (str(ROOT), f"{ROOT}/src", os.environ.get("PYTHONPATH", ""))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))


def test_a_check_apart_says_the_same_whatever_is_printed_meanwhile() -> None:
    found = apart(misbehaving.well)(OPTIONS)
    assert found == Check("well", "ok", Text(en="here", zh="在"), facts={"port": 4711})


def test_a_crash_is_told_by_its_signal() -> None:
    found = apart(misbehaving.crashes)(OPTIONS)
    assert (found.name, found.verdict) == ("crashes", "fail")
    assert "SIGILL" in found.found.en
    assert "SIGILL" in found.found.zh
    assert found.advice
    assert "newer processor" in found.advice.en


def test_a_process_that_leaves_without_a_word_is_told() -> None:
    found = apart(misbehaving.leaves)(OPTIONS)
    assert found.verdict == "fail"
    assert found.facts["exit_code"] == 7


def test_a_check_that_hangs_is_given_up() -> None:
    found = apart(misbehaving.hangs, patience=1.5)(OPTIONS)
    assert found.verdict == "fail"
    assert "1.5 s" in found.found.en


@pytest.mark.parametrize("examination", [misbehaving.refuses, apart(misbehaving.refuses)])
def test_what_a_check_stumbles_over_is_what_it_found(examination: object) -> None:
    assert callable(examination)
    found = checked("refuses", examination, OPTIONS)
    assert (found.verdict, found.found.en, found.found.zh) == (
        "fail",
        "no such model",
        "没有这个模型",
    )


def test_a_bug_and_a_missing_package_are_told_and_not_raised() -> None:
    bug = checked("bug", misbehaving.is_a_bug, OPTIONS)
    assert bug.verdict == "fail"
    assert "KeyError" in bug.found.en
    lacking = checked("lacking", misbehaving.lacks_a_package, OPTIONS)
    assert lacking.verdict == "fail"
    assert "no_such_package" in lacking.found.zh
    assert lacking.advice
    assert "`packages`" in lacking.advice.en


def test_each_check_has_the_name_that_it_is_called_by() -> None:
    assert {name: each.__name__ for name, each in CHECKS.items()} == {name: name for name in CHECKS}


def test_all_checks_are_made_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    def here(name: str) -> object:
        return lambda _: Check(name, "ok", Text(en=name, zh=name))

    for name in CHECKS:
        monkeypatch.setitem(CHECKS, name, here(name))
    monkeypatch.setitem(CHECKS, "memory", misbehaving.is_a_bug)
    found = examine(OPTIONS)
    assert [each.name for each in found] == list(CHECKS)
    assert [each.name for each in found if each.verdict == "fail"] == ["memory"]


def _verdicts() -> Iterator[tuple[list[str], str]]:
    yield ["ok", "skipped"], "ok"
    yield ["skipped"], "skipped"
    yield ["ok", "warn", "ok"], "warn"
    yield ["fail", "warn", "ok"], "fail"


@pytest.mark.parametrize(("verdicts", "expected"), list(_verdicts()))
def test_the_worst_verdict_counts(verdicts: list[str], expected: str) -> None:
    text = Text(en="x", zh="x")
    assert worst(Check("x", each, text) for each in verdicts) == expected  # type: ignore[arg-type]


def test_a_check_speaks_the_current_language() -> None:
    check = Check("x", "warn", Text(en="here", zh="在"), Text(en="do", zh="做"), {"n": 1})
    with use("zh"):
        assert check.to_dict() == {
            "name": "x",
            "verdict": "warn",
            "found": "在",
            "advice": "做",
            "facts": {"n": 1},
        }
    with use("en"):
        assert check.to_dict()["found"] == "here"
        assert Check("x", "ok", check.found).to_dict()["advice"] is None
