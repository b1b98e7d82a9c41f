"""The table of a batch: one row a recording, written whole or not at all.

A spreadsheet takes a cell that begins with ``=``, ``+``, ``-`` or ``@`` for a formula, which a
file's name or a label must never become. A path gets ``./`` before it, so that it still leads to
the file; any other text gets an apostrophe, as does one that already has it there, so that
taking one away gives the text back.
"""

import csv
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from anysound.errors import OutputError, UsageError, reason_of
from anysound.language import Text
from anysound.results import Classification
from anysound.scoring import Verdict

COLUMNS = (
    "recording",
    "label",
    "probability",
    "verdict",
    "runner_up",
    "runner_up_probability",
    "margin",
    "duration",
    "error",
    "heard_as",
)

# What spreadsheets take for the beginning of a formula, also behind blanks and apostrophes.
_FORMULA = re.compile(r"'*\s*[=+\-@＝＋－＠]|'*[\t\r\n]")


@dataclass(frozen=True)
class Row:
    """What the table says of one recording.

    Attributes:
        recording: Its path in the folder, with forward slashes.
        label: The best label; empty if the recording failed, as is all below.
        probability: Of the best label.
        verdict: Whether the best label may be trusted.
        runner_up: The second label; empty if there is only one.
        runner_up_probability: Of the second label.
        margin: How far the best label is ahead.
        duration: In seconds.
        warned: Whether the recording was read with warnings; not in the table.
        error: Why the recording failed, or None.
        heard_as: What the best label was heard by, if that is more than its name.
    """

    recording: str
    label: str = ""
    probability: float | None = None
    verdict: Verdict | None = None
    runner_up: str = ""
    runner_up_probability: float | None = None
    margin: float | None = None
    duration: float | None = None
    warned: bool = False
    error: Text | None = None
    heard_as: tuple[str, ...] = ()

    @classmethod
    def of(cls, recording: str, answer: Classification) -> "Row":
        """Make the row of a recording that was classified."""
        best = answer.scores[0]
        second = answer.scores[1] if len(answer.scores) > 1 else None
        return cls(
            recording=recording,
            label=answer.label,
            probability=answer.probability,
            verdict=answer.verdict,
            runner_up=second.label if second else "",
            runner_up_probability=second.probability if second else None,
            margin=answer.margin,
            duration=answer.duration,
            warned=bool(answer.warnings),
            heard_as=best.phrases if best.phrases != (best.label,) else (),
        )

    def cells(self) -> tuple[str, ...]:
        """Return the row as it is written, safe for a spreadsheet to open."""
        return (
            disarmed_path(self.recording),
            disarmed(self.label),
            _number(self.probability, "g"),
            self.verdict or "",
            disarmed(self.runner_up),
            _number(self.runner_up_probability, "g"),
            _number(self.margin, "g"),
            _number(self.duration, "f"),
            disarmed(str(self.error or "")),
            disarmed(" | ".join(self.heard_as)),
        )


def disarmed_path(name: str) -> str:
    """Return the path with ``./`` before it if a spreadsheet might calculate it."""
    return f"./{name}" if _FORMULA.match(name) else name


def disarmed(text: str) -> str:
    """Return the text with an apostrophe before it if a spreadsheet might calculate it."""
    return f"'{text}" if _FORMULA.match(text) else text


def armed(text: str) -> str:
    """Return the text that ``disarmed`` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


class Table:
    """A CSV file in the making: UTF-8 with a mark, so that Excel shows Chinese.

    A context manager. Rows go to a hidden file beside the output, which takes the output's place
    when the block ends well and is removed when it doesn't.
    """

    def __init__(self, output: Path) -> None:
        """Make sure that the output can be written, and begin.

        Args:
            output: Where the table is to be; a file that is there is replaced in the end.

        Raises:
            UsageError: The output's name is not that of a CSV file.
            OutputError: It can't be written there.
        """
        if output.suffix.lower() != ".csv":
            raise _no_csv(output)
        self._output = output
        with self._reporting():
            self._target = output.resolve()  # a link goes on pointing to the table
            if self._target.exists():
                self._target.open("r+b").close()  # fails now rather than when all is done
            self._part = self._target.with_name(f".anysound-{secrets.token_hex(8)}.part")
            self._file = self._part.open(
                "x", encoding="utf-8-sig", errors="backslashreplace", newline=""
            )
        self._csv = csv.writer(self._file)

    def __enter__(self) -> Self:
        self._write(COLUMNS)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if error is not None:
            self._discard()
        else:
            self._finish()

    def add(self, row: Row) -> None:
        """Write the next row.

        Raises:
            OutputError: It can't be written, for want of space perhaps.
        """
        self._write(row.cells())

    def _write(self, cells: tuple[str, ...]) -> None:
        with self._reporting():
            self._csv.writerow(cells)

    def _finish(self) -> None:
        try:
            with self._reporting():
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
        except BaseException:
            self._discard()
            raise
        try:
            self._part.replace(self._target)
        except OSError as error:  # all the work is done: keep it
            raise _not_in_place(self._output, self._part, error) from error

    def _discard(self) -> None:
        with suppress(OSError):
            self._file.close()  # writes what is buffered, and may fail like any writing
        with suppress(OSError):
            self._part.unlink(missing_ok=True)

    @contextmanager
    def _reporting(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError, RuntimeError) as error:
            raise _unwritable(self._output, error) from error


def _number(value: float | None, form: Literal["g", "f"]) -> str:
    """Write six digits that count, or thousandths."""
    if value is None:
        return ""
    return f"{value:.6g}" if form == "g" else f"{value:.3f}"


def _no_csv(output: Path) -> UsageError:
    return UsageError(
        Text(
            en=f"{output}: the table is written as CSV. Give the output a name in .csv.",
            zh=f"{output}：结果表格的格式为 CSV，请使用以 .csv 结尾的文件名。",
        )
    )


def _unwritable(output: Path, error: Exception) -> OutputError:
    reason = reason_of(error)
    return OutputError(
        Text(
            en=f"{output}: the table can't be written there ({reason}). Check that the folder is "
            "there, that it may be written to and has space, and that no other program has the "
            "file open.",
            zh=f"{output}：无法写入结果表格（{reason}）。请确认文件夹存在、可写且空间足够，"
            "并且文件没有被其他程序打开。",
        )
    )


def _not_in_place(output: Path, part: Path, error: OSError) -> OutputError:
    reason = reason_of(error)
    return OutputError(
        Text(
            en=f"{output}: the finished table can't take its place ({reason}). It is kept as "
            f"{part}: move it where you want it.",
            zh=f"{output}：结果表格已完成，但无法替换该文件（{reason}）。"
            f"表格保存在 {part}，请手动移动。",
        )
    )
