"""A sound that was heard for some time."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Event:
    """A label that is active over a span of a recording.

    Attributes:
        recording: The recording's name.
        label: The label's name.
        start: In seconds from the recording's start.
        end: In seconds from the recording's start.
        score: How surely it was heard at its clearest, from 0 to 1; a half is as surely as not.
    """

    recording: str
    label: str
    start: float
    end: float
    score: float

    def to_dict(self) -> dict[str, Any]:
        """Return the event, ready for JSON."""
        return {
            "recording": self.recording,
            "start": self.start,
            "end": self.end,
            "label": self.label,
            "score": self.score,
        }
