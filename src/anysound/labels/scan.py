"""Characters of a line of labels: which are marks of the grammar, and which are plain text.

This is the only place that knows how marks are typed, in ASCII or full-width.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from anysound.errors import LabelError
from anysound.language import Text

SEPARATOR, EQUALS, BAR, STAR, BANG, OPEN, CLOSE, QUOTE = ',=|*!()"'
ESCAPE = "\\"


def _both_widths(marks: str) -> str:
    """Return ASCII ``marks`` and their full-width forms, which Chinese input methods type."""
    return marks + "".join(chr(ord(mark) + 0xFEE0) for mark in marks)


_OPERATORS = (
    dict.fromkeys(_both_widths(",;") + "、\r\n", SEPARATOR)
    | dict.fromkeys(_both_widths("="), EQUALS)
    | dict.fromkeys(_both_widths("|"), BAR)
    | dict.fromkeys(_both_widths("*"), STAR)
    | dict.fromkeys(_both_widths("!"), BANG)
)
_OPENING = dict.fromkeys(_both_widths("("), "round") | {"[": "square", "【": "lenticular"}
_CLOSING = dict.fromkeys(_both_widths(")"), "round") | {"]": "square", "】": "lenticular"}
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’"}
_APOSTROPHES = "'’"
# Invisible characters that come along with copied text, among them those that turn the
# direction of writing around: nobody means them, and nobody could find them to delete them.
_INVISIBLE = frozenset(
    "\u00ad\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\u2066\u2067\u2068\u2069\ufeff"
)

SEPARATORS = frozenset(char for char, mark in _OPERATORS.items() if mark == SEPARATOR)
"""Every character that separates labels."""

IN_BRACKETS = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
"""Brackets in a phrase, with none inside; group 1 is what they hold."""

SPECIAL = frozenset({*_OPERATORS, *_OPENING, *_CLOSING, *_QUOTES, *_QUOTES.values(), ESCAPE})
"""Every character that means something to the grammar somewhere."""


class Char(NamedTuple):
    """One character of a line.

    Attributes:
        text: The character to show; white space of any kind is a space.
        at: Index in the line.
        mark: Its role, one of the module's constants, or "" for plain text. Of the operators,
            only a separator keeps its role in brackets.
        depth: How many brackets it stands in; a bracket itself stands outside.
        literal: Whether it was quoted or escaped, and so means only itself.
    """

    text: str
    at: int
    mark: str = ""
    depth: int = 0
    literal: bool = False


def scan(line: str) -> list[Char]:
    """Tell the marks of a line from its text, and resolve escapes.

    Raises:
        LabelError: A bracket or quote lacks its partner, or a character is a control character.
    """
    chars: list[Char] = []
    brackets: list[int] = []
    quote: int | None = None
    escaped = False
    for at, char in enumerate(line):
        depth = len(brackets)
        mark, literal = "", False
        if escaped:
            literal, escaped = True, False
        elif char == ESCAPE:
            escaped = True
            continue
        elif quote is not None:
            if char == _QUOTES[line[quote]] and not _is_inside_word(line, at):
                mark, quote = QUOTE, None
            else:
                literal = True
        elif char in _QUOTES and not (char in _APOSTROPHES and _is_letter(line[at - 1 : at])):
            mark, quote = QUOTE, at
        elif char == "”":
            raise _unbalanced(char, at)
        elif char in _OPENING:
            mark = OPEN
            brackets.append(at)
        elif char in _CLOSING:
            if not brackets or _OPENING[line[brackets[-1]]] != _CLOSING[char]:
                raise _unbalanced(char, at)
            brackets.pop()
            mark, depth = CLOSE, depth - 1
        else:
            operator = _OPERATORS.get(char, "")
            mark = operator if depth == 0 or operator == SEPARATOR else ""
        text = _visible(char, at)
        if text:
            chars.append(Char(text, at, mark, depth, literal))
    if escaped:
        raise _escapes_nothing(len(line) - 1)
    unclosed = quote if quote is not None else brackets[-1] if brackets else None
    if unclosed is not None:
        raise _unbalanced(line[unclosed], unclosed)
    return chars


def scan_name(name: str) -> list[Char]:
    """Scan a name that stands by itself, in a list or a file.

    It needs no escapes, so a backslash is text; and brackets or quotes that don't pair up are
    text as well, since it is clear where the name ends.
    """
    try:
        return scan(name.replace(ESCAPE, ESCAPE * 2))
    except LabelError:
        return literal(name)


def literal(name: str) -> list[Char]:
    """Return the characters of a name that means only itself."""
    return [Char(char, at, literal=True) for at, char in enumerate(name)]


def clean(text: str) -> str:
    """Return a text that stands by itself, trimmed, as ``scan`` would show it.

    Raises:
        LabelError: It has a control character in it.
    """
    return "".join(_visible(char, at) for at, char in enumerate(text)).strip()


def text_of(chars: Iterable[Char]) -> str:
    """Return what the characters read."""
    return "".join(char.text for char in chars)


def trim(chars: Sequence[Char], extra: str = "") -> Sequence[Char]:
    """Cut white space, and the characters of ``extra``, off both ends."""
    start, stop = 0, len(chars)
    while start < stop and (chars[start].text.isspace() or chars[start].text in extra):
        start += 1
    while start < stop and (chars[stop - 1].text.isspace() or chars[stop - 1].text in extra):
        stop -= 1
    return chars[start:stop]


def unquote(chars: Sequence[Char]) -> Sequence[Char]:
    """Trim, and take off the quotes if one pair holds everything."""
    chars = trim(chars)
    quotes = [index for index, char in enumerate(chars) if char.mark == QUOTE]
    return trim(chars[1:-1]) if quotes == [0, len(chars) - 1] else chars


def split(chars: Sequence[Char], mark: str, depth: int = 0) -> list[Sequence[Char]]:
    """Split at each ``mark`` that stands in ``depth`` brackets, leaving the marks out."""
    parts: list[Sequence[Char]] = []
    start = 0
    for index, char in enumerate(chars):
        if char.mark == mark and char.depth == depth:
            parts.append(chars[start:index])
            start = index + 1
    parts.append(chars[start:])
    return parts


def is_wide(char: str) -> bool:
    """Whether a terminal gives the character two columns, as it does to Chinese."""
    return unicodedata.east_asian_width(char) in "WF"


def _is_letter(char: str) -> bool:
    return char.isalnum() and not is_wide(char)


def _is_inside_word(line: str, at: int) -> bool:
    """Whether an apostrophe, as in ``baby's``, stands at ``at``."""
    return (
        line[at] in _APOSTROPHES
        and _is_letter(line[at - 1 : at])
        and _is_letter(line[at + 1 : at + 2])
    )


def _visible(char: str, at: int) -> str:
    """Return the character to show, which is none for an invisible one."""
    if char.isspace():
        return " "
    if char in _INVISIBLE:
        return ""
    if unicodedata.category(char) in ("Cc", "Cs"):
        code = f"U+{ord(char):04X}"
        raise LabelError(
            Text(
                en=f"Labels can't have the control character {code} in them: delete it.",
                zh=f"标签中不能有控制字符 {code}，请删去。",
            ),
            at,
        )
    return char


def _unbalanced(char: str, at: int) -> LabelError:
    return LabelError(
        Text(
            en=f"{char} lacks its partner: add it, or write {ESCAPE}{char} for the character.",
            zh=f"{char} 没有与之配对的另一半：请补上，或写成 {ESCAPE}{char} 表示字符本身。",
        ),
        at,
    )


def _escapes_nothing(at: int) -> LabelError:
    return LabelError(
        Text(
            en=f"{ESCAPE} at the end escapes nothing: delete it, or write {ESCAPE * 2}.",
            zh=f"末尾的 {ESCAPE} 后面没有可转义的字符：请删去，或写成 {ESCAPE * 2}。",
        ),
        at,
    )
