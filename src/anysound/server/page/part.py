"""A piece of the page that speaks both languages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from anysound.language import Text


@dataclass(frozen=True)
class Part:
    """A piece of the page.

    Attributes:
        spoken: Components whose words change with the language.
        say: Returns what they show in the current language, in their order; it is given what
            ``told`` hold.
        told: Components and states that decide what is said.
    """

    spoken: Sequence[Any]
    say: Callable[..., list[Any]]
    told: Sequence[Any] = ()


def on(*tabs: str) -> list[str]:
    """Return the classes of an element that is there on some tabs only."""
    return ["as-on", *(f"as-on-{tab}" for tab in tabs)]


def heading(text: Text) -> str:
    """Return a heading in the current language."""
    return f"<h2>{text}</h2>"


def heading_slot(text: Text, *tabs: str) -> gr.HTML:
    """Make a heading's component."""
    classes = ["as-heading", *(on(*tabs) if tabs else ())]
    return gr.HTML(heading(text), apply_default_css=False, elem_classes=classes)
