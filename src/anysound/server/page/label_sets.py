"""The part of the page where label sets are kept, shared and fetched again.

They stay in the browser, in a link's fragment, which browsers send to nobody, or in a file.
"""

import gradio as gr

from anysound.server.page.part import Part
from anysound.server.page.script import in_words, script
from anysound.server.page.texts.label_sets import WORDS


def label_sets() -> Part:
    """Make the component, which works on the page's field of labels."""
    component = gr.HTML(
        html_template="<div class='as-sets'></div>",
        js_on_load=script(__file__),
        apply_default_css=False,
        elem_id="label-sets",
        words=in_words(WORDS),
    )
    return Part([component], lambda: [gr.update(words=in_words(WORDS))])
