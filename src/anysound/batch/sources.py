"""Everything that a batch is asked to listen to: folders, files, patterns and lists."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from glob import has_magic, iglob
from pathlib import Path

from anysound.batch.walk import find_recordings, is_recording
from anysound.encoding import decoded
from anysound.errors import RecordingError, UsageError, reason_of
from anysound.language import Text

_LIST_MARK = "@"


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
        names: The recordings, and what could not be looked into, each once. Of one folder, they
            are relative to it and in order; else as given, in the order of the sources.
        unreadable: Why a folder inside could not be looked into, by name.
        other_files: How many files were passed over because their extension is no recording's.
        linked_folders: How many linked folders were not entered, since they may lead in circles.
        left_out: How many recordings the patterns left out.
    """

    root: Path
    names: dict[str, None] = field(default_factory=dict)
    unreadable: dict[str, Text] = field(default_factory=dict)
    other_files: int = 0
    linked_folders: int = 0
    left_out: int = 0


def find_sources(sources: Sequence[str], options: SourceOptions) -> Found:
    """Find the recordings that a batch is asked for.

    Args:
        sources: Folders, files, patterns (``rec/**/*.wav``), and lists of these, ``@list.txt``.
        options: What is taken of them.

    Raises:
        UsageError: A source is neither, or a list can't be read.
        RecordingError: There is no recording in any of them.
    """
    plain = [each for source in sources for each in _expanded(source)]
    only = Path(plain[0]) if len(plain) == 1 else None
    found = Found(root=only if only and only.is_dir() else Path())
    for source in plain:
        if source in sources and not os.path.lexists(source) and not has_magic(source):
            raise _not_there(source)
        if Path(source).is_dir():
            _add_folder(found, source, "" if found.root == only else f"{_named(source)}/", options)
        elif has_magic(source) and not os.path.lexists(source):
            _add_pattern(found, source, options)
        else:
            _add(found, source, options)
    if not found.names:
        raise _nothing_found(sources, found)
    return found


def read_list(content: bytes, what: str, folder: Path) -> list[str]:
    """Read a list of sources: one a line, or each ended by a NUL, as ``find -print0`` does.

    Args:
        content: Of the list; blank lines and those that begin with ``#`` are passed over.
        what: What errors call the list.
        folder: What its paths are relative to.

    Raises:
        UsageError: It is no text.
    """
    if b"\0" in content:
        lines = [os.fsdecode(each) for each in content.split(b"\0")]
    else:
        text = decoded(content)
        if text is None:
            raise UsageError(
                Text(
                    en=f"{what}: a list of recordings is text, one path a line, in UTF-8 or GBK; "
                    "this is something else.",
                    zh=f"{what}：录音列表应为文本文件，每行一个路径，编码为 UTF-8 或 GBK。",
                )
            )
        lines = [line.strip() for line in text.splitlines()]
    wanted = (line for line in lines if line and not line.startswith("#"))
    return [os.path.join(folder, line) for line in wanted]  # noqa: PTH118 - keeps './' and '..'


def _expanded(source: str) -> Iterator[str]:
    """Yield what a list holds, or the source itself."""
    if not source.startswith(_LIST_MARK) or os.path.lexists(source):
        yield source
        return
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
    yield from read_list(content, str(path), path.parent)


def _add_folder(found: Found, source: str, prefix: str, options: SourceOptions) -> None:
    inside = find_recordings(Path(source), recursive=options.recursive)
    found.other_files += inside.other_files
    found.linked_folders += inside.linked_folders
    for name in inside.names:
        if name in inside.unreadable:
            found.unreadable[prefix + name] = inside.unreadable[name]
        elif not options.takes(name):
            found.left_out += 1
            continue
        found.names[prefix + name] = None


def _add_pattern(found: Found, pattern: str, options: SourceOptions) -> None:
    matches = iglob(pattern, recursive=True)  # noqa: PTH207 - a pattern may be absolute
    for name in sorted(_files(matches)):
        if is_recording(name):
            _add(found, name, options)
        else:
            found.other_files += 1


def _add(found: Found, source: str, options: SourceOptions) -> None:
    if options.takes(source):
        found.names[_named(source)] = None
    else:
        found.left_out += 1


def _files(paths: Iterable[str]) -> Iterator[str]:
    return (path for path in paths if not os.path.isdir(path))  # noqa: PTH112 - a str is enough


def _named(source: str) -> str:
    """Return one name for a path however it is written."""
    return os.path.normpath(source).replace(os.sep, "/")


def _matches(name: str, pattern: str) -> bool:
    return fnmatchcase(name if "/" in pattern else name.rpartition("/")[2], pattern)


def _not_there(source: str) -> UsageError:
    return UsageError(
        Text(
            en=f"{source}: there is no such file or folder. Check the path.",
            zh=f"{source}：找不到这个文件或文件夹。请检查路径。",
        )
    )


def _nothing_found(sources: Sequence[str], found: Found) -> RecordingError:
    where = ", ".join(sources) or "-"
    counts: Mapping[str, int] = {
        "other": found.other_files,
        "linked": found.linked_folders,
        "left": found.left_out,
    }
    return RecordingError(
        Text(
            en=f"{where}: no recording in it or below ({counts['other']} other files, "
            f"{counts['linked']} linked folders not entered, {counts['left']} left out by "
            "--include and --exclude). Recordings are known by extensions such as .wav, .mp3, "
            ".m4a or .mp4.",
            zh=f"{where}：其中没有录音（有 {counts['other']} 个其他文件，"
            f"{counts['linked']} 个链接文件夹未进入，{counts['left']} 个被 --include、--exclude "
            "排除）。录音按扩展名识别，例如 .wav、.mp3、.m4a、.mp4。",
        )
    )
