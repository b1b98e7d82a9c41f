"""Shares with their intervals, as Markdown, and the file that keeps them."""

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

KEPT = Path(__file__).parent / "figures.json"


@dataclass(frozen=True)
class Figure:
    """How often something was right.

    Attributes:
        what: What was asked.
        right: Number of right answers.
        total: Number of questions.
    """

    what: str
    right: int
    total: int

    @property
    def share(self) -> float:
        """The share of right answers."""
        return self.right / self.total

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share (Wilson 1927)."""
        z, share, total = 1.96, self.share, self.total
        centre = (share + z * z / (2 * total)) / (1 + z * z / total)
        half = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total**2))
        half /= 1 + z * z / total
        return centre - half, centre + half


def count(what: str, hits: Sequence[bool]) -> Figure:
    """Return the figure of some answers."""
    return Figure(what, int(sum(hits)), len(hits))


def table(title: str, figures: Sequence[Figure]) -> str:
    """Return figures as a Markdown table."""
    rows = [f"| {title} | right | share | 95 % interval |", "|---|---|---|---|"]
    for figure in figures:
        low, high = figure.interval
        right = f"{figure.right} of {figure.total}"
        rows.append(f"| {figure.what} | {right} | {figure.share:.1%} | {low:.0%} - {high:.0%} |")
    return "\n".join(rows)


Report = dict[str, list[Figure]]
"""Figures by the title of their table."""


def markdown(report: Report) -> str:
    """Return all tables of a report."""
    return "\n\n".join(table(title, figures) for title, figures in report.items())


def keep(name: str, revision: str, report: Report) -> None:
    """Write a model's figures into the file, in place of what it said of that model."""
    kept = json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else {}
    tables = {title: [asdict(figure) for figure in rows] for title, rows in report.items()}
    kept[name] = {"revision": revision, "tables": tables}
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def kept(name: str) -> Report:
    """Return the figures that the file has of a model; empty if it has none."""
    if not KEPT.exists():
        return {}
    entry = json.loads(KEPT.read_text(encoding="utf-8")).get(name, {"tables": {}})
    return {title: [Figure(**figure) for figure in rows] for title, rows in entry["tables"].items()}
