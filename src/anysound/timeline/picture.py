"""A recording as a picture: scores over time, its events, and its spectrogram."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from anysound.drawing import (
    LINE,
    POINTS,
    Page,
    as_png,
    as_svg,
    check_matplotlib,
    inches,
    undrawable,
)
from anysound.errors import UsageError
from anysound.language import Text, use
from anysound.timeline.event import Event
from anysound.timeline.overview import Overview
from anysound.writing import WholeFile

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_MOST_LABELS = 8
_THRESHOLD = 0.5  # from which on a label fits as well as a match must
_COLOURS = (
    *("#1f77b4", "#d62728", "#2ca02c", "#ff7f0e"),
    *("#9467bd", "#17becf", "#e377c2", "#8c564b"),
)
_GREY = "#777777"

# In inches.
_LEFT, _WIDTH, _RIGHT, _BOTTOM = 0.8, 9.0, 0.25, 0.6
_SPECTROGRAM, _SCORES = 2.2, 2.0
_LANE = 0.13  # of one label's events
_GAP = 0.12
_SWATCH = 0.25  # of colour before a name

_DYNAMIC = 70.0  # dB below the loudest that are told apart
_FREQUENCIES = {100: "100", 500: "500", 1000: "1k", 2000: "2k", 5000: "5k", 10_000: "10k"}
_STEPS = (  # of time, in seconds
    *(0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400),
)
_MOST_STEPS = 10
_IN_SECONDS = 120  # a recording up to which times are shown in seconds alone


def check_picture(output: Path) -> None:
    """Make sure that a picture can be drawn, before the work that it is to show.

    Raises:
        UsageError: The output's name is not that of a picture.
        MissingExtraError: matplotlib is not installed.
    """
    if output.suffix.lower() not in (".png", ".svg"):
        raise _no_picture(output)
    check_matplotlib()


def write_picture(overview: Overview, events: Sequence[Event], output: Path) -> list[Text]:
    """Draw a recording: the scores of the best labels, their events, and the spectrogram.

    In SVG, text stays text. In PNG, it is drawn with the fonts of this system; where they lack
    characters, English and the labels' numbers stand in.

    Args:
        overview: The recording.
        events: That were heard in it.
        output: The picture, in ``.png`` or ``.svg``.

    Returns:
        What the picture does not say, and why.

    Raises:
        UsageError: The output's name is not that of a picture.
        MissingExtraError: matplotlib is not installed.
        OutputError: It can't be written there.
    """
    check_picture(output)
    shown = _best(overview)
    with WholeFile(output) as whole:
        captions = _captions(overview, shown)
        warnings: list[Text] = []
        if output.suffix.lower() == ".svg":
            content = _Picture(overview, events, shown, captions).svg()
        else:
            captions, warnings = _drawable(captions, overview, shown)
            content = _Picture(overview, events, shown, captions).png()
        with whole.reporting():
            whole.file.write(content)
    return warnings


def _best(overview: Overview) -> list[int]:
    """Return the indexes of the labels with the highest scores, in the user's order."""
    highest = overview.scores.max(axis=0, initial=0.0)
    return sorted(np.argsort(-highest, kind="stable")[:_MOST_LABELS].tolist())


@dataclass(frozen=True)
class _Captions:
    """All text of a picture but numbers.

    Attributes:
        recording: Its name.
        some: That not all labels are shown, if so.
        labels: Names of those that are.
        score: What the curves are.
        events: What the bars are.
        time: What passes from left to right.
        frequency: What the height in the spectrogram is.
    """

    recording: str
    some: str
    labels: tuple[str, ...]
    score: str
    events: str
    time: str
    frequency: str

    def characters(self) -> str:
        rest = (self.score, self.events, self.time, self.frequency)
        return "".join([*self.labels, self.recording, self.some, *rest])


def _captions(overview: Overview, shown: Sequence[int]) -> _Captions:
    best, count = len(shown), len(overview.labels)
    some = Text(
        en=f"(the best {best} of {count} labels)", zh=f"（{count} 个标签中得分最高的 {best} 个）"
    )
    return _Captions(
        recording=overview.recording,
        some=str(some) if best < count else "",
        labels=tuple(overview.labels[index] for index in shown),
        score=str(Text(en="score", zh="得分")),
        events=str(Text(en="events", zh="事件")),
        time=str(_time(overview.duration)),
        frequency=str(Text(en="frequency (Hz)", zh="频率 (Hz)")),
    )


