"""Events into the files that other programs read."""

from anysound.timeline.formats.choose import open_events
from anysound.timeline.formats.label_studio import label_studio_config
from anysound.timeline.formats.writer import EventWriter

__all__ = ["EventWriter", "label_studio_config", "open_events"]
