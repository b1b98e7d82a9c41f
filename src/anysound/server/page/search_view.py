"""What the page shows of a search, in the current language."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import PurePath

from anysound.server.page.chart import WAVE, panel
from anysound.server.page.downloads import download_link, events_file
from anysound.server.page.picture import clock
from anysound.server.page.texts import search as texts
from anysound.timeline import Event


@dataclass(frozen=True)
class Place:
    """Where something was found.

    Attributes:
        recording: Its path.
        start: In seconds.
        end: In seconds.
        similarity: To what was sought.
        clip: The name under which it can be listened to; None if the file isn't there.
    """

    recording: str
    start: float
    end: float
    similarity: float
    clip: str | None


@dataclass(frozen=True)
class Found:
    """What a search has found.

    Attributes:
        sought: What it was for.
        places: The most like it first.
    """

    sought: str
    places: tuple[Place, ...]


def nothing_view(recordings: int, duration: float) -> str:
    """Show that nothing was sought yet, and what there is."""
    said = str(texts.EMPTY).format(recordings, clock(duration, fine=False))
    return panel("empty", f"{WAVE}<h3>{escape(str(texts.EMPTY_TITLE))}</h3><p>{escape(said)}</p>")


def busy_view() -> str:
    """Show that the search goes on."""
    return panel("busy", f'{WAVE}<h3 role="status">{escape(str(texts.BUSY))}</h3>')


def found_view(found: Found) -> str:
    """Show the places as a table, with one player for all of them."""
    title = escape(str(texts.SOUGHT).replace("{}", found.sought))
    if not found.places:
        return panel("none", f"<h3>{title}</h3><p>{escape(str(texts.NOTHING))}</p>")
    heads = (texts.TIME, texts.RECORDING, texts.SIMILARITY)
    head = "".join(f'<th scope="col">{escape(str(each))}</th>' for each in heads)
    player = escape(str(texts.PLAYER))
    return panel(
        "found",
        f'<h3>{title}</h3><p class="as-small">{escape(str(texts.EXPLAINED))}</p>'
        f'<audio class="as-clip" controls preload="none" aria-label="{player}" hidden></audio>'
        f'<div class="as-table" role="region" tabindex="0" aria-label="{title}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(map(_row, found.places))}</tbody>"
        f"</table></div>{_download(found.sought, found.places)}",
    )


def _row(place: Place) -> str:
    at, name = clock(place.start), PurePath(place.recording).name
    if place.clip:
        said = escape(f"{texts.PLAY} {name} {at}")
        time = (
            f'<button type="button" class="as-at" data-clip="{place.clip}" aria-label="{said}">'
            f"{at}</button>"
        )
    else:
        time = f'{at}<br><span class="as-small">{escape(str(texts.NOT_THERE))}</span>'
    similarity = f"{place.similarity:.2f}".replace("-", "−")
    return (
        f'<tr><td class="as-number">{time}</td><td class="as-file">{escape(name)}</td>'
        f'<td class="as-number">{similarity}</td></tr>'
    )


def _download(sought: str, places: Sequence[Place]) -> str:
    events = [
        Event(PurePath(each.recording).name, sought, each.start, each.end, each.similarity)
        for each in places
    ]
    link = download_link(texts.CSV, "found.csv", events_file(".csv", events))
    return f'<div class="as-row as-copies">{link}</div>'
