"""A recording that is drawn while it is classified, or followed for its events."""

import asyncio
from collections.abc import Sequence
from contextlib import aclosing

import numpy as np

from anysound.labels import read_label_text
from anysound.results import Classification
from anysound.server.listener import Listener, Upload
from anysound.server.page.picture import Picture, picture_of
from anysound.server.page.timeline_view import Followed
from anysound.timeline import Event, Frame
from anysound.timeline.overview import OverviewMaker


async def classify_and_draw(
    listener: Listener, upload: Upload, labels: str
) -> tuple[Classification, Picture]:
    """Classify a recording, and draw what was decoded for it.

    Raises:
        RecordingError: It can't be read.
        LabelError: The labels can't be understood.
    """
    maker = _maker(listener, ())
    result = await listener.classify(upload, labels, None, maker.add_waveform)
    return result, await _picture(maker, ())


class Watch:
    """A recording that is followed, for someone who watches.

    Attributes:
        heard: Seconds so far.
        events: So far, in the order of their ends.
    """

    def __init__(self) -> None:
        """Begin; nothing is read yet."""
        self.heard = 0.0
        self.events: list[Event] = []

    async def follow(self, listener: Listener, upload: Upload, labels: str) -> Followed:
        """Follow the recording to its end.

        Raises:
            RecordingError: It can't be read.
            LabelError: The labels can't be understood.
        """
        maker = _maker(listener, [label.name for label in read_label_text(labels)])

        def add(frame: Frame) -> None:
            maker.add_scores((frame.start + frame.end) / 2, np.asarray(frame.scores))

        following = await listener.timeline(upload, labels, None, add, maker.add_waveform)
        async with aclosing(aiter(following)) as stretches:
            async for events in stretches:
                self.events += events
                self.heard = following.duration
        return Followed(upload.name, await _picture(maker, self.events), following.warnings)


def _maker(listener: Listener, labels: Sequence[str]) -> OverviewMaker:
    return OverviewMaker("", labels, listener.info.rate)


async def _picture(maker: OverviewMaker, events: Sequence[Event]) -> Picture:
    return await asyncio.to_thread(lambda: picture_of(maker.overview(), events))
