"""``Index``: what a model made of many recordings, stored, to relabel and search without them."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from anysound.audio import Recording
from anysound.audio.remote import is_url, place
from anysound.batch.file_state import absolute
from anysound.batch.options import BatchOptions
from anysound.batch.row import Row
from anysound.batch.run import BatchSummary, OnProgress
from anysound.classifier import Classifier, Labels
from anysound.errors import UsageError
from anysound.index import search
from anysound.index.adding import AddOptions, AddSummary, OnAddProgress, add_recordings, compact
from anysound.index.batching import batch_by_index
from anysound.index.checking import Checked, check, take_out_damaged
from anysound.index.description import StoredModel, check_model
from anysound.index.exporting import check_export, export
from anysound.index.labelling import label_recordings
from anysound.index.mapping import (
    Labelling,
    Mapped,
    check_installed,
    check_page,
    map_recordings,
    page_of,
)
from anysound.index.search import Moment, find_moments, sought
from anysound.index.similar import SIMILAR_FROM, Compared, OnCompared, find_similar
from anysound.index.store import Store, Tables
from anysound.labels import read_labels
from anysound.language import Text
from anysound.writing import WholeFile


@dataclass(frozen=True)
class IndexInfo:
    """What is in an index.

    Attributes:
        model: Whose embeddings it holds.
        recordings: How many paths.
        sounds: How many different contents they have.
        windows: How many embeddings are stored.
        duration: Of all recordings, in seconds; the same sound under two paths counts twice.
        size: Of its files, in bytes.
        is_search_exact: Whether a search looks at every window.
    """

    model: StoredModel
    recordings: int
    sounds: int
    windows: int
    duration: float
    size: int
    is_search_exact: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the facts, ready for JSON."""
        return {
            "model": self.model.id,
            "revision": self.model.revision,
            "precision": self.model.precision,
            "dim": self.model.dim,
            "window": self.model.window,
            "hop": self.model.hop,
            "recordings": self.recordings,
            "sounds": self.sounds,
            "windows": self.windows,
            "duration": self.duration,
            "size": self.size,
            "is_search_exact": self.is_search_exact,
        }


