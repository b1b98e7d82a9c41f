"""The part of the page where a recording is chosen, dropped or made.

``gr.Audio`` refuses what the browser takes for a video, such as the 3gp of a phone, shows what it
can't decode as broken, and follows the browser's language alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import gradio as gr
from gradio.utils import get_upload_folder

from anysound.server.listener import Upload
from anysound.server.page import texts
from anysound.server.page.part import on
from anysound.server.page.script import in_words, script
from anysound.sounds import EXAMPLES, LABELS

SEND = "async (_, ...others) => [await window.anysound.send(), ...others]"
"""JavaScript for an event whose first input is the recording: sends it, and hands on the rest.

The file is sent for each such event anew, so that the server can delete it at once.
"""


def recording_input(max_upload: int, *tabs: str) -> gr.HTML:
    """Make the component; its value in an event is read by ``sent_recording``.

    Args:
        max_upload: Largest file that is taken, in bytes.
        tabs: Where it is seen.
    """
    return gr.HTML(
        html_template="<div class='as-recording'></div>",
        js_on_load=script(__file__),
        apply_default_css=False,
        elem_id="recording",
        elem_classes=on(*tabs),
        words=words(max_upload),
        max_upload=max_upload,
    )


def words(max_upload: int) -> dict[str, Any]:
    """Return the words that the component shows, in the current language."""
    chosen = in_words(texts.RECORDING_WORDS)
    limit = texts.upload_limit(max_upload)
    prefilled = texts.LABELS_PREFILLED
    return {
        **chosen,
        "formats": f"{texts.FORMATS} · {limit}",
        "names": [[each, str(example.name)] for each, example in EXAMPLES.items()],
        "example_labels": str(LABELS),
        "replaced": ["", prefilled.en, prefilled.zh, LABELS.en, LABELS.zh],
    }


def sent_file(value: Any) -> Path | None:
    """Return the file that a browser sent, if it did; never another file of this machine."""
    if not isinstance(value, dict) or not isinstance(value.get("path"), str):
        return None
    path = Path(value["path"]).resolve()
    folder = Path(get_upload_folder()).resolve()
    is_upload = path.is_relative_to(folder) and path.is_file()
    return path if is_upload else None


@contextmanager
def sent_recording(value: Any) -> Iterator[Upload | None]:
    """Open the recording that a browser or a client sent, if it did; it is deleted afterwards."""
    path = sent_file(value)
    if path is None:
        yield None
        return
    try:
        with path.open("rb") as file:
            yield Upload(str(value.get("name") or value.get("orig_name") or ""), file)
    finally:
        delete(path)


def delete(path: Path) -> None:
    """Delete a sent file, and the folder that Gradio made for it."""
    path.unlink(missing_ok=True)
    with suppress(OSError):  # the folder holds another file, too
        path.parent.rmdir()
