"""Gradio opens nothing that a request names, but what was uploaded."""

from typing import Any, NoReturn

from gradio import processing_utils


def forbid_downloads() -> None:
    """Keep Gradio from fetching what a request names: a file's "path" may be a URL to it."""
    processing_utils.async_ssrf_protected_download = _refuse


async def _refuse(url: str, cache_dir: str) -> NoReturn:
    raise ValueError("no URL of a request is opened")


def keep_files_in(blocks: Any) -> None:
    """Let a page that is mounted check that the files an event names were uploaded.

    Gradio does so only once a page was "launched", which a mounted one never is.
    """
    blocks.has_launched = True
