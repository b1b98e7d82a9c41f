"""Play sound with whatever player the machine has."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from anysound.reviewing.excerpt import Excerpt

_PLAYERS = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("afplay",),
)


def find_player() -> "Player | None":
    """Return a player of WAV files; None if the machine has none."""
    command = next((each for each in _PLAYERS if shutil.which(each[0])), None)
    return Player(command) if command else None


class Player:
    """A program that plays a WAV file.

    Attributes:
        name: Of the program.
        is_broken: Whether it ended with an error, as it does on a machine without loudspeakers.
    """

    def __init__(self, command: tuple[str, ...]) -> None:
        """Play with a command, to which the file's path is added."""
        self.name = command[0]
        self.is_broken = False
        self._command = command

    @contextmanager
    def playing(self, excerpt: Excerpt) -> Iterator[None]:
        """Play an excerpt for as long as the block lasts, at most."""
        with tempfile.TemporaryDirectory(prefix="anysound-") as folder:
            path = Path(folder) / "excerpt.wav"
            path.write_bytes(excerpt.as_wav())
            try:
                process = subprocess.Popen(
                    [*self._command, str(path)],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            except OSError:
                self.is_broken = True
                yield
                return
            try:
                yield
            finally:
                self.is_broken = process.poll() not in (None, 0)
                process.kill()
                process.wait()
