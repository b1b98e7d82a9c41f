"""``anysound index similar`` and ``map``: an index as a whole, without the audio."""

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from anysound.cli.index_options import Asked, IndexArgument, JsonOption
from anysound.cli.index_report import print_mapped, print_similar
from anysound.cli.terminal import (
    DeviceOption,
    ModelOption,
    ThresholdsOption,
    TranslatorOption,
    UntranslatedOption,
    console,
    counting,
    help_text,
    say,
)
from anysound.language import Text


def similar(
    index: IndexArgument,
    at_least: Annotated[
        float | None,
        typer.Option(
            metavar="SIMILARITY",
            help=help_text(
                "How similar two recordings must be, above 0 and up to 1; by default 0.95.",
                "两段录音至少多相似才算一组，大于 0 且不超过 1；默认 0.95。",
            ),
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.csv",
            help=help_text("A table, one row a recording.", "结果表格，每段录音一行。"),
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Print the groups, or write them."""
    from anysound.index import SIMILAR_FROM, Index, groups_file, write_groups

    asked = SIMILAR_FROM if at_least is None else at_least
    with ExitStack() as stack:
        whole = stack.enter_context(groups_file(output)) if output else None
        with counting() as bar:
            task = bar.add_task("", total=None)
            compared = Index(index).similar(
                asked, lambda done, total: bar.update(task, completed=done, total=total)
            )
        if whole:
            write_groups(compared, whole)
    print_similar(compared, as_json=as_json, is_written=bool(output))
    if output:
        say(Text(en=f"Written: {output}", zh=f"已写入：{output}"))


def map_recordings(
    index: IndexArgument,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE.html",
            help=help_text(
                "The page; it is one file and needs no network.", "地图页面：单个文件，无需联网。"
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
                "What points are coloured by, as for `label`; by default their folders.",
                "按哪些标签着色，写法与 label 相同；默认按所在文件夹着色。",
            ),
        ),
    ] = None,
    windows: Annotated[
        bool,
        typer.Option(
            "--windows",
            help=help_text(
                "Draw every window of the recordings, rather than every recording.",
                "以录音的每个窗口为一个点，而不是每段录音一个点。",
            ),
        ),
    ] = False,
    model: ModelOption = None,
    device: DeviceOption = "auto",
    translator: TranslatorOption = "lexicon",
    untranslated: UntranslatedOption = "refuse",
    thresholds: ThresholdsOption = None,
) -> None:
    """Write the page, and say what is on it."""
    from anysound.index import Index
    from anysound.labels import read_labels

    stored = Index(index)
    label_set = read_labels(labels) if labels is not None else None
    classifier = None
    if label_set is not None:
        asked = Asked(
            model,
            device,
            translator=translator,
            untranslated=untranslated,
            thresholds=thresholds,
        )
        classifier = asked.classifier(stored.model)
    drawing = Text(en="Laying out the points…", zh="正在排列各点…")
    with console(stderr=True).status(str(drawing)):
        mapped = stored.map(output, classifier, label_set, windows=windows)
    print_mapped(mapped)
    say(Text(en=f"Written: {output}", zh=f"已写入：{output}"))
    if classifier and classifier.model.info.hint:
        say(classifier.model.info.hint)
