"""What any button on the page may do: play from a place, copy a text, open a tab."""

from pathlib import Path

import gradio as gr

from anysound.server.page.part import Part
from anysound.server.page.texts import ACTION_WORDS

_SCRIPT = Path(__file__).with_suffix(".js")


def actions() -> Part:
    """Make the component; it shows nothing by itself but what was done."""

    def words() -> dict[str, str]:
        return {key: str(text) for key, text in ACTION_WORDS.items()}

    component = gr.HTML(
        html_template="<p class='as-done' role='status'></p>",
        js_on_load=_SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="actions",
        words=words(),
    )
    return Part([component], lambda: [gr.update(words=words())])
