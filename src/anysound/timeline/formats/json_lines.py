"""Events as lines of JSON for programs."""

import json

from anysound.timeline.event import Event
from anysound.timeline.formats.writer import EventWriter


class JsonLinesEvents(EventWriter):
    """One object an event, each on its own line."""

    def add(self, event: Event) -> None:
        """Write the next event."""
        self._write(json.dumps(event.to_dict(), ensure_ascii=False) + "\n")
