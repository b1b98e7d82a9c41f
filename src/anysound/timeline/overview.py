"""What a whole recording sounded like, in as little memory for ten hours as for a minute."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from anysound.audio import Waveform
from anysound.features import LogMelSpec, log_mel, mel_filters
from anysound.features.log_mel import Decibels

_MOST_COLUMNS = 2000
_BANDS = 64
_LOWEST, _HIGHEST = 50.0, 14_000.0  # Hz
_FRAME_RATE = 12  # frames of a spectrogram a second, about; even its lowest bands hold a bin then
_CHUNK = 64  # frames that are made at once


@dataclass(frozen=True)
class Overview:
    """A recording at a glance.

    Attributes:
        recording: Its name.
        duration: In seconds.
        spectrogram: In dB, shape ``(n_columns, n_bands)``; a column is the loudest of its time.
        column_seconds: How long a column of the spectrogram is; the last may be longer than
            what it holds.
        frequencies: Middle of each band, in Hz, rising.
        labels: What was listened for.
        times: When the scores were, in seconds, shape ``(n_times,)``.
        scores: The highest of their time, shape ``(n_times, n_labels)``.
    """

    recording: str
    duration: float
    spectrogram: Decibels
    column_seconds: float
    frequencies: NDArray[np.float64]
    labels: tuple[str, ...]
    times: NDArray[np.float64]
    scores: NDArray[np.float64]


class OverviewMaker:
    """Makes an overview while a recording is read."""

    def __init__(self, recording: str, labels: Sequence[str], rate: int) -> None:
        """Begin.

        Args:
            recording: Its name.
            labels: What is listened for, in the order of the scores.
            rate: Of the waveforms, in Hz.
        """
        n_fft = 1 << round(math.log2(rate / _FRAME_RATE))
        highest = min(_HIGHEST, rate / 2)
        self._spec = LogMelSpec(rate, n_fft, n_fft // 2, _BANDS, _LOWEST, highest)
        self._recording = recording
        self._labels = tuple(labels)
        self._held: Waveform = np.empty(0, np.float32)
        self._first = 0  # of the frames in what is held that is not made yet
        self._samples = 0
        self._frames = _Columns(_BANDS, np.float32)
        self._scores = _Columns(1 + len(self._labels), np.float64)  # the time, and the scores

    def add_waveform(self, block: Waveform) -> None:
        """Take the next piece of the recording, of any length."""
        self._samples += len(block)
        self._held = np.concatenate([self._held, block])
        size = _CHUNK * self._spec.hop
        while len(self._held) >= size:
            # A frame reaches a hop to either side, so the last one here waits for what follows.
            self._frames.add(log_mel(self._held[:size], self._spec)[self._first : _CHUNK])
            self._held = self._held[size - self._spec.hop :]
            self._first = 1

    def add_scores(self, time: float, scores: ArrayLike) -> None:
        """Take how well each label fits at a time; times must rise.

        Args:
            time: In seconds.
            scores: Shape ``(n_labels,)``, from 0 to 1.
        """
        self._scores.add(np.concatenate([[time], np.asarray(scores, np.float64)])[np.newaxis])

    def overview(self) -> Overview:
        """Return the overview of all that has been added; nothing can be added after it."""
        if len(self._held):
            frames = math.ceil(len(self._held) / self._spec.hop)
            self._frames.add(log_mel(self._held, self._spec)[self._first : frames])
        rate, hop = self._spec.rate, self._spec.hop
        scores, _ = self._scores.finished()
        spectrogram, merged = self._frames.finished()
        return Overview(
            recording=self._recording,
            duration=self._samples / rate,
            spectrogram=spectrogram,
            column_seconds=merged * hop / rate,
            frequencies=mel_filters(self._spec).argmax(axis=0) * rate / self._spec.n_fft,
            labels=self._labels,
            times=scores[:, 0],
            scores=scores[:, 1:],
        )


class _Columns:
    """Columns of numbers; when there are too many, each two become one, their maximum.

    A time among the numbers becomes the later one, which is off by a column at most.
    """

    def __init__(self, height: int, dtype: type) -> None:
        self._columns: NDArray[Any] = np.empty((_MOST_COLUMNS, height), dtype)
        self._count = 0
        self._merged = 1  # of what was added, in one column
        self._held: NDArray[Any] = np.empty((0, height), dtype)  # less than a column

    def add(self, rows: NDArray[Any]) -> None:
        """Take rows, shape ``(n, height)``, each a column as long as there is room for it."""
        self._held = np.concatenate([self._held, rows])
        while len(self._held) >= self._merged:
            if self._count == _MOST_COLUMNS:
                self._merge()
                continue
            self._put(self._held[: self._merged])
            self._held = self._held[self._merged :]

    def finished(self) -> tuple[NDArray[Any], int]:
        """Return the columns, shape ``(n, height)``, and of how many rows each is."""
        if len(self._held):
            if self._count == _MOST_COLUMNS:
                self._merge()
            self._put(self._held)
        return self._columns[: self._count], self._merged

    def _put(self, rows: NDArray[Any]) -> None:
        self._columns[self._count] = rows.max(axis=0)
        self._count += 1

    def _merge(self) -> None:
        half = _MOST_COLUMNS // 2
        self._columns[:half] = np.maximum(self._columns[0::2], self._columns[1::2])
        self._count = half
        self._merged *= 2
