"""Sounds to try anysound with, on the page and by the doctor, made when they are asked for."""

import io
import wave
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from anysound.language import Text

Samples = NDArray[np.float64]

RATE = 16_000
"""Of all of them, in Hz."""


@dataclass(frozen=True)
class Example:
    """A sound to try.

    Attributes:
        name: What it is.
        make: Makes its samples.
    """

    name: Text
    make: Callable[[], Samples]


LABELS = Text(
    en="smoke alarm beeping, doorbell, siren, dog barking", zh="烟雾报警器, 门铃声, 警笛声, 狗叫声"
)
"""What the examples hold, and one thing that they don't."""


def example_wav(name: str) -> bytes:
    """Return an example as a wav file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(RATE)
        samples = np.clip(EXAMPLES[name].make(), -1, 1) * 32767
        output.writeframes(samples.astype("<i2").tobytes())
    return file.getvalue()


def alarm() -> Samples:
    """Return three beeps a second, as smoke alarms give them."""
    sound = np.zeros(4 * RATE)
    beep = 0.5 * np.sin(2 * np.pi * 3100 * _time(0.12)) * np.hanning(round(0.12 * RATE)) ** 0.2
    for second in range(4):
        for beat in range(3):
            _put(sound, beep, second + 0.22 * beat)
    return sound


def doorbell() -> Samples:
    """Return two strokes of a chime, twice."""
    sound = np.zeros(4 * RATE)
    time = _time(1.0)
    for start, frequency in ((0.2, 659.3), (0.9, 523.3), (2.2, 659.3), (2.9, 523.3)):
        partials = ((1.0, 0.3, 4.0), (2.0, 0.12, 6.0), (3.01, 0.06, 9.0))
        stroke = sum(
            level * np.sin(2 * np.pi * frequency * multiple * time) * np.exp(-decay * time)
            for multiple, level, decay in partials
        )
        _put(sound, np.asarray(stroke), start)
    return sound


def siren() -> Samples:
    """Return a siren's yelp: up and down between 600 and 1500 Hz, three times a second."""
    height = 0.5 - 0.5 * np.cos(2 * np.pi * 3.0 * _time(4.0))
    frequency = 600 * 2.5**height
    wave_ = np.sin(2 * np.pi * np.cumsum(frequency) / RATE)
    return 0.3 * wave_ + 0.2 * np.sign(wave_)


def street() -> Samples:
    """Return all three in half a minute, over faint noise."""
    noise = np.random.default_rng(7).standard_normal(30 * RATE)
    sound = 0.002 * noise
    for start, make in ((4.0, doorbell), (13.0, siren), (22.0, alarm)):
        _put(sound, make(), start)
    return sound


def _time(seconds: float) -> Samples:
    return np.arange(round(seconds * RATE)) / RATE


def _put(sound: Samples, part: Samples, start: float) -> None:
    at = round(start * RATE)
    room = sound[at : at + len(part)]
    room += part[: len(room)]


EXAMPLES = {
    "alarm": Example(Text(en="Smoke alarm", zh="烟雾报警器"), alarm),
    "doorbell": Example(Text(en="Doorbell", zh="门铃"), doorbell),
    "siren": Example(Text(en="Siren", zh="警笛"), siren),
    "street": Example(Text(en="All three, 30 s", zh="三种连播 30 秒"), street),
}
