"""``anysound doctor``: what is there, what isn't, and what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from anysound.cli.terminal import console, help_text, print_json, printable
from anysound.language import Text, counted

if TYPE_CHECKING:
    from anysound.doctor import Check, Verdict

PortOption: TypeAlias = Annotated[
    int,
    typer.Option(
        min=1,
        max=65535,
        help=help_text("Port that the server would listen on.", "要检查的服务端口。"),
    ),
]
OnlineOption: TypeAlias = Annotated[
    bool | None,
    typer.Option(
        "--online/--offline",
        help=help_text(
            "Count it as a failure if the hub can't be reached, or don't ask for it; by default "
            "it is asked for, and its silence is a warning.",
            "--offline 不检查网络； --online 连不上模型仓库算故障； 默认只作提醒。",
        ),
        show_default=False,
    ),
]
JsonOption: TypeAlias = Annotated[
    bool, typer.Option("--json", help=help_text("Print JSON.", "输出 JSON。"))
]

_SHOWN: dict["Verdict", tuple[str, str, Text]] = {
    "ok": ("✓", "green", Text(en="ok", zh="正常")),
    "warn": ("!", "yellow", Text(en="warn", zh="注意")),
    "fail": ("✗", "red", Text(en="fail", zh="故障")),
    "skipped": ("-", "dim", Text(en="skipped", zh="跳过")),
}
"""Sign, colour and word of each verdict."""


def doctor(
    port: PortOption = 7860, online: OnlineOption = None, as_json: JsonOption = False
) -> None:
    """Look at everything; exit 1 if something is broken."""
    from anysound.doctor import DoctorOptions, examine, worst

    options = DoctorOptions(port=port, online=online)
    with _waiting(as_json):
        checks = examine(options)
    if as_json:
        _print_json(checks)
    else:
        _print_table(checks)
    if worst(checks) == "fail":
        raise typer.Exit(1)


def _print_json(checks: "tuple[Check, ...]") -> None:
    from anysound import __version__
    from anysound.doctor import worst

    listed = [check.to_dict() for check in checks]
    print_json({"anysound": __version__, "verdict": worst(checks), "checks": listed}, indent=1)


def _print_table(checks: "tuple[Check, ...]") -> None:
    from rich.padding import Padding
    from rich.table import Table
    from rich.text import Text as Cell

    out = console()
    is_utf8 = out.encoding.startswith("utf")
    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for check in checks:
        sign, colour, word = _SHOWN[check.verdict]
        mark = Cell(f"{sign} {word}" if is_utf8 else word.en, style=colour)
        table.add_row(mark, Cell(check.name, style="bold"), printable(str(check.found)))
        if check.advice:
            arrow = "→ " if is_utf8 else "> "
            advice = Cell(f"{arrow}{printable(str(check.advice))}", style=colour)
            table.add_row("", "", Padding(advice, (0, 0, 0, 2)))
    out.print(table)
    out.print()
    out.print(str(_summary(checks)), soft_wrap=True)


def _summary(checks: "tuple[Check, ...]") -> Text:
    broken = [check.name for check in checks if check.verdict == "fail"]
    doubtful = [check.name for check in checks if check.verdict == "warn"]
    if not broken and not doubtful:
        return Text(en="All is well.", zh="一切正常。")
    en, zh = [], []
    if broken:
        en.append(f"{counted(len(broken), 'thing')} broken: {', '.join(broken)}.")
        zh.append(f"{len(broken)} 项故障：{'、'.join(broken)}。")
    if doubtful:
        en.append(f"{counted(len(doubtful), 'thing')} to look at: {', '.join(doubtful)}.")
        zh.append(f"{len(doubtful)} 项需要注意：{'、'.join(doubtful)}。")
    if not broken:
        en.append("The rest works.")
        zh.append("其余正常。")
    return Text(en=" ".join(en), zh="".join(zh))


@contextmanager
def _waiting(as_json: bool) -> Iterator[None]:
    """Show on a terminal that something is done."""
    err = console(stderr=True)
    if as_json or not err.is_terminal:
        yield
        return
    with err.status(str(Text(en="Looking at this machine …", zh="正在检查本机 …"))):
        yield
