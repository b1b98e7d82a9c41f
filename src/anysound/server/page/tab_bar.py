"""The bar of tabs: which of the page's parts are seen."""

from collections.abc import Mapping

import gradio as gr

from anysound.language import Text
from anysound.server.page.part import Part
from anysound.server.page.script import script
from anysound.server.page.texts import TABS_LABEL


def tab_bar(names: Mapping[str, Text]) -> Part:
    """Make the bar.

    Args:
        names: Of the tabs, by their ids, in order; the first is shown at first.
    """

    def words() -> dict[str, object]:
        return {
            "label": str(TABS_LABEL),
            "names": [[each, str(name)] for each, name in names.items()],
        }

    bar = gr.HTML(
        html_template="<div class='as-tabs'></div>",
        js_on_load=script(__file__),
        apply_default_css=False,
        elem_id="tabs",
        words=words(),
    )
    return Part([bar], lambda: [gr.update(words=words())])
