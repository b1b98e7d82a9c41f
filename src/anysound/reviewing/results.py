"""The answers of a batch, the most doubtful first."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anysound.evaluation.table import wrong
from anysound.reviewing.tables import read_rows

_ORDER = {"ambiguous": 0, "none": 1, "match": 2}
_MAX_PARAMETERS = 1 << 24  # bytes


@dataclass(frozen=True)
class Unclear:
    """What a batch said of a recording.

    Attributes:
        recording: As the table names it.
        labels: The best and the second label.
        verdict: ``match``, ``ambiguous`` or ``none``.
        margin: How far the best label was ahead.
        telling: The span that spoke most for it, in seconds; None is all of it.
    """

    recording: str
    labels: tuple[str, ...]
    verdict: str
    margin: float
    telling: tuple[float, float] | None


@dataclass(frozen=True)
class Results:
    """What a batch wrote.

    Attributes:
        answers: Ambiguous first, then ``none``, then matches; each the least sure first.
        labels: All that it listened for, as far as is known.
        sources: What it was given to go through.
    """

    answers: tuple[Unclear, ...]
    labels: tuple[str, ...]
    sources: tuple[str, ...]


def read_results(path: Path) -> Results:
    """Read a table that ``anysound batch`` wrote, and the parameters beside it.

    Raises:
        UsageError: It can't be read, or is no such table.
        MissingExtraError: What reads its format is not installed.
    """
    rows = read_rows(path)
    if not rows or not {"recording", "label", "verdict"} <= set(rows[0]):
        raise wrong(
            path,
            "this is no table of `anysound batch`: it lacks recording, label or verdict.",
            "这不是 `anysound batch` 写出的表格：缺少 recording、label 或 verdict 列。",
        )
    found = [_unclear(row) for row in rows if row.get("recording") and row.get("verdict")]
    found.sort(key=lambda each: (_ORDER.get(each.verdict, 3), each.margin))
    parameters = _parameters(path)
    own = dict.fromkeys(label for each in found for label in each.labels)
    labels = dict.fromkeys([*_names(parameters), *own])
    sources = parameters.get("sources")
    return Results(tuple(found), tuple(labels), _texts(sources))


def _unclear(row: Mapping[str, Any]) -> Unclear:
    labels = [str(row.get(name) or "") for name in ("label", "runner_up")]
    start, end = _number(row.get("telling_start")), _number(row.get("telling_end"))
    return Unclear(
        recording=str(row["recording"]),
        labels=tuple(label for label in labels if label),
        verdict=str(row["verdict"]),
        margin=_number(row.get("margin")) or 0.0,
        telling=None if start is None or end is None else (start, end),
    )


def _number(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 <= number < float("inf") else None


def _parameters(path: Path) -> Mapping[str, Any]:
    """Return what the batch wrote down of itself; a help only, so what is unfit is left out."""
    with suppress(OSError, ValueError, RecursionError):
        with path.with_name(f"{path.name}.params.json").open("rb") as file:
            content = json.loads(file.read(_MAX_PARAMETERS))
        if isinstance(content, dict):
            return content
    return {}


def _names(parameters: Mapping[str, Any]) -> tuple[str, ...]:
    labels = parameters.get("labels")
    entries = labels if isinstance(labels, list) else []
    return _texts([entry.get("name") for entry in entries if isinstance(entry, dict)])


def _texts(values: Any) -> tuple[str, ...]:
    entries = values if isinstance(values, list) else []
    return tuple(each for each in entries if isinstance(each, str) and each)
