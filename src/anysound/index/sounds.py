"""The stored windows, read sound by sound."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from anysound.index.store import StoredEmbeddings
from anysound.index.table import LanceTable

COLUMNS = ("sound", "start", "end", "embedding")


@dataclass(frozen=True)
class Sounds:
    """The windows of some sounds, each whole.

    Attributes:
        names: Hash of each sound's content, shape ``(n_sounds,)``.
        starts: Row of each sound's first window, ascending from 0, shape ``(n_sounds,)``.
        spans: Of all windows: start and end in seconds, shape ``(n_windows, 2)``.
        embeddings: Of all windows, shape ``(n_windows, dim)``.
    """

    names: Sequence[str]
    starts: NDArray[np.intp]
    spans: NDArray[np.float64]
    embeddings: StoredEmbeddings

    @property
    def counts(self) -> NDArray[np.intp]:
        """How many windows each sound has."""
        return np.diff(self.starts, append=len(self.spans))


def read_sounds(windows: LanceTable) -> Iterator[Sounds]:
    """Read all windows, at most a few thousand and one sound's at a time.

    Raises:
        ArchiveError: A part of the table can't be read.
    """
    held: Sounds | None = None
    for batch in windows.batches(COLUMNS):
        if not len(batch):
            continue
        some = sounds_of(batch)
        if held is not None:
            some = _joined(held, some)
        # The last sound may go on in the next batch.
        ended, held = _split(some, len(some.names) - 1)
        if len(ended.names):
            yield ended
    if held is not None:
        yield held


def sounds_of(batch: Any) -> Sounds:
    """Return the sounds of rows that lie side by side, of an Arrow record batch."""
    encoded = batch.column("sound").dictionary_encode()
    codes = encoded.indices.to_numpy()
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    names = encoded.dictionary.to_pylist()
    flat = batch.column("embedding").flatten().to_numpy()
    return Sounds(
        names=[names[code] for code in codes[starts]],
        starts=starts,
        spans=np.stack([batch.column("start").to_numpy(), batch.column("end").to_numpy()], axis=1),
        embeddings=flat.reshape(len(codes), -1),
    )


def _joined(first: Sounds, second: Sounds) -> Sounds:
    goes_on = first.names[-1] == second.names[0]
    return Sounds(
        names=[*first.names, *second.names[goes_on:]],
        starts=np.concatenate([first.starts, len(first.spans) + second.starts[int(goes_on) :]]),
        spans=np.concatenate([first.spans, second.spans]),
        embeddings=np.concatenate([first.embeddings, second.embeddings]),
    )


def _split(sounds: Sounds, at: int) -> tuple[Sounds, Sounds]:
    """Return the sounds before one, and those from it on."""
    row = sounds.starts[at]
    return (
        Sounds(sounds.names[:at], sounds.starts[:at], sounds.spans[:row], sounds.embeddings[:row]),
        Sounds(
            sounds.names[at:],
            sounds.starts[at:] - row,
            sounds.spans[row:],
            sounds.embeddings[row:],
        ),
    )
