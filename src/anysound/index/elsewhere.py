"""Recordings for an index that a cluster hears; this machine writes them, in their order."""

from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack, closing

import numpy as np

from anysound.audio.remote import Place
from anysound.batch.file_state import absolute
from anysound.batch.options import ClusterOptions
from anysound.batch.sources import Found
from anysound.index.hearing import Taken, Taker, called, content_hash, hear, take
from anysound.index.store import StoredRecording
from anysound.models import AudioTextModel


class Hearer:
    """Hears recordings on another machine, but for those whose content is stored."""

    def __init__(self, model: AudioTextModel, sounds: Iterable[str]) -> None:
        """Begin.

        Args:
            model: Embeds what is new.
            sounds: Hashes of what is stored.
        """
        self._model = model
        # A sorted array takes less memory than a set of texts, and each replica has its own.
        self._stored = np.sort(np.array(list(sounds), np.bytes_))

    def __call__(self, name: str, path: Place) -> Taken:
        """Return what is to be stored of a recording; without windows if its sound is stored.

        Raises:
            AnysoundError: No other recording would fare better.
        """
        return take(name, path, self._take)

    def _take(self, path: Place, state: str) -> Taken:
        sound = content_hash(path)
        if self._is_stored(sound):
            return Taken(_only_named(sound, str(path), state), is_same=True)
        recording, windows = hear(self._model, path, sound)
        return Taken(called(recording, str(path), state), windows, recording.duration)

    def _is_stored(self, sound: str) -> bool:
        at = int(np.searchsorted(self._stored, sound.encode()))
        return at < len(self._stored) and bool(self._stored[at] == sound.encode())


def taken_on_cluster(
    taker: Taker,
    hearer: Hearer,
    found: Found,
    cluster: ClusterOptions,
    workers: int | None,
) -> Generator[Taken, None, None]:
    """Give what becomes of each recording, in their order, as a cluster hears them.

    Content that is new and in the sources twice may be heard twice, and is stored once.

    Args:
        taker: Knows what is stored.
        hearer: Is sent to the cluster.
        found: Where the recordings are.
        cluster: Which one.
        workers: How many hear at a time.

    Raises:
        AnysoundError: No other recording would fare better, or the cluster is gone.
        MissingExtraError: Ray is not installed.
    """
    from anysound.batch.cluster import joined

    known = {name: taker.known(name) for name in found.names}
    asked = [(name, absolute(found.place(name))) for name in found.names if known[name] is None]
    with ExitStack() as stack:
        heard: Iterator[Taken] = iter(())
        if asked:
            joining = stack.enter_context(joined(cluster, hearer, workers))
            # Closed before the cluster is left, which it would miss.
            heard = stack.enter_context(closing(joining.made(asked)))
        for name in found.names:
            yield known[name] or taker.keep(next(heard))


def _only_named(sound: str, path: str, state: str) -> StoredRecording:
    """Return what stands for a recording of which another has stored all else."""
    return StoredRecording(path, state, sound, 0.0, False, 0, 0, ())
