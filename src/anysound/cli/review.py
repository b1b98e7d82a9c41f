"""``anysound review``: give the right label to what a batch was unsure of."""

import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from anysound.cli.terminal import help_text, printable, say
from anysound.language import Text

if TYPE_CHECKING:
    from anysound.reviewing import Reviewed, Unclear

_MOST_KEYS = 9


def review(
    results: Annotated[
        Path,
        typer.Argument(
            metavar="RESULTS.csv",
            help=help_text(
                "What `anysound batch` wrote: CSV or JSON Lines.",
                "`anysound batch` 写出的表格：CSV 或 JSON Lines。",
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
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help=help_text(
                "Where the recordings lie: the folder the batch was given.",
                "录音所在的文件夹，即批量识别时给出的文件夹。",
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
        bool, typer.Option("--no-play", help=help_text("Play nothing.", "不播放声音。"))
    ] = False,
) -> None:
    """Ask about one recording after the other until the last, or until q."""
    from anysound.reviewing import Reviewed, find_player, read_results

    found = [each for each in read_results(results) if everything or each.verdict != "match"]
    reviewed = Reviewed(output or results.with_name(f"{results.stem}.reviewed.csv"))
    labels = list(dict.fromkeys(label for each in found for label in each.labels))
    session = _Session(found, reviewed, labels, folder or results.parent)
    session.go_through(None if is_mute else find_player())
    say(
        Text(
            en=f"{len(reviewed.labels)} recordings have their label in {reviewed.path}; "
            f"{session.left} are left.",
            zh=f"{reviewed.path} 中已有 {len(reviewed.labels)} 段录音的标签，"
            f"还剩 {session.left} 段。",
        )
    )


class _Session:
    """One sitting."""

    def __init__(
        self, found: Sequence["Unclear"], reviewed: "Reviewed", labels: list[str], folder: Path
    ) -> None:
        self._reviewed = reviewed
        self._labels = labels
        self._folder = folder
        self._waiting = [each for each in found if self._name(each) not in reviewed.labels]
        self._said: list[int] = []  # places in the list, to take back the last
        self._at = 0

    @property
    def left(self) -> int:
        """Recordings without a label."""
        return sum(self._name(each) not in self._reviewed.labels for each in self._waiting)

    def go_through(self, player: tuple[str, ...] | None) -> None:
        """Ask until the end, or until the person has had enough."""
        while self._at < len(self._waiting):
            each = self._waiting[self._at]
            choices = list(dict.fromkeys((*each.labels, *self._labels)))[:_MOST_KEYS]
            self._show(each, choices)
            with self._playing(each, player):
                answer = _ask()
            if answer is None or answer == "q":
                return
            self._do(each, answer, choices)

    def _do(self, each: "Unclear", answer: str, choices: Sequence[str]) -> None:
        from anysound.reviewing import NONE

        if answer == "":
            return  # once more
        if answer == "u":
            self._take_back()
        elif answer == "s":
            self._at += 1
        elif answer == "0":
            self._say(each, NONE)
        elif answer.isdigit():
            if 1 <= int(answer) <= len(choices):
                self._say(each, choices[int(answer) - 1])
        elif answer[0] == "=" and answer[1:].strip():
            label = answer[1:].strip()
            if label not in self._labels:
                self._labels.insert(0, label)
            self._say(each, label)

    def _say(self, each: "Unclear", label: str) -> None:
        self._reviewed.say(self._name(each), label)
        self._said.append(self._at)
        self._at += 1

    def _take_back(self) -> None:
        if self._said:
            self._at = self._said.pop()
            self._reviewed.take_back(self._name(self._waiting[self._at]))

    def _show(self, each: "Unclear", choices: Sequence[str]) -> None:
        verdict = {
            "ambiguous": Text(en="ambiguous", zh="难以区分"),
            "none": Text(en="none", zh="均不吻合"),
        }.get(each.verdict, Text(en="match", zh="符合"))
        print(f"\n[{self._at + 1}/{len(self._waiting)}] {printable(each.recording)}  ({verdict})")
        if each.telling:
            print(f"  {each.telling[0]:.1f}-{each.telling[1]:.1f} s")
        for number, label in enumerate(choices, start=1):
            print(f"  {number}  {printable(label)}")
        keys = Text(
            en="  0 none of them   s skip   u undo   = a new label   Enter play again   q quit",
            zh="  0 都不是   s 跳过   u 撤销   = 输入新标签   回车 重播   q 退出",
        )
        print(keys, flush=True)

    def _playing(
        self, each: "Unclear", player: tuple[str, ...] | None
    ) -> AbstractContextManager[None]:
        from anysound.reviewing import play

        if player is None:
            return nullcontext()
        return play(player, self._folder / each.recording, each.telling)

    def _name(self, each: "Unclear") -> str:
        """Return a recording's path as it counts from the folder of the table."""
        whole = self._folder / each.recording
        try:
            return whole.resolve().relative_to(self._reviewed.path.parent.resolve()).as_posix()
        except ValueError:
            return str(whole.resolve())


def _ask() -> str | None:
    """Return a key, or ``=`` and a label; None at the end of the input.

    From a terminal one key is enough; over a pipe a line is an answer.
    """
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        return line.strip() if line else None
    try:
        key = typer.getchar()
    except EOFError:
        return None
    if key in ("\x04", "\x1b"):
        return None
    if key == "\x03":
        raise KeyboardInterrupt
    if key == "=":
        sys.stdout.write(str(Text(en="  label: ", zh="  标签：")))
        sys.stdout.flush()
        return "=" + sys.stdin.readline()
    return "" if key in "\r\n" else key
