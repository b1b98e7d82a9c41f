"""Add recordings to an index, several at a time; killed at any moment, it goes on."""

import os
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TypeAlias

from anysound.batch.options import ClusterOptions, check_workers
from anysound.batch.side_by_side import in_order
from anysound.batch.sources import Found, SourceOptions, find_sources
from anysound.errors import AnysoundError, ArchiveError, OutputError
from anysound.index.description import StoredModel, check_model
from anysound.index.elsewhere import Hearer, taken_on_cluster
from anysound.index.hearing import Taken, Taker
from anysound.index.store import Store, StoredRecording, StoredWindows, Tables
from anysound.language import Text
from anysound.models import AudioTextModel

_AHEAD = 4  # recordings for each worker whose windows are held until it is their turn
_COMMIT_WINDOWS = 16_384  # that are written at once: what memory holds, and a kill may lose
_COMMIT_RECORDINGS = 16_384
_COMMIT_EVERY = 60.0  # seconds
_MANY_FRAGMENTS = 64  # of which fewer are made at the end


@dataclass(frozen=True)
class AddOptions:
    """What is to be added to an index.

    Attributes:
        sources: Folders, files, patterns (``rec/**/*.wav``), all of them paths or URLs, lists of
            files and folders, ``@list.txt``, and ``-`` for such a list on standard input.
        workers: Recordings embedded side by side; None is one per core.
        take: What is taken of the sources.
        cluster: Embeds in place of this machine, whose workers are then models on the cluster, by
            default one for each of its cores; None is this machine, which writes the index in any
            case. The cluster's machines must see the recordings by the same paths.

    Raises:
        UsageError: There are no workers.
    """

    sources: tuple[str, ...]
    workers: int | None = None
    take: SourceOptions = SourceOptions()  # noqa: RUF009 - it is frozen
    cluster: ClusterOptions | None = None

    def __post_init__(self) -> None:
        check_workers(self.workers)


@dataclass(frozen=True)
class AddProgress:
    """How far it is.

    Attributes:
        done: Recordings that are finished.
        total: Of how many.
        kept: How many of them were in the index before.
        same: How many hold what another recording holds.
        failed: How many can't be read.
        seconds: How much sound was embedded, in seconds.
    """

    done: int
    total: int
    kept: int = 0
    same: int = 0
    failed: int = 0
    seconds: float = 0.0


OnAddProgress: TypeAlias = Callable[[AddProgress], None]


@dataclass(frozen=True)
class AddSummary:
    """What came of adding.

    Attributes:
        progress: At the end.
        failures: Why recordings failed, by their names in the sources.
        empty: Sources that held nothing that was taken.
        other_files: How many files were passed over because they are no recordings.
        linked_folders: How many linked folders were not entered.
        left_out: How many recordings were left out by a pattern.
    """

    progress: AddProgress
    failures: Mapping[str, Text]
    empty: tuple[str, ...]
    other_files: int
    linked_folders: int
    left_out: int

    @property
    def added(self) -> int:
        """How many recordings are new in the index, or changed."""
        progress = self.progress
        return progress.done - progress.kept - progress.failed


def add_recordings(
    store: Store,
    model: AudioTextModel,
    options: AddOptions,
    on_progress: OnAddProgress = lambda progress: None,
) -> AddSummary:
    """Embed what is new in the sources, and store it.

    What was stored before is known by its path, size and time of change, or else by its content.
    Recordings are stored whole, some at a time: killed at any moment, the next call goes on from
    there, and several may add to one index at once.

    Raises:
        UsageError: A source is none, or the folder holds something else.
        RecordingError: There is no recording in the sources.
        ArchiveError: The index is another model's, or can't be read.
        OutputError: It can't be written; what it held is safe.
        MissingExtraError: Lance is not installed.
    """
    found = find_sources(options.sources, options.take)
    return add_found(store, model, found, options, on_progress)


