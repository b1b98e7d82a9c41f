"""Whether all that an index should hold is there, and is what was stored."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zlib import crc32

import numpy as np

from anysound.errors import ArchiveError
from anysound.index.sounds import COLUMNS, sounds_of
from anysound.index.store import Tables
from anysound.index.table import ROWS_AT_ONCE, OutOfReachError, reading
from anysound.language import Text

_NORM_WITHIN = 0.01  # half precision keeps a length to a thousandth


@dataclass(frozen=True)
class Checked:
    """What was found wrong with an index.

    Attributes:
        recordings: How many were checked.
        windows: How many could be read.
        faults: What is wrong; nothing if all is well.
        damaged: Paths of the recordings that lack windows or have wrong ones.
        unreadable: Numbers of the pieces of the table of windows that can't be read.
    """

    recordings: int
    windows: int
    faults: tuple[Text, ...]
    damaged: tuple[str, ...]
    unreadable: tuple[int, ...]


def check(tables: Tables) -> Checked:
    """Read the whole index, and compare each recording's windows with what was stored.

    Raises:
        ArchiveError: The table of recordings can't be read, and so nothing is known; or the
            storage can't be reached, which is no damage.
    """
    seen: dict[str, _Seen] = {}
    faults: list[Text] = []
    unreadable: list[int] = []
    read = 0
    for fragment in tables.windows.fragments():
        try:
            for batch in _batches(tables.windows.path, fragment):
                _look(batch, seen)
                read += len(batch)
        except OutOfReachError:
            raise
        except ArchiveError as error:
            faults.append(error.text)
            unreadable.append(fragment.fragment_id)
    damaged = []
    for sound, recordings in tables.by_sound.items():
        found = seen.pop(sound, _Seen())
        fault = found.fault(recordings[0].windows, recordings[0].checksum)
        if fault is not None:
            damaged += [recording.path for recording in recordings]
            en, zh = recordings[0].path, recordings[0].path
            faults.append(Text(en=f"{en}: {fault.en}", zh=f"{zh}：{fault.zh}"))
    if seen:
        faults.append(
            Text(
                en=f"Windows that belong to no recording: {sum(s.windows for s in seen.values())}",
                zh=f"不属于任何录音的窗口：{sum(s.windows for s in seen.values())} 个",
            )
        )
    return Checked(len(tables.by_path), read, tuple(faults), tuple(damaged), tuple(unreadable))


def take_out_damaged(tables: Tables) -> Checked:
    """Check the whole index, and remove the recordings that are damaged in it.

    Returns:
        What was wrong.

    Raises:
        ArchiveError: The table of recordings can't be read.
        OutputError: It can't be written.
    """
    found = check(tables)
    tables.windows.drop_fragments(found.unreadable)
    tables.remove(found.damaged)
    return found


@dataclass
class _Seen:
    """What was seen of a sound's windows."""

    windows: int = 0
    checksum: int = 0
    has_wrong_length: bool = False

    def fault(self, windows: int, checksum: int) -> Text | None:
        """Say what is wrong, given what should be."""
        if self.windows != windows:
            return Text(
                en=f"it has {self.windows} of {windows} windows.",
                zh=f"只有 {self.windows} 个窗口，应有 {windows} 个。",
            )
        if self.has_wrong_length or self.checksum != checksum:
            return Text(
                en="its windows are not those that were stored.",
                zh="窗口数据与存入时不一致。",
            )
        return None


def _batches(path: str, fragment: Any) -> Iterator[Any]:
    with reading(path):
        yield from fragment.to_batches(columns=list(COLUMNS), batch_size=ROWS_AT_ONCE)


def _look(batch: Any, seen: dict[str, _Seen]) -> None:
    sounds = sounds_of(batch)
    lengths = np.linalg.norm(sounds.embeddings.astype(np.float32), axis=1)
    wrong = np.abs(lengths - 1.0) > _NORM_WITHIN
    ends = [*sounds.starts[1:].tolist(), len(sounds.spans)]
    for sound, start, end in zip(sounds.names, sounds.starts.tolist(), ends, strict=True):
        each = seen.setdefault(sound, _Seen())
        each.windows += end - start
        each.checksum = crc32(
            np.ascontiguousarray(sounds.embeddings[start:end]).data, each.checksum
        )
        each.has_wrong_length = each.has_wrong_length or bool(wrong[start:end].any())
