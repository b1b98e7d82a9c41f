"""The sound of each event as a file of its own, to listen to or to learn from."""

import math
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePath

from anysound.audio import Clip, Recording, clip_extension, cut_clips
from anysound.errors import OutputError, UsageError, reason_of
from anysound.language import Text
from anysound.timeline.event import Event
from anysound.writing import check_local

_UNSAFE = re.compile(r'[/\\:*?"<>|]')
_RESERVED = re.compile(
    r"(con|conin\$|conout\$|prn|aux|nul|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE
)
# Bytes of a name's parts, so that with times, a number and an extension they stay below the
# 255 that file systems allow.
_RECORDING_BYTES = 80
_LABEL_BYTES = 120


def clip_name(event: Event, extension: str) -> str:
    """Return a file name for an event's clip that every file system takes.

    Args:
        event: Named like ``kitchen_12.30-14.10_狗叫.wav``.
        extension: Of the file, with its dot.
    """
    recording = safe_name(PurePath(event.recording).stem, _RECORDING_BYTES)
    label = safe_name(event.label, _LABEL_BYTES)
    name = f"{recording}_{event.start:.2f}-{event.end:.2f}_{label}{extension}"
    return f"_{name}" if _RESERVED.match(name) else name  # as Windows has it: con.1.wav is one too


class ClipFolder:
    """Where clips are put: each event cut out of its recording, without loss, as its own file.

    A clip that is there already is replaced, so that the same call twice leaves the same files.
    """

    def __init__(self, folder: Path, margin: float = 0.5) -> None:
        """Make the folder, if its parent is there.

        Args:
            folder: Where the clips are to be.
            margin: Seconds before and after each event that are cut with it.

        Raises:
            UsageError: The margin is no length of time, or the folder is a URL.
            OutputError: The folder can't be made.
        """
        if not 0 <= margin < math.inf:
            raise _no_margin(margin)
        check_local(folder)
        self._folder = folder
        self._margin = margin
        make_folder(folder, parents=False)

    def write(self, recording: Recording, events: Iterable[Event], inside: str = "") -> list[Path]:
        """Cut events out of their recording.

        Args:
            recording: What the events were heard in; its name in them is not looked at.
            events: Of this recording.
            inside: A folder in the folder, made if there are events; a recording of many has one.

        Returns:
            The files, in the order of the events; an event beyond the recording's end has none.

        Raises:
            RecordingError: The recording isn't there, can't be read, or holds no sound.
            OutputError: A clip can't be written.
        """
        wanted = list(events)
        if not wanted:
            return []
        extension = clip_extension(recording)
        folder = self._folder / inside
        make_folder(folder, parents=True)
        taken: set[str] = set()
        clips = []
        for event in wanted:
            name = _unique(clip_name(event, extension), taken)
            taken.add(_key(name))
            clips.append(Clip(event.start - self._margin, event.end + self._margin, folder / name))
        return cut_clips(recording, clips)


def safe_name(text: str, most: int) -> str:
    """Return the text with nothing in it that a file's name can't have, in so many bytes."""
    kept = "".join(
        "_" if unicodedata.category(each) in ("Cc", "Cf", "Cs", "Zl", "Zp") else each
        for each in unicodedata.normalize("NFC", text)
    )
    cut = _UNSAFE.sub("_", kept).encode()[:most].decode(errors="ignore")
    return cut.strip(" .") or "_"


def make_folder(folder: Path, *, parents: bool = False) -> None:
    """Make a folder for clips, if it isn't there.

    Raises:
        OutputError: It can't be made.
    """
    try:
        folder.mkdir(exist_ok=True, parents=parents)
    except OSError as error:
        raise _no_folder(folder, error) from error


def _key(name: str) -> str:
    """Return what is equal for two names that some file systems hold for one."""
    return unicodedata.normalize("NFC", name).casefold()


def _unique(name: str, taken: set[str]) -> str:
    path = PurePath(name)
    number, unique = 1, name
    while _key(unique) in taken:
        number += 1
        unique = f"{path.stem}_{number}{path.suffix}"
    return unique


def _no_margin(margin: float) -> UsageError:
    return UsageError(
        Text(
            en=f"A margin of {margin} s can't be cut: give 0 or more seconds.",
            zh=f"余量 {margin} 秒无效：应为 0 秒或更长。",
        )
    )


def _no_folder(folder: Path, error: OSError) -> OutputError:
    reason = reason_of(error)
    return OutputError(
        Text(
            en=f"{folder}: no folder for clips can be made there ({reason}). Check that the "
            "folder above it is there and may be written to, and that no file has its name.",
            zh=f"{folder}：无法创建存放片段的文件夹（{reason}）。请确认上一级文件夹存在且可写，"
            "并且没有同名文件。",
        )
    )
