"""Single keys from a terminal, and lines from a pipe."""

import os
import re
import sys
from codecs import getincrementaldecoder
from types import TracebackType
from typing import Any, Self

import typer

_ERASE = ("\x7f", "\b")
_ENTER = ("\r", "\n")
_END = "\x04"
_ESCAPE = "\x1b"
_SEQUENCE = re.compile("\x1b(?:\\[[0-?]*[ -/]*[@-~]|O.)")


class Keys:
    """What a person types; over a pipe, a line takes the place of a key.

    The terminal gives keys without Enter for as long as the block lasts, and keeps those that are
    typed before they are asked for.
    """

    def __init__(self) -> None:
        self._typed = ""
        self._decoder = getincrementaldecoder("utf-8")(errors="replace")
        self._before: list[Any] | None = None

    def __enter__(self) -> Self:
        if sys.stdin.isatty() and os.name == "posix":
            import termios

            self._before = termios.tcgetattr(sys.stdin.fileno())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._before is not None:
            import termios

            termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, self._before)

    def key(self) -> str | None:
        """Wait for a key: its character, empty for Enter; None at the end, or for Esc."""
        if not sys.stdin.isatty():
            line = sys.stdin.readline()
            return line.strip() if line else None
        char = self._next()
        if char in (None, _END, _ESCAPE):
            return None
        return "" if char in _ENTER else char

    def line(self, prompt: str) -> str:
        """Wait for a line on a terminal; empty if it is given up with Esc."""
        text = ""
        while True:
            sys.stdout.write(f"\r{prompt}{text}\x1b[K")
            sys.stdout.flush()
            char = self._next()
            if char is None or char in (_END, _ESCAPE) or char in _ENTER:
                sys.stdout.write("\n")
                return text if char in _ENTER else ""
            if char in _ERASE:
                text = text[:-1]
            elif char.isprintable():
                text += char

    def _next(self) -> str | None:
        """Return the next character, without those that arrows and the like send."""
        if self._before is None:
            return _from_click()
        while True:
            found = _SEQUENCE.match(self._typed)
            if found:
                self._typed = self._typed[found.end() :]
            elif self._typed:
                char, self._typed = self._typed[0], self._typed[1:]
                return char
            elif not self._read():
                return None

    def _read(self) -> bool:
        """Wait until something is typed, and take all of it; False at the end."""
        import termios
        import tty

        file = sys.stdin.fileno()
        tty.setcbreak(file, termios.TCSADRAIN)  # flushing would lose what is typed already
        content = os.read(file, 1024)
        self._typed += self._decoder.decode(content)
        return bool(content)


def _from_click() -> str | None:
    try:
        char = typer.getchar()
    except EOFError:
        return None
    if char == "\x03":
        raise KeyboardInterrupt
    return char
