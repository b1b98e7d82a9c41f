"""Find the recordings in a folder."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from anysound.errors import UsageError, reason_of
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


def find_recordings(folder: Path, enters: Callable[[str], bool] = lambda name: True) -> Inside:
    """Walk a folder and all below it; whatever begins with a dot is hidden and left out.

    Args:
        folder: Where to look.
        enters: Whether to look into a folder inside; is given its name.

    Raises:
        UsageError: There is no such folder, or it can't be looked into.
    """
    names: list[str] = []
    unreadable: dict[str, Text] = {}
    other_files = linked_folders = 0
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        try:
            entries = _entries(folder / inside)
        except (OSError, ValueError) as error:
            if not inside:
                raise _no_folder(folder, error) from error
            unreadable[inside] = _unreadable(inside, error)
            continue
        for entry in entries:
            name = inside + entry.name
            if entry.is_dir(follow_symlinks=False):
                if enters(name):
                    waiting.append(f"{name}/")
            elif _leads_to_folder(entry):
                linked_folders += enters(name)
            elif _is_recording(entry.name):
                names.append(name)
            else:
                other_files += 1
    ordered = sorted((*names, *unreadable), key=lambda name: name.replace("/", "\0"))  # by folder
    return Inside(tuple(ordered), unreadable, other_files, linked_folders)


def _entries(folder: Path) -> list["os.DirEntry[str]"]:
    with os.scandir(folder) as entries:
        return [entry for entry in entries if not entry.name.startswith(".")]


def _leads_to_folder(link: "os.DirEntry[str]") -> bool:
    try:
        return link.is_dir()
    except OSError:  # it leads nowhere or in a circle, as an attempt to read it will tell
        return False


def _is_recording(name: str) -> bool:
    return Path(name).suffix[1:].lower() in EXTENSIONS


def _no_folder(folder: Path, error: OSError | ValueError) -> UsageError:
    reason = reason_of(error)
    return UsageError(
        Text(
            en=f"{folder}: recordings are looked for in a folder, and this can't be read as one "
            f"({reason}). Check the path.",
            zh=f"{folder}：无法作为文件夹读取（{reason}）。请检查路径。",
        )
    )


def _unreadable(name: str, error: OSError | ValueError) -> Text:
    reason = reason_of(error)
    return Text(
        en=f"{name}: this folder can't be looked into ({reason}). Check its permissions.",
        zh=f"{name}：无法打开这个文件夹（{reason}）。请检查权限。",
    )
