"""What any button on the page may do: play from a place, copy a text, open a tab."""

import gradio as gr

from anysound.server.page.part import Part
from anysound.server.page.script import in_words, script
from anysound.server.page.texts import ACTION_WORDS


def actions() -> Part:
    """Make the component; it shows nothing by itself but what was done."""
    component = gr.HTML(
        html_template="<p class='as-done' role='status'></p>",
        js_on_load=script(__file__),
        apply_default_css=False,
        elem_id="actions",
        words=in_words(ACTION_WORDS),
    )
    return Part([component], lambda: [gr.update(words=in_words(ACTION_WORDS))])
