"""Labels in one line.

::

    labels  = label { separator label }
    label   = name [ "=" phrase { "|" phrase } ] [ "*" weight ]
    phrase  = text | "!" text

A separator is ``,`` ``、`` ``;`` or a new line, outside brackets and quotes; every mark may be
full-width. ``!`` marks a phrase to avoid. What is quoted, or escaped with a backslash, means
only itself: in ``"最后 3 秒倒计时"`` there is no place in time.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from anysound.errors import LabelError
from anysound.labels.draft import (
    MAX_LABELS,
    NO_LABELS,
    Draft,
    LabelSet,
    Written,
    assemble,
    check_weight,
    draft,
    too_many,
)
from anysound.labels.label import Label
from anysound.labels.scan import (
    BANG,
    BAR,
    EQUALS,
    ESCAPE,
    SEPARATOR,
    SPECIAL,
    STAR,
    Char,
    scan,
    scan_name,
    split,
    text_of,
    trim,
    unquote,
)
from anysound.labels.source import Source
from anysound.language import Text

MAX_LINE = 1 << 18


def parse_labels(line: str) -> LabelSet:
    """Read labels written in one line, such as ``狗叫, 下雨=rain|heavy rain|!tap water *1.2``.

    A label's name is shown as typed; without phrases of its own, it is heard by its name. Words
    in the name's brackets qualify it; a negation there (``非激光``, ``no music``) becomes a
    phrase to avoid, and a place in time (``最后 0.5 秒``) restricts where it is looked for.
    Labels that differ only in their brackets form a group. A label written twice is merged, and
    its weights are summed; empty places between separators are skipped.

    Raises:
        LabelError: The line can't be understood. The message shows the place, and ``position``
            is its index in ``line``.
    """
    drafts = parse_drafts(line, Source(line))
    if not drafts:
        raise LabelError(NO_LABELS, 0)
    return assemble(drafts)


def parse_drafts(line: str, source: Source) -> list[Draft]:
    """Read a line's labels, each by itself; there may be none."""
    with source.pointing():
        if len(line) > MAX_LINE:
            raise LabelError(
                Text(
                    en=f"This line is longer than {MAX_LINE} characters.",
                    zh=f"这一行超过了 {MAX_LINE} 个字符。",
                ),
                MAX_LINE,
            )
        items = [item for item in map(trim, split(scan(line), SEPARATOR)) if item]
        if len(items) > MAX_LABELS:
            raise LabelError(too_many(), items[MAX_LABELS][0].at)
        return [draft(_parse_item(item), source) for item in items]


def format_labels(labels: LabelSet) -> str:
    """Write labels in one line, which ``parse_labels`` reads back as the same set.

    Raises:
        LabelError: A label says what a line can't, such as a group of its own choosing, or its
            name mixes escaped brackets with others. A label file can say everything.
    """
    line = ", ".join(_format_label(label) for label in labels)
    read = parse_labels(line)
    if read != labels:
        raise _not_in_a_line(next(label for label in labels if label not in read))
    return line


def _parse_item(item: Sequence[Char]) -> Written:
    at = item[0].at
    body, weight = _take_weight(item)
    name, *right = split(body, EQUALS)
    equals = [char.at for char in body if char.mark == EQUALS]
    if len(equals) > 1:
        raise _second_equals(equals[1])
    _check_name(name, at)
    phrases: list[str] = []
    avoid: list[str] = []
    marks = [char.at for char in body if char.mark in (EQUALS, BAR)]
    for mark, part in zip(marks, split(right[0], BAR) if right else (), strict=True):
        phrase = trim(part)
        negated = bool(phrase) and phrase[0].mark == BANG
        text = text_of(unquote(phrase[1:] if negated else phrase))
        if not text:
            raise _empty_phrase(phrase[0].at if phrase else mark)
        (avoid if negated else phrases).append(text)
    return Written(unquote(name), tuple(phrases), tuple(avoid), weight, at)


