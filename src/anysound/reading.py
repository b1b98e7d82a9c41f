"""What a model makes of labels, before any recording is looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

import numpy as np

from anysound.audio import background_sounds
from anysound.errors import LabelError, ModelError, UsageError
from anysound.labels import Examples, Label, LabelSet
from anysound.labels.lexicon import concepts
from anysound.labels.wordings import other_wordings
from anysound.language import Text, is_chinese, language_of
from anysound.models import AudioTextModel, Embeddings, ModelInfo

if TYPE_CHECKING:
    from anysound.labels.translation import Translator

Untranslated: TypeAlias = Literal["refuse", "keep"]
"""What becomes of a Chinese label that can't be put into English, where the model needs that."""

_EVERY = 3  # of the known sounds, one is asked: enough to rank a label among them
_PHRASES_KEPT = 10_000  # a server is asked for ever new ones


def check_untranslated(choice: str) -> Untranslated:
    """Return the choice if there is such a one.

    Raises:
        UsageError: There is not.
    """
    for known in get_args(Untranslated):
        if choice == known:
            return known  # type: ignore[no-any-return]
    raise UsageError(
        Text(
            en=f"A label without English can't be treated as {choice!r}: it is refuse or keep.",
            zh=f"--untranslated 不能是 {choice!r}：可选 refuse 或 keep。",
        )
    )


@dataclass(frozen=True)
class LabelEmbeddings:
    """Labels as the model reads them.

    Attributes:
        own: Of the labels, shape ``(n_labels, dim)``; unit length, but for what examples add.
        avoided: Of each label's phrases to avoid, shapes ``(n_avoided, dim)``.
    """

    own: Embeddings
    avoided: tuple[Embeddings, ...]


@dataclass(frozen=True)
class ReadLabels:
    """A label set, made ready for a model.

    Attributes:
        labels: With phrases in a language that the model reads.
        embeddings: Of these phrases.
        warnings: What the user should know about the labels.
    """

    labels: LabelSet
    embeddings: LabelEmbeddings
    warnings: tuple[Text, ...] = ()


