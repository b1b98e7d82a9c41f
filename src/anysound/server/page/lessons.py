"""Examples as the page sends them, into what ``anysound teach`` learns from."""

import csv
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
from anysound.teaching import MOST, Teaching, TeachOptions, plan, teach_planned, write_labels
from anysound.teaching.teach import OnProgress
from anysound.timeline.clips import safe_name
from anysound.writing import disarmed, disarmed_path

MOST_LABELS = 12

_NAME_BYTES = 80
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
    labels = [None if each.label is None else _label(each.label) for each in sent]
    wanted = [label for label in labels if label]
    if sum(bool(each.files) for each in sent) < 2 or not wanted:
        raise UsageError(texts.NO_EXAMPLES)
    if len(wanted) > MOST_LABELS or any(len(each.files) > MOST for each in sent):
        raise UsageError(_too_many())
    # In the folder of uploads, which is swept should this process be killed.
    with TemporaryDirectory(prefix="teach-", dir=get_upload_folder()) as folder:
        table = Path(folder) / "examples.csv"
        names = [label.name if label else "none" for label in labels]
        rate = classifier.model.info.rate
        failed = _lay_out(table, names, sent, recordings, rate)
        options = TeachOptions(table, read_labels(wanted))
        teaching = teach_planned(classifier, options, plan(options), on_progress)
    return replace(teaching, failed=(*failed, *teaching.failed))


def label_file(teaching: Teaching) -> bytes:
    """Return what was learnt as a label file in YAML."""
    with TemporaryDirectory(prefix="anysound-") as folder:
        path = Path(folder) / "labels.yaml"
        write_labels(path, teaching.labels, teaching.model)
        return path.read_bytes()


def _label(text: str) -> Label:
    labels = parse_labels(text)
    if len(labels) != 1:
        raise LabelError(_each_one(text))
    return labels[0]


def _lay_out(
    table: Path,
    names: Sequence[str],
    sent: Sequence[Sent],
    recordings: Sequence[Recording],
    rate: int,
) -> list[Text]:
    """Put the recordings into folders beside a table that says what each is.

    They are decoded, since what strangers send is decoded by no other process than its own.

    Returns:
        Why some of them can't be.
    """
    failed, waiting = [], iter(recordings)
    with table.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("recording", "label"))
        for number, (label, each) in enumerate(zip(names, sent, strict=True), start=1):
            folder = f"{number} {safe_name(label, _NAME_BYTES)}"
            (table.parent / folder).mkdir()
            for place, upload in enumerate(each.files, start=1):
                name = f"{folder}/{place} {safe_name(upload.name, _NAME_BYTES)}.wav"
                try:
                    _decode(next(waiting), rate, table.parent / name)
                except RecordingError as error:
                    failed.append(error.text)
                else:
                    lines.writerow((disarmed_path(name), disarmed(label)))
    return failed


def _decode(recording: Recording, rate: int, path: Path) -> None:
    blocks, seconds = [], 0.0
    with open_recording(recording, rate) as stream:
        for block in stream.blocks():
            blocks.append(block)
            seconds += len(block) / rate
            if seconds > _LONGEST:
                raise RecordingError(_too_long(stream.name))
    cut_clips((np.concatenate(blocks), rate), [Clip(0.0, seconds + 1, path)])


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
