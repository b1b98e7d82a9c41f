"""Listen to a live stream: read in one thread, heard in another."""

import itertools
import time
from collections.abc import Callable, Iterator

import numpy as np

from anysound.audio import Waveform, WindowSpec
from anysound.audio.waveform import SILENT_BELOW
from anysound.errors import LabelError
from anysound.language import Text
from anysound.live.buffer import Arrived, Batch
from anysound.live.detector import Detector
from anysound.live.event import QUIETEST, LiveEvent, Moment
from anysound.live.options import ListenOptions
from anysound.live.reader import OnSound, Reader
from anysound.live.source import LiveSource
from anysound.timeline import Listener
from anysound.timeline.frames import Scores
from anysound.timeline.timeline import choose_windows

_LOOK = 0.2  # seconds
_BETWEEN_COMPLAINTS = 60.0  # seconds


class Listening:
    """The events of a live stream, told while it goes on.

    Iterate it, once. Closing the iteration, or leaving its loop, stops the reading. ``stop`` ends
    it well, with the ends of the events that go on.

    Attributes:
        name: The stream's name.
        windows: How the windows lie.
        duration: Seconds that were listened to so far.
        warnings: What the user should know of the labels.
    """

    def __init__(
        self,
        listener: Listener,
        source: LiveSource,
        options: ListenOptions,
        on_moment: Callable[[Moment], None] = lambda moment: None,
        on_notice: Callable[[Text], None] = lambda notice: None,
        on_sound: OnSound | None = None,
    ) -> None:
        """Begin; nothing is opened yet.

        Args:
            listener: Listens for the labels.
            source: What to listen to.
            options: How to listen.
            on_moment: Is given what is heard just now, every hop.
            on_notice: Is given what happens to the stream: lost, back, silent, too fast.
            on_sound: Is given the sound as it came, in another thread.

        Raises:
            UsageError: The windows don't suit the model.
            LabelError: A label is looked for in a part of a recording only.
        """
        self.name = source.name
        self.windows = choose_windows(listener.model.info, options.timeline)
        self.duration = 0.0
        self.warnings = listener.labels.warnings
        self._labels = [label.name for label in listener.labels.labels]
        for label in listener.labels.labels:
            if label.when:
                raise _placed(label.name)
        self._listener = listener
        self._options = options
        self._on_moment = on_moment
        self._on_notice = on_notice
        self._complaints = _Complaints(source.name, options, on_notice)
        rate = listener.model.info.rate
        self._reader = Reader(source, rate, self.windows, options, on_sound)
        self._numbers = itertools.count(1)

    @property
    def left_out(self) -> int:
        """Windows so far that there was no time for."""
        return self._reader.buffer.left_out

    def stop(self) -> None:
        """Have the iteration end soon; may be called from anywhere, a signal handler too."""
        self._reader.stopping.ask()

    def __iter__(self) -> Iterator[LiveEvent]:
        """Open the stream and give its events.

        Raises:
            RecordingError: It can't be opened, or what comes is no sound.
            MissingExtraError: What it needs is not installed.
        """
        self._reader.start()
        try:
            detector = self._detector()
            while True:
                batch = self._next_batch()
                yield from self._heard(batch, detector)
                if batch.is_broken or batch.is_over:
                    yield from detector.end()
                    detector = self._detector()
                if batch.error:
                    raise batch.error
                if batch.is_over:
                    return
        finally:
            self._reader.close()

    def _detector(self) -> Detector:
        return Detector(self.name, self._labels, self.windows, self._options, self._numbers)

    def _next_batch(self) -> Batch:
        """Wait for what comes next, and say if it is long in coming."""
        while True:
            batch = self._reader.buffer.get(_LOOK)
            for notice in batch.notices:
                self._on_notice(notice)
            if batch.windows:
                self._complaints.came()
                self._complaints.left_out(self._reader.buffer.left_out, self._reader.buffer.windows)
            elif not self._reader.stopping.asked:
                self._complaints.nothing_came()
            if self._reader.stopping.asked:
                batch.is_over = True
            if batch.windows or batch.is_broken or batch.is_over:
                return batch

    def _heard(self, batch: Batch, detector: Detector) -> Iterator[LiveEvent]:
        windows = [arrived.window for arrived in batch.windows]
        for arrived, scores in zip(batch.windows, self._listener.scores(windows), strict=True):
            self.duration = arrived.base + arrived.window.end
            self._complaints.heard(arrived.window.waveform, self.windows)
            self._on_moment(self._moment(arrived, scores))
            yield from detector.add(arrived, scores)

    def _moment(self, arrived: Arrived, scores: Scores) -> Moment:
        ranked = sorted(zip(self._labels, scores.tolist(), strict=True), key=lambda each: -each[1])
        newest = arrived.window.waveform[-round(self.windows.hop * self._rate) :]
        return Moment(
            time=self.duration,
            level=_level(newest),
            scores=tuple(ranked),
            behind=time.monotonic() - arrived.came,
            left_out=self.left_out,
        )

    @property
    def _rate(self) -> int:
        return self._listener.model.info.rate


