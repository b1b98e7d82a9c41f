"""Classify many recordings, several at a time, into one table."""

import os
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import TypeAlias

from anysound.batch.journal import Journal
from anysound.batch.options import BatchOptions
from anysound.batch.processes import Processes
from anysound.batch.row import Row
from anysound.batch.settings import digest, settings_of, write_parameters
from anysound.batch.side_by_side import in_order
from anysound.batch.sources import Found, find_sources
from anysound.batch.tables import table_format
from anysound.batch.work import Attempt, Finished, Listen, Listener, Worker, attempt, changed
from anysound.classifier import Classifier
from anysound.errors import OutputError, UsageError
from anysound.labels import LabelSet, read_labels
from anysound.language import Text
from anysound.timeline.formats import EventWriter, open_events

_FAILURES_KEPT = 10
_WORTH_A_PROCESS = 40  # recordings; it takes as long to start as some of them


@dataclass(frozen=True)
class Progress:
    """How far a batch is.

    Attributes:
        done: Recordings that are finished.
        total: Of how many.
        kept: How many of them were finished before.
        seconds: How much sound the others held, in seconds.
        restarted: Whether nothing is taken over from an earlier batch, since its settings were
            others; what it has finished is lost with the first recording that is finished now.
    """

    done: int
    total: int
    kept: int = 0
    seconds: float = 0.0
    restarted: bool = False


