"""What all files of events have in common."""

import re
from abc import ABC, abstractmethod
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from anysound.timeline.event import Event
from anysound.writing import WholeFile

_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class EventWriter(ABC):
    """A file of events in the making; made by ``open_events``.

    A context manager: the file appears, whole, when the block ends well, and not at all if it
    doesn't. The events of a recording must be added one after another.

    Attributes:
        one_recording: Whether the format has no place for a recording's name, so that a file
            holds the events of only one.
    """

    one_recording: ClassVar[bool] = False

    def __init__(self, output: Path) -> None:
        """Make sure that the output can be written, and begin.

        Raises:
            OutputError: It can't be written there.
        """
        self._whole = WholeFile(output)

    def __enter__(self) -> Self:
        self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is None:
            try:
                self._end()
            except BaseException:
                self._whole.discard()
                raise
        self._whole.__exit__(kind, error, traceback)

    @abstractmethod
    def add(self, event: Event) -> None:
        """Write the next event.

        Raises:
            OutputError: It can't be written, for want of space perhaps.
            UsageError: It is of another recording, and the format holds only one.
        """

    def _begin(self) -> None:  # noqa: B027 - most formats need nothing here
        """Write what comes before the events."""

    def _end(self) -> None:  # noqa: B027
        """Write what comes after the events."""

    def _write(self, text: str) -> None:
        with self._whole.reporting():
            self._whole.file.write(text.encode("utf-8", errors="backslashreplace"))


def one_line(text: str) -> str:
    """Return the text with a blank for each character that could end a line or a cell."""
    return _BREAKS.sub(" ", text)
