"""The wordings that are compared: label sets, in the model's own sentence or in others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from anysound.classifier import Classifier, Labels
from anysound.errors import UsageError
from anysound.labels import LabelSet, read_labels
from anysound.language import Language, Text, language_of
from anysound.models import AudioTextModel, Embeddings, ModelInfo, Waveform

_NAME_SHOWN = 48


@dataclass(frozen=True)
class Wording:
    """One way to put the question.

    Attributes:
        name: As shown.
        labels: The label set.
        template: Sentence that phrases of its language are put into; None is the model's own.
    """

    name: str
    labels: LabelSet
    template: str | None = None

    def classifier(self, base: Classifier) -> Classifier:
        """Return the classifier that puts this question; it hears as ``base`` does."""
        if self.template is None:
            return base
        return Classifier(_InTemplate(base.model, self.template))


def read_wordings(given: Sequence[Labels], templates: Sequence[str] = ()) -> tuple[Wording, ...]:
    """Read each label set, by itself and in each template.

    Raises:
        LabelError: Labels can't be understood.
        UsageError: A template has no place for the phrase, or fits no phrase's language.
    """
    for template in templates:
        _check(template)
    wordings = []
    for number, labels in enumerate(given, start=1):
        label_set, name = read_labels(labels), _name(labels, number)
        wordings.append(Wording(name, label_set))
        for template in templates:
            _check_language(template, label_set)
            wordings.append(Wording(f"{name} · {template}", label_set, template))
    return tuple(wordings)


class _InTemplate:
    """A model whose own sentence is another, for phrases of the sentence's language."""

    def __init__(self, model: AudioTextModel, template: str) -> None:
        languages = _languages(template)
        self._model = model
        self._templates: dict[Language, str] = {
            **model.info.templates,
            **dict.fromkeys(languages, template),
        }

    @property
    def info(self) -> ModelInfo:
        return replace(self._model.info, templates=self._templates)

    def embed_audio(self, waveforms: Sequence[Waveform]) -> Embeddings:
        return self._model.embed_audio(waveforms)

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        return self._model.embed_text(texts)


def _languages(template: str) -> tuple[Language, ...]:
    """Return the languages a template is for; one without words is for both."""
    words = template.replace("{}", "")
    if any(character.isalpha() for character in words):
        return (language_of(words),)
    return ("en", "zh")


def _name(labels: Labels, number: int) -> str:
    if not isinstance(labels, str):
        return f"#{number}"
    text = " ".join(labels.split())
    is_file = text.startswith("@") or (Path(text).suffix and "," not in text)
    if is_file:
        return Path(text.removeprefix("@")).name
    return text if len(text) <= _NAME_SHOWN else text[: _NAME_SHOWN - 1] + "…"


def _check(template: str) -> None:
    if template.count("{}") != 1:
        raise UsageError(
            Text(
                en=f"The template {template!r} must have {{}} in it once, where the label goes: "
                "'a recording of {}'.",
                zh=f"模板 {template!r} 中必须有且只有一个 {{}} 表示标签的位置，例如“{{}}的录音”。",
            )
        )


def _check_language(template: str, labels: LabelSet) -> None:
    languages = _languages(template)
    if not any(language_of(phrase) in languages for label in labels for phrase in label.phrases):
        raise UsageError(
            Text(
                en=f"The template {template!r} is for phrases of its own language, and the label "
                f"set that begins with {labels[0].name} has none: write one in theirs.",
                zh=f"模板 {template!r} 只用于同一种语言的短语，而以 {labels[0].name} 开头的标签中"
                "没有这种语言的短语：请换用相应语言的模板。",
            )
        )
