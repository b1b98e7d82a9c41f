"""Events as a selection table of Raven.

With one recording, the table opens over its sound. With several, it is a sound selection table
(in Raven: File, Open Sound Selection Table), which Raven places by path and offset alone.
"""

from pathlib import Path

from anysound.timeline.event import Event
from anysound.timeline.formats.writer import EventWriter, one_line
from anysound.writing import disarmed, disarmed_path

COLUMNS = (
    "Selection",
    "View",
    "Channel",
    "Begin Time (s)",
    "End Time (s)",
    "Low Freq (Hz)",
    "High Freq (Hz)",
    "Begin Path",
    "File Offset (s)",
    "Label",
    "Score",
)

# An event has no frequencies. Raven refuses a whole table for one selection beyond half of its
# recording's rate, so all of them end where those of a telephone do.
_LOW, _HIGH = "0", "4000"


class RavenEvents(EventWriter):
    """One selection an event, tab-separated; Raven knows no quotes."""

    def __init__(self, output: Path) -> None:
        super().__init__(output)
        self._count = 0

    def add(self, event: Event) -> None:
        """Write the next event."""
        self._count += 1
        start = f"{event.start:.6f}"
        self._write_row(
            str(self._count),
            "Spectrogram 1",
            "1",
            start,
            f"{event.end:.6f}",
            _LOW,
            _HIGH,
            disarmed_path(one_line(event.recording)),
            start,
            disarmed(one_line(event.label)),
            f"{event.score:.6g}",
        )

    def _begin(self) -> None:
        self._write_row(*COLUMNS)

    def _write_row(self, *cells: str) -> None:
        self._write("\t".join(cells) + "\n")
