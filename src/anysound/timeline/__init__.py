"""When each sound happens in a recording: windows to events.

What becomes of events is in its modules: ``formats`` writes them into files, ``clips`` cuts them
out, ``picture`` draws them.
"""

from anysound.timeline.event import Event
from anysound.timeline.frames import Frame
from anysound.timeline.options import TimelineOptions
from anysound.timeline.timeline import Listener, Timeline

__all__ = ["Event", "Frame", "Listener", "Timeline", "TimelineOptions"]
