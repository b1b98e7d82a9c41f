"""Players made for the tests."""

import os
from pathlib import Path


def write_player(folder: Path) -> Path:
    """Write a player that hands what it plays to a named pipe, which is returned."""
    pipe = folder / "played"
    os.mkfifo(pipe)
    script = folder / "aplay"
    script.write_text(
        f'#!/bin/sh\n/bin/cat "$2" > "{pipe}"\nexec /bin/sleep 600\n', encoding="utf-8"
    )
    script.chmod(0o755)
    return pipe


def write_broken_player(folder: Path, status: int) -> None:
    """Write a player for a machine without loudspeakers."""
    script = folder / "aplay"
    script.write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
    script.chmod(0o755)
