"""What the tabs have in common that ask the listener: buttons, and a result."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import gradio as gr

from anysound.errors import AnysoundError
from anysound.language import Text, use
from anysound.server.api.problems import UNEXPECTED
from anysound.server.page.part import Part, heading, heading_slot, on

T = TypeVar("T")
News = TypeVar("News")

_TELL_EVERY = 0.7  # seconds
_KEPT_FOR = 3600  # seconds
_VARIANTS: tuple[Literal["primary", "secondary"], ...] = ("primary", "secondary")

_log = logging.getLogger(__name__)


BUSY: Literal["busy"] = "busy"
"""News of work that doesn't tell how far it is."""


@dataclass(frozen=True)
class Way:
    """A button by which a tab asks.

    Attributes:
        button: What it says.
        id: Of its element.
        inputs: What is asked about.
        ask: Is given the inputs' values; gives news of how far it is, and at last the outcome.
            Errors of anysound may be raised.
        send: JavaScript that sends files, which are the first of the inputs; None if there are
            none.
        field: In which the Enter key asks, too.
    """

    button: Text
    id: str
    inputs: Sequence[Any]
    ask: Callable[..., AsyncGenerator[Any, None]]
    send: str | None = None
    field: gr.Textbox | None = None


@dataclass(frozen=True)
class Question:
    """What a tab asks, and how it shows what comes of it.

    Attributes:
        tab: Where it is asked.
        title: Heading of the result.
        ways: To ask, the usual one first.
        id: Of the result's element.
        view: Shows news, an outcome, a text that says what went wrong, or None, which is before
            anything was asked; in the current language.
        is_news: Tells news from outcomes, which are shown again when the language is changed.
        script: JavaScript of the result's element.
    """

    tab: str
    title: Text
    ways: Sequence[Way]
    id: str
    view: Callable[[Any], str]
    is_news: Callable[[Any], bool] = lambda told: told is BUSY
    script: str | None = None


def question_part(question: Question, switch: gr.Radio) -> Part:
    """Make the buttons and the result of a question.

    Args:
        question: What is asked.
        switch: Of the language.
    """
    with gr.Column(elem_classes=on(question.tab), min_width=0):
        title = heading_slot(question.title)
        with gr.Row(elem_classes="as-ways"):
            buttons = [
                gr.Button(way.button.en, variant=variant, elem_id=way.id)
                for way, variant in zip(question.ways, _VARIANTS, strict=False)
            ]
        result = gr.HTML(
            question.view(None),
            elem_id=question.id,
            apply_default_css=False,
            js_on_load=question.script,
        )
        outcome = gr.State(None, time_to_live=_KEPT_FOR)
    for way, button in zip(question.ways, buttons, strict=True):
        gr.on(
            [button.click, *([way.field.submit] if way.field else ())],
            _asking(way, question),
            [*way.inputs, switch],
            [result, outcome],
            js=way.send,
            api_visibility="private",
            show_progress="hidden",
            concurrency_limit=None,  # the listener bounds it
        )

    def say(outcome: Any) -> list[Any]:
        words = [gr.update(value=str(way.button)) for way in question.ways]
        return [heading(question.title), *words, question.view(outcome)]

    return Part([title, *buttons, result], say, [outcome])


def _asking(way: Way, question: Question) -> Callable[..., AsyncIterator[tuple[str, Any]]]:
    async def ask(*values: Any) -> AsyncIterator[tuple[str, Any]]:
        *asked, language = values
        async with aclosing(_said(way.ask(*asked))) as told:
            async for each in told:
                with use(language):
                    shown = question.view(each)
                yield shown, None if question.is_news(each) else each

    return ask


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
    work: Coroutine[Any, Any, T], news: Callable[[], News]
) -> AsyncGenerator[T | News, None]:
    """Give news of work until it is done, and then what came of it.

    If whoever iterates leaves, as the page does when it is closed, the work is cancelled.

    Args:
        work: What is waited for.
        news: Returns how far it is.
    """
    task = asyncio.create_task(work)
    try:
        while not task.done():
            yield news()
            await asyncio.wait({task}, timeout=_TELL_EVERY)
        yield await task
    finally:
        task.cancel()
        await asyncio.wait({task})
