"""The part of the page where label sets are kept, shared and fetched again.

They stay in the browser, in a link's fragment, which browsers send to nobody, or in a file.
"""

from pathlib import Path

import gradio as gr

from anysound.labels import read_label_text
from anysound.server.page.part import Part
from anysound.server.page.texts.label_sets import WORDS
from anysound.teaching.label_file import entries

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


def label_yaml(text: str) -> str:
    """Return labels as a label file in YAML.

    Raises:
        LabelError: They can't be understood.
    """
    import yaml  # takes time to import

    content = {"labels": entries(read_label_text(text))}
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=10**6)
