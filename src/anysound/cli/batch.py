"""``anysound batch``: many recordings into a table."""

from pathlib import Path
from typing import Annotated

import typer

from anysound.cli.batch_report import following, print_summary
from anysound.cli.cluster_options import AddressOption, EngineOption, cluster_of, threads_of
from anysound.cli.event_options import (
    GapOption,
    HopOption,
    MarginOption,
    ScoreOption,
    WindowOption,
)
from anysound.cli.index_report import say_how_places_are_answered
from anysound.cli.loading import Answering
from anysound.cli.source_options import ExcludeOption, IncludeOption, RecursiveOption
from anysound.cli.terminal import (
    DeviceOption,
    FusedOption,
    LabelsOption,
    ModelOption,
    PrecisionOption,
    ThresholdsOption,
    TranslatorOption,
    UntranslatedOption,
    help_text,
    say,
)
from anysound.language import Text
from anysound.timeline import TimelineOptions

_DEFAULTS = TimelineOptions()


def batch(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help=help_text(
                "Folders, files, patterns in quotes ('rec/**/*.wav'), lists of paths, one a line "
                "(@list.txt), or - for a list on standard input, which NUL may separate too; all "
                "of them may be URLs (s3://bucket/folder). Hidden files and linked folders are "
                "left out.",
                "文件夹、文件、带引号的通配符（'录音/**/*.wav'）、每行一个路径的列表（@列表.txt），"
                "或 - 表示从标准输入读取列表（也可用 NUL 分隔）；都可以是网络地址"
                "（s3://bucket/folder）。隐藏文件和链接文件夹不会处理。",
            ),
        ),
    ],
    labels: LabelsOption,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=help_text(
                "The table, one row a recording: .csv, .jsonl, .xlsx or .parquet. In CSV, a text "
                "that Excel would take for a formula gets an apostrophe before it, a path './'.",
                "结果表格，每段录音一行：.csv、.jsonl、.xlsx 或 .parquet。CSV 中会被 Excel "
                "当作公式的文字前面加一个单引号，路径前面加 ./。",
            ),
        ),
    ],
    events: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help=help_text(
                "Find events too, as `anysound timeline` does, and write all of them into a file: "
                ".csv, .jsonl, .selections.txt (Raven) or .json (Label Studio).",
                "同时像 `anysound timeline` 那样找出事件，全部写入一个文件：.csv、.jsonl、"
                ".selections.txt（Raven）或 .json（Label Studio）。",
            ),
        ),
    ] = None,
    clips: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help=help_text(
                "Find events, and cut each out into a file in a folder of its recording's name. "
                "If FOLDER lies among the recordings, it is not listened to.",
                "找出事件，并截取为单独的文件，按录音分文件夹存放。"
                "若该文件夹位于录音文件夹中，其中的片段不会被识别。",
            ),
        ),
    ] = None,
    index: Annotated[
        str | None,
        typer.Option(
            metavar="INDEX",
            help=help_text(
                "Store what is embedded in an index, a folder or a URL (s3://bucket/archive), "
                "which is made if it isn't there, and don't embed again what is in it: other "
                "labels take seconds. See `anysound index`.",
                "把计算结果存入索引（文件夹或 s3://bucket/archive 等网络地址，不存在则新建），"
                "已在索引中的录音不再重新计算，换标签只需几秒。"
                "详见 `anysound index`。",
            ),
        ),
    ] = None,
    margin: MarginOption = 0.5,
    threshold: ScoreOption = _DEFAULTS.threshold,
    gap: GapOption = _DEFAULTS.gap,
    window: WindowOption = None,
    hop: HopOption = None,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume/--no-resume",
            help=help_text(
                "Take over what an earlier run with these settings has finished, from the hidden "
                "journal beside the output: after a kill only what is left is done, and of a "
                "folder that grew only what is new.",
                "沿用之前相同设置下已完成的结果（记录在输出文件旁的隐藏日志里）：中断后只做剩下的，"
                "文件夹新增录音后只做新增的。",
            ),
        ),
    ] = True,
    recursive: RecursiveOption = True,
    include: IncludeOption = None,
    exclude: ExcludeOption = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=help_text(
                "Recordings classified side by side; by default one per core, on a cluster one "
                "for each of its cores.",
                "同时处理多少段录音；默认等于 CPU 核数，使用集群时等于集群的总核数。",
            ),
        ),
    ] = None,
    engine: EngineOption = "local",
    address: AddressOption = None,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    translator: TranslatorOption = "lexicon",
    untranslated: UntranslatedOption = "refuse",
    thresholds: ThresholdsOption = None,
    fused: FusedOption = False,
) -> None:
    """Write the table and print a summary; exit 1 if a recording failed."""
    from anysound.batch import BatchOptions, EventOptions, SourceOptions, how_to_go_on, run_batch
    from anysound.labels import read_labels
    from anysound.models import ModelOptions

    finding = TimelineOptions(window, hop, threshold, gap=gap)
    wanted = EventOptions(events, clips, margin, finding) if events or clips else None
    label_set = read_labels(labels)
    options = BatchOptions(
        sources=tuple(sources),
        labels=label_set,
        output=output,
        workers=workers,
        resume=resume,
        take=SourceOptions(recursive, tuple(include or ()), tuple(exclude or ())),
        events=wanted,
        processes=True,
        cluster=cluster_of(engine, address),
    )
    run = ModelOptions(precision, device, threads=threads_of(workers, engine), fused=fused)
    answering = Answering(model, run, translator, untranslated, thresholds)
    work = run_batch
    if index:
        from anysound.index import Index

        stored = Index(index)
        answering = answering.as_made(stored.model) if stored.exists else answering
        work = stored.batch
    classifier = answering.classifier()
    try:
        with following() as on_progress:
            summary = work(classifier, options, on_progress)
    except KeyboardInterrupt:
        say(how_to_go_on(options))
        raise
    print_summary(summary, by_index=index is not None)
    if index:
        say_how_places_are_answered(label_set)
    for path in filter(None, [output, events, clips]):
        say(Text(en=f"Written: {path}", zh=f"已写入：{path}"))
    if classifier.model.info.hint:
        say(classifier.model.info.hint)
    if summary.failed:
        raise typer.Exit(1)
