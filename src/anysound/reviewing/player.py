"""Play sound with whatever player the machine has."""

import shutil
import subprocess
import tempfile
import threading
import time
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
        is_broken: Whether it ended with an error, or long before the sound could have been heard,
            as it does on a machine without loudspeakers.
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
            started = time.monotonic()
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
            ended: list[float] = []

            def watch() -> None:
                process.wait()
                ended.append(time.monotonic())

            watching = threading.Thread(target=watch, daemon=True)
            watching.start()
            try:
                yield
            finally:
                has_ended = process.poll() is not None
                process.kill()
                watching.join()
                too_soon = ended[0] - started < (excerpt.end - excerpt.start) / 2
                self.is_broken = has_ended and (process.returncode != 0 or too_soon)
