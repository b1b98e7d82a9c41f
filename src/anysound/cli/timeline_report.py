"""The events of ``anysound timeline``, as they come: for a person, or for a program."""

from collections import Counter
from typing import TYPE_CHECKING

from anysound.cli.terminal import console, print_json, printable, say
from anysound.language import Text
from anysound.timeline import Event, Timeline

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

_BAR_WIDTH = 10


class EventReport:
    """Prints a line an event, and how far the reading is where a person looks on.

    A context manager.
    """

    def __init__(self, timeline: Timeline, *, as_json: bool) -> None:
        """Begin.

        Args:
            timeline: Whose events they are; asked how far it is.
            as_json: Print JSON objects.
        """
        self._timeline = timeline
        self._as_json = as_json
        self._counts: Counter[str] = Counter()
        self._out = console()
        self._bar = "█" if self._out.encoding.startswith("utf") else "#"
        self._progress = _progress(self._out)
        self._task = self._progress.add_task("")

    def __enter__(self) -> "EventReport":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def advance(self) -> None:
        """Show how far the reading is."""
        self._progress.update(self._task, completed=self._timeline.duration)

    def add(self, event: Event) -> None:
        """Print an event."""
        self._counts[event.label] += 1
        if self._as_json:
            print_json(event.to_dict())
            return
        line = (
            f"{clock(event.start)} – {clock(event.end)}  {event.score:.2f} "
            f"{self._bar * round(event.score * _BAR_WIDTH):{_BAR_WIDTH}}  {event.label}"
        )
        self._out.print(printable(line).replace("\n", " "), soft_wrap=True)

    def end(self) -> None:
        """Say what came of it all."""
        length = clock(self._timeline.duration)
        counts = [f"{label} {count}" for label, count in self._counts.most_common()]
        nothing = Text(en="none of the labels was heard", zh="没有听到任何标签")
        say(
            Text(
                en=f"{length} heard: {', '.join(counts) or nothing.en}",
                zh=f"共听 {length}：{'，'.join(counts) or nothing.zh}",
            )
        )
        for warning in self._timeline.warnings:
            say(Text(en=f"Warning: {warning.en}", zh=f"注意：{warning.zh}"))


def clock(seconds: float) -> str:
    """Write a time as hours, minutes and seconds: ``0:01:02.3``."""
    tenths = round(seconds * 10)
    return f"{tenths // 36000}:{tenths // 600 % 60:02}:{tenths // 10 % 60:02}.{tenths % 10}"


def _progress(out: "Console") -> "Progress":
    """Make a line that says how much was heard; on the terminal, if there is one."""
    from rich.progress import Progress, ProgressColumn, SpinnerColumn, Task
    from rich.text import Text as Cell

    class Heard(ProgressColumn):
        def render(self, task: Task) -> Cell:
            pace = f"{task.speed:.0f}" if task.speed else "-"
            heard = clock(task.completed)
            text = Text(
                en=f"{heard} heard, {pace} x real time", zh=f"已听 {heard}，实时速度的 {pace} 倍"
            )
            return Cell(str(text), style="dim")

    where = out if out.is_terminal else console(stderr=True)
    return Progress(
        SpinnerColumn(), Heard(), console=where, disable=not where.is_terminal, transient=True
    )
