"""The answers of ``anysound classify``: as tables for a person, as JSON for a program."""

from typing import TYPE_CHECKING, Protocol

from anysound.cli.terminal import complain, console, print_json, printable, say
from anysound.errors import RecordingError
from anysound.language import Text, is_chinese
from anysound.results import Classification, Score

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text as Cell

_LABELS_SHOWN = 20
_BAR_WIDTH = 20


class Report(Protocol):
    """Is told each answer as it comes."""

    def answer(self, answer: Classification) -> None:
        """Show the answer for one recording."""

    def failure(self, recording: str, error: RecordingError) -> None:
        """Show why a recording has no answer."""

    def end(self) -> None:
        """Show what is to be said once."""


class JsonReport:
    """One object a line."""

    def answer(self, answer: Classification) -> None:
        """Print the answer in the form of the JSON contract."""
        print_json(answer.to_dict())

    def failure(self, recording: str, error: RecordingError) -> None:
        """Print the recording and its error."""
        print_json({"recording": recording, "error": str(error)})

    def end(self) -> None:
        """Print nothing: each answer has its own hint."""


class TableReport:
    """One table a recording, and the model's hint at the end."""

    def __init__(self) -> None:
        self._console = console()
        self._bar = "█" if self._console.encoding.startswith("utf") else "#"
        self._hint: Text | None = None

    def answer(self, answer: Classification) -> None:
        """Print the table with the verdict, the model and the warnings below it."""
        self._hint = answer.hint
        out = self._console
        seconds = Text(en=f"{answer.duration:.1f} s", zh=f"{answer.duration:.1f} 秒")
        out.print(f"{printable(answer.recording)}  ({seconds})", style="bold", soft_wrap=True)
        out.print(self._table(answer))
        out.print(printable(str(_verdict(answer))), soft_wrap=True)
        if answer.advice:
            out.print(printable(str(answer.advice)), soft_wrap=True)
        if answer.telling:
            start, end = answer.telling
            heard = Text(
                en=f"Heard best at {start:.1f}-{end:.1f} s",
                zh=f"最明显处：{start:.1f}-{end:.1f} 秒",
            )
            out.print(str(heard), soft_wrap=True)
        for warning in answer.warnings:
            text = Text(en=f"Warning: {warning.en}", zh=f"注意：{warning.zh}")
            out.print(printable(str(text)), style="yellow", soft_wrap=True)
        model = f"{answer.model} ({answer.revision}, {answer.precision})"
        text = Text(en=f"Model: {model}", zh=f"模型：{model}")
        out.print(str(text), style="dim", soft_wrap=True)
        out.print()

    def failure(self, recording: str, error: RecordingError) -> None:
        """Print the error, which names the recording."""
        complain(error)

    def end(self) -> None:
        """Print the model's hint."""
        if self._hint:
            say(self._hint)

    def _table(self, answer: Classification) -> "Table":
        from rich.table import Table

        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("#", justify="right", no_wrap=True)
        table.add_column(str(Text(en="label", zh="标签")), overflow="fold")
        table.add_column(str(Text(en="probability", zh="概率")), justify="right", no_wrap=True)
        table.add_column("", width=_BAR_WIDTH, style="green", no_wrap=True)
        table.add_column(str(Text(en="similarity", zh="相似度")), justify="right", no_wrap=True)
        for rank, score in enumerate(answer.scores[:_LABELS_SHOWN], start=1):
            table.add_row(
                str(rank),
                _label_cell(score),
                f"{score.probability:.1%}",
                self._bar * round(score.probability * _BAR_WIDTH),
                "-" if score.similarity is None else f"{score.similarity:.3f}",
                style="bold" if rank == 1 else "",
            )
        more = len(answer.scores) - _LABELS_SHOWN
        if more > 0:
            rest = Text(en=f"{more} more; --json shows all", zh=f"还有 {more} 个；--json 显示全部")
            table.add_row("", str(rest), "", "", "")
        for group in answer.groups[:_LABELS_SHOWN]:
            name = _in_line(group.group)
            table.add_row(
                "",
                str(Text(en=f"group: {name}", zh=f"同组：{name}")),
                f"{group.probability:.1%}",
                self._bar * round(group.probability * _BAR_WIDTH),
                "",
                style="dim",
            )
        return table


def _label_cell(score: Score) -> "Cell":
    """Return the label, and dimmed behind it where it was looked for and what lowered it."""
    from rich.text import Text as Cell

    notes = []
    if score.span and score.span[0] < score.span[1]:  # not outside the recording
        start, end = score.span
        notes.append(Text(en=f"{start:.1f}-{end:.1f} s", zh=f"{start:.1f}-{end:.1f} 秒"))
    if score.avoided:
        phrases = [_in_line(phrase) for phrase in score.avoided]
        notes.append(
            Text(en=f"lowered: {', '.join(phrases)}", zh=f"已降低，也像：{'、'.join(phrases)}")
        )
    if is_chinese(score.label) and not any(map(is_chinese, score.phrases)):  # translated
        phrases = [_in_line(phrase) for phrase in score.phrases]
        notes.append(
            Text(en=f"heard as: {' | '.join(phrases)}", zh=f"按此识别：{' | '.join(phrases)}")
        )
    cell = Cell(_in_line(score.label))
    for note in notes:
        cell.append(f"  [{note}]", style="dim not bold")
    return cell


def _in_line(text: str) -> str:
    return printable(text).replace("\n", " ")


def _verdict(answer: Classification) -> Text:
    best = answer.label
    if answer.verdict == "none":
        return Text(
            en=f"None of the labels fits well enough; the nearest is: {best}",
            zh=f"没有足够吻合的标签；最接近的是：{best}",
        )
    if answer.verdict == "ambiguous":
        second = answer.scores[1].label
        if answer.clear_group:
            group = answer.clear_group
            return Text(
                en=f"Clearly {group}, but too close to call: {best} or {second}",
                zh=f"可以确定是{group}，但难以区分：{best} 或 {second}",
            )
        return Text(en=f"Too close to call: {best} or {second}", zh=f"难以区分：{best} 或 {second}")
    return Text(en=f"Match: {best}", zh=f"识别结果：{best}")
