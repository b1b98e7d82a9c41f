"""An index: a table of recordings and one of their windows, changed together or not at all.

::

    index.json        who embedded the windows, and which versions of the tables count; in object
                      storage it is descriptions/00000001.json, of which the last counts
    recordings.lance  a row for each path
    windows.lance     a row for each window, those of one sound side by side and in order

Windows belong to a sound, which is the content of a recording: the same content under two paths
is stored once.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from os import fsdecode, fsencode
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from anysound.audio.remote import Place
from anysound.index.description import Description, StoredModel
from anysound.index.places import IndexPlace, place_of_index
from anysound.index.table import import_lance
from anysound.language import Text

if TYPE_CHECKING:
    import pyarrow

StoredEmbeddings = NDArray[np.float16]
"""Embeddings as they are stored, shape ``(n, dim)``, in half precision for half the space.

Measured on the 1,720 windows of 925 recordings with ten labels, against float32: every best label
is the same, and no probability moves by more than 0.0006. Eight bits a value would save half again,
but move probabilities by up to 0.019 and change five of the labels.
"""


@dataclass(frozen=True, slots=True)
class StoredRecording:
    """A path, and what is known of its sound.

    Attributes:
        path: Of the recording, absolute; or its URL.
        state: Changes when the file does.
        sound: Hash of its content.
        duration: In seconds.
        is_silent: Whether nothing in it could be heard.
        windows: How many windows its sound has.
        checksum: Of their embeddings.
        warnings: What is wrong with the recording.
    """

    path: str
    state: str
    sound: str
    duration: float
    is_silent: bool
    windows: int
    checksum: int
    warnings: tuple[Text, ...]


@dataclass(frozen=True)
class StoredWindows:
    """The windows of one sound.

    Attributes:
        sound: Hash of the content.
        spans: Shape ``(n, 2)``: start and end, in seconds.
        embeddings: Shape ``(n, dim)``.
    """

    sound: str
    spans: NDArray[np.float64]
    embeddings: StoredEmbeddings


class Tables:
    """Both tables at the versions that belong together.

    Attributes:
        description: Of the index.
        recordings: The table of recordings.
        windows: The table of windows.
    """

    def __init__(self, place: IndexPlace, description: Description) -> None:
        """Open them.

        Raises:
            ArchiveError: One can't be read.
            MissingExtraError: Lance is not installed.
        """
        self.description = description
        self.recordings = place.table("recordings.lance", description.recordings)
        self.windows = place.table("windows.lance", description.windows)

    @cached_property
    def by_path(self) -> dict[str, StoredRecording]:
        """All recordings by path."""
        return {recording.path: recording for recording in self._read_recordings()}

    @cached_property
    def by_sound(self) -> dict[str, list[StoredRecording]]:
        """All recordings by what they hold."""
        found: dict[str, list[StoredRecording]] = {}
        for recording in self.by_path.values():
            found.setdefault(recording.sound, []).append(recording)
        return found

    def add(
        self, recordings: Sequence[StoredRecording], windows: Sequence[StoredWindows]
    ) -> list[StoredRecording]:
        """Add recordings, in place of earlier ones of the same path.

        Args:
            recordings: Of sounds whose windows are given, or in the index.
            windows: A sound that is in the index already is passed over.

        Returns:
            Recordings that were not added: the windows of their sound were in the index, and
            somebody has removed them.

        Raises:
            OutputError: They can't be written.
        """
        new = {each.sound: each for each in windows if each.sound not in self.by_sound}
        latest = {each.path: each for each in recordings}
        there = new.keys() | self.by_sound.keys()
        kept = [each for each in latest.values() if each.sound in there]
        lost = [each for each in latest.values() if each.sound not in there]
        replaced = [each.path for each in kept if each.path in self.by_path]
        self.remove(replaced, {each.sound for each in kept})
        self.windows.append(self._window_rows(list(new.values())))
        self.recordings.append(_recording_rows(kept))
        self._forget_what_was_read()
        return lost

    def remove(self, paths: Sequence[str], lasting: Iterable[str] = ()) -> None:
        """Remove recordings, and the windows of what has no path left.

        Args:
            paths: Of recordings in the index.
            lasting: Sounds whose windows stay in any case.

        Raises:
            OutputError: That can't be written.
        """
        gone = {path: self.by_path[path] for path in paths}
        touched = {recording.sound for recording in gone.values()} - set(lasting)
        left = {
            sound
            for sound in touched
            if all(recording.path in gone for recording in self.by_sound[sound])
        }
        self.recordings.delete("path", map(fsencode, gone))
        self.windows.delete("sound", sorted(left))
        self._forget_what_was_read()

    def compact(self) -> None:
        """Make few large files of many small ones."""
        self.recordings.compact()
        self.windows.compact()

    def drop_old_versions(self) -> None:
        """Free the space of what no longer counts; nothing may have been changed before."""
        self.recordings.drop_old_versions()
        self.windows.drop_old_versions()

    def _forget_what_was_read(self) -> None:
        self.__dict__.pop("by_path", None)
        self.__dict__.pop("by_sound", None)

    def _read_recordings(self) -> Iterator[StoredRecording]:
        for batch in self.recordings.batches(_RECORDING_COLUMNS):
            columns = [batch.column(name).to_pylist() for name in _RECORDING_COLUMNS]
            for path, state, sound, duration, is_silent, windows, checksum, warnings in zip(
                *columns, strict=True
            ):
                yield StoredRecording(
                    path=fsdecode(path),
                    state=state,
                    sound=sound,
                    duration=duration,
                    is_silent=is_silent,
                    windows=windows,
                    checksum=checksum,
                    warnings=_texts(warnings),
                )

    def _window_rows(self, windows: Sequence[StoredWindows]) -> "pyarrow.Table":
        import pyarrow as pa

        dim = self.description.model.dim
        schema = pa.schema(
            [
                ("sound", pa.string()),
                ("start", pa.float64()),
                ("end", pa.float64()),
                ("embedding", pa.list_(pa.float16(), dim)),
            ]
        )
        if not windows:
            return schema.empty_table()
        spans = np.concatenate([each.spans for each in windows])
        values = np.concatenate([each.embeddings for each in windows]).ravel()
        columns = [
            pa.array([each.sound for each in windows for _ in each.spans], pa.string()),
            pa.array(spans[:, 0]),
            pa.array(spans[:, 1]),
            pa.FixedSizeListArray.from_arrays(pa.array(values), dim),
        ]
        return pa.table(columns, schema=schema)


class Store:
    """An index: reads and changes what is in it.

    Attributes:
        place: Where it is.
    """

    def __init__(self, place: Place) -> None:
        """Begin; nothing is looked at yet.

        Args:
            place: A folder, or the URL of one in object storage.

        Raises:
            UsageError: No index can be there.
        """
        self.place = place_of_index(place)

    @property
    def exists(self) -> bool:
        """Whether there is an index, of whatever version.

        Raises:
            ArchiveError: The storage can't be reached.
        """
        return self.place.exists

    def open(self) -> Tables:
        """Open the tables to read them, as they are now.

        Raises:
            ArchiveError: There is no index, or it can't be read.
            MissingExtraError: Lance is not installed.
        """
        return Tables(self.place, self.place.read())

    @contextmanager
    def change(self) -> Iterator[Tables]:
        """Open the tables to change them; it counts when the block ends well, or not at all.

        Others that want to change the index wait meanwhile, and those that read it see it as it
        was.

        Raises:
            ArchiveError: There is no index, it can't be read, or somebody else changes it for too
                long.
            OutputError: It can't be written.
            MissingExtraError: Lance is not installed.
        """
        with self.place.changing() as write:
            tables = self.open()
            tables.windows.forget_later_versions()
            tables.recordings.forget_later_versions()
            yield tables
            before = tables.description
            now = replace(
                before, windows=tables.windows.version, recordings=tables.recordings.version
            )
            if now != before:
                write(now)

    def create(self, model: StoredModel) -> None:
        """Make an index, unless there is one.

        Raises:
            UsageError: The folder holds other things.
            ArchiveError: The storage can't be reached.
            OutputError: It can't be made.
            MissingExtraError: Lance is not installed.
        """
        import_lance()
        self.place.create(Description(model))


_RECORDING_COLUMNS = (
    "path",
    "state",
    "sound",
    "duration",
    "is_silent",
    "windows",
    "checksum",
    "warnings",
)


@lru_cache(maxsize=1024)
def _texts(stored: str) -> tuple[Text, ...]:
    """Return warnings; most recordings have none, or the same ones as others."""
    return tuple(Text(**each) for each in json.loads(stored))


def _recording_rows(recordings: Sequence[StoredRecording]) -> "pyarrow.Table":
    import pyarrow as pa

    types = (
        pa.binary(),  # a path may be no text
        pa.string(),
        pa.string(),
        pa.float64(),
        pa.bool_(),
        pa.int64(),
        pa.int64(),
        pa.string(),
    )
    columns: dict[str, list[Any]] = {
        name: [getattr(recording, name) for recording in recordings] for name in _RECORDING_COLUMNS
    }
    columns["path"] = [fsencode(path) for path in columns["path"]]
    columns["warnings"] = [
        json.dumps([{"en": each.en, "zh": each.zh} for each in some])
        for some in columns["warnings"]
    ]
    schema = pa.schema(list(zip(_RECORDING_COLUMNS, types, strict=True)))
    return pa.table(columns, schema=schema)
