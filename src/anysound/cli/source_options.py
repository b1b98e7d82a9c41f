"""The options of all commands that look for recordings."""

from typing import Annotated, TypeAlias

import typer

from anysound.cli.terminal import help_text

RecursiveOption: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--recursive/--no-recursive",
        help=help_text("Look into folders in a folder.", "是否处理子文件夹。"),
    ),
]
IncludeOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--include",
        metavar="PATTERN",
        help=help_text(
            "Take only what matches, such as '*.wav' or '2026/*/north*'. May be given again.",
            "只处理匹配的录音，例如 '*.wav' 或 '2026/*/北*'。可多次使用。",
        ),
    ),
]
ExcludeOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--exclude",
        metavar="PATTERN",
        help=help_text(
            "Leave out what matches. May be given again.", "排除匹配的录音。可多次使用。"
        ),
    ),
]
