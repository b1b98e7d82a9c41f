"""The table of a batch: one row a recording, written whole or not at all."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from anysound.errors import UsageError
from anysound.language import Text
from anysound.results import Classification
from anysound.scoring import Verdict
from anysound.writing import WholeFile, disarmed, disarmed_path

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


class Table:
    """A CSV file in the making: UTF-8 with a mark, so that Excel shows Chinese.

    A context manager; the file appears when the block ends well.
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
        self._whole = WholeFile(output)
        self._text = io.TextIOWrapper(
            self._whole.file, encoding="utf-8-sig", errors="backslashreplace", newline=""
        )
        self._csv = csv.writer(self._text)

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
            self._whole.discard()
            return
        try:
            with self._whole.reporting():
                self._text.flush()
        except BaseException:
            self._whole.discard()
            raise
        self._whole.finish()

    def add(self, row: Row) -> None:
        """Write the next row.

        Raises:
            OutputError: It can't be written, for want of space perhaps.
        """
        self._write(row.cells())

    def _write(self, cells: tuple[str, ...]) -> None:
        with self._whole.reporting():
            self._csv.writerow(cells)


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
