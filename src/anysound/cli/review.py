"""``anysound review``: give the right label to what a batch was unsure of."""

from pathlib import Path
from typing import Annotated

import typer

from anysound.cli.terminal import help_text, say
from anysound.language import Text, counted


def review(
    results: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS",
            help=help_text(
                "What `anysound batch` wrote: CSV, JSON Lines, Parquet or Excel.",
                "`anysound batch` 写出的表格：CSV、JSON Lines、Parquet 或 Excel。",
            ),
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="TABLE.csv",
            help=help_text(
                "The table recording,label that `eval` and `teach` read; by default "
                "RESULTS.reviewed.csv. One that is there is gone on with.",
                "写出“录音,标签”表格，供 eval 和 teach 使用；默认为 RESULTS.reviewed.csv。"
                "已有的表格会接着写。",
            ),
        ),
    ] = None,
    folder: Annotated[
        str | None,
        typer.Option(
            metavar="FOLDER|URL",
            help=help_text(
                "Where the recordings lie; by default beside the table, or where the batch found "
                "them.",
                "录音所在的位置；默认在表格旁边，或批量识别时的文件夹中查找。",
            ),
        ),
    ] = None,
    labels: Annotated[
        str | None,
        typer.Option(
            "--labels",
            "-l",
            metavar="LABELS",
            help=help_text(
                "More labels to give by a key: a line, @FILE, or a label file. Those of the batch "
                "are there anyway.",
                "更多可以按键选择的标签：一行文字、@文件或标签文件。批量识别所用的标签本来就在。",
            ),
        ),
    ] = None,
    everything: Annotated[
        bool,
        typer.Option(
            "--all", help=help_text("Go through matches too.", "也检查判为“符合”的录音。")
        ),
    ] = False,
    is_mute: Annotated[
        bool,
        typer.Option("--no-play", help=help_text("Draw the sound only.", "不播放，只画出声音。")),
    ] = False,
    is_shown: Annotated[
        bool,
        typer.Option("--show", help=help_text("Draw the sound too.", "播放的同时也画出声音。")),
    ] = False,
) -> None:
    """Ask about one recording after the other until the last, or until q."""
    from anysound.cli.keys import Keys
    from anysound.cli.review_session import Session, Showing, Whereabouts
    from anysound.labels import read_labels
    from anysound.reviewing import Reviewed, find_player, read_results

    more = read_labels(labels) if labels is not None else ()
    found = read_results(results)
    reviewed = Reviewed(output or results.with_name(f"{results.stem}.reviewed.csv"))
    where = Whereabouts(results, folder, found.sources)
    with Keys() as keys:
        session = Session(
            [each for each in found.answers if everything or each.verdict != "match"],
            [*(label.name for label in more), *found.labels],
            reviewed,
            where,
            Showing(None if is_mute else find_player(), is_shown),
            keys,
        )
        session.go_through()
    done, left = len(reviewed.labels), session.left
    say(
        Text(
            en=f"{reviewed.path} has the labels of {counted(done, 'recording')}; {left} left.",
            zh=f"{reviewed.path} 中已有 {done} 段录音的标签，还剩 {left} 段。",
        )
    )
