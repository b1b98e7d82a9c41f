"""Where labels came from, to point at what is wrong in them."""

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from anysound.errors import LabelError
from anysound.labels.scan import is_wide
from anysound.language import Text

_COLUMNS_SHOWN = 72


@dataclass(frozen=True)
class Source:
    """A line of labels, or a place in a file of them.

    Attributes:
        line: The line as typed; None if the place is not in a line.
        name: What the place is called, such as ``labels.txt, line 3``; None if it needs no name.
    """

    line: str | None = None
    name: Text | None = None

    def error(self, text: Text, position: int | None = None) -> LabelError:
        """Make an error that shows the line, with a caret under ``position``."""
        en, zh = text.en, text.zh
        if self.name:
            en, zh = f"{self.name.en}: {en}", f"{self.name.zh}：{zh}"
        if self.line is None or position is None:
            return LabelError(Text(en=en, zh=zh))
        shown = _with_caret(self.line, position)
        return LabelError(Text(en=en + shown, zh=zh + shown), position)

    @contextmanager
    def pointing(self) -> Iterator[None]:
        """Let label errors raised inside say where they are in this source."""
        try:
            yield
        except LabelError as error:
            raise self.error(error.text, error.position) from None


def _with_caret(line: str, position: int) -> str:
    """Show the surroundings of ``position`` and, on the next line, a caret under it."""
    start = max(line.rfind(end, 0, position) for end in "\r\n") + 1
    stops = [line.find(end, position) for end in "\r\n"]
    stop = min((at for at in stops if at >= 0), default=len(line))
    if not line[start:stop].strip():
        return ""
    columns = _COLUMNS_SHOWN // 4
    if position - start > columns * 2:
        before = "…" + line[position - columns : position]
    else:
        before = line[start:position]
    after = line[position:stop]
    if len(after) > columns * 2:
        after = after[: columns * 2] + "…"
    before, after = _printable(before), _printable(after)
    return f"\n    {before}{after}\n    {' ' * sum(map(_columns, before))}^"


def _printable(text: str) -> str:
    """Replace what a terminal would act upon instead of showing it."""
    return "".join(
        " " if char.isspace() else "\ufffd" if unicodedata.category(char)[0] == "C" else char
        for char in text
    )


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if is_wide(char) else 1
