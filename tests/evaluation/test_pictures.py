"""Pictures whose text is text, with room for it."""

import sys
import xml.etree.ElementTree as ET

import pytest

from anysound.drawing import wrapped
from anysound.errors import MissingExtraError
from anysound.evaluation.pictures import calibration_picture, confusion_picture
from anysound.evaluation.report import WordingReport, measure
from anysound.evaluation.run import Answer
from anysound.evaluation.wordings import Wording
from anysound.labels import Label, read_labels
from anysound.language import use

LONG = "轴承干摩擦尖啸声(高频持续, 伴随金属刮擦的长名称)"


def report(names: list[str]) -> WordingReport:
    labels = read_labels([Label(name, ("x",)) for name in names])
    answers = [
        Answer(index, 0.3 + 0.6 * (index % 2), 0.1, 0.5, 0.2, "match")
        for index in range(len(names))
    ]
    return measure(Wording("狗 & <猫>.yaml", labels), answers, tuple(range(len(names))))


def texts(picture: str) -> list[str]:
    root = ET.fromstring(picture)
    return [each.text or "" for each in root.iter("{http://www.w3.org/2000/svg}text")]


def test_names_are_text_and_whole() -> None:
    pytest.importorskip("matplotlib")
    with use("zh"):
        found = texts(confusion_picture(report([LONG, "雨", "$x^2$ & <b>"])))
    joined = "".join(found)
    for part in wrapped(LONG).splitlines():
        assert found.count(part) == 2  # beside its row and below its column
    assert found.count("$x^2$ & <b>") == 2  # a dollar is a dollar
    assert "狗 & <猫>.yaml" in joined
    assert "真实标签" in joined
    assert "首位标签正确：3 段中 3 段（100.0%）" in joined


def test_names_end_at_the_matrix_however_wide_their_glyphs_are() -> None:
    pytest.importorskip("matplotlib")
    root = ET.fromstring(confusion_picture(report([LONG, "雨"])))
    for each in root.iter("{http://www.w3.org/2000/svg}text"):
        if each.text and (each.text in wrapped(LONG) or each.text == "雨"):
            assert "text-anchor: end" in each.attrib["style"]


@pytest.mark.parametrize("count", [1, 2, 45, 120])
def test_any_number_of_labels(count: int) -> None:
    pytest.importorskip("matplotlib")
    given = report([f"label {n}" for n in range(count)])
    assert len(texts(confusion_picture(given))) >= 2 * count
    assert ET.fromstring(calibration_picture(given)).tag.endswith("svg")


def test_the_same_report_gives_the_same_picture() -> None:
    pytest.importorskip("matplotlib")
    given = report(["a", "b"])
    assert confusion_picture(given) == confusion_picture(given)
    assert calibration_picture(given) == calibration_picture(given)


def test_nothing_to_draw() -> None:
    pytest.importorskip("matplotlib")
    labels = read_labels("a, b")
    empty = measure(Wording("x", labels), [], ())
    assert texts(confusion_picture(empty))
    assert texts(calibration_picture(empty))


def test_the_global_state_of_matplotlib_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    matplotlib = pytest.importorskip("matplotlib")
    before = dict(matplotlib.rcParams)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)  # it isn't imported
    confusion_picture(report(["a", "b"]))
    assert dict(matplotlib.rcParams) == before


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"anysound\[plot\]"):
        confusion_picture(report(["a", "b"]))
