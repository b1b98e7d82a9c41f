"""A map as one HTML file that needs nothing else: no network, no server.

What a file or a label is called is hostile text. All of it is in one block of JSON, which can't end
the block, and the page's script shows it as text only. Beyond that, the page's own policy lets
nothing run but that script, known by its hash, and nothing be loaded but recordings.
"""

import base64
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from anysound.audio.remote import is_url
from anysound.errors import UsageError
from anysound.index.mapping.layout import Mapped, Point
from anysound.index.mapping.words import WORDS
from anysound.index.store import StoredRecording
from anysound.language import Text, current

_PARTS = {kind: Path(__file__).with_name(f"page.{kind}") for kind in ("html", "css", "js")}
_MOST_CATEGORIES = 30  # that colours and shapes can tell apart
_SAME_SHOWN = 5  # other paths of one sound


def check_page(output: Path) -> None:
    """Make sure that an output's name is that of a page.

    Raises:
        UsageError: It isn't.
    """
    if output.suffix.lower() not in (".html", ".htm"):
        raise UsageError(
            Text(
                en=f"{output}: a map is written to .html.",
                zh=f"{output}：地图只能写入 .html 文件。",
            )
        )


def page_of(mapped: Mapped, name: str, folder: Path) -> bytes:
    """Make the page, in UTF-8.

    Args:
        mapped: What it shows.
        name: Of the index.
        folder: Where the page is to be, from where it leads to the recordings.
    """
    html, style, script = (_PARTS[kind].read_text("utf-8") for kind in ("html", "css", "js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    data = json.dumps(_data(mapped, name, folder), ensure_ascii=False, separators=(",", ":"))
    parts = {
        "language": "zh-CN" if current() == "zh" else "en",
        "hash": f"sha256-{digest}",
        "title": escape(_shown(name)),
        "style": style,
        "script": script,
        "data": data.replace("<", "\\u003c"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], html).encode()


def _data(mapped: Mapped, name: str, folder: Path) -> dict[str, Any]:
    """Return all that the script is told."""
    categories, chosen = _by_label(mapped) if mapped.labels else _by_folder(mapped.points)
    sounds: dict[str, int] = {}
    held = [sounds.setdefault(point.recordings[0].sound, len(sounds)) for point in mapped.points]
    recordings = {point.recordings[0].sound: point.recordings for point in mapped.points}
    counts = Counter(chosen)
    return {
        "language": current(),
        "words": {key: {"en": text.en, "zh": text.zh} for key, text in WORDS.items()},
        "name": _shown(name),
        "total": mapped.total,
        "windows": mapped.windows,
        "labelled": bool(mapped.labels),
        "categories": [
            {"name": each, "kind": kind, "count": counts[number]}
            for number, (each, kind) in enumerate(categories)
        ],
        "sounds": [_sound(recordings[sound], folder) for sound in sounds],
        "points": [
            [round(point.x, 4), round(point.y, 4), category, sound, *_told(point)]
            for point, category, sound in zip(mapped.points, chosen, held, strict=True)
        ],
    }


def _told(point: Point) -> tuple[float | str | None, ...]:
    start, end = point.span or (None, None)
    if not point.answer:
        return start, end
    return start, end, _shown(point.answer.label), round(point.answer.probability, 3)


def _sound(recordings: Sequence[StoredRecording], folder: Path) -> dict[str, Any]:
    first, *others = recordings
    return {
        "path": _shown(first.path),
        "address": _address(first.path, folder),
        "duration": round(first.duration, 2),
        "silent": first.is_silent,
        "same": [_shown(each.path) for each in others[:_SAME_SHOWN]],
        "more": max(0, len(others) - _SAME_SHOWN),
    }


def _address(path: str, folder: Path) -> str:
    """Return how the page leads to a recording; it may move together with it.

    Empty if it is not on this machine: the page asks nothing of the network.
    """
    if is_url(path):
        return ""
    try:
        relative = os.path.relpath(path, folder.absolute())
    except ValueError:  # on another drive
        return PurePath(path).as_uri()
    # With the dot in front, no name is taken for a scheme such as "javascript:".
    return "./" + quote(os.fsencode(relative.replace(os.sep, "/")))


def _by_label(mapped: Mapped) -> tuple[list[tuple[str, str]], list[int]]:
    """Return categories, name and kind, and that of each point: its label, if it matches."""
    matched = [
        point.answer.label
        for point in mapped.points
        if point.answer and point.answer.verdict == "match"
    ]
    categories, places = _most_frequent(matched, mapped.labels, "label")
    ambiguous, none = len(categories), len(categories) + 1
    categories += [("", "ambiguous"), ("", "none")]
    chosen = []
    for point in mapped.points:
        assert point.answer
        place = places[point.answer.label] if point.answer.verdict == "match" else none
        chosen.append(ambiguous if point.answer.verdict == "ambiguous" else place)
    return categories, chosen


def _by_folder(points: Sequence[Point]) -> tuple[list[tuple[str, str]], list[int]]:
    """Return categories, name and kind, and that of each point: the folder it is in."""
    folders = [str(PurePath(point.recordings[0].path).parent) for point in points]
    common = _common(folders)
    names = [_folder_name(folder, common) for folder in folders]
    categories, places = _most_frequent(names, sorted(set(names)), "folder")
    return categories, [places[name] for name in names]


def _common(folders: Iterable[str]) -> str:
    try:
        return os.path.commonpath(set(folders))
    except ValueError:  # on several drives
        return ""


def _folder_name(folder: str, common: str) -> str:
    if not common:
        return _shown(folder)
    inside = os.path.relpath(folder, common)
    return _shown(PurePath(folder).name or folder if inside == os.curdir else inside)


def _most_frequent(
    names: Sequence[str], order: Sequence[str], kind: str
) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """Return a category for each of the most frequent names and one for the rest; their places."""
    counts = Counter(names)
    frequent = sorted(order, key=lambda name: -counts[name])[:_MOST_CATEGORIES]
    own = [name for name in order if name in set(frequent)]
    categories = [(_shown(name), kind) for name in own]
    if len(own) < len(order):
        categories.append(("", "other"))
    places = dict.fromkeys(order, len(own)) | {name: place for place, name in enumerate(own)}
    return categories, places


def _shown(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
