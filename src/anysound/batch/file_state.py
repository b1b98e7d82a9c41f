"""Whether a file is still what it was when work on it began."""

import os
from pathlib import Path

from anysound.audio.remote import AbsentError, Place, RemoteError, kind_of, state_of_url
from anysound.language import Text


def state_of(path: Place) -> str:
    """Return what changes when a file does; nothing if there is none, or none can be seen."""
    try:
        if isinstance(path, str):
            return state_of_url(path)
        status = path.stat()
    except (OSError, ValueError):
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"


def place_of(path: Place) -> str:
    """Return where a file is, whatever links lead there, as text even if its name is none."""
    return path if isinstance(path, str) else ascii(os.path.realpath(path))


def absolute(path: Place) -> Place:
    """Return a path that is the same from any folder; links stay."""
    return path if isinstance(path, str) else Path(os.path.abspath(path))  # noqa: PTH100


def changed_meanwhile(name: str, path: Place) -> Text:
    """Say that a recording changed, or vanished, while it was read."""
    try:
        is_there = bool(kind_of(path)) if isinstance(path, str) else os.path.lexists(path)
    except AbsentError:
        is_there = False
    except RemoteError as error:
        return Text(en=f"{name}: {error.text.en}", zh=f"{name}：{error.text.zh}")
    if not is_there:
        return Text(
            en=f"{name}: it vanished while it was read. Put it back and run the same command.",
            zh=f"{name}：读取过程中文件消失了。请放回文件后重新运行同一命令。",
        )
    return Text(
        en=f"{name}: it changed while it was read. Run the same command again when it is complete.",
        zh=f"{name}：读取过程中文件发生了变化。请在文件写完后重新运行同一命令。",
    )
