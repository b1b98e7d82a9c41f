"""From a Chinese label to an English phrase by a translation model, which is handed in.

A label's name and what stands in its brackets are translated one by one. So labels that differ
in their brackets keep one name, as they do in Chinese; and brackets, which such models were
rarely shown, are not left to them.
"""

import re
from typing import Protocol

from anysound.errors import LabelError, ModelError
from anysound.labels.translation.parts import HAN, split_phrase
from anysound.labels.translation.translator import Translation

_KEPT = 10_000  # translations; a server is asked for ever new ones

_LETTER = re.compile(r"[A-Za-z]")
_ENDS = " \t\"'.!?,;:-"


class TextTranslator(Protocol):
    """A translation model, by whatever it is run."""

    def translate(self, text: str) -> str | None:
        """Translate a text; None if nothing comes of it.

        Raises:
            ModelError: The model can't read this very text.
        """


class ModelTranslator:
    """Translates by a model; each text once. It may be used from several threads."""

    def __init__(self, model: TextTranslator) -> None:
        """Begin.

        Args:
            model: From Chinese to English.
        """
        self._model = model
        self._known: dict[str, str | None] = {}

    def translate(self, text: str) -> Translation:
        """Translate one phrase; brackets hold qualifiers.

        Raises:
            LabelError: It is too long for the model.
        """
        if not HAN.search(text):
            return Translation(text, (text,))
        found = split_phrase(text)
        parts = list(dict.fromkeys(filter(None, (found.head, *found.qualifiers))))
        english = [self._in_english(part) for part in parts]
        unknown = tuple(part for part, en in zip(parts, english, strict=True) if en is None)
        if unknown or not parts:
            return Translation(text, (), unknown or (text,))
        return Translation(text, (", ".join(filter(None, english)),))

    def _in_english(self, part: str) -> str | None:
        """Translate a text without brackets; None if what comes out is no English."""
        if not HAN.search(part):
            return part
        if part not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            try:
                self._known[part] = _phrase(self._model.translate(part) or "")
            except ModelError as error:  # it can't read this very text
                raise LabelError(error.text) from error
        return self._known[part]


def _phrase(sentence: str) -> str | None:
    """Make a phrase of what a model of sentences wrote; None if it is no English."""
    phrase = " ".join(sentence.split()).strip(_ENDS)
    if HAN.search(phrase) or not _LETTER.search(phrase):
        return None
    first, _, rest = phrase.partition(" ")
    is_name = first == "I" or any(letter.isupper() for letter in first[1:])
    return phrase if is_name else f"{first.lower()} {rest}".strip()