def add_found(
    store: Store,
    model: AudioTextModel,
    found: Found,
    options: AddOptions,
    on_progress: OnAddProgress,
) -> AddSummary:
    """Add recordings that have been found in the sources, as :func:`add_recordings` does."""
    store.create(StoredModel.of(model.info))
    tables = store.open()
    check_model(str(store.place), tables.description.model, model.info)
    taker = Taker(model, found, tables.by_path)
    pending = _Pending(store, taker)
    progress, failures = AddProgress(0, len(found.names)), dict[str, Text]()
    on_progress(progress)
    try:
        with closing(_taken(taker, model, tables, found, options)) as each_taken:
            for name, taken in zip(found.names, each_taken, strict=True):
                if taken.recording:
                    pending.add(taken.recording, taken.windows)
                if taken.error:
                    failures[name] = taken.error
                progress = _advanced(progress, taken)
                on_progress(progress)
    except (KeyboardInterrupt, AnysoundError) as error:
        if not isinstance(error, OutputError | ArchiveError):  # it is the index that fails
            pending.write()
        raise
    pending.write()
    failures |= {each.path: removed_meanwhile(each.path) for each in pending.lost}
    progress = replace(progress, failed=progress.failed + len(pending.lost))
    if len(store.open().windows.fragments()) > _MANY_FRAGMENTS:
        compact(store)
    return AddSummary(
        progress=progress,
        failures=failures,
        empty=tuple(found.empty),
        other_files=found.other_files,
        linked_folders=found.linked_folders,
        left_out=found.left_out,
    )


def compact(store: Store) -> None:
    """Make few large files of many small ones, and free what no longer counts.

    Raises:
        OutputError: It can't be written.
    """
    with store.change() as tables:
        tables.compact()
    with store.change() as tables:  # only now does the compact version count
        tables.drop_old_versions()


def _taken(
    taker: Taker, model: AudioTextModel, tables: Tables, found: Found, options: AddOptions
) -> Generator[Taken, None, None]:
    """Give what becomes of each recording, in their order."""
    workers = options.workers
    if options.cluster:
        hearer = Hearer(model, tables.by_sound)
        return taken_on_cluster(taker, hearer, found, options.cluster, workers)
    return in_order(taker, found.names, workers or os.cpu_count() or 1, _AHEAD)


def _advanced(before: AddProgress, taken: Taken) -> AddProgress:
    return replace(
        before,
        done=before.done + 1,
        kept=before.kept + (taken.recording is None and taken.error is None),
        same=before.same + taken.is_same,
        failed=before.failed + (taken.error is not None),
        seconds=before.seconds + taken.seconds,
    )


class _Pending:
    """Recordings that are to be written together.

    Attributes:
        lost: Those that could not be stored, since the windows of their sound were removed.
    """

    def __init__(self, store: Store, taker: Taker) -> None:
        self.lost: list[StoredRecording] = []
        self._store = store
        self._taker = taker
        self._recordings: list[StoredRecording] = []
        self._windows: dict[str, StoredWindows] = {}
        self._written = time.monotonic()

    def add(self, recording: StoredRecording, windows: StoredWindows | None) -> None:
        self._recordings.append(recording)
        if windows:
            self._windows[windows.sound] = windows
        if self._is_due():
            self.write()

    def write(self) -> None:
        if self._recordings:
            with self._store.change() as tables:
                self.lost += tables.add(self._recordings, list(self._windows.values()))
            for recording in self._recordings:
                self._taker.stored(recording)
        self._recordings, self._windows = [], {}
        self._written = time.monotonic()

    def _is_due(self) -> bool:
        held = sum(len(each.spans) for each in self._windows.values())
        return (
            held >= _COMMIT_WINDOWS
            or len(self._recordings) >= _COMMIT_RECORDINGS
            or time.monotonic() - self._written >= _COMMIT_EVERY
        )


def removed_meanwhile(name: str) -> Text:
    """Say that what was stored of a recording is there no more."""
    return Text(
        en=f"{name}: what the index held of this sound was removed meanwhile. Run the same "
        "command again.",
        zh=f"{name}：索引中该声音的数据在此期间被删除。请重新运行同一命令。",
    )
