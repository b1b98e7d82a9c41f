"""Which of the labels a recording holds."""

import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import gradio as gr

from anysound.errors import AnysoundError
from anysound.language import Language, Text, use
from anysound.results import Classification
from anysound.server.api.problems import UNEXPECTED
from anysound.server.listener import Listener
from anysound.server.page import texts
from anysound.server.page.chart import busy_view, empty_view, problem_view, result_view
from anysound.server.page.glance import look
from anysound.server.page.part import Part, heading, heading_slot, on
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

_log = logging.getLogger(__name__)


def classify_tab(
    listener: Listener, recording: gr.HTML, labels: gr.Textbox, switch: gr.Radio
) -> Part:
    """Make the tab's result; it is asked about the page's recording and labels."""

    async def listen(
        sent: Any, labels: str, language: Language
    ) -> AsyncIterator[tuple[str, Outcome]]:
        with use(language):
            busy = busy_view()
        yield busy, None
        async for outcome in _outcomes(listener, sent, labels):
            with use(language):
                shown = outcome_view(outcome)
            yield shown, outcome

    with gr.Column(elem_classes=on(TAB), min_width=0):
        title = heading_slot(texts.RESULT)
        button = gr.Button(texts.BUTTON.en, variant="primary", elem_id="listen")
        result = gr.HTML(empty_view(), elem_id="result", apply_default_css=False)
        outcome = gr.State(None, time_to_live=3600)
    button.click(
        listen,
        [recording, labels, switch],
        [result, outcome],
        js=SEND,
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=None,  # the listener bounds it
    )

    def say(outcome: Outcome) -> list[Any]:
        return [
            heading(texts.RESULT),
            gr.update(value=str(texts.BUTTON)),
            outcome_view(outcome),
        ]

    return Part([title, button, result], say, [outcome])


async def _outcomes(listener: Listener, sent: Any, labels: str) -> AsyncIterator[Outcome]:
    """Classify an uploaded recording, then draw it; say what went wrong in words."""
    with sent_recording(sent) as upload:
        if upload is None:
            yield texts.NO_RECORDING
            return
        try:
            answered = Answered(await listener.classify(upload, labels), note=texts.DRAWING)
            if answered.result.duration > DRAWN_UP_TO:
                yield replace(answered, note=texts.TOO_LONG_TO_DRAW)
                return
            yield answered
            picture = await listener.hear([upload], look)
            yield Answered(answered.result, picture)
        except AnysoundError as error:
            yield error.text
        except Exception:
            _log.exception("unexpected error")
            yield UNEXPECTED


def outcome_view(outcome: Outcome) -> str:
    """Show what came of it, in the current language."""
    if outcome is None:
        return empty_view()
    if isinstance(outcome, Text):
        return problem_view(outcome)
    return result_view(outcome.result, outcome.picture, outcome.note)