OnProgress: TypeAlias = Callable[[Progress], None]


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
        kept: How many had been finished before, by a batch with the same settings.
        events: How many events were found.
        empty: Sources that held nothing that was taken.
        other_files: How many files were passed over because they are no recordings.
        linked_folders: How many linked folders were not entered.
        left_out: How many recordings were left out by a pattern.
    """

    labels: Mapping[str, int]
    none: int
    ambiguous: int
    failed: int
    failures: tuple[Text, ...]
    warned: int
    kept: int
    events: int
    empty: tuple[str, ...]
    other_files: int
    linked_folders: int
    left_out: int

    @property
    def recordings(self) -> int:
        """How many recordings there were."""
        return sum(self.labels.values()) + self.none + self.ambiguous + self.failed


def run_batch(
    classifier: Classifier,
    options: BatchOptions,
    on_progress: OnProgress = lambda progress: None,
) -> BatchSummary:
    """Classify recordings and write the table.

    A recording that can't be read becomes a row that says why. What is finished is noted in a
    journal beside the output: interrupted or killed at any moment, the batch leaves no table
    behind, and the next one with the same settings does what is left and writes the very same
    table.

    Args:
        classifier: Answers; the workers share it.
        options: What to do.
        on_progress: Called in this thread, first when the recordings are counted, then after each.

    Raises:
        UsageError: A source is none, an output has no known format, or another batch writes it.
        OutputError: Something can't be written; said before anything is read, if it can be.
        LabelError: The labels cannot be understood.
        RecordingError: There is no recording in the sources.
        MissingExtraError: What writes the table's format is not installed.
    """
    labels = read_labels(options.labels)
    settings = settings_of(classifier, labels, options)
    format_of_table = table_format(options.output)
    clips = options.events.clips if options.events else None
    found = find_sources(options.sources, options.take, not_in=clips)
    with (
        Journal(options.output, digest(settings), resume=options.resume) as journal,
        _saying_how_to_go_on(journal, options),
        format_of_table(options.output) as table,
        ExitStack() as stack,
    ):
        events = _open_events(options, labels, found, stack)
        listener = Listener(classifier, labels, options.events)
        work = _on_cluster if options.cluster else _on_this_machine
        tally = Tally(labels, Progress(0, len(found.names), restarted=journal.restarted))
        on_progress(tally.progress)
        for finished in stack.enter_context(closing(work(listener, found, journal, options))):
            table.add(finished.row)
            if events:
                for event in finished.events:
                    events.add(event)
            tally.add(finished)
            on_progress(tally.progress)
    summary = tally.summary(found)
    write_parameters(
        options.output, {"sources": list(options.sources), "take": asdict(options.take), **settings}
    )
    return summary


def _on_this_machine(
    listener: Listener, found: Found, journal: Journal, options: BatchOptions
) -> Generator[Finished, None, None]:
    """Work on the recordings here and give what is finished, in their order.

    Processes listen if that is worth it.
    """
    workers = options.workers or os.cpu_count() or 1
    processes = min(workers, len(found.names) // _WORTH_A_PROCESS)
    with ExitStack() as stack:
        listen: Listen = listener
        if options.processes and listener.is_light and processes > 1:
            listen = stack.enter_context(Processes(listener, processes))
            workers = 2 * processes  # a recording waits for each, so that none has to
        worker = Worker(listen, found, journal, options.events)
        yield from stack.enter_context(closing(in_order(worker, found.names, workers)))


def _on_cluster(
    listener: Listener, found: Found, journal: Journal, options: BatchOptions
) -> Generator[Finished, None, None]:
    """Have a cluster work on the recordings and give what is finished, in their order."""
    from anysound.batch.cluster import joined

    worker = Worker(listener, found, journal, options.events)
    asked = [(name, found.place(name)) for name in found.names if worker.known(name) is None]
    left = {name for name, _ in asked}
    assert options.cluster is not None
    with ExitStack() as stack:
        attempts: Iterator[Attempt] = iter(())
        if asked:
            work = partial(attempt, listener)
            cluster = stack.enter_context(joined(options.cluster, work, options.workers))
            # Closed before the cluster is left, which it would miss.
            attempts = stack.enter_context(closing(cluster.made(asked)))
        for name in found.names:
            if name in left:
                yield worker.keep(next(attempts))
            else:
                yield worker.known(name) or changed(name, found.place(name))


def _open_events(
    options: BatchOptions, labels: LabelSet, found: Found, stack: ExitStack
) -> EventWriter | None:
    """Begin the file of events, if there is to be one; ``stack`` ends it."""
    if options.events is None or options.events.output is None:
        return None
    output = options.events.output
    events = stack.enter_context(open_events(output, [label.name for label in labels]))
    if events.one_recording and len(found.names) > 1:
        raise UsageError(
            Text(
                en=f"{output}: this format holds the events of one recording, and there are "
                f"{len(found.names)}. Name the file in .csv, .jsonl, .selections.txt or .json.",
                zh=f"{output}：这种格式只能存放一段录音的事件，而现在有 {len(found.names)} 段。"
                "请改用 .csv、.jsonl、.selections.txt 或 .json。",
            )
        )
    return events


def how_to_go_on(options: BatchOptions) -> Text:
    """Say what becomes of a batch that ended early."""
    if options.resume:
        return Text(
            en="What is finished is kept: the same command goes on from there.",
            zh="已完成的部分已保存：重新运行同一命令即可继续。",
        )
    return Text(
        en="What is finished is kept: the same command without --no-resume goes on from there.",
        zh="已完成的部分已保存：去掉 --no-resume 重新运行同一命令即可继续。",
    )


@contextmanager
def _saying_how_to_go_on(journal: Journal, options: BatchOptions) -> Iterator[None]:
    try:
        yield
    except OutputError as error:
        if not len(journal):
            raise
        more = how_to_go_on(options)
        text = Text(en=f"{error.text.en} {more.en}", zh=f"{error.text.zh}{more.zh}")
        raise OutputError(text) from error


class Tally:
    """Counts recordings as they come.

    Attributes:
        progress: How far the batch is.
    """

    def __init__(self, labels: LabelSet, progress: Progress = Progress(0, 0)) -> None:
        self._labels = {label.name: 0 for label in labels}
        self._none = self._ambiguous = self._failed = self._warned = self._events = 0
        self._failures: list[Text] = []
        self.progress = progress

    def add(self, finished: Finished) -> None:
        """Count a recording of a batch."""
        row, before = finished.row, self.progress
        self.progress = replace(
            before,
            done=before.done + 1,
            kept=before.kept + finished.is_kept,
            seconds=before.seconds + (0.0 if finished.is_kept else row.duration or 0.0),
        )
        self._events += len(finished.events)
        self.add_row(row)

    def add_row(self, row: Row) -> None:
        """Count what is said of a recording."""
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
        """Return what was counted, with what the sources held besides."""
        return BatchSummary(
            labels=self._labels,
            none=self._none,
            ambiguous=self._ambiguous,
            failed=self._failed,
            failures=tuple(self._failures),
            warned=self._warned,
            kept=self.progress.kept,
            events=self._events,
            empty=tuple(found.empty),
            other_files=found.other_files,
            linked_folders=found.linked_folders,
            left_out=found.left_out,
        )
