"""Texts that a spreadsheet must not calculate.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, which a
file's name or a label must never become. A path gets ``./`` before it, so that it still leads to
the file; any other text gets an apostrophe, as does one that already has it there, so that
taking one away gives the text back.
"""

import re

# What spreadsheets take for the beginning of a formula, also behind blanks and apostrophes.
_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")


def disarmed_path(name: str) -> str:
    """Return the path with ``./`` before it if a spreadsheet might calculate it."""
    return f"./{name}" if _FORMULA.match(name) else name


def disarmed(text: str) -> str:
    """Return the text with an apostrophe before it if a spreadsheet might calculate it."""
    return f"'{text}" if _FORMULA.match(text) else text


def armed(text: str) -> str:
    """Return the text that ``disarmed`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text
