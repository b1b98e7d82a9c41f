"""The events of ``anysound listen`` as they come, and what is heard just now."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from anysound.cli.terminal import console, print_json, printable, say
from anysound.cli.timeline_report import clock
from anysound.language import Text
from anysound.live import Listening, LiveEvent, Moment

if TYPE_CHECKING:
    from rich.console import Console
    from rich.live import Live

_METER_WIDTH = 20
_QUIETEST = -60.0  # dB at the meter's left end
_LABELS = 3
_FAR_BEHIND = 1.0  # seconds


class ListenReport:
    """Prints a line at the start and the end of an event; on a terminal, a meter below them."""

    def __init__(self, *, as_json: bool) -> None:
        """Begin.

        Args:
            as_json: Print JSON objects.
        """
        self._as_json = as_json
        self._counts: Counter[str] = Counter()
        self._out = console()
        self._full, self._empty = ("█", "░") if self._out.encoding.startswith("utf") else ("#", ".")
        self._live: Live | None = None

    @contextmanager
    def following(self, listening: Listening) -> Iterator[None]:
        """Show a meter while it is listened, where a person looks on."""
        begin = Text(
            en=f"Listening to {listening.name}; Ctrl-C ends it.",
            zh=f"正在监听 {listening.name}；按 Ctrl-C 结束。",
        )
        say(begin)
        where = self._meter_place()
        if where is None:
            yield
            return
        from rich.live import Live

        with Live(console=where, auto_refresh=False, transient=True) as self._live:
            yield
        self._live = None

    def _meter_place(self) -> "Console | None":
        """Return the terminal that the meter is for; lines for programs are not to be mixed in."""
        if self._out.is_terminal:
            return None if self._as_json else self._out
        err = console(stderr=True)
        return err if err.is_terminal else None

    def show(self, moment: Moment) -> None:
        """Show what is heard just now."""
        if self._live:
            from rich.text import Text as Line

            line = printable(self._meter(moment)).replace("\n", " ")
            shown = Line(line, style="dim", no_wrap=True, overflow="ellipsis")
            self._live.update(shown, refresh=True)

    def notice(self, notice: Text) -> None:
        """Say what has happened, from whatever thread."""
        say(notice)

    def add(self, event: LiveEvent) -> None:
        """Print an event's start or end."""
        if event.phase == "end":
            self._counts[event.label] += 1
        if self._as_json:
            print_json(event.to_dict())
            return
        line = f"{event.time:%Y-%m-%d %H:%M:%S}  {_told(event)}"
        self._out.print(printable(line).replace("\n", " "), soft_wrap=True)
        self._out.file.flush()

    def end(self, listening: Listening, clips: tuple[Path, int] | None) -> None:
        """Say what came of it all."""
        length = clock(listening.duration)
        counts = [f"{label} {count}" for label, count in self._counts.most_common()]
        nothing = Text(en="none of the labels was heard", zh="没有听到任何标签")
        say(
            Text(
                en=f"{length} heard: {', '.join(counts) or nothing.en}",
                zh=f"共听 {length}：{'，'.join(counts) or nothing.zh}",
            )
        )
        if listening.left_out:
            say(
                Text(
                    en=f"Windows that there was no time for: {listening.left_out}",
                    zh=f"来不及处理而略过的窗口：{listening.left_out} 个",
                )
            )
        if clips:
            folder, count = clips
            say(Text(en=f"Clips in {folder}: {count}", zh=f"{folder}：保存了 {count} 个片段"))
        for warning in listening.warnings:
            say(Text(en=f"Warning: {warning.en}", zh=f"注意：{warning.zh}"))

    def _meter(self, moment: Moment) -> str:
        share = min(max(1 - moment.level / _QUIETEST, 0.0), 1.0)
        filled = round(share * _METER_WIDTH)
        bar = self._full * filled + self._empty * (_METER_WIDTH - filled)
        best = "  ".join(f"{label} {score:.2f}" for label, score in moment.scores[:_LABELS])
        silent = Text(en=" silent", zh="   无声")  # as wide as a level
        level = str(silent) if moment.is_silent else f"{moment.level:4.0f} dB"
        parts = [clock(moment.time), f"{bar} {level}", best]
        if moment.behind > _FAR_BEHIND:
            behind = Text(en=f"{moment.behind:.1f} s behind", zh=f"滞后 {moment.behind:.1f} 秒")
            parts.append(str(behind))
        if moment.left_out:
            parts.append(
                str(Text(en=f"{moment.left_out} left out", zh=f"略过 {moment.left_out} 窗"))
            )
        return "  ".join(parts)


def _told(event: LiveEvent) -> Text:
    """Return a line about an event."""
    if event.end is None:
        return Text(
            en=f"begins  {event.score:.2f}  {event.label}",
            zh=f"开始  {event.score:.2f}  {event.label}",
        )
    seconds = event.end - event.start
    return Text(
        en=f"ends    {event.score:.2f}  {event.label}  ({seconds:.1f} s)",
        zh=f"结束  {event.score:.2f}  {event.label}（{seconds:.1f} 秒）",
    )
