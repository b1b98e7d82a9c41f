"""Examples as the page sends them, into what ``anysound teach`` learns from."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gradio.utils import get_upload_folder

from anysound.classifier import Classifier
from anysound.errors import LabelError, UsageError
from anysound.labels import Label, parse_labels, read_labels
from anysound.language import Text
from anysound.server.page.recording_input import delete, sent_file
from anysound.server.page.texts import teach as texts
from anysound.teaching import MOST, Teaching, TeachOptions, plan, teach_planned, write_labels
from anysound.teaching.teach import OnProgress
from anysound.timeline.clips import safe_name
from anysound.writing import disarmed, disarmed_path

MOST_LABELS = 12

_NAME_BYTES = 80


@dataclass(frozen=True)
class Sent:
    """The recordings of a label.

    Attributes:
        label: As it was written; None is what holds none of the labels.
        files: Where each lies, and its name on the user's machine.
    """

    label: str | None
    files: tuple[tuple[Path, str], ...]


@contextmanager
def sent_examples(value: Any) -> Iterator[list[Sent]]:
    """Give the examples that a browser sent; the files are deleted afterwards."""
    sent = [_sent(each) for each in value if isinstance(each, dict)] if value else []
    try:
        yield sent
    finally:
        for each in sent:
            for path, _ in each.files:
                delete(path)


def _sent(each: dict[str, Any]) -> Sent:
    found = [(sent_file(file), file) for file in each.get("files") or []]
    label = each.get("label")
    return Sent(
        None if label is None else str(label),
        tuple((path, str(file.get("name", ""))) for path, file in found if path),
    )


def learn(sent: Sequence[Sent], on_progress: OnProgress, classifier: Classifier) -> Teaching:
    """Learn from examples.

    Raises:
        UsageError: There is nothing to be learnt from, or too much.
        LabelError: A label can't be understood.
    """
    labels = [(_label(each.label), each) for each in sent if each.label is not None]
    background = [each for each in sent if each.label is None and each.files]
    taught = [each for _, each in labels if each.files]
    if not taught or len(taught) + len(background) < 2:
        raise UsageError(texts.NO_EXAMPLES)
    if len(labels) > MOST_LABELS or any(len(each.files) > MOST for each in sent):
        raise UsageError(_too_many())
    label_set = read_labels([label for label, _ in labels])
    # In the folder of uploads, which is swept should this process be killed.
    with TemporaryDirectory(prefix="teach-", dir=get_upload_folder()) as folder:
        table = Path(folder) / "examples.csv"
        rows = [(label.name, each) for label, each in labels]
        _lay_out(table, [*rows, *(("none", each) for each in background)])
        options = TeachOptions(table, label_set)
        return teach_planned(classifier, options, plan(options), on_progress)


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


def _lay_out(table: Path, rows: Sequence[tuple[str, Sent]]) -> None:
    """Put the recordings into folders beside a table that says what each is."""
    with table.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("recording", "label"))
        for number, (label, sent) in enumerate(rows, start=1):
            folder = f"{number} {safe_name(label, _NAME_BYTES)}"
            (table.parent / folder).mkdir()
            for place, (path, shown) in enumerate(sent.files, start=1):
                name = f"{folder}/{place} {safe_name(shown, _NAME_BYTES)}"
                path.rename(table.parent / name)
                lines.writerow((disarmed_path(name), disarmed(label)))


def _each_one(text: str) -> Text:
    said = texts.ONE_LABEL_EACH
    return Text(en=said.en.replace("{}", text), zh=said.zh.replace("{}", text))


def _too_many() -> Text:
    said, limits = texts.TOO_MANY, (MOST_LABELS, MOST)
    return Text(en=said.en.format(*limits), zh=said.zh.format(*limits))
