"""Samples as numbers: checked, scaled to [-1, 1], mixed down to one channel."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from anysound.audio.problem import problem
from anysound.errors import RecordingError
from anysound.language import Text

Waveform: TypeAlias = NDArray[np.float32]
"""Mono samples in [-1, 1] at the model's rate, shape ``(n_samples,)``."""

SILENT_BELOW = 1e-4
"""Peak of what can't be heard: -80 dB of full scale, three steps of a 16-bit file."""

MAX_CHANNELS = 8
MIN_RATE = 1_000
MAX_RATE = 1_000_000

_FULL_SCALE = {"u1": 2.0**7, "i2": 2.0**15, "i4": 2.0**31, "f4": 1.0, "f8": 1.0}
_USABLE_UP_TO = 1e9  # whatever is larger is damage, and would overflow when it is squared


@dataclass(frozen=True)
class Piece:
    """Samples as a file or an array holds them.

    Attributes:
        samples: Shape ``(channels, n)``, in any of the accepted dtypes.
        rate: In Hz.
    """

    samples: NDArray[Any]
    rate: int


def check_rate(name: str, rate: object) -> int:
    """Return the rate as an int.

    Raises:
        RecordingError: It is not a whole number of Hz within what sound is sampled at.
    """
    if (
        not isinstance(rate, (int, float, np.integer, np.floating))
        or not MIN_RATE <= rate <= MAX_RATE
        or rate != int(rate)
    ):
        raise problem(
            name,
            f"a sampling rate of {rate!r} Hz can't be right. "
            f"Give a whole number from {MIN_RATE} to {MAX_RATE}, such as 16000 or 48000.",
            f"采样率 {rate!r} Hz 不合理。应为 {MIN_RATE} 到 {MAX_RATE} 之间的整数，"
            "例如 16000 或 48000。",
        )
    return int(rate)


def check_array(name: str, samples: object) -> NDArray[Any]:
    """Return samples given as an array in the shape ``(channels, n)``.

    ``(n,)`` is mono. Of a two-dimensional array, the axis of at most 8 entries is the channels
    and the other is time; if both or neither qualify, the array is refused.

    Raises:
        RecordingError: The array's type, dtype or shape is not that of a recording.
    """
    if not isinstance(samples, np.ndarray) or _kind(samples) not in _FULL_SCALE:
        found = str(samples.dtype) if isinstance(samples, np.ndarray) else type(samples).__name__
        raise problem(
            name,
            f"samples of type {found} are not understood. Give a NumPy array of float32 or "
            "float64 in [-1, 1], or of int16, int32 or uint8 at full scale.",
            f"不支持 {found} 类型的采样数据。请提供 NumPy 数组：[-1, 1] 范围的 float32 或 "
            "float64，或满量程的 int16、int32、uint8。",
        )
    if samples.size == 0:
        raise no_sound(name)
    if samples.ndim == 1:
        return samples[np.newaxis]
    if samples.ndim == 2:
        rows_are_few, columns_are_few = (length <= MAX_CHANNELS for length in samples.shape)
        if rows_are_few != columns_are_few:
            return samples if rows_are_few else samples.T
    raise problem(
        name,
        f"in an array of shape {samples.shape}, channels can't be told from time. "
        f"Give (n,), or (channels, n) or (n, channels) with at most {MAX_CHANNELS} channels.",
        f"数组形状为 {samples.shape}，无法分辨哪一维是声道、哪一维是时间。请提供 (n,)，"
        f"或 (声道, n)、(n, 声道)，声道数不超过 {MAX_CHANNELS}。",
    )


def array_pieces(samples: NDArray[Any], rate: int) -> Iterator[Piece]:
    """Cut an array of shape ``(channels, n)`` into pieces of a second."""
    for start in range(0, samples.shape[1], rate):
        yield Piece(samples[:, start : start + rate], rate)


class Mixdown:
    """Mixes pieces down to mono and remembers what was wrong with them.

    The mix is the mean of all channels. Integers are scaled by their full scale (``uint8`` is
    centred on 128, as in wav files); floats are kept as they are, peaks above 1 included.
    Samples that are NaN, infinite or absurdly large become zeros.
    """

    def __init__(self) -> None:
        self._lengths: Counter[int] = Counter()  # samples at each rate
        self._count = 0  # of samples in all channels
        self._unusable = 0
        self._first_unusable = 0.0
        self._peak = 0.0

    @property
    def seconds(self) -> float:
        """Length of what has passed."""
        return sum(length / rate for rate, length in self._lengths.items())

    @property
    def all_unusable(self) -> bool:
        """Whether samples have passed, and none was a usable number."""
        return 0 < self._count == self._unusable

    @property
    def has_unusable(self) -> bool:
        """Whether a sample has passed that was no usable number."""
        return self._unusable > 0

    @property
    def is_silent(self) -> bool:
        """Whether nothing that has passed could be heard."""
        return self._peak < SILENT_BELOW

    def __call__(self, piece: Piece) -> Waveform:
        """Mix one piece."""
        samples = self._mend(_scale(piece.samples), piece.rate)
        mono: Waveform = samples[0] if len(samples) == 1 else samples.mean(axis=0)
        self._lengths[piece.rate] += mono.size
        self._peak = max(self._peak, float(np.abs(mono).max(initial=0.0)))
        return mono

    def warnings(self) -> list[Text]:
        """Say what was wrong with all that has passed."""
        warnings = []
        if self._unusable:
            count, at = self._unusable, f"{self._first_unusable:.3f}"
            warnings.append(
                Text(
                    en=f"{count} samples were no usable numbers (NaN, infinite or huge) and were "
                    f"replaced by zeros; the first is at {at} s. Check how the file was made.",
                    zh=f"有 {count} 个采样值无效（NaN、无穷大或过大），已按零处理；"
                    f"第一个位于 {at} 秒。请检查该文件的生成方式。",
                )
            )
        if self.is_silent:
            warnings.append(
                Text(
                    en="The recording is silent. Check the microphone and its level.",
                    zh="录音中没有声音。请检查麦克风及其音量。",
                )
            )
        return warnings

    def _mend(self, samples: NDArray[np.float32], rate: int) -> NDArray[np.float32]:
        usable = np.abs(samples) <= _USABLE_UP_TO  # False for NaN too
        self._count += usable.size
        if usable.all():
            return samples
        if not self._unusable:
            first = int(np.argmin(usable.all(axis=0)))
            self._first_unusable = self.seconds + first / rate
        self._unusable += usable.size - int(np.count_nonzero(usable))
        return np.where(usable, samples, np.float32(0))


def no_sound(name: str) -> RecordingError:
    """Make the error for a recording of no length."""
    return problem(
        name,
        "there is no sound in it (its length is zero). Record it again or choose another file.",
        "其中没有声音（长度为零）。请重新录制或换一个文件。",
    )


def _kind(samples: NDArray[Any]) -> str:
    return f"{samples.dtype.kind}{samples.dtype.itemsize}"


def _scale(samples: NDArray[Any]) -> NDArray[np.float32]:
    kind = _kind(samples)
    with np.errstate(over="ignore"):  # a float64 too large for a float32 becomes infinite
        scaled = samples.astype(np.float32)
    if kind == "u1":
        scaled -= 128
    if _FULL_SCALE[kind] != 1.0:
        scaled /= np.float32(_FULL_SCALE[kind])
    return scaled
