from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from anysound.features import LogMelSpec, log_mel
from anysound.models.clap.salience import salience, salient_starts

SPEC = LogMelSpec(rate=48_000, n_fft=1024, hop=480, n_mels=64, f_min=50.0, f_max=14_000.0)
RATE = SPEC.rate
FRAMES = 1001  # of a crop: ten seconds

LEVEL = 0.05  # RMS of the backgrounds


@dataclass(frozen=True)
class Event:
    """A sound in a recording.

    Attributes:
        kind: ``tone``, ``clicks`` or ``band`` (of noise).
        frequency: Of the tone, or the lower edge of the band; in Hz.
        level: RMS over that of the background, in dB.
        start: Its first sample.
        length: In samples.
    """

    kind: str
    frequency: float
    level: float
    start: int
    length: int

    def samples(self) -> NDArray[np.float64]:
        chance = np.random.default_rng(self.length)
        if self.kind == "clicks":
            samples = np.zeros(self.length)
            for click in [*range(0, self.length - 48, RATE // 20), self.length - 48]:
                samples[click : click + 48] = chance.standard_normal(48)
        elif self.kind == "tone":
            samples = np.sin(2 * np.pi * self.frequency * np.arange(self.length) / RATE)
        else:
            spectrum = np.fft.rfft(chance.standard_normal(self.length))
            pitch = np.fft.rfftfreq(self.length, 1 / RATE)
            spectrum[(pitch < self.frequency) | (pitch > 1.5 * self.frequency)] = 0
            samples = np.fft.irfft(spectrum, self.length)
        return scaled(samples) * LEVEL * 10 ** (self.level / 20)


def scaled(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    return samples / np.sqrt(np.mean(np.square(samples)))


@lru_cache(maxsize=4)
def background(kind: str) -> NDArray[np.float64]:
    """Two minutes of it."""
    length = 120 * RATE
    if kind == "silence":
        return np.zeros(length)
    samples = np.random.default_rng(0).standard_normal(length)
    if kind == "pink noise":
        pitch = np.maximum(np.fft.rfftfreq(length, 1 / RATE), 20.0)
        samples = np.fft.irfft(np.fft.rfft(samples) / np.sqrt(pitch), length)
    elif kind == "hum":
        phase = 2 * np.pi * 50 * np.arange(length) / RATE
        samples = sum(np.sin(k * phase + k) / k for k in range(1, 8)) + 0.05 * samples
    return scaled(samples) * LEVEL


def recording(seconds: float, kind: str, *events: Event) -> NDArray[np.float32]:
    samples = background(kind)[: round(seconds * RATE)].copy()
    for event in events:
        samples[event.start : event.start + event.length] += event.samples()
    return samples.astype(np.float32)


def starts_of(waveform: NDArray[np.float32], parts: int = 3) -> tuple[int, ...]:
    return salient_starts(log_mel(waveform, SPEC), FRAMES, parts)


def starts_that_hold(event: Event) -> range:
    """Return the starts of the crops that lie around the whole of an event."""
    earliest = -(-(event.start + event.length) // SPEC.hop) - (FRAMES - 1)
    return range(earliest, event.start // SPEC.hop + 1)


def thirds(n_frames: int) -> list[NDArray[np.int64]]:
    """Return the starts that the reference draws from."""
    return np.array_split(np.arange(n_frames - FRAMES + 1), 3)


@st.composite
def events(draw: st.DrawFn, seconds: float) -> Event:
    kind = draw(st.sampled_from(["tone", "clicks", "band", "quiet tone"]))
    length = round(draw(st.floats(0.2, 2.0)) * RATE)
    return Event(
        kind=kind.removeprefix("quiet "),
        frequency=draw(st.floats(1000.0, 8000.0)),
        level=-6.0 if kind == "quiet tone" else draw(st.floats(0.0, 20.0)),
        start=draw(st.integers(0, round(seconds * RATE) - length)),
        length=length,
    )


@settings(deadline=None, max_examples=60)
@given(
    data=st.data(),
    seconds=st.floats(15.0, 120.0),
    kind=st.sampled_from(["white noise", "pink noise", "hum", "silence"]),
)
def test_every_crop_that_can_hold_an_event_holds_it(
    data: st.DataObject, seconds: float, kind: str
) -> None:
    event = data.draw(events(seconds))
    decibels = log_mel(recording(seconds, kind, event), SPEC)
    good = starts_that_hold(event)
    for start, third in zip(
        salient_starts(decibels, FRAMES, 3), thirds(len(decibels)), strict=True
    ):
        assert start in third
        if any(each in good for each in third.tolist()):
            assert start in good


def test_an_event_comes_to_lie_in_the_middle_of_its_crop() -> None:
    event = Event("band", 2000.0, 10.0, start=20 * RATE, length=RATE)
    (_, start, _) = starts_of(recording(45.0, "white noise", event))
    assert abs(start + FRAMES // 2 - 20.5 * 100) <= 5


def test_a_short_loud_click_does_not_outweigh_a_tone_that_lasts() -> None:
    tone = Event("tone", 1500.0, 10.0, start=12 * RATE, length=2 * RATE)
    click = Event("clicks", 0.0, 40.0, start=30 * RATE, length=60)
    (start,) = starts_of(recording(40.0, "white noise", tone, click), parts=1)
    assert start in starts_that_hold(tone)


def test_two_events_that_fit_in_one_crop_are_both_in_it() -> None:
    loud = Event("band", 2000.0, 20.0, start=20 * RATE, length=2 * RATE)
    quiet = Event("tone", 5000.0, 0.0, start=28 * RATE, length=RATE)
    (start,) = starts_of(recording(60.0, "pink noise", loud, quiet), parts=1)
    assert start in starts_that_hold(loud)
    assert start in starts_that_hold(quiet)


def test_what_never_stops_is_not_salient_however_loud() -> None:
    whistle = Event("tone", 3000.0, -20.0, start=40 * RATE, length=RATE)
    frames = salience(log_mel(recording(60.0, "hum", whistle), SPEC))
    without = np.concatenate([frames[:3980], frames[4120:]])
    assert frames[4000:4100].min() > 5 * without.max()


@pytest.mark.parametrize("gain", [1e-3, 30.0])
def test_level_of_the_recording_does_not_matter(gain: float) -> None:
    event = Event("band", 1000.0, 6.0, start=33 * RATE, length=RATE)
    waveform = recording(50.0, "pink noise", event)
    assert starts_of(waveform * np.float32(gain)) == starts_of(waveform)


@pytest.mark.parametrize("level", [0.0, -100.0, 33.0])
def test_a_recording_without_events_is_cropped_evenly(level: float) -> None:
    decibels = np.full((FRAMES + 599, 64), level, dtype=np.float32)
    assert salient_starts(decibels, FRAMES, 3) == (100, 300, 500)
    assert salient_starts(decibels, FRAMES, 1) == (300,)


@pytest.mark.parametrize(
    ("surplus", "starts"), [(0, (0, 0, 0)), (1, (0, 1, 0)), (2, (0, 1, 2)), (3, (1, 2, 3))]
)
def test_parts_of_a_recording_hardly_longer_than_a_crop(
    surplus: int, starts: tuple[int, ...]
) -> None:
    decibels = np.zeros((FRAMES + surplus, 64), dtype=np.float32)
    assert salient_starts(decibels, FRAMES, 3) == starts


@settings(deadline=None)
@given(n_frames=st.integers(1, 60), frames=st.integers(1, 60), parts=st.integers(1, 4))
def test_starts_lie_in_their_parts(n_frames: int, frames: int, parts: int) -> None:
    frames = min(frames, n_frames)
    decibels = np.random.default_rng(n_frames).standard_normal((n_frames, 8)).astype(np.float32)
    decibels *= 20
    assert salience(decibels).shape == (n_frames,)
    split = np.array_split(np.arange(n_frames - frames + 1), parts)
    for start, part in zip(salient_starts(decibels, frames, parts), split, strict=True):
        assert start in part if len(part) else start == 0
