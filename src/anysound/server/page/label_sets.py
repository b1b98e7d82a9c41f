"""The part of the page where label sets are kept, shared and fetched again.

They stay in the browser, in a link's fragment, which browsers send to nobody, or in a file.
"""

from pathlib import Path

import gradio as gr

from anysound.server.page.part import Part
from anysound.server.page.texts.label_sets import WORDS

_SCRIPT = Path(__file__).with_suffix(".js")


def label_sets() -> Part:
    """Make the component, which works on the page's field of labels."""

    def words() -> dict[str, str]:
        return {key: str(text) for key, text in WORDS.items()}

    component = gr.HTML(
        html_template="<div class='as-sets'></div>",
        js_on_load=_SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="label-sets",
        words=words(),
    )
    return Part([component], lambda: [gr.update(words=words())])
