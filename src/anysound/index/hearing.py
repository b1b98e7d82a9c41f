"""Recordings to what an index stores of them; the same content is embedded once."""

import hashlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, replace
from threading import Lock
from zlib import crc32

import numpy as np

from anysound.audio import WHOLE, open_recording
from anysound.audio.remote import Place
from anysound.audio.source import open_source, unreadable
from anysound.batch.file_state import absolute, changed_meanwhile, state_of
from anysound.batch.side_by_side import why_failed
from anysound.batch.sources import Found
from anysound.hearing import Heard, listen
from anysound.index.store import StoredEmbeddings, StoredRecording, StoredWindows
from anysound.language import Text
from anysound.models import AudioTextModel

_READ_AT_ONCE = 1 << 20
_HASH_BYTES = 20  # as git has it: no two recordings share one by chance


@dataclass(frozen=True)
class Taken:
    """What became of a recording that was to be added.

    Attributes:
        recording: What is to be stored; None if it failed, or is stored already.
        windows: Of its sound, unless the index has them.
        seconds: How much sound was embedded for it.
        is_same: Whether it holds what another recording holds.
        error: Why it failed, or None.
    """

    recording: StoredRecording | None = None
    windows: StoredWindows | None = None
    seconds: float = 0.0
    is_same: bool = False
    error: Text | None = None


class Taker:
    """Takes one recording after another; may be called from several threads."""

    def __init__(
        self,
        model: AudioTextModel,
        found: Found,
        by_path: Mapping[str, StoredRecording],
    ) -> None:
        """Begin.

        Args:
            model: Embeds what is new.
            found: Where the recordings are.
            by_path: What is stored already.
        """
        self._model = model
        self._found = found
        self._by_path = by_path
        self._stored = {each.sound: each for each in by_path.values()}
        self._heard: dict[str, Future[tuple[StoredRecording, StoredWindows]]] = {}
        self._using = Lock()

    def __call__(self, name: str) -> Taken:
        """Return what is to be stored of a recording.

        Raises:
            AnysoundError: No other recording would fare better.
        """
        known = self.known(name)
        if known is not None:
            return known
        path = absolute(self._found.place(name))
        return self._finally(str(path), take(name, path, self._take))

    def known(self, name: str) -> Taken | None:
        """Return what is known of a recording without reading it, or None."""
        if name in self._found.unreadable:
            return Taken(error=self._found.unreadable[name])
        path = absolute(self._found.place(name))
        known = self._by_path.get(str(path))
        return Taken() if known and known.state == state_of(path) else None

    def keep(self, taken: Taken) -> Taken:
        """Return what is to be stored of a recording that was heard elsewhere, as if it were here.

        Whoever hears elsewhere knows only of sounds that were stored before.
        """
        if taken.recording is None:
            return taken
        path, state, sound = taken.recording.path, taken.recording.state, taken.recording.sound
        with self._using:
            same = self._stored.get(sound)
            heard = self._heard.get(sound)
            if same is None and heard is None:
                assert taken.windows is not None
                self._heard[sound] = heard = Future()
                heard.set_result((taken.recording, taken.windows))
                return self._finally(path, taken)
        if same is not None:
            taken = Taken(called(same, path, state), is_same=True)
        else:
            assert heard is not None
            recording, windows = heard.result()
            taken = Taken(called(recording, path, state), windows, is_same=True)
        return self._finally(path, taken)

    def stored(self, recording: StoredRecording) -> None:
        """Take note that a recording is stored: nothing of its sound need be held any more."""
        with self._using:
            self._stored[recording.sound] = recording
            self._heard.pop(recording.sound, None)

    def _take(self, path: Place, state: str) -> Taken:
        sound = content_hash(path)
        with self._using:
            same = self._stored.get(sound)
            mine = same is None and sound not in self._heard
            heard = self._heard.setdefault(sound, Future()) if same is None else None
        if same is not None:
            return Taken(called(same, str(path), state), is_same=True)
        assert heard is not None
        if mine:
            try:
                heard.set_result(hear(self._model, path, sound))
            except Exception as error:
                with self._using:
                    del self._heard[sound]
                heard.set_exception(error)
        recording, windows = heard.result()  # whoever hears it is at work on it, never waiting
        seconds = recording.duration if mine else 0.0
        return Taken(called(recording, str(path), state), windows, seconds, is_same=not mine)

    def _finally(self, path: str, taken: Taken) -> Taken:
        known = self._by_path.get(path)
        if known and taken.recording and known.sound == taken.recording.sound:
            return replace(taken, is_same=False)  # it was written anew, and is what it was
        return taken


def take(name: str, path: Place, work: Callable[[Place, str], Taken]) -> Taken:
    """Read a recording, and say what became of it if it can't be read or changes meanwhile.

    Args:
        name: Of the recording, as messages call it.
        path: Where it is.
        work: Takes the path and the file's state.

    Raises:
        AnysoundError: No other recording would fare better.
    """
    before = state_of(path)
    try:
        taken = work(path, before)
    except Exception as error:
        return Taken(error=why_failed(name, path, error))
    if state_of(path) != before:
        return Taken(error=changed_meanwhile(name, path))
    return taken


def hear(model: AudioTextModel, path: Place, sound: str) -> tuple[StoredRecording, StoredWindows]:
    """Return what is stored of a recording whose content is known; it has no path yet.

    Raises:
        RecordingError: The recording can't be read.
    """
    with open_recording(path, model.info.rate) as stream:
        heard = listen(model, stream, [WHOLE])
    return stored_form(heard, sound)


def content_hash(path: Place) -> str:
    """Return what stands for a recording's content, whatever it is called.

    Raises:
        RecordingError: The recording can't be read.
    """
    with ExitStack() as stack:
        file = open_source(str(path), path, stack)
        digest = hashlib.blake2b(digest_size=_HASH_BYTES)
        try:
            while block := file.read(_READ_AT_ONCE):
                digest.update(block)
        except OSError as error:
            raise unreadable(str(path), error) from error
    return digest.hexdigest()


def stored_form(heard: Heard, sound: str) -> tuple[StoredRecording, StoredWindows]:
    """Return what is stored of a recording that was heard; it has no path yet."""
    part = heard.parts[WHOLE]
    embeddings = part.embeddings.astype(np.float16)
    recording = StoredRecording(
        path="",
        state="",
        sound=sound,
        duration=heard.duration,
        is_silent=heard.is_silent,
        windows=len(part.units),
        checksum=checksum(embeddings),
        warnings=heard.warnings,
    )
    return recording, StoredWindows(sound, np.array(part.units).reshape(-1, 2), embeddings)


def checksum(embeddings: StoredEmbeddings) -> int:
    """Return a number that changes when a value does."""
    return crc32(np.ascontiguousarray(embeddings).data)


def called(recording: StoredRecording, path: str, state: str) -> StoredRecording:
    """Return the same recording under another path."""
    return replace(recording, path=path, state=state)
