"""What ``anysound batch`` shows to a person: how far it is, and what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from anysound.cli.terminal import console, printable, say
from anysound.language import Text

if TYPE_CHECKING:
    from rich.table import Table

    from anysound.batch import BatchSummary, OnProgress, Progress
    from anysound.index import AddSummary

_RESTARTED = Text(
    en="An earlier run wrote this output with other labels, another model or another version: "
    "nothing is taken over from it, and what it has kept makes way for what is finished now.",
    zh="之前写入该文件时使用的标签、模型或版本不同：不会沿用之前的结果，新的结果将取代它们。",
)


@contextmanager
def following() -> "Iterator[OnProgress]":
    """Show how far a batch is, how fast, and how long it will take; on a terminal only."""
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        TextColumn,
        TimeRemainingColumn,
    )
    from rich.progress import (
        Progress as Bar,
    )

    err = console(stderr=True)
    columns = (
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
        TimeRemainingColumn(compact=True),
    )
    with Bar(*columns, console=err, disable=not err.is_terminal, transient=True) as bar:
        task = bar.add_task("", total=None)

        def on_progress(progress: "Progress") -> None:
            if progress.restarted and progress.done == 0:
                say(_RESTARTED)
            elapsed = bar.tasks[0].elapsed or 0.0
            bar.update(
                task,
                completed=progress.done,
                total=progress.total,
                description=str(_pace(progress, elapsed)),
            )

        yield on_progress


def _pace(progress: "Progress", elapsed: float) -> Text:
    """Say how fast it is, by what was not taken over from an earlier run."""
    done = progress.done - progress.kept
    if done == 0 or elapsed < 1:
        return Text(en="", zh="")
    each, pace = done / elapsed, progress.seconds / elapsed
    return Text(
        en=f"{each:.1f} a second, {pace:.0f} x real time",
        zh=f"每秒 {each:.1f} 段，实时速度的 {pace:.0f} 倍",
    )


def print_summary(summary: "BatchSummary", *, by_index: bool = False) -> None:
    """Say what came out and what is missing; what went wrong goes to standard error.

    Args:
        summary: What came of the batch.
        by_index: Whether what it took over was in an index, and not in its journal.
    """
    console().print(_table(summary))
    if summary.kept:
        say(_kept_in_index(summary.kept) if by_index else _kept(summary.kept))
    for note in _notes(summary):
        say(note)


def _kept(count: int) -> Text:
    return Text(
        en=f"{count} had been finished by an earlier run; --no-resume does them again.",
        zh=f"{count} 段沿用了之前的结果；--no-resume 会重新识别。",
    )


def _kept_in_index(count: int) -> Text:
    return Text(
        en=f"{count} were in the index before, and were answered without the audio.",
        zh=f"{count} 段已在索引中，无需读取音频即得出结果。",
    )


def _table(summary: "BatchSummary") -> "Table":
    from rich.table import Table

    counts: list[tuple[str | Text, int]] = sorted(
        summary.labels.items(), key=lambda item: item[1], reverse=True
    )
    counts.append((Text(en="(none fits)", zh="（均不吻合）"), summary.none))
    counts.append((Text(en="(too close to call)", zh="（难以区分）"), summary.ambiguous))
    counts.append((Text(en="(failed)", zh="（失败）"), summary.failed))
    table = Table(box=None, pad_edge=False, header_style="dim")
    table.add_column(str(Text(en="label", zh="标签")), overflow="fold")
    table.add_column(str(Text(en="recordings", zh="录音数")), justify="right", no_wrap=True)
    for name, count in counts:
        table.add_row(printable(str(name)), str(count), style="" if count else "dim")
    return table


def _notes(summary: "BatchSummary") -> Iterator[Text]:
    for failure in summary.failures:
        yield Text(en=f"Failed: {failure.en}", zh=f"失败：{failure.zh}")
    more = summary.failed - len(summary.failures)
    if more:
        yield Text(
            en=f"{more} more failed; the table says why.",
            zh=f"还有 {more} 段失败；原因见表格。",
        )
    if summary.events:
        yield Text(en=f"Events: {summary.events}", zh=f"事件数：{summary.events}")
    if summary.warned:
        yield Text(
            en=f"{summary.warned} were read with warnings; `anysound classify` shows them.",
            zh=f"{summary.warned} 段录音读取时有警告；可用 `anysound classify` 查看。",
        )
    yield from passed_over(summary)


def passed_over(summary: "BatchSummary | AddSummary") -> Iterator[Text]:
    """Say what the sources held besides the recordings."""
    for source in summary.empty:
        yield Text(en=f"No recording in {source}", zh=f"没有录音：{source}")
    if summary.other_files:
        yield Text(
            en=f"Files passed over, since they are no recordings: {summary.other_files}",
            zh=f"已跳过的非录音文件：{summary.other_files} 个",
        )
    if summary.left_out:
        yield Text(
            en=f"Recordings left out by --include and --exclude: {summary.left_out}",
            zh=f"被 --include、--exclude 排除的录音：{summary.left_out} 段",
        )
    if summary.linked_folders:
        yield Text(
            en=f"Linked folders that were not entered: {summary.linked_folders}",
            zh=f"未进入的链接文件夹：{summary.linked_folders} 个",
        )
