"""Classify all recordings of a folder, several at a time, into one table."""

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from anysound.batch.side_by_side import in_order, why_failed
from anysound.batch.table import Row, Table
from anysound.batch.walk import Found, find_recordings
from anysound.classifier import Classifier, Labels
from anysound.errors import RecordingError, UsageError
from anysound.labels import LabelSet, read_labels
from anysound.language import Text

OnProgress: TypeAlias = Callable[[int, int], None]
"""Is told how many recordings are done, and of how many."""

_FAILURES_KEPT = 10


@dataclass(frozen=True)
class BatchOptions:
    """What a batch is to do.

    Attributes:
        folder: Where the recordings are.
        labels: What to listen for.
        output: The table, a CSV file.
        workers: Recordings classified side by side, None is one per core; the table does not
            depend on it.

    Raises:
        UsageError: There are no workers.
    """

    folder: Path
    labels: Labels
    output: Path
    workers: int | None = None

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise UsageError(
                Text(
                    en=f"A batch of {self.workers} workers does nothing: give it 1 or more.",
                    zh=f"并行数 {self.workers} 无效：至少为 1。",
                )
            )


@dataclass(frozen=True)
class BatchSummary:
    """What came of a batch.

    Attributes:
        labels: How many recordings matched each label, in the user's order.
        none: How many matched no label.
        ambiguous: How many lay between two labels.
        failed: How many failed.
        failures: Why the first few failed; each text names its recording.
        warned: How many were read with warnings.
        other_files: How many files were passed over because they are no recordings.
        linked_folders: How many linked folders were not entered.
    """

    labels: Mapping[str, int]
    none: int
    ambiguous: int
    failed: int
    failures: tuple[Text, ...]
    warned: int
    other_files: int
    linked_folders: int

    @property
    def recordings(self) -> int:
        """How many recordings there were."""
        return sum(self.labels.values()) + self.none + self.ambiguous + self.failed


def run_batch(
    classifier: Classifier,
    options: BatchOptions,
    on_progress: OnProgress = lambda done, total: None,
) -> BatchSummary:
    """Classify all recordings of a folder and write the table.

    A recording that can't be read becomes a row that says why. Interrupted, it leaves no table
    behind; recordings that are being read at that moment are finished in the background.

    Args:
        classifier: Answers; the workers share it.
        options: What to do.
        on_progress: Called in this thread, first when the recordings are counted, then after each.

    Raises:
        UsageError: The folder is none, or the output is no CSV file.
        OutputError: The table can't be written there; said before anything is read, if it can be.
        LabelError: The labels cannot be understood.
        RecordingError: There is no recording in the folder.
    """
    labels = read_labels(options.labels)
    with Table(options.output) as table:
        found = find_recordings(options.folder)
        if not found.names:
            raise _nothing_found(options.folder, found)

        def listen(name: str) -> Row:
            if name in found.unreadable:
                return Row(name, error=found.unreadable[name])
            return _listen(classifier, labels, options.folder, name)

        workers = options.workers or os.cpu_count() or 1
        tally = _Tally(labels)
        with closing(in_order(listen, found.names, workers)) as rows:
            on_progress(0, len(found.names))
            for done, row in enumerate(rows, start=1):
                table.add(row)
                tally.add(row)
                on_progress(done, len(found.names))
    return tally.summary(found)


def _listen(classifier: Classifier, labels: LabelSet, folder: Path, name: str) -> Row:
    path = folder / name
    try:
        return Row.of(name, classifier.classify(path, labels))
    except Exception as error:
        return Row(name, error=why_failed(name, path, error))


class _Tally:
    """Counts rows as they come."""

    def __init__(self, labels: LabelSet) -> None:
        self._labels = {label.name: 0 for label in labels}
        self._none = self._ambiguous = self._failed = self._warned = 0
        self._failures: list[Text] = []

    def add(self, row: Row) -> None:
        self._warned += row.warned
        if row.error:
            self._failed += 1
            if len(self._failures) < _FAILURES_KEPT:
                self._failures.append(row.error)
        elif row.verdict == "none":
            self._none += 1
        elif row.verdict == "ambiguous":
            self._ambiguous += 1
        else:
            self._labels[row.label] += 1

    def summary(self, found: Found) -> BatchSummary:
        return BatchSummary(
            labels=self._labels,
            none=self._none,
            ambiguous=self._ambiguous,
            failed=self._failed,
            failures=tuple(self._failures),
            warned=self._warned,
            other_files=found.other_files,
            linked_folders=found.linked_folders,
        )


def _nothing_found(folder: Path, found: Found) -> RecordingError:
    return RecordingError(
        Text(
            en=f"{folder}: no recording in it or below ({found.other_files} other files, "
            f"{found.linked_folders} linked folders not entered). Recordings are known by "
            "extensions such as .wav, .mp3, .m4a or .mp4.",
            zh=f"{folder}：其中没有录音（有 {found.other_files} 个其他文件，"
            f"{found.linked_folders} 个链接文件夹未进入）。"
            "录音按扩展名识别，例如 .wav、.mp3、.m4a、.mp4。",
        )
    )
