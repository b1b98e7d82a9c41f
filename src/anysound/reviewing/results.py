"""The answers of a batch, the most doubtful first."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from anysound.evaluation.table import text_of, wrong
from anysound.writing import armed

_ORDER = {"ambiguous": 0, "none": 1, "match": 2}
_MAX_BYTES = 1 << 28


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


def read_results(path: Path) -> list[Unclear]:
    """Read a table that ``anysound batch`` wrote, as CSV or JSON Lines.

    Returns:
        What could be answered: ambiguous first, then ``none``, then matches; each the least sure
        first.

    Raises:
        UsageError: It can't be read, or is no such table.
    """
    rows = list(_rows(path, text_of(path, _MAX_BYTES)))
    if not rows or not {"recording", "label", "verdict"} <= set(rows[0]):
        raise wrong(
            path,
            "this is no table of `anysound batch`: it lacks recording, label or verdict.",
            "这不是 `anysound batch` 写出的表格：缺少 recording、label 或 verdict 列。",
        )
    found = [_unclear(row) for row in rows if row.get("recording") and row.get("verdict")]
    return sorted(found, key=lambda each: (_ORDER.get(each.verdict, 3), each.margin))


def _rows(path: Path, text: str) -> Iterator[Mapping[str, Any]]:
    try:
        if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
            for line in text.splitlines():
                row = json.loads(line) if line.strip() else None
                if isinstance(row, dict):
                    yield row
        else:
            yield from csv.DictReader(io.StringIO(text, newline=""), strict=True)
    except (csv.Error, ValueError, RecursionError) as error:
        raise wrong(path, f"it is damaged ({error}).", f"文件已损坏（{error}）。") from error


def _unclear(row: Mapping[str, Any]) -> Unclear:
    labels = [armed(str(row.get(name) or "")) for name in ("label", "runner_up")]
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
        return float(value)
    except (TypeError, ValueError):
        return None
