"""When each sound happens in a recording: windows to events."""

from anysound.timeline.event import Event
from anysound.timeline.frames import Frame
from anysound.timeline.options import TimelineOptions
from anysound.timeline.timeline import Listener, Timeline

__all__ = ["Event", "Frame", "Listener", "Timeline", "TimelineOptions"]
