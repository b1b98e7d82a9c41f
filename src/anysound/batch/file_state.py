"""Whether a file is still what it was when work on it began."""

import os
from pathlib import Path

from anysound.language import Text


def state_of(path: Path) -> str:
    """Return what changes when a file does; nothing if there is none."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return ""
    return f"{status.st_size} {status.st_mtime_ns}"


def place_of(path: Path) -> str:
    """Return where a file is, whatever links lead there, as text even if its name is none."""
    return ascii(os.path.realpath(path))


def changed_meanwhile(name: str, path: Path) -> Text:
    """Say that a recording changed, or vanished, while it was read."""
    if not os.path.lexists(path):
        return Text(
            en=f"{name}: it vanished while it was read. Put it back and run the same command.",
            zh=f"{name}：读取过程中文件消失了。请放回文件后重新运行同一命令。",
        )
    return Text(
        en=f"{name}: it changed while it was read. Run the same command again when it is complete.",
        zh=f"{name}：读取过程中文件发生了变化。请在文件写完后重新运行同一命令。",
    )
