"""Chinese labels in English, for models that read no Chinese."""

from anysound.labels.translation.by_model import ModelTranslator, TextTranslator
from anysound.labels.translation.label_set import InEnglish, in_english
from anysound.labels.translation.translator import LexiconTranslator, Translation, Translator

__all__ = [
    "InEnglish",
    "LexiconTranslator",
    "ModelTranslator",
    "TextTranslator",
    "Translation",
    "Translator",
    "in_english",
]
