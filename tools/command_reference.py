"""Write the reference of the command line, from the commands themselves.

    python -m tools.command_reference [--output docs]

Writes ``commands.md`` and ``commands.zh-CN.md``. A test compares them with what ``--help`` says.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from typer.core import TyperGroup
from typer.main import get_command

from anysound.cli.app import app
from anysound.language import Language, Text
from tools.markdown import cell, write_where_asked

FILES: dict[Language, str] = {"en": "commands.md", "zh": "commands.zh-CN.md"}

_TITLE = Text(en="# The command line", zh="# 命令参考")
_BEGINNING = Text(
    en="What `anysound COMMAND --help` says, of every command.",
    zh="每个命令的 `anysound 命令 --help` 内容。",
)
_COLUMNS = ("| | |", "|---|---|")


def reference() -> str:
    """Return the reference in the language of ``ANYSOUND_LANG``, which help is read in once."""
    lines = [str(_TITLE), "", str(_BEGINNING)]
    for name, command in _commands("anysound", get_command(app)):
        lines += ["", f"## {name}", "", *_described(name, command)]
    return "\n".join(lines) + "\n"


def _commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(command, TyperGroup):
        yield name, command
        return
    for own, inner in command.commands.items():
        yield from _commands(f"{name} {own}", inner)


def _described(name: str, command: Any) -> Iterator[str]:
    """Give a command's help and its arguments and options, a row each."""
    context = command.context_class(command, info_name=name)
    yield from str(command.help).splitlines()
    yield ""
    yield from _COLUMNS
    for parameter in command.params:
        written, help_text = parameter.get_help_record(context)
        escaped = cell(help_text).replace("*.", "\\*.")  # no emphasis between two patterns
        yield f"| `{cell(written)}` | {escaped} |"


def write(folder: Path) -> None:
    """Write both files, each by a process of its own language."""
    for language, file in FILES.items():
        done = subprocess.run(
            [sys.executable, "-c", "from tools.command_reference import *; print(reference())"],
            env={**os.environ, "ANYSOUND_LANG": language, "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
            encoding="utf-8",
        )
        (folder / file).write_text(done.stdout.rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_where_asked(__doc__, write, "docs")
