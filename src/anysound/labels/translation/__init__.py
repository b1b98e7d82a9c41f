"""Chinese labels in English, for models that read no Chinese."""

from anysound.labels.translation.lexicon import synonyms
from anysound.labels.translation.translator import LexiconTranslator, Translation, Translator

__all__ = ["LexiconTranslator", "Translation", "Translator", "synonyms"]