class Index:
    """Stored window embeddings of many recordings.

    It is a folder, or one in object storage (``s3://bucket/archive``). Each call sees it as it is
    at that time; several processes may read it and add to it at once.

    Example:
        >>> index = Index("archive")
        >>> index.add(clf, AddOptions(("recordings",)))
        >>> for row in index.label(clf, "玻璃破碎, 狗叫"): ...
        >>> for moment in index.search(clf, "glass breaking"): ...

    Raises:
        MissingExtraError: By each call, if the extra ``index`` is not installed.
        ArchiveError: By each call but ``add``, if there is no index, if it is a later version's
            or can't be read; by those that take a classifier, if its model is another.
        OutputError: By calls that change it, if it can't be written.
    """

    def __init__(self, folder: str | os.PathLike[str]) -> None:
        """Name an index; nothing is looked at yet.

        Args:
            folder: A path, or a URL as text.

        Raises:
            UsageError: No index can be there.
        """
        self._store = Store(folder if is_url(folder) else Path(folder))

    @property
    def exists(self) -> bool:
        """Whether there is an index, of whatever version.

        Raises:
            ArchiveError: Its storage can't be reached.
        """
        return self._store.exists

    @property
    def model(self) -> StoredModel:
        """Whose embeddings it holds."""
        return self._store.open().description.model

    def add(
        self,
        classifier: Classifier,
        options: AddOptions,
        on_progress: OnAddProgress = lambda progress: None,
    ) -> AddSummary:
        """Embed and store recordings that are new or changed; makes the index if there is none.

        Args:
            classifier: Its model embeds them.
            options: What is to be added.
            on_progress: Called in this thread, first when they are counted, then after each.

        Raises:
            UsageError: A source is none, or the folder holds something else.
            RecordingError: There is no recording in the sources.
        """
        return add_recordings(self._store, classifier.model, options, on_progress)

    def batch(
        self,
        classifier: Classifier,
        options: BatchOptions,
        on_progress: OnProgress = lambda progress: None,
    ) -> BatchSummary:
        """Classify recordings into one table, as ``run_batch`` does, but embed each only once ever.

        What is new in the sources is added to the index, and all of them are answered from it.

        Args:
            classifier: Its model embeds what is new.
            options: What to do; events can't be found so.
            on_progress: Called in this thread, first when they are counted, then after each.

        Raises:
            UsageError: A source is none, an output has no known format, the folder holds something
                else, or something is asked for that an index doesn't hold.
            RecordingError: There is no recording in the sources.
            LabelError: The labels cannot be understood.
        """
        return batch_by_index(self._store, classifier, options, on_progress)

    def label(self, classifier: Classifier, labels: Labels) -> Iterator[Row]:
        """Say of each recording which of the labels it holds, as ``classify`` would.

        Labels with a place in time are answered from the windows that overlap it.

        Args:
            classifier: Of the model that embedded the recordings.
            labels: What to listen for.

        Returns:
            A row for each path, in the order in which sounds were added.

        Raises:
            LabelError: The labels cannot be understood.
        """
        return label_recordings(classifier, self._tables_for(classifier), read_labels(labels))

    def search(
        self, classifier: Classifier, query: Labels, top: int = 10, *, exact: bool = False
    ) -> list[Moment]:
        """Find where something is heard that can be said in words.

        Args:
            classifier: Of the model that embedded the recordings.
            query: One label, without a phrase to avoid and without a place in time.
            top: How many moments, at most.
            exact: Whether every window is looked at, however many there are.

        Raises:
            LabelError: It is not one such label.
            UsageError: ``top`` is less than 1.
        """
        tables = self._tables_for(classifier)
        direction = sought(classifier.read(query))
        return find_moments(tables, direction, _checked(top), exact=exact)

    def search_like(
        self, classifier: Classifier, recording: Recording, top: int = 10, *, exact: bool = False
    ) -> list[Moment]:
        """Find what sounds like a recording.

        Args:
            classifier: Of the model that embedded the recordings.
            recording: A path, a file object, bytes, or ``(waveform, rate)``.
            top: How many moments, at most.
            exact: Whether every window is looked at, however many there are.

        Raises:
            RecordingError: The recording cannot be read.
            UsageError: ``top`` is less than 1.
        """
        tables = self._tables_for(classifier)
        direction = classifier.embed_audio([recording])[0]
        return find_moments(tables, direction, _checked(top), exact=exact)

    def similar(
        self,
        at_least: float = SIMILAR_FROM,
        on_compared: OnCompared = lambda done, total: None,
    ) -> Compared:
        """Group recordings that hold nearly the same sound: re-encoded, cut a little, louder.

        Args:
            at_least: How similar two must be, above 0 and up to 1.
            on_compared: Called now and then with how many recordings are compared, and of how many.

        Raises:
            UsageError: There is no such similarity.
        """
        return find_similar(self._store.open(), at_least, on_compared)

    def map(
        self,
        output: str | os.PathLike[str],
        classifier: Classifier | None = None,
        labels: Labels | None = None,
        *,
        windows: bool = False,
    ) -> Mapped:
        """Write a page that shows the recordings as points, those that sound alike side by side.

        Args:
            output: The page, ``.html``; it needs no network, and plays recordings that are there.
            classifier: Of the model that embedded the recordings; needed for labels only.
            labels: What points are coloured by; without them, it is the recordings' folders.
            windows: Whether each window is a point, rather than each sound.

        Returns:
            What the page shows.

        Raises:
            UsageError: The output's name asks for another format, or only one of the classifier
                and the labels is given.
            LabelError: The labels cannot be understood, or have a place in time, which windows
                can't have.
            MissingExtraError: The extra ``map`` is not installed.
        """
        path = Path(output)
        check_page(path)
        check_installed()
        if classifier is None and labels is None:
            tables, labelling = self._store.open(), None
        elif classifier is None or labels is None:
            raise _half_a_labelling()
        else:
            tables = self._tables_for(classifier)
            labelling = Labelling(classifier, read_labels(labels))
        with WholeFile(path) as whole:
            mapped = map_recordings(tables, labelling, windows=windows)
            page = page_of(mapped, self._store.place.name, path.absolute().parent)
            with whole.reporting():
                whole.file.write(page)
        return mapped

    def info(self) -> IndexInfo:
        """Say what is in the index."""
        tables = self._store.open()
        recordings = tables.by_path.values()
        return IndexInfo(
            model=tables.description.model,
            recordings=len(recordings),
            sounds=len(tables.by_sound),
            windows=len(tables.windows),
            duration=sum(recording.duration for recording in recordings),
            size=self._store.place.size,
            is_search_exact=not tables.windows.has_search_index,
        )

    def remove(self, patterns: Sequence[str]) -> int:
        """Remove recordings; their windows go when no other path has the same content.

        Args:
            patterns: Paths of recordings or of folders with all that is below, or patterns such as
                ``/rec/2026/*.wav``, where ``*`` matches slashes too.

        Returns:
            How many paths were removed.

        Raises:
            UsageError: One of them matches nothing; then nothing is removed.
        """
        with self._store.change() as tables:
            gone: dict[str, None] = {}
            for pattern in patterns:
                matched = [path for path in tables.by_path if _matches(path, pattern)]
                if not matched:
                    raise _nothing_matches(pattern)
                gone.update(dict.fromkeys(matched))
            tables.remove(list(gone))
        return len(gone)

    def verify(self) -> Checked:
        """Read the whole index, and say what is damaged and whose recordings that are."""
        return check(self._store.open())

    def repair(self) -> Checked:
        """Take the recordings that are damaged out of the index, so that they can be added again.

        Returns:
            What was wrong.
        """
        with self._store.change() as tables:
            return take_out_damaged(tables)

    def export(self, output: str | os.PathLike[str]) -> None:
        """Write all windows with their embeddings into one file, ``.parquet`` or ``.npz``.

        Raises:
            UsageError: The output's name asks for another format.
        """
        check_export(Path(output))
        export(self._store.open(), Path(output))

    def optimize(self) -> None:
        """Make few large files of many small ones; from many windows on, make search fast."""
        compact(self._store)
        with self._store.change() as tables:
            if len(tables.windows) > search.EXACT_UP_TO:
                search.make_search_index(tables.windows, tables.description.model.dim)

    def _tables_for(self, classifier: Classifier) -> Tables:
        tables = self._store.open()
        check_model(str(self._store.place), tables.description.model, classifier.model.info)
        return tables


def _matches(path: str, pattern: str) -> bool:
    whole = str(absolute(place(pattern)))
    separator = "/" if is_url(whole) else os.sep
    below = whole.rstrip(separator) + separator
    return path == whole or path.startswith(below) or fnmatchcase(path, whole)


def _checked(top: int) -> int:
    if top < 1:
        raise UsageError(
            Text(
                en=f"The best {top} moments are none: ask for 1 or more.",
                zh=f"最佳结果数 {top} 无效：至少为 1。",
            )
        )
    return top


def _nothing_matches(pattern: str) -> UsageError:
    return UsageError(
        Text(
            en=f"{pattern}: no recording in the index has this path or is below it. Paths are as "
            "`anysound index label` shows them.",
            zh=f"{pattern}：索引中没有这个路径或其下的录音。"
            "路径以 `anysound index label` 显示的为准。",
        )
    )


def _half_a_labelling() -> UsageError:
    return UsageError(
        Text(
            en="A map that is coloured by labels needs both the labels and a classifier.",
            zh="按标签着色的地图需要同时提供标签和 classifier。",
        )
    )
