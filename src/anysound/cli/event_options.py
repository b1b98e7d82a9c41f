"""The options of all commands that find events."""

from typing import Annotated, TypeAlias

import typer

from anysound.cli.terminal import help_text

MarginOption: TypeAlias = Annotated[
    float,
    typer.Option(
        "--margin",
        metavar="SECONDS",
        help=help_text(
            "Sound before and after each event that is cut with it.",
            "截取时在事件前后各保留多少秒。",
        ),
    ),
]
ScoreOption: TypeAlias = Annotated[
    float,
    typer.Option(
        "--threshold",
        metavar="0-1",
        help=help_text(
            "Score from which on a label is heard; lower finds more and errs more.",
            "得分达到多少算听到；越低找到的越多，误报也越多。",
        ),
    ),
]
GapOption: TypeAlias = Annotated[
    float,
    typer.Option(
        "--gap",
        metavar="SECONDS",
        help=help_text("Pause that an event outlasts.", "事件中允许的停顿长度。"),
    ),
]
WindowOption: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--window",
        metavar="SECONDS",
        help=help_text(
            "Length of what is heard at once when looking for events; by default what suits the "
            "model.",
            "查找事件时每次识别的窗长；默认取最适合模型的值。",
        ),
    ),
]
HopOption: TypeAlias = Annotated[
    float | None,
    typer.Option(
        "--hop",
        metavar="SECONDS",
        help=help_text(
            "From one window to the next: how finely times are told.",
            "相邻两窗的间隔，即时间的精细程度。",
        ),
    ),
]
