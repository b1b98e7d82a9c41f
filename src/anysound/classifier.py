"""The one object most users need: recordings and labels in, answers out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, TypeAlias

import numpy as np

from anysound.audio import Recording, RecordingStream, Window, WindowSpec, open_recording, windows
from anysound.errors import LabelError, ModelError
from anysound.labels import Label, LabelSet, read_labels
from anysound.language import Language, Text
from anysound.models import (
    AudioTextModel,
    Compat,
    Embeddings,
    ModelInfo,
    ModelOptions,
    PrecisionOption,
    Waveform,
    load_model,
)
from anysound.scoring import Verdict, decide, pool_windows, probabilities

Labels: TypeAlias = str | Sequence[str | Label | Mapping[str, Any]]
"""A line of the label grammar, a label file, or a sequence of labels."""

_PHRASES_KEPT = 10_000  # a server is asked for ever new ones
_WINDOWS_AT_ONCE = 16  # bounds memory on long recordings; results do not depend on it


@dataclass(frozen=True)
class Score:
    """How well one label fits a recording."""

    label: str
    probability: float
    similarity: float
    phrases: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the score, ready for JSON."""
        return {
            "label": self.label,
            "probability": self.probability,
            "similarity": self.similarity,
            "phrases": list(self.phrases),
        }


@dataclass(frozen=True)
class Classification:
    """The answer for one recording.

    Attributes:
        recording: The recording's name.
        duration: Its length in seconds.
        model: Id of the model that answered.
        revision: Its revision.
        precision: Its precision.
        verdict: Whether the best label may be trusted.
        label: Name of the best label.
        probability: Its probability.
        margin: How far its probability is above the second label's.
        scores: One per label, best first; ties keep the user's order.
        analysed: Spans ``(start, end)`` in seconds that were embedded; windows that touch are one.
        warnings: What the user should know about the recording.
        hint: One line about the model's limits, or None.
    """

    recording: str
    duration: float
    model: str
    revision: str
    precision: str
    verdict: Verdict
    label: str
    probability: float
    margin: float
    scores: tuple[Score, ...]
    analysed: tuple[tuple[float, float], ...]
    warnings: tuple[Text, ...] = ()
    hint: Text | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer in the form of the JSON contract, in the current language."""
        return {
            "recording": self.recording,
            "duration": self.duration,
            "model": self.model,
            "revision": self.revision,
            "precision": self.precision,
            "verdict": self.verdict,
            "label": self.label,
            "probability": self.probability,
            "margin": self.margin,
            "scores": [score.to_dict() for score in self.scores],
            "groups": [],
            "analysed": [list(span) for span in self.analysed],
            "warnings": [str(warning) for warning in self.warnings],
            "hint": str(self.hint) if self.hint else None,
        }


@dataclass(frozen=True)
class _Heard:
    """What the model made of one recording, before any label is looked at."""

    embeddings: Embeddings
    spans: tuple[tuple[float, float], ...]
    duration: float
    is_silent: bool
    warnings: tuple[Text, ...]


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
        label_embeddings = self._embed_labels(label_set)
        with open_recording(recording, self.model.info.rate) as stream:
            heard = self._listen(stream)
            return self._answer(stream.name, heard, label_set, label_embeddings)

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
                rows.append(_unit(self._listen(stream).embeddings.mean(axis=0)))
        return np.stack(rows) if rows else self._no_rows()

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed texts as given, without a template; shape ``(n_texts, dim)``, unit length."""
        return self.model.embed_text(texts) if texts else self._no_rows()

    def _no_rows(self) -> Embeddings:
        return np.zeros((0, self.model.info.dim), dtype=np.float32)

    def _listen(self, stream: RecordingStream) -> _Heard:
        info = self.model.info
        embeddings: list[Embeddings] = []
        spans: list[tuple[float, float]] = []
        for some in _in_chunks(_units(stream.blocks(), info), _WINDOWS_AT_ONCE):
            embeddings.append(self.model.embed_audio([window.waveform for window in some]))
            spans.extend((window.start, window.end) for window in some)
        return _Heard(
            embeddings=np.concatenate(embeddings),
            spans=tuple(spans),
            duration=stream.duration,
            is_silent=stream.is_silent,
            warnings=tuple(stream.warnings),
        )

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

    def _answer(
        self, name: str, heard: _Heard, labels: LabelSet, label_embeddings: Embeddings
    ) -> Classification:
        info = self.model.info
        text = label_embeddings.astype(np.float64)
        per_window = np.stack([text @ audio.astype(np.float64) for audio in heard.embeddings])
        similarity = pool_windows(per_window, info.calibration.scale)
        weights = np.array([label.weight for label in labels])
        probability = probabilities(similarity, weights, info.calibration.scale)
        order = np.argsort(-probability, kind="stable")
        best, margin = int(order[0]), 1.0
        if len(order) > 1:
            margin = float(probability[best] - probability[order[1]])
        ranked = [(labels[i], float(probability[i]), float(similarity[i])) for i in order]
        verdict = decide(float(similarity.max()), margin, info.calibration)
        return Classification(
            recording=name,
            duration=heard.duration,
            model=info.id,
            revision=info.revision,
            precision=info.precision,
            verdict="none" if heard.is_silent else verdict,
            label=labels[best].name,
            probability=float(probability[best]),
            margin=margin,
            scores=tuple(Score(label.name, p, s, label.phrases) for label, p, s in ranked),
            analysed=_joined(heard.spans),
            warnings=(*heard.warnings, *_unreadable(labels, info)),
            hint=info.hint,
        )


def _units(blocks: Iterator[Waveform], info: ModelInfo) -> Iterator[Window]:
    """Cut a recording into what the model embeds as one unit each.

    One that is no longer than ``info.longest`` is one unit; a longer one is cut into windows.
    """
    held: list[Waveform] = []
    samples = 0
    for block in blocks:
        held.append(block)
        samples += len(block)
        if samples > info.longest * info.rate:
            break
    else:
        if held:
            yield Window(0.0, samples / info.rate, np.concatenate(held))
        return
    spec = WindowSpec(length=info.window, hop=info.window)
    yield from windows(chain(held, blocks), info.rate, spec)


def _unit(vector: Embeddings) -> Embeddings:
    length = float(np.linalg.norm(vector))
    return (vector / length if length > 0 else vector).astype(np.float32)


def _joined(spans: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """Join spans that touch or overlap."""
    joined: list[tuple[float, float]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return tuple(joined)


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


def _in_chunks(items: Iterable[Window], size: int) -> Iterator[list[Window]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
