"""The one object most users need: recordings and labels in, answers out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from anysound.advice import tell_apart
from anysound.audio import WHOLE, Recording, open_recording
from anysound.hearing import Heard, OnBlock, ignore_block, listen
from anysound.judging import part_of, score_labels, similarities_of, telling_window, warn_of_unheard
from anysound.labels import Label, LabelSet, read_labels
from anysound.language import Text
from anysound.models import (
    AudioTextModel,
    Calibration,
    Compat,
    Embeddings,
    ModelOptions,
    PrecisionOption,
    load_model,
)
from anysound.options import ClassifyOptions
from anysound.reading import LabelReader, ReadLabels, Untranslated, check_untranslated, unit
from anysound.results import Classification, Score
from anysound.scoring import (
    Similarities,
    Thresholds,
    decide,
    find_clear_group,
    needed_similarity,
    score_groups,
)
from anysound.timeline import Frame, Listener, Timeline, TimelineOptions
from anysound.translating import open_translator

if TYPE_CHECKING:
    from anysound.labels.lint import Finding, Yardstick
    from anysound.labels.translation import Translator
    from anysound.live import Listening, ListenOptions, LiveSource, Moment
    from anysound.live.reader import OnSound

__all__ = ["Classification", "Classifier", "Labels", "Score"]

Labels: TypeAlias = str | Sequence[str | Label | Mapping[str, Any]]
"""A line of the label grammar, a label file, or a sequence of labels."""

_EVERY = 5  # of the known sounds' labels, one is the yardstick for what a user writes


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
        fused: bool = False,
        compat: Compat | None = None,
        translator: "Translator | str | None" = None,
        untranslated: Untranslated | str = "refuse",
        thresholds: Thresholds | None = None,
    ) -> None:
        """Load a model.

        Args:
            model: ``bundled``, an id on the hub such as ``laion/clap-htsat-fused``, which is
                downloaded if need be, a folder in the hub's layout, or a model that is already
                loaded; by default the best installed.
            precision: Which weights to run; ``auto`` is the model's own choice.
            device: Where to run them: ``auto``, ``cpu``, ``cuda``, ``cuda:1`` or ``mps``.
            threads: Clips embedded side by side; by default one per core.
            fused: Whether a fused model embeds a recording of up to a minute as one unit, in
                place of windows.
            compat: ``transformers`` reproduces what its pipeline makes of a recording.
            translator: Puts Chinese labels into English for a model that reads no Chinese; by
                default a lexicon of sounds. A translation model is named as a model is, such as
                ``Helsinki-NLP/opus-mt-zh-en``; it needs the extra ``translate``.
            untranslated: ``refuse`` such a label that has no English, or ``keep`` it as it is.
            thresholds: For verdicts, in place of the model's own.

        Raises:
            ModelError: The model or the translator is not to be had in this way.
            MissingExtraError: The extra ``translate`` is not installed.
            UsageError: An option is none.
        """
        choice = check_untranslated(untranslated)
        if model is None or isinstance(model, str):
            model = load_model(model, ModelOptions(precision, device, threads, fused, compat))
        self.model: AudioTextModel = model
        self.calibration = model.info.calibration
        if thresholds is not None:
            self.calibration = thresholds.applied_to(self.calibration)
        if isinstance(translator, str):
            translator = open_translator(translator)
        self._reader = LabelReader(model, translator, choice)
        self._measured: Yardstick | None = None

    def classify(
        self,
        recording: Recording,
        labels: Labels,
        options: ClassifyOptions | None = None,
        on_block: OnBlock = ignore_block,
    ) -> Classification:
        """Say which of the labels a recording holds.

        Args:
            recording: A path, a URL, a file object, bytes, or ``(waveform, rate)``.
            labels: What to listen for.
            options: How to answer, if not as usual.
            on_block: Is given the sound, block by block, in order of time, in another thread.

        Raises:
            RecordingError: The recording cannot be read.
            LabelError: The labels cannot be understood.
        """
        options = options or ClassifyOptions()
        read = self._reader.read(read_labels(labels), options.untranslated)
        with open_recording(recording, self.model.info.rate) as stream:
            heard = listen(self.model, stream, map(part_of, read.labels), on_block)
            return self._answer(stream.name, heard, read, options)

    def timeline(
        self,
        recording: Recording,
        labels: Labels,
        options: TimelineOptions | None = None,
        on_frame: Callable[[Frame], None] = lambda frame: None,
        on_block: OnBlock = ignore_block,
    ) -> Timeline:
        """Say when each of the labels is heard in a recording of any length.

        Example:
            >>> for event in clf.timeline("street.mp3", "汽车喇叭声, 狗叫声"):
            ...     print(event.start, event.end, event.label)

        Args:
            recording: A path, a URL, a file object, bytes, or ``(waveform, rate)``.
            labels: What to listen for.
            options: How events are found.
            on_frame: Is given the labels' scores at every moment.
            on_block: Is given the sound itself, block by block, in another thread.

        Returns:
            The events, found as they are iterated, at flat memory.

        Raises:
            RecordingError: The recording cannot be read; some faults show while it is iterated.
            LabelError: The labels cannot be understood.
            UsageError: The options don't suit the model.
        """
        read = self.read(labels)
        listener = Listener(self.model, read, self.embed_others(), self.calibration)
        return Timeline(listener, recording, options or TimelineOptions(), on_frame, on_block)

    def listen(
        self,
        source: "str | LiveSource | None",
        labels: Labels,
        options: "ListenOptions | None" = None,
        on_moment: "Callable[[Moment], None]" = lambda moment: None,
        on_notice: Callable[[Text], None] = lambda notice: None,
        on_sound: "OnSound | None" = None,
    ) -> "Listening":
        """Say when each of the labels begins and ends to be heard in a stream that goes on.

        Example:
            >>> for event in clf.listen("rtsp://camera/live", "火警声, 门铃声"):
            ...     print(event.phase, event.time, event.label)

        Args:
            source: A stream's URL, ``-`` for standard input, None for a microphone, or a source
                of ``anysound.live``.
            labels: What to listen for.
            options: How to listen.
            on_moment: Is given what is heard just now, every hop.
            on_notice: Is given what happens to the stream: lost, back, silent, too fast.
            on_sound: Is given the sound as it came, in another thread.

        Returns:
            The events, told as they are iterated, at flat memory. Leaving the loop stops the
            reading.

        Raises:
            RecordingError: The stream can't be opened; only once it is iterated.
            LabelError: The labels cannot be understood, or are looked for in a part only.
            UsageError: The options don't suit the model.
        """
        from anysound.live import Listening, ListenOptions, open_source

        listener = Listener(self.model, self.read(labels), self.embed_others(), self.calibration)
        return Listening(
            listener,
            open_source(source),
            options or ListenOptions(),
            on_moment,
            on_notice,
            on_sound,
        )

    def answer(self, name: str, heard: Heard, labels: Labels) -> Classification:
        """Say which of the labels a recording holds that was heard before.

        Args:
            name: The recording's name.
            heard: What this classifier's model made of it, of each part that a label is looked
                for in and of no other.
            labels: What to listen for.

        Raises:
            LabelError: The labels cannot be understood.
        """
        return self._answer(name, heard, self.read(labels), ClassifyOptions())

    def read(self, labels: Labels) -> ReadLabels:
        """Return labels as the model reads them: put into its language if need be, and embedded.

        Args:
            labels: As for :meth:`classify`.

        Raises:
            LabelError: The labels cannot be understood.
        """
        return self._reader.read(read_labels(labels))

    def embed_others(self) -> Embeddings:
        """Embed labels of all kinds of sounds, which a match must fit better than; ``(n, dim)``."""
        return self._reader.embed_others()

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
                rows.append(unit(heard.embeddings.mean(axis=0)))
        dim = self.model.info.dim
        return np.stack(rows) if rows else np.zeros((0, dim), dtype=np.float32)

    def embed_text(self, texts: Sequence[str]) -> Embeddings:
        """Embed texts as given, without a template; shape ``(n_texts, dim)``, unit length."""
        dim = self.model.info.dim
        return self.model.embed_text(texts) if texts else np.zeros((0, dim), dtype=np.float32)

    def check_labels(self, labels: Labels) -> "tuple[Finding, ...]":
        """Say what could be written better about labels, and how, for this model.

        Args:
            labels: As for :meth:`classify`.

        Raises:
            LabelError: The labels cannot be understood.
        """
        from anysound.labels.lint import check_likeness, check_translation, check_wording

        label_set = read_labels(labels)
        findings = [*check_wording(label_set)]
        if self._reader.translator is not None:
            findings += check_translation(label_set, self._reader.translator)
        faulty = {name for finding in findings for name in finding.labels}
        likeness = check_likeness(label_set, self._reader, self._yardstick())
        # What a label will be like that is to be written anew is of no interest.
        return (*findings, *(each for each in likeness if faulty.isdisjoint(each.labels)))

    def readable_labels(self, labels: Labels) -> LabelSet:
        """Return labels with the phrases that the model is given: English, if it reads only that.

        A phrase with words that have no English stays as it is.

        Args:
            labels: As for :meth:`classify`.

        Raises:
            LabelError: The labels cannot be understood.
        """
        return self._reader.readable(read_labels(labels))

    def count_phrases(self) -> tuple[int, int]:
        """Return how many phrases were known when they were asked for, and how many were not."""
        return self._reader.known_phrases, self._reader.new_phrases

    def _yardstick(self) -> "Yardstick":
        """Return what is usual for the model; measured once, when first asked for."""
        from anysound.labels.lexicon import concepts
        from anysound.labels.lint import measure

        if self._measured is None:
            self._measured = measure(
                self._reader, [(known.en[0], known.en[1]) for known in concepts()[::_EVERY]]
            )
        return self._measured

    def _answer(
        self, name: str, heard: Heard, read: ReadLabels, options: ClassifyOptions
    ) -> Classification:
        info, labels = self.model.info, read.labels
        calibration = self.calibration.with_thresholds(options.none_below, options.ambiguous_within)
        scores = score_labels(labels, read.embeddings, heard, calibration.scale)
        best = scores[0]
        margin = best.probability - (scores[1].probability if len(scores) > 1 else 0.0)
        named = next(label for label in labels if label.name == best.label)
        needed = needed_similarity(self._others(named, heard, calibration), calibration)
        verdict = decide(best.similarity, margin, needed, calibration)
        verdict = "none" if heard.is_silent else verdict
        ranked = [(score.label, score.probability) for score in scores]
        groups = score_groups(ranked, {label.name: label.group for label in labels})
        clear = find_clear_group(verdict, ranked, groups, calibration.ambiguous_within)
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
            needed=needed,
            scores=scores[: options.top],
            analysed=heard.analysed,
            telling=telling_window(read, best.label, heard, calibration.scale),
            warnings=(
                *heard.warnings,
                *warn_of_unheard(labels, heard),
                *read.warnings,
            ),
            hint=info.hint,
            groups=groups,
            clear_group=clear,
            advice=_advice(read, ranked) if verdict == "ambiguous" else None,
        )

    def _others(self, label: Label, heard: Heard, calibration: Calibration) -> Similarities:
        """Return how well labels of all kinds of sounds fit where a label was looked for."""
        if not calibration.none_rank:
            return np.zeros(0)
        part = heard.parts[part_of(label)]
        return similarities_of(self.embed_others(), part, calibration.scale)


def _advice(read: ReadLabels, ranked: Sequence[tuple[str, float]]) -> Text | None:
    """Return what would tell the two best labels apart."""
    if len(ranked) < 2:
        return None
    names = [label.name for label in read.labels]
    first, second = (names.index(name) for name, _ in ranked[:2])
    one, other = (unit(read.embeddings.own[index]).astype(np.float64) for index in (first, second))
    return tell_apart(read.labels[first], read.labels[second], float(one @ other))
