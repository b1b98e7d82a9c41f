"""Recordings that hold nearly the same sound, found by their stored windows, without the audio.

How alike two recordings are: each window of the one is compared with the window of the other that
is most like it, and the mean over the windows of the one, or over those of the other, counts,
whichever is less. So neither may hold what the other lacks. Where windows begin doesn't matter
much, which is what differs when a bit of the start is cut off. Recordings whose durations differ
by more than a fifth are not compared.

All pairs are looked at, a block of recordings against another at a time. Which of them might be
alike enough is told by the means of their windows, and no pair is lost by that. Let ``a`` be the
windows of one recording, of unit length, and ``b`` those of another; ``A`` and ``B`` their means.
If each ``a`` has a best match ``b`` and their products are ``t`` in the mean, then the distances
of the two are at most ``sqrt(2 - 2 t)`` in the mean. As ``b @ B`` is at least ``min(b @ B)``,
``A @ B`` is at least ``min(b @ B) - sqrt(2 - 2 t) * |B|``, and ``t`` itself if there is but one
``b``; and the same the other way round.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anysound.errors import UsageError
from anysound.index.sounds import read_sounds
from anysound.index.store import StoredEmbeddings, StoredRecording, Tables
from anysound.language import Text
from anysound.models import Embeddings

SIMILAR_FROM = 0.95
"""Similarity from which on two recordings are near-identical."""

_SHORTEST = 0.8  # of a recording's duration that another must have to be compared with it
_WINDOWS = 4096  # of a block of recordings, about
_PRODUCTS = 1 << 24  # of windows that are held at once: 64 MB
_DIGITS = 5  # that a similarity has in single precision, whatever it was computed beside
_ERROR = 0.5 * 10**-_DIGITS

Rows: TypeAlias = NDArray[np.intp]
OnCompared: TypeAlias = Callable[[int, int], None]
"""Called with how many recordings are done, and of how many."""


@dataclass(frozen=True)
class SimilarRecording:
    """A recording of a group.

    Attributes:
        recording: Its path.
        similarity: To the one of its group that it is most like; 1 if that has the same bytes.
        duration: In seconds.
        same_bytes: Whether another of the group is the very same file, under another path.
    """

    recording: str
    similarity: float
    duration: float
    same_bytes: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the recording, ready for JSON."""
        return {
            "recording": self.recording,
            "similarity": self.similarity,
            "duration": self.duration,
            "same_bytes": self.same_bytes,
        }


@dataclass(frozen=True)
class Compared:
    """What came of comparing all recordings.

    Attributes:
        groups: Of recordings that are alike, each of them with another of its group; all in the
            order of their paths.
        at_least: The similarity that was asked for.
        recordings: How many there are in the index.
        silent: How many of them are silent, and so were compared by their bytes only.
    """

    groups: tuple[tuple[SimilarRecording, ...], ...]
    at_least: float
    recordings: int
    silent: int

    def to_dict(self) -> dict[str, Any]:
        """Return all, ready for JSON."""
        return {
            "at_least": self.at_least,
            "recordings": self.recordings,
            "silent": self.silent,
            "groups": [[each.to_dict() for each in group] for group in self.groups],
        }


def find_similar(
    tables: Tables,
    at_least: float = SIMILAR_FROM,
    on_compared: OnCompared = lambda done, total: None,
) -> Compared:
    """Group the recordings that are alike.

    The same bytes under several paths are alike. What a model makes of silence says nothing, so
    silent recordings are alike only if their bytes are the same.

    Args:
        tables: Of the index.
        at_least: How similar two must be, above 0 and up to 1.
        on_compared: Called in this thread after each block.

    Raises:
        UsageError: There is no such similarity.
        ArchiveError: A part of the index can't be read.
    """
    if not 0 < at_least <= 1:
        raise UsageError(
            Text(
                en=f"A similarity of {at_least:g} can't be asked for: it must be above 0 and at "
                f"most 1. Try {SIMILAR_FROM:g}.",
                zh=f"相似度 {at_least:g} 无效：应大于 0 且不超过 1，例如 {SIMILAR_FROM:g}。",
            )
        )
    sounds = _read(tables)
    similarity, roots = _join(sounds, at_least, on_compared)
    closest = dict(zip(sounds.names, similarity.tolist(), strict=True))
    root = dict(zip(sounds.names, roots.tolist(), strict=True))
    groups: dict[str | int, list[SimilarRecording]] = {}
    for name, same in tables.by_sound.items():
        group = groups.setdefault(root.get(name, name), [])
        group.extend(_members(same, closest.get(name, 0.0)))
    several = (_by_path(group) for group in groups.values() if len(group) > 1)
    return Compared(
        groups=tuple(sorted(several, key=lambda group: group[0].recording)),
        at_least=at_least,
        recordings=len(tables.by_path),
        silent=sum(each.is_silent for each in tables.by_path.values()),
    )


