"""Files that the page holds itself, as links: what is downloaded needs no second request."""

import base64
from collections.abc import Iterable
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from anysound.language import Text
from anysound.timeline import Event
from anysound.timeline.formats.choose import open_events

_TYPES = {".csv": "text/csv", ".txt": "text/plain", ".yaml": "application/yaml"}


def download_link(title: Text, name: str, content: bytes) -> str:
    """Return a link that saves a file.

    Args:
        title: What the link says.
        name: Of the file, which the user's machine may change where it must.
        content: Of the file.
    """
    kind = _TYPES.get(Path(name).suffix, "application/octet-stream")
    held = base64.b64encode(content).decode()
    return (
        f'<a class="as-button as-quiet" download="{escape(name)}" '
        f'href="data:{kind};base64,{held}">{escape(str(title))}</a>'
    )


def events_file(ending: str, events: Iterable[Event]) -> bytes:
    """Return a file of one recording's events, in the format of an ending such as ``.csv``."""
    with TemporaryDirectory(prefix="anysound-") as folder:
        path = Path(folder) / f"events{ending}"
        with open_events(path) as output:
            for event in events:
                output.add(event)
        return path.read_bytes()
