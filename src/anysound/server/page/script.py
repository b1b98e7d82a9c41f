"""Scripts of the page's components, and the words that they show."""

from collections.abc import Mapping
from pathlib import Path

from anysound.language import Text

_SHARED = Path(__file__).parent / "dom.js"


def script(module: str) -> str:
    """Return a component's script: what all of them share, and the file beside a module.

    Args:
        module: Path of the module, its ``__file__``.
    """
    own = Path(module).with_suffix(".js")
    return _SHARED.read_text(encoding="utf-8") + own.read_text(encoding="utf-8")


def in_words(texts: Mapping[str, Text]) -> dict[str, str]:
    """Return a script's words in the current language."""
    return {key: str(text) for key, text in texts.items()}
