"""``anysound index``: embed recordings once; then ask for other labels, or where a sound is."""

from pathlib import Path
from typing import Annotated

import typer

from anysound.cli.cluster_options import AddressOption, EngineOption, cluster_of, threads_of
from anysound.cli.event_options import MarginOption
from anysound.cli.index_options import Asked, IndexArgument, JsonOption
from anysound.cli.index_report import (
    print_added,
    print_checked,
    print_info,
    print_moments,
    say_how_places_are_answered,
    write_rows,
)
from anysound.cli.index_views import map_recordings, similar
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
from anysound.errors import UsageError
from anysound.language import Text

app = typer.Typer(
    no_args_is_help=True,
    help=help_text(
        "Embed recordings once; then try other labels in a second, or ask where a sound is.",
        "录音只需计算一次，之后可随时换标签重新识别，或查找某种声音出现在哪里。",
    ),
)


@app.command(
    "add",
    help=help_text(
        "Embed recordings that are new or changed, and store them; interrupted, the same command "
        "goes on.\n\nExample: anysound index add archive recordings",
        "计算并存入新增或改动过的录音；中断后重新运行同一命令即可继续。\n\n"
        "示例：anysound index add 归档 recordings",
    ),
)
def add(
    index: Annotated[
        str,
        typer.Argument(
            metavar="INDEX",
            help=help_text(
                "The index's folder, or a URL (s3://bucket/archive); it is made if it isn't there.",
                "索引所在的文件夹或网络地址（s3://bucket/archive）；不存在则新建。",
            ),
        ),
    ],
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="SOURCE",
            help=help_text(
                "Folders, files, patterns in quotes ('rec/**/*.wav'), lists of paths, one a line "
                "(@list.txt), or - for a list on standard input; all of them may be URLs "
                "(s3://bucket/folder).",
                "文件夹、文件、带引号的通配符（'录音/**/*.wav'）、每行一个路径的列表（@列表.txt），"
                "或 - 表示从标准输入读取列表；都可以是网络地址（s3://bucket/folder）。",
            ),
        ),
    ],
    recursive: RecursiveOption = True,
    include: IncludeOption = None,
    exclude: ExcludeOption = None,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            metavar="N",
            help=help_text(
                "Recordings embedded side by side; by default one per core, on a cluster one for "
                "each of its cores.",
                "同时处理多少段录音；默认等于 CPU 核数，使用集群时等于集群的总核数。",
            ),
        ),
    ] = None,
    engine: EngineOption = "local",
    address: AddressOption = None,
    model: ModelOption = None,
    precision: PrecisionOption = "auto",
    device: DeviceOption = "auto",
    fused: FusedOption = False,
) -> None:
    """Store what is new and say what came of it; exit 1 if a recording failed."""
    from anysound.batch import Progress, SourceOptions
    from anysound.cli.batch_report import following
    from anysound.index import AddOptions, AddProgress, Index

    take = SourceOptions(recursive, tuple(include or ()), tuple(exclude or ()))
    options = AddOptions(tuple(sources), workers, take, cluster_of(engine, address))
    stored = Index(index)
    threads = threads_of(workers, engine)
    classifier = Asked(model, device, precision, fused, threads).classifier(
        stored.model if stored.exists else None
    )
    try:
        with following() as follow:

            def on_progress(each: AddProgress) -> None:
                follow(Progress(each.done, each.total, each.kept, each.seconds))

            summary = stored.add(classifier, options, on_progress)
    except KeyboardInterrupt:
        say(
            Text(
                en="What is finished is in the index: the same command goes on from there.",
                zh="已完成的录音已存入索引：重新运行同一命令即可继续。",
            )
        )
        raise
    print_added(summary)
    if summary.progress.failed:
        raise typer.Exit(1)


@app.command(
    "label",
    help=help_text(
        "Say which of your labels each stored recording holds, without reading it again.\n\n"
        'Example: anysound index label archive -l "dog barking, rain" -o results.csv',
        "用新的标签识别索引中的全部录音，无需重新读取音频。\n\n"
        '示例：anysound index label 归档 -l "狗叫, 下雨" -o 结果.csv',
    ),
)
def label(
    index: IndexArgument,
    labels: LabelsOption,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=help_text(
                "A table, one row a recording: .csv, .jsonl, .xlsx or .parquet.",
                "结果表格，每段录音一行：.csv、.jsonl、.xlsx 或 .parquet。",
            ),
        ),
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json",
            help=help_text("Print a line of JSON for each recording.", "每段录音输出一行 JSON。"),
        ),
    ] = False,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    translator: TranslatorOption = "lexicon",
    untranslated: UntranslatedOption = "refuse",
    thresholds: ThresholdsOption = None,
) -> None:
    """Write or print the rows, and a summary."""
    from anysound.index import Index
    from anysound.labels import read_labels

    label_set = read_labels(labels)
    stored = Index(index)
    asked = Asked(
        model,
        device,
        translator=translator,
        untranslated=untranslated,
        thresholds=thresholds,
    )
    classifier = asked.classifier(stored.model)
    rows = stored.label(classifier, label_set)
    write_rows(rows, label_set, output, as_json=as_json)
    say_how_places_are_answered(label_set)
    if output:
        say(Text(en=f"Written: {output}", zh=f"已写入：{output}"))
    if classifier.model.info.hint:
        say(classifier.model.info.hint)


