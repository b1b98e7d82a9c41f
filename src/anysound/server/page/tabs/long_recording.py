"""When each of the labels is heard in a recording."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Any, TypeAlias

import gradio as gr

from anysound.errors import AnysoundError
from anysound.labels import read_label_text
from anysound.language import Language, Text, use
from anysound.server.api.problems import UNEXPECTED
from anysound.server.listener import Listener
from anysound.server.page import texts as page_texts
from anysound.server.page.chart import problem_view
from anysound.server.page.glance import Following
from anysound.server.page.part import Part, heading, heading_slot, on
from anysound.server.page.recording_input import SEND, sent_recording
from anysound.server.page.texts import long_recording as texts
from anysound.server.page.timeline_view import (
    Followed,
    followed_view,
    following_view,
    nothing_view,
)

TAB = "timeline"

_TELL_EVERY = 0.7  # seconds

Outcome: TypeAlias = Followed | Text | None

_log = logging.getLogger(__name__)


def long_recording_tab(
    listener: Listener, recording: gr.HTML, labels: gr.Textbox, switch: gr.Radio
) -> Part:
    """Make the tab's result; it is asked about the page's recording and labels."""

    async def follow(
        sent: Any, labels: str, language: Language
    ) -> AsyncIterator[tuple[str, Outcome]]:
        async for outcome in _follow(listener, sent, labels):
            with use(language):
                shown = _view(outcome)
            yield shown, None if isinstance(outcome, Following) else outcome

    with gr.Column(elem_classes=on(TAB), min_width=0):
        title = heading_slot(texts.TITLE)
        button = gr.Button(texts.BUTTON.en, variant="primary", elem_id="follow")
        result = gr.HTML(nothing_view(), elem_id="timeline", apply_default_css=False)
        outcome = gr.State(None, time_to_live=3600)
    button.click(
        follow,
        [recording, labels, switch],
        [result, outcome],
        js=SEND,
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=None,  # the listener bounds it
    )

    def say(outcome: Outcome) -> list[Any]:
        return [heading(texts.TITLE), gr.update(value=str(texts.BUTTON)), _view(outcome)]

    return Part([title, button, result], say, [outcome])


async def _follow(listener: Listener, sent: Any, labels: str) -> AsyncIterator[Following | Outcome]:
    """Follow an uploaded recording, and tell how far it is; say what went wrong in words."""
    with sent_recording(sent) as upload:
        if upload is None:
            yield page_texts.NO_RECORDING
            return
        try:
            following = Following(read_label_text(labels))
            task = asyncio.create_task(listener.hear([upload], following.follow))
            try:
                while not task.done():
                    yield following
                    await asyncio.wait({task}, timeout=_TELL_EVERY)
            finally:  # the page may have been closed: the file is, after this
                following.leave()
                await asyncio.wait({task})
            yield Followed(upload.name, await task, following.warnings)
        except AnysoundError as error:
            yield error.text
        except Exception:
            _log.exception("unexpected error")
            yield UNEXPECTED


def _view(outcome: Following | Outcome) -> str:
    if outcome is None:
        return nothing_view()
    if isinstance(outcome, Text):
        return problem_view(outcome)
    if isinstance(outcome, Following):
        return following_view(outcome.heard, len(outcome.events))
    return followed_view(outcome)
