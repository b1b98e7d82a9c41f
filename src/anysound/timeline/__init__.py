"""When each sound happens in a recording: windows to events, and what becomes of them."""

from anysound.timeline.clips import clip_name, write_clips
from anysound.timeline.event import Event
from anysound.timeline.formats import EventWriter, label_studio_config, open_events
from anysound.timeline.overview import Overview, OverviewMaker
from anysound.timeline.picture import check_picture, write_picture

__all__ = [
    "Event",
    "EventWriter",
    "Overview",
    "OverviewMaker",
    "check_picture",
    "clip_name",
    "label_studio_config",
    "open_events",
    "write_clips",
    "write_picture",
]