class _Complaints:
    """Says what is wrong with a stream; once while it lasts, or now and then."""

    def __init__(self, name: str, options: ListenOptions, say: Callable[[Text], None]) -> None:
        self._name = name
        self._options = options
        self._say = say
        self._silent = 0.0
        self._last = time.monotonic()
        self._has_stalled = False
        self._left_out = 0
        self._complained = -_BETWEEN_COMPLAINTS

    def came(self) -> None:
        """Note that something has come."""
        self._last = time.monotonic()
        self._has_stalled = False

    def nothing_came(self) -> None:
        """Say if nothing has come for long."""
        seconds = time.monotonic() - self._last
        if self._has_stalled or seconds < self._options.stalled:
            return
        self._has_stalled = True
        self._say(
            Text(
                en=f"{self._name}: no sound has come for {seconds:.0f} s. Check that it is "
                "switched on, and what sends it.",
                zh=f"{self._name}：已有 {seconds:.0f} 秒没有收到声音。请检查设备是否开启、"
                "发送方是否正常。",
            )
        )

    def heard(self, waveform: Waveform, spec: WindowSpec) -> None:
        """Say if all that comes is silence."""
        if np.abs(waveform).max(initial=0.0) >= SILENT_BELOW:
            self._silent = 0.0
            return
        before = self._silent
        self._silent = before + spec.hop if before else spec.length
        if before < self._options.silent <= self._silent:
            self._say(
                Text(
                    en=f"{self._name}: nothing but silence for {self._silent:.0f} s. Check that "
                    "the microphone is not muted, and its level.",
                    zh=f"{self._name}：已连续 {self._silent:.0f} 秒完全无声。"
                    "请检查麦克风是否静音以及音量设置。",
                )
            )

    def left_out(self, count: int, windows: int) -> None:
        """Say if windows were left out since that was last said."""
        now = time.monotonic()
        if count == self._left_out or now - self._complained < _BETWEEN_COMPLAINTS:
            return
        self._left_out, self._complained = count, now
        self._say(
            Text(
                en=f"The model is slower than the sound: {count} of {windows} windows were left "
                "out so far, so that listening does not fall behind. A larger --hop, or a smaller "
                "model, needs less time.",
                zh=f"模型跟不上声音的速度：为避免越来越滞后，{windows} 个窗口中已略过 {count} 个。"
                "可增大 --hop，或换用更小的模型。",
            )
        )


def _level(waveform: Waveform) -> float:
    """Return the root mean square in dB of full scale."""
    power = float(np.mean(np.square(waveform, dtype=np.float64)))
    return max(QUIETEST, 10 * float(np.log10(max(power, 1e-30))))


def _placed(label: str) -> LabelError:
    return LabelError(
        Text(
            en=f"{label}: a live stream has no start and end that a label could be looked for at. "
            "Leave the time out, or use `anysound timeline` on a recording.",
            zh=f"{label}：实时监听没有开头和结尾，无法限定时间。请去掉标签中的时间，"
            "或用 `anysound timeline` 处理录音。",
        )
    )
