"""A finding's rewrite, put into the line."""

import pytest

from anysound.labels import locate_labels, parse_labels
from anysound.labels.lint import Finding, check_wording, edits
from anysound.language import Text


def finding(rewrite: str | None, label: str = "异常") -> Finding:
    return Finding("abstract", (label,), Text("", ""), Text("", ""), rewrite)


def rewritten(line: str, found: Finding) -> str:
    for edit in reversed(edits(found, locate_labels(line))):
        line = line[: edit.start] + edit.text + line[edit.end :]
    return line


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("狗叫声， 异常；\n雨声", "狗叫声， 尖啸声, 嗡鸣(低频)；\n雨声"),
        ("不异常、“异常”", "不异常、尖啸声, 嗡鸣(低频)"),
        ("🐶🐶, 异常, 异常声", "🐶🐶, 尖啸声, 嗡鸣(低频), 异常声"),
        ("异常, 风, 异常", "尖啸声, 嗡鸣(低频), 风, 尖啸声, 嗡鸣(低频)"),
        ("异常 * 2, 风", "尖啸声 *2.0, 嗡鸣(低频) *2.0, 风"),
        ("异常, 尖啸声", "嗡鸣(低频), 尖啸声"),
    ],
)
def test_only_the_label_is_replaced(line: str, expected: str) -> None:
    assert rewritten(line, finding("尖啸声, 嗡鸣(低频)")) == expected


@pytest.mark.parametrize(
    "name", ["异常(最后 1 秒)", "异常（明显，无风扇声，开头 2 秒）", "异常[0:10-0:15]"]
)
def test_where_and_what_not_go_over(name: str) -> None:
    (old,) = parse_labels(f"{name}=异常|!雨声")
    squeal, hum = parse_labels(
        rewritten(f"{name}=异常|!雨声", finding("尖啸声, 嗡鸣(低频)", old.name))
    )
    for label in (squeal, hum):
        assert label.when == old.when
        assert set(label.avoid) == set(old.avoid)
        assert label.name.startswith(("尖啸声", "嗡鸣(低频)"))


def test_a_rewrite_may_have_phrases() -> None:
    line = rewritten("狗 *2, 猫", finding("狗=dog barking", "狗"))
    assert line == "狗=dog barking *2.0, 猫"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("异常, 风", finding(None)),
        ("异常, 尖啸声, 嗡鸣", finding("嗡鸣, 尖啸声")),
        ("狗(最后 1 秒), 猫", finding("狗=dog barking", "狗(最后 1 秒)")),
    ],
)
def test_there_is_no_edit_that_says_nothing_new_or_loses_something(
    line: str, found: Finding
) -> None:
    assert edits(found, locate_labels(line)) == ()


@pytest.mark.parametrize("line", ["异常, 正常, HVAC noise, 狗叫声", "人声, 交通, SCADA, UPS"])
def test_accepting_everything_leaves_nothing_to_rewrite(line: str) -> None:
    for _ in range(20):
        located = locate_labels(line)
        found = [each for each in check_wording(parse_labels(line)) if edits(each, located)]
        if not found:
            break
        line = rewritten(line, found[0])
    assert [each.kind for each in check_wording(parse_labels(line)) if each.rewrite] == []
    assert all(label.weight == 1 for label in parse_labels(line))