@app.command(
    "search",
    help=help_text(
        "Find where a sound is, in all recordings.\n\nExample: anysound index search archive "
        '"glass breaking" --top 20',
        "在全部录音中查找某种声音出现的位置。\n\n示例：anysound index search 归档 "
        '"玻璃破碎" --top 20',
    ),
)
def search(
    index: IndexArgument,
    query: Annotated[
        str | None,
        typer.Argument(
            metavar="SOUND",
            help=help_text("What to look for, in your own words.", "要找的声音，用自己的话描述。"),
        ),
    ] = None,
    like: Annotated[
        Path | None,
        typer.Option(
            metavar="RECORDING",
            help=help_text("Look for what sounds like this.", "查找与这段录音相似的声音。"),
        ),
    ] = None,
    top: Annotated[
        int,
        typer.Option(min=1, metavar="N", help=help_text("How many at most.", "最多列出多少处。")),
    ] = 10,
    exact: Annotated[
        bool,
        typer.Option(
            "--exact",
            help=help_text(
                "Look at every window, where a large index would be searched approximately.",
                "逐一比较所有窗口；较大的索引默认使用近似搜索。",
            ),
        ),
    ] = False,
    clips: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help=help_text("Cut each out into a file.", "把每一处截取为单独的文件。"),
        ),
    ] = None,
    margin: MarginOption = 0.5,
    as_json: JsonOption = False,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    translator: TranslatorOption = "lexicon",
    untranslated: UntranslatedOption = "refuse",
) -> None:
    """Print the moments, best first; exit 1 if a clip can't be cut."""
    from anysound.index import Index, cut_moments

    if (query is None) == (like is None):
        raise UsageError(
            Text(
                en="Say what to search for: either words such as 'glass breaking', or "
                "--like RECORDING.",
                zh="请指定要搜索的内容：一段描述（例如“玻璃破碎”），或 --like 录音，二者选一。",
            )
        )
    stored = Index(index)
    asked = Asked(model, device, translator=translator, untranslated=untranslated)
    classifier = asked.classifier(stored.model)
    if like is not None:
        moments = stored.search_like(classifier, like, top, exact=exact)
    else:
        moments = stored.search(classifier, query or "", top, exact=exact)
    print_moments(moments, as_json=as_json)
    if clips:
        failures = cut_moments(moments, query or f"~{like}", clips, margin)
        for failure in failures:
            say(failure)
        cut = len(moments) - len(failures)
        say(Text(en=f"Clips in {clips}: {cut}", zh=f"{clips}：截取了 {cut} 个片段"))
        if failures:
            raise typer.Exit(1)


app.command(
    "similar",
    help=help_text(
        "Group recordings that hold nearly the same sound: another format, a little cut off, "
        "another level.\n\nExample: anysound index similar archive -o groups.csv",
        "把内容几乎相同的录音分组：格式不同、音量不同或略有裁剪。\n\n"
        "示例：anysound index similar 归档 -o 分组.csv",
    ),
)(similar)

app.command(
    "map",
    help=help_text(
        "Draw all recordings as points on a page of its own; what sounds alike is near.\n\n"
        'Example: anysound index map archive -o map.html -l "dog barking, rain"',
        "把全部录音画成一页可交互的地图，声音相似的点靠在一起。\n\n"
        '示例：anysound index map 归档 -o 地图.html -l "狗叫, 下雨"',
    ),
)(map_recordings)


@app.command("info", help=help_text("Show what is in an index.", "显示索引的内容。"))
def info(index: IndexArgument, as_json: JsonOption = False) -> None:
    """Print the facts."""
    from anysound.index import Index

    print_info(Index(index).info(), as_json=as_json)


@app.command(
    "remove",
    help=help_text(
        "Remove recordings from an index; the files themselves stay.",
        "从索引中移除录音；录音文件本身不受影响。",
    ),
)
def remove(
    index: IndexArgument,
    paths: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH",
            help=help_text(
                "Paths of recordings or folders, or patterns in quotes ('rec/2026*').",
                "录音或文件夹的路径，或带引号的通配符（'录音/2026*'）。",
            ),
        ),
    ],
) -> None:
    """Remove them and say how many there were."""
    from anysound.index import Index

    count = Index(index).remove(paths)
    say(Text(en=f"Recordings removed: {count}", zh=f"已移除 {count} 段录音"))


@app.command(
    "verify",
    help=help_text(
        "Read the whole index, and say which recordings are damaged in it.",
        "完整读取索引，指出哪些录音的数据已损坏。",
    ),
)
def verify(
    index: IndexArgument,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            help=help_text(
                "Take what is damaged out of the index, so that `add` embeds it again.",
                "把损坏的录音从索引中移除，之后可用 add 重新加入。",
            ),
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print what is wrong; exit 1 if anything is, and is left so."""
    from anysound.index import Index

    stored = Index(index)
    checked = stored.repair() if repair else stored.verify()
    print_checked(checked, as_json=as_json)
    if repair and checked.damaged:
        say(
            Text(
                en="They are taken out of the index: add them again.",
                zh="已将其从索引中移除，请重新加入。",
            )
        )
    if checked.faults and not repair:
        raise typer.Exit(1)


@app.command(
    "export",
    help=help_text(
        "Write all windows with their embeddings into one file.",
        "把所有窗口及其嵌入向量写入一个文件。",
    ),
)
def export(
    index: IndexArgument,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE",
            help=help_text(".parquet or .npz.", ".parquet 或 .npz。"),
        ),
    ],
) -> None:
    """Write the file."""
    from anysound.index import Index

    Index(index).export(output)
    say(Text(en=f"Written: {output}", zh=f"已写入：{output}"))


@app.command(
    "optimize",
    help=help_text(
        "Make an index smaller and, if it is large, its search fast.",
        "压缩索引；索引较大时还会加快搜索。",
    ),
)
def optimize(index: IndexArgument) -> None:
    """Do so, and show what is in it then."""
    from anysound.index import Index

    stored = Index(index)
    stored.optimize()
    print_info(stored.info(), as_json=False)
