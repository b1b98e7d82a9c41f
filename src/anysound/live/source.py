"""What a live source is."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from anysound.audio.decode import Coding
from anysound.audio.waveform import Piece
from anysound.live.stopping import Stopping


@dataclass(frozen=True)
class LiveSound:
    """A source that is open.

    Attributes:
        pieces: The sound as it comes, small pieces each.
        coding: How the source holds its samples.
        is_finite: Whether its end is the end, and not a connection that was lost.
        is_paced: Whether it never waits for who reads it, as a microphone doesn't.
    """

    pieces: Iterator[Piece]
    coding: Coding
    is_finite: bool = False
    is_paced: bool = False


class LiveSource(Protocol):
    """Something that can be listened to while it sounds, and opened again when it was lost."""

    @property
    def name(self) -> str:
        """What events and messages call it."""

    def open(self, stopping: Stopping) -> AbstractContextManager[LiveSound]:
        """Open it.

        Args:
            stopping: Looked at by whatever waits.

        Raises:
            RecordingError: It isn't there, or what comes is no sound; also while it is read.
            MissingExtraError: What it needs is not installed.
        """
