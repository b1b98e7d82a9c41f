"""What the server's tests send."""

import numpy as np

from tests.audio.making import wav
from tests.fakes import RATE, tone

LOCAL = "http://localhost"
"""The server as it calls itself; it answers to no other name."""


def wav_tone(frequency: float, seconds: float = 1.0) -> bytes:
    """A wav file with a sine in it."""
    samples = (tone(frequency, seconds) * 32767).astype(np.int16)
    return wav(samples.tobytes(), 1, 16, RATE)
