"""What is installed, what each model knows, and installing another."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import Any

import gradio as gr

from anysound.errors import AnysoundError
from anysound.language import Language, Text, use
from anysound.models import ModelInfo
from anysound.models.clap.family import FAMILY
from anysound.models.store.apart import ApartPull
from anysound.server.api.problems import UNEXPECTED
from anysound.server.page.model_cards import Progress, Pulled, cards_view
from anysound.server.page.part import Part, heading, heading_slot, on
from anysound.server.page.texts import models as texts

TAB = "models"

_TELL_EVERY = 0.7  # seconds

_CHOOSE = """element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-pull]");
    if (button) trigger("click", { name: button.dataset.pull });
});"""

_log = logging.getLogger(__name__)


def models_tab(answering: Callable[[], ModelInfo], switch: gr.Radio, *, may_pull: bool) -> Part:
    """Make the tab.

    Args:
        answering: Says which model answers here.
        switch: Of the language.
        may_pull: Whether a model can be downloaded from here.
    """
    downloads = Downloads()

    async def choose(language: Language, event: gr.EventData) -> AsyncIterator[str]:
        if not may_pull:
            return
        async for news in downloads.watch(getattr(event, "name", None)):
            with use(language):
                shown = cards_view(answering(), may_pull, news)
            yield shown

    with gr.Column(elem_classes=on(TAB), min_width=0):
        title = heading_slot(texts.TITLE)
        cards = gr.HTML(
            cards_view(answering(), may_pull),
            js_on_load=_CHOOSE,
            elem_id="models",
            apply_default_css=False,
        )
    cards.click(
        choose,
        [switch],
        [cards],
        api_visibility="private",
        show_progress="hidden",
        concurrency_limit=None,
    )

    def say() -> list[Any]:
        return [heading(texts.TITLE), cards_view(answering(), may_pull)]

    return Part([title, cards], say)


class Downloads:
    """Downloads that go on whoever watches; two who ask for one model share one."""

    def __init__(self) -> None:
        self._tasks: dict[str, asyncio.Task[Pulled]] = {}
        self._progress: dict[str, Progress] = {}

    async def watch(self, name: object) -> AsyncIterator[Progress | Pulled]:
        """Download a model of LAION's, and tell how far it is and what came of it.

        Anything else is not looked at: a name may be a path, which nobody on the page may have
        opened.
        """
        if not isinstance(name, str) or name not in {each.id for each in FAMILY}:
            return
        task = self._tasks.get(name)
        if task is None:
            self._progress[name] = Progress(name, Text(en="…", zh="……"))
            task = self._tasks[name] = asyncio.create_task(self._pull(name))
            task.add_done_callback(lambda _: self._tasks.pop(name, None))
        while not task.done():
            yield self._progress[name]
            await asyncio.wait({task}, timeout=_TELL_EVERY)
        yield task.result()

    async def _pull(self, name: str) -> Pulled:
        def tell(text: Text, done: int, total: int) -> None:
            self._progress[name] = Progress(name, text, done, total)

        try:
            await asyncio.to_thread(lambda: ApartPull(name, tell).wait())
        except AnysoundError as error:
            return Pulled(name, error.text)
        except Exception:
            _log.exception("unexpected error")
            return Pulled(name, UNEXPECTED)
        return Pulled(name)
