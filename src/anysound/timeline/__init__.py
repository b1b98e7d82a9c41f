"""When each sound happens in a recording: windows to events, and what becomes of them."""

from anysound.timeline.event import Event
from anysound.timeline.formats import EventWriter, label_studio_config, open_events

__all__ = ["Event", "EventWriter", "label_studio_config", "open_events"]
