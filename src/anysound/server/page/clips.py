"""What a search has found, to be listened to: each under a name that only its finder is told.

No request names a file; a clip's name stands for a place that the server itself has found.
"""

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock

from anysound.audio import Clip, clip_extension, cut_clips
from anysound.errors import RecordingError
from anysound.language import Text

_MOST = 2000  # of those that can still be listened to
_MARGIN = 0.5  # seconds before and after what was found
_LONGEST = 30.0  # seconds


@dataclass(frozen=True)
class _Place:
    path: Path
    start: float
    end: float


class Clips:
    """Places in recordings of this machine; the oldest are forgotten."""

    def __init__(self) -> None:
        self._places: OrderedDict[str, _Place] = OrderedDict()
        self._lock = Lock()

    def add(self, path: Path, start: float, end: float) -> str:
        """Keep a place, and return its name."""
        name = secrets.token_urlsafe(16)
        with self._lock:
            self._places[name] = _Place(path, start, end)
            while len(self._places) > _MOST:
                self._places.popitem(last=False)
        return name

    def cut(self, name: str) -> tuple[bytes, str] | None:
        """Return a place's sound as a file, and its media type; None if nothing has this name.

        Raises:
            RecordingError: The recording isn't there any more, or can't be read.
        """
        with self._lock:
            place = self._places.get(name)
        if place is None:
            return None
        extension = clip_extension(place.path)
        start, end = place.start - _MARGIN, min(place.end + _MARGIN, place.start + _LONGEST)
        with TemporaryDirectory(prefix="anysound-") as folder:
            clip = Clip(max(0.0, start), end, Path(folder) / f"clip{extension}")
            if not cut_clips(place.path, [clip]):
                raise RecordingError(_over(place.path.name))
            return clip.path.read_bytes(), f"audio/{extension.removeprefix('.')}"


def _over(name: str) -> Text:
    return Text(
        en=f"{name}: the recording has become shorter than it was when it was added to the index.",
        zh=f"{name}：录音比加入索引时短了。",
    )