def _take_weight(item: Sequence[Char]) -> tuple[Sequence[Char], float]:
    stars = [index for index, char in enumerate(item) if char.mark == STAR]
    if not stars:
        return item, 1.0
    number = trim(item[stars[0] + 1 :])
    try:
        weight = float(unicodedata.normalize("NFKC", text_of(number)))
    except ValueError:
        raise _not_a_weight(item[stars[0]].at) from None
    return item[: stars[0]], check_weight(weight, number[0].at)


def _check_name(name: Sequence[Char], at: int) -> None:
    if not text_of(unquote(name)):
        raise LabelError(
            Text(en="This label has no name.", zh="这个标签没有名称。"),
            at,
        )
    if trim(name)[0].mark == BANG:
        raise LabelError(
            Text(
                en="! marks a phrase to avoid, behind a label: dog=dog barking|!rain. "
                f"To begin a name with it, write {ESCAPE}!.",
                zh="! 用来标出某个标签要排除的短语：狗叫=dog barking|!rain。"
                f"名称本身以 ! 开头时请写成 {ESCAPE}!。",
            ),
            at,
        )
    for char in name:
        if char.mark == BAR:
            raise LabelError(
                Text(
                    en="| stands between phrases, and they begin with =: name=phrase|phrase. "
                    f"For the character itself, write {ESCAPE}|.",
                    zh="| 用来分隔短语，短语前要先写 =：名称=短语|短语。"
                    f"表示字符本身时请写成 {ESCAPE}|。",
                ),
                char.at,
            )


def _second_equals(at: int) -> LabelError:
    return LabelError(
        Text(
            en="A label has one = only. Is a separator missing? "
            f"For the character itself, write {ESCAPE}=.",
            zh=f"一个标签只能有一个 =。是不是漏了分隔符？表示字符本身时请写成 {ESCAPE}=。",
        ),
        at,
    )


def _empty_phrase(at: int) -> LabelError:
    return LabelError(
        Text(
            en="A phrase is missing after this: write one, or delete the mark.",
            zh="这个符号后面缺少短语：请补上，或删去这个符号。",
        ),
        at,
    )


def _not_a_weight(at: int) -> LabelError:
    return LabelError(
        Text(
            en="After * comes a weight, such as *1.2, and nothing behind it. "
            f"For the character itself, write {ESCAPE}* or quote it.",
            zh=f"* 后面要写权重，例如 *1.2，并且写在最后。"
            f"表示字符本身时请写成 {ESCAPE}* 或加引号。",
        ),
        at,
    )


def _format_label(label: Label) -> str:
    """Write a label in the shortest form that reads back, leaving its group aside."""
    plain = replace(label, group=None)
    weight = "" if label.weight == 1 else f" *{label.weight!r}"
    phrases = [*map(_format_text, label.phrases), *("!" + _format_text(a) for a in label.avoid)]
    for name in (_format_live(label.name), _quoted(label.name)):
        for text in (name, f"{name}={'|'.join(phrases)}"):
            if _reads_as(text + weight, plain):
                return text + weight
    raise _not_in_a_line(label)


def _reads_as(text: str, label: Label) -> bool:
    try:
        return [each.label for each in parse_drafts(text, Source())] == [label]
    except LabelError:
        return False


def _format_live(name: str) -> str:
    """Write a name so that its brackets are read."""
    operators = (SEPARATOR, EQUALS, BAR, STAR, BANG)
    return "".join(
        ESCAPE + char.text
        if char.text == ESCAPE or (char.depth == 0 and char.mark in operators)
        else char.text
        for char in scan_name(name)
    )


def _format_text(text: str) -> str:
    return _quoted(text) if SPECIAL & set(text) else text


def _quoted(text: str) -> str:
    escaped = text.replace(ESCAPE, ESCAPE * 2).replace('"', ESCAPE + '"')
    return f'"{escaped}"'


def _not_in_a_line(label: Label) -> LabelError:
    return LabelError(
        Text(
            en=f"The label {label.name} can't be written in one line: write a label file.",
            zh=f"标签 {label.name} 无法写成一行：请写成标签文件。",
        )
    )
