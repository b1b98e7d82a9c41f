"""What is told about a live stream while it goes on."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeAlias

Phase: TypeAlias = Literal["start", "end"]

QUIETEST = -120.0
"""dB of full scale; 24 bits can tell no less from silence."""


@dataclass(frozen=True)
class LiveEvent:
    """A label begins to be heard, or has ended.

    A start is told as soon as it is certain, and never taken back. Its times may be a little
    narrower than what is known at the end, which is what a timeline of the same sound would give.

    Attributes:
        phase: ``start`` or ``end``.
        number: The same for the start and the end of an event, from 1.
        recording: The stream's name.
        label: The label's name.
        start: When it began, in seconds since listening began.
        end: When it ended, likewise; None at its start.
        score: How surely it was heard at its clearest so far, from 0 to 1.
        time: The date and time of what is told: of ``start``, or of ``end``.
    """

    phase: Phase
    number: int
    recording: str
    label: str
    start: float
    end: float | None
    score: float
    time: datetime

    def to_dict(self) -> dict[str, Any]:
        """Return the event, ready for JSON."""
        return {
            "event": self.phase,
            "number": self.number,
            "recording": self.recording,
            "time": self.time.isoformat(timespec="milliseconds"),
            "start": self.start,
            "end": self.end,
            "label": self.label,
            "score": self.score,
        }


@dataclass(frozen=True)
class Moment:
    """What is heard just now, for a display.

    Attributes:
        time: How far was listened, in seconds since listening began.
        level: Root mean square of the last hop, in dB of full scale; ``QUIETEST`` at least.
        scores: Of each label in the latest window, best first.
        behind: How long after its last sound the window was heard, in seconds.
        left_out: Windows so far that there was no time for.
    """

    time: float
    level: float
    scores: tuple[tuple[str, float], ...]
    behind: float
    left_out: int

    @property
    def is_silent(self) -> bool:
        """True if no microphone is that quiet: it is muted, or nothing is sent."""
        return self.level <= QUIETEST