def _drawable(
    captions: _Captions, overview: Overview, shown: Sequence[int]
) -> tuple[_Captions, list[Text]]:
    """Return captions that this system's fonts can draw, and what they leave out."""
    wanted = captions.characters()
    missing = undrawable(wanted)
    if not missing:
        return captions, []
    few = "".join(dict.fromkeys(each for each in wanted if each in missing))[:8]
    with use("en"):
        captions = _captions(overview, shown)
    numbered = {
        name: f"label {index + 1}"
        for name, index in zip(captions.labels, shown, strict=True)
        if undrawable(name)
    }
    captions = replace(
        captions,
        recording="" if undrawable(captions.recording) else captions.recording,
        labels=tuple(numbered.get(name, name) for name in captions.labels),
    )
    return captions, [_no_font(few, numbered)]


class _Picture:
    """A recording on a page."""

    def __init__(
        self,
        overview: Overview,
        events: Sequence[Event],
        shown: Sequence[int],
        captions: _Captions,
    ) -> None:
        self._overview = overview
        self._events = events
        self._shown = shown
        self._captions = captions
        self._legend = _flow(captions.labels, _WIDTH)
        self._lanes = _LANE * len(shown)
        rows = 1 + max((row for row, *_ in self._legend), default=0)
        height = _BOTTOM + _SPECTROGRAM + self._lanes + _SCORES + 3 * _GAP + (rows + 1.5) * LINE
        self._page = Page(_LEFT + _WIDTH + _RIGHT, height)

    def svg(self) -> bytes:
        return as_svg(self._draw, self._page).encode()

    def png(self) -> bytes:
        return as_png(self._draw, self._page)

    def _draw(self, figure: "Figure") -> None:
        page = self._page
        bottom = _BOTTOM
        spectrogram = figure.add_axes(page.box(_LEFT, bottom, _WIDTH, _SPECTROGRAM))
        self._draw_spectrogram(spectrogram)
        bottom += _SPECTROGRAM + _GAP
        lanes = figure.add_axes(page.box(_LEFT, bottom, _WIDTH, self._lanes))
        self._draw_events(lanes)
        bottom += self._lanes + _GAP
        scores = figure.add_axes(page.box(_LEFT, bottom, _WIDTH, _SCORES))
        self._draw_scores(scores)
        self._write(figure)
        for axes in (spectrogram, lanes, scores):
            axes.set_xlim(0, self._overview.duration)
            axes.tick_params(labelsize=POINTS)

    def _draw_spectrogram(self, axes: "Axes") -> None:
        overview = self._overview
        columns, bands = overview.spectrogram.shape
        loudest = float(overview.spectrogram.max(initial=-100.0))
        axes.imshow(
            overview.spectrogram.T,
            origin="lower",
            aspect="auto",
            extent=(0, columns * overview.column_seconds, 0, bands),
            cmap="magma",
            vmin=loudest - _DYNAMIC,
            vmax=loudest,
        )
        heights = {
            name: np.interp(hertz, overview.frequencies, np.arange(bands) + 0.5)
            for hertz, name in _FREQUENCIES.items()
            if hertz <= overview.frequencies[-1]
        }
        axes.set_yticks(list(heights.values()), list(heights))
        places, names = _ticks(overview.duration)
        axes.set_xticks(places, names)

    def _draw_events(self, axes: "Axes") -> None:
        """Draw a lane for each label, in their order from top to bottom."""
        for lane, (index, colour) in enumerate(zip(self._shown, _COLOURS, strict=False)):
            label = self._overview.labels[index]
            spans = [(e.start, e.end - e.start) for e in self._events if e.label == label]
            # The edge shows a bark in ten hours too.
            axes.broken_barh(spans, (lane + 0.1, 0.8), facecolor=colour, edgecolor=colour, lw=0.8)
        axes.set_ylim(len(self._shown), 0)
        axes.set_xticks([])
        axes.set_yticks([])

    def _draw_scores(self, axes: "Axes") -> None:
        overview = self._overview
        axes.axhline(_THRESHOLD, color=_GREY, lw=0.8, ls="--")
        marker = "." if len(overview.times) == 1 else ""
        for index, colour in zip(self._shown, _COLOURS, strict=False):
            axes.plot(overview.times, overview.scores[:, index], color=colour, lw=1, marker=marker)
        axes.set_ylim(0, 1)
        axes.set_yticks([0, _THRESHOLD, 1])
        places, _ = _ticks(overview.duration)
        axes.set_xticks(places, [""] * len(places))
        axes.grid(axis="x", color="#eeeeee")
        axes.set_axisbelow(True)

    def _write(self, figure: "Figure") -> None:
        """Write all captions, from the lowest to the highest."""
        page, captions = self._page, self._captions
        page.write(figure, captions.time, _LEFT + _WIDTH / 2, 0.15, ha="center")
        upright = {"ha": "center", "rotation": 90, "rotation_mode": "anchor"}
        page.write(figure, captions.frequency, 0.25, _BOTTOM + _SPECTROGRAM / 2, **upright)
        lanes = _BOTTOM + _SPECTROGRAM + _GAP
        beside = {"ha": "right", "va": "center_baseline"}
        page.write(figure, captions.events, _LEFT - 0.08, lanes + self._lanes / 2, **beside)
        scores = lanes + self._lanes + _GAP
        page.write(figure, captions.score, 0.25, scores + _SCORES / 2, **upright)
        top = page.height - 1.2 * LINE
        room = _WIDTH - inches(captions.some)
        title = f"{_shortened(captions.recording, room)} {captions.some}".strip()
        page.write(figure, title, _LEFT, top)
        for (row, left, name), colour in zip(self._legend, _COLOURS, strict=False):
            bottom = top - (row + 1.1) * LINE
            page.write(figure, "\u25a0", _LEFT + left, bottom, color=colour)
            page.write(figure, name, _LEFT + left + _SWATCH, bottom)


