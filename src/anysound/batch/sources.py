"""Everything that a batch is asked to listen to: folders, files, patterns and lists.

Each of them may be at a URL, but for the list itself.
"""

import codecs
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path

from anysound.audio.remote import Place, is_url, kind_of, place, within
from anysound.audio.source import unreadable
from anysound.batch.pattern import Pattern, is_pattern
from anysound.batch.walk import find_recordings, is_recording
from anysound.encoding import decoded
from anysound.errors import RecordingError, UsageError, reason_of
from anysound.language import Text

_LIST_MARK = "@"
_STANDARD_INPUT = "-"


@dataclass(frozen=True)
class SourceOptions:
    """What is taken of the sources.

    Attributes:
        recursive: Whether folders in a folder are looked into.
        include: Patterns such as ``*.wav`` or ``2026/*/north*``; only what matches one is taken.
            One without a slash is compared with a file's own name.
        exclude: Patterns; what matches one is left out.
    """

    recursive: bool = True
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def takes(self, name: str) -> bool:
        """Whether a recording is wanted, by its path below its source."""
        if any(_matches(name, pattern) for pattern in self.exclude):
            return False
        return not self.include or any(_matches(name, pattern) for pattern in self.include)


@dataclass
class Found:
    """What the sources hold.

    Attributes:
        root: What the names are relative to.
        names: The recordings, and what could not be looked into, each once. If one folder is the
            only source, they are relative to it; else as given. They are in the order of the
            sources, and within a folder or a pattern in order.
        unreadable: Why a folder inside could not be looked into, by name.
        empty: Sources that hold nothing that is taken.
        other_files: How many files were passed over because their extension is no recording's.
        linked_folders: How many linked folders were not entered, since they may lead in circles.
        left_out: How many recordings ``include`` and ``exclude`` left out.
    """

    root: Place
    names: dict[str, None] = field(default_factory=dict)
    unreadable: dict[str, Text] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    other_files: int = 0
    linked_folders: int = 0
    left_out: int = 0

    def place(self, name: str) -> Place:
        """Return where a recording is."""
        return name if is_url(name) else within(self.root, name)


def find_sources(
    sources: Sequence[str], options: SourceOptions, not_in: Path | None = None
) -> Found:
    """Find the recordings that a batch is asked for.

    In folders and by patterns, recordings are known by their extension, and what is hidden is left
    out; a file that is given or listed is taken as it is. A listed one that isn't there is taken
    too, so that it isn't missed in silence.

    Args:
        sources: Folders, files, patterns (``rec/**/*.wav``), lists of files and folders,
            ``@list.txt``, and ``-`` for such a list on standard input, as :func:`read_list` reads
            them. All but ``@list.txt`` may be URLs, and a list may hold URLs.
        options: What is taken of them.
        not_in: A folder that is not looked into when it is found in another, such as that of the
            clips that the batch itself writes.

    Raises:
        UsageError: A source is none of these, or a list can't be read.
        RecordingError: There is no recording in any of them, or a storage can't be reached.
        MissingExtraError: What reaches a URL is not installed.
    """
    is_folder = len(sources) == 1 and not _is_list(sources[0]) and _is_folder(place(sources[0]))
    finder = _Finder(Found(place(sources[0]) if is_folder else Path()), options, not_in)
    for source in sources:
        before = len(finder.found.names)
        if _is_list(source):
            for path in _listed(source):
                finder.add_path(path)
        elif _is_there(source):
            finder.add_path(source)
        elif is_pattern(source):
            finder.add_pattern(source)
        else:
            raise _not_there(source)
        if len(finder.found.names) == before:
            finder.found.empty.append(source)
    if not finder.found.names:
        raise _nothing_found(sources, finder.found)
    return finder.found


def read_list(content: bytes, what: str, folder: Path) -> list[str]:
    """Read a list of files and folders.

    It is one path a line, with blank lines and those that begin with ``#`` passed over; or, if
    there is a NUL in it, paths of any bytes between NULs, as ``find -print0`` writes them.

    Args:
        content: Of the list.
        what: What errors call the list.
        folder: What its paths are relative to.

    Raises:
        UsageError: It is no text.
    """
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in content and not is_utf16:
        return [_from(folder, os.fsdecode(each)) for each in content.split(b"\0") if each]
    text = decoded(content)
    if text is None:
        raise UsageError(
            Text(
                en=f"{what}: a list of recordings is text, one path a line, in UTF-8 or GBK; "
                "this is something else.",
                zh=f"{what}：录音列表应为文本文件，每行一个路径，编码为 UTF-8 或 GBK。",
            )
        )
    # A name may hold what str.splitlines takes for the end of a line.
    lines = (line.strip() for line in text.replace("\r", "\n").split("\n"))
    return [_from(folder, line) for line in lines if line and not line.startswith("#")]


