"""Which of the labels a recording holds."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, TypeAlias

import gradio as gr

from anysound.language import Text
from anysound.results import Classification
from anysound.server.listener import Listener
from anysound.server.page import texts
from anysound.server.page.asking import Question, question_part
from anysound.server.page.chart import busy_view, empty_view, problem_view, result_view
from anysound.server.page.glance import look
from anysound.server.page.part import Part
from anysound.server.page.picture import Picture
from anysound.server.page.recording_input import SEND, sent_recording

TAB = "classify"

DRAWN_UP_TO = 600.0
"""Seconds of a recording that is read again to be drawn."""


@dataclass(frozen=True)
class Answered:
    """A recording that was classified.

    Attributes:
        result: What it holds.
        picture: The recording itself; None if it isn't drawn, or not yet.
        note: Why it isn't.
    """

    result: Classification
    picture: Picture | None = None
    note: Text | None = None


Outcome: TypeAlias = Answered | Text | None
"""What there is to show: an answer, or what went wrong, or nothing yet."""

BUSY: Literal["busy"] = "busy"


def classify_tab(
    listener: Listener, recording: gr.HTML, labels: gr.Textbox, switch: gr.Radio
) -> Part:
    """Make the tab's result; it is asked about the page's recording and labels."""
    question = Question(
        tab=TAB,
        title=texts.RESULT,
        button=texts.BUTTON,
        ids=("listen", "result"),
        inputs=[recording, labels],
        send=SEND,
        ask=partial(_ask, listener),
        view=outcome_view,
        is_news=lambda told: told is BUSY,
    )
    return question_part(question, switch)


async def _ask(
    listener: Listener, sent: Any, labels: str
) -> AsyncGenerator[Literal["busy"] | Outcome, None]:
    """Classify an uploaded recording, then draw it."""
    yield BUSY
    with sent_recording(sent) as upload:
        if upload is None:
            yield texts.NO_RECORDING
            return
        answered = Answered(await listener.classify(upload, labels), note=texts.DRAWING)
        if answered.result.duration > DRAWN_UP_TO:
            yield replace(answered, note=texts.TOO_LONG_TO_DRAW)
            return
        yield answered
        picture = await listener.hear([upload], look)
        yield Answered(answered.result, picture)


def outcome_view(outcome: Literal["busy"] | Outcome) -> str:
    """Show what came of it, in the current language."""
    if outcome == BUSY:
        return busy_view()
    if outcome is None:
        return empty_view()
    if isinstance(outcome, Text):
        return problem_view(outcome)
    return result_view(outcome.result, outcome.picture, outcome.note)
