"""The web page: a recording, labels, and what was heard."""

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, TypeAlias

import gradio as gr

from anysound.errors import AnysoundError
from anysound.language import Language, Text, from_accept_language, use
from anysound.results import Classification
from anysound.server.api.problems import UNEXPECTED
from anysound.server.listener import Listener, Upload
from anysound.server.page import texts
from anysound.server.page.chart import busy_view, empty_view, problem_view, result_view
from anysound.server.page.label_hints import hint_words, label_hints
from anysound.server.page.recording_input import SEND, delete, recording_input, sent_file, words

Outcome: TypeAlias = Classification | Text | None
"""What there is to show: an answer, or what went wrong, or nothing yet."""

FOLDER = Path(__file__).parent
STYLE = FOLDER / "page.css"
ICON = FOLDER / "icon.svg"

_MARK_LANGUAGE = """(language, title) => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = title;
}"""

_log = logging.getLogger(__name__)


def theme() -> gr.themes.Base:
    """Return a theme that uses the fonts of the system and loads nothing."""
    return gr.themes.Base(
        primary_hue=gr.themes.colors.teal,
        neutral_hue=gr.themes.colors.slate,
        text_size=gr.themes.sizes.text_lg,
        radius_size=gr.themes.sizes.radius_lg,
        font=("system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"),
        font_mono=("ui-monospace", "Consolas", "Noto Sans Mono CJK SC", "monospace"),
    ).set(
        body_background_fill="*neutral_50",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_800",
    )


def build_page(listener: Listener, max_upload: int) -> gr.Blocks:
    """Build the page.

    Args:
        listener: Answers.
        max_upload: Largest recording that is taken, in bytes.
    """

    def show(language: Language, labels: str, outcome: Outcome) -> list[Any]:
        """Say everything on the page in a language, in the order of ``spoken``."""
        with use(language):
            return [
                _header(),
                gr.update(label=str(texts.LANGUAGE)),
                _heading(texts.RECORDING),
                gr.update(words=words(max_upload)),
                _heading(texts.LABELS),
                gr.update(label=str(texts.LABELS), value=_translated(labels)),
                _hint(),
                gr.update(words=hint_words()),
                _heading(texts.RESULT),
                gr.update(value=str(texts.BUTTON)),
                _outcome_view(outcome),
                str(texts.TITLE),
            ]

    def greet(request: gr.Request) -> list[Any]:
        language = from_accept_language(request.headers.get("accept-language"))
        return [language, *show(language, str(texts.LABELS_PREFILLED), None)]

    async def listen(
        sent: Any, labels: str, language: Language
    ) -> AsyncIterator[tuple[str, Outcome]]:
        with use(language):
            busy = busy_view()
        yield busy, None
        outcome = await _answer(listener, sent, labels)
        with use(language):
            shown = _outcome_view(outcome)
        yield shown, outcome

    page = gr.Blocks(analytics_enabled=False, title=texts.TITLE.en)
    with page:
        outcome = gr.State(None)
        title = gr.Textbox(visible=False)
        with gr.Row(elem_id="top"):
            header = gr.HTML(_header(), elem_id="header", apply_default_css=False)
            switch = gr.Radio(
                [("English", "en"), ("中文", "zh")],
                label=texts.LANGUAGE.en,
                elem_id="language",
                min_width=0,
                scale=0,
                container=False,
            )
        with gr.Row(elem_id="work"):
            with gr.Column(min_width=300, scale=4):
                recording_heading = _heading_slot(texts.RECORDING)
                recording = recording_input(max_upload)
            with gr.Column(min_width=300, scale=4):
                labels_heading = _heading_slot(texts.LABELS)
                labels = gr.Textbox(
                    texts.LABELS_PREFILLED.en,
                    label=texts.LABELS.en,
                    lines=6,
                    max_lines=14,
                    elem_id="labels",
                    container=False,
                )
                labels_hint = gr.HTML(_hint(), apply_default_css=False)
                hints = label_hints("labels")
            with gr.Column(min_width=320, scale=5):
                result_heading = _heading_slot(texts.RESULT)
                button = gr.Button(texts.BUTTON.en, variant="primary", elem_id="listen")
                result = gr.HTML(empty_view(), elem_id="result", apply_default_css=False)

        spoken = [
            *(header, switch, recording_heading, recording),
            *(labels_heading, labels, labels_hint, hints),
            *(result_heading, button, result, title),
        ]
        page.load(
            greet,
            None,
            [switch, *spoken],
            api_visibility="private",
            show_progress="hidden",
            queue=False,
        )
        switch.input(
            show,
            [switch, labels, outcome],
            spoken,
            api_visibility="private",
            show_progress="hidden",
            queue=False,
        )
        title.change(None, [switch, title], js=_MARK_LANGUAGE, api_visibility="private")
        button.click(
            listen,
            [recording, labels, switch],
            [result, outcome],
            js=SEND,
            api_visibility="private",
            show_progress="hidden",
            concurrency_limit=None,  # the listener bounds it
        )
    return page


async def _answer(listener: Listener, sent: Any, labels: str) -> Outcome:
    """Classify an uploaded recording and delete it; say what went wrong in words."""
    path = sent_file(sent)
    if path is None:
        return texts.NO_RECORDING
    try:
        with path.open("rb") as file:
            return await listener.classify(Upload(str(sent.get("name", "")), file), labels)
    except AnysoundError as error:
        return error.text
    except Exception:
        _log.exception("unexpected error")
        return UNEXPECTED
    finally:
        delete(path)


def _outcome_view(outcome: Outcome) -> str:
    if outcome is None:
        return empty_view()
    return problem_view(outcome) if isinstance(outcome, Text) else result_view(outcome)


def _translated(labels: str) -> str:
    """Change labels that are still the ones prefilled; leave alone what the user wrote."""
    prefilled = texts.LABELS_PREFILLED
    return str(prefilled) if labels in (prefilled.en, prefilled.zh) else labels


def _header() -> str:
    return f"<h1>anysound</h1><p>{texts.TAGLINE}</p>"


def _hint() -> str:
    return f'<p class="as-small">{texts.LABELS_HINT}</p>'


def _heading(text: Text) -> str:
    return f"<h2>{text}</h2>"


def _heading_slot(text: Text) -> gr.HTML:
    return gr.HTML(_heading(text), apply_default_css=False, elem_classes="as-heading")
