"""What the tabs have in common that ask the listener by a button: its button, and its result."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, TypeVar

import gradio as gr

from anysound.errors import AnysoundError
from anysound.language import Text, use
from anysound.server.api.problems import UNEXPECTED
from anysound.server.page.part import Part, heading, heading_slot, on

T = TypeVar("T")

_TELL_EVERY = 0.7  # seconds
_KEPT_FOR = 3600  # seconds

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Question:
    """What a tab asks, and how it shows what comes of it.

    Attributes:
        tab: Where it is asked.
        title: Heading of the result.
        button: What the button says.
        ids: Of the button's element, and of the result's.
        inputs: What is asked about.
        send: JavaScript that sends files, which are the first of the inputs.
        ask: Is given the inputs' values; gives news of how far it is, and at last the outcome.
            Errors of anysound may be raised.
        view: Shows news, an outcome, a text that says what went wrong, or None, which is before
            anything was asked; in the current language.
        is_news: Tells news from outcomes, which are shown again when the language is changed.
    """

    tab: str
    title: Text
    button: Text
    ids: tuple[str, str]
    inputs: Sequence[Any]
    send: str
    ask: Callable[..., AsyncGenerator[Any, None]]
    view: Callable[[Any], str]
    is_news: Callable[[Any], bool]


def question_part(question: Question, switch: gr.Radio) -> Part:
    """Make the button and the result of a question.

    Args:
        question: What is asked.
        switch: Of the language.
    """

    async def ask(*values: Any) -> AsyncIterator[tuple[str, Any]]:
        *asked, language = values
        async with aclosing(_said(question.ask(*asked))) as told:
            async for each in told:
                with use(language):
                    shown = question.view(each)
                yield shown, None if question.is_news(each) else each

    button_id, result_id = question.ids
    with gr.Column(elem_classes=on(question.tab), min_width=0):
        title = heading_slot(question.title)
        button = gr.Button(question.button.en, variant="primary", elem_id=button_id)
        result = gr.HTML(question.view(None), elem_id=result_id, apply_default_css=False)
        outcome = gr.State(None, time_to_live=_KEPT_FOR)
    button.click(
        ask,
        [*question.inputs, switch],
        [result, outcome],
        js=question.send,
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=None,  # the listener bounds it
    )

    def say(outcome: Any) -> list[Any]:
        words = gr.update(value=str(question.button))
        return [heading(question.title), words, question.view(outcome)]

    return Part([title, button, result], say, [outcome])


async def _said(told: AsyncGenerator[Any, None]) -> AsyncGenerator[Any, None]:
    """Say what went wrong in words."""
    try:
        async with aclosing(told):
            async for each in told:
                yield each
    except AnysoundError as error:
        yield error.text
    except Exception:
        _log.exception("unexpected error")
        yield UNEXPECTED


async def meanwhile(
    task: "asyncio.Task[Any]", news: Callable[[], T], leave: Callable[[], None] = lambda: None
) -> AsyncGenerator[T, None]:
    """Give news of a task until it is done; it is over when this is, even if the page was closed.

    Args:
        task: What is waited for.
        news: Returns how far it is.
        leave: Is called when nobody waits any more.
    """
    try:
        while not task.done():
            yield news()
            await asyncio.wait({task}, timeout=_TELL_EVERY)
    finally:
        leave()
        await asyncio.wait({task})
