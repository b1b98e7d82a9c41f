"""The web page: tabs that ask the same listener, in both languages."""

from pathlib import Path
from typing import Any

import gradio as gr

from anysound.language import Language, from_accept_language, use
from anysound.server.listener import Listener
from anysound.server.options import ServerOptions
from anysound.server.page import texts
from anysound.server.page.actions import actions
from anysound.server.page.clips import Clips
from anysound.server.page.label_field import TABS as LABEL_TABS
from anysound.server.page.label_field import label_field
from anysound.server.page.named import named_endpoints
from anysound.server.page.part import Part, heading, heading_slot, on
from anysound.server.page.recording_input import recording_input, words
from anysound.server.page.tab_bar import tab_bar
from anysound.server.page.tabs.batch import batch_files, batch_tab
from anysound.server.page.tabs.classify import classify_tab
from anysound.server.page.tabs.listen import listen_tab, microphone
from anysound.server.page.tabs.long_recording import long_recording_tab
from anysound.server.page.tabs.models import models_tab
from anysound.server.page.tabs.search import query_field, search_tab
from anysound.server.page.tabs.teach import examples_input, teach_tab
from anysound.server.page.upgrade_notice import upgrade_notice

FOLDER = Path(__file__).parent
STYLE = FOLDER / "page.css"
ICON = FOLDER / "icon.svg"

TABS = ("classify", "timeline", "batch", "listen", "search", "teach", "models")
"""In the order of the bar; a search is there if there is an index."""

RECORDING_TABS = ("classify", "timeline", "search")
"""Where a recording is asked for; it is the same on all of them."""

_MARK_LANGUAGE = """(language, title) => {
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = title;
}"""


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


def build_page(
    listener: Listener, options: ServerOptions, clips: Clips, *, is_upgraded: bool = False
) -> gr.Blocks:
    """Build the page.

    Args:
        listener: Answers.
        options: Limits, and what else than classifying is offered.
        clips: Where it is kept what a search has found.
        is_upgraded: Whether another model takes over in time.
    """
    tabs = [each for each in TABS if each != "search" or options.index]
    page = gr.Blocks(analytics_enabled=False, title=texts.TITLE.en)
    with page:
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
        parts = [
            Part([title], lambda: [str(texts.TITLE)]),
            Part(
                [header, switch],
                lambda: [_header(), gr.update(label=str(texts.LANGUAGE))],
            ),
            actions(),
            *([upgrade_notice()] if is_upgraded else ()),
            tab_bar({each: texts.TABS[each] for each in tabs}),
        ]
        with gr.Row(elem_id="work"):
            with gr.Column(min_width=300, scale=4, elem_classes=on(*RECORDING_TABS)):
                recording, part = _recording(options.max_upload)
                parts.append(part)
            with gr.Column(min_width=300, scale=4, elem_classes=on("batch")):
                parts.append(batch_files())
            with gr.Column(min_width=300, scale=4, elem_classes=on("listen")):
                parts.append(microphone())
            with gr.Column(min_width=300, scale=4, elem_classes=on(*LABEL_TABS)):
                labels, part = label_field()
                parts.append(part)
            if options.index:
                with gr.Column(min_width=300, scale=4, elem_classes=on("search")):
                    query, part = query_field()
                    parts.append(part)
            with gr.Column(min_width=300, scale=5, elem_classes=on("teach")):
                examples, part = examples_input(options.max_upload)
                parts.append(part)
            with gr.Column(min_width=320, scale=5, elem_id="results"):
                parts += [
                    classify_tab(listener, recording, labels, switch),
                    long_recording_tab(listener, recording, labels, switch),
                    batch_tab(options.max_upload),
                    listen_tab(),
                    teach_tab(listener, examples, switch),
                    models_tab(lambda: listener.info, switch, may_pull=options.allow_pull),
                ]
                if options.index:
                    parts.append(search_tab(listener, clips, recording, query, switch))
        _speak(page, switch, title, parts)
        named_endpoints(listener)
    return page


def _recording(max_upload: int) -> tuple[gr.HTML, Part]:
    title = heading_slot(texts.RECORDING)
    recording = recording_input(max_upload, *RECORDING_TABS)

    def say() -> list[Any]:
        return [heading(texts.RECORDING), gr.update(words=words(max_upload))]

    return recording, Part([title, recording], say)


def _speak(page: gr.Blocks, switch: gr.Radio, title: gr.Textbox, parts: list[Part]) -> None:
    """Let the parts speak the browser's language at first, then the one that is chosen."""

    def show(language: Language, *told: Any) -> list[Any]:
        rest, said = list(told), []
        with use(language):
            for part in parts:
                said += part.say(*rest[: len(part.told)])
                rest = rest[len(part.told) :]
        return said

    def greet(request: gr.Request, *told: Any) -> list[Any]:
        language = from_accept_language(request.headers.get("accept-language"))
        return [language, *show(language, *told)]

    spoken = [component for part in parts for component in part.spoken]
    told = [component for part in parts for component in part.told]
    page.load(
        greet,
        told,
        [switch, *spoken],
        api_visibility="private",
        show_progress="hidden",
        queue=False,
    )
    switch.input(
        show,
        [switch, *told],
        spoken,
        api_visibility="private",
        show_progress="hidden",
        queue=False,
    )
    title.change(None, [switch, title], js=_MARK_LANGUAGE, api_visibility="private")


def _header() -> str:
    return f"<h1>anysound</h1><p>{texts.TAGLINE}</p>"
