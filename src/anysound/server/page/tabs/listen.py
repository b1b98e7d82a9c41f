"""What is heard right now, by the browser's microphone.

The page talks to the API's WebSocket itself: sound goes there, and what is heard comes back.
"""

import gradio as gr

from anysound.server.page.part import Part, heading, heading_slot, on
from anysound.server.page.script import in_words, script
from anysound.server.page.texts import listen as texts

TAB = "listen"


def microphone() -> Part:
    """Make the place of the microphone; the result's script fills it."""
    title = heading_slot(texts.MICROPHONE)
    gr.HTML(
        html_template="<div class='as-microphone'></div>",
        js_on_load=None,
        apply_default_css=False,
        elem_id="microphone",
    )
    return Part([title], lambda: [heading(texts.MICROPHONE)])


def listen_tab() -> Part:
    """Make the tab's result."""
    with gr.Column(elem_classes=on(TAB), min_width=0):
        title = heading_slot(texts.TITLE)
        component = gr.HTML(
            html_template="<div class='as-live'></div>",
            js_on_load=script(__file__),
            apply_default_css=False,
            elem_id="live",
            words=in_words(texts.WORDS),
        )
    return Part(
        [title, component], lambda: [heading(texts.TITLE), gr.update(words=in_words(texts.WORDS))]
    )
