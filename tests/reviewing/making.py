"""Players made for the tests."""

import os
from pathlib import Path


def write_player(folder: Path) -> Path:
    """Write a player that hands what it plays to a named pipe, which is returned."""
    pipe = folder / "played"
    os.mkfifo(pipe)
    script = folder / "aplay"
    script.write_text(f'#!/bin/sh\nexec /bin/cat "$2" > "{pipe}"\n', encoding="utf-8")
    script.chmod(0o755)
    return pipe


def write_broken_player(folder: Path) -> None:
    """Write a player for a machine without loudspeakers."""
    script = folder / "aplay"
    script.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    script.chmod(0o755)
