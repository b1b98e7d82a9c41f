"""A recording read once to be drawn, and followed for its events."""

from collections.abc import Sequence
from functools import partial
from threading import Event as Flag

import numpy as np

from anysound.audio import Recording, open_recording
from anysound.classifier import Classifier
from anysound.errors import AnysoundError
from anysound.labels import LabelSet
from anysound.language import Text
from anysound.server.page.picture import Picture, picture_of
from anysound.timeline import Event, Frame
from anysound.timeline.overview import OverviewMaker


def look(classifier: Classifier, recordings: Sequence[Recording]) -> Picture:
    """Read a recording to be drawn.

    Raises:
        RecordingError: It can't be read.
    """
    (recording,) = recordings
    rate = classifier.model.info.rate
    maker = OverviewMaker("", (), rate)
    with open_recording(recording, rate) as stream:
        for block in stream.blocks():
            maker.add_waveform(block)
    return picture_of(maker.overview())


class LeaveError(AnysoundError):
    """Nobody waits for the answer any more."""

    def __init__(self) -> None:
        super().__init__(Text(en="The page was left.", zh="页面已关闭。"))


class Following:
    """A recording that is followed in another thread, for someone who watches.

    Attributes:
        heard: Seconds so far.
        events: So far, in the order of their ends.
        warnings: Complete when it is over.
    """

    def __init__(self, labels: LabelSet) -> None:
        """Begin; nothing is read yet."""
        self.heard = 0.0
        self.events: list[Event] = []
        self.warnings: tuple[Text, ...] = ()
        self._labels = labels
        self._is_left = Flag()

    def leave(self) -> None:
        """Have it end soon."""
        self._is_left.set()

    def follow(self, classifier: Classifier, recordings: Sequence[Recording]) -> Picture:
        """Follow the recording to its end.

        Raises:
            RecordingError: It can't be read.
            LabelError: The model can't read the labels.
            LeaveError: Nobody waits any more.
        """
        names = [label.name for label in self._labels]
        (recording,) = recordings
        maker = OverviewMaker("", names, classifier.model.info.rate)
        timeline = classifier.timeline(
            recording,
            self._labels,
            on_frame=partial(self._take, maker),
            on_block=maker.add_waveform,
        )
        for event in timeline:
            self.events.append(event)
        self.warnings = timeline.warnings
        return picture_of(maker.overview(), self.events)

    def _take(self, maker: OverviewMaker, frame: Frame) -> None:
        if self._is_left.is_set():
            raise LeaveError
        maker.add_scores((frame.start + frame.end) / 2, np.asarray(frame.scores))
        self.heard = frame.end
