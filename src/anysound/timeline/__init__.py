"""When each sound happens in a recording: windows to events."""

from anysound.timeline.event import Event

__all__ = ["Event"]
