"""When each of the labels is heard in a recording."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Any, TypeAlias

import gradio as gr

from anysound.language import Text
from anysound.server.listener import Listener
from anysound.server.page import texts as page_texts
from anysound.server.page.asking import Question, Way, meanwhile, question_part
from anysound.server.page.chart import problem_view
from anysound.server.page.glance import Watch
from anysound.server.page.part import Part
from anysound.server.page.recording_input import SEND, sent_recording
from anysound.server.page.texts import long_recording as texts
from anysound.server.page.timeline_view import (
    Followed,
    followed_view,
    following_view,
    nothing_view,
)

TAB = "timeline"

Outcome: TypeAlias = Followed | Text | None


def long_recording_tab(
    listener: Listener, recording: gr.HTML, labels: gr.Textbox, switch: gr.Radio
) -> Part:
    """Make the tab's result; it is asked about the page's recording and labels."""
    question = Question(
        tab=TAB,
        title=texts.TITLE,
        ways=[Way(texts.BUTTON, "follow", [recording, labels], partial(_ask, listener), SEND)],
        id="timeline",
        view=_view,
        is_news=lambda told: isinstance(told, Watch),
    )
    return question_part(question, switch)


async def _ask(listener: Listener, sent: Any, labels: str) -> AsyncGenerator[Watch | Outcome, None]:
    """Follow an uploaded recording, and tell how far it is."""
    with sent_recording(sent) as upload:
        if upload is None:
            yield page_texts.NO_RECORDING
            return
        watch = Watch()
        async with aclosing(
            meanwhile(watch.follow(listener, upload, labels), lambda: watch)
        ) as told:
            async for each in told:
                yield each


def _view(outcome: Watch | Outcome) -> str:
    if outcome is None:
        return nothing_view()
    if isinstance(outcome, Text):
        return problem_view(outcome)
    if isinstance(outcome, Watch):
        return following_view(outcome.heard, len(outcome.events))
    return followed_view(outcome)
