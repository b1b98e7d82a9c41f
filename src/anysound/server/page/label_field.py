"""The part of the page where labels are written."""

import gradio as gr

from anysound.server.page import texts
from anysound.server.page.label_hints import hint_words, label_hints
from anysound.server.page.label_sets import label_sets
from anysound.server.page.part import Part, heading, heading_slot
from anysound.sounds import LABELS as EXAMPLE_LABELS

TABS = ("classify", "timeline", "batch", "listen")
"""Where labels are asked for; they are the same on all of them."""


def label_field() -> tuple[gr.Textbox, Part]:
    """Make the components, in a column of their own.

    Returns:
        The field, and all that is said around it.
    """
    title = heading_slot(texts.LABELS)
    field = gr.Textbox(
        texts.LABELS_PREFILLED.en,
        label=texts.LABELS.en,
        lines=6,
        max_lines=14,
        elem_id="labels",
        container=False,
    )
    hint = gr.HTML(_hint(), apply_default_css=False)
    hints = label_hints("labels")
    sets = label_sets()

    def say(labels: str) -> list[object]:
        return [
            heading(texts.LABELS),
            gr.update(label=str(texts.LABELS), value=_translated(labels)),
            _hint(),
            gr.update(words=hint_words()),
            *sets.say(),
        ]

    return field, Part([title, field, hint, hints, *sets.spoken], say, [field])


def _translated(labels: str) -> str:
    """Change labels that are still the page's own; leave alone what the user wrote."""
    for own in (texts.LABELS_PREFILLED, EXAMPLE_LABELS):
        if labels in (own.en, own.zh):
            return str(own)
    return labels


def _hint() -> str:
    return f'<p class="as-small">{texts.LABELS_HINT}</p>'
