"""``anysound teach``: labels that know what your recordings of them sound like."""

from pathlib import Path
from typing import Annotated

import typer

from anysound.cli.loading import Answering
from anysound.cli.terminal import (
    DeviceOption,
    HearersOption,
    ModelOption,
    PrecisionOption,
    ReportOption,
    TranslatorOption,
    UntranslatedOption,
    counting,
    help_text,
    print_json,
    say,
)
from anysound.language import Text
from anysound.models import ModelOptions

_MOST = 20


def teach_labels(
    examples: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER|TABLE.csv",
            help=help_text(
                "A folder that holds a folder for each label, named as the label, with 1 to 20 "
                "recordings of it; or a table with the columns recording,label, such as "
                "`anysound review` writes. What is called none is background.",
                "一个文件夹，其中每个标签一个子文件夹（以标签命名），各放 1 到 20 段录音；"
                "也可以是含“录音,标签”两列的表格，例如 `anysound review` 写出的表格。"
                "名为 none 或“无”的是背景声音。",
            ),
        ),
    ],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="LABELS.yaml",
            help=help_text(
                "Write the taught labels here, for -l of any command.",
                "把学到的标签写到这里，供各命令的 -l 使用。",
            ),
        ),
    ],
    labels: Annotated[
        str | None,
        typer.Option(
            "--labels",
            "-l",
            metavar="LABELS",
            help=help_text(
                "Phrases for the labels, by name: a line, @FILE, or a label file. By default the "
                "names are the phrases.",
                "各标签的短语（按名称对应）：一行文字、@文件或标签文件。默认以名称为短语。",
            ),
        ),
    ] = None,
    background: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help=help_text("Sounds that are none of the labels.", "不属于任何标签的背景声音。"),
        ),
    ] = None,
    most: Annotated[
        int,
        typer.Option(
            min=1,
            metavar="N",
            help=help_text("Recordings of a label to take at most.", "每个标签最多取多少段录音。"),
        ),
    ] = _MOST,
    as_json: ReportOption = False,
    workers: HearersOption = None,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    translator: TranslatorOption = "lexicon",
    untranslated: UntranslatedOption = "refuse",
) -> None:
    """Print what was learnt; exit 1 if recordings were left out."""
    from anysound.cli.teach_report import print_teaching
    from anysound.teaching import TeachOptions, check_output, plan, teach_planned, write_labels

    check_output(output)
    options = TeachOptions(examples, labels, background, most, workers)
    given = plan(options)  # before the model, which may have to be downloaded
    run = ModelOptions(precision, device)
    classifier = Answering(model, run, translator, untranslated, None).classifier()
    with counting() as progress:
        task = progress.add_task("", total=None)
        teaching = teach_planned(
            classifier,
            options,
            given,
            lambda done, total: progress.update(task, completed=done, total=total),
        )
    write_labels(output, teaching.labels, teaching.model)
    if as_json:
        print_json(teaching.to_dict())
    else:
        print_teaching(teaching)
    say(Text(en=f"Written: {output}", zh=f"已写入：{output}"))
    if teaching.failed:
        raise typer.Exit(1)
