"""Labels taught by examples, and what that changes."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Any, TypeAlias

import gradio as gr

from anysound.language import Text
from anysound.server.listener import Listener
from anysound.server.page.asking import Question, Way, meanwhile, question_part
from anysound.server.page.chart import problem_view
from anysound.server.page.lessons import MOST_LABELS, learn, sent_examples
from anysound.server.page.part import Part, heading, heading_slot
from anysound.server.page.script import in_words, script
from anysound.server.page.teach_view import hearing_view, nothing_view, teaching_view
from anysound.server.page.texts import teach as texts
from anysound.teaching import Teaching

TAB = "teach"

_SEND = "async (_, ...others) => [await window.anysound.send_examples(), ...others]"

Progress: TypeAlias = tuple[int, int]
Outcome: TypeAlias = Teaching | Text | None


def examples_input(max_upload: int) -> tuple[gr.HTML, Part]:
    """Make the place where examples are given.

    Args:
        max_upload: Largest file that is taken, in bytes.
    """
    title = heading_slot(texts.EXAMPLES)
    examples = gr.HTML(
        html_template="<div class='as-teach'></div>",
        js_on_load=script(__file__),
        apply_default_css=False,
        elem_id="examples",
        words=in_words(texts.WORDS),
        max_upload=max_upload,
        most_labels=MOST_LABELS,
    )
    part = Part(
        [title, examples], lambda: [heading(texts.EXAMPLES), gr.update(words=in_words(texts.WORDS))]
    )
    return examples, part


def teach_tab(listener: Listener, examples: gr.HTML, switch: gr.Radio) -> Part:
    """Make the tab's result."""
    question = Question(
        tab=TAB,
        title=texts.TITLE,
        ways=[Way(texts.BUTTON, "teach", [examples], partial(_ask, listener), _SEND)],
        id="taught",
        view=_view,
        is_news=lambda told: isinstance(told, tuple),
    )
    return question_part(question, switch)


async def _ask(listener: Listener, sent: Any) -> AsyncGenerator[Progress | Outcome, None]:
    """Learn from uploaded examples, and tell how far it is."""
    progress: Progress = (0, 0)

    def tell(done: int, total: int) -> None:
        nonlocal progress
        progress = done, total

    with sent_examples(sent) as examples:
        uploads = [upload for each in examples for upload in each.files]
        learning = listener.hear(uploads, partial(learn, examples, tell))
        async with aclosing(meanwhile(learning, lambda: progress)) as told:
            async for each in told:
                yield each


def _view(outcome: Progress | Outcome) -> str:
    if outcome is None:
        return nothing_view()
    if isinstance(outcome, Text):
        return problem_view(outcome)
    if isinstance(outcome, tuple):
        return hearing_view(*outcome)
    return teaching_view(outcome)
