"""Answers that the page's user has gathered, as a file of their own."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from anysound.batch.row import Row
from anysound.batch.tables import table_format
from anysound.language import Text, use

FORMATS = ("csv", "xlsx")

_MOST_ROWS = 100_000


def table_file(asked: Any) -> str | None:
    """Return a table in base64; None if it can't be made of what was sent.

    Args:
        asked: ``{"format": "csv", "language": "en", "rows": [{"recording": ..., "answer": ...}]}``;
            an answer is what ``/v1/classify`` gave, and a row may have an ``error`` in its place.
    """
    try:
        if asked["format"] not in FORMATS:
            return None
        rows = [_row(each) for each in asked["rows"][:_MOST_ROWS]]
        with use("zh" if asked["language"] == "zh" else "en"):
            return base64.b64encode(_written(f"table.{asked['format']}", rows)).decode()
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        return None


def _written(name: str, rows: Sequence[Row]) -> bytes:
    with TemporaryDirectory(prefix="anysound-") as folder:
        path = Path(folder) / name
        with table_format(path)(path) as table:
            for row in rows:
                table.add(row)
        return path.read_bytes()


def _row(sent: Mapping[str, Any]) -> Row:
    recording = str(sent["recording"])
    if sent.get("error"):
        error = str(sent["error"])
        return Row(recording, error=Text(en=error, zh=error))
    answer = sent["answer"]
    best, *others = answer["scores"]
    second = others[0] if others else None
    phrases = tuple(str(phrase) for phrase in best["phrases"])
    telling = answer["telling"]
    return Row(
        recording=recording,
        label=str(answer["label"]),
        probability=float(answer["probability"]),
        verdict=answer["verdict"] if answer["verdict"] in ("match", "ambiguous") else "none",
        runner_up=str(second["label"]) if second else "",
        runner_up_probability=float(second["probability"]) if second else None,
        margin=float(answer["margin"]),
        duration=float(answer["duration"]),
        heard_as=phrases if phrases != (answer["label"],) else (),
        telling=(float(telling[0]), float(telling[1])) if telling else None,
    )
