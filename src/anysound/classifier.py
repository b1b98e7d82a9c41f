"""The one object most users need: recordings and labels in, answers out."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np

from anysound.audio import WHOLE, Recording, open_recording
from anysound.errors import LabelError, ModelError
from anysound.hearing import Heard, listen
from anysound.judging import LabelEmbeddings, part_of, score_labels, warn_of_unheard
from anysound.labels import Label, LabelSet, read_labels
from anysound.language import Language, Text
from anysound.models import (
    AudioTextModel,
    Compat,
    Embeddings,
    ModelInfo,
    ModelOptions,
    PrecisionOption,
    load_model,
)
from anysound.results import Classification, Score
from anysound.scoring import decide, find_clear_group, score_groups

__all__ = ["Classification", "Classifier", "Labels", "Score"]

Labels: TypeAlias = str | Sequence[str | Label | Mapping[str, Any]]
"""A line of the label grammar, a label file, or a sequence of labels."""

_PHRASES_KEPT = 10_000  # a server is asked for ever new ones


class Classifier:
    """Recognises sounds in recordings by labels in the user's own words.

    It may be used from several threads. An answer depends on nothing but the recording's
    bytes, the labels and the model: not on what else was asked, before or beside it.

    Example:
        >>> clf = Classifier()
        >>> clf.classify("kitchen.m4a", "微波炉叮声, 水龙头滴水声, 婴儿哭声").label
    """

    def __init__(
        self,
        model: str | AudioTextModel | None = None,
        *,
        precision: PrecisionOption = "auto",
        device: str = "auto",
        threads: int | None = None,
        compat: Compat | None = None,
    ) -> None:
        """Load a model.

        Args:
            model: ``bundled``, an id on the hub such as ``laion/clap-htsat-fused``, which is
                downloaded if need be, a folder in the hub's layout, or a model that is already
                loaded; by default the best installed.
            precision: Which weights to run; ``auto`` is the model's own choice.
            device: Where to run them: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` or ``mps``.
            threads: Clips embedded side by side; by default one per core.
            compat: ``transformers`` reproduces what its pipeline makes of a recording.

        Raises:
            ModelError: The model is not to be had in this way.
        """
        if model is None or isinstance(model, str):
            model = load_model(model, ModelOptions(precision, device, threads, compat))
        self.model: AudioTextModel = model
        self._text_embeddings: dict[str, Embeddings] = {}

    def classify(self, recording: Recording, labels: Labels) -> Classification:
        """Say which of the labels a recording holds.

        Args:
            recording: A path, a file object, bytes, or ``(waveform, rate)``.
            labels: What to listen for.

        Raises:
            RecordingError: The recording cannot be read.
            LabelError: The labels cannot be understood.
        """
        label_set = read_labels(labels)
        embeddings = LabelEmbeddings(
            own=self._embed_labels(label_set), avoided=self._embed_avoided(label_set)
        )
        with open_recording(recording, self.model.info.rate) as stream:
            heard = listen(self.model, stream, map(part_of, label_set))
            return self._answer(stream.name, heard, label_set, embeddings)

    def embed_audio(self, recordings: Iterable[Recording]) -> Embeddings:
        """Embed recordings; one of several windows gets their mean direction.

        Returns:
            Shape ``(n_recordings, dim)``, unit length.

        Raises:
            RecordingError: A recording cannot be read.
        """
        rows = []
        for recording in recordings:
            with open_recording(recording, self.model.info.rate) as stream:
                heard = listen(self.model, stream, [WHOLE]).parts[WHOLE]
                rows.append(_unit(heard.embeddings.mean(axis=0)))
        return np.stack(rows) if rows else self._no_rows()

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed texts as given, without a template; shape ``(n_texts, dim)``, unit length."""
        return self.model.embed_text(texts) if texts else self._no_rows()

    def _no_rows(self) -> Embeddings:
        return np.zeros((0, self.model.info.dim), dtype=np.float32)

    def _embed_labels(self, labels: LabelSet) -> Embeddings:
        """Embed each label as the mean direction of its phrases."""
        known = self._embed_phrases([phrase for label in labels for phrase in label.phrases])
        means = [np.mean([known[phrase] for phrase in label.phrases], axis=0) for label in labels]
        return np.stack([_unit(mean) for mean in means])

    def _embed_phrases(self, phrases: Sequence[str]) -> dict[str, Embeddings]:
        """Embed phrases, all new ones in one call."""
        kept = self._text_embeddings
        known = {phrase: kept[phrase] for phrase in phrases if phrase in kept}
        new = [phrase for phrase in dict.fromkeys(phrases) if phrase not in known]
        if not new:
            return known
        templates = self.model.info.templates
        try:
            rows = self.model.embed_text(
                [templates[_language_of(phrase)].replace("{}", phrase) for phrase in new]
            )
        except ModelError as error:  # it can't read one of these very texts
            raise LabelError(error.text) from error
        for phrase, row in zip(new, rows, strict=True):
            if len(kept) >= _PHRASES_KEPT:
                kept.clear()
            known[phrase] = kept[phrase] = row
        return known

    def _embed_avoided(self, labels: LabelSet) -> tuple[Embeddings, ...]:
        """Embed each label's phrases to avoid, each by itself."""
        known = self._embed_phrases([phrase for label in labels for phrase in label.avoid])
        return tuple(
            np.stack([known[phrase] for phrase in label.avoid]) if label.avoid else self._no_rows()
            for label in labels
        )

    def _answer(
        self, name: str, heard: Heard, labels: LabelSet, embeddings: LabelEmbeddings
    ) -> Classification:
        info = self.model.info
        scores = score_labels(labels, embeddings, heard, info.calibration.scale)
        best = scores[0]
        margin = best.probability - (scores[1].probability if len(scores) > 1 else 0.0)
        verdict = decide(best.similarity, margin, info.calibration)
        verdict = "none" if heard.is_silent else verdict
        ranked = [(score.label, score.probability) for score in scores]
        groups = score_groups(ranked, {label.name: label.group for label in labels})
        close = info.calibration.ambiguous_within
        return Classification(
            recording=name,
            duration=heard.duration,
            model=info.id,
            revision=info.revision,
            precision=info.precision,
            verdict=verdict,
            label=best.label,
            probability=best.probability,
            margin=margin,
            scores=scores,
            analysed=heard.analysed,
            warnings=(
                *heard.warnings,
                *warn_of_unheard(labels, heard),
                *_unreadable(labels, info),
            ),
            hint=info.hint,
            groups=groups,
            clear_group=find_clear_group(verdict, ranked, groups, close),
        )


def _unit(vector: Embeddings) -> Embeddings:
    length = float(np.linalg.norm(vector))
    return (vector / length if length > 0 else vector).astype(np.float32)


def _language_of(phrase: str) -> Language:
    return "zh" if any("\u4e00" <= character <= "\u9fff" for character in phrase) else "en"


def _unreadable(labels: LabelSet, info: ModelInfo) -> tuple[Text, ...]:
    """Warn of labels in a language that the model was not trained on."""
    phrases = {phrase: label.name for label in labels for phrase in label.phrases}
    names = [n for p, n in phrases.items() if _language_of(p) not in info.languages]
    if not names:
        return ()
    listed = ", ".join(dict.fromkeys(names))
    return (
        Text(
            en=f"{info.id} was trained on English only, so these labels are guesswork: {listed}. "
            "Give the English after '=', as in 狗叫=dog barking.",
            zh=f"{info.id} 只学过英文，下列标签的结果不可靠：{listed}。"
            "请在“=”后写上英文说法，例如 狗叫=dog barking。",
        ),
    )
