"""The columns of a batch's table, the same in every format."""

from typing import TypeAlias

from anysound.batch.row import Row

Cells: TypeAlias = dict[str, str | float | None]
"""A row's values by column; None where there is nothing to say."""

COLUMNS: dict[str, type[str] | type[float]] = {
    "recording": str,
    "label": str,
    "probability": float,
    "verdict": str,
    "runner_up": str,
    "runner_up_probability": float,
    "margin": float,
    "duration": float,
    "error": str,
    "heard_as": str,
    "telling_start": float,
    "telling_end": float,
}
"""Names and kinds, in order; new ones are put behind."""


def cells_of(row: Row) -> Cells:
    """Return a row's values: probabilities to six digits that count, seconds to thousandths.

    What is no Unicode, as in some files' names, is written as escapes: many readers would refuse
    the whole table.
    """
    start, end = row.telling or (None, None)
    return {
        "recording": _printable(row.recording),
        "label": _printable(row.label) or None,
        "probability": _digits(row.probability),
        "verdict": row.verdict,
        "runner_up": _printable(row.runner_up) or None,
        "runner_up_probability": _digits(row.runner_up_probability),
        "margin": _digits(row.margin),
        "duration": _thousandths(row.duration),
        "error": _printable(str(row.error)) if row.error else None,
        "heard_as": _printable(" | ".join(row.heard_as)) or None,
        "telling_start": _thousandths(start),
        "telling_end": _thousandths(end),
    }


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()


def _digits(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.6g}")


def _thousandths(value: float | None) -> float | None:
    return None if value is None else round(float(value), 3)