class _Finder:
    """Adds to what was found, each recording once, by whatever path it is reached again."""

    def __init__(self, found: Found, options: SourceOptions, not_in: Path | None) -> None:
        self.found = found
        self._options = options
        self._not_in = not_in.resolve() if not_in else None
        self._seen: set[tuple[str, str]] = set()
        self._real = lru_cache(maxsize=256)(os.path.realpath)

    def add_path(self, path: str) -> None:
        """Add what is in a folder, or else a file, which need not be there."""
        where = place(path)
        if _is_folder(where):
            self._add_below(where, lambda name: self._options.recursive, lambda name: True)
        else:
            name = _slashed(where)
            self._add(name, name)

    def add_pattern(self, text: str) -> None:
        """Add what matches a pattern."""
        pattern = Pattern.parse(text, recursive=self._options.recursive)
        self._add_below(pattern.folder, pattern.enters, pattern.matches)

    def _add_below(
        self, folder: Place, enters: Callable[[str], bool], matches: Callable[[str], bool]
    ) -> None:
        found = self.found
        real = folder.resolve() if isinstance(folder, Path) else None
        inside = find_recordings(
            folder, lambda name: enters(name) and not (real and real / name == self._not_in)
        )
        found.other_files += inside.other_files
        found.linked_folders += inside.linked_folders
        prefix = "" if folder == found.root else _slashed_folder(folder)
        for below in inside.names:
            if below in inside.unreadable:
                if self._is_new(prefix + below):
                    found.unreadable[prefix + below] = inside.unreadable[below]
                    found.names[prefix + below] = None
            elif matches(below):
                self._add(prefix + below, below)

    def _add(self, name: str, below: str) -> None:
        """Add a recording if it is wanted, by its path below its source."""
        if not self._options.takes(below):
            self.found.left_out += 1
        elif self._is_new(name):
            self.found.names[name] = None

    def _is_new(self, name: str) -> bool:
        where = self.found.place(name)
        folder, file = os.path.split(where)
        if isinstance(where, Path):
            folder = self._real(folder)  # a link to a file is a recording of its own
        if (folder, file) in self._seen:
            return False
        self._seen.add((folder, file))
        return True


def _is_folder(where: Place) -> bool:
    if isinstance(where, Path):
        return where.is_dir()
    try:
        return not is_recording(where) and kind_of(where) == "folder"  # a long list is soon read
    except FileNotFoundError:
        return False
    except OSError as error:
        raise unreadable(where, error) from error


def _is_there(source: str) -> bool:
    if not is_url(source):
        return os.path.lexists(source)
    try:
        kind_of(source)
    except FileNotFoundError as error:
        if is_pattern(source):
            return False
        raise UsageError(unreadable(source, error).text) from error
    except OSError as error:
        raise unreadable(source, error) from error
    return True


def _from(folder: Path, path: str) -> str:
    """Return a path that was given in a folder."""
    return path if is_url(path) else str(folder / path)


def _is_list(source: str) -> bool:
    if source == _STANDARD_INPUT:
        return True
    return source.startswith(_LIST_MARK) and not os.path.lexists(source)


def _listed(source: str) -> list[str]:
    if source == _STANDARD_INPUT:
        if sys.stdin.isatty():
            raise _keyboard()
        return read_list(sys.stdin.buffer.read(), _STANDARD_INPUT, Path())
    path = Path(source[len(_LIST_MARK) :])
    try:
        content = path.read_bytes()
    except (OSError, ValueError) as error:
        reason = reason_of(error)
        raise UsageError(
            Text(
                en=f"{path}: the list of recordings can't be read ({reason}). Check the path.",
                zh=f"{path}：无法读取录音列表（{reason}）。请检查路径。",
            )
        ) from error
    return read_list(content, str(path), path.parent)


def _slashed(path: Place) -> str:
    """Return a path with forward slashes; ``..`` stays, since a link may come before it."""
    return path if isinstance(path, str) else str(path).replace(os.sep, "/")


def _slashed_folder(folder: Place) -> str:
    """Return what comes before the names in a folder."""
    if isinstance(folder, str):
        return str(within(folder, ""))
    return f"{_slashed(folder).rstrip('/')}/"


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name if "/" in pattern else name.rpartition("/")[2], pattern)


def _keyboard() -> UsageError:
    return UsageError(
        Text(
            en="Standard input (-) is the keyboard: pipe a list of recordings in, as in "
            "`find rec -name '*.wav' | anysound batch - -l LABELS -o results.csv`.",
            zh="标准输入（-）当前是键盘：请用管道传入录音列表，例如 "
            "`find 录音 -name '*.wav' | anysound batch - -l 标签 -o 结果.csv`。",
        )
    )


def _not_there(source: str) -> UsageError:
    shown = source or "''"  # as a variable that a script forgot to set
    return UsageError(
        Text(
            en=f"{shown}: there is no such file or folder. Check the path.",
            zh=f"{shown}：找不到这个文件或文件夹。请检查路径。",
        )
    )


def _nothing_found(sources: Sequence[str], found: Found) -> RecordingError:
    where = ", ".join(sources)
    return RecordingError(
        Text(
            en=f"{where}: no recording in it or below ({found.other_files} other files, "
            f"{found.linked_folders} linked folders not entered, {found.left_out} left out by "
            "--include and --exclude). Recordings are known by extensions such as .wav, .mp3, "
            ".m4a or .mp4.",
            zh=f"{where}：其中没有录音（有 {found.other_files} 个其他文件，"
            f"{found.linked_folders} 个链接文件夹未进入，{found.left_out} 个被 --include、"
            "--exclude 排除）。录音按扩展名识别，例如 .wav、.mp3、.m4a、.mp4。",
        )
    )
