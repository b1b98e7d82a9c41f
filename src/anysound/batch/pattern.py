"""Patterns of paths, such as ``rec/**/*.wav``."""

from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Self

from anysound.audio.remote import Place, is_url

_MAGIC = frozenset("*?[")
_ANY_FOLDERS = "**"
_WITH_QUERY = ("http://", "https://")  # where a question mark begins a query


def is_pattern(text: str) -> bool:
    """Tell whether a text has the signs of a pattern in it."""
    magic = _MAGIC - {"?"} if text.startswith(_WITH_QUERY) else _MAGIC
    return not magic.isdisjoint(text)


class Pattern:
    """Matches names part by part; ``**`` stands for any number of folders.

    A folder that is matched gives all that is in it.

    Attributes:
        folder: Where to look: the path before the first part with a sign in it.
    """

    def __init__(self, folder: Place, parts: Sequence[str], *, recursive: bool) -> None:
        """Make a pattern.

        Args:
            folder: Where to look.
            parts: What is matched below it.
            recursive: Whether folders inside a folder that is matched count as well.
        """
        self.folder = folder
        self._parts = tuple(parts)
        self._recursive = recursive

    @classmethod
    def parse(cls, text: str, *, recursive: bool) -> Self:
        """Read a pattern as the user wrote it; forward slashes will do everywhere."""
        parts = text.split("/") if is_url(text) else Path(text).parts
        first = next(index for index, part in enumerate(parts) if is_pattern(part))
        folder = "/".join([*parts[:first], ""]) if is_url(text) else Path(*parts[:first])
        return cls(folder, parts[first:], recursive=recursive)

    def enters(self, folder: str) -> bool:
        """Tell whether something in this folder may match."""
        parts = folder.split("/")
        return _may_lead(parts, self._parts) or self._gives(parts)

    def matches(self, name: str) -> bool:
        """Tell whether a file matches, or is in a folder that does."""
        parts = name.split("/")
        return _matches(parts, self._parts) or self._gives(parts[:-1])

    def _gives(self, folder: Sequence[str]) -> bool:
        """Tell whether the files in a folder are all wanted."""
        if not self._recursive:
            return _matches(folder, self._parts)
        return any(_matches(folder[:end], self._parts) for end in range(1, len(folder) + 1))


def _matches(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    if not pattern:
        return not parts
    if pattern[0] == _ANY_FOLDERS:
        if len(pattern) == 1:
            return bool(parts)
        rest = pattern[1:]
        return any(_matches(parts[begin:], rest) for begin in range(len(parts) + 1))
    return bool(parts) and fnmatch(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])


def _may_lead(parts: Sequence[str], pattern: Sequence[str]) -> bool:
    """Tell whether the pattern may match something below."""
    if not pattern or pattern[0] == _ANY_FOLDERS:
        return bool(pattern)
    if not parts:
        return True
    return fnmatch(parts[0], pattern[0]) and _may_lead(parts[1:], pattern[1:])
