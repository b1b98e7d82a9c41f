"""A label: what the user wants named, and how the model is to hear it."""

from dataclasses import dataclass
from typing import Any, Literal

from anysound.labels.examples import Examples


@dataclass(frozen=True)
class Place:
    """Where in a recording a label is expected.

    Attributes:
        start: Seconds from the recording's start, or from its end if ``anchor`` is ``end``.
        end: Seconds in the same sense; None is as far as the recording goes.
        anchor: Which edge of the recording both are counted from. ``Place(0.0, 0.5, "end")``
            is the last half second.
    """

    start: float
    end: float | None
    anchor: Literal["start", "end"] = "start"

    def to_dict(self) -> dict[str, Any]:
        """Return the place, ready for JSON."""
        return {"start": self.start, "end": self.end, "anchor": self.anchor}


@dataclass(frozen=True)
class Label:
    """What the user wants named.

    Attributes:
        name: Shown to the user, as typed.
        phrases: What the model hears the label by; at least one.
        avoid: What the label is not.
        weight: Prior odds of the label against the others; 1 is neutral.
        when: Where in the recording it is expected; None is anywhere.
        group: Head that it shares with other labels, or None.
        qualifiers: Words in brackets, each as typed, without negations and places in time.
        examples: What recordings have taught about it, or None.
    """

    name: str
    phrases: tuple[str, ...]
    avoid: tuple[str, ...] = ()
    weight: float = 1.0
    when: Place | None = None
    group: str | None = None
    qualifiers: tuple[str, ...] = ()
    examples: Examples | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the label in the form of a label file."""
        content = {
            "name": self.name,
            "phrases": list(self.phrases),
            "avoid": list(self.avoid),
            "weight": self.weight,
            "when": self.when.to_dict() if self.when else None,
            "group": self.group,
            "qualifiers": list(self.qualifiers),
        }
        return content | {"examples": self.examples.to_dict()} if self.examples else content
