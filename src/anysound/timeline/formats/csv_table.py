"""Events as a CSV table for people and spreadsheets."""

import csv
import io

from anysound.timeline.event import Event
from anysound.timeline.formats.writer import EventWriter
from anysound.writing import disarmed, disarmed_path

COLUMNS = ("recording", "start", "end", "label", "score")

_MARK = "\ufeff"  # so that Excel shows Chinese


class CsvEvents(EventWriter):
    """One row an event, UTF-8 with a mark."""

    def add(self, event: Event) -> None:
        """Write the next event."""
        self._write(
            _row(
                disarmed_path(event.recording),
                f"{event.start:.3f}",
                f"{event.end:.3f}",
                disarmed(event.label),
                f"{event.score:.6g}",
            )
        )

    def _begin(self) -> None:
        self._write(_MARK + _row(*COLUMNS))


def _row(*cells: str) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
