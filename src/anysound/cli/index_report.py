"""What ``anysound index`` shows to a person, and to a program."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from anysound.cli.batch_report import passed_over, print_summary
from anysound.cli.terminal import console, print_json, printable, say
from anysound.labels import LabelSet
from anysound.language import Text

if TYPE_CHECKING:
    from anysound.batch import Row
    from anysound.index import AddSummary, Checked, IndexInfo, Moment

_SHOWN = 10


def print_added(summary: "AddSummary") -> None:
    """Say what came of adding."""
    for note in _notes(summary):
        say(note)


def _notes(summary: "AddSummary") -> Iterator[Text]:
    progress = summary.progress
    for failure in list(summary.failures.values())[:_SHOWN]:
        yield Text(en=f"Failed: {failure.en}", zh=f"失败：{failure.zh}")
    more = progress.failed - _SHOWN
    if more > 0:
        yield Text(en=f"{more} more failed.", zh=f"还有 {more} 段失败。")
    yield Text(
        en=f"Recordings added: {summary.added}, {progress.seconds / 3600:.2f} h of sound",
        zh=f"已存入 {summary.added} 段录音，共 {progress.seconds / 3600:.2f} 小时",
    )
    if progress.same:
        yield Text(
            en=f"{progress.same} of them hold what another recording holds, which is stored once.",
            zh=f"其中 {progress.same} 段与其他录音内容相同，只存一份。",
        )
    if progress.kept:
        yield Text(
            en=f"{progress.kept} were in the index before.",
            zh=f"{progress.kept} 段之前已在索引中。",
        )
    yield from passed_over(summary)


def write_rows(
    rows: Iterable["Row"], labels: LabelSet, output: Path | None, *, as_json: bool
) -> None:
    """Write rows as they come into a table, and print them or a summary.

    Args:
        rows: One per recording.
        labels: What was listened for.
        output: The table, or None.
        as_json: Whether each row is printed, in place of the summary.
    """
    from anysound.batch import Found, Tally, table_format
    from anysound.batch.tables import cells_of

    tally = Tally(labels)
    with ExitStack() as stack:
        table = stack.enter_context(table_format(output)(output)) if output else None
        for row in rows:
            if table:
                table.add(row)
            if as_json:
                print_json(cells_of(row))
            tally.add_row(row)
    if not as_json:
        print_summary(tally.summary(Found(Path())))


def say_how_places_are_answered(labels: LabelSet) -> None:
    """Say so of labels with a place in time, if there are any."""
    from anysound.index import note_on_places

    note = note_on_places(labels)
    if note:
        say(note)


def print_moments(moments: Sequence["Moment"], *, as_json: bool) -> None:
    """Print what was found, best first."""
    if as_json:
        print_json([moment.to_dict() for moment in moments])
        return
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(str(Text(en="similarity", zh="相似度")), justify="right", no_wrap=True)
    table.add_column(str(Text(en="start", zh="开始")), justify="right", no_wrap=True)
    table.add_column(str(Text(en="end", zh="结束")), justify="right", no_wrap=True)
    table.add_column(str(Text(en="recording", zh="录音")), overflow="fold")
    for moment in moments:
        times = (f"{moment.start:.2f}", f"{moment.end:.2f}")
        names = printable("\n".join(moment.recordings))
        table.add_row(f"{moment.similarity:.3f}", *times, names)
    console().print(table)


def print_info(info: "IndexInfo", *, as_json: bool) -> None:
    """Print what is in an index."""
    if as_json:
        print_json(info.to_dict())
        return
    for key, value in info.to_dict().items():
        print(f"{key}: {printable(str(value))}")


def print_checked(checked: "Checked", *, as_json: bool) -> None:
    """Print what is wrong with an index."""
    if as_json:
        faults = [str(fault) for fault in checked.faults]
        print_json({**asdict(checked), "faults": faults})
        return
    for fault in checked.faults[:_SHOWN]:
        say(fault)
    more = len(checked.faults) - _SHOWN
    if more > 0:
        say(Text(en=f"{more} more; --json lists all.", zh=f"还有 {more} 处；--json 可列出全部。"))
    say(
        Text(
            en=f"Checked: {checked.recordings} recordings, {checked.windows} windows; damaged: "
            f"{len(checked.damaged)}",
            zh=f"已检查 {checked.recordings} 段录音、{checked.windows} 个窗口；"
            f"损坏 {len(checked.damaged)} 段",
        )
    )
