"""A confusion matrix and a calibration curve as SVG pictures."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from anysound.drawing import LINE, POINTS, Page, as_svg, inches, wrapped
from anysound.evaluation.report import WordingReport
from anysound.language import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CELL = 0.42  # inches
_MOST_NUMBERS = 40  # labels beyond which the cells have no numbers
_BLUE = "#1f5fa8"


def confusion_picture(report: WordingReport) -> str:
    """Draw the confusion matrix: rows are true labels, and dark is often.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    names = [wrapped(name).splitlines() for name in report.names]
    room = max(inches(line) for name in names for line in name) + 0.15
    cell = max(_CELL, max(map(len, names)) * LINE + 0.06)
    title = _title(report)
    page = Page(
        width=max(room + 0.65 + cell * len(names), _room(title)),
        height=room + 0.45 + cell * len(names) + _room_above(title),
    )

    def draw(figure: "Figure") -> None:
        side = cell * len(names)
        axes = figure.add_axes(page.box(room + 0.45, room + 0.45, side, side))
        _draw_matrix(axes, report)
        _name_cells(axes, names)
        middle = room + 0.45 + side / 2
        first = str(Text(en="first label", zh="首位标签"))
        true = str(Text(en="true label", zh="真实标签"))
        page.write(figure, first, middle, 0.2, ha="center")
        page.write(figure, true, 0.25, middle, ha="center", rotation=90, rotation_mode="anchor")
        page.write_title(figure, title)

    return as_svg(draw, page)


def calibration_picture(report: WordingReport) -> str:
    """Draw how often answers of each probability are right, with intervals.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    title = _title(report)
    error = report.calibration_error
    if error is not None:
        title += "\n" + str(
            Text(en=f"expected calibration error {error:.3f}", zh=f"期望校准误差 {error:.3f}")
        )
    page = Page(width=max(5.0, _room(title)), height=4.7 + _room_above(title))

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes(page.box(0.75, 0.65, 4.0, 4.0))
        _draw_curve(axes, report)
        below = str(Text(en="probability of the first label", zh="首位标签的概率"))
        beside = str(
            Text(en="share that is right (n, 95 % interval)", zh="正确的比例（数量，95 % 区间）")
        )
        page.write(figure, below, 2.75, 0.2, ha="center")
        page.write(figure, beside, 0.25, 2.65, ha="center", rotation=90, rotation_mode="anchor")
        page.write_title(figure, title)

    return as_svg(draw, page)


def _room(title: str) -> float:
    return 0.4 + 1.15 * max(map(inches, title.splitlines()))


def _room_above(title: str) -> float:
    return 0.3 + LINE * len(title.splitlines())


def _title(report: WordingReport) -> str:
    share = report.accuracy
    value = f"{share.value:.1%}" if share.value is not None else "-"
    right = Text(
        en=f"first label right: {share.count} of {share.total} ({value})",
        zh=f"首位标签正确：{share.total} 段中 {share.count} 段（{value}）",
    )
    return f"{wrapped(report.wording.name)}\n{right}"


def _draw_matrix(axes: "Axes", report: WordingReport) -> None:
    counts = report.confusion
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    edges = np.arange(len(counts) + 1) - 0.5
    axes.pcolormesh(
        edges, edges, shares, cmap="Blues", vmin=0, vmax=1, edgecolors="#dddddd", lw=0.5
    )
    axes.invert_yaxis()
    axes.set_xticks([])
    axes.set_yticks([])
    if len(counts) > _MOST_NUMBERS:
        return
    for (true, first), count in np.ndenumerate(counts):
        if count:
            ink = "white" if shares[true, first] > 0.55 else "black"
            axes.text(first, true, str(count), ha="center", va="center", color=ink, fontsize=POINTS)


def _name_cells(axes: "Axes", names: Sequence[Sequence[str]]) -> None:
    """Write the names beside the rows and below the columns, line by line.

    Each line ends at the matrix: that is where its anchor is, however wide its glyphs are.
    """
    for index, lines in enumerate(names):
        for number, line in enumerate(lines):
            offset = ((len(lines) - 1) / 2 - number) * LINE * 72
            style: dict[str, Any] = {
                "textcoords": "offset points",
                "ha": "right",
                "va": "center_baseline",
                "rotation_mode": "anchor",
                "fontsize": POINTS,
            }
            axes.annotate(line, (0, index), (-5, offset), ("axes fraction", "data"), **style)
            axes.annotate(
                line, (index, 0), (-offset, -5), ("data", "axes fraction"), rotation=90, **style
            )


def _draw_curve(axes: "Axes", report: WordingReport) -> None:
    axes.plot([0, 1], [0, 1], color="#999999", lw=1, ls="--")
    for each in report.bins:
        share, interval = each.right.value, each.right.interval
        if each.probability is None or share is None or interval is None:
            continue
        axes.plot([each.probability] * 2, interval, color=_BLUE, lw=1, alpha=0.5)
        axes.plot(each.probability, share, "o", color=_BLUE, ms=5, clip_on=False)
        axes.annotate(
            str(each.right.total),
            (each.probability, share),
            (5, 4 if share < 0.1 else -9),
            textcoords="offset points",
            fontsize=POINTS - 2,
            color="#555555",
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.grid(color="#eeeeee")
    axes.set_axisbelow(True)
