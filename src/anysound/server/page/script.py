"""Scripts of the page's components, and the words that they show."""

from collections.abc import Mapping
from pathlib import Path

from anysound.language import Text

_SHARED = Path(__file__).parent / "dom.js"


def script(module: str, *before: str) -> str:
    """Return a component's script: what all of them share, and the file beside a module.

    Args:
        module: Path of the module, its ``__file__``.
        before: Names of further files beside it, which come before its own.
    """
    own = Path(module).with_suffix(".js")
    files = (_SHARED, *map(own.with_name, before), own)
    return "".join(file.read_text(encoding="utf-8") for file in files)


def in_words(texts: Mapping[str, Text]) -> dict[str, str]:
    """Return a script's words in the current language."""
    return {key: str(text) for key, text in texts.items()}
