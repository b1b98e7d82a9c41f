"""A confusion matrix and a calibration curve as SVG pictures.

Text stays text in them, so that whatever shows them uses its own fonts: matplotlib's have no
Chinese. For the same reason matplotlib can't measure it, and the room for it is reckoned here.
"""

import io
import logging
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from anysound.errors import MissingExtraError
from anysound.evaluation.report import WordingReport
from anysound.labels.scan import is_wide
from anysound.language import Text

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_POINTS = 9.0
_LINE = 1.35 * _POINTS / 72  # height of a line of text, in inches
_COLUMN = 0.56 * _POINTS / 72  # width of a narrow character; generous, since fonts differ
_WRAP = 28  # columns of a name in one line
_CELL = 0.42  # inches
_MOST_NUMBERS = 40  # labels beyond which the cells have no numbers
_BLUE = "#1f5fa8"


def confusion_picture(report: WordingReport) -> str:
    """Draw the confusion matrix: rows are true labels, and dark is often.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    names = [wrapped(name) for name in report.names]
    lines = max(len(name.splitlines()) for name in names)
    room = max(_COLUMN * columns(line) for name in names for line in name.splitlines()) + 0.15
    cell = max(_CELL, lines * _LINE + 0.06)
    side = cell * len(names)
    title = _title(report)
    left, bottom, top = room + 0.45, room + 0.45, 0.35 + _LINE * len(title.splitlines())
    width = max(left + side + 0.2, 0.4 + _COLUMN * max(map(columns, title.splitlines())))
    height = bottom + side + top

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes((left / width, bottom / height, side / width, side / height))
        _draw_matrix(axes, report, names)
        figure.text(0.2 / width, 1 - 0.12 / height, title, va="top", fontsize=_POINTS + 1)

    return _svg(draw, width, height)


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
    top = 0.35 + _LINE * len(title.splitlines())
    width = max(5.0, 0.4 + _COLUMN * max(map(columns, title.splitlines())))
    height = 4.6 + top

    def draw(figure: "Figure") -> None:
        axes = figure.add_axes((0.7 / width, 0.6 / height, 4.0 / width, 4.0 / height))
        _draw_curve(axes, report)
        figure.text(0.2 / width, 1 - 0.12 / height, title, va="top", fontsize=_POINTS + 1)

    return _svg(draw, width, height)


def columns(text: str) -> int:
    """Return how many narrow characters a text is wide."""
    return sum(2 if is_wide(character) else 1 for character in text)


def wrapped(name: str) -> str:
    """Break a name into lines, at blanks where there are any; nothing of it is lost."""
    lines, line = [], ""
    for word in _words(name):
        if line and columns(line + word.rstrip()) > _WRAP:
            lines.append(line.rstrip())
            line = ""
        line += word
    return "\n".join([*lines, line.rstrip()])


def _words(name: str) -> Iterator[str]:
    """Cut a text where a line may end: behind a blank, and beside a wide character."""
    word = ""
    for character in name:
        if word and (is_wide(character) or is_wide(word[-1]) or columns(word) >= _WRAP):
            yield word
            word = ""
        word += character
        if character == " ":
            yield word
            word = ""
    if word:
        yield word


def _title(report: WordingReport) -> str:
    share = report.accuracy
    value = f"{share.value:.1%}" if share.value is not None else "-"
    right = Text(
        en=f"first label right: {share.count} of {share.total} ({value})",
        zh=f"首位标签正确：{share.total} 段中 {share.count} 段（{value}）",
    )
    return f"{wrapped(report.wording.name)}\n{right}"


def _draw_matrix(axes: "Axes", report: WordingReport, names: Sequence[str]) -> None:
    counts = report.confusion
    support = np.maximum(counts.sum(axis=1, keepdims=True), 1)
    shares = counts / support
    edges = np.arange(len(names) + 1) - 0.5
    axes.pcolormesh(
        edges, edges, shares, cmap="Blues", vmin=0, vmax=1, edgecolors="#dddddd", lw=0.5
    )
    axes.invert_yaxis()
    places = range(len(names))
    axes.set_xticks(places, names, rotation=90, fontsize=_POINTS)
    axes.set_yticks(places, names, fontsize=_POINTS)
    axes.tick_params(length=0)
    axes.set_xlabel(str(Text(en="first label", zh="首位标签")), fontsize=_POINTS + 1)
    axes.set_ylabel(str(Text(en="true label", zh="真实标签")), fontsize=_POINTS + 1)
    if len(names) > _MOST_NUMBERS:
        return
    for (true, first), count in np.ndenumerate(counts):
        if count:
            ink = "white" if shares[true, first] > 0.55 else "black"
            axes.text(
                first, true, str(count), ha="center", va="center", color=ink, fontsize=_POINTS
            )


def _draw_curve(axes: "Axes", report: WordingReport) -> None:
    axes.plot([0, 1], [0, 1], color="#999999", lw=1, ls="--")
    for each in report.bins:
        share, interval = each.right.value, each.right.interval
        if each.probability is None or share is None or interval is None:
            continue
        axes.plot([each.probability] * 2, interval, color=_BLUE, lw=1, alpha=0.5)
        axes.plot(each.probability, share, "o", color=_BLUE, ms=5)
        axes.annotate(
            str(each.right.total),
            (each.probability, share),
            (5, -9),
            textcoords="offset points",
            fontsize=_POINTS - 2,
            color="#555555",
        )
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1.02)
    axes.set_xlabel(
        str(Text(en="probability of the first label", zh="首位标签的概率")), fontsize=_POINTS + 1
    )
    axes.set_ylabel(
        str(Text(en="share that is right (n, 95 % interval)", zh="正确的比例（数量，95 % 区间）")),
        fontsize=_POINTS + 1,
    )
    axes.grid(color="#eeeeee")
    axes.set_axisbelow(True)


def _svg(draw: "Callable[[Figure], None]", width: float, height: float) -> str:
    try:
        import matplotlib
        from matplotlib.figure import Figure
        from matplotlib.text import Text as DrawnText
    except ImportError as error:
        raise MissingExtraError(Text(en="Drawing pictures", zh="绘制图片"), "eval") from error
    with (
        matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "anysound"}),
        _without_complaints(),
    ):
        figure = Figure(figsize=(width, height), facecolor="white")
        draw(figure)
        for text in figure.findobj(DrawnText):
            text.set_parse_math(False)  # $ is a dollar
        written = io.StringIO()
        figure.savefig(written, format="svg", metadata={"Date": None})
    return written.getvalue()


@contextmanager
def _without_complaints() -> "Iterator[None]":
    """Keep quiet about glyphs that matplotlib's fonts lack: they are drawn by the viewer's."""
    logger = logging.getLogger("matplotlib")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            yield
    finally:
        logger.setLevel(level)
