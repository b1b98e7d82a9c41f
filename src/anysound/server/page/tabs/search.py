"""Where in the recordings of an index something is heard."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import gradio as gr

from anysound.audio.remote import is_url
from anysound.errors import AnysoundError
from anysound.language import Language, Text, use
from anysound.server.api.problems import UNEXPECTED
from anysound.server.listener import Listener
from anysound.server.page import texts as page_texts
from anysound.server.page.chart import problem_view
from anysound.server.page.clips import Clips
from anysound.server.page.part import Part, heading, heading_slot, on
from anysound.server.page.recording_input import SEND, sent_recording
from anysound.server.page.search_view import (
    Found,
    Place,
    busy_view,
    found_view,
    nothing_view,
)
from anysound.server.page.texts import search as texts

if TYPE_CHECKING:  # Lance is an extra, and needed only where there is an index
    from anysound.index import Moment

TAB = "search"

_TOP = 20
_PLAY = """element.addEventListener("click", (event) => {
    const button = event.target.closest("[data-clip]");
    if (!button) return;
    const player = element.querySelector(".as-clip");
    player.hidden = false;
    player.src = `page/clips/${button.dataset.clip}`;
    player.play().catch(() => {});
});"""

Outcome: TypeAlias = Found | Text | None

_log = logging.getLogger(__name__)


def query_field() -> tuple[gr.Textbox, Part]:
    """Make the field in which it is written what to look for."""
    title = heading_slot(texts.QUERY)
    field = gr.Textbox(
        label=texts.QUERY.en,
        placeholder=texts.PLACEHOLDER.en,
        lines=2,
        elem_id="query",
        container=False,
    )
    hint = gr.HTML(_hint(), apply_default_css=False)

    def say() -> list[Any]:
        words = gr.update(label=str(texts.QUERY), placeholder=str(texts.PLACEHOLDER))
        return [heading(texts.QUERY), words, _hint()]

    return field, Part([title, field, hint], say)


class Archive:
    """An index that is searched, and what it finds to be listened to."""

    def __init__(self, listener: Listener, clips: Clips) -> None:
        """Begin; nothing is looked at yet."""
        self._listener = listener
        self._clips = clips

    def nothing_view(self) -> str:
        """Show what there is to be searched."""
        try:
            info = self._listener.index_info()
        except AnysoundError as error:
            return problem_view(error.text)
        return nothing_view(info.recordings, info.duration)

    async def by_words(self, query: str) -> Found | Text:
        """Search for what can be said in words; say what went wrong in words, too."""
        if not query.strip():
            return texts.NO_QUERY
        return await self._answer(query.strip(), self._listener.search(query, _TOP))

    async def by_sound(self, sent: Any) -> Found | Text:
        """Search for what sounds like an uploaded recording."""
        with sent_recording(sent) as upload:
            if upload is None:
                return page_texts.NO_RECORDING
            return await self._answer(upload.name, self._listener.search_like(upload, _TOP))

    async def _answer(self, sought: str, asked: "Awaitable[list[Moment]]") -> Found | Text:
        try:
            moments = await asked
        except AnysoundError as error:
            return error.text
        except Exception:
            _log.exception("unexpected error")
            return UNEXPECTED
        return Found(sought, tuple(map(self._place, moments)))

    def _place(self, moment: "Moment") -> Place:
        there = (each for each in moment.recordings if not is_url(each) and Path(each).is_file())
        path = next(there, None)
        clip = self._clips.add(Path(path), moment.start, moment.end) if path else None
        recording = path or moment.recordings[0]
        return Place(recording, moment.start, moment.end, moment.similarity, clip)


def search_tab(archive: Archive, recording: gr.HTML, query: gr.Textbox, switch: gr.Radio) -> Part:
    """Make the tab's result."""

    async def by_words(query: str, language: Language) -> AsyncIterator[tuple[str, Outcome]]:
        yield _shown(language, busy_view), None
        outcome = await archive.by_words(query)
        yield _shown(language, partial(_view, archive, outcome)), outcome

    async def by_sound(sent: Any, language: Language) -> AsyncIterator[tuple[str, Outcome]]:
        yield _shown(language, busy_view), None
        outcome = await archive.by_sound(sent)
        yield _shown(language, partial(_view, archive, outcome)), outcome

    with gr.Column(elem_classes=on(TAB), min_width=0):
        title = heading_slot(texts.TITLE)
        with gr.Row(elem_id="search-buttons"):
            words = gr.Button(texts.BY_WORDS.en, variant="primary", elem_id="by-words")
            sound = gr.Button(texts.BY_SOUND.en, variant="secondary", elem_id="by-sound")
        result = gr.HTML(
            archive.nothing_view(), js_on_load=_PLAY, elem_id="found", apply_default_css=False
        )
        outcome = gr.State(None, time_to_live=3600)
    gr.on(
        [words.click, query.submit],
        by_words,
        [query, switch],
        [result, outcome],
        api_visibility="private",
        show_progress="hidden",
    )
    sound.click(
        by_sound,
        [recording, switch],
        [result, outcome],
        js=SEND,
        api_visibility="private",
        show_progress="hidden",
    )

    def say(outcome: Outcome) -> list[Any]:
        return [
            heading(texts.TITLE),
            gr.update(value=str(texts.BY_WORDS)),
            gr.update(value=str(texts.BY_SOUND)),
            _view(archive, outcome),
        ]

    return Part([title, words, sound, result], say, [outcome])


def _shown(language: Language, view: Callable[[], str]) -> str:
    with use(language):
        return view()


def _view(archive: Archive, outcome: Outcome) -> str:
    if outcome is None:
        return archive.nothing_view()
    return problem_view(outcome) if isinstance(outcome, Text) else found_view(outcome)


def _hint() -> str:
    return f'<p class="as-small">{texts.QUERY_HINT}</p>'
