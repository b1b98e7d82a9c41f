"""A batch that stores what it embeds, and embeds nothing that is stored."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace

from anysound.batch.file_state import absolute
from anysound.batch.options import BatchOptions
from anysound.batch.row import Row
from anysound.batch.run import BatchSummary, OnProgress, Progress, Tally
from anysound.batch.settings import settings_of, write_parameters
from anysound.batch.sources import Found, find_sources
from anysound.batch.tables import table_format
from anysound.classifier import Classifier
from anysound.errors import UsageError
from anysound.index.adding import AddOptions, AddProgress, add_found, removed_meanwhile
from anysound.index.labelling import label_recordings
from anysound.index.store import Store, Tables
from anysound.labels import LabelSet, read_labels
from anysound.language import Text


def batch_by_index(
    store: Store, classifier: Classifier, options: BatchOptions, on_progress: OnProgress
) -> BatchSummary:
    """Do what ``run_batch`` does, with an index in the place of its journal.

    What is new in the sources is added to the index; then all of them are answered from it, also
    those that were embedded a moment ago, so that a table doesn't depend on what was stored before.

    Args:
        store: Of the index, which is made if there is none.
        classifier: Its model embeds what is new.
        options: What to do.
        on_progress: Called in this thread, first when the recordings are counted, then after each.

    Raises:
        UsageError: As by ``run_batch``; or something is asked for that an index doesn't hold.
        RecordingError: There is no recording in the sources.
        LabelError: The labels cannot be understood.
        ArchiveError: The index is another model's, or can't be read.
        OutputError: The index or the table can't be written; what is stored is safe.
        MissingExtraError: Lance is not installed, or what writes the table's format.
    """
    _check(options)
    labels = read_labels(options.labels)
    settings = settings_of(classifier, labels, options)
    format_of_table = table_format(options.output)
    found = find_sources(options.sources, options.take)

    def on_added(each: AddProgress) -> None:
        on_progress(Progress(each.done, each.total, each.kept, each.seconds))

    adding = AddOptions(options.sources, options.workers, options.take, options.cluster)
    with format_of_table(options.output) as table:
        added = add_found(store, classifier.model, found, adding, on_added)
        tally = Tally(labels, Progress(len(found.names), len(found.names), added.progress.kept))
        for row in _rows(classifier, store.open(), labels, found, added.failures):
            table.add(row)
            tally.add_row(row)
    parameters = {
        "sources": list(options.sources),
        "take": asdict(options.take),
        "index": str(store.place),
        **settings,
    }
    write_parameters(options.output, parameters)
    return tally.summary(found)


def _rows(
    classifier: Classifier,
    tables: Tables,
    labels: LabelSet,
    found: Found,
    failures: Mapping[str, Text],
) -> Iterator[Row]:
    """Answer for each recording of the sources, in their order."""
    names = {str(absolute(found.place(name))): name for name in found.names}
    rows = {
        row.recording: row
        for row in label_recordings(classifier, tables, labels)
        if row.recording in names
    }
    for path, name in names.items():
        if name in failures:
            yield Row(name, error=failures[name])
        elif path in rows:
            yield replace(rows[path], recording=name)
        else:
            yield Row(name, error=removed_meanwhile(name))


def _check(options: BatchOptions) -> None:
    if options.events:
        raise UsageError(
            Text(
                en="Events can't be found from an index, whose windows are too far apart: leave "
                "out either --index or --events and --clips. `anysound index search --clips` cuts "
                "out what it finds.",
                zh="索引中的窗口间隔较大，无法据此找出事件：请去掉 --index，或去掉 --events 和 "
                "--clips。`anysound index search --clips` 可截取搜索到的片段。",
            )
        )
    if not options.resume:
        raise UsageError(
            Text(
                en="What is in an index is not embedded again, so --index and --no-resume don't "
                "go together. `anysound index remove` takes recordings out.",
                zh="已在索引中的录音不会重新计算，因此 --index 不能与 --no-resume 同用。"
                "如需重新计算，请先用 `anysound index remove` 移除录音。",
            )
        )
