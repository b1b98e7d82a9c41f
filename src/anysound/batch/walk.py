"""Find the recordings in a folder, on disk or at a URL."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from anysound.audio.remote import Entry, Place, RemoteError, list_folder, within
from anysound.audio.source import unreadable
from anysound.errors import AnysoundError, UsageError, reason_of
from anysound.language import Text

EXTENSIONS = frozenset(
    (
        *("wav", "wave", "bwf", "rf64", "w64", "aif", "aiff", "aifc", "caf", "au", "snd", "voc"),
        *("sox", "sph", "mp3", "mp2", "mpga", "aac", "m4a", "m4b", "m4r", "flac", "wv", "tta"),
        *("ogg", "oga", "opus", "spx", "ac3", "eac3", "dts", "wma", "mka", "weba"),
        *("amr", "awb", "3ga", "gsm", "dss", "qcp"),
        *("mp4", "m4v", "mov", "mkv", "webm", "avi", "wmv", "asf", "flv", "f4v", "3gp", "3g2"),
        *("mpg", "mpeg", "m2ts", "mts", "vob", "ogv"),
    )
)
"""Extensions, in lower case, of the files that are taken for recordings."""


@dataclass(frozen=True)
class Inside:
    """What is in a folder.

    Attributes:
        names: The recordings, and the folders in ``unreadable``: paths relative to the folder,
            with forward slashes, in an order that depends on nothing but the names.
        unreadable: Why a folder inside could not be looked into, by name.
        other_files: How many files were passed over because their extension is no recording's.
        linked_folders: How many linked folders were not entered, since they may lead in circles.
    """

    names: tuple[str, ...]
    unreadable: Mapping[str, Text]
    other_files: int
    linked_folders: int


def find_recordings(folder: Place, enters: Callable[[str], bool] = lambda name: True) -> Inside:
    """Walk a folder and all below it; whatever begins with a dot is hidden and left out.

    Args:
        folder: Where to look.
        enters: Whether to look into a folder inside; is given its name.

    Raises:
        UsageError: There is no such folder, or it can't be looked into.
        RecordingError: Its storage can't be reached.
    """
    names: list[str] = []
    closed: dict[str, Text] = {}
    other_files = linked_folders = 0
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            entries = _entries(within(folder, inside))
        except (OSError, ValueError) as error:
            if not inside:
                raise _no_folder(folder, error) from error
            closed[inside] = _unreadable(inside, error)
            continue
        for entry in entries:
            name = inside + entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_folder:
                if enters(name):
                    waiting.append(f"{name}/")
            elif entry.is_linked:
                linked_folders += enters(name)
            elif is_recording(entry.name):
                names.append(name)
            else:
                other_files += 1
    ordered = sorted((*names, *closed), key=lambda name: name.replace("/", "\0"))  # by folder
    return Inside(tuple(ordered), closed, other_files, linked_folders)


def is_recording(name: str) -> bool:
    """Whether a name has the extension of a recording."""
    return PurePath(name).suffix[1:].lower() in EXTENSIONS


def _entries(folder: Place) -> list[Entry]:
    if isinstance(folder, str):
        return list_folder(folder)
    with os.scandir(folder) as entries:
        return [
            Entry(each.name, each.is_dir(follow_symlinks=False), _leads_to_folder(each))
            for each in entries
        ]


def _leads_to_folder(entry: "os.DirEntry[str]") -> bool:
    try:
        return entry.is_symlink() and entry.is_dir()
    except OSError:  # it leads nowhere or in a circle, as an attempt to read it will tell
        return False


def _no_folder(folder: Place, error: OSError | ValueError) -> AnysoundError:
    if isinstance(error, RemoteError):
        return unreadable(str(folder), error)
    reason = reason_of(error)
    return UsageError(
        Text(
            en=f"{folder}: recordings are looked for in a folder, and this can't be read as one "
            f"({reason}). Check the path.",
            zh=f"{folder}：无法作为文件夹读取（{reason}）。请检查路径。",
        )
    )


def _unreadable(name: str, error: OSError | ValueError) -> Text:
    if isinstance(error, RemoteError):
        return unreadable(name, error).text
    reason = reason_of(error)
    return Text(
        en=f"{name}: this folder can't be looked into ({reason}). Check its permissions.",
        zh=f"{name}：无法打开这个文件夹（{reason}）。请检查权限。",
    )
