"""Where in the recordings of an index something is heard."""

from collections.abc import AsyncGenerator, Awaitable
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import gradio as gr

from anysound.audio.remote import is_url
from anysound.errors import AnysoundError
from anysound.language import Text
from anysound.server.listener import Listener
from anysound.server.page import texts as page_texts
from anysound.server.page.asking import BUSY, Question, Way, meanwhile, question_part
from anysound.server.page.chart import problem_view
from anysound.server.page.clips import Clips
from anysound.server.page.part import Part, heading, heading_slot
from anysound.server.page.recording_input import SEND, sent_recording
from anysound.server.page.search_view import Found, Place, busy_view, found_view, nothing_view
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
Told: TypeAlias = AsyncGenerator[Literal["busy"] | Outcome, None]


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


def search_tab(
    listener: Listener, clips: Clips, recording: gr.HTML, query: gr.Textbox, switch: gr.Radio
) -> Part:
    """Make the tab's result; the index is searched by words or by the page's recording."""
    archive = Archive(listener, clips)
    question = Question(
        tab=TAB,
        title=texts.TITLE,
        ways=[
            Way(texts.BY_WORDS, "by-words", [query], archive.by_words, field=query),
            Way(texts.BY_SOUND, "by-sound", [recording], archive.by_sound, SEND),
        ],
        id="found",
        view=archive.view,
        script=_PLAY,
    )
    return question_part(question, switch)


class Archive:
    """An index that is searched, and what it finds to be listened to."""

    def __init__(self, listener: Listener, clips: Clips) -> None:
        """Begin; nothing is looked at yet."""
        self._listener = listener
        self._clips = clips

    def view(self, outcome: Literal["busy"] | Outcome) -> str:
        """Show what was found, or what there is to be searched."""
        if outcome == BUSY:
            return busy_view()
        if isinstance(outcome, Text):
            return problem_view(outcome)
        if outcome:
            return found_view(outcome)
        try:
            info = self._listener.index_info()
        except AnysoundError as error:
            return problem_view(error.text)
        return nothing_view(info.recordings, info.duration)

    async def by_words(self, query: str) -> Told:
        """Search for what can be said in words."""
        if not query.strip():
            yield texts.NO_QUERY
            return
        searching = self._found(query.strip(), self._listener.search(query, _TOP))
        async with aclosing(meanwhile(searching, lambda: BUSY)) as told:
            async for each in told:
                yield each

    async def by_sound(self, sent: Any) -> Told:
        """Search for what sounds like an uploaded recording."""
        with sent_recording(sent) as upload:
            if upload is None:
                yield page_texts.NO_RECORDING
                return
            searching = self._found(upload.name, self._listener.search_like(upload, _TOP))
            async with aclosing(meanwhile(searching, lambda: BUSY)) as told:
                async for each in told:
                    yield each

    async def _found(self, sought: str, asked: "Awaitable[list[Moment]]") -> Found:
        return Found(sought, tuple(map(self._place, await asked)))

    def _place(self, moment: "Moment") -> Place:
        there = (each for each in moment.recordings if not is_url(each) and Path(each).is_file())
        path = next(there, None)
        clip = self._clips.add(Path(path), moment.start, moment.end) if path else None
        recording = path or moment.recordings[0]
        return Place(recording, moment.start, moment.end, moment.similarity, clip)


def _hint() -> str:
    return f'<p class="as-small">{texts.QUERY_HINT}</p>'
