"""The events of an uploaded recording, stretch by stretch: others have their turn in between."""

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import aclosing
from threading import Event as Flag
from threading import Lock
from typing import Any, Protocol, TypeAlias, TypeVar

from anyio import CancelScope, to_thread

from anysound.errors import AnysoundError
from anysound.language import Text
from anysound.models import ModelInfo
from anysound.timeline import Event, Frame, Timeline

T = TypeVar("T")

_Stretch: TypeAlias = tuple[list[Event], AnysoundError | None, bool]
"""Events, what went wrong, and whether that was all."""

_MOMENTS_AT_ONCE = 32
_SECONDS_AT_ONCE = 1.0


class _Run(Protocol):
    """Does a piece of work in a thread when it is its turn."""

    def __call__(self, function: Callable[..., T], *arguments: Any) -> Awaitable[T]: ...


class Following:
    """The events of an uploaded recording, found while it is iterated, once.

    It gives what each stretch of the recording brought, and be that nothing: so whoever iterates
    hears of it every second or so, may say how far it is, and may leave.
    """

    def __init__(self, timeline: Timeline, info: ModelInfo, run: _Run, stop: Flag) -> None:
        """Begin; nothing is read yet.

        Args:
            timeline: Gives the events.
            info: Of the model that hears them.
            run: Does a stretch when it is its turn.
            stop: Is set when nobody wants more.
        """
        self._timeline = timeline
        self._info = info
        self._run = run
        self._stop = stop
        self._events = 0
        self._reading = Lock()

    @property
    def name(self) -> str:
        """The recording's."""
        return self._timeline.name

    @property
    def duration(self) -> float:
        """Seconds heard so far."""
        return self._timeline.duration

    @property
    def warnings(self) -> tuple[Text, ...]:
        """What the user should know; complete when the iteration has ended."""
        return self._timeline.warnings

    async def __aiter__(self) -> AsyncGenerator[list[Event], None]:
        """Give the events of one stretch after the other.

        Raises:
            RecordingError: The recording can't be read to its end.
            BusyError: Too many wait for their turn.
            TookTooLongError: A stretch took too long.
        """
        steps = self._timeline.steps()
        try:
            is_over = False
            while not is_over:
                events, error, is_over = await self._run(self._take, steps)
                self._events += len(events)
                yield events
                if error:
                    raise error
        finally:
            self._stop.set()
            with CancelScope(shield=True):
                await to_thread.run_sync(self._close, steps)

    async def whole(self) -> dict[str, Any]:
        """Follow the recording to its end; return the summary with all events.

        Raises:
            RecordingError: The recording can't be read to its end.
            BusyError: Too many wait for their turn.
            TookTooLongError: A stretch took too long.
        """
        async with aclosing(aiter(self)) as stretches:
            events = [event.to_dict() async for some in stretches for event in some]
        return {**self.summary(), "events": events}

    def summary(self) -> dict[str, Any]:
        """Return what is known at the end, ready for JSON, in the current language."""
        timeline, info = self._timeline, self._info
        return {
            "recording": timeline.name,
            "duration": timeline.duration,
            "model": info.id,
            "revision": info.revision,
            "precision": info.precision,
            "window": timeline.windows.length,
            "hop": timeline.windows.hop,
            "events": self._events,
            "warnings": [str(warning) for warning in timeline.warnings],
        }

    def _take(self, steps: Generator[Frame | Event, None, None]) -> _Stretch:
        """Go on for a stretch; what was found before an error is not lost."""
        events: list[Event] = []
        moments, until = 0, time.monotonic() + _SECONDS_AT_ONCE
        with self._reading:
            try:
                for step in steps:
                    if isinstance(step, Event):
                        events.append(step)
                        continue
                    moments += 1
                    if moments == _MOMENTS_AT_ONCE or time.monotonic() > until:
                        return events, None, False
            except AnysoundError as error:
                return events, error, True
            return events, None, True

    def _close(self, steps: Generator[Frame | Event, None, None]) -> None:
        """Close what was opened, once a stretch that nobody waits for any more has stopped."""
        with self._reading:
            steps.close()