class LabelReader:
    """Puts labels into a language that a model reads, and embeds them; each phrase once.

    It is what :class:`anysound.labels.lint.Hearing` asks for. It may be used from several threads.

    Attributes:
        known_phrases: How many were known when they were asked for.
        new_phrases: How many had to be embedded.
    """

    def __init__(
        self,
        model: AudioTextModel,
        translator: "Translator | None" = None,
        untranslated: Untranslated = "refuse",
    ) -> None:
        """Begin.

        Args:
            model: Reads the labels.
            translator: Puts Chinese labels into English for a model that reads no Chinese; None
                is the lexicon.
            untranslated: Whether a label that has no English is refused, or passed on.
        """
        self._model = model
        self._translator = translator
        self._untranslated = untranslated
        self.known_phrases = self.new_phrases = 0
        self._known: dict[str, Embeddings] = {}
        self._others: Embeddings | None = None
        self._background: Embeddings | None = None
        self._last: tuple[LabelSet, Untranslated, ReadLabels] | None = None

    def __getstate__(self) -> dict[str, Any]:
        """Leave what was embedded behind when sent to a process: a pipe takes 64 kB at once.

        Of more, the sender waits for a process that may have been killed.
        """
        state = {**self.__dict__, "_known": {}}
        return state | dict.fromkeys(("_others", "_background", "_last"))

    @property
    def translator(self) -> "Translator | None":
        """What puts Chinese labels into English; None if the model reads them itself."""
        if "zh" in self._model.info.languages:
            return None
        if self._translator is None:
            from anysound.labels.translation import LexiconTranslator

            self._translator = LexiconTranslator()
        return self._translator

    def read(self, labels: LabelSet, untranslated: Untranslated | None = None) -> ReadLabels:
        """Translate labels if need be, and embed them.

        Args:
            labels: What is read.
            untranslated: What becomes of a label that has no English, if not as usual.

        Raises:
            LabelError: A label can't be translated, or the model can't read it.
        """
        last = self._last  # a folder of recordings is asked about one label set
        untranslated = untranslated or self._untranslated
        if last is not None and last[:2] == (labels, untranslated):
            return last[2]
        readable, warnings = self._in_english(labels, keep=untranslated == "keep")
        phrases = [phrase for label in readable for phrase in label.avoid]
        phrases += [phrase for label in readable for phrase in self._wordings(label)]
        if self._model.info.calibration.none_rank:
            phrases += _others()
        self._embedded(phrases)  # all in one call, for which a model's text side is there
        embeddings = LabelEmbeddings(self._embed(readable), self._embed_avoided(readable))
        read = ReadLabels(readable, embeddings, warnings)
        self._last = labels, untranslated, read
        return read

    def readable(self, labels: LabelSet) -> LabelSet:
        """Return labels with phrases that the model reads; what has no English is passed on."""
        return self._in_english(labels, keep=True)[0]

    def embed_label_set(self, labels: LabelSet) -> Embeddings:
        """Embed labels, shape ``(n_labels, dim)``; what has no English is passed on."""
        return self._embed(self.readable(labels))

    def embed_phrases(self, phrases: Sequence[str]) -> Embeddings:
        """Embed phrases, each in the model's sentence, all new ones in one call.

        Returns:
            Shape ``(n_phrases, dim)``, unit length.

        Raises:
            LabelError: The model can't read one of them.
        """
        known = self._embedded(phrases)
        return np.stack([known[phrase] for phrase in phrases]) if phrases else self._no_rows()

    def embed_others(self) -> Embeddings:
        """Embed labels of all kinds of sounds, shape ``(n, dim)``; the same ones, once."""
        if self._others is None:
            self._others = self.embed_phrases(_others())
        return self._others

    def embed_background(self) -> Embeddings:
        """Embed sounds that hold nothing to name, shape ``(n, dim)``, unit length; once."""
        if self._background is None:
            info = self._model.info
            sounds = background_sounds(info.rate, min(info.window, 5.0))
            self._background = self._model.embed_audio(sounds)
        return self._background

    def _in_english(self, labels: LabelSet, *, keep: bool) -> tuple[LabelSet, tuple[Text, ...]]:
        phrases = [phrase for label in labels for phrase in (*label.phrases, *label.avoid)]
        translator = self.translator if any(map(is_chinese, phrases)) else None
        if translator is None:
            return labels, ()
        from anysound.labels.translation import in_english

        translated = in_english(labels, translator, keep=keep)
        return translated.labels, translated.warnings

    def _embed(self, labels: LabelSet) -> Embeddings:
        """Embed each label as the mean direction of its phrases, and what examples add to it."""
        wordings = [self._wordings(label) for label in labels]
        known = self._embedded([phrase for some in wordings for phrase in some])
        means = [np.mean([known[phrase] for phrase in some], axis=0) for some in wordings]
        rows = [
            unit(mean) + self._learnt(label) if label.examples else unit(mean)
            for label, mean in zip(labels, means, strict=True)
        ]
        return np.stack(rows)

    def _learnt(self, label: Label) -> Embeddings:
        """Return what a label's examples add.

        Raises:
            LabelError: They were heard by another model.
        """
        info, examples = self._model.info, label.examples
        if examples is None:
            return np.zeros(info.dim, np.float32)
        direction = examples.direction
        by = (examples.model, examples.revision)
        if by != (info.id, info.revision) or direction.shape != (info.dim,):
            raise _taught_for_another(label, examples, info)
        return direction

    def _wordings(self, label: Label) -> tuple[str, ...]:
        """Return a label's phrases, each in several wordings if the model is the better for it."""
        if not self._model.info.averages_wordings:
            return label.phrases
        return tuple(each for phrase in label.phrases for each in other_wordings(phrase))

    def _embed_avoided(self, labels: LabelSet) -> tuple[Embeddings, ...]:
        """Embed each label's phrases to avoid, each by itself."""
        return tuple(self.embed_phrases(label.avoid) for label in labels)

    def _embedded(self, phrases: Sequence[str]) -> dict[str, Embeddings]:
        kept = self._known
        known = {phrase: kept[phrase] for phrase in phrases if phrase in kept}
        new = [phrase for phrase in dict.fromkeys(phrases) if phrase not in known]
        self.known_phrases += len(known)
        self.new_phrases += len(new)
        if not new:
            return known
        templates = self._model.info.templates
        sentences = [templates[language_of(phrase)].replace("{}", phrase) for phrase in new]
        try:
            rows = self._model.embed_text(sentences)
        except ModelError as error:  # it can't read one of these very texts
            raise LabelError(error.text) from error
        for phrase, row in zip(new, rows, strict=True):
            if len(kept) >= _PHRASES_KEPT:
                kept.clear()
            known[phrase] = kept[phrase] = row
        return known

    def _no_rows(self) -> Embeddings:
        return np.zeros((0, self._model.info.dim), dtype=np.float32)


def _others() -> list[str]:
    return [known.en[0] for known in concepts()[::_EVERY]]


def _taught_for_another(label: Label, examples: Examples, info: ModelInfo) -> LabelError:
    taught, asked = f"{examples.model} {examples.revision}", f"{info.id} {info.revision}"
    return LabelError(
        Text(
            en=f"The label {label.name} was taught by examples for the model {taught}, and {asked} "
            "answers: what one model learns says nothing to another. Teach it again with "
            f"`anysound teach FOLDER -o labels.yaml --model {info.id}`, or answer with "
            f"--model {examples.model}.",
            zh=f"标签 {label.name} 的示例是用模型 {taught} 学的，而当前模型是 {asked}："
            "不同模型学到的内容不能通用。请用 "
            f"`anysound teach 文件夹 -o labels.yaml --model {info.id}` 重新教一遍，"
            f"或改用 --model {examples.model}。",
        )
    )


def unit(vector: Embeddings) -> Embeddings:
    """Return the vector at unit length; one without a direction stays as it is."""
    length = float(np.linalg.norm(vector))
    return (vector / length if length > 0 else vector).astype(np.float32)
