"""Labels taught by examples, and what that changes."""

import asyncio
import logging
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from anysound.errors import AnysoundError
from anysound.language import Language, Text, use
from anysound.server.api.problems import UNEXPECTED
from anysound.server.listener import Listener
from anysound.server.page.chart import problem_view
from anysound.server.page.lessons import MOST_LABELS, learn, sent_examples
from anysound.server.page.part import Part, heading, heading_slot, on
from anysound.server.page.teach_view import hearing_view, nothing_view, teaching_view
from anysound.server.page.texts import teach as texts
from anysound.teaching import Teaching

TAB = "teach"

_SCRIPT = Path(__file__).with_suffix(".js")
_SEND = "async (_, ...others) => [await window.anysound.send_examples(), ...others]"
_TELL_EVERY = 0.7  # seconds

Progress: TypeAlias = tuple[int, int]
Outcome: TypeAlias = Teaching | Text | None

_log = logging.getLogger(__name__)


def examples_input(max_upload: int) -> tuple[gr.HTML, Part]:
    """Make the place where examples are given.

    Args:
        max_upload: Largest file that is taken, in bytes.
    """

    def words() -> dict[str, str]:
        return {key: str(text) for key, text in texts.WORDS.items()}

    title = heading_slot(texts.EXAMPLES)
    examples = gr.HTML(
        html_template="<div class='as-teach'></div>",
        js_on_load=_SCRIPT.read_text(encoding="utf-8"),
        apply_default_css=False,
        elem_id="examples",
        words=words(),
        max_upload=max_upload,
        most_labels=MOST_LABELS,
    )
    part = Part([title, examples], lambda: [heading(texts.EXAMPLES), gr.update(words=words())])
    return examples, part


def teach_tab(listener: Listener, examples: gr.HTML, switch: gr.Radio) -> Part:
    """Make the tab's result."""

    async def teach(sent: Any, language: Language) -> AsyncIterator[tuple[str, Outcome]]:
        async for outcome in _teach(listener, sent):
            with use(language):
                shown = _view(outcome)
            yield shown, None if isinstance(outcome, tuple) else outcome

    with gr.Column(elem_classes=on(TAB), min_width=0):
        title = heading_slot(texts.TITLE)
        button = gr.Button(texts.BUTTON.en, variant="primary", elem_id="teach")
        result = gr.HTML(nothing_view(), elem_id="taught", apply_default_css=False)
        outcome = gr.State(None, time_to_live=3600)
    button.click(
        teach,
        [examples, switch],
        [result, outcome],
        js=_SEND,
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=None,  # the listener bounds it
    )

    def say(outcome: Outcome) -> list[Any]:
        return [heading(texts.TITLE), gr.update(value=str(texts.BUTTON)), _view(outcome)]

    return Part([title, button, result], say, [outcome])


async def _teach(listener: Listener, sent: Any) -> AsyncIterator[Progress | Outcome]:
    """Learn from uploaded examples, and tell how far it is; say what went wrong in words."""
    progress: Progress = (0, 0)

    def tell(done: int, total: int) -> None:
        nonlocal progress
        progress = done, total

    try:
        with sent_examples(sent) as examples:
            uploads = [upload for each in examples for upload in each.files]
            heard = listener.hear(uploads, partial(learn, examples, tell))
            task = asyncio.create_task(heard)
            try:
                while not task.done():
                    yield progress
                    await asyncio.wait({task}, timeout=_TELL_EVERY)
            finally:  # the page may have been closed: the files go after this
                await asyncio.wait({task})
            yield await task
    except AnysoundError as error:
        yield error.text
    except Exception:
        _log.exception("unexpected error")
        yield UNEXPECTED


def _view(outcome: Progress | Outcome) -> str:
    if outcome is None:
        return nothing_view()
    if isinstance(outcome, Text):
        return problem_view(outcome)
    if isinstance(outcome, tuple):
        return hearing_view(*outcome)
    return teaching_view(outcome)
