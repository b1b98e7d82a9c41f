"""Where in all recordings something is heard: the stored windows nearest to a text or a sound."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from anysound.errors import LabelError
from anysound.index.store import Tables
from anysound.index.table import LanceTable
from anysound.language import Text
from anysound.models import Embeddings
from anysound.reading import ReadLabels, unit

EXACT_UP_TO = 1_000_000
"""Windows up to which every one is looked at: on two cores, a million of 128 values take 0.1 s, and
of 512 values 1.1 s."""

_WINDOWS_PER_MOMENT = 4  # near windows of one recording become one moment

_NEARLY = 0.05  # less similar than a moment's best window, and still a part of it

# Of the ten best among 200,000 clustered windows these find 99.6 %; half as many candidates find
# 98.6 %, and with a form half as long 68 %. Among a million they find all, eight times as fast as
# looking at every window does.
_PARTITION = 4096  # windows in each, about
_PROBES = 32  # partitions that are looked into
_VALUES = 4  # of an embedding, for which a byte of its short form stands
_REFINE = 10  # times as many candidates are compared by their own embeddings


@dataclass(frozen=True)
class Moment:
    """A place in a recording that is like what was searched for.

    Attributes:
        recordings: Paths of the recordings that hold it; more than one if they hold the same.
        start: In seconds.
        end: In seconds.
        similarity: Of its best window, from -1 to 1.
    """

    recordings: tuple[str, ...]
    start: float
    end: float
    similarity: float

    def to_dict(self) -> dict[str, Any]:
        """Return the moment, ready for JSON."""
        return {
            "recordings": list(self.recordings),
            "start": self.start,
            "end": self.end,
            "similarity": self.similarity,
        }


def sought(read: ReadLabels) -> Embeddings:
    """Return the direction of the one label that is searched for, shape ``(dim,)``.

    Raises:
        LabelError: There is more than one, or it says more than what is to be heard.
    """
    label = read.labels[0]
    if len(read.labels) > 1 or label.avoid or label.when:
        raise LabelError(
            Text(
                en="A search is for one sound, without a phrase to avoid and without a place in "
                "time. Write what it sounds like, such as 'glass breaking'; a comma is in quotes.",
                zh="每次只能搜索一种声音，不能带要排除的短语或时间段。"
                "请直接描述声音，例如“玻璃破碎”；其中的逗号要放在引号里。",
            )
        )
    return unit(read.embeddings.own[0])


def find_moments(
    tables: Tables, direction: Embeddings, top: int, *, exact: bool = False
) -> list[Moment]:
    """Find the windows nearest to a direction; what overlaps and is as like is one moment.

    Args:
        tables: Of the index.
        direction: Unit length, shape ``(dim,)``.
        top: How many moments.
        exact: Whether every window is looked at, however many there are.

    Returns:
        At most ``top``, best first.

    Raises:
        ArchiveError: A part of the index can't be read.
    """
    total = len(tables.windows)
    count = min(total, top * _WINDOWS_PER_MOMENT)
    while True:
        moments = _moments(tables, direction, count, exact)
        if len(moments) >= top or count >= total:
            return moments[:top]
        count = min(total, count * 4)


def make_search_index(windows: LanceTable, dim: int) -> None:
    """Make what a search of many windows needs.

    Raises:
        OutputError: It can't be written.
    """
    most = max(1, dim // _VALUES)
    sub_vectors = next(number for number in range(most, 0, -1) if dim % number == 0)
    windows.make_search_index(max(1, len(windows) // _PARTITION), sub_vectors)


@dataclass(frozen=True)
class _Hit:
    """A window that was found."""

    sound: str
    start: float
    end: float
    similarity: float


def _moments(tables: Tables, direction: Embeddings, count: int, exact: bool) -> list[Moment]:
    if not count:
        return []
    moments = [
        Moment(
            recordings=tuple(recording.path for recording in tables.by_sound[hit.sound]),
            start=hit.start,
            end=hit.end,
            similarity=hit.similarity,
        )
        for hit in _merged(_nearest(tables.windows, direction, count, exact))
        if hit.sound in tables.by_sound
    ]
    return sorted(moments, key=lambda each: (-each.similarity, each.recordings, each.start))


def _nearest(windows: LanceTable, direction: Embeddings, count: int, exact: bool) -> Iterator[_Hit]:
    how: dict[str, Any] = {"use_index": False}
    if not exact and windows.has_search_index:
        how = {"nprobes": _PROBES, "refine_factor": _REFINE}
    found = windows.nearest(direction, count, ("sound", "start", "end"), **how)
    for row in found.to_pylist():
        yield _Hit(row["sound"], row["start"], row["end"], 1.0 - row["_distance"])


def _merged(hits: Iterable[_Hit]) -> list[_Hit]:
    """Join windows of a sound that overlap and are nearly as like; drop what only overlaps.

    Args:
        hits: Best first; how many there are changes none of the moments that come out first.
    """
    by_sound: dict[str, list[_Hit]] = {}
    for hit in hits:
        chosen = by_sound.setdefault(hit.sound, [])
        near = [each for each in chosen if hit.start < each.end and each.start < hit.end]
        best = max((each.similarity for each in near), default=hit.similarity)
        if hit.similarity < best - _NEARLY:
            continue
        start, end = (
            min(each.start for each in [hit, *near]),
            max(each.end for each in [hit, *near]),
        )
        rest = [each for each in chosen if each not in near]
        by_sound[hit.sound] = [*rest, _Hit(hit.sound, start, end, best)]
    return [hit for some in by_sound.values() for hit in some]
