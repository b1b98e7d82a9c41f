"""Where the labels of a line are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anysound.errors import LabelError
from anysound.labels import locate_labels, parse_labels


def texts(line: str) -> list[str]:
    return [line[each.start : each.end] for each in locate_labels(line)]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("异常，正常；狗叫声", ["异常", "正常", "狗叫声"]),
        ("狗叫声、 雨=rain|!tap *2 ;\n 风 ", ["狗叫声", "雨=rain|!tap *2", "风"]),
        ('"a, b", c', ['"a, b"', "c"]),
        ("“最后 3 秒”倒计时, c", ["“最后 3 秒”倒计时", "c"]),
        (r"\=a, b\, c\\, d", [r"\=a", r"b\, c\\", "d"]),
        ("a(b, c【d，e】), f", ["a(b, c【d，e】)", "f"]),
        ("🐶🐶叫, 👩‍👩‍👧笑, 狗", ["🐶🐶叫", "👩‍👩‍👧笑", "狗"]),
        ("狗, 猫, 狗, 狗狗", ["狗", "猫", "狗", "狗狗"]),
        (",, a\r\n\r\nb,", ["a", "b"]),
        ("a, \\ , b\\ , c", ["a", "b\\", "c"]),
        ("", []),
    ],
)
def test_labels_are_found_as_they_are_written(line: str, expected: list[str]) -> None:
    assert texts(line) == expected


def test_a_label_is_as_it_is_written_at_its_place() -> None:
    one, other = locate_labels("狗叫 *2, 狗叫 *3")
    assert (one.label.weight, other.label.weight) == (2, 3)
    assert parse_labels("狗叫 *2, 狗叫 *3")[0].weight == 5


def test_what_cannot_be_read_is_pointed_at() -> None:
    with pytest.raises(LabelError) as caught:
        locate_labels("dog, =x")
    assert caught.value.position == 5


ITEMS = st.text("ab狗🐶é ()（）\"“”'\\=|*!,，;；、\n12.", min_size=0, max_size=12)
SEPARATORS = st.sampled_from([",", "，", "、", ";", "；", "\n", " , ", "\r\n"])


@given(st.lists(st.tuples(ITEMS, SEPARATORS), max_size=6))
def test_a_label_put_in_another_place_changes_no_other(parts: list[tuple[str, str]]) -> None:
    line = "".join(item + separator for item, separator in parts)
    try:
        located = locate_labels(line)
    except LabelError:
        return
    rest = line
    for each in reversed(located):
        rest = rest[: each.start] + rest[each.end :]
        changed = line[: each.start] + "新的声音" + line[each.end :]
        names = [other.label.name for other in locate_labels(changed)]
        expected = ["新的声音" if other is each else other.label.name for other in located]
        assert names == expected
    assert set(rest) <= set(",，、;；\r\n\t \\")


@given(st.lists(ITEMS, max_size=6))
def test_each_place_reads_as_its_label(items: list[str]) -> None:
    line = "，".join(items)
    try:
        located = locate_labels(line)
    except LabelError:
        return
    for each in located:
        if not line[each.start : each.end].endswith("\\"):  # cut off before an escaped space
            (alone,) = locate_labels(line[each.start : each.end])
            assert alone.label == each.label
