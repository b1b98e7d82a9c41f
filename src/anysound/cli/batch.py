"""``anysound batch``: a folder of recordings into a table."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anysound.cli.loading import open_model, open_thresholds, open_translator
from anysound.cli.terminal import (
    DeviceOption,
    LabelsOption,
    ModelOption,
    PrecisionOption,
    ThresholdsOption,
    TranslatorOption,
    UntranslatedOption,
    console,
    counting,
    printable,
    say,
)
from anysound.language import Text

if TYPE_CHECKING:
    from rich.table import Table

    from anysound.batch import BatchSummary


def batch(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help=str(
                Text(
                    en="Where the recordings are; hidden files and linked folders are left out.",
                    zh="录音所在的文件夹；隐藏文件和链接文件夹不会处理。",
                )
            ),
        ),
    ],
    labels: LabelsOption,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.csv",
            help=str(
                Text(
                    en="The table: one row a recording, for Excel and programs. A text that Excel "
                    "would take for a formula gets an apostrophe before it, a path './'.",
                    zh="结果表格：每段录音一行，Excel 和程序均可读取。会被 Excel 当作公式的文字"
                    "前面加一个单引号，路径前面加 ./。",
                )
            ),
        ),
    ],
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=str(
                Text(
                    en="Recordings classified side by side; by default one per core.",
                    zh="同时处理多少段录音；默认等于 CPU 核数。",
                )
            ),
        ),
    ] = None,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    translator: TranslatorOption = "lexicon",
    untranslated: UntranslatedOption = "refuse",
    thresholds: ThresholdsOption = None,
) -> None:
    """Write the table and print a summary; exit 1 if a recording failed."""
    from anysound.batch import BatchOptions, run_batch
    from anysound.classifier import Classifier
    from anysound.labels import read_labels
    from anysound.models import ModelOptions

    options = BatchOptions(folder, read_labels(labels), output, workers)
    # One thread a recording: the workers keep the cores busy.
    answering = open_model(model, ModelOptions(precision, device, threads=1))
    classifier = Classifier(
        answering,
        translator=open_translator(translator, answering),
        untranslated=untranslated,
        thresholds=open_thresholds(thresholds, answering),
    )
    with counting() as progress:
        task = progress.add_task("", total=None)
        summary = run_batch(
            classifier,
            options,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    _print(summary, output)
    if classifier.model.info.hint:
        say(classifier.model.info.hint)
    if summary.failed:
        raise typer.Exit(1)


def _print(summary: "BatchSummary", output: Path) -> None:
    """Say what came out and what is missing; what went wrong goes to standard error."""
    console().print(_table(summary))
    for note in _notes(summary):
        say(note)
    say(Text(en=f"Written: {output}", zh=f"已写入：{output}"))


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
            en=f"{more} more failed; the table's last column says why.",
            zh=f"还有 {more} 段失败；原因见表格最后一列。",
        )
    if summary.warned:
        yield Text(
            en=f"{summary.warned} were read with warnings; `anysound classify` shows them.",
            zh=f"{summary.warned} 段录音读取时有警告；可用 `anysound classify` 查看。",
        )
    if summary.other_files:
        yield Text(
            en=f"Files passed over, since they are no recordings: {summary.other_files}",
            zh=f"已跳过的非录音文件：{summary.other_files} 个",
        )
    if summary.linked_folders:
        yield Text(
            en=f"Linked folders that were not entered: {summary.linked_folders}",
            zh=f"未进入的链接文件夹：{summary.linked_folders} 个",
        )