def _flow(names: Sequence[str], width: float) -> list[tuple[int, float, str]]:
    """Set names side by side: the row of each, how far it is from the left, and what fits."""
    placed = []
    row, left = 0, 0.0
    for name in names:
        name = _shortened(name, width - _SWATCH)
        needed = _SWATCH + inches(name) * (POINTS + 1) / POINTS
        if left and left + needed > width:
            row, left = row + 1, 0.0
        placed.append((row, left, name))
        left += needed + 0.2
    return placed


def _shortened(text: str, width: float) -> str:
    if inches(text) * (POINTS + 1) / POINTS <= width:
        return text
    while text and inches(f"{text}…") * (POINTS + 1) / POINTS > width:
        text = text[:-1]
    return f"{text}…"


def _ticks(duration: float) -> tuple[list[float], list[str]]:
    """Return round times in a recording, and how a clock shows them."""
    step = next((each for each in _STEPS if duration / each <= _MOST_STEPS), duration / _MOST_STEPS)
    places = [float(place) for place in np.arange(0, duration * (1 + 1e-9), step)]
    return places, [_clock(place, duration) for place in places]


def _time(duration: float) -> Text:
    """Return what the times of ``_clock`` are."""
    if duration < _IN_SECONDS:
        return Text(en="time (s)", zh="时间（秒）")
    if duration < 3600:
        return Text(en="time (min:s)", zh="时间（分:秒）")
    return Text(en="time (h:min:s)", zh="时间（时:分:秒）")


def _clock(seconds: float, duration: float) -> str:
    if duration < _IN_SECONDS:
        return f"{seconds:g}"
    minutes, rest = divmod(round(seconds), 60)
    if duration < 3600:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def _no_picture(output: Path) -> UsageError:
    return UsageError(
        Text(
            en=f"{output}: a picture is written as PNG or SVG. End its name in .png or .svg.",
            zh=f"{output}：图片格式为 PNG 或 SVG，请使用以 .png 或 .svg 结尾的文件名。",
        )
    )


def _no_font(few: str, numbered: dict[str, str]) -> Text:
    names = ", ".join(f"{number} = {name}" for name, number in numbered.items())
    return Text(
        en=f"No font on this system draws {few}, so the picture does without"
        + (f": {names}" if names else "")
        + ". Install one, such as Noto Sans CJK, or end the picture's name in .svg.",
        zh=f"系统中没有能显示“{few}”的字体，图片中已用英文和编号代替"
        + (f"：{names}" if names else "")
        + "。请安装中文字体（例如 Noto Sans CJK），或改用 .svg 文件名。",
    )
