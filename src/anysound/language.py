"""The two languages that anysound speaks, and the text it says in them.

A message is written once, in both languages side by side, and chosen when it is shown:
a server answers each request in its own language, a command line in the terminal's.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh"]


@dataclass(frozen=True)
class Text:
    """One message in both languages; ``str()`` gives it in the current one."""

    en: str
    zh: str

    def __str__(self) -> str:
        return self.zh if current() == "zh" else self.en


def counted(number: int, thing: str) -> str:
    """Return a number of things in English: ``1 recording``, ``2 recordings``."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def language_of(text: str) -> Language:
    """Return the language that a text is written in: any Chinese character makes it Chinese."""
    return "zh" if is_chinese(text) else "en"


def is_chinese(text: str) -> bool:
    """Tell whether a text has Chinese characters in it."""
    return any("\u3400" <= character <= "\u9fff" for character in text)


def from_environment() -> Language:
    """Read the language from ``ANYSOUND_LANG``, or else from the locale variables."""
    for variable in ("ANYSOUND_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"


def from_accept_language(header: str | None) -> Language:
    """Choose the language a browser asks for first among the two (RFC 9110, 12.5.4).

    Args:
        header: The value of ``Accept-Language``, such as ``zh-CN,zh;q=0.9,en;q=0.8``.
    """
    best: Language = "en"
    best_quality = 0.0
    for entry in (header or "").split(","):
        tag, _, parameter = entry.strip().partition(";")
        name, _, value = parameter.strip().partition("=")
        try:
            quality = float(value) if name.strip() == "q" else 1.0
        except ValueError:
            continue
        primary = tag.strip().lower().partition("-")[0]
        language: Language | None = "zh" if primary == "zh" else "en" if primary == "en" else None
        if language is not None and quality > best_quality:
            best, best_quality = language, quality
    return best


_current: ContextVar[Language | None] = ContextVar("anysound_language", default=None)


def current() -> Language:
    """Return the language messages are shown in here and now."""
    return _current.get() or from_environment()


@contextmanager
def use(language: Language) -> Iterator[None]:
    """Show messages in ``language`` inside a ``with`` block."""
    token = _current.set(language)
    try:
        yield
    finally:
        _current.reset(token)
