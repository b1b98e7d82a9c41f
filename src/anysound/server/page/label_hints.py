"""The part of the page that says, while labels are typed, how they could be written better.

It asks the HTTP API itself: an event of Gradio per keystroke would send everything on the page.
"""

import gradio as gr

from anysound.language import current
from anysound.server.page import texts
from anysound.server.page.script import in_words, script


def label_hints(field: str) -> gr.HTML:
    """Make the component.

    Args:
        field: Element id of the text field that the labels are typed in.
    """
    return gr.HTML(
        html_template="<div class='as-hints'></div>",
        js_on_load=script(__file__),
        apply_default_css=False,
        elem_id="label-hints",
        elem_classes="as-nothing",
        words=hint_words(),
        field=field,
    )


def hint_words() -> dict[str, str]:
    """Return the words that the component shows, and the language it asks in: the current one."""
    return {
        "language": current(),
        **in_words(texts.LABEL_HINT_WORDS),
    }
