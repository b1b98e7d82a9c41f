"""Answers that the page's user has gathered, as a file of their own."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from pydantic import BaseModel, Field

from anysound.batch.row import Row
from anysound.batch.tables import table_format
from anysound.language import Text


class SentScore(BaseModel):
    """A label's part of an answer."""

    label: str
    probability: float
    phrases: list[str]


class SentAnswer(BaseModel):
    """What ``/v1/classify`` answered, as far as a table holds it."""

    label: str
    probability: float
    margin: float
    duration: float
    verdict: Literal["match", "ambiguous", "none"]
    telling: tuple[float, float] | None
    scores: list[SentScore] = Field(min_length=1)


class SentRow(BaseModel):
    """A recording, and what was answered or why nothing was."""

    recording: str
    answer: SentAnswer | None = None
    error: str | None = None


class SentTable(BaseModel):
    """The table that is asked for."""

    format: Literal["csv", "xlsx"]
    rows: list[SentRow] = Field(max_length=100_000)


class SentLabels(BaseModel):
    """What the page's user said of recordings: each with its label."""

    labels: list[tuple[str, str]] = Field(max_length=100_000)


def table_file(sent: SentTable) -> bytes:
    """Return the table as ``anysound batch`` writes it."""
    with TemporaryDirectory(prefix="anysound-") as folder:
        path = Path(folder) / f"table.{sent.format}"
        with table_format(path)(path) as table:
            for row in _rows(sent):
                table.add(row)
        return path.read_bytes()


def _rows(sent: SentTable) -> Iterator[Row]:
    for each in sent.rows:
        if each.answer:
            yield _row(each.recording, each.answer)
        else:
            error = each.error or ""
            yield Row(each.recording, error=Text(en=error, zh=error))


def _row(recording: str, answer: SentAnswer) -> Row:
    best, *others = answer.scores
    phrases = tuple(best.phrases)
    return Row(
        recording=recording,
        label=answer.label,
        probability=answer.probability,
        verdict=answer.verdict,
        runner_up=others[0].label if others else "",
        runner_up_probability=others[0].probability if others else None,
        margin=answer.margin,
        duration=answer.duration,
        heard_as=phrases if phrases != (answer.label,) else (),
        telling=answer.telling,
    )