def _by_path(group: list[SimilarRecording]) -> tuple[SimilarRecording, ...]:
    return tuple(sorted(group, key=lambda each: each.recording))


def _members(same: list[StoredRecording], closest: float) -> Iterator[SimilarRecording]:
    """Give all recordings of a sound."""
    several = len(same) > 1
    for each in same:
        yield SimilarRecording(each.path, 1.0 if several else closest, each.duration, several)


@dataclass(frozen=True)
class _Sounds:
    """All sounds that are compared, the shortest first.

    Attributes:
        names: Hash of each sound's content.
        durations: In seconds, shape ``(n_sounds,)``.
        starts: Row of each sound's first window, shape ``(n_sounds,)``.
        counts: How many windows each has, shape ``(n_sounds,)``.
        embeddings: All windows as they are stored, shape ``(n_windows, dim)``.
    """

    names: list[str]
    durations: NDArray[np.float64]
    starts: Rows
    counts: Rows
    embeddings: StoredEmbeddings

    def blocks(self) -> list[Rows]:
        """Cut the sounds into runs of a few thousand windows, or of one sound that has more."""
        blocks, first, held = list[Rows](), 0, 0
        for place, count in enumerate(self.counts.tolist()):
            if held and held + count > _WINDOWS:
                blocks.append(np.arange(first, place))
                first, held = place, 0
            held += count
        return [*blocks, np.arange(first, len(self.names))] if self.names else []

    def windows(self, sounds: Rows) -> "Windows":
        """Return the windows of some sounds, of unit length and in single precision."""
        counts = self.counts[sounds]
        starts = np.cumsum(counts) - counts
        rows = np.arange(counts.sum()) + np.repeat(self.starts[sounds] - starts, counts)
        values = self.embeddings[rows].astype(np.float32)
        lengths = np.linalg.norm(values, axis=1, keepdims=True)
        return Windows(values / np.maximum(lengths, np.finfo(np.float32).tiny), starts, counts)


@dataclass(frozen=True)
class Windows:
    """The windows of some sounds, side by side.

    Attributes:
        values: Unit length, shape ``(n_windows, dim)``.
        starts: Row of each sound's first window.
        counts: How many windows each has.
    """

    values: Embeddings
    starts: Rows
    counts: Rows

    @property
    def are_single(self) -> bool:
        """Whether each of the sounds has one window."""
        return len(self.values) == len(self.starts)


def _read(tables: Tables) -> _Sounds:
    """Read the windows of all sounds that are not silent."""
    embeddings = np.empty((len(tables.windows), tables.description.model.dim), np.float16)
    names, durations, starts, counts = list[str](), list[float](), list[int](), list[int]()
    read = 0
    for some in read_sounds(tables.windows):
        embeddings[read : read + len(some.spans)] = some.embeddings
        facts = zip(some.names, some.starts.tolist(), some.counts.tolist(), strict=True)
        for name, start, count in facts:
            same = tables.by_sound.get(name)
            if same and not same[0].is_silent:
                names.append(name)
                durations.append(same[0].duration)
                starts.append(read + start)
                counts.append(count)
        read += len(some.spans)
    order = sorted(range(len(names)), key=lambda each: (durations[each], names[each]))
    return _Sounds(
        names=[names[each] for each in order],
        durations=np.array(durations)[order],
        starts=np.array(starts, np.intp)[order],
        counts=np.array(counts, np.intp)[order],
        embeddings=embeddings,
    )


