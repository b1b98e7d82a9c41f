"""When each of the labels is heard in a recording."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from functools import partial
from typing import Any, TypeAlias

import gradio as gr

from anysound.labels import read_label_text
from anysound.language import Text
from anysound.server.listener import Listener
from anysound.server.page import texts as page_texts
from anysound.server.page.asking import Question, meanwhile, question_part
from anysound.server.page.chart import problem_view
from anysound.server.page.glance import Following
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
        button=texts.BUTTON,
        ids=("follow", "timeline"),
        inputs=[recording, labels],
        send=SEND,
        ask=partial(_ask, listener),
        view=_view,
        is_news=lambda told: isinstance(told, Following),
    )
    return question_part(question, switch)


async def _ask(
    listener: Listener, sent: Any, labels: str
) -> AsyncGenerator[Following | Outcome, None]:
    """Follow an uploaded recording, and tell how far it is."""
    with sent_recording(sent) as upload:
        if upload is None:
            yield page_texts.NO_RECORDING
            return
        following = Following(read_label_text(labels))
        task = asyncio.create_task(listener.hear([upload], following.follow))
        async with aclosing(meanwhile(task, lambda: following, following.leave)) as news:
            async for each in news:
                yield each
        yield Followed(upload.name, await task, following.warnings)


def _view(outcome: Following | Outcome) -> str:
    if outcome is None:
        return nothing_view()
    if isinstance(outcome, Text):
        return problem_view(outcome)
    if isinstance(outcome, Following):
        return following_view(outcome.heard, len(outcome.events))
    return followed_view(outcome)
