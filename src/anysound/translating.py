"""Translators by their names: the lexicon, or a model that is installed or pulled."""

from typing import TYPE_CHECKING

from anysound.models import load_translator

if TYPE_CHECKING:
    from anysound.labels.translation import Translator
    from anysound.models.store import OnProgress

LEXICON = "lexicon"


def open_translator(name: str, on_progress: "OnProgress | None" = None) -> "Translator":
    """Make a translator from Chinese to English ready.

    Args:
        name: ``lexicon``; an id on the hub, such as ``Helsinki-NLP/opus-mt-zh-en``, downloaded if
            need be; or the path of a folder in the hub's layout.
        on_progress: Told how a download and the building go on.

    Raises:
        ModelError: There is no such model, or it is no translator.
        MissingExtraError: The extra ``translate`` is not installed.
    """
    from anysound.labels.translation import LexiconTranslator, ModelTranslator

    if name == LEXICON:
        return LexiconTranslator()
    return ModelTranslator(load_translator(name, on_progress))
