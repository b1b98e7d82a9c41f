"""The part of a recording that a person is to hear or see."""

import io
import wave
from dataclasses import dataclass

import numpy as np

from anysound.audio import Recording, Waveform, open_recording

RATE = 32_000
LONGEST = 10.0
"""Seconds of an excerpt at most."""


@dataclass(frozen=True)
class Excerpt:
    """A part of a recording.

    Attributes:
        waveform: Mono, at ``RATE``, shape ``(n_samples,)``.
        start: Where it begins, in seconds.
    """

    waveform: Waveform
    start: float

    @property
    def end(self) -> float:
        """Where it ends, in seconds."""
        return self.start + len(self.waveform) / RATE

    def as_wav(self) -> bytes:
        """Return it as a WAV file, with 16 bits a sample."""
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(RATE)
            writer.writeframes((self.waveform.clip(-1, 1) * 32767).astype("<i2").tobytes())
        return file.getvalue()


def cut(recording: Recording, span: tuple[float, float] | None) -> Excerpt:
    """Cut out a span, or the beginning; nothing else of the recording is held in memory.

    Args:
        recording: What to cut from.
        span: Start and end in seconds; None is the beginning.

    Raises:
        RecordingError: It isn't there, or can't be read so far.
    """
    start, end = span or (0.0, LONGEST)
    first, last = round(start * RATE), round(min(end, start + LONGEST) * RATE)
    kept: list[Waveform] = []
    at = 0
    with open_recording(recording, RATE) as stream:
        for block in stream.blocks():
            kept.append(block[max(0, first - at) : max(0, last - at)])
            at += len(block)
            if at >= last:
                break
    return Excerpt(np.concatenate(kept), start)
