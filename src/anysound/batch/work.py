"""What is done with one recording of a batch, unless it was done before."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, TypeAlias

from anysound.audio.remote import Place, is_url
from anysound.batch.file_state import changed_meanwhile, place_of, state_of
from anysound.batch.journal import Journal
from anysound.batch.options import EventOptions
from anysound.batch.row import Row
from anysound.batch.side_by_side import why_failed
from anysound.batch.sources import Found
from anysound.classifier import Classifier
from anysound.errors import RecordingError
from anysound.labels import LabelSet
from anysound.timeline import Event
from anysound.timeline.clips import ClipFolder


@dataclass(frozen=True)
class Finished:
    """What was made of a recording.

    Attributes:
        row: Of the table.
        events: Found in it, in the order of their ends.
        is_kept: Whether it was taken from the journal.
    """

    row: Row
    events: tuple[Event, ...] = ()
    is_kept: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return it so that JSON can keep it without loss."""
        return {"row": self.row.to_dict(), "events": [event.to_dict() for event in self.events]}

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> "Finished":
        """Return what ``to_dict`` was asked of."""
        events = tuple(Event(**event) for event in kept["events"])
        return cls(Row.from_dict(kept["row"]), events, is_kept=True)


Listen: TypeAlias = Callable[[str, Place], tuple[Finished, bool]]
"""Takes a recording's name and path; returns what was made of it, and whether the same would be
made of it again."""


class Listener:
    """Makes a row of a recording, and its events if they are wanted.

    It may be called from several threads, and sent to another process if its classifier may.
    """

    def __init__(
        self, classifier: Classifier, labels: LabelSet, events: EventOptions | None
    ) -> None:
        """Begin.

        Args:
            classifier: Answers.
            labels: What to listen for.
            events: What is to become of events, or None.

        Raises:
            UsageError: Clips can't have such a margin.
            OutputError: The folder of the clips can't be made.
        """
        self._classifier = classifier
        self._labels = labels
        self._events = events
        self._clips = ClipFolder(events.clips, events.margin) if events and events.clips else None

    @property
    def is_light(self) -> bool:
        """Whether its model costs so little that processes do better than threads."""
        return self._classifier.model.info.is_light

    def __call__(self, name: str, path: Place) -> tuple[Finished, bool]:
        """Return what was made of a recording; one that fails has a row that says why.

        Raises:
            AnysoundError: No other recording would fare better.
        """
        try:
            row = Row.of(name, self._classifier.classify(path, self._labels))
            return Finished(row, self._find_events(name, path)), True
        except Exception as error:
            return Finished(Row(name, error=why_failed(name, path, error))), _is_lasting(error)

    def _find_events(self, name: str, path: Place) -> tuple[Event, ...]:
        if self._events is None:
            return ()
        timeline = self._classifier.timeline(path, self._labels, self._events.timeline)
        events = tuple(replace(event, recording=name) for event in timeline)
        if self._clips:
            self._clips.write(path, events, inside=_inside(name))
        return events


@dataclass(frozen=True)
class Attempt:
    """What came of working on a recording.

    Attributes:
        finished: What was made of it.
        key: What the journal keeps it by; empty if it is to be tried again.
    """

    finished: Finished
    key: str = ""


def attempt(listen: Listen, name: str, path: Place) -> Attempt:
    """Listen to a recording, unless it changes meanwhile.

    Raises:
        AnysoundError: No other recording would fare better.
    """
    before = state_of(path)
    finished, is_lasting = listen(name, path)
    if before and state_of(path) != before:
        return Attempt(changed(name, path))
    return Attempt(finished, _key(before, name, path) if before and is_lasting else "")


def changed(name: str, path: Place) -> Finished:
    """Return what becomes of a recording that changed, or vanished, while it was worked on."""
    return Finished(Row(name, error=changed_meanwhile(name, path)))


class Worker:
    """Works on one recording after another; may be called from several threads."""

    def __init__(
        self, listen: Listen, found: Found, journal: Journal, events: EventOptions | None
    ) -> None:
        """Begin.

        Args:
            listen: Listens to a recording.
            found: Where the recordings are.
            journal: Of what is finished.
            events: What is to become of events, or None.
        """
        self._listen = listen
        self._found = found
        self._journal = journal
        self._events = events

    def __call__(self, name: str) -> Finished:
        """Return what becomes of a recording; one that fails has a row that says why.

        Raises:
            AnysoundError: No other recording would fare better.
        """
        known = self.known(name)
        return known or self.keep(attempt(self._listen, name, self._found.place(name)))

    def known(self, name: str) -> Finished | None:
        """Return what is known of a recording without listening, or None."""
        if name in self._found.unreadable:
            return Finished(Row(name, error=self._found.unreadable[name]))
        if not len(self._journal):
            return None
        path = self._found.place(name)
        before = state_of(path)
        kept = self._journal.get(_key(before, name, path)) if before else None
        finished = Finished.from_dict(kept) if kept else None
        return finished if finished and self._has_clips(finished) else None

    def keep(self, made: Attempt) -> Finished:
        """Note in the journal what came of a recording, and return it."""
        if made.key:
            self._journal.add(made.key, made.finished.to_dict())
        return made.finished

    def _has_clips(self, finished: Finished) -> bool:
        """Whether the clips that were cut are still there, if they are wanted."""
        if not self._events or not self._events.clips or not finished.events:
            return True
        return (self._events.clips / _inside(finished.row.recording)).is_dir()


def _key(state: str, name: str, path: Place) -> str:
    """Return what the journal keeps a recording by, as long as it is in this state."""
    # Two folders may hold recordings of one name, size and time.
    return f"{state} {place_of(path)} {name}"


def _inside(name: str) -> str:
    """Return where a recording's clips are in the folder of all clips, and never outside it."""
    path = PurePath(name.replace("://", "/", 1) if is_url(name) else name)
    parts = path.parts[1:] if path.anchor else path.parts
    return "/".join("__" if part == ".." else part for part in parts)


def _is_lasting(error: Exception) -> bool:
    """Whether it is the recording's content that is wrong, and not the way to it."""
    if not isinstance(error, RecordingError):
        return False
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError) and not _is_of_ffmpeg(cause):
            return False
        cause = cause.__cause__
    return True


def _is_of_ffmpeg(error: OSError) -> bool:
    """Whether it is FFmpeg's word for bad data, which passes for one of the system's."""
    return type(error).__module__.partition(".")[0] == "av"
