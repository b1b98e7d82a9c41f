"""Which of the labels a recording holds."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Any, Literal, TypeAlias

import gradio as gr

from anysound.language import Text
from anysound.results import Classification
from anysound.server.listener import Listener
from anysound.server.page import texts
from anysound.server.page.asking import BUSY, Question, Way, meanwhile, question_part
from anysound.server.page.chart import busy_view, empty_view, problem_view, result_view
from anysound.server.page.glance import classify_and_draw
from anysound.server.page.part import Part
from anysound.server.page.picture import Picture
from anysound.server.page.recording_input import SEND, sent_recording

TAB = "classify"


Answer: TypeAlias = tuple[Classification, Picture]
"""What a recording holds, and the recording itself."""

Outcome: TypeAlias = Answer | Text | None
"""What there is to show: an answer, or what went wrong, or nothing yet."""


def classify_tab(
    listener: Listener, recording: gr.HTML, labels: gr.Textbox, switch: gr.Radio
) -> Part:
    """Make the tab's result; it is asked about the page's recording and labels."""
    question = Question(
        tab=TAB,
        title=texts.RESULT,
        ways=[Way(texts.BUTTON, "listen", [recording, labels], partial(_ask, listener), SEND)],
        id="result",
        view=outcome_view,
    )
    return question_part(question, switch)


async def _ask(
    listener: Listener, sent: Any, labels: str
) -> AsyncGenerator[Literal["busy"] | Outcome, None]:
    """Classify an uploaded recording, and draw it."""
    with sent_recording(sent) as upload:
        if upload is None:
            yield texts.NO_RECORDING
            return
        answering = classify_and_draw(listener, upload, labels)
        async with aclosing(meanwhile(answering, lambda: BUSY)) as told:
            async for each in told:
                yield each


def outcome_view(outcome: Literal["busy"] | Outcome) -> str:
    """Show what came of it, in the current language."""
    if outcome == BUSY:
        return busy_view()
    if outcome is None:
        return empty_view()
    if isinstance(outcome, Text):
        return problem_view(outcome)
    return result_view(*outcome)
