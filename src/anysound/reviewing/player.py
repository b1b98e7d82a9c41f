"""Play a part of a recording with whatever player the machine has, and stop at the next key."""

import io
import shutil
import subprocess
import tempfile
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from anysound.audio import Waveform, open_recording
from anysound.errors import RecordingError

_PLAYERS = (
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
    ("pw-play",),
    ("paplay",),
    ("aplay", "-q"),
    ("afplay",),
)
_RATE = 32_000
_LONGEST = 10.0  # seconds


def find_player() -> tuple[str, ...] | None:
    """Return the command of a player that plays a WAV file; None if there is none."""
    return next((each for each in _PLAYERS if shutil.which(each[0])), None)


@contextmanager
def play(
    player: tuple[str, ...], recording: Path, span: tuple[float, float] | None
) -> Iterator[None]:
    """Play a part of a recording for as long as the block lasts; what can't be played is silent."""
    with tempfile.TemporaryDirectory(prefix="anysound-") as folder:
        path = Path(folder) / "part.wav"
        process = None
        with suppress(RecordingError, OSError, ValueError):
            path.write_bytes(_part(recording, span))
            process = subprocess.Popen(
                [*player, str(path)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        try:
            yield
        finally:
            if process:
                process.kill()
                process.wait()


def _part(recording: Path, span: tuple[float, float] | None) -> bytes:
    """Return a part as a WAV file; no more of the recording is read, or held in memory."""
    start, end = span or (0.0, _LONGEST)
    first, last = round(start * _RATE), round(min(end, start + _LONGEST) * _RATE)
    kept: list[Waveform] = []
    at = 0
    with open_recording(recording, _RATE) as stream:
        for block in stream.blocks():
            kept.append(block[max(0, first - at) : max(0, last - at)])
            at += len(block)
            if at >= last:
                break
    samples = (np.concatenate(kept).clip(-1, 1) * 32767).astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(_RATE)
        writer.writeframes(samples.tobytes())
    return file.getvalue()
