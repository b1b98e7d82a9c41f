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
    from rich.table import Table

    from anysound.batch import Row
    from anysound.index import AddSummary, Checked, Compared, IndexInfo, Mapped, Moment

_SHOWN = 10
_GROUPS_SHOWN = 100


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


def print_similar(compared: "Compared", *, as_json: bool, is_written: bool) -> None:
    """Print groups of similar recordings, and how many there are.

    Args:
        compared: The groups.
        as_json: Whether all is printed for a program.
        is_written: Whether the groups are in a file, and so only counted here.
    """
    if as_json:
        print_json(compared.to_dict())
        return
    if compared.groups and not is_written:
        console().print(_groups(compared))
    for note in _notes_on_groups(compared, is_written):
        say(note)


def _groups(compared: "Compared") -> "Table":
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(str(Text(en="group", zh="组")), justify="right", no_wrap=True)
    table.add_column(str(Text(en="similarity", zh="相似度")), justify="right", no_wrap=True)
    table.add_column(str(Text(en="duration", zh="时长")), justify="right", no_wrap=True)
    table.add_column(str(Text(en="recording", zh="录音")), overflow="fold")
    same = str(Text(en="same bytes", zh="文件相同"))
    for number, group in enumerate(compared.groups[:_GROUPS_SHOWN], start=1):
        for place, each in enumerate(group):
            table.add_row(
                str(number) if place == 0 else "",
                same if each.same_bytes else f"{each.similarity:.4f}",
                f"{each.duration:.2f}",
                printable(each.recording).replace("\n", " "),
                end_section=place == len(group) - 1,
            )
    return table


def _notes_on_groups(compared: "Compared", is_written: bool) -> Iterator[Text]:
    more = len(compared.groups) - _GROUPS_SHOWN
    if more > 0 and not is_written:
        yield Text(
            en=f"{more} more groups; -o FILE.csv or --json lists all.",
            zh=f"还有 {more} 组；用 -o FILE.csv 或 --json 可列出全部。",
        )
    count = sum(map(len, compared.groups))
    yield Text(
        en=f"Recordings compared: {compared.recordings}; groups of at least "
        f"{compared.at_least:g}: {len(compared.groups)}, with {count} recordings",
        zh=f"已比较 {compared.recordings} 段录音；相似度不低于 {compared.at_least:g} 的共 "
        f"{len(compared.groups)} 组，含 {count} 段录音",
    )
    if compared.silent:
        yield Text(
            en=f"{compared.silent} of them are silent, and were compared by their bytes only.",
            zh=f"其中 {compared.silent} 段为静音，仅按文件内容是否完全相同来比较。",
        )


def print_mapped(mapped: "Mapped") -> None:
    """Say what is on a map."""
    shown = len(mapped.points)
    if mapped.windows:
        say(Text(en=f"Windows on the map: {shown}", zh=f"地图上共有 {shown} 个窗口"))
    else:
        held = sum(len(point.recordings) for point in mapped.points)
        say(
            Text(
                en=f"Recordings on the map: {held}, as {shown} different sounds",
                zh=f"地图上共有 {held} 段录音，{shown} 种不同内容",
            )
        )
    if mapped.is_sample:
        say(
            Text(
                en=f"That is a sample, always the same: there are {mapped.total}, more than a page "
                "shows well.",
                zh=f"这是抽样结果（每次相同）：总数为 {mapped.total}，超出了一页适合显示的数量。",
            )
        )


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