def _join(
    sounds: _Sounds, at_least: float, on_compared: OnCompared
) -> tuple[NDArray[np.float64], Rows]:
    """Compare all, and join those that are alike.

    Returns:
        How similar each sound is to the one it is most like, if it is enough; and a number for
        each that is the same for all of its group.
    """
    closest = np.zeros(len(sounds.names))
    roots = np.arange(len(sounds.names))
    blocks = sounds.blocks()
    means, needed = _means(sounds, blocks, at_least)
    for place, block in enumerate(blocks):
        for other in blocks[place:]:
            if sounds.durations[other[0]] * _SHORTEST > sounds.durations[block[-1]]:
                break  # those that follow are longer still
            near = _near(sounds, means, needed, block, other)
            rows, columns = near.any(axis=1), near.any(axis=0)
            if not rows.any():
                continue
            some, others = block[rows], other[columns]
            found = similarities(sounds.windows(some), sounds.windows(others))
            alike = near[np.ix_(rows, columns)] & (found >= at_least - _ERROR)
            first, second = np.nonzero(alike)
            rounded = np.minimum(np.round(found[alike].astype(np.float64), _DIGITS), 1)
            np.maximum.at(closest, some[first], rounded)
            np.maximum.at(closest, others[second], rounded)
            _unite(roots, some[first], others[second])
        on_compared(int(block[-1]) + 1, len(sounds.names))
    return closest, roots


def _near(
    sounds: _Sounds, means: Embeddings, needed: NDArray[np.float32], block: Rows, other: Rows
) -> NDArray[np.bool_]:
    """Return which pairs of two blocks might be alike; those of one block count once."""
    products = means[block] @ means[other].T
    near = np.asarray(products >= needed[block, None])
    near &= products >= needed[other]
    shortest, longest = sounds.durations[block], sounds.durations[other] * _SHORTEST
    if longest[-1] > shortest[0]:
        near &= shortest[:, None] >= longest
    if block[0] == other[0]:
        near &= block[:, None] < other
    return near


def _means(
    sounds: _Sounds, blocks: list[Rows], at_least: float
) -> tuple[Embeddings, NDArray[np.float32]]:
    """Return the mean of each sound's windows, and what its product with another's must reach."""
    means = np.zeros((len(sounds.names), sounds.embeddings.shape[1]), np.float32)
    needed = np.zeros(len(sounds.names), np.float32)
    error = 10 * _ERROR  # and more than single precision adds
    within = np.sqrt(2 - 2 * (at_least - error))
    for block in blocks:
        windows = sounds.windows(block)
        mean = np.add.reduceat(windows.values, windows.starts) / windows.counts[:, None]
        own = np.einsum("ij,ij->i", windows.values, np.repeat(mean, windows.counts, axis=0))
        means[block] = mean
        needed[block] = np.minimum.reduceat(own, windows.starts)
        needed[block] -= within * np.linalg.norm(mean, axis=1)
    needed[sounds.counts == 1] = at_least - error
    return means, needed


def similarities(some: Windows, others: Windows) -> NDArray[np.floating]:
    """Return how alike each of some sounds is to each of others, ``(n_some, n_others)``."""
    if some.are_single and others.are_single:
        return some.values @ others.values.T
    there = np.empty((len(some.values), len(others.starts)), np.float32)
    back = np.full((len(some.starts), len(others.values)), -1, np.float32)
    step = max(1, _PRODUCTS // len(others.values))
    for begin in range(0, len(some.values), step):
        products = some.values[begin : begin + step] @ others.values.T
        end = begin + len(products)
        there[begin:end] = np.maximum.reduceat(products, others.starts, axis=1)
        first = int(np.searchsorted(some.starts, begin, "right")) - 1
        last = int(np.searchsorted(some.starts, end))
        for sound in range(first, last):  # a tenth of the time that `reduceat` takes on this axis
            start = max(some.starts[sound] - begin, 0)  # the first may go on from before
            best = products[start : some.starts[sound] + some.counts[sound] - begin].max(axis=0)
            np.maximum(back[sound], best, out=back[sound])
    forth = np.add.reduceat(there, some.starts, axis=0, dtype=np.float64) / some.counts[:, None]
    again = np.add.reduceat(back, others.starts, axis=1, dtype=np.float64) / others.counts
    return np.asarray(np.minimum(forth, again))


def _unite(roots: Rows, first: Rows, second: Rows) -> None:
    """Join each of the first with its second: all of a group have the least number of it."""
    while True:
        one, other = roots[first], roots[second]
        apart = one != other
        if not apart.any():
            return
        low, high = np.minimum(one, other)[apart], np.maximum(one, other)[apart]
        np.minimum.at(roots, high, low)
        while np.any(roots[roots] != roots):
            roots[:] = roots[roots]
