"""A recording as a picture: how well labels fit over time, their events, and the spectrogram.

It is HTML that takes the width it is given. Its events are buttons, from which the recording is
played in the browser that has it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

from anysound.server.page import png
from anysound.server.page.texts import picture as texts
from anysound.timeline import Event
from anysound.timeline.overview import Overview

MOST_LABELS = 8

_COLUMNS = 1000
_HEIGHT = 100  # of the curves, in units of their own
_DYNAMIC = 70.0  # dB below the loudest that are told apart
_LEAST_WIDTH = 0.6  # per cent of the picture, or an event can't be hit
_STEPS = (  # of time, in seconds
    *(0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30),
    *(60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400),
)
_MOST_STEPS = 8


@dataclass(frozen=True)
class Curve:
    """How well a label fits over time.

    Attributes:
        label: Its name.
        points: Time and score, each from 0 to 1.
    """

    label: str
    points: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Picture:
    """What there is to draw of a recording; small, since it waits with the page.

    Attributes:
        duration: In seconds.
        spectrogram: As a PNG.
        curves: Of the labels that fit best at some time, in the user's order.
        events: That were heard, by their start.
    """

    duration: float
    spectrogram: bytes
    curves: tuple[Curve, ...] = ()
    events: tuple[Event, ...] = ()


def picture_of(overview: Overview, events: Sequence[Event] = ()) -> Picture:
    """Return what there is to draw.

    Args:
        overview: The recording at a glance.
        events: That were heard in it.
    """
    return Picture(
        duration=overview.duration,
        spectrogram=png.palette_png(_levels(overview)),
        curves=tuple(_curves(overview)),
        events=tuple(sorted(events, key=lambda event: event.start)),
    )


def picture_view(picture: Picture, telling: tuple[float, float] | None = None) -> str:
    """Draw a picture in the current language.

    Args:
        picture: What there is to draw.
        telling: A span that is marked, in seconds.
    """
    labels = [curve.label for curve in picture.curves]
    content = (
        _legend(labels)
        + _scores(picture)
        + _lanes(picture, labels)
        + _spectrogram(picture, telling)
        + _axis(picture.duration)
    )
    return f'<figure class="as-picture" data-duration="{picture.duration:.3f}">{content}</figure>'


def colour(labels: Sequence[str], label: str) -> str:
    """Return the class that gives a label its colour."""
    return f"as-c{labels.index(label) % MOST_LABELS}" if label in labels else ""


def clock(seconds: float, *, fine: bool = True) -> str:
    """Return a time as people write it, such as 1:02:03.4."""
    tenths = round(seconds * 10) if fine else round(seconds) * 10
    minutes, rest = divmod(tenths, 600)
    hours, minutes = divmod(minutes, 60)
    shown = f"{rest / 10:04.1f}" if fine else f"{rest // 10:02d}"
    return f"{hours}:{minutes:02d}:{shown}" if hours else f"{minutes}:{shown}"


def _levels(overview: Overview) -> NDArray[np.uint8]:
    """Return the spectrogram as bytes, high tones on top, in so many columns that are seen."""
    loudness = overview.spectrogram
    if len(loudness) > _COLUMNS:
        starts = np.linspace(0, len(loudness), _COLUMNS, endpoint=False).astype(int)
        loudness = np.maximum.reduceat(loudness, starts, axis=0)
    highest = float(loudness.max(initial=-200.0))
    share = np.clip(1 + (loudness.T[::-1] - highest) / _DYNAMIC, 0, 1)
    return np.asarray(np.round(share * 255), dtype=np.uint8)


def _curves(overview: Overview) -> list[Curve]:
    times, scores = overview.times, overview.scores
    if not len(times):
        return []
    if len(times) > _COLUMNS:
        starts = np.linspace(0, len(times), _COLUMNS, endpoint=False).astype(int)
        times, scores = times[starts], np.maximum.reduceat(scores, starts, axis=0)
    highest = scores.max(axis=0)
    best = sorted(np.argsort(-highest, kind="stable")[:MOST_LABELS].tolist())
    duration = overview.duration or 1.0
    return [
        Curve(
            overview.labels[index],
            tuple(
                (round(min(float(time) / duration, 1.0), 4), round(float(score), 3))
                for time, score in zip(times, scores[:, index], strict=True)
            ),
        )
        for index in best
    ]


def _legend(labels: Sequence[str]) -> str:
    if not labels:
        return ""
    items = "".join(
        f'<li><i class="{colour(labels, label)}" aria-hidden="true"></i>{escape(label)}</li>'
        for label in labels
    )
    return f'<ul class="as-legend">{items}</ul>'


def _scores(picture: Picture) -> str:
    if not picture.curves:
        return ""
    labels = [curve.label for curve in picture.curves]
    lines = "".join(
        f'<polyline class="{colour(labels, curve.label)}" points="{_points(curve)}"/>'
        for curve in picture.curves
    )
    described = escape(str(texts.SCORES_DRAWN))
    return (
        f'<div class="as-scores"><svg viewBox="0 0 1000 {_HEIGHT}" preserveAspectRatio="none" '
        f'role="img" aria-label="{described}">'
        f'<path class="as-half" d="M0 {_HEIGHT / 2}H1000"/>{lines}</svg>'
        f'<span class="as-small" aria-hidden="true">{escape(str(texts.SCORE))}</span></div>'
    )


def _points(curve: Curve) -> str:
    return " ".join(f"{x * 1000:.1f},{(1 - y) * _HEIGHT:.1f}" for x, y in curve.points)


def _lanes(picture: Picture, labels: Sequence[str]) -> str:
    rows = ""
    for label in labels:
        own = [event for event in picture.events if event.label == label]
        if own:
            buttons = "".join(
                _span_button(
                    (event.start, event.end), picture.duration, label, colour(labels, label)
                )
                for event in own
            )
            rows += f'<div class="as-lane">{buttons}</div>'
    described = escape(str(texts.EVENTS_DRAWN))
    return (
        f'<div class="as-lanes" role="group" aria-label="{described}">{rows}</div>' if rows else ""
    )


def _span_button(span: tuple[float, float], duration: float, label: str, kind: str) -> str:
    start, end = span
    said = escape(f"{texts.PLAY} {label} {clock(start)}–{clock(end)}")
    return (
        f'<button type="button" class="{kind}" style="{_place(span, duration)}" '
        f'data-from="{start:.3f}" data-until="{end:.3f}" title="{said}" aria-label="{said}">'
        "</button>"
    )


def _place(span: tuple[float, float], duration: float) -> str:
    whole = duration or 1.0
    left = min(100 * span[0] / whole, 100 - _LEAST_WIDTH)
    width = min(max(100 * (span[1] - span[0]) / whole, _LEAST_WIDTH), 100 - left)
    return f"left:{left:.3f}%;width:{width:.3f}%"


def _spectrogram(picture: Picture, telling: tuple[float, float] | None) -> str:
    described = escape(str(texts.SPECTROGRAM_DRAWN))
    mark = ""
    if telling:
        mark = f'<mark style="{_place(telling, picture.duration)}"></mark>'
    return (
        f'<div class="as-spectrogram"><img alt="{described}" '
        f'src="{png.data_url(picture.spectrogram)}">{mark}'
        '<i class="as-cursor" aria-hidden="true" hidden></i></div>'
    )


def _axis(duration: float) -> str:
    step = next((each for each in _STEPS if duration <= each * _MOST_STEPS), _STEPS[-1])
    ticks = "".join(
        f'<span style="left:{100 * float(at) / duration:.3f}%">'
        f"{clock(float(at), fine=step < 1)}</span>"
        for at in np.arange(0, duration * 0.9, step)  # a time needs room
    )
    return f'<div class="as-axis" aria-hidden="true">{ticks}</div>'
