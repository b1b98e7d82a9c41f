"""Examples as the page sends them, into what ``anysound teach`` learns from."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from gradio.utils import get_upload_folder

from anysound.audio import Clip, Recording, cut_clips, open_recording
from anysound.classifier import Classifier
from anysound.errors import LabelError, RecordingError, UsageError
from anysound.labels import Label, parse_labels, read_labels
from anysound.language import Text
from anysound.server.listener import Upload
from anysound.server.page.recording_input import sent_recording
from anysound.server.page.texts import teach as texts
from anysound.teaching import (
    MOST,
    Sample,
    Teaching,
    TeachOptions,
    given_by,
    label_text,
    teach_planned,
)
from anysound.teaching.teach import OnProgress

MOST_LABELS = 12

_LONGEST = 300.0  # seconds of an example, which is held in memory


@dataclass(frozen=True)
class Sent:
    """The recordings of a label.

    Attributes:
        label: As it was written; None is what holds none of the labels.
        files: That were uploaded for it.
    """

    label: str | None
    files: tuple[Upload, ...]


@contextmanager
def sent_examples(value: Any) -> Iterator[list[Sent]]:
    """Open the examples that a browser sent; the files are deleted afterwards."""
    with ExitStack() as stack:
        sent = []
        for each in value or []:
            opened = [stack.enter_context(sent_recording(file)) for file in each["files"]]
            label = each["label"]
            files = tuple(upload for upload in opened if upload)
            sent.append(Sent(None if label is None else str(label), files))
        yield sent


def learn(
    sent: Sequence[Sent],
    on_progress: OnProgress,
    classifier: Classifier,
    recordings: Sequence[Recording],
) -> Teaching:
    """Learn from examples.

    Args:
        sent: The examples by their labels.
        on_progress: Told how many are heard, and of how many.
        classifier: Hears them.
        recordings: All of the examples, in their order.

    Raises:
        UsageError: There is nothing to be learnt from, or too much.
        LabelError: A label can't be understood.
    """
    written = [None if each.label is None else _label(each.label) for each in sent]
    wanted = [label for label in written if label]
    others = any(each.label is None and each.files for each in sent)
    if not wanted or len({label.name for label in wanted}) + others < 2:
        raise UsageError(texts.NO_EXAMPLES)
    if len(wanted) > MOST_LABELS or any(len(each.files) > MOST for each in sent):
        raise UsageError(_too_many())
    labels = read_labels(wanted)
    # In the folder of uploads, which is swept should this process be killed.
    with TemporaryDirectory(prefix="teach-", dir=get_upload_folder()) as folder:
        decoded = _Decoded(Path(folder), classifier.model.info.rate)
        waiting = iter(recordings)
        for label, each in zip(written, sent, strict=True):
            for upload in each.files:
                decoded.add(upload.name, next(waiting), label.name if label else "")
        given = given_by(decoded.rows, labels, MOST, str(texts.EXAMPLES))
        teaching = teach_planned(classifier, TeachOptions(Path(folder)), given, on_progress)
    return replace(teaching, failed=(*decoded.failed, *teaching.failed))


def label_file(teaching: Teaching) -> bytes:
    """Return what was learnt as a label file in YAML."""
    return label_text(teaching.labels, teaching.model).encode("utf-8", "backslashreplace")


def _label(text: str) -> Label:
    labels = parse_labels(text)
    if len(labels) != 1:
        raise LabelError(_each_one(text))
    return labels[0]


class _Decoded:
    """Examples in files that are known to be sound.

    What strangers send is decoded by no other process than its own, and teaching reads files.
    """

    def __init__(self, folder: Path, rate: int) -> None:
        self.rows: list[Sample] = []
        self.failed: list[Text] = []
        self._folder = folder
        self._rate = rate

    def add(self, name: str, recording: Recording, label: str) -> None:
        """Decode an example, or keep why it can't be."""
        path = self._folder / f"{len(self.rows)}.wav"
        try:
            self._decode(recording, path)
        except RecordingError as error:
            self.failed.append(error.text)
        else:
            self.rows.append(Sample(name, path, label))

    def _decode(self, recording: Recording, path: Path) -> None:
        blocks, seconds = [], 0.0
        with open_recording(recording, self._rate) as stream:
            for block in stream.blocks():
                blocks.append(block)
                seconds += len(block) / self._rate
                if seconds > _LONGEST:
                    raise RecordingError(_too_long(stream.name))
        cut_clips((np.concatenate(blocks), self._rate), [Clip(0.0, seconds + 1, path)])


def _too_long(name: str) -> Text:
    return Text(
        en=f"{name}: an example may have at most {_LONGEST:g} s. Cut out the sound itself.",
        zh=f"{name}：示例最长 {_LONGEST:g} 秒。请只截取声音本身。",
    )


def _each_one(text: str) -> Text:
    said = texts.ONE_LABEL_EACH
    return Text(en=said.en.replace("{}", text), zh=said.zh.replace("{}", text))


def _too_many() -> Text:
    said, limits = texts.TOO_MANY, (MOST_LABELS, MOST)
    return Text(en=said.en.format(*limits), zh=said.zh.format(*limits))
