"""A whole label set in English, for a model that reads no Chinese."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from anysound.errors import LabelError
from anysound.labels.draft import LabelSet
from anysound.labels.label import Label
from anysound.labels.translation.translator import Translator
from anysound.language import Text


@dataclass(frozen=True)
class InEnglish:
    """A label set in English.

    Attributes:
        labels: The labels, their names as they were.
        warnings: What was passed on untranslated.
    """

    labels: LabelSet
    warnings: tuple[Text, ...] = ()


def in_english(labels: LabelSet, translator: Translator, *, keep: bool = False) -> InEnglish:
    """Translate the phrases of labels, those to avoid as well.

    Args:
        labels: What to translate; English phrases stay as they are.
        translator: Translates.
        keep: Whether a phrase with words that have no English is passed on as it is.

    Raises:
        LabelError: Words have no English, and ``keep`` is false.
    """
    unknown: dict[str, list[str]] = {}
    translated = [_in_english(label, translator, unknown) for label in labels]
    if not unknown:
        return InEnglish(LabelSet(translated))
    if not keep:
        raise LabelError(_refusal(unknown))
    return InEnglish(LabelSet(translated), (_warning(unknown),))


def _in_english(label: Label, translator: Translator, unknown: dict[str, list[str]]) -> Label:
    def translate(phrases: Sequence[str]) -> tuple[str, ...]:
        found: list[str] = []
        for phrase in phrases:
            translation = translator.translate(phrase)
            if translation.unknown:
                unknown.setdefault(label.name, []).extend(translation.unknown)
                found.append(phrase)
            else:
                found.extend(translation.phrases)
        return tuple(dict.fromkeys(found))

    return replace(label, phrases=translate(label.phrases), avoid=translate(label.avoid))


def _refusal(unknown: dict[str, list[str]]) -> Text:
    en = "; ".join(f"{name} ({', '.join(dict.fromkeys(words))})" for name, words in unknown.items())
    zh = "；".join(
        f"{name}（{'、'.join(dict.fromkeys(words))}）" for name, words in unknown.items()
    )
    first = next(iter(unknown))
    return Text(
        en=f"The model reads English only, and these labels have words without English: {en}. "
        f"Write the English after '=', as in {first}=…, or pass them on with --untranslated keep.",
        zh=f"所用模型只懂英文，下列标签中有无法翻译的词：{zh}。"
        f"请在“=”后写上英文，例如 {first}=…，或用 --untranslated keep 原样传给模型。",
    )


def _warning(unknown: dict[str, list[str]]) -> Text:
    listed = ", ".join(unknown)
    return Text(
        en=f"The model reads English only, and these labels were passed on untranslated, so they "
        f"are guesswork: {listed}.",
        zh=f"所用模型只懂英文，下列标签未经翻译直接传入，结果不可靠：{'、'.join(unknown)}。",
    )
