"""Many recordings to one table.

The page sends the files to the HTTP API itself, a few at a time, so that the server never holds
more of a folder than that. What is in doubt can be played there, and given its right label.
"""

import gradio as gr

from anysound.server.page.part import Part, heading, heading_slot, on
from anysound.server.page.script import in_words, script
from anysound.server.page.texts import batch as texts

TAB = "batch"


def batch_files() -> Part:
    """Make the place where files are chosen; the table's script fills it."""
    title = heading_slot(texts.FILES)
    gr.HTML(
        html_template="<div class='as-recording'></div>",
        js_on_load=None,
        apply_default_css=False,
        elem_id="batch-files",
    )
    return Part([title], lambda: [heading(texts.FILES)])


def batch_tab(max_upload: int) -> Part:
    """Make the tab's table.

    Args:
        max_upload: Largest file that is taken, in bytes.
    """
    with gr.Column(elem_classes=on(TAB), min_width=0):
        title = heading_slot(texts.TITLE)
        component = gr.HTML(
            html_template="<div class='as-batch'></div>",
            js_on_load=script(__file__, "review.js"),
            apply_default_css=False,
            elem_id="batch",
            words=in_words(texts.WORDS),
            max_upload=max_upload,
        )
    return Part(
        [title, component], lambda: [heading(texts.TITLE), gr.update(words=in_words(texts.WORDS))]
    )
