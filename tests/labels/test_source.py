import pytest

from anysound.errors import LabelError
from anysound.labels import parse_labels
from anysound.language import use


def shown(line):
    with pytest.raises(LabelError) as caught:
        parse_labels(line)
    return str(caught.value).splitlines()[1:]


@pytest.mark.parametrize(
    ("line", "columns"),
    [
        ("dog, cat=", 8),
        ("狗叫, 猫=", 8),
        ("cafe\u0301=", 4),
        ("狗\t叫=", 5),
    ],
)
def test_caret_stands_under_the_place(line, columns):
    text, caret = shown(line)
    assert text.strip() == line.replace("\t", " ")
    assert caret == " " * (4 + columns) + "^"


def test_only_the_line_in_question_is_shown():
    text, caret = shown("狗叫\r\n猫叫=\r\n鸟叫")
    assert (text, caret) == ("    猫叫=", "        ^")


def test_a_long_line_is_cut_around_the_place():
    text, caret = shown(", ".join(f"label {n}" for n in range(400)) + ", a=, b" + ", c" * 100)
    assert len(text) < 80
    assert text[len(caret) - 1] == "="


def test_control_characters_do_not_reach_the_terminal():
    text, _ = shown("dog\x1b[31m")
    assert "\x1b" not in text


def test_a_blank_line_is_not_shown():
    assert shown("  ") == []


def test_message_is_in_both_languages():
    with pytest.raises(LabelError) as caught:
        parse_labels("狗叫=")
    with use("zh"):
        assert "缺少短语" in str(caught.value)
    with use("en"):
        assert "missing" in str(caught.value)
