"""What the page shows of a recording that was followed, in the current language."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import PurePath

from anysound.language import Text
from anysound.server.page.chart import WAVE, panel, warnings_view
from anysound.server.page.downloads import download_link, events_file
from anysound.server.page.picture import Picture, clock, colour, picture_view
from anysound.server.page.texts import long_recording as texts
from anysound.server.page.texts import picture as picture_texts
from anysound.timeline import Event


@dataclass(frozen=True)
class Followed:
    """A recording that was followed to its end.

    Attributes:
        recording: Its name.
        picture: It, with its events.
        warnings: What the user should know.
    """

    recording: str
    picture: Picture
    warnings: tuple[Text, ...]


def nothing_view() -> str:
    """Show that nothing was followed yet."""
    return panel(
        "empty",
        f"{WAVE}<h3>{escape(str(texts.EMPTY_TITLE))}</h3><p>{escape(str(texts.EMPTY))}</p>",
    )


def following_view(heard: float, events: int) -> str:
    """Show how far a recording has been followed."""
    said = f"{texts.HEARD} {clock(heard, fine=False)} · {_counted(events)}"
    return panel("busy", f'{WAVE}<h3 role="status">{escape(said)}</h3>')


def followed_view(followed: Followed) -> str:
    """Show a recording over time, and its events as a table."""
    picture = followed.picture
    labels = [curve.label for curve in picture.curves]
    return panel(
        "timeline",
        f'<header><h3>{escape(followed.recording)}</h3><p class="as-small">'
        f"{clock(picture.duration)} · {escape(_counted(len(picture.events)))}</p></header>"
        f"{warnings_view(followed.warnings)}{picture_view(picture)}"
        f'<p class="as-small">{escape(str(picture_texts.EXPLAINED))}</p>'
        f"{_table(picture.events, labels)}{_downloads(followed)}",
    )


def _counted(count: int) -> str:
    return str(texts.ONE) if count == 1 else str(texts.COUNTED).replace("{}", str(count))


def _table(events: Sequence[Event], labels: Sequence[str]) -> str:
    if not events:
        return (
            f'<div class="as-none-heard"><h4>{escape(str(texts.NO_EVENTS))}</h4>'
            f"<p>{escape(str(texts.NO_EVENTS_EXPLAINED))}</p></div>"
        )
    columns = (texts.START, texts.LENGTH, texts.LABEL, texts.SCORE)
    head = "".join(f'<th scope="col">{escape(str(each))}</th>' for each in columns)
    rows = "".join(_row(event, labels) for event in events)
    title = escape(str(texts.EVENTS))
    return (
        f'<div class="as-table" role="region" tabindex="0" aria-label="{title}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(event: Event, labels: Sequence[str]) -> str:
    at = clock(event.start)
    said = escape(f"{picture_texts.PLAY} {event.label} {at}")
    length = str(texts.SECONDS).replace("{}", f"{event.end - event.start:.1f}")
    return (
        f'<tr><td><button type="button" class="as-at" aria-label="{said}" '
        f'data-from="{event.start:.3f}" data-until="{event.end:.3f}">{at}</button></td>'
        f'<td class="as-number">{escape(length)}</td>'
        f'<td><i class="as-dot {colour(labels, event.label)}" aria-hidden="true"></i>'
        f'{escape(event.label)}</td><td class="as-number">{event.score:.2f}</td></tr>'
    )


def _downloads(followed: Followed) -> str:
    events = followed.picture.events
    if not events:
        return ""
    name = PurePath(followed.recording).stem
    links = download_link(texts.CSV, f"{name}-events.csv", events_file(".csv", events))
    links += download_link(texts.AUDACITY, f"{name}-labels.txt", events_file(".txt", events))
    return f'<div class="as-row as-copies">{links}</div>'
