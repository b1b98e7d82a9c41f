"""Which actions an event asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from anysound.errors import UsageError
from anysound.language import Text
from anysound.live.event import LiveEvent


class Action(Protocol):
    """Something that is done about events, in a thread of its own."""

    def tell(self, event: LiveEvent) -> None:
        """Have it done; returns at once."""

    def close(self) -> None:
        """Let what waits be done, for a few seconds."""


@dataclass(frozen=True)
class Reaction:
    """What is done when certain labels are heard.

    Attributes:
        action: Does it.
        labels: Names of the labels; None is all of them.
    """

    action: Action
    labels: frozenset[str] | None = None


class Actions:
    """Tells actions of events, but not too often.

    A context manager; leaving it closes the actions.
    """

    def __init__(
        self, reactions: Sequence[Reaction], cooldown: float = 0.0, *, ends: bool = False
    ) -> None:
        """Begin.

        Args:
            reactions: What is done about which labels.
            cooldown: Seconds after an event in which no other of the same label is acted upon.
            ends: Whether the end of an event is told too.

        Raises:
            UsageError: The cooldown is no length of time.
        """
        if not 0 <= cooldown < float("inf"):
            raise UsageError(
                Text(
                    en=f"A cooldown of {cooldown:g} s makes no sense: give 0 or more seconds.",
                    zh=f"冷却时间 {cooldown:g} 秒无效：应为 0 秒或更长。",
                )
            )
        self._reactions = tuple(reactions)
        self._cooldown = cooldown
        self._ends = ends
        self._last: dict[str, float] = {}  # start of the last event that was acted upon
        self._open: dict[str, int] = {}  # its number, while it goes on

    def __enter__(self) -> "Actions":
        return self

    def __exit__(self, *_: object) -> None:
        for reaction in self._reactions:
            reaction.action.close()

    def tell(self, event: LiveEvent) -> bool:
        """Have done about an event what there is to do; tell whether it is acted upon."""
        if not self._counts(event):
            return False
        for reaction in self._reactions:
            if reaction.labels is None or event.label in reaction.labels:
                reaction.action.tell(event)
        return True

    def _counts(self, event: LiveEvent) -> bool:
        if event.phase == "end":
            return self._open.pop(event.label, None) == event.number and self._ends
        last = self._last.get(event.label)
        if last is not None and event.start - last < self._cooldown:
            return False
        self._last[event.label] = event.start
        self._open[event.label] = event.number
        return True
