"""The part of the page that says which model answers while a full one is fetched."""

import gradio as gr

from anysound.language import current
from anysound.server.page.part import Part
from anysound.server.page.script import script
from anysound.server.page.texts import upgrade as texts


def upgrade_notice() -> Part:
    """Make the component; its script asks ``/page/upgrade`` until there is nothing left to say."""
    component = gr.HTML(
        html_template="<div class='as-upgrade'></div>",
        js_on_load=script(__file__),
        apply_default_css=False,
        elem_id="upgrade",
        words=_words(),
    )
    return Part([component], lambda: [gr.update(words=_words())])


def _words() -> dict[str, str]:
    return {"language": current(), "progress": str(texts.PROGRESS)}
